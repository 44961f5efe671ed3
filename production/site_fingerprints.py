"""Fingerprints of pages: of all that stands in one, without rendering it.

Ten thousand pages are asked for at each publish, of which a few changed. ``repr`` of a dataclass
takes most of the time, so values are told field by field.
"""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from hashlib import sha256
from operator import attrgetter
from typing import Any

from feeds.channel import FeedItem
from feeds.pages.entries import Entry
from programme.digests import digest_text
from programme.units import Fingerprint, Key

_HOLDS_VALUES = ("enclosure", "alternates", "transcripts", "sources", "chapters")
_NEXT = "\0"
"""Between values; no text of a page may hold it."""

_own = attrgetter(*(one.name for one in fields(FeedItem) if one.name not in _HOLDS_VALUES))
_held = attrgetter(*_HOLDS_VALUES)


class Fingerprints:
    """Tells pages of one target apart; what an episode shows is read once for all its pages."""

    def __init__(self, shared: str) -> None:
        """Take what all pages show, and what makes them."""
        self._shared = digest_text(shared)
        self._entries: dict[Key, bytes] = {}

    def page(self, key: Key, *shown: object) -> Fingerprint:
        """Give the fingerprint of a page that shows values of any kind."""
        return Fingerprint(digest_text(f"{self._shared} {key} {shown!r}"))

    def has_entry(self, key: Key) -> bool:
        """Tell whether a page shows the episode whose page has this key."""
        return key in self._entries

    def entry(self, entry: Entry) -> bytes:
        """Give what stands for an episode among the values that a page shows."""
        found = self._entries.get(entry.key)
        if found is None:
            items = [entry.item, *entry.earlier, *([entry.notice] if entry.notice else [])]
            around = f"{entry.tag}{_NEXT}{entry.series_title}{_NEXT}{len(entry.earlier)}"
            told = _NEXT.join([around, *map(_told, items)])
            # What no page can hold is refused when it is rendered, not here.
            data = told.encode("utf-8", "backslashreplace")
            found = self._entries[entry.key] = sha256(data).digest()  # half of its letters
        return found


def _told(item: FeedItem) -> str:
    enclosure, *groups = _held(item)
    values = list(_own(item))
    for group in ((enclosure,) if enclosure else (), *groups):
        values.append(len(group))
        for one in group:
            values += _fields(one)
    return _NEXT.join(map(str, values))


@cache
def _getter(kind: Any) -> Callable[[object], tuple[object, ...]]:  # noqa: ANN401 - a dataclass
    return attrgetter(*(one.name for one in fields(kind)))


def _fields(value: object) -> tuple[object, ...]:
    """Give a dataclass's values in the order of its fields."""
    kind: Any = type(value)
    return _getter(kind)(value)
