"""The rooms of one day in which a station plays something of ours: windows and breaks.

A room is a window of a clock at its place in the day, or a break where the station's day part
runs by no clock. Quiet hours have no room at all, and a room that reaches into them, or past the
end of its day part, ends there.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from programme.schedules import (
    DAY,
    HOUR,
    DayPart,
    HourClock,
    Schedule,
    WindowKind,
)
from programme.units import DurationMs, LanguageTag
from stations.day_plan import Window

BREAK_EVERY = 15
"""Minutes from one break to the next where no clock runs: at the full hour, the quarter, the half
and the last quarter, as presenters are used to."""

BREAK_MS = DurationMs(3 * 60 * 1000)
"""How long such a break is at most: three minutes of spots, then the station's own programme."""

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A stretch of the day that can be filled."""

    begin_ms: DurationMs
    """After midnight."""
    end_ms: DurationMs
    """After midnight; always after its begin."""
    day_part: str
    """Id; empty where the station has no day parts."""
    languages: tuple[LanguageTag, ...]
    """Those heard in it, the most needed first."""
    window: Window | None
    """None for a break without a clock."""

    @property
    def length_ms(self) -> DurationMs:
        """How much fits."""
        return DurationMs(self.end_ms - self.begin_ms)

    @property
    def kind(self) -> WindowKind:
        """What fills it."""
        return self.window.plan.kind if self.window is not None else WindowKind.SPOTS

    @property
    def series(self) -> tuple[str, ...]:
        """Ids of the series that may fill it; empty for all that fit its kind."""
        return self.window.plan.series if self.window is not None else ()

    @property
    def back_timed(self) -> bool:
        """Whether what fills it ends when it ends."""
        return self.window is not None and self.window.plan.back_timed


def rooms_of(schedule: Schedule, languages: tuple[LanguageTag, ...], day: date) -> tuple[Room, ...]:
    """Give the rooms of a day in order of time; none overlaps another.

    Where day parts are written down, nothing is planned outside them. Where two hold the same
    minute, the first of the file counts.

    Args:
        schedule: of the station.
        languages: of the station, the most needed first.
        day: whose weekday chooses among the day parts.
    """
    rooms: list[Room] = []
    for begin, end, part in _stretches(schedule, day):
        heard = part.languages if part is not None and part.languages else languages
        name = part.id if part is not None else ""
        clock = schedule.clocks.get(part.clock) if part is not None and part.clock else None
        if clock is None:
            rooms += _breaks(begin, end, name, heard)
        else:
            rooms += _windows(clock, begin, end, name, heard)
    return tuple(rooms)


def _stretches(schedule: Schedule, day: date) -> Iterator[tuple[int, int, DayPart | None]]:
    """Give runs of minutes that are not quiet, each with its day part; None without any parts."""
    edges = {0, int(DAY)}
    for span in (*schedule.quiet, *(part.span for part in schedule.day_parts)):
        edges |= {int(span.begin), int(span.end)}
    ordered = sorted(edge for edge in edges if 0 <= edge <= DAY)
    joined: list[tuple[int, int, DayPart | None]] = []
    for begin, end in itertools.pairwise(ordered):
        if any(span.holds(begin) for span in schedule.quiet):
            continue
        part = _part_at(schedule.day_parts, begin, day)
        if part is None and schedule.day_parts:
            continue
        if joined and joined[-1][1] == begin and joined[-1][2] is part:
            joined[-1] = (joined[-1][0], end, part)
        else:
            joined.append((begin, end, part))
    yield from joined


def _part_at(parts: tuple[DayPart, ...], minute: int, day: date) -> DayPart | None:
    for part in parts:
        span = part.span
        if not span.holds(minute):
            continue
        # Past midnight it is still the part of the day on which it began.
        over = span.end <= span.begin and minute < span.begin
        if (day.weekday() - over) % 7 in part.days:
            return part
    return None


def _breaks(begin: int, end: int, part: str, languages: tuple[LanguageTag, ...]) -> Iterator[Room]:
    first = -(-begin // BREAK_EVERY) * BREAK_EVERY
    for minute in range(first, end, BREAK_EVERY):
        start = minute * _MINUTE_MS
        yield Room(
            begin_ms=DurationMs(start),
            end_ms=DurationMs(min(start + BREAK_MS, end * _MINUTE_MS)),
            day_part=part,
            languages=languages,
            window=None,
        )


def _windows(
    clock: HourClock, begin: int, end: int, part: str, languages: tuple[LanguageTag, ...]
) -> Iterator[Room]:
    begin_ms, end_ms = begin * _MINUTE_MS, end * _MINUTE_MS
    for hour in range(begin // 60, -(-end // 60)):
        start = hour * int(HOUR) * 1000
        for number, plan in enumerate(clock.windows, start=1):
            at, until = start + plan.begin * 1000, min(start + plan.end * 1000, end_ms)
            if not begin_ms <= at < until:
                continue
            yield Room(
                begin_ms=DurationMs(at),
                end_ms=DurationMs(until),
                day_part=part,
                languages=plan.languages or languages,
                window=Window(
                    clock=clock.id,
                    number=number,
                    begin_ms=DurationMs(at),
                    end_ms=DurationMs(until),
                    plan=plan,
                ),
            )
