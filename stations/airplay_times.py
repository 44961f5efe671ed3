"""Dates and times as station programs write them; nothing is guessed where two days are meant."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from enum import StrEnum


class DateOrder(StrEnum):
    """Which of two numbers is the day where a date begins with neither its year."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_OTHER = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
_TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*([ap])?\.?(m\.?)?", re.ASCII | re.IGNORECASE
)
_ZONE = re.compile(r"\s*(?:Z|UTC|[+-]\d{2}:?\d{2})\Z", re.ASCII | re.IGNORECASE)
_LONGEST = 64
"""Characters; whatever is longer is no time."""


def order_of(texts: Iterable[str]) -> DateOrder | None:
    """Tell how a whole log writes its dates; None where no row of it shows that."""
    for text in texts:
        match = _OTHER.match(text.strip()[:_LONGEST])
        if match is None:
            continue
        if match[2] == ".":
            return DateOrder.DAY_FIRST  # nobody writes the month first with full stops
        if int(match[1]) > 12:
            return DateOrder.DAY_FIRST
        if int(match[3]) > 12:
            return DateOrder.MONTH_FIRST
    return None


def read_moment(text: str, order: DateOrder | None) -> datetime:
    """Read a date with its time; a zone behind them is the station's own and is left out.

    Raises:
        ValueError: it is none, or it may be two days; the message says which.
    """
    day_text, _, time_text = _split(text)
    if not time_text:
        raise ValueError(f"«{_shown(text)}» has no time")
    return datetime.combine(read_day(day_text, order), read_time(time_text))


def read_day(text: str, order: DateOrder | None) -> date:
    """Read a date.

    Raises:
        ValueError: it is none, or it may be two days; the message says which.
    """
    text = text.strip()[:_LONGEST]
    match = _ISO.fullmatch(text)
    if match is not None:
        return _day(int(match[1]), int(match[2]), int(match[3]), text)
    match = _OTHER.fullmatch(text)
    if match is None:
        raise ValueError(f"«{_shown(text)}» is no date")
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if order is None and first != second:
        raise ValueError(f"«{_shown(text)}» may be two days: say --dates dmy or --dates mdy")
    if order is DateOrder.MONTH_FIRST:
        first, second = second, first
    return _day(year, second, first, text)


def read_time(text: str) -> time:
    """Read a time of the day, also as 3:05 pm; parts of a second are left out.

    Raises:
        ValueError: it is none.
    """
    text = _ZONE.sub("", text.strip()[:_LONGEST])
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"«{_shown(text)}» is no time")
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    half = (match[4] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"«{_shown(text)}» is no time")
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, minute, second)
    except ValueError as error:
        raise ValueError(f"«{_shown(text)}» is no time") from error


def _split(text: str) -> tuple[str, str, str]:
    text = text.strip()[:_LONGEST]
    mark = "T" if re.match(r"\d{4}-\d{2}-\d{2}T", text) else " "
    return text.partition(mark)


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise ValueError(f"«{_shown(text)}» is no date") from error
    if not 2000 <= found.year <= 2099:
        raise ValueError(f"«{_shown(text)}» is a date of another century")
    return found


def _shown(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text[:40])
