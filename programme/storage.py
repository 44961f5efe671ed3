"""Writing files whole or not at all, and what a disk says when it refuses, as words to act on."""

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from programme.errors import ExitCode, ProductionError

_GONE = ("the disk is not there any more", "connect it again, then run the command again")
_WORDS = {
    errno.ENOSPC: ("the disk is full", "make room on it, then run the command again"),
    errno.EDQUOT: ("your share of the disk is full", "make room, then run the command again"),
    errno.EFBIG: ("the file is larger than this disk takes", "use a disk that is not FAT"),
    errno.EROFS: ("the disk is read-only", "unlock it, or choose a folder that can be written"),
    errno.EACCES: ("this user may not write here", "change the folder's owner or rights"),
    errno.EPERM: ("this user may not write here", "change the folder's owner or rights"),
    errno.ENOENT: ("the folder is not there", "make it, or connect the disk again"),
    errno.ENOTDIR: ("a file stands where a folder is needed", "move the file away"),
    errno.EISDIR: ("a folder stands where a file is needed", "move the folder away"),
    errno.ENAMETOOLONG: ("the path is too long for this disk", "choose a folder nearer its top"),
    errno.ENODEV: _GONE,
    errno.ENXIO: _GONE,
    errno.ENOTCONN: _GONE,
    errno.ESTALE: _GONE,
    errno.EIO: ("the disk reports an error", "connect it again or test it, then run this again"),
}


@contextlib.contextmanager
def storage_errors(where: Path) -> Iterator[None]:
    """Turn what a disk refuses into a message with a remedy.

    Raises:
        ProductionError: code STORAGE, from any OSError inside.
    """
    try:
        yield
    except OSError as error:
        raise storage_error(error, where) from error


def storage_error(error: OSError, where: Path | str) -> ProductionError:
    """Word one refusal of a disk; ``where`` is what the operator knows, not a temporary name."""
    problem, remedy = _WORDS.get(
        error.errno or 0,
        (f"the disk refuses: {error.strerror or error}", "look at the folder, then run it again"),
    )
    return ProductionError(problem, where=str(where), remedy=remedy, code=ExitCode.STORAGE)


