"""Renders a feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), beside its RSS.

It has the pages of the RSS, each naming the next by ``next_url``.
"""

import json
from typing import Any

from feeds.channel import FeedChannel, ItemState
from feeds.channel_checks import check_channel
from feeds.documents import changed_at, items_by_page, json_url
from feeds.item_texts import ItemTexts
from feeds.paging import page_links, page_url

VERSION = "https://jsonfeed.org/version/1.1"
MEDIA_TYPE = "application/feed+json"


class JsonFeed:
    """Renders the documents of one feed."""

    def __init__(self, channel: FeedChannel, texts: ItemTexts) -> None:
        check_channel(channel)
        self.channel = channel
        self._texts = texts
        self._items = items_by_page(channel)

    def render(self, number: int) -> bytes:
        """Give one document in UTF-8: newest item first, then by guid.

        Args:
            number: of the page; 0 for the feed's own document.

        Raises:
            ProductionError: a text or an address cannot stand in a feed; names item and field.
            KeyError: the feed has no such page.
        """
        fields = json.dumps(
            _fields(self.channel, number), ensure_ascii=False, separators=(",", ":")
        )
        items = [self._texts.json(item, self.channel) for item in self._items[number]]
        inside = ",\n".join(items)
        return f'{fields[:-1]},"items":[\n{inside}\n]}}\n'.encode()


def _fields(channel: FeedChannel, number: int) -> dict[str, Any]:
    feed_url = page_url(channel.feed_url, number)
    links = dict(page_links(channel.feed_url, [page.number for page in channel.pages], number))
    found: dict[str, Any] = {
        "version": VERSION,
        "title": channel.title,
        "home_page_url": channel.link,
        "feed_url": json_url(feed_url),
        "description": channel.description,
        "authors": [{"name": channel.author}],
        "language": channel.language,
        "_altavoz": {
            "date_modified": changed_at(channel, number).isoformat(),
            "podcast_guid": channel.podcast_guid,
            "rss": feed_url,
            "licence": channel.licence,
        },
    }
    if channel.image_url:
        found["icon"] = channel.image_url
    if "next" in links:
        found["next_url"] = json_url(links["next"])
    if channel.ended and not any(item.state is ItemState.LIVE for item in channel.items):
        found["expired"] = True
    return found
