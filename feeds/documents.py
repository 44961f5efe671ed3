"""What stands in each document of a feed: the feed's own, number 0, and pages of older items."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds.channel import FeedChannel, FeedItem
from feeds.paging import page_url
from programme.units import Url


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """One document of a feed, before it is written."""

    channel: FeedChannel
    number: int
    """Of the page, counted from the oldest, from 1; 0 for the feed's own document."""
    items: tuple[FeedItem, ...]
    """Newest first, then by guid."""
    changed_at: datetime
    links: tuple[tuple[str, Url], ...] = ()
    """Relation and address of its neighbours (RFC 5005, section 3); the feed itself comes first.
    Empty for a feed of one document."""


def documents_of(channel: FeedChannel) -> Iterator[FeedDocument]:
    """Give every document of a feed, its own first, then pages from the oldest."""
    paged = {item.guid for page in channel.pages for item in page.items}
    order = (0, *(page.number for page in reversed(channel.pages)))
    yield FeedDocument(
        channel=channel,
        number=0,
        items=newest_first(item for item in channel.items if item.guid not in paged),
        changed_at=channel.changed_at,
        links=_links(channel.feed_url, order, 0),
    )
    for place, page in enumerate(channel.pages, start=1):
        yield FeedDocument(
            channel=channel,
            number=page.number,
            items=newest_first(page.items),
            changed_at=page.changed_at,
            links=_links(channel.feed_url, order, len(order) - place),
        )


def _links(feed_url: Url, order: Sequence[int], place: int) -> tuple[tuple[str, Url], ...]:
    """Give the neighbours of a document.

    Args:
        feed_url: of the feed's own document.
        order: the numbers of all documents, newest first.
        place: of the document among them.
    """
    if len(order) == 1:
        return ()
    found = [("first", order[0]), ("last", order[-1])]
    if place:
        found.append(("previous", order[place - 1]))
    if place + 1 < len(order):
        found.append(("next", order[place + 1]))
    return tuple((relation, page_url(feed_url, number)) for relation, number in found)


def newest_first(items: Iterable[FeedItem]) -> tuple[FeedItem, ...]:
    """Put items in the order in which feeds give them: newest first, then by guid."""
    return tuple(sorted(items, key=lambda item: (-item.published_at.timestamp(), item.guid)))


def json_url(url: str) -> str:
    """Give the address of the JSON Feed beside a feed or a page of it."""
    return url.removesuffix(".xml") + ".json"
