"""What stands for an item of a feed among the values of a page or a document: a digest of it all.

Ten thousand are asked for at each publish, of which a few changed. ``repr`` of a dataclass takes
most of the time, so values are told field by field.
"""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from hashlib import sha256
from operator import attrgetter
from typing import Any

from feeds.channel import FeedItem

_HOLDS_VALUES = ("enclosure", "alternates", "transcripts", "sources", "chapters")
_NEXT = "\0"
"""Between values. No text of a page or a feed may hold it; one that does is told otherwise."""

_own = attrgetter(*(one.name for one in fields(FeedItem) if one.name not in _HOLDS_VALUES))
_held = attrgetter(*_HOLDS_VALUES)


class ItemDigests:
    """Gives digests of the items of one catalogue; feeds ask first, then pages, once for each."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: dict[int, tuple[FeedItem, bytes]] = {}

    def of(self, item: FeedItem) -> bytes:
        """Give the digest of an item that may be asked for again."""
        known = self._known.get(id(item))
        if known is None:
            # The item is kept, so that no other gets its number.
            known = self._known[id(item)] = item, item_digest(item)
        return known[1]

    def last_of(self, item: FeedItem) -> bytes:
        """Give the digest of an item that is not asked for again."""
        known = self._known.pop(id(item), None)
        return item_digest(item) if known is None else known[1]


def item_digest(item: FeedItem) -> bytes:
    """Give the SHA-256, 32 bytes, of every field of an item."""
    enclosure, *groups = _held(item)
    values = list(_own(item))
    for group in ((enclosure,) if enclosure else (), *groups):
        values.append(len(group))
        for one in group:
            values += _fields(one)
    told = _NEXT.join(map(str, values))
    # What no page can hold is refused when it is rendered, not here; and is nobody's double.
    if told.count(_NEXT) >= len(values):
        told = repr(values)
    return sha256(told.encode("utf-8", "surrogatepass")).digest()


@cache
def _getter(kind: Any) -> Callable[[object], tuple[object, ...]]:  # noqa: ANN401 - a dataclass
    return attrgetter(*(one.name for one in fields(kind)))


def _fields(value: object) -> tuple[object, ...]:
    """Give a dataclass's values in the order of its fields."""
    kind: Any = type(value)
    return _getter(kind)(value)
