"""What stands in each document of a feed: the feed's own, number 0, and pages of older items."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from feeds.channel import FeedChannel, FeedItem


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """One document of a feed, before it is written."""

    channel: FeedChannel
    number: int
    """Of the page, counted from the oldest, from 1; 0 for the feed's own document."""
    items: tuple[FeedItem, ...]
    """Newest first, then by guid."""
    changed_at: datetime


def documents_of(channel: FeedChannel) -> Iterator[FeedDocument]:
    """Give every document of a feed, its own first, then pages from the oldest."""
    paged = {item.guid for page in channel.pages for item in page.items}
    yield FeedDocument(
        channel=channel,
        number=0,
        items=newest_first(item for item in channel.items if item.guid not in paged),
        changed_at=channel.changed_at,
    )
    for page in channel.pages:
        yield FeedDocument(
            channel=channel,
            number=page.number,
            items=newest_first(page.items),
            changed_at=page.changed_at,
        )


def newest_first(items: Iterable[FeedItem]) -> tuple[FeedItem, ...]:
    """Put items in the order in which feeds give them: newest first, then by guid."""
    return tuple(sorted(items, key=lambda item: (-item.published_at.timestamp(), item.guid)))


def json_url(url: str) -> str:
    """Give the address of the JSON Feed beside a feed or a page of it."""
    return url.removesuffix(".xml") + ".json"
