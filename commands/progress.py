"""How far long work is: drawn in place on a terminal, said in a line now and then elsewhere.

Letters only, no colours. It is drawn when a step ends, and no oftener than a few times a second,
so that a thousand steps cost no more than a hundred; nothing is imported for it.
"""

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping

DRAW_EVERY_S = 0.2
SAY_EVERY_S = 60.0
"""Where there is no terminal: a short build says nothing."""
_LOOK_BACK_S = 30.0
"""What the rate is reckoned from: long steps come first, so that the whole would mislead."""
_LEAST_BAR, _MOST_BAR = 8, 40
_USUAL = 80
"""Columns of a terminal that does not say how many it has."""


class KindProgress:
    """How far the steps of one kind are."""

    def __init__(self, name: str, total: int, *, there: int, now_s: float) -> None:
        """Begin.

        Args:
            name: as it is shown.
            total: how many steps are to be made.
            there: how many more were there already.
            now_s: seconds by any clock that only goes on.
        """
        self.name, self.total, self.there = name, total, there
        self.done = 0
        self._ended = deque([(now_s, 0)])

    def step(self, now_s: float) -> None:
        """Count one that has ended."""
        self.done += 1
        self._ended.append((now_s, self.done))
        while len(self._ended) > 2 and self._ended[1][0] < now_s - _LOOK_BACK_S:
            self._ended.popleft()

    @property
    def per_second(self) -> float:
        """Steps a second lately; 0 as long as nobody can say."""
        (first_s, before), (last_s, done) = self._ended[0], self._ended[-1]
        return (done - before) / (last_s - first_s) if last_s > first_s else 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds that the others will take at this rate; None as long as nobody can say."""
        rate = self.per_second
        return (self.total - self.done) / rate if rate else None

    def line(self, room: int) -> str:
        """Give a line of at most so many letters; what matters least is left out first."""
        counted = f"{self.name:>8} {self.done}/{self.total}"
        parts = [counted]
        wanted = [] if self.done == self.total else [_left(self.left_s)]
        wanted += [_rate(self.per_second), f"{self.there} there" if self.there else ""]
        for part in filter(None, wanted):
            if len("  ".join([*parts, part])) <= room:
                parts.append(part)
        free = min(_MOST_BAR, room - len("  ".join(parts)) - 4)
        if free >= _LEAST_BAR and self.total:
            full = free * self.done // self.total
            parts.insert(1, f"[{'#' * full}{'.' * (free - full)}]")
        return "  ".join(parts)[: max(room, 0)]

    def said(self) -> str:
        """Give the same in words."""
        parts = [f"{self.name}: {self.done} of {self.total}"]
        wanted = [f"{self.there} there before" if self.there else "", _rate(self.per_second)]
        if self.done < self.total:
            wanted.append(_left(self.left_s))
        return ", ".join([*parts, *filter(None, wanted)])


def _columns() -> int:
    """Give the width of the terminal that is drawn on, which need not be that of stdout."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL
    except (OSError, ValueError):  # it is closed, or none
        return _USUAL


def _rate(per_second: float) -> str:
    if not per_second:
        return ""
    return f"{per_second:.1f}/s" if per_second >= 1 else f"{per_second * 60:.1f}/min"


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    told = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return f"{told} left"


class BuildProgress:
    """Shows how far a build is; see ``production.runner.Progress``."""

    def __init__(
        self,
        planned: Mapping[str, int],
        *,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Begin with nothing to show.

        Args:
            planned: how many steps of each kind the plan has, made or not; may lack any.
            say: prints a line where there is no terminal.
            clock: gives seconds; it only goes on.
        """
        self._planned = planned
        self._say, self._clock = say, clock
        self._kinds: dict[str, KindProgress] = {}
        self._drawn = 0
        self._last_s = clock()
        self._draws = sys.stderr.isatty() and os.environ.get("TERM", "") not in {"", "dumb"}

    def begin(self, kind: str, total: int) -> None:
        """So many steps of a kind are to be made."""
        there = max(0, self._planned.get(kind, total) - total)
        if total or kind in self._kinds:
            self._kinds[kind] = KindProgress(f"{kind}s", total, there=there, now_s=self._clock())

    def step(self, kind: str, label: str, reason: object) -> None:
        """One step has ended."""
        del label, reason
        now_s = self._clock()
        if kind in self._kinds:
            self._kinds[kind].step(now_s)
        is_over = all(one.done >= one.total for one in self._kinds.values())
        if self._draws and is_over:
            self.close()
        elif now_s - self._last_s >= (DRAW_EVERY_S if self._draws else SAY_EVERY_S):
            self._last_s = now_s
            self._show()

    def close(self) -> None:
        """Take away what was drawn."""
        if self._drawn:
            self._write(f"\x1b[{self._drawn}A\x1b[J")
            self._drawn = 0

    def _show(self) -> None:
        kinds = [one for one in self._kinds.values() if one.total]
        if not self._draws:
            self._say("; ".join(one.said() for one in kinds))
            return
        # one column is left free: what fills a row makes some terminals begin another
        room = _columns() - 1
        up = f"\x1b[{self._drawn}A" if self._drawn else ""
        rows = "".join(f"\r\x1b[2K{one.line(room)}\n" for one in kinds)
        self._write(f"{up}{rows}\x1b[J")
        self._drawn = len(kinds)

    @staticmethod
    def _write(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
