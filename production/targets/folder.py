"""Publishes to a folder: a web server's root, a mounted stick, a share.

Everything is written beside its place under a hidden name (``beside``), flushed to the disk, and
renamed; then the folder is flushed. A reader, and a power cut, meet the old bytes or the new ones.
Files are copied and never linked to the store: whoever edits a published file in place must not
damage the store.
"""

import contextlib
import hashlib
import os
import stat
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from production.targets.base import (
    BLOCK_BYTES,
    Listed,
    check_key,
    check_options,
    damaged_source,
    occupied,
    overtaken,
    unreadable_source,
)
from production.targets.beside import is_abandoned, is_unfinished, writing_name
from production.targets.folder_listing import listed_below
from production.targets.folder_lock import locked
from production.targets.line import Line
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.storage import storage_errors, sync_folder
from programme.units import Digest, Key

_STEP_SECONDS = 2
"""FAT keeps times in steps of two seconds."""


class FolderTarget:
    """A folder on this machine as a publishing target."""

    def __init__(self, settings: TargetSettings, root: Path, *, line: Line | None = None) -> None:
        """Take the folder from the option ``path``, relative to the workspace; touch nothing.

        Args:
            settings: ``path``; and ``mount``, where a disk must be mounted for it to be there.
            root: the workspace.
            line: the cap and the deadline of what is copied; None for none.

        Raises:
            ProductionError: the options are wrong.
        """
        check_options(settings, required={"path"}, known={"mount"})
        self.name = settings.name
        self.base = root / settings.options["path"]
        self._mount = root / settings.options["mount"] if settings.options.get("mount") else None
        # A mistyped path, or a disk that is not there, is no reason to make folders elsewhere.
        self._is_own = Path(os.path.normpath(self.base)).is_relative_to(os.path.normpath(root))
        self._line = line or Line()
        self._swept: set[Path] = set()
        self._sweeping = threading.Lock()

    def describe(self) -> str:
        """Give the folder's path."""
        return str(self.base)

    def put_new(self, key: Key, source: Path, *, media_type: str, digest: Digest) -> bool:
        """Copy a file under a key whose bytes never change; see Target."""
        del media_type  # a web server tells it by the suffix
        path = self._path(key)
        with storage_errors(path):
            if not self._is_same(path, source, digest):
                if self._place(path, self._blocks(source, digest), is_new=True):
                    return True
                if not self._is_same(path, source, digest):  # was quicker, and took it away
                    raise overtaken(str(path))
        return False

    def put(self, key: Key, data: bytes, *, media_type: str) -> bool:
        """Write bytes under a key, replacing what was there at one stroke; see Target."""
        del media_type
        path = self._path(key)
        with storage_errors(path):
            if _bytes_of(path) == data:
                return False
            self._place(path, self._told(data))
        return True

    def swap(self, key: Key, data: bytes, *, media_type: str, seen: bytes | None) -> bool:
        """Write bytes in the place of those that were seen; see Target.

        One writer at a time holds a lock in the folder, so that two cannot both find what they
        have seen.
        """
        del media_type
        path = self._path(key)
        with storage_errors(path):
            self._make_folder(self.base)
        with storage_errors(path), locked(self.base, self._line):
            there = _bytes_of(path)
            if there == data:
                return False
            if there != seen:
                raise overtaken(str(path))
            self._place(path, self._told(data))
        return True

    def listing(self) -> Iterator[Listed]:
        """Give every file below the folder, by name; links and what may not be read too.

        See Target. What is still being written is left out. A tag holds the size and the times
        of a file: who replaces one through a target moves its time on, whatever the clock says.
        """
        self._check_place()
        with storage_errors(self.base):
            if self.base.exists():
                yield from listed_below(self.base)

    def close(self) -> None:
        """Nothing is held."""

    def read(self, key: Key) -> bytes | None:
        """Give a file's bytes; None if there is none."""
        path = self._path(key)
        with storage_errors(path):
            data = _bytes_of(path)
        if data is not None:
            self._line.passed(received=len(data))
        return data

    def size(self, key: Key) -> int | None:
        """Give a file's length in bytes; None if there is none."""
        path = self._path(key)
        with storage_errors(path):
            found = _stat_of(path)
        return None if found is None else found.st_size

    def verify(self, key: Key, digest: Digest) -> bool:
        """Read a file back and tell whether it has this digest; False if there is none.

        It is read from the disk, not from what the system remembers of it, where the system can
        forget: a worn stick, or one that claims to be larger than it is, takes everything.
        """
        path = self._path(key)
        with storage_errors(path):
            return _stat_of(path) is not None and self._digest(path) == digest

    def remove(self, key: Key) -> bool:
        """Delete a file; False if there was none."""
        path = self._path(key)
        with storage_errors(path):
            try:
                os.unlink(path)  # noqa: PTH108  # one seam for faults: os
            except (FileNotFoundError, NotADirectoryError):
                return False
            sync_folder(path.parent)
        return True

    # --- The place ------------------------------------------------------------------------

    def _check_place(self) -> None:
        """Refuse a folder whose disk is not there: another would be filled in its place."""
        if self._mount is not None and not os.path.ismount(self._mount):
            raise _not_connected(self._mount)
        with storage_errors(self.base):
            if not self._is_own and not self.base.parent.is_dir():
                raise _not_connected(self.base.parent)

    def _path(self, key: Key) -> Path:
        """Give the path of a key that stays in the folder and crosses no link."""
        parts = check_key(key)
        self._check_place()
        path = self.base
        for part in parts:
            path = path / part
            with storage_errors(path):
                mode = _mode(path)
            if mode is not None and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise ProductionError(
                    "a link or a device stands in the target's folder",
                    where=str(path),
                    remedy="publish into a folder that holds nothing else",
                    code=ExitCode.TARGET,
                )
        return path

    # --- Reading and writing --------------------------------------------------------------

    def _is_same(self, path: Path, source: Path, digest: Digest) -> bool:
        """Tell whether the file is there already; False if none is.

        Raises:
            ProductionError: other bytes are there.
        """
        there = _stat_of(path)
        if there is None:
            return False
        wanted = _stat_of(source)
        if wanted is not None and wanted.st_size != there.st_size:
            raise occupied(str(path))
        if self._digest(path) != digest:
            raise occupied(str(path))
        return True

    def _digest(self, path: Path) -> Digest:
        running = hashlib.sha256()
        with path.open("rb", buffering=0) as file:
            _forget(file.fileno())
            while block := file.read(BLOCK_BYTES):
                running.update(block)
                self._line.passed(received=len(block))
        return Digest(running.hexdigest())

    def _told(self, data: bytes) -> Iterator[bytes]:
        yield data
        self._line.passed(sent=len(data))

    def _blocks(self, source: Path, digest: Digest) -> Iterator[bytes]:
        """Give a file's bytes, and refuse at the end if they are not what was built."""
        running = hashlib.sha256()
        for block in _read_blocks(source):
            running.update(block)
            yield block
            self._line.passed(sent=len(block))
        if running.hexdigest() != digest:
            raise damaged_source(source)

    def _place(self, path: Path, blocks: Iterable[bytes], *, is_new: bool = False) -> bool:
        """Write beside, flush, rename, flush the folder; leave nothing behind on failure.

        Args:
            path: where it goes.
            blocks: what goes there.
            is_new: give False, and change nothing, if something is there by then.
        """
        self._make_folder(path.parent)
        beside = path.with_name(writing_name(path.name))
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        file = os.open(beside, flags, 0o666)
        try:
            try:
                self._sweep(path.parent, beside.name, os.fstat(file).st_mtime)
                for block in blocks:
                    _write(file, block)
                _move_time_on(file, path)
                os.fsync(file)
                _forget(file)
            finally:
                os.close(file)
            is_placed = self._name(beside, path, is_new=is_new)
        except BaseException:
            with contextlib.suppress(OSError):  # the first error is the one to tell
                os.unlink(beside)  # noqa: PTH108
            raise
        sync_folder(path.parent)
        return is_placed

    def _name(self, beside: Path, path: Path, *, is_new: bool) -> bool:
        """Give a finished file its name; if it is new, only if nothing has that by now."""
        if is_new:
            # Under the lock, and no second name (link) for a moment: who is killed leaves one name.
            with locked(self.base, self._line):
                if _stat_of(path) is None:
                    os.replace(beside, path)  # noqa: PTH105
                    return True
            os.unlink(beside)  # noqa: PTH108
            return False
        os.replace(beside, path)  # noqa: PTH105
        return True

    def _make_folder(self, folder: Path) -> None:
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for new in reversed(missing):
            with contextlib.suppress(FileExistsError):
                os.mkdir(new, 0o777)  # noqa: PTH102
            sync_folder(new.parent)

    def _sweep(self, folder: Path, own: str, now: float) -> None:
        """Remove what killed runs left beside; once for each folder.

        Args:
            folder: to look in.
            own: a name in it that is being written.
            now: in seconds by the clock that gives files there their times.
        """
        with self._sweeping:
            if folder in self._swept:
                return
            self._swept.add(folder)
            for name in sorted(os.listdir(folder)):  # noqa: PTH208
                if name == own or not is_unfinished(name):
                    continue
                left = _stat_of(folder / name)
                if left is not None and is_abandoned(name, age_seconds=now - left.st_mtime):
                    # Another's, in a folder where each may only remove what is his own.
                    with contextlib.suppress(FileNotFoundError, PermissionError):
                        os.unlink(folder / name)  # noqa: PTH108


