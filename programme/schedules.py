"""When a station plays what: quiet hours, day parts, clocks and the rotation of its spots.

All times are the station's own wall clock. A day on which the clock is put forward has no
02:30, and one on which it is put back has it twice: who plans by the hour need not know.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import NewType

from programme.units import LanguageTag
from programme.wording import sixtieths

MinuteOfDay = NewType("MinuteOfDay", int)
"""Minutes after midnight, 0 to 1440; 1440 is only an end."""

SecondOfHour = NewType("SecondOfHour", int)
"""Seconds after the full hour, 0 to 3600; 3600 is only an end."""

DAY = MinuteOfDay(24 * 60)
HOUR = SecondOfHour(60 * 60)


class Weekday(IntEnum):
    """As ``date.weekday()`` counts them."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


EVERY_DAY = frozenset(Weekday)


@dataclass(frozen=True, slots=True, order=True)
class TimeSpan:
    """From a minute of the day up to, and without, another; past midnight where it ends first.

    Both the same is the whole day.
    """

    begin: MinuteOfDay
    end: MinuteOfDay

    def holds(self, minute: int) -> bool:
        """Tell whether a minute of the day lies in it."""
        if self.begin < self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end

    @property
    def minutes(self) -> int:
        """How long it is: 1 to 1440 minutes."""
        return (self.end - self.begin) % DAY or DAY

    def __str__(self) -> str:
        """Give it as people write it: ``22:00-06:00``."""
        return f"{sixtieths(self.begin)}-{sixtieths(self.end)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPart:
    """A stretch of the day with its own listeners: "morning", weekdays, 06:00 to 10:00."""

    id: str
    span: TimeSpan
    days: frozenset[Weekday] = EVERY_DAY
    """On which it begins."""
    languages: tuple[LanguageTag, ...] = ()
    """Those heard in it, the most needed first; empty for all of the station's."""
    clock: str = ""
    """Id of the clock by which its hours run; empty for none: only spots are planned."""
    line: int


class WindowKind(StrEnum):
    """What fills a window of a clock."""

    SPOTS = "spots"
    """As many spots as fit, by the rotation."""
    EPISODE = "episode"
    """One edition of the named series, the newest that may be played and was not yet today."""
    TEXT = "text"
    """The presenter speaks; the words are in the clock."""
    OPEN = "open"
    """The station's own: nothing of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWindow:
    """A place in the hour."""

    kind: WindowKind
    begin: SecondOfHour
    end: SecondOfHour
    series: tuple[str, ...] = ()
    """What may fill it; empty for all series of the station that fit its kind."""
    languages: tuple[LanguageTag, ...] = ()
    """Empty for those of the day part."""
    back_timed: bool = False
    """Whether what fills it ends when it ends, rather than begins when it begins."""
    text: Mapping[LanguageTag, str] = field(default_factory=dict)
    """What the presenter says, where the kind is text; else what they say before it."""
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HourClock:
    """The plan of one hour; its windows lie apart and in order."""

    id: str
    windows: tuple[ClockWindow, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotRule:
    """How often the spots of a series are played."""

    series: str
    plays_per_day: int
    """Of each spot in each language that is heard."""
    minutes_apart: int = 30
    """At least so long between two plays of the same spot in one language."""
    day_parts: tuple[str, ...] = ()
    """Ids of those in which it may be played; empty for all."""
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """All that a station's file says about time; empty for a station that plans by itself."""

    quiet: tuple[TimeSpan, ...] = ()
    """Hours in which nothing is played: people sleep."""
    day_parts: tuple[DayPart, ...] = ()
    clocks: Mapping[str, HourClock] = field(default_factory=dict)
    rotation: tuple[SpotRule, ...] = ()

    def is_quiet(self, minute: int) -> bool:
        """Tell whether nothing is played in a minute of the day, 0 to 1439."""
        return any(span.holds(minute) for span in self.quiet)

    def day_part_at(self, day: Weekday, minute: int) -> DayPart | None:
        """Give what a minute of a day lies in, which may have begun the day before."""
        for part in self.day_parts:
            if not part.span.holds(minute):
                continue
            # after midnight, a part that ends there is the one of the day before
            late = minute < part.span.begin
            if (Weekday((day - 1) % 7) if late else day) in part.days:
                return part
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopSettings:
    """How a loudspeaker point repeats its announcements."""

    chime: str = ""
    """Name of the workspace's sound before each language; empty for none."""
    form: str = "set"
    """``one``: one file with every language; ``set``: one numbered file for each language."""
    repeat: int = 2
    """How often each message is said."""
    between_repeats_ms: int = 1_000
    between_languages_ms: int = 2_000
    end_silence_ms: int = 10_000
    """After a round, so that a player that repeats leaves people in peace."""
    longest_s: int = 120
    """Of one round without the silence at its end; what does not fit goes into a further loop."""
    locator: Mapping[LanguageTag, str] = field(default_factory=dict)
    """Where listeners are: "You are in the bus terminal of ..."; said first, after the chime."""
    line: int = 0
