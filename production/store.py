"""The store: results by the digest of their bytes, safe to delete, verified when read.

It only saves time, so objects are not flushed to disk one by one (a thousand short takes
would wait minutes for the disk); instead every reader compares the bytes with their name.
"""

from pathlib import Path

from programme.digests import digest_file
from programme.storage import storage_errors
from programme.units import Digest


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
        bad = []
        for digest in dict.fromkeys(digests):
            path = self.path(digest)
            if not path.is_file():
                bad.append(digest)
            elif digest_file(path) != digest:
                path.unlink()
                bad.append(digest)
        if bad:
            raise DamagedObjectError(tuple(sorted(bad)))
        return tuple(self.path(digest) for digest in digests)

    def sweep_scratch(self) -> int:
        """Remove what interrupted work left in the scratch folder; give how many files.

        Call it only while holding the workspace's lock.
        """
        count = 0
        if self.scratch.is_dir():
            for leftover in sorted(self.scratch.iterdir()):
                leftover.unlink()
                count += 1
        return count
