"""Ctrl-C held back for a moment: while C code calls back into Python, while a worker is born."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back; it is heard at the end. Processes that start meanwhile never get it.

    Raised inside a callback from C it would be printed and lost.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
