"""The store: results by the digest of their bytes, safe to delete, verified when read.

It only saves time, so objects are not flushed to disk one by one (a thousand short takes
would wait minutes for the disk); instead every reader compares the bytes with their name.

Many processes may add, read and clean at once. Whoever takes something away first gives it a name
of its own in the scratch folder and looks at it there: what another process put back whole in the
meantime goes back.
"""

import contextlib
import os
import re
import shutil
import stat
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from programme.digests import digest_file
from programme.storage import storage_errors
from programme.units import Digest

_FOLDER = re.compile(r"[0-9a-f]{2}")
_REST = re.compile(r"[0-9a-f]{62}")
_DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that lies in the store's folders."""

    path: Path
    digest: Digest | None
    """That its name tells; None for what no store ever writes there."""
    length_bytes: int
    used_at: float
    """Seconds since 1970, by the disk's clock: when it was made or a build last used it."""


class DamagedObjectError(Exception):
    """Objects of the store are missing or not what their names say; they are made again.

    Attributes:
        digests: the objects concerned, sorted.
    """

    def __init__(self, digests: tuple[Digest, ...]) -> None:
        super().__init__(digests)
        self.digests = digests

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the digests when the error crosses from a worker process."""
        return (DamagedObjectError, (self.digests,))


class Store:
    """A folder of objects: ``ab/cdef...`` holds the bytes whose SHA-256 is ``abcdef...``.

    Many processes may add to it at once: an object is written beside under a name of its own
    and renamed, and two writers of one object write the same bytes.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.scratch = root / "tmp"

    def prepare(self) -> None:
        """Make the folders.

        Raises:
            ProductionError: the disk refuses.
        """
        with storage_errors(self.root):
            self.scratch.mkdir(parents=True, exist_ok=True)

    def path(self, digest: Digest) -> Path:
        """Give where an object lies, or would."""
        return self.root / digest[:2] / digest[2:]

    def has(self, digest: Digest) -> bool:
        """Tell whether the object is there; its bytes are not read."""
        return self.path(digest).is_file()

    def adopt(self, file: Path) -> Digest:
        """Move a finished file into the store and give its digest.

        Raises:
            OSError: the disk refuses; the file stays where it is.
        """
        digest = digest_file(file)
        target = self.path(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
        return digest

    def verified(self, *digests: Digest) -> tuple[Path, ...]:
        """Give the paths of objects after reading every byte of each.

        Raises:
            DamagedObjectError: some are missing or altered; altered ones are removed.
        """
        bad = [digest for digest in dict.fromkeys(digests) if not self._is_whole(digest)]
        if bad:
            raise DamagedObjectError(tuple(sorted(bad)))
        return tuple(self.path(digest) for digest in digests)

    def use(self, digests: Iterable[Digest]) -> bool:
        """Note that a build uses these objects now, so that no cleaning takes them for old ones.

        Once a day is enough: a second build of a day writes nothing, and gives False.
        """
        noted = False
        # One that is gone is made again; a disk that is read-only keeps its times.
        with contextlib.suppress(OSError):
            os.utime(self.scratch)
            lately = self.scratch.stat().st_mtime - _DAY_S  # by the disk's own clock
            for path in map(self.path, digests):
                if path.stat().st_mtime < lately:
                    os.utime(path)
                    noted = True
        return noted

    def entries(self) -> Iterator[Entry]:
        """Give everything that lies in the store but its scratch folder, by name.

        Raises:
            OSError: the disk refuses.
        """
        for folder in _inside(self.root):
            if folder == self.scratch:
                continue
            if not (_FOLDER.fullmatch(folder.name) and folder.is_dir() and not folder.is_symlink()):
                yield from _entry(folder, None)
                continue
            for path in _inside(folder):
                is_ours = _REST.fullmatch(path.name) is not None
                yield from _entry(path, Digest(folder.name + path.name) if is_ours else None)

    def discard(self, entry: Entry, *, even_whole: bool = False) -> bool:
        """Take something away; safe while others add the same.

        Args:
            entry: as found before.
            even_whole: also an object whose bytes are what its name says, unless it was used
                since it was found.

        Returns:
            False if it was gone already, or is whole or in use and stays.

        Raises:
            OSError: the disk refuses.
        """
        aside = self._aside(entry.path.name[:16])
        try:
            if even_whole and entry.path.lstat().st_mtime != entry.used_at:
                return False
            entry.path.rename(aside)
        except FileNotFoundError:
            return False
        if entry.digest is not None and aside.is_file() and not aside.is_symlink():
            newer = aside.stat().st_mtime != entry.used_at
            if (newer or not even_whole) and digest_file(aside) == entry.digest:
                aside.replace(entry.path)
                return False
        _remove(aside)
        return True

    def sweep_scratch(self) -> int:
        """Remove what interrupted work left in the scratch folder; give how many files.

        Call it only while holding the workspace's lock.
        """
        count = 0
        for leftover in _inside(self.scratch):
            _remove(leftover)
            count += 1
        return count

    def _is_whole(self, digest: Digest) -> bool:
        """Read an object; what is damaged is taken away."""
        path = self.path(digest)
        try:
            if digest_file(path) == digest:
                self.use([digest])
                return True
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return False
        found = Entry(path=path, digest=digest, length_bytes=0, used_at=0.0)
        self.discard(found)
        # Another process may have made it again in the meantime.
        try:
            return digest_file(path) == digest
        except FileNotFoundError:
            return False

    def _aside(self, name: str) -> Path:
        self.scratch.mkdir(parents=True, exist_ok=True)
        return self.scratch / f"aside-{name}-{os.getpid()}-{threading.get_ident()}"


def _inside(folder: Path) -> list[Path]:
    """Give what lies in a folder, by name; nothing where there is none."""
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []


def _entry(path: Path, digest: Digest | None) -> Iterator[Entry]:
    try:
        about = path.lstat()
    except FileNotFoundError:
        return  # another process took it away
    known = digest if stat.S_ISREG(about.st_mode) else None
    yield Entry(path=path, digest=known, length_bytes=about.st_size, used_at=about.st_mtime)


def _remove(path: Path) -> None:
    """Remove a file, a link or a folder with all that is in it; a link is never followed."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=False)
    else:
        path.unlink(missing_ok=True)
