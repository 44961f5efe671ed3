"""One program at a time: a locked file, which the system frees when its holder is killed.

Of the workspace and of the user's own folder. Who only looks whether a workspace is free, without
a library to load, is ``last_build``; who leaves no file behind, ``targets.folder_lock``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from programme.errors import ExitCode, ProductionError
from programme.storage import storage_errors

USER_WAIT_S = 20.0
"""What is done in the user's folder takes moments; who waits longer waits for one that hangs."""


@contextmanager
def locked(
    path: Path, doing: str, *, where: Path, wait_s: float = 0.0, mode: int | None = None
) -> Iterator[None]:
    """Hold a lock, whose folder is there.

    Args:
        path: of the lock, which stays when it is free.
        doing: what the other does, to tell whoever finds it held.
        where: what the operator knows it by.
        wait_s: how long to wait for another, in seconds; 0 tries once.
        mode: its rights; None for those that new files have here.

    Raises:
        ProductionError: code BUSY while another holds it; STORAGE where the disk refuses.
    """
    from filelock import FileLock, Timeout  # loads logging and more: only where work is done

    with storage_errors(path.parent):
        lock = FileLock(path) if mode is None else FileLock(path, mode=mode)
        try:
            lock.acquire(timeout=wait_s)
        except Timeout as error:
            raise ProductionError(
                f"another Altavoz is {doing}",
                where=str(where),
                remedy="wait until it has finished, then run the command again",
                code=ExitCode.BUSY,
            ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def locked_for_user(folder: Path, name: str, doing: str) -> Iterator[None]:
    """Let one program of this user do something at a time; others wait a little.

    Args:
        folder: of the user; made where it is not there yet, for its owner alone.
        name: of what is worked on, in that folder.
        doing: what the other does, to tell whoever waited in vain.

    Raises:
        ProductionError: as ``locked``.
    """
    with storage_errors(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock, where = folder / f"{name}.lock", folder / name
    with locked(lock, doing, where=where, wait_s=USER_WAIT_S, mode=0o600):
        yield
