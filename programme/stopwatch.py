"""Where time goes: a stopwatch over one piece of work, and the stages within it by name.

Nothing follows from what it reads but what a person is told: it is no part of any fingerprint, nor
of any file. A stage that nobody measures costs a function call.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Time that work took."""

    wall_s: float = 0.0
    """Seconds on the clock."""
    cpu_s: float = 0.0
    """Seconds of all threads of its process, as the system counts them."""

    def __add__(self, other: "Spent") -> "Spent":
        """Give both together."""
        return Spent(wall_s=self.wall_s + other.wall_s, cpu_s=self.cpu_s + other.cpu_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What one piece of work took."""

    whole: Spent = Spent()
    stages: Mapping[str, Spent] = field(default_factory=dict)
    """By name; a stage within another counts for itself alone, and what is in none under ""."""
    written_bytes: int = 0
    """Of all that it made."""


class Stopwatch:
    """Measures while it is entered; one within another measures for itself, too."""

    _running: "Stopwatch | None" = None
    """Of this process: the stages of a piece of work are told to whoever measures it."""

    def __init__(self) -> None:
        self._stages: dict[str, Spent] = {}
        self._within = [""]
        self._outer: Stopwatch | None = None
        self._wall_s = self._cpu_s = 0.0

    def __enter__(self) -> Self:
        self._outer, Stopwatch._running = Stopwatch._running, self
        self._wall_s, self._cpu_s = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._turn()
        Stopwatch._running = self._outer

    def begin(self, name: str) -> None:
        """Count for a stage from now on."""
        self._turn()
        self._within.append(name)

    def end(self) -> None:
        """Count again for what the stage was within."""
        self._turn()
        self._within.pop()

    def timing(self, *, written_bytes: int = 0) -> Timing:
        """Give what was measured; up to now, where it is still entered and no other within it."""
        if Stopwatch._running is self:
            self._turn()
        whole = sum(self._stages.values(), start=Spent())
        return Timing(whole=whole, stages=dict(self._stages), written_bytes=written_bytes)

    def _turn(self) -> None:
        """Count what has passed for the stage that is ending or interrupted."""
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        passed = Spent(wall_s=wall_s - self._wall_s, cpu_s=cpu_s - self._cpu_s)
        name = self._within[-1]
        self._stages[name] = self._stages.get(name, Spent()) + passed
        self._wall_s, self._cpu_s = wall_s, cpu_s

    @classmethod
    def running(cls) -> "Stopwatch | None":
        """Give the one that measures now."""
        return cls._running


class stage:  # noqa: N801 - used like a function
    """A stage of the work that is measured: ``with stage("mixing"): ...``."""

    __slots__ = ("_name", "_watch")

    def __init__(self, name: str) -> None:
        self._name = name
        self._watch: Stopwatch | None = None

    def __enter__(self) -> None:
        self._watch = Stopwatch.running()
        if self._watch is not None:
            self._watch.begin(self._name)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._watch is not None:
            self._watch.end()
