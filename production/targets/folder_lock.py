"""One writer at a time in a folder, whichever process or machine it is of.

The lock is a locked file, so that the system frees it when its holder is killed. Its holder takes
it away at the end: nothing of it stays on a stick or in a web server's root. Who waited for a
file that is not the lock any more waits for the one that is.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from production.targets.beside import LOCK, never_free
from production.targets.line import Line

LOCK_SECONDS = 20.0
"""A swap takes milliseconds; who waits longer waits for somebody who hangs."""

_LOOK_SECONDS = 0.02


@contextmanager
def locked(folder: Path, line: Line) -> Iterator[None]:
    """Hold the lock of a folder that is there.

    Raises:
        OSError: the folder cannot be written.
        ProductionError: code TARGET; somebody else holds it, and does not let go.
    """
    lock = folder / LOCK
    handle = _take(lock, line)
    try:
        yield
    finally:
        try:
            with contextlib.suppress(OSError):  # a share may refuse while others have it open
                os.unlink(lock)  # noqa: PTH108  # one seam for faults: os
        finally:
            os.close(handle)


def _take(lock: Path, line: Line) -> int:
    waited = 0.0
    while True:
        handle = _try(lock)
        if handle is not None:
            return handle
        if waited > LOCK_SECONDS:
            raise never_free(str(lock))
        line.pause(_LOOK_SECONDS)
        waited += _LOOK_SECONDS


def _try(lock: Path) -> int | None:
    """Give the open lock; None if somebody else holds it."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(lock, flags, 0o666)
    is_ours = False
    try:
        with contextlib.suppress(BlockingIOError, PermissionError):  # some systems say EACCES
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = _is_still(lock, handle)
    finally:
        if not is_ours:
            os.close(handle)
    return handle if is_ours else None


def _is_still(lock: Path, handle: int) -> bool:
    """Tell whether the name is that of the open file, and not of a later lock."""
    try:
        there = lock.lstat()
    except FileNotFoundError:
        return False
    held = os.fstat(handle)
    return (there.st_dev, there.st_ino) == (held.st_dev, held.st_ino)
