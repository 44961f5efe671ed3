"""What cannot be in a station's schedule: parts that overlap, hours without a minute to play in."""

from collections.abc import Iterator, Sequence

from programme.schedules import DAY, DayPart, Schedule, SpotRule, TimeSpan, Weekday
from programme.wording import sixtieths
from scripts.fields import Fields

_WEEK = 7 * DAY


def check_quiet(fields: Fields, schedule: Schedule) -> None:
    """Report quiet hours that leave nothing of the day, or nothing of a day part."""
    free = _free(schedule)
    if not any(free):
        fields.fault(
            fields.line("quiet_hours"),
            "station.quiet",
            "the quiet hours take the whole day: nothing could be played",
            "leave hours in which people may be spoken to",
        )
        return
    for part in schedule.day_parts:
        if not any(1 in free[begin:end] for begin, end in _minutes(part.span)):
            fields.fault(
                part.line,
                "station.quiet",
                f"{part.id} lies within the quiet hours: nothing of it could be played",
                "give it other hours, or delete it",
            )


def check_overlaps(fields: Fields, day_parts: Sequence[DayPart]) -> None:
    """Report a day part that begins before another ends; once for each pair of neighbours."""
    spans = sorted(
        (begin, end, number) for number, one in enumerate(day_parts) for begin, end in _spans(one)
    )
    told: set[tuple[int, int]] = set()
    last_end, last = 0, -1
    for begin, end, number in spans:
        pair = (min(last, number), max(last, number))
        if begin < last_end and pair not in told:
            told.add(pair)
            first, second = day_parts[pair[0]], day_parts[pair[1]]
            day = Weekday(begin // DAY).name.capitalize()
            fields.fault(
                second.line,
                "station.day-part",
                f"{second.id} overlaps {first.id} of line {first.line}: "
                f"both hold {day}, {sixtieths(begin % DAY)}",
                "let one end where the other begins, or give them other days",
            )
        if end > last_end:
            last_end, last = end, number


def check_rotation(fields: Fields, schedule: Schedule) -> None:
    """Report spots that are to be played more often than any day has room for."""
    parts = {part.id: part for part in schedule.day_parts}
    free = _free(schedule)
    for rule in schedule.rotation:
        if not rule.plays_per_day or not set(rule.day_parts) <= parts.keys():
            continue  # was reported
        named = [parts[name] for name in rule.day_parts]
        most = 0
        for day in Weekday:
            if most < rule.plays_per_day:  # else it fits, and no other day need be looked at
                most = max(most, _most_plays(_open_minutes(free, named, day), rule))
        if most < rule.plays_per_day:
            fields.fault(
                rule.line,
                "station.rotation",
                f"{rule.plays_per_day} plays a day, {rule.minutes_apart} minutes apart, do not fit "
                f"into the hours of {rule.series}: {most} do",
                "write fewer plays, fewer minutes apart, or name more day parts",
            )


def _free(schedule: Schedule) -> bytearray:
    """Tell of each minute of the day whether something may be played in it: 1, else 0."""
    free = bytearray(b"\1") * DAY
    for span in schedule.quiet:
        for begin, end in _minutes(span):
            free[begin:end] = bytes(end - begin)
    return free


def _minutes(span: TimeSpan) -> Iterator[tuple[int, int]]:
    """Give the minutes of the day from which and to which a span lasts; midnight parts it."""
    end = span.begin + span.minutes
    yield span.begin, min(end, DAY)
    if end > DAY:
        yield 0, end - DAY


def _spans(part: DayPart) -> Iterator[tuple[int, int]]:
    """Give the minutes of the week from which and to which a part lasts; Sunday night is cut."""
    for day in part.days:
        begin = day * DAY + part.span.begin
        end = begin + part.span.minutes
        yield begin, min(end, _WEEK)
        if end > _WEEK:
            yield 0, end - _WEEK


def _open_minutes(free: bytearray, parts: Sequence[DayPart], day: Weekday) -> bytearray:
    """Tell of each minute of a day whether spots of some day parts may be played in it."""
    if not parts:
        return free
    held = bytearray(DAY)
    for part in parts:
        for begin, end in _spans(part):
            first, last = max(begin - day * DAY, 0), min(end - day * DAY, int(DAY))
            if first < last:
                held[first:last] = free[first:last]
    return held


def _most_plays(minutes: bytearray, rule: SpotRule) -> int:
    """Count the plays that fit, each as early as it may be: no other choice gives more."""
    count = 0
    minute = minutes.find(1)
    while minute >= 0:
        count += 1
        minute = minutes.find(1, minute + rule.minutes_apart)
    return count
