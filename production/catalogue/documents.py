"""The documents of a catalogue: feeds with their pages, JSON Feeds, and the list of all."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from feeds.channel import ChannelKind, FeedChannel, ItemState
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
from feeds.version import feeds_version
from production.catalogue.catalogue import Catalogue
from production.catalogue.feeds import own_name
from production.catalogue.words import feed_words
from programme.collecting import no_collecting
from programme.digests import digest_bytes, digest_text
from programme.units import Fingerprint, Key

FEED_TYPE = "application/rss+xml; charset=utf-8"


class FeedDocument(NamedTuple):
    """One finished document beside the pages: a feed, a page of one, or the list of all."""

    key: Key
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDraft:
    """One document that is not written yet."""

    key: Key
    media_type: str
    fingerprint: Fingerprint
    """Of all that stands in it, and of what writes it."""
    render: Callable[[], bytes]
    """Gives its bytes; the sooner after it came, the cheaper."""

    def document(self) -> FeedDocument:
        """Write it."""
        return FeedDocument(self.key, self.media_type, self.render())


def feed_documents(catalogue: Catalogue) -> Iterator[FeedDocument]:
    """Render every document, one after the other: take each away before the next, they are many.

    They come in the order of time, oldest pages first, whichever feed they belong to, so that an
    item is written once for all its feeds without keeping every item. What names other documents
    comes after them: feeds after their pages, then the publisher's feed and the list.

    Raises:
        ProductionError: a text or an address cannot stand in a feed; names feed, item and field.
    """
    with no_collecting():
        writer = _Writer(catalogue)
        for document in _in_time(catalogue):
            for name, media_type, render in writer.ways(document):
                yield FeedDocument(name, media_type, render())
        if catalogue.publisher is not None:
            yield FeedDocument(OPML, OPML_TYPE, _opml(catalogue, catalogue.publisher))


def feed_drafts(catalogue: Catalogue) -> Iterator[FeedDraft]:
    """Give every document in the order of ``feed_documents``, with what tells it from others.

    Raises:
        ProductionError: while rendering: as ``feed_documents``.
    """
    with no_collecting():
        writer = _Writer(catalogue)
        told = _Fingerprints(catalogue)
        for document in _in_time(catalogue):
            made_of = told.document(document)
            for key, media_type, render in writer.ways(document):
                yield FeedDraft(key=key, media_type=media_type, fingerprint=made_of, render=render)
        if catalogue.publisher is not None:
            data = _opml(catalogue, catalogue.publisher)
            yield FeedDraft(
                key=OPML,
                media_type=OPML_TYPE,
                fingerprint=Fingerprint(digest_bytes(data)),
                render=lambda: data,
            )


def _in_time(catalogue: Catalogue) -> Iterator[Document]:
    found = [one for channel in catalogue.channels for one in documents_of(channel)]
    pages = [one for one in found if one.number]
    # Sorting keeps the order of feeds where pages end at one moment.
    yield from sorted(pages, key=lambda one: one.items[0].published_at)
    yield from (head for head in found if not head.number)
    if catalogue.publisher is not None:
        yield next(documents_of(catalogue.publisher))


class _Fingerprints:
    """Tells documents apart without writing them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._items = catalogue.digests
        self._channels: dict[str, str] = {}

    def document(self, document: Document) -> Fingerprint:
        """Give the fingerprint of a document, in whichever format."""
        channel = document.channel
        about = self._channels.get(channel.feed_url)
        if about is None:
            live = any(item.state is ItemState.LIVE for item in channel.items)
            bare = replace(channel, items=(), pages=())
            about = digest_text(f"{feeds_version()} {bare!r} {live}")
            self._channels[channel.feed_url] = about
        told = f"{about} {document.number} {document.changed_at!r} {document.links!r} "
        items = b"".join(map(self._items.of, document.items))
        return Fingerprint(digest_bytes(told.encode("utf-8", "backslashreplace") + items))


class _Writer:
    """Writes documents of all feeds, what they share only once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._base_url = catalogue.network.base_url
        self._texts = ItemTexts()
        self._feeds: dict[str, tuple[RssFeed, JsonFeed]] = {}

    def ways(self, document: Document) -> Iterator[tuple[Key, str, Callable[[], bytes]]]:
        """Give it as RSS and as JSON Feed: key, media type, and what writes it."""
        url = page_url(document.channel.feed_url, document.number)
        yield self._key(url), FEED_TYPE, partial(self._rss, document)
        yield self._key(json_url(url)), JSON_TYPE, partial(self._json, document)

    def _rss(self, document: Document) -> bytes:
        return self._both(document.channel)[0].render(document)

    def _json(self, document: Document) -> bytes:
        return self._both(document.channel)[1].render(document)

    def _both(self, channel: FeedChannel) -> tuple[RssFeed, JsonFeed]:
        feeds = self._feeds.get(channel.feed_url)
        if feeds is None:
            feeds = RssFeed(channel, self._texts), JsonFeed(channel, self._texts)
            self._feeds[channel.feed_url] = feeds
        return feeds

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
