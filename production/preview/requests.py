"""What a request for a part, or for news, asks of a file: RFC 9110, clauses 13 and 14.

Pure: headers and a file's validators in, the answer's status and stretch out. What podcast
programs send was watched: gPodder and newsboat ask with If-None-Match and If-Modified-Since;
whoever resumes a download (gPodder, podget, wget, curl) sends Range without If-Range.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

_RANGE = re.compile(r"bytes=\s*(?P<first>[0-9]*)-(?P<last>[0-9]*)\s*\Z", re.ASCII | re.IGNORECASE)
_TAGS = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')

_DIGITS = 18
"""A position of more digits lies behind the end of every file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What tells one state of a file from another."""

    etag: str
    """Strong, with its quotes: from the content."""
    modified: datetime
    """Aware, in whole seconds; never later than the answer is given."""
    length: int
    """Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a request is answered."""

    status: int
    """200, 206, 304, 412 or 416."""
    start: int = 0
    """First byte that is sent."""
    length: int = 0
    """Bytes that are sent to a GET; a HEAD is told the same number."""


def http_date(moment: datetime) -> str:
    """Give a moment as HTTP writes it (RFC 9110, 5.6.7), whatever the locale."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def judge(
    headers: Mapping[str, str], found: Validators, *, method: str, ranges: bool = True
) -> Verdict:
    """Decide the answer to a GET or HEAD of a file that is there.

    The order is that of RFC 9110, 13.2.2: If-Match, If-Unmodified-Since, If-None-Match,
    If-Modified-Since, If-Range with Range.

    Args:
        headers: of the request, by any case of their names.
        found: the file as it is.
        method: GET or HEAD; only a GET has ranges (14.2).
        ranges: False plays a server that knows no ranges.
    """
    if _is_another(headers, found):
        return Verdict(status=412)
    if _is_known(headers, found):
        return Verdict(status=304)
    whole = Verdict(status=200, length=found.length)
    asked = headers.get("Range")
    if asked is None or method != "GET" or not ranges or not _is_same(headers, found):
        return whole
    return range_of(asked, found.length) or whole


def range_of(asked: str, length: int) -> Verdict | None:
    """Give the stretch that a Range header asks for; None where it is passed over.

    Passed over, as a server may (14.2), are other units than bytes, what cannot be parsed, and
    several ranges at once.
    """
    match = _RANGE.match(asked)
    if match is None:
        return None
    if not match["first"]:
        return _last_bytes(match["last"], length)
    first, last = _position(match["first"]), _position(match["last"])
    if match["last"] and last < first:
        return None
    if first >= length:
        return Verdict(status=416)
    end = min(last, length - 1) if match["last"] else length - 1
    return Verdict(status=206, start=first, length=end - first + 1)


def _last_bytes(count: str, length: int) -> Verdict | None:
    if not count:
        return None
    asked = min(_position(count), length)
    if not asked:
        # of an empty file, its last five bytes are all there is
        return Verdict(status=416) if not _position(count) else None
    return Verdict(status=206, start=length - asked, length=asked)


def _position(digits: str) -> int:
    """Read a number of any length; Python reads no more than 4,300 digits."""
    digits = digits.lstrip("0")
    return int(digits or "0") if len(digits) <= _DIGITS else 10**_DIGITS


def _is_another(headers: Mapping[str, str], found: Validators) -> bool:
    """Tell whether the client asks for a state of the file that is gone."""
    wanted = headers.get("If-Match")
    if wanted is not None:
        return not _names(wanted, found.etag, weak=False)
    since = _date(headers.get("If-Unmodified-Since"))
    return since is not None and found.modified > since


def _is_known(headers: Mapping[str, str], found: Validators) -> bool:
    """Tell whether the client has the file as it is; If-None-Match wins (13.1.3)."""
    held = headers.get("If-None-Match")
    if held is not None:
        return _names(held, found.etag, weak=True)
    since = _date(headers.get("If-Modified-Since"))
    return since is not None and found.modified <= since


def _is_same(headers: Mapping[str, str], found: Validators) -> bool:
    """Tell whether the part that the client has is of this state; True where it does not ask."""
    held = headers.get("If-Range")
    if held is None:
        return True
    held = held.strip()
    return held == found.etag if held.endswith('"') else _date(held) == found.modified


def _names(header: str, etag: str, *, weak: bool) -> bool:
    """Tell whether a list of entity tags names this one (8.8.3.2)."""
    if header.strip() == "*":
        return True
    return any(
        match[1] == etag and (weak or not match[0].startswith("W/"))
        for match in _TAGS.finditer(header)
    )


def _date(header: str | None) -> datetime | None:
    """Read a date; None where it is none, which a server passes over."""
    if header is None:
        return None
    try:
        moment = parsedate_to_datetime(header)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
