"""How fast the machine is at the moment: a job that stays the same, measured again and again.

A machine whose cores are shared with others takes half as long again from one quarter of an hour
to the next. What runs for minutes is therefore reckoned to the machine's middle pace, by a short
job right before and after it: the floor's two coders over the same minutes of speech.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import TypeVar

Made = TypeVar("Made")

FRESH_S = 3.0
"""For so long a measured pace is taken for the present one."""


@dataclass(slots=True)
class Pace:
    """The machine's pace, as the CPU seconds of one and the same job."""

    job: Callable[[], float]
    """Runs it, and gives its CPU seconds."""
    clock: Callable[[], float] = time.monotonic
    measured_s: list[float] = field(default_factory=list)
    _at: float | None = None

    def now(self) -> float:
        """Give the job's CPU seconds at present."""
        if self._at is None or self.clock() - self._at > FRESH_S:
            self.measured_s.append(self.job())
            self._at = self.clock()
        return self.measured_s[-1]

    def around(self, run: Callable[[], Made]) -> tuple[Made, float]:
        """Run something; give what it gave, and the mean pace before and after it."""
        before = self.now()
        made = run()
        return made, (before + self.now()) / 2

    def factor(self, pace_s: float) -> float:
        """Give by how much what took its time at a pace is to be multiplied."""
        return median(self.measured_s) / pace_s
