"""A shared store in a folder: on this machine, on a disk that travels, or on a network's share."""

import errno
import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from production.targets.base import BLOCK_BYTES, check_key, damaged_source
from production.targets.beside import writing_name
from programme.errors import ExitCode, ProductionError
from programme.storage import NO_LINKS, storage_errors
from programme.units import Digest


class FolderShelf:
    """A folder that several machines see.

    It is not made: a mistyped path, or a share that is not mounted, must not become a store that
    nobody shares. Files are not flushed one by one: what a power cut leaves half is told by its
    length or its digest, and written again.
    """

    def __init__(self, root: Path) -> None:
        """Take the folder; touch nothing."""
        self.root = root

    def describe(self) -> str:
        """Give the folder's path."""
        return str(self.root)

    def get(self, key: str, out: Path, *, most_bytes: int) -> bool:
        """Copy a file to this machine's disk; see Shelf."""
        path = self._path(key)
        with storage_errors(self.root):
            _look_anew(path.parent)
            try:
                source = open(path, "rb", opener=_open_at_once)  # noqa: SIM115 - used below
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                self._check_root()
                return False
        # Whose disk it is that refuses matters: the share's, or this machine's.
        with source, storage_errors(out), out.open("wb") as copy:
            about = os.fstat(source.fileno())
            if not stat.S_ISREG(about.st_mode):
                return True  # a pipe or a device may give bytes without end: taken as damaged
            if about.st_size <= most_bytes:
                _pour(source, copy, most_bytes)
        return True

    def put(self, key: str, source: Path, digest: Digest) -> bool:
        """Copy a file beside its place and give it its name if nobody else did; see Shelf."""
        path = self._path(key)
        length = source.stat().st_size
        with storage_errors(self.root):
            self._check_root()
            _look_anew(path.parent)
            if _length(path) == length:
                return False
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(writing_name(path.name))
            # Whoever may write there may have put a link where we are about to write.
            beside.unlink(missing_ok=True)
            try:
                _copy(source, beside, digest)
                if _length(path) not in {None, length}:
                    path.unlink(missing_ok=True)  # cut short by a power cut or a full disk
                return _named(beside, path)
            finally:
                beside.unlink(missing_ok=True)

    def remove(self, key: str) -> bool:
        """Delete a file; see Shelf."""
        path = self._path(key)
        with storage_errors(self.root):
            try:
                path.unlink()
            except FileNotFoundError:
                return False
        return True

    def close(self) -> None:
        """Nothing is held."""

    def _path(self, key: str) -> Path:
        return self.root.joinpath(*check_key(key))

    def _check_root(self) -> None:
        if not self.root.is_dir():
            raise ProductionError(
                "the folder of the shared store is not there",
                where=str(self.root),
                remedy="mount the share, or make the folder; each machine must see it by this "
                "path, or say by which in ALTAVOZ_STORE",
                code=ExitCode.STORAGE,
            )


def _named(beside: Path, path: Path) -> bool:
    """Give a finished file its name; False if another machine was quicker."""
    try:
        os.link(beside, path)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in NO_LINKS | {errno.EOPNOTSUPP}:
            raise
        beside.replace(path)
    return True


def _pour(source: BinaryIO, copy: BinaryIO, most_bytes: int) -> None:
    """Copy a file; of one that grows while it is read, or hides its length, nothing stays."""
    left = most_bytes
    while block := source.read(min(BLOCK_BYTES, left + 1)):
        left -= len(block)
        if left < 0:
            copy.truncate(0)
            return
        copy.write(block)


def _copy(source: Path, beside: Path, digest: Digest) -> None:
    """Copy a file that must have a digest: it may have been changed or damaged meanwhile."""
    running = hashlib.sha256()
    with source.open("rb") as file, beside.open("xb") as copy:
        while block := file.read(BLOCK_BYTES):
            running.update(block)
            copy.write(block)
    if running.hexdigest() != digest:
        raise damaged_source(source)


def _look_anew(folder: Path) -> None:
    """Have a network's folder ask its server: it remembers for seconds what was not there."""
    try:
        folder.stat()
        with os.scandir(folder):
            return
    except (FileNotFoundError, NotADirectoryError):
        return


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting: a pipe would have us wait for whoever writes to it, without end."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _length(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None
