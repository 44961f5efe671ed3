"""Work on strangers' files in a process of its own, with bounds on memory, time and what it writes.

A library that reads what strangers made may crash, hang or ask for all the memory there is. In a
process of its own it ends that process and nothing else. Its answer is read as text, never as
objects: a process that was taken over can say what it likes.

Where the system has no such bounds (Windows) or does not keep them (memory on macOS), the time
alone bounds the work.
"""

import contextlib
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from enum import Enum

_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""Each thread reserves address space, which is what is bounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a process may take."""

    seconds: int
    """By the clock, and of the processor."""
    memory_bytes: int
    """Address space: several times what is really used."""
    file_bytes: int
    """The largest file that it may write; its answer is one."""


class Fault(Enum):
    """Why there is no answer."""

    TIME = "time"
    MEMORY = "memory"
    """It ended itself as Python does where memory, or what else it needs, is missing."""
    CRASH = "crash"
    """The system ended it: a fault in a library."""


def ask(module: str, request: bytes, *, bounds: Bounds) -> bytes | Fault:
    """Let a module, run as a program of its own, answer a request.

    Args:
        module: reads the request from stdin and writes its answer to stdout; whatever it imports
            is imported within the bounds.
        request: what it is asked.
        bounds: what it may take.

    Raises:
        OSError: no process can be started, or the disk refuses.
    """
    figures = [str(bounds.seconds), str(bounds.memory_bytes), str(bounds.file_bytes)]
    # -P: a workspace is the folder one stands in, and it has folders named as our packages are
    command = [sys.executable, "-P", "-m", "programme.bounded", *figures, module]
    environment = os.environ | dict.fromkeys(_ONE_THREAD, "1")
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(
                command,
                input=request,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env=environment,
                timeout=bounds.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Fault.TIME
        if done.returncode:
            return _fault(done.returncode)
        answer.seek(0)
        return answer.read()


def _fault(code: int) -> Fault:
    if code > 0:
        return Fault.MEMORY
    cause = signal.Signals(-code).name
    # A system that runs out of memory kills.
    return {"SIGXCPU": Fault.TIME, "SIGKILL": Fault.MEMORY}.get(cause, Fault.CRASH)


def _bind(seconds: int, memory_bytes: int, file_bytes: int) -> None:
    """Bound this process, as far as the system can."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    bounds = (
        (resource.RLIMIT_AS, memory_bytes, memory_bytes),
        # At the first it is told, at the second killed.
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_FSIZE, file_bytes, file_bytes),
        (resource.RLIMIT_CORE, 0, 0),
    )
    for kind, soft, hard in bounds:
        with contextlib.suppress(ValueError, OSError):  # a lower bound is there already
            resource.setrlimit(kind, (soft, hard))


if __name__ == "__main__":
    _seconds, _memory, _file, _module = sys.argv[1:]
    _bind(int(_seconds), int(_memory), int(_file))
    sys.argv = [_module]
    runpy.run_module(_module, run_name="__main__", alter_sys=True)