def _mode(path: Path) -> int | None:
    try:
        return path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None


def _stat_of(path: Path) -> os.stat_result | None:
    """Look at a file; None if there is none."""
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _read_blocks(source: Path) -> Iterator[bytes]:
    try:
        with source.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                yield block
    except OSError as error:
        raise unreadable_source(source, error) from error


def _move_time_on(file: int, path: Path) -> None:
    """Give a file a later second than the one it replaces.

    A web server makes its ETag of a file's size and second, and so does our list its tag: two
    editions of one feed within a second would look the same to whoever has the first.
    """
    there = _stat_of(path)
    if there is None or int(os.fstat(file).st_mtime) > int(there.st_mtime):
        return
    later = int(there.st_mtime) + _STEP_SECONDS
    with contextlib.suppress(PermissionError):  # a FAT disk of another user
        os.utime(file, (later, later))


def _forget(handle: int) -> None:
    """Let the system forget what it holds of a file, so that reading it asks the disk."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


def _write(file: int, block: bytes) -> None:
    view = memoryview(block)
    while view:
        view = view[os.write(file, view) :]


def _not_connected(folder: Path) -> ProductionError:
    return ProductionError(
        "the disk of this target is not connected",
        where=str(folder),
        remedy="connect it, or make this folder if it belongs to no other disk; then run the "
        "command again",
        code=ExitCode.STORAGE,
    )
