"""Fingerprints of pages: of all that stands in one, without rendering it.

Ten thousand pages are asked for at each publish, of which a few changed. ``repr`` of a dataclass
takes most of the time, so values are told by their fields.
"""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

from feeds.channel import FeedItem
from feeds.pages.entries import Entry
from programme.digests import digest_text
from programme.units import Digest, Fingerprint, Key

_HOLDS_VALUES = ("enclosure", "alternates", "transcripts", "sources", "chapters")
_own = attrgetter(*(one.name for one in fields(FeedItem) if one.name not in _HOLDS_VALUES))
_held = attrgetter(*_HOLDS_VALUES)


class Fingerprints:
    """Tells pages of one target apart; what an episode shows is read once for all its pages."""

    def __init__(self, shared: str) -> None:
        """Take what all pages show, and what makes them."""
        self._shared = digest_text(shared)
        self._entries: dict[Key, Digest] = {}

    def page(self, key: Key, *shown: object) -> Fingerprint:
        """Give the fingerprint of a page that shows values of any kind."""
        return Fingerprint(digest_text(f"{self._shared} {key} {shown!r}"))

    def entry(self, entry: Entry) -> Digest:
        """Give what stands for an episode among the values that a page shows."""
        found = self._entries.get(entry.key)
        if found is None:
            items = [entry.item, *entry.earlier, *([entry.notice] if entry.notice else [])]
            told = [_told(item) for item in items]
            around = (entry.tag, entry.series_title, len(entry.earlier))
            found = self._entries[entry.key] = digest_text(f"{around!r} {told!r}")
        return found


def _told(item: FeedItem) -> tuple[object, ...]:
    enclosure, *groups = _held(item)
    groups.append(() if enclosure is None else (enclosure,))
    return _own(item), [[_fields(one) for one in group] for group in groups]


@cache
def _getter(kind: Any) -> Callable[[object], tuple[object, ...]]:  # noqa: ANN401 - a dataclass
    return attrgetter(*(one.name for one in fields(kind)))


def _fields(value: object) -> tuple[object, ...]:
    """Give a dataclass's values in the order of its fields."""
    kind: Any = type(value)
    return _getter(kind)(value)
