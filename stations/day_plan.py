"""A day of a station as planned: what is played when, what is left free, and what found no place.

Every list, script and log for a station's program is written from this value; there is no second
form of a plan. Times are the station's own wall clock, counted from midnight as if no clock were
ever put forward or back: programs that play by the hour do the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from programme.schedules import ClockWindow
from programme.units import DurationMs, LanguageTag
from stations.airing import AirItem

DAY_MS = DurationMs(24 * 60 * 60 * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenterText:
    """What somebody at the station says live."""

    language: LanguageTag
    text: str
    """One paragraph, as it is read."""
    length_ms: DurationMs
    """About how long that takes, reckoned from its words; nobody is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTime:
    """The station's own time in a clock: nothing of ours."""

    length_ms: DurationMs


Airs = AirItem | PresenterText | OpenTime
"""What a moment of the plan is for."""


class Why(StrEnum):
    """Why something stands where it stands."""

    URGENT = "urgent"
    """An alert: first, and more often."""
    ROTATION = "rotation"
    """It was this spot's turn."""
    CLOCK = "clock"
    """The clock asks for it there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A window of a clock on one day, at its place in the day."""

    clock: str
    """Id of the clock."""
    number: int
    """Of the window in its clock, from 1."""
    begin_ms: DurationMs
    """After midnight."""
    end_ms: DurationMs
    """After midnight; DAY_MS at most."""
    plan: ClockWindow

    @property
    def length_ms(self) -> DurationMs:
        """How much room it has."""
        return DurationMs(self.end_ms - self.begin_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPlay:
    """One thing in a day's plan."""

    at_ms: DurationMs
    """When it begins, after midnight; below DAY_MS."""
    airs: Airs
    day_part: str
    """Id of the day part in which it begins; empty where the station has none there."""
    window: Window | None = None
    """None where no clock runs: a spot at a time of its own."""
    why: Why

    @property
    def at_s(self) -> int:
        """When it begins, in whole seconds after midnight."""
        return self.at_ms // 1000

    @property
    def length_ms(self) -> DurationMs:
        """How long it takes; reckoned where somebody speaks live."""
        return self.airs.duration_ms if isinstance(self.airs, AirItem) else self.airs.length_ms

    @property
    def end_ms(self) -> DurationMs:
        """When it ends, after midnight; what begins before midnight ends by midnight."""
        return DurationMs(self.at_ms + self.length_ms)


class NotPlaced(StrEnum):
    """Why something has no place in a day, or fewer places than asked for."""

    EXPIRED = "expired"
    """Its last day is over."""
    NOT_YET = "not-yet"
    """Its day has not come."""
    NO_RULE = "no-rule"
    """No rule and no window of the station's schedule asks for its series."""
    NOT_HEARD = "not-heard"
    """Its language, or the day part of its rule, is not heard on that day."""
    TOO_LONG = "too-long"
    """It is longer than every window that it could fill; nothing is ever cut."""
    NO_ROOM = "no-room"
    """There is less room in the day, or less time between two plays, than was asked for."""
    NOTHING = "nothing"
    """A window stays empty: there is nothing to play in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """Something that was asked for and does not fit, and why."""

    why: NotPlaced
    item: AirItem | None = None
    text: PresenterText | None = None
    """Either an item or a text; both None where a window stays empty."""
    window: Window | None = None
    """The window that is meant; None where it is the whole day."""
    wanted: int = 1
    """Plays that were asked for on that day; 0 where nobody asked."""
    placed: int = 0
    """Plays that it got."""
    room_ms: DurationMs | None = None
    """The longest room that it could have had; None where room is not the reason."""

    @property
    def length_ms(self) -> DurationMs:
        """How long it is; for an empty window the window's own length."""
        if self.item is not None:
            return self.item.duration_ms
        if self.text is not None:
            return self.text.length_ms
        return self.window.length_ms if self.window is not None else DurationMs(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """All that a station plays of ours on one day."""

    station: str
    """Id of the station."""
    day: date
    plays: tuple[PlannedPlay, ...]
    """In order of time; none begins before the one before it has ended."""
    unplaced: tuple[Unplaced, ...] = ()

    @property
    def spoken(self) -> tuple[tuple[PlannedPlay, AirItem], ...]:
        """Give the plays of editions, with what they play, in order of time."""
        return tuple((one, one.airs) for one in self.plays if isinstance(one.airs, AirItem))

    @property
    def valid_until(self) -> date | None:
        """The last day on which everything in it may be played; None where nothing has one."""
        return min((item.expires for _, item in self.spoken if item.has_last_day), default=None)

    def hour(self, hour: int) -> Iterator[PlannedPlay]:
        """Give what begins in an hour of the day, 0 to 23, in order of time."""
        begin, end = hour * 3_600_000, (hour + 1) * 3_600_000
        return (one for one in self.plays if begin <= one.at_ms < end)
