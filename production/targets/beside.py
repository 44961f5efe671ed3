"""Names of what is still being written: hidden, beside its place, and known as ours afterwards.

Who was killed leaves such a file behind. The next run takes away what it can know to be dead:
what a process of this machine wrote that does not live any more, and what is a day old.
"""

import hashlib
import os
import platform
import re
import threading

from programme.errors import ExitCode, ProductionError
from programme.storage import is_running

LOCK = ".altavoz.lock"
"""Stands in a target's folder while something is replaced there; see the targets."""

OLD_SECONDS = 24 * 3600
"""Nobody writes one file for so long: a part that is sent in pieces is younger at each piece."""

_WRITING = re.compile(
    r"\..+\.(?:(?P<host>[0-9a-f]{6})-)?(?P<process>[0-9]+)(?:-(?P<thread>[0-9]+))?\.tmp\Z"
)
_PART = re.compile(r"\..+\.[0-9a-f]{16}\.part\Z")


def writing_name(name: str) -> str:
    """Give the name under which this thread writes what becomes ``name``; no other has the same."""
    return f".{name}.{writer()}.tmp"


def writer() -> str:
    """Name this thread among all that write: a digest of the machine's name, and two numbers."""
    return f"{_host()}-{os.getpid()}-{threading.get_native_id()}"


def part_name(name: str, digest: str) -> str:
    """Give the name of the part of a file that is sent in pieces, by whoever sends these bytes."""
    return f".{name}.{digest[:16]}.part"


def is_unfinished(name: str) -> bool:
    """Tell whether a file's name is one of these, or the lock's."""
    return name == LOCK or bool(_WRITING.match(name) or _PART.match(name))


def is_abandoned(name: str, *, age_seconds: float) -> bool:
    """Tell whether nobody goes on with an unfinished file.

    Args:
        name: of the file, without its folder.
        age_seconds: since its last byte was written, by the clock of the place itself.
    """
    if name == LOCK or not is_unfinished(name):
        return False
    is_dead = _is_dead(name)
    return age_seconds > OLD_SECONDS if is_dead is None else is_dead


def is_dead_writer(text: str) -> bool:
    """Tell whether a name that ``writer`` gave is of this machine, and of nothing that lives."""
    return _is_dead(f".x.{text}.tmp") is True


def _is_dead(name: str) -> bool | None:
    """Tell whether whoever writes under a name lives no more; None if it is not of this machine."""
    found = _WRITING.match(name)
    if found is None or found["host"] != _host():
        return None
    return not _lives(int(found["process"]), int(found["thread"] or 0))


def never_free(where: str) -> ProductionError:
    """Word it that others hold the lock for longer than anybody needs it; ``where`` it lies."""
    return ProductionError(
        "others have been writing here for long, and do not finish",
        where=where,
        remedy="wait until they have finished; if nobody publishes here, delete this file, then "
        "publish again",
        code=ExitCode.TARGET,
    )


def _host() -> str:
    """Tell machines apart that share a folder, without naming them."""
    return hashlib.sha256(platform.node().encode("utf-8", "surrogateescape")).hexdigest()[:6]


def _lives(process: int, thread: int) -> bool:
    if process == os.getpid():
        return any(one.native_id == thread for one in threading.enumerate())
    return is_running(process)
