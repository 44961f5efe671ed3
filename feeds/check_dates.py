"""Dates of a feed: RFC 2822 section 3.3, as the strictest players read them.

A feed names a day in English, the right one, with four digits of the year and a zone.
"""

import re
from datetime import UTC, datetime, timedelta

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_ZONES_H = {
    "UT": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7,
}  # fmt: skip
"""Zones that RFC 822 names; the others tell nothing."""
_NOTHING = timedelta()
_DAY = timedelta(days=1)
_DATE = re.compile(
    r"(?:([A-Z][a-z]{2}), )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? "
    r"([+-]\d{4}|[A-Z]{1,3})\Z",
    re.ASCII,
)
_LOOSE = re.compile(
    r"(?:[^\d,]{2,20},?\s*)?\d{1,2}[\s-]+(?P<month>[^\d\s-]{3,20})[\s-]+(?P<year>\d{2,4})\b"
    r"(?P<rest>.{0,60})\Z",
    re.DOTALL,
)


def read_date(text: str) -> tuple[datetime | None, str, str]:
    """Give the moment in UTC, the rule that the text breaks, and what is wrong.

    The moment is None where a strict reader finds none; rule and words are empty for a good date.
    """
    found = _DATE.match(text)
    if found is None:
        return None, *_what_is_wrong(text)
    day_name, day, month_name, year, hour, minute, second, zone = found.groups()
    month, away = _MONTHS.get(month_name), _away(zone)
    if month is None:
        return None, "feed-date.name", f"{month_name} is no month in English"
    if away is None:
        return None, "feed-date.zone", f"{zone} is no zone that every player knows"
    try:
        moment = datetime(
            int(year), month, int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC
        )
        right = _DAYS[moment.weekday()]
        if away:
            moment -= away
    except (ValueError, OverflowError):
        return None, "feed-date.form", f"there is no such moment: {text}"
    return moment, *_day_is_right(day_name, right, text)


def _day_is_right(day_name: str | None, right: str, text: str) -> tuple[str, str]:
    if day_name is None or day_name == right:
        return "", ""
    if day_name not in _DAYS:
        return "feed-date.name", f"{day_name} is no day in English"
    return "feed-date.weekday", f"{text[5:16]} is a {right}, not a {day_name}"


def _away(zone: str) -> timedelta | None:
    """Give how far a zone is ahead of UTC; None where nobody knows."""
    if zone == "+0000":
        return _NOTHING
    if zone[0] not in "+-":
        hours = _ZONES_H.get(zone)
        return None if hours is None else timedelta(hours=hours)
    away = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
    if zone == "-0000" or away >= _DAY:
        return None  # RFC 2822 section 3.3: the zone is unknown
    return away if zone[0] == "+" else -away


def _what_is_wrong(text: str) -> tuple[str, str]:
    said = ascii(text[:60])
    loose = _LOOSE.match(text)
    if loose is None:
        return "feed-date.form", f"{said} is no date of RFC 2822"
    if len(loose["year"]) == 2:
        return "feed-date.year", f"{said} has a year of two digits"
    if loose["month"].rstrip(".") not in _MONTHS:
        return "feed-date.name", f"{said} is not written in English"
    if ":" in loose["rest"] and not re.search(r"[A-Za-z]|[+-]\d{4}", loose["rest"]):
        return "feed-date.zone", f"{said} has no zone"
    return "feed-date.form", f"{said} is no date of RFC 2822"