def write_beside(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Write a file so that a reader sees the old bytes or the new, never a part.

    Args:
        path: where it goes.
        data: all of it.
        mode: who may read and write it, from its first byte on; None for the usual. A disk that
            knows no modes (FAT) goes without.

    Raises:
        ProductionError: the disk is full, read-only or refuses.
    """
    try:
        put_file(path, lambda out: out.write(data), mode=mode)
        sync_folder(path.parent)
    except OSError as error:
        raise storage_error(error, path.name) from error


def write_into_folder(path: Path, data: bytes) -> None:
    """Write a file as ``write_beside`` does, into a folder that is made where it is not there.

    Raises:
        ProductionError: the disk is full, read-only or refuses.
    """
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_beside(path, data)


def put_file(path: Path, fill: Callable[[BinaryIO], object], *, mode: int | None = None) -> None:
    """Write a file whole or not at all, see ``opened_beside``.

    Raises:
        OSError: the disk refuses; nothing is left behind.
    """
    with opened_beside(path, mode=mode) as out:
        fill(out)


@contextlib.contextmanager
def opened_beside(path: Path, *, mode: int | None = None, flush: bool = True) -> Iterator[BinaryIO]:
    """Open a file that takes its name when all of it is on the disk: beside, flush, rename.

    The last thing that can fail is the rename; until then whatever had the name has it still.

    Args:
        path: where it goes.
        mode: as for ``write_beside``.
        flush: wait for the disk, so that a power cut leaves it whole; False where whoever reads
            it compares its bytes with its name, and can have it made again.

    Raises:
        OSError: the disk refuses; nothing is left behind.
    """
    beside = beside_name(path)
    try:
        with beside.open("wb") as out:
            if mode is not None:
                with contextlib.suppress(PermissionError):
                    beside.chmod(mode)
            yield out
            out.flush()
            if flush:
                os.fsync(out.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


_BESIDE = re.compile(r"\.(?P<meant>.+)\.(?P<process>[0-9]+)\.new")


def beside_name(path: Path) -> Path:
    """Give the hidden name, in the same folder, under which this process writes what then moves."""
    return path.with_name(f".{path.name}.{os.getpid()}.new")


def read_beside_name(name: str) -> tuple[str, int] | None:
    """Give the name that a file was to take, and the process that wrote it; None for any other."""
    match = _BESIDE.fullmatch(name)
    return None if match is None else (match["meant"], int(match["process"]))


def sweep_beside(folder: Path) -> None:
    """Remove what ``opened_beside`` left in a folder when its process was killed, here.

    Raises:
        OSError: the disk refuses.
    """
    for path in folder.iterdir() if folder.is_dir() else ():
        left = read_beside_name(path.name)
        if left is not None and not is_running(left[1]):
            path.unlink(missing_ok=True)


def is_running(process: int) -> bool:
    """Tell whether a process of this machine lives, by its number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


NO_LINKS = frozenset(
    {errno.EPERM, errno.ENOTSUP, errno.EXDEV, errno.EMLINK, errno.ENOSYS, errno.EACCES}
)
"""What a disk says where a file cannot have a second name (hard link): FAT, shares, other disks."""


def link_or_copy(path: Path, place: Path) -> None:
    """Give a finished file a further name, or copy it where the disk has no hard links.

    Raises:
        OSError: the disk refuses; whatever had the name has it still.
    """
    beside = beside_name(place)
    beside.unlink(missing_ok=True)
    try:
        os.link(path, beside)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        copy_whole(path, place)
    else:
        beside.replace(place)
        # Two names of one file: the rename does nothing where it had this name already.
        beside.unlink(missing_ok=True)
    sync_folder(place.parent)


def put_folder(new: Path, folder: Path, *, aside: Path) -> None:
    """Put a folder in the place of another: folders cannot be renamed over one another.

    Between two renames nothing has the name. After a kill there, ``aside`` is the earlier folder,
    whole, and ``new`` the later one.

    Args:
        new: whole and flushed.
        folder: the name that it takes; whatever has it goes.
        aside: a name on the same disk for the earlier one meanwhile.

    Raises:
        OSError: the disk refuses; whatever had the name has it again.
    """
    if folder.exists():
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
    try:
        new.rename(folder)
    except OSError:
        if aside.exists():
            aside.rename(folder)
        raise
    sync_folder(folder.parent)
    # One that cannot be taken away is a folder too many, and no reason to say that this failed.
    shutil.rmtree(aside, ignore_errors=True)


def copy_whole(path: Path, place: Path) -> None:
    """Copy a file whole or not at all, see ``opened_beside``.

    Raises:
        OSError: the disk refuses; nothing is left behind.
    """
    with path.open("rb") as source, opened_beside(place) as copy:
        shutil.copyfileobj(source, copy, 1 << 20)


def append_line(path: Path, line: bytes, *, head: bytes = b"") -> None:
    """Add a line to a file and flush it: whole, or not at all.

    Two programs that add at once both keep their line, which writing the whole anew would not.

    Args:
        path: of the file.
        line: with its end.
        head: goes before it into a file that is new or empty.

    Raises:
        OSError: the disk fails; the file is as it was.
    """
    is_new = not path.exists()
    with path.open("ab", buffering=0) as file:
        before = os.fstat(file.fileno()).st_size
        # editors and merges take the end of the last line away
        start = head if not before else b"" if _ends_whole(path) else b"\n"
        data = start + line
        try:
            _write_at_once(file, data)
            os.fsync(file.fileno())
        except OSError:
            if os.fstat(file.fileno()).st_size <= before + len(data):
                os.truncate(path, before)
            if is_new and not before:
                path.unlink(missing_ok=True)
            raise
    if is_new:
        sync_folder(path.parent)


def _write_at_once(file: FileIO, data: bytes) -> None:
    if file.write(data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES}
"""What file systems without journals of their own (exFAT, some shares) say to a folder's fsync."""


def sync_folder(folder: Path) -> None:
    """Make the names in a folder outlast a power cut, where its file system can.

    Raises:
        OSError: the disk fails.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)
