"""Digests of documents that were made before, by what they were made of: nobody makes them again.

``.altavoz/targets/<name>.documents`` keeps for each document of the feeds the fingerprint of all
that stands in it, and the digest of the bytes that came of it. It says nothing of what stands at
the target: that is asked for at each publish (``standing``), and compared with this digest as it
would be with the bytes. The file is safe to delete: documents are then made, and compared, anew.
"""

import json
from pathlib import Path

from programme.digests import canonical_json
from programme.storage import storage_errors, write_beside
from programme.units import Digest, Fingerprint, Key

NOTES_SUFFIX = ".documents"


class DocumentNotes:
    """What is known of the documents of one target."""

    def __init__(self, path: Path) -> None:
        """Read what was noted; nothing where the file is missing or damaged.

        Args:
            path: of the file; need not be there.

        Raises:
            ProductionError: the disk refuses.
        """
        self._path = path
        self._told = _read(path)
        self._now: dict[str, tuple[str, str]] = {}

    def digest(self, key: Key, told: Fingerprint) -> Digest | None:
        """Give the digest of a document that is made of this; None where nobody made it yet."""
        found = self._told.get(key)
        if found is None or found[0] != told:
            return None
        self._now[key] = found
        return Digest(found[1])

    def note(self, key: Key, told: Fingerprint, digest: Digest) -> None:
        """Note which bytes came of what."""
        self._now[key] = told, digest

    def save(self) -> None:
        """Write down every document that was asked for or noted; nothing where nothing is new.

        Raises:
            ProductionError: the disk refuses.
        """
        if self._now == self._told:
            return
        with storage_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        rows = [canonical_json([key, *row]) for key, row in sorted(self._now.items())]
        write_beside(self._path, "\n".join([*rows, ""]).encode())


def _read(path: Path) -> dict[str, tuple[str, str]]:
    with storage_errors(path):
        data = path.read_bytes() if path.exists() else b""
    try:
        rows = [json.loads(row) for row in data.split(b"\n") if row]
        return {str(key): (str(told), str(digest)) for key, told, digest in rows}
    except (ValueError, TypeError, RecursionError):
        return {}
