"""What stands in each document of a feed: the feed's own, number 0, and pages of older items."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from feeds.channel import FeedChannel, FeedItem


def items_of(channel: FeedChannel, number: int) -> list[FeedItem]:
    """Give the items of one document, newest first, then by guid."""
    return newest_first(item for item in channel.items if item.page == number)


def items_by_page(channel: FeedChannel) -> Mapping[int, list[FeedItem]]:
    """Give the items of every document, newest first; the feed's own is always among them."""
    found: dict[int, list[FeedItem]] = {0: [], **{page.number: [] for page in channel.pages}}
    for item in channel.items:
        found[item.page].append(item)
    return {number: newest_first(items) for number, items in found.items()}


def newest_first(items: Iterator[FeedItem] | list[FeedItem]) -> list[FeedItem]:
    """Put items in the order in which feeds give them: newest first, then by guid."""
    return sorted(items, key=lambda item: (-item.published_at.timestamp(), item.guid))


def changed_at(channel: FeedChannel, number: int) -> datetime:
    """Give when the content of one document last changed.

    Raises:
        StopIteration: the feed has no such page.
    """
    if not number:
        return channel.changed_at
    return next(page.changed_at for page in channel.pages if page.number == number)


def json_url(url: str) -> str:
    """Give the address of the JSON Feed beside a feed or a page of it."""
    return url.removesuffix(".xml") + ".json"
