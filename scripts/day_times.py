"""Times as stations write them: spans of a day or of an hour, and days of the week.

A span of the day is 22:00-06:00, hours and minutes; one of an hour is 04:30-10:00, minutes and
seconds; days are mon, monday, mon-fri, weekdays or weekend.
"""

import re

from programme.schedules import EVERY_DAY, MinuteOfDay, SecondOfHour, TimeSpan, Weekday
from scripts.fields import Fields
from scripts.nodes import Text
from scripts.wording import did_you_mean, shown

_SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-\u2013]\s*([0-9]{1,2}):([0-9]{2})\Z")
_WEEKEND = frozenset({Weekday.SATURDAY, Weekday.SUNDAY})
_DAYS = {day.name.lower(): frozenset({day}) for day in Weekday}
_SHORT = {name[:3]: days for name, days in _DAYS.items()}
_GROUPS = {"weekdays": EVERY_DAY - _WEEKEND, "weekend": _WEEKEND, "daily": EVERY_DAY}
_WORDS = {**_DAYS, **_SHORT, **_GROUPS}

_DAY_FORM = "write hours and minutes, such as 22:00-06:00"
_HOUR_FORM = "write minutes and seconds of the hour, such as 04:30-10:00"


def parse_day_span(text: str) -> TimeSpan | None:
    """Give a span of the day; None for what is none, such as 25:00-26:00 or 24:00-06:00."""
    found = _numbers(text)
    if found is None:
        return None
    begin, end = found
    if begin >= 24 * 60 or end > 24 * 60:
        return None
    return TimeSpan(MinuteOfDay(begin), MinuteOfDay(end))


def parse_hour_span(text: str) -> tuple[SecondOfHour, SecondOfHour] | None:
    """Give a span of an hour that ends after it begins, at 60:00 at the latest; None for none."""
    found = _numbers(text)
    if found is None or not found[0] < found[1] <= 60 * 60:
        return None
    return SecondOfHour(found[0]), SecondOfHour(found[1])


def _numbers(text: str) -> tuple[int, int] | None:
    """Give both ends in the smaller unit; None where a smaller one is 60 or more."""
    match = _SPAN.match(text.strip())
    if match is None:
        return None
    high, low, till_high, till_low = (int(one) for one in match.groups())
    if low >= 60 or till_low >= 60:
        return None
    return high * 60 + low, till_high * 60 + till_low


def check_day_span(fields: Fields, key: str, found: Text) -> TimeSpan | None:
    """Give a text that must be a span of the day; None for one that was reported."""
    span = parse_day_span(found.value)
    if span is None:
        problem = f"{key}: {shown(found.value)} is no time of the day"
        fields.fault(found.line, "station.time", problem, _DAY_FORM)
    return span


def hour_span(fields: Fields, key: str) -> tuple[SecondOfHour, SecondOfHour] | None:
    """Give a span of the hour; None where it is missing or wrong, which is reported."""
    found = fields.written(key, required=True)
    if found is None:
        return None
    span = parse_hour_span(found.value)
    if span is None:
        problem = f"{key}: {shown(found.value)} is no time of an hour"
        fields.fault(found.line, "station.time", problem, _HOUR_FORM)
    return span


def weekdays(fields: Fields, key: str) -> frozenset[Weekday]:
    """Give days of the week; every day where none is named."""
    texts = fields.texts(key)
    found: set[Weekday] = set()
    for text in texts:
        word = text.value.strip().lower()
        days = _WORDS.get(word) or _range(word)
        if days is None:
            remedy = did_you_mean(word, _WORDS, "write mon, tue, mon-fri, weekdays or weekend")
            problem = f"{key}: {shown(text.value)} is no day of the week"
            fields.fault(text.line, "station.time", problem, remedy)
        else:
            found |= days
    return frozenset(found) if texts else EVERY_DAY


def _range(word: str) -> frozenset[Weekday] | None:
    """Give the days of ``mon-fri``; past Sunday where the first comes later."""
    first, dash, last = word.partition("-")
    begin, end = ({**_DAYS, **_SHORT}.get(one.strip()) for one in (first, last))
    if not dash or begin is None or end is None:
        return None
    (start,), (stop,) = begin, end
    return frozenset(Weekday((start + n) % 7) for n in range((stop - start) % 7 + 1))
