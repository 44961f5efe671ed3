"""The documents of a catalogue: feeds with their pages, JSON Feeds, and the list of all."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from feeds.channel import ChannelKind, FeedChannel
from feeds.documents import FeedDocument as Document
from feeds.documents import documents_of, json_url
from feeds.item_texts import ItemTexts
from feeds.json_feed import MEDIA_TYPE as JSON_TYPE
from feeds.json_feed import JsonFeed
from feeds.opml import MEDIA_TYPE as OPML_TYPE
from feeds.opml import Outline, render_opml
from feeds.pages.addresses import OPML
from feeds.paging import page_url
from feeds.rss import RssFeed
from production.catalogue import Catalogue
from production.catalogue_feeds import own_name
from production.catalogue_words import feed_words
from programme.collecting import no_collecting
from programme.units import Key

FEED_TYPE = "application/rss+xml; charset=utf-8"


class FeedDocument(NamedTuple):
    """One finished document beside the pages: a feed, a page of one, or the list of all."""

    key: Key
    media_type: str
    data: bytes


def feed_documents(catalogue: Catalogue) -> Iterator[FeedDocument]:
    """Render every document, one after the other: take each away before the next, they are many.

    They come in the order of time, oldest pages first, whichever feed they belong to, so that an
    item is written once for all its feeds without keeping every item. What names other documents
    comes after them: feeds after their pages, then the publisher's feed and the list.

    Raises:
        ProductionError: a text or an address cannot stand in a feed; names feed, item and field.
    """
    with no_collecting():
        writer = _Writer(catalogue.network.base_url)
        found = [one for channel in catalogue.channels for one in documents_of(channel)]
        pages = [one for one in found if one.number]
        # Sorting keeps the order of feeds where pages end at one moment.
        for page in sorted(pages, key=lambda one: one.items[0].published_at):
            yield from writer.write(page)
        for head in found:
            if not head.number:
                yield from writer.write(head)
        if catalogue.publisher is not None:
            yield from writer.write(next(documents_of(catalogue.publisher)))
            yield FeedDocument(OPML, OPML_TYPE, _opml(catalogue, catalogue.publisher))


class _Writer:
    """Writes documents of all feeds, what they share only once."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._texts = ItemTexts()
        self._feeds: dict[str, tuple[RssFeed, JsonFeed]] = {}

    def write(self, document: Document) -> Iterator[FeedDocument]:
        """Give it as RSS and as JSON Feed."""
        channel = document.channel
        feeds = self._feeds.get(channel.feed_url)
        if feeds is None:
            feeds = RssFeed(channel, self._texts), JsonFeed(channel, self._texts)
            self._feeds[channel.feed_url] = feeds
        rss, json = feeds
        url = page_url(channel.feed_url, document.number)
        yield FeedDocument(self._key(url), FEED_TYPE, rss.render(document))
        yield FeedDocument(self._key(json_url(url)), JSON_TYPE, json.render(document))

    def _key(self, url: str) -> Key:
        return Key(url.removeprefix(self._base_url))


def _opml(catalogue: Catalogue, publisher: FeedChannel) -> bytes:
    network = catalogue.network
    source = network.source_language
    return render_opml(
        feed_words("list_title", source, source, network=network.name),
        _outlines(catalogue.channels),
        owner_email=network.role_address,
        changed_at=publisher.changed_at,
    )


def _outlines(channels: Sequence[FeedChannel]) -> list[Outline | FeedChannel]:
    """Nest feeds by language: everything first, then series, then topics; then stations."""
    by_language: dict[str, list[FeedChannel]] = {}
    stations: list[FeedChannel] = []
    for channel in channels:
        alone = channel.kind is ChannelKind.STATION
        (stations if alone else by_language.setdefault(channel.language, [])).append(channel)
    order = (ChannelKind.LANGUAGE, ChannelKind.SERIES, ChannelKind.TOPIC)
    found: list[Outline | FeedChannel] = []
    for tag, inside in by_language.items():
        inside.sort(key=lambda one: order.index(one.kind))
        title = own_name(inside[0].language)
        found.append(Outline(title=title, language=tag, inside=tuple(inside)))
    return [*found, *stations]
