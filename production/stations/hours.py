"""A station's schedule as hours: what holds from when to when, on which days, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from programme.schedules import (
    DAY,
    ClockWindow,
    DayPart,
    MinuteOfDay,
    Schedule,
    TimeSpan,
    Weekday,
    WindowKind,
)
from programme.wording import counted, sixtieths


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Minutes of a day in which the same holds."""

    span: TimeSpan
    is_quiet: bool
    part: DayPart | None
    """None between day parts, and in quiet hours."""

    @property
    def words(self) -> str:
        """Say what holds."""
        if self.is_quiet:
            return "quiet"
        if self.part is None:
            return "no day part"
        told = [self.part.id, *([" ".join(self.part.languages)] if self.part.languages else [])]
        return ", ".join([*told, *([f"clock {self.part.clock}"] if self.part.clock else [])])


def stretches(schedule: Schedule, day: Weekday) -> tuple[Stretch, ...]:
    """Give a whole day, from midnight to midnight, without gaps."""

    def part_at(minute: int) -> DayPart | None:
        return None if schedule.is_quiet(minute) else schedule.day_part_at(day, minute)

    def state(minute: int) -> tuple[bool, str]:
        part = part_at(minute)
        return schedule.is_quiet(minute), part.id if part else ""

    found = []
    for _, group in groupby(range(DAY), key=state):
        minutes = list(group)
        found.append(
            Stretch(
                span=TimeSpan(MinuteOfDay(minutes[0]), MinuteOfDay(minutes[-1] + 1)),
                is_quiet=schedule.is_quiet(minutes[0]),
                part=part_at(minutes[0]),
            )
        )
    return tuple(found)


def hour_lines(schedule: Schedule) -> Iterator[str]:
    """Give the hours of the week, days that are alike together; nothing where nothing is said."""
    if not schedule.quiet and not schedule.day_parts:
        return
    alike: dict[tuple[tuple[str, str], ...], list[Weekday]] = {}
    for day in Weekday:
        told = tuple((str(one.span), one.words) for one in stretches(schedule, day))
        alike.setdefault(told, []).append(day)
    for told, days in alike.items():
        yield f"{day_words(days)}:"
        for span, words in told:
            yield f"  {span}  {words}"


def day_words(days: Sequence[Weekday]) -> str:
    """Name days of the week: Monday to Friday, Sunday."""
    if len(days) == len(Weekday):
        return "every day"
    runs: list[list[Weekday]] = []
    for day in sorted(days):
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        " to ".join(dict.fromkeys(one.name.capitalize() for one in (run[0], run[-1])))
        for run in runs
    )


def clock_lines(schedule: Schedule) -> Iterator[str]:
    """Give each clock's windows, and how often spots are played."""
    for one in schedule.clocks.values():
        yield f"clock {one.id}, minutes and seconds of the hour:"
        for window in one.windows:
            at = f"{sixtieths(window.begin)}-{sixtieths(window.end)}"
            yield f"  {at}  {_window(window)}"
    for rule in schedule.rotation:
        parts = f", in {', '.join(rule.day_parts)}" if rule.day_parts else ""
        yield (
            f"rotation: each spot of {rule.series} {counted(rule.plays_per_day, 'time')} a day, "
            f"{rule.minutes_apart} minutes apart{parts}"
        )


def _window(window: ClockWindow) -> str:
    kinds = {
        WindowKind.SPOTS: "spots",
        WindowKind.EPISODE: "an edition",
        WindowKind.TEXT: "the presenter speaks",
        WindowKind.OPEN: "the station's own",
    }
    told = [kinds[window.kind]]
    told += [f"of {', '.join(window.series)}"] if window.series else []
    told += [f"in {', '.join(window.languages)}"] if window.languages else []
    told += ["ending when it ends"] if window.back_timed else []
    return " ".join(told)
