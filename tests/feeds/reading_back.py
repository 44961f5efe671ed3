"""Ways to read a feed back, and a channel with one item changed."""

import dataclasses

import feedparser
from lxml import etree

from feeds.channel import FeedChannel

NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}


def texts(root: etree._Element, path: str) -> list[str]:
    found = root.xpath(path, namespaces=NS)
    assert isinstance(found, list)
    return [str(value) for value in found]


def with_item(channel: FeedChannel, **changes: object) -> FeedChannel:
    item = dataclasses.replace(channel.items[0], **changes)  # type: ignore[arg-type]
    return dataclasses.replace(channel, items=(item,))


def loosely_parsed(xml: bytes) -> feedparser.FeedParserDict:
    parsed = feedparser.parse(xml, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, parsed.bozo_exception
    return parsed
