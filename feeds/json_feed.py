"""Renders a feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), beside its RSS.

It has the pages of the RSS, each naming the next by ``next_url``.
"""

from typing import Any

from feeds.channel import FeedChannel, ItemState
from feeds.channel_checks import check_channel
from feeds.documents import FeedDocument, json_url
from feeds.item_texts import ItemTexts, compact
from feeds.paging import page_url

VERSION = "https://jsonfeed.org/version/1.1"
MEDIA_TYPE = "application/feed+json"


class JsonFeed:
    """Renders the documents of one feed."""

    def __init__(self, channel: FeedChannel, texts: ItemTexts) -> None:
        """Judge what all its documents say of the feed.

        Args:
            channel: the feed.
            texts: keeps what was written of items that stand in several feeds.

        Raises:
            ProductionError: a text or an address cannot stand in a feed; names feed and field.
        """
        check_channel(channel)
        self._texts = texts

    def render(self, document: FeedDocument) -> bytes:
        """Give one of its documents in UTF-8: newest item first, then by guid.

        Raises:
            ProductionError: a text or an address cannot stand in a feed; names item and field.
        """
        fields = compact(_fields(document))[:-1].encode("utf-8")
        items = [self._texts.json(item, document.channel) for item in document.items]
        return b'%b,"items":[\n%b\n]}\n' % (fields, b",\n".join(items))


def _fields(document: FeedDocument) -> dict[str, Any]:
    channel, number = document.channel, document.number
    feed_url = page_url(channel.feed_url, number)
    links = dict(document.links)
    found: dict[str, Any] = {
        "version": VERSION,
        "title": channel.title,
        "home_page_url": channel.link,
        "feed_url": json_url(feed_url),
        "description": channel.description,
        "authors": [{"name": channel.author}],
        "language": channel.language,
        "_altavoz": {
            "date_modified": document.changed_at.isoformat(),
            "podcast_guid": channel.podcast_guid,
            "rss": feed_url,
            "licence": channel.licence,
        },
    }
    if channel.image_url:
        found["icon"] = channel.image_url
    if channel.hub_url and not number:
        found["hubs"] = [{"type": "WebSub", "url": channel.hub_url}]
    if "next" in links:
        found["next_url"] = json_url(links["next"])
    if channel.ended and not any(item.state is ItemState.LIVE for item in channel.items):
        found["expired"] = True
    return found
