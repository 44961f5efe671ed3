"""Publishes to a folder: a web server's root, a mounted stick, a share.

Everything is written beside its place under a name that begins with a dot and ends in ``.tmp``,
flushed to the disk, and renamed; then the folder is flushed. A reader, and a power cut, meet the
old bytes or the new ones. Files are copied and never linked to the store: whoever edits a
published file in place must not damage the store.
"""

import contextlib
import os
import re
import stat
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

from filelock import FileLock, Timeout

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
from programme.digests import digest_file
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.storage import storage_errors, sync_folder
from programme.units import Digest, Key

_LOCK = ".publish.lock"
_LOCK_SECONDS = 20
"""A swap takes milliseconds; who waits longer waits for somebody who hangs."""

_BESIDE = re.compile(r"\..+\.([0-9]+)\.tmp\Z")


class FolderTarget:
    """A folder on this machine as a publishing target."""

    def __init__(self, settings: TargetSettings, root: Path) -> None:
        """Take the folder from the option ``path``, relative to the workspace; touch nothing.

        Raises:
            ProductionError: the options are wrong.
        """
        check_options(settings, required={"path"}, known=set())
        self.name = settings.name
        self.base = root / settings.options["path"]
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
            if path.exists():
                if digest_file(path) == digest:
                    return False
                raise occupied(str(path))
            self._place(path, _blocks(source, digest))
        return True

    def put(self, key: Key, data: bytes, *, media_type: str) -> bool:
        """Write bytes under a key, replacing what was there at one stroke; see Target."""
        del media_type
        if self.read(key) == data:
            return False
        path = self._path(key)
        with storage_errors(path):
            self._place(path, [data])
        return True

    def swap(self, key: Key, data: bytes, *, media_type: str, seen: bytes | None) -> bool:
        """Write bytes in the place of those that were seen; see Target.

        One writer at a time holds a lock beside the folder's files, so that two cannot both find
        what they have seen.
        """
        del media_type
        path = self._path(key)
        with storage_errors(path), self._locked():
            there = path.read_bytes() if path.exists() else None
            if there == data:
                return False
            if there != seen:
                raise overtaken(str(path))
            self._place(path, [data])
        return True

    def listing(self) -> Iterator[Listed]:
        """Give every file below the folder; see Target."""
        if not self.base.exists():
            return
        with storage_errors(self.base):
            for folder, folders, files in os.walk(self.base, onerror=_raise):
                folders.sort()
                for name in sorted(set(files) - {_LOCK}):
                    path = Path(folder, name)
                    told = path.lstat()
                    yield Listed(
                        name=path.relative_to(self.base).as_posix(),
                        length_bytes=told.st_size,
                        tag=f"{told.st_size} {told.st_mtime_ns} {told.st_ino}",
                        changed_at=datetime.fromtimestamp(told.st_mtime, UTC),
                    )

    def close(self) -> None:
        """Nothing is held."""

    def read(self, key: Key) -> bytes | None:
        """Give a file's bytes; None if there is none."""
        path = self._path(key)
        with storage_errors(path):
            return path.read_bytes() if path.exists() else None

    def size(self, key: Key) -> int | None:
        """Give a file's length in bytes; None if there is none."""
        path = self._path(key)
        with storage_errors(path):
            return path.stat().st_size if path.exists() else None

    def verify(self, key: Key, digest: Digest) -> bool:
        """Read a file back and tell whether it has this digest; False if there is none."""
        path = self._path(key)
        with storage_errors(path):
            return path.exists() and digest_file(path) == digest

    def remove(self, key: Key) -> bool:
        """Delete a file; False if there was none."""
        path = self._path(key)
        with storage_errors(path):
            if not path.exists():
                return False
            os.unlink(path)  # noqa: PTH108  # one seam for faults: os
            sync_folder(path.parent)
        return True

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._make_folder(self.base)
        try:
            with FileLock(self.base / _LOCK, timeout=_LOCK_SECONDS):
                yield
        except Timeout as error:
            raise overtaken(str(self.base)) from error

    def _path(self, key: Key) -> Path:
        """Give the path of a key that stays in the folder and crosses no link."""
        path = self.base
        for part in check_key(key):
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

    def _place(self, path: Path, blocks: Iterable[bytes]) -> None:
        """Write beside, flush, rename, flush the folder; leave nothing behind on failure."""
        self._make_folder(path.parent)
        self._sweep(path.parent)
        beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        file = os.open(beside, flags, 0o666)
        try:
            try:
                for block in blocks:
                    _write(file, block)
                os.fsync(file)
            finally:
                os.close(file)
            os.replace(beside, path)  # noqa: PTH105
        except BaseException:
            with contextlib.suppress(OSError):  # the first error is the one to tell
                os.unlink(beside)  # noqa: PTH108
            raise
        sync_folder(path.parent)

    def _make_folder(self, folder: Path) -> None:
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for new in reversed(missing):
            with contextlib.suppress(FileExistsError):
                os.mkdir(new, 0o777)  # noqa: PTH102
            sync_folder(new.parent)

    def _sweep(self, folder: Path) -> None:
        """Remove what killed runs on this machine left beside; once for each folder."""
        with self._sweeping:
            if folder in self._swept:
                return
            self._swept.add(folder)
            for found in sorted(folder.iterdir()):
                match = _BESIDE.match(found.name)
                if match is not None and not _is_running(int(match[1])):
                    found.unlink(missing_ok=True)


def _mode(path: Path) -> int | None:
    try:
        return path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None


def _is_running(pid: int) -> bool:
    """Tell whether another process of this number lives; our own leavings are a dead one's."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _raise(error: OSError) -> NoReturn:
    raise error


def _write(file: int, block: bytes) -> None:
    view = memoryview(block)
    while view:
        view = view[os.write(file, view) :]


def _blocks(source: Path, digest: Digest) -> Iterator[bytes]:
    """Give a file's bytes, and refuse at the end if they are not what was built."""
    running = sha256()
    try:
        with source.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                running.update(block)
                yield block
    except OSError as error:
        raise unreadable_source(source, error) from error
    if running.hexdigest() != digest:
        raise damaged_source(source)
