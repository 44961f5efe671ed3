"""One of several processes that use a store at once; it imports as little as it can."""

import contextlib
import sys
from pathlib import Path

from production.store import DamagedObjectError, Store
from programme.digests import digest_bytes

BYTES = [f"object {number}".encode() * 500 for number in range(40)]
NEEDED = [data for data in BYTES if digest_bytes(data)[0] in "89abcdef"]
"""Nobody damages or cleans these; all others are fair game."""
_STEPS = 60


def work(root: str, seed: int) -> int:
    """Add, read, damage and clean, in an order of its own; count what was read back."""
    store = Store(Path(root))
    read = 0
    for step in range(_STEPS):
        chance = int(digest_bytes(f"{seed} {step}".encode()), 16)
        data = BYTES[chance % len(BYTES)]
        digest = digest_bytes(data)
        match chance >> 64 & 7:
            case 0 | 1 | 2:
                beside = store.scratch / f"n{seed}-{step}"
                beside.write_bytes(data)
                store.adopt(beside)
            case 3 | 4:
                with contextlib.suppress(DamagedObjectError, FileNotFoundError):
                    found = store.verified(digest)[0].read_bytes()
                    assert found == data or data not in NEEDED
                    read += found == data
            case 5 if data not in NEEDED and store.has(digest):
                with contextlib.suppress(FileNotFoundError):
                    store.path(digest).write_bytes(b"damaged")
            case _ if data not in NEEDED:
                for entry in store.entries():
                    if entry.digest == digest:
                        store.discard(entry, even_whole=True)
            case _:
                assert store.verified(digest)
    return read


if __name__ == "__main__":
    sys.stdout.write(f"{work(sys.argv[1], int(sys.argv[2]))}\n")
