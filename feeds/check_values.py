"""What a value of a feed may look like, by kind: numbers, flags, types, places, moments.

The kinds are those of podcast_tags.toml. Each is a plain test of a text, without memory.
"""

import base64
import re
import uuid
from collections.abc import Callable, Mapping
from types import MappingProxyType

from feeds.check_languages import is_language

_MOST_DIGITS = 18
_WHOLE = re.compile(r"\d{1,18}\Z", re.ASCII)
_NUMBER = re.compile(r"\d{1,18}(?:\.\d{1,18})?\Z", re.ASCII)
_MIME = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*(?:\s*;.{0,200})?\Z"
)
_MAIL = re.compile(r"[^@\s<>()]{1,64}@[^@\s<>()]{1,180}\.[^@\s<>().]{2,63}\Z")
_GEO = re.compile(r"geo:(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)(?:,-?\d+(?:\.\d+)?)?(;.*)?\Z")
_OSM = re.compile(r"[NWR]\d{1,20}(?:#\d+)?\Z", re.ASCII)
_COUNTRY = re.compile(r"[A-Za-z]{2}\Z", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?\Z",
    re.ASCII,
)
_RRULE = re.compile(
    r"(?:(?:FREQ=(?:SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)"
    r"|INTERVAL=\d+|COUNT=\d+|UNTIL=[0-9TZ:.\-]+|WKST=[A-Z]{2}|BY[A-Z]+=[A-Z0-9+,\-]+)(?:;|\Z))+\Z",
    re.ASCII,
)
_SRI = re.compile(
    r"(?:sha256-[A-Za-z0-9+/]{43}=|sha384-[A-Za-z0-9+/]{64}|sha512-[A-Za-z0-9+/]{86}==)"
    r"(?:\?\S*)?(?: |\Z)"
)


def is_count(text: str) -> bool:
    """Tell whether it is a whole number from 1, in ASCII digits."""
    return text.isdigit() and text.isascii() and text[0] != "0" and len(text) <= _MOST_DIGITS


def is_media_type(text: str) -> bool:
    """Tell whether it is a media type (RFC 6838), perhaps with parameters."""
    return bool(_MIME.match(text))


def is_mail(text: str) -> bool:
    """Tell whether it is a mailbox."""
    return bool(_MAIL.match(text))


def is_uuid(text: str) -> bool:
    """Tell whether it is a UUID as it is usually written."""
    try:
        return len(text) == 36 and bool(uuid.UUID(text))
    except ValueError:
        return False


def is_place(text: str) -> bool:
    """Tell whether it is a point on earth (RFC 5870)."""
    found = _GEO.match(text)
    return found is not None and abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180


def read_integrity(text: str) -> tuple[str, bytes] | None:
    """Give the hash function and the digest of an SRI value (https://www.w3.org/TR/sri-2/).

    None where it is none; of several, the first.
    """
    if not _SRI.match(text):
        return None
    name, _, value = text.split(" ", maxsplit=1)[0].partition("?")[0].partition("-")
    return name, base64.b64decode(value)


def _is_moment(text: str) -> bool:
    return bool(_MOMENT.match(text))


KINDS: Mapping[str, tuple[Callable[[str], bool], str]] = MappingProxyType(
    {
        "flag": (lambda text: text in {"true", "false"}, "neither true nor false"),
        "yes": (lambda text: text in {"yes", "no"}, "neither yes nor no"),
        "count": (is_count, "no whole number from 1"),
        "whole": (lambda text: bool(_WHOLE.match(text)), "no whole number"),
        "number": (lambda text: bool(_NUMBER.match(text)), "no number"),
        "mime": (is_media_type, "no media type such as audio/mpeg"),
        "mail": (is_mail, "no mailbox"),
        "language": (is_language, "no language tag of BCP 47"),
        "country": (lambda text: bool(_COUNTRY.match(text)), "no country of two letters"),
        "geo": (is_place, "no point such as geo:14.6349,-90.5069"),
        "osm": (lambda text: bool(_OSM.match(text)), "no place of OpenStreetMap such as R113314"),
        "moment": (_is_moment, "no moment such as 2026-11-23T09:30:00Z"),
        "rrule": (lambda text: bool(_RRULE.match(text)), "no rule such as FREQ=WEEKLY"),
        "uuid": (is_uuid, "no UUID"),
        "sri": (lambda text: bool(_SRI.match(text)), "no hash such as sha256-..."),
    }
)
"""By kind: the test, and how to say that a text fails it."""

LENGTHS: Mapping[str, int] = MappingProxyType({"text32": 32, "text128": 128, "text4000": 4000})
"""Characters that the podcast namespace leaves to a text, by kind."""
