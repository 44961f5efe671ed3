"""Files in .altavoz/ that keep what was found, and whether the disk can be taken at its word.

The first line of such a file holds the digest of the rest: whatever is damaged, half-written or
from another version is as if it were not there.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from scripts.tree import Listing

FOLDER = ".altavoz"
DAMAGED = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)
"""What reading raises for a line that was never written here."""

_FORMAT = 5
_PART = "check-{}.part"
_TICK_NS = 2_000_000_000
"""The coarsest clock of a disk in use: FAT counts in two seconds."""
_MOST_BYTES = 200_000_000
_MOST_HEAD = 500
"""Bytes of the first line."""
_NOTHING = memoryview(b"")


def read_kept(path: Path, *, key: str) -> list[str]:
    """Give the lines of a file; none where it cannot be trusted, or was written for another key.

    Args:
        path: of the file.
        key: digest of everything that all the lines follow from.
    """
    try:
        # ten times quicker than every kind of line end
        return str(read_kept_body(path, key=key), "utf-8").split("\n")[:-1]
    except DAMAGED:
        return []


def read_kept_body(path: Path, *, key: str) -> memoryview:
    """Give what stands below the first line of a file; nothing where ``read_kept`` gives none."""
    try:
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > _MOST_BYTES:
            return _NOTHING
        data = path.read_bytes()
        start = data.index(b"\n", 0, _MOST_HEAD) + 1
        body = memoryview(data)[start:]  # no copy of some megabytes
        return body if json.loads(data[:start]) == [_FORMAT, key, _digest([body])] else _NOTHING
    except (OSError, *DAMAGED):
        return _NOTHING


def write_kept(path: Path, lines: Iterable[str], *, key: str) -> None:
    """Write such a file; a disk that refuses costs time at the next run, nothing else."""
    write_kept_body(path, ["".join(f"{line}\n" for line in lines).encode("utf-8")], key=key)


def write_kept_body(path: Path, parts: Sequence[bytes | memoryview], *, key: str) -> None:
    """Write a file as ``write_kept`` does, of whatever form below the first line."""
    head = plain_line([_FORMAT, key, _digest(parts)])
    part = path.with_name(_PART.format(os.getpid()))
    try:
        path.parent.mkdir(exist_ok=True)
        with part.open("xb") as file:  # never through a link that somebody put there
            file.write(head.encode("utf-8") + b"\n")
            file.writelines(parts)
        part.replace(path)
    except OSError:
        _remove(part)


def _digest(parts: Iterable[bytes | memoryview]) -> str:
    """Give the digest of some megabytes: processors have instructions for this one."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def plain_line(value: Iterable[object]) -> str:
    """Give one line of JSON in ASCII, which no encoding can harm."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    """Give a digest by which two texts are told apart."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class DiskClock:
    """The clock of the disk that a workspace is on, looked at when first asked."""

    def __init__(self, folder: Path, *, may_write: bool) -> None:
        """Take the folder in which a file may be made and deleted to see its times."""
        self._folder = folder
        self._may_write = may_write
        self._now: _Now | None = None

    def trusts(self, listing: Listing) -> bool:
        """Tell whether any change from now on shows in what the disk says of a folder."""
        return listing.newest_ns < self.sure_before_ns

    def trusts_by_now(self, listing: Listing) -> bool:
        """Tell the same by a clock that is looked at once more: seconds may have passed since.

        Only for files that are read after this: what was changed between the listing and the look
        is then read as the listing has it. A look costs a fifth of reading a segment twice more.
        """
        if self.trusts(listing):
            return True
        if self._now is None or not self._now.keeps_change_times:
            return False
        self._now = _look_at_clock(self._folder)
        return self.trusts(listing)

    @property
    def sure_before_ns(self) -> int:
        """Give the time before which a file must have changed last, so that any change shows.

        0, before which nothing was, where nothing that the disk says can be trusted.
        """
        if not self._may_write:
            return 0
        if self._now is None:
            self._now = _look_at_clock(self._folder)
        return self._now.ns - _TICK_NS if self._now.keeps_change_times else 0


class _Now(NamedTuple):
    """The disk's own clock, which need not be that of the machine."""

    ns: int
    keeps_change_times: bool
    """Whether a file's ctime tells of changes that its mtime was made to hide."""


def _look_at_clock(folder: Path) -> _Now:
    part = folder / _PART.format(os.getpid())
    try:
        folder.mkdir(exist_ok=True)
        part.touch(exist_ok=False)
        before = part.stat().st_ctime_ns
        os.utime(part, ns=(0, 0))
        about = part.stat()
    except OSError:
        return _Now(0, keeps_change_times=False)
    finally:
        _remove(part)
    return _Now(before, keeps_change_times=about.st_mtime_ns < before <= about.st_ctime_ns)


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return
