"""What a disk says when it refuses, as words that an operator can act on."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from programme.errors import ExitCode, ProductionError

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
