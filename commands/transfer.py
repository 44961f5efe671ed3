"""Shows how far sending is: how much, how fast, how long it will take; on stderr."""

import sys
import time
from collections.abc import Callable
from typing import Any

from programme.wording import clock

_LINE_S = 15.0
"""In a log a line in so many seconds, and none before the first are over."""


class TransferBar:
    """Draws on a terminal; says a line now and then in a log."""

    def __init__(
        self, talk: Callable[[str], None], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take what says a line, and seconds that never go back."""
        self._talk = talk
        self._clock = clock
        self._drawn: Any = None
        self._task: Any = None
        self._objects = self._all_objects = 0
        self._bytes = self._all_bytes = 0
        self._begun = self._said = 0.0
        self._on = False

    def begin_sending(self, objects: int, length_bytes: int) -> None:
        """Begin at nothing."""
        self.end_sending()
        self._objects, self._all_objects = 0, objects
        self._bytes, self._all_bytes = 0, length_bytes
        self._begun = self._said = self._clock()
        self._on = True
        if sys.stderr.isatty():
            self._draw()

    def _draw(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )

        self._drawn = Progress(
            TextColumn("{task.description:>10}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._drawn.start()
        self._task = self._drawn.add_task("sending", total=self._all_bytes or None)

    def passed(self, sent: int, received: int) -> None:
        """Note bytes that went through; called from any thread, one call at a time."""
        del received
        if not self._on or not sent:
            return
        self._bytes += sent
        if self._drawn is not None:
            self._drawn.update(self._task, completed=min(self._bytes, self._all_bytes))
        elif self._clock() - self._said >= _LINE_S:
            self._said = self._clock()
            self._talk(self._line())

    def sent(self, length_bytes: int) -> None:
        """Note that one object is there."""
        del length_bytes
        self._objects += 1

    def end_sending(self) -> None:
        """Draw nothing more."""
        self._on = False
        if self._drawn is not None:
            self._drawn.stop()
            self._drawn = None

    def _line(self) -> str:
        rate = self._bytes / max(self._clock() - self._begun, 0.001)
        left = max(self._all_bytes - self._bytes, 0) / rate if rate else 0.0
        return (
            f"sending: {self._bytes / 1e6:.1f} of {self._all_bytes / 1e6:.1f} MB, "
            f"{self._objects} of {self._all_objects} objects, {rate / 1000:.0f} kB/s, "
            f"{clock(round(left))} left"
        )
