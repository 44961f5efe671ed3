"""Renders a feed: RSS 2.0 with the itunes, podcast and atom namespaces. The one home of feedgen.

feedgen writes the core of the channel; what it cannot write or does wrongly, and the items, are
written beside it (``feeds.podcast_namespace``, ``feeds.item_texts``): it drops atom links, takes
no ``itunes:explicit``, sets the process's locale for each date, and needs 180 microseconds and
17 kB for an item. Nothing that it is asked for here touches the locale or the clock, so feeds may
be rendered in threads, and the same channel gives the same bytes everywhere.

Descriptions are read as HTML by players (RSS 2.0, description), so plain text goes in escaped;
titles are plain text (RSS Advisory Board, best practices profile).
"""

from datetime import UTC, datetime

import feedgen.feed
from lxml import etree

from feeds.channel import FeedChannel
from feeds.channel_checks import check_channel
from feeds.documents import FeedDocument, documents_of
from feeds.item_texts import ItemTexts
from feeds.podcast_namespace import NAMESPACES, channel_tags
from feeds.wellformed import as_html
from programme.languages import language

_REST = b"<rest/>"
"""Stands where the rest of the channel goes; in words, it would be escaped."""


class _Unwritten(datetime):
    """A date that counts as none, so that feedgen writes nothing and leaves the locale alone.

    feedgen sets lastBuildDate to the clock in its constructor and cannot unset it.
    """

    def __bool__(self) -> bool:
        return False


class _Core:
    """Adds the namespaces to what feedgen writes, and marks where the rest goes."""

    def extend_ns(self) -> dict[str, str]:
        return NAMESPACES

    def extend_rss(self, rss: etree._Element) -> etree._Element:
        etree.SubElement(rss[0], "rest")
        return rss


def render_feed(channel: FeedChannel) -> bytes:
    """Give a feed's own document as XML in UTF-8: newest item first, then by guid.

    Raises:
        ProductionError: a text or an address cannot stand in a feed; names item and field.
        ValueError: a date has no time zone, or a sibling is the channel itself.
        KeyError: the language is not listed in languages.toml.
    """
    return RssFeed(channel, ItemTexts()).render(next(documents_of(channel)))


class RssFeed:
    """Renders the documents of one feed; raises what ``render_feed`` raises."""

    def __init__(self, channel: FeedChannel, texts: ItemTexts) -> None:
        """Write what all its documents begin and end with.

        Args:
            channel: the feed.
            texts: keeps what was written of items that stand in several feeds.
        """
        check_channel(channel)
        self._texts = texts
        self._before, self._after = _core(channel).split(_REST)

    def render(self, document: FeedDocument) -> bytes:
        """Give one of its documents as XML in UTF-8."""
        tags = "\n".join(channel_tags(document)).encode("utf-8")
        items = [self._texts.rss(item, document.channel) for item in document.items]
        return b"".join((self._before, tags, b"\n", *items, self._after))


def _core(channel: FeedChannel) -> bytes:
    """Give what feedgen writes of a channel, with ``_REST`` where the rest goes."""
    feed = feedgen.feed.FeedGenerator()
    feed.load_extension("podcast")
    feed.register_extension("altavoz", _Core, atom=False)
    feed.title(channel.title)
    feed.description(as_html(channel.description.strip()))
    feed.link(href=channel.link)
    feed.language(language(channel.language).feed_tag)
    feed.generator("Altavoz")  # no version: an upgrade must not send every feed again
    feed.lastBuildDate(_Unwritten(1970, 1, 1, tzinfo=UTC))
    feed.podcast.itunes_author(channel.author)
    feed.podcast.itunes_owner(name=channel.author, email=channel.owner_email)
    feed.podcast.itunes_type("episodic")
    names = ("cat", "sub")
    feed.podcast.itunes_category(dict(zip(names, channel.category, strict=False)))
    if channel.image_url:
        feed.image(url=channel.image_url, title=channel.title, link=channel.link)
    return bytes(feed.rss_str(pretty=True))
