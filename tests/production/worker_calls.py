"""Calls for workers, in a module that loads as little as those of the product."""

import os
import signal
import sys
import time
from pathlib import Path

from production.store import DamagedObjectError
from programme.errors import ExitCode, ProductionError
from programme.units import Digest


def double(root: Path, number: int) -> int:
    """Give twice a number; leave a mark of each time that it was asked for."""
    with (root / str(number)).open("a") as marks:
        marks.write("x")
    time.sleep(0.01)
    return 2 * number


def modules(root: Path, wanted: tuple[str, ...]) -> tuple[int, list[str]]:
    """Give which modules are loaded, and who says so."""
    del root
    return os.getpid(), [name for name in wanted if name in sys.modules]


def fall(root: Path, number: int) -> int:
    """Kill the process that does this; the second time it holds, if a mark is there by then."""
    mark = root / f"fallen-{number}"
    if number or not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 7


_KEPT: list[bytes] = []


def need(root: Path, blocks: int) -> None:
    """Need so many blocks of 100 kB for a moment, and keep a little that lies behind them."""
    del root
    needed = [b"x" * 100_000 for _ in range(blocks)]
    _KEPT.append(b"x" * 100_000)
    del needed


def resident(root: Path, unit: int) -> float:
    """Give the memory that this process holds, in so many bytes."""
    del root
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / unit


def refuse(root: Path, kind: str) -> int:
    """Fail in one of the ways in which calls fail."""
    del root
    if kind == "damaged":
        raise DamagedObjectError((Digest("ab" * 32),))
    if kind == "bug":
        raise ZeroDivisionError(kind)
    raise ProductionError("no", where="here", remedy="none", code=ExitCode.VOICE)
