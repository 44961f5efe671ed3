"""What a command costs: CPU of its whole tree, wall time, and peak memory of the tree."""

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_S = 0.1
"""Seconds between two looks at the tree's memory; a shorter peak may be missed."""

PROC = Path("/proc")
_COMPILES_ANEW = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run of a command took."""

    cpu_s: float
    """User and system time of the command and of every child that it waited for."""
    wall_s: float
    peak_tree_mb: float | None
    """Sum of the proportional set sizes (Linux); None where the system cannot tell."""
    peak_process_mb: float
    """Largest resident set of any one process of the tree."""
    written_mb: float
    """Millions of bytes that the whole tree gave the disk to write (Linux); 0 where the system
    cannot tell, and for what lies in memory alone (tmpfs)."""


class CommandFailedError(Exception):
    """A measured command returned an error; its figures would mean nothing."""


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:  # it ended between the two looks
            continue
        found.setdefault(int(fields[1]), []).append(int(entry.name))
    return found


def _proportional_kb(pid: int) -> int:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def tree_mb(pid: int) -> float | None:
    """Give the memory that a process and its descendants hold now; None where unknown."""
    if not (PROC / "self" / "smaps_rollup").exists():
        return None
    children, todo, total = _children(), [pid], 0
    while todo:
        here = todo.pop()
        todo += children.get(here, [])
        total += _proportional_kb(here)
    return total / 1024


def _peak_kb(usage: resource.struct_rusage) -> float:
    """Give ru_maxrss in kB; macOS counts it in bytes."""
    return usage.ru_maxrss / 1024 if sys.platform == "darwin" else usage.ru_maxrss


def _written() -> int:
    """Give the bytes that this process and the children it waited for gave the disk to write."""
    try:
        lines = (PROC / "self" / "io").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("write_bytes"))


def measure(command: Sequence[str | Path], *, cwd: Path, returns: int = 0) -> Cost:
    """Run a command to its end and give its cost.

    It may keep what Python compiles and what it made of its own tables, as it does where people
    use it; with PYTHONDONTWRITEBYTECODE every command would compile all that it loads, which
    takes longer than most of them.

    Raises:
        CommandFailedError: it returned another code than the one that is expected; what it said
            is in the message.
    """
    peak: list[float] = []
    over = threading.Event()
    log = cwd / "bench-output.txt"
    around = {name: value for name, value in os.environ.items() if name != _COMPILES_ANEW}
    written = _written()
    began = time.perf_counter()
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=around,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )

        def watch() -> None:
            while not over.wait(SAMPLE_S):
                now = tree_mb(process.pid)
                if now is not None:
                    peak.append(now)

        watcher = threading.Thread(target=watch)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        over.set()
        watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != returns:
        said = log.read_text(encoding="utf-8", errors="replace")[-3000:]
        words = " ".join(map(str, command))
        raise CommandFailedError(f"{words} returned {process.returncode}:\n{said}")
    return Cost(
        cpu_s=usage.ru_utime + usage.ru_stime,
        wall_s=wall,
        peak_tree_mb=max(peak, default=None),
        peak_process_mb=_peak_kb(usage) / 1024,
        written_mb=(_written() - written) / 1e6,
    )
