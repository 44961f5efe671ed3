"""Digests of input files: read once, remembered while size, times and inode stay the same."""

from pathlib import Path

from production.journal import Journal
from production.stamps import stamp
from programme.digests import digest_file
from programme.errors import ProductionError
from programme.units import Digest


class InputDigests:
    """Gives the digests of sounds and recordings; a file whose stamp changed is read again."""

    def __init__(self, root: Path, journal: Journal | None) -> None:
        self._root = root
        self._journal = journal
        self._known: dict[Path, Digest] = {}

    def of(self, path: Path) -> Digest:
        """Give the digest of a file of the workspace.

        Raises:
            ProductionError: the file cannot be read.
        """
        if path in self._known:
            return self._known[path]
        try:
            digest = self._remembered(path)
        except OSError as error:
            raise ProductionError(
                f"this file cannot be read: {error.strerror}",
                where=str(path),
                remedy="check that it is there and that you may read it",
            ) from error
        self._known[path] = digest
        return digest

    def _remembered(self, path: Path) -> Digest:
        if self._journal is None:
            return digest_file(path)
        now = stamp(path)
        name = path.relative_to(self._root).as_posix()
        seen = self._journal.seen(name)
        if seen is not None and seen[0] == now:
            return seen[1]
        digest = digest_file(path)
        self._journal.see(name, now, digest)
        return digest
