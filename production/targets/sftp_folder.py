"""Where the files of a target over SSH lie: the paths of keys, and the folders on the way."""

import contextlib
from pathlib import PurePosixPath

from production.targets.base import check_key
from production.targets.ssh_files import Files, Told
from production.targets.ssh_place import SshPlace
from programme.errors import ExitCode, ProductionError
from programme.units import Key


class SftpFolder:
    """The folder of one target; what was seen of it is remembered."""

    def __init__(self, place: SshPlace) -> None:
        """Take the place; connect to nothing."""
        self._place = place
        self.base = place.path.rstrip("/")
        """Its path on the server, without a slash at the end; empty for the root."""
        self._known: set[str] = set()
        """Folders that are known to be there, and to be no links."""

    def path(self, key: Key) -> str:
        """Give where a key's file lies on the server, or would."""
        return f"{self.base}/{'/'.join(check_key(key))}"

    def file(self, files: Files, key: Key) -> Told | None:
        """Look at a key's file, to which no link leads to; None if there is none.

        Raises:
            ProductionError: a link, a folder or a device is in its place or on the way.
        """
        path = self.path(key)  # a key that could escape is refused before anything is looked at
        if not self.has_folders(files, key):
            return None
        told = files.look(path)
        if told is not None and not told.is_file:
            raise self.foreign(key)
        return told

    def has_folders(self, files: Files, key: Key, *, make: bool = False) -> bool:
        """Tell whether the folders of a key are there, after making them where that is asked."""
        if self.base not in self._known and not self._has_base(files, key, make=make):
            return False
        folder = self.base
        for part in key.split("/")[:-1]:
            folder = f"{folder}/{part}"
            if folder in self._known:
                continue
            told = files.look(folder)
            if told is None:
                if not make:
                    return False
                files.make_folder(folder)
            elif not told.is_folder:
                raise self.foreign(key)
            self._known.add(folder)
        return True

    def _has_base(self, files: Files, key: Key, *, make: bool) -> bool:
        """Tell the same of the target's own folder; a mistyped path is no reason to make many."""
        base = self.base or "/"
        if not files.is_folder(base):
            parent = str(PurePosixPath(base).parent)
            if not files.is_folder(parent) or (make and not self._is_made(files, base)):
                raise self.refused(
                    "the folder is not there, or is none",
                    "make it in the web space, or correct path in altavoz.toml",
                    key,
                )
            if not make:
                return False
        self._known.add(self.base)
        return True

    def _is_made(self, files: Files, base: str) -> bool:
        """Make the target's own folder; False if something else has its name."""
        with contextlib.suppress(OSError):
            files.make_folder(base)
        return files.is_folder(base)

    def entries(self, files: Files, above: str) -> list[tuple[str, Told]] | None:
        """Give what is in a folder below, by its path with a slash; None if it may not be read."""
        if not self.has_folders(files, Key("")):
            return []
        try:
            return files.entries(f"{self.base}/{above}".rstrip("/") or "/")
        except PermissionError:
            if not above:
                raise
            return None
        except FileNotFoundError:
            return []

    def foreign(self, key: Key) -> ProductionError:
        """Give the error for something that no publisher put in a key's place or on the way."""
        return self.refused(
            "a link, a folder or a device stands in the target's folder",
            "publish into a folder that holds nothing else",
            key,
        )

    def refused(self, problem: str, remedy: str, key: Key) -> ProductionError:
        """Give an error that names the address of a key."""
        return ProductionError(
            problem, where=self._place.address(key), remedy=remedy, code=ExitCode.TARGET
        )
