"""Pages of a feed (RFC 5005, section 3): which item stands where, and how pages name each other.

Pages are counted from the oldest, so that a full page never changes by what is new: a page ends
where it has 50 items or is full. The feed's own document holds the last full page and what came
after it, 50 to 99 items where they are short; besides, from whatever page, everything that must
be met by players that read no other document: corrections, withdrawn items and notices.

How full a page is goes by what its items weighed when they first came, which no later change of
a text moves. Only where that would let a document grow too heavy are they weighed anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from programme.units import Url

MOST_ITEMS = 50
"""Items of a full page."""

PAGE_BYTES = 100_000
"""Where a page is full, by the weight of its items."""

MOST_BYTES = 225_000
"""What the items of one document may weigh; 250 kB is fine for players (notes), less the words
about the feed itself: a hundred links to other feeds take 20 kB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The place of one item, for ever, whether it still is in the feed or not."""

    first_bytes: int
    """What its item weighed when it came."""
    bytes: int
    """What it weighs now; 0 where it is not in the feed any more."""
    ahead: bool = False
    """Whether it must stand in the feed's own document."""


def full_pages(slots: Sequence[Slot]) -> list[int]:
    """Give the page on which each item would stand if all pages were full, oldest first."""
    pages = _fill([slot.first_bytes for slot in slots])
    if _heaviest(slots, pages) > MOST_BYTES:
        pages = _fill([max(slot.first_bytes, slot.bytes) for slot in slots])
    return pages


def page_numbers(slots: Sequence[Slot], pages: Sequence[int]) -> list[int]:
    """Give the number of the document of each item; 0 for the feed's own.

    Args:
        slots: of every item that the feed ever had, oldest first.
        pages: theirs, as ``full_pages`` gives them.
    """
    newest = max(pages, default=0)
    if sum(page == newest for page in pages) == MOST_ITEMS:
        newest += 1  # the next item opens it
    for kept in ((newest - 1, newest), (newest,), ()):
        numbers = [
            0 if slot.ahead or page in kept else page
            for slot, page in zip(slots, pages, strict=True)
        ]
        if sum(slot.bytes for slot, n in zip(slots, numbers, strict=True) if not n) <= MOST_BYTES:
            return numbers
    return _newest_ahead(slots, pages)


def _newest_ahead(slots: Sequence[Slot], pages: Sequence[int]) -> list[int]:
    """Keep ahead what fits, where more was withdrawn than one document can tell."""
    numbers = list(pages)
    filled = 0
    for place in range(len(slots) - 1, -1, -1):
        filled += slots[place].bytes if slots[place].ahead else 0
        if slots[place].ahead and filled <= MOST_BYTES:
            numbers[place] = 0
    return numbers


def _heaviest(slots: Sequence[Slot], pages: Sequence[int]) -> int:
    weights: dict[int, int] = {}
    for slot, page in zip(slots, pages, strict=True):
        weights[page] = weights.get(page, 0) + slot.bytes
    return max(weights.values(), default=0)


def _fill(weights: Sequence[int]) -> list[int]:
    """Give each item its page by its weight alone."""
    pages: list[int] = []
    page, items, filled = 1, 0, 0
    for weight in weights:
        if items == MOST_ITEMS or (items and filled + weight > PAGE_BYTES):
            page, items, filled = page + 1, 0, 0
        pages.append(page)
        items, filled = items + 1, filled + weight
    return pages


def page_url(feed_url: Url, number: int) -> Url:
    """Name a page; 0 is the feed itself. Its suffix stays: some programs go by it."""
    if not number:
        return feed_url
    stem, dot, suffix = feed_url.rpartition(".")
    return Url(f"{stem}-p{number:04d}{dot}{suffix}")
