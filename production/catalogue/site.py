"""The pages beside the feeds: which there are, and which of them changed since the last publish.

A page is known by a fingerprint of all that stands in it, so that one that did not change is
neither rendered nor sent. ``site.json`` at the target keeps the fingerprints; it is written last,
and what a broken publish did not note there is made again.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from feeds.channel import ChannelKind, FeedChannel
from feeds.labels import labels
from feeds.pages.addresses import (
    HOME,
    OPML,
    WORKER,
    episode_key,
    language_key,
    list_key,
    series_key,
    withdrawn_key,
)
from feeds.pages.entries import Entry, entries_of
from feeds.pages.episode import EndedEpisode, EpisodePages, render_ended
from feeds.pages.filling import templates_digest
from feeds.pages.lists import (
    latest,
    newest_of_each,
    render_home,
    render_language,
    render_withdrawn,
    withdrawn_items,
)
from feeds.pages.program import icon, render_states, script, style, worker
from feeds.pages.series import SeriesPages, list_pages, page_of
from feeds.pages.site import Site, check_site
from production.catalogue.catalogue import Catalogue
from production.catalogue.item_digests import ItemDigests
from production.catalogue.site_fingerprints import Fingerprints
from production.releases.history import ReleaseHistory
from production.releases.values import Withdrawing
from programme.collecting import no_collecting
from programme.digests import digest_bytes, digest_text
from programme.errors import ProductionError
from programme.units import Digest, Fingerprint, Key, LanguageTag
from scripts.spoken import print_date, speaks

SITE_KEY = Key("site.json")

PAGE_TYPE = "text/html; charset=utf-8"
SITE_TYPE = "application/json"

ReadWords = Callable[[Key], bytes]
"""Gives a transcript in JSON by its key at the target; called only for pages that are rendered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """One page, or what pages need, not yet rendered."""

    key: Key
    media_type: str
    fingerprint: Fingerprint
    """Of all that stands in it."""
    render: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPage:
    """One page as ``site.json`` knows it."""

    fingerprint: Fingerprint
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class _Channel:
    """A series in a language, with its episodes."""

    feed: FeedChannel
    entries: Sequence[Entry]
    """Newest first."""
    told: Sequence[Entry]
    """Those of them of which other pages may tell: the latest, and what was withdrawn."""


def _channel(feed: FeedChannel) -> _Channel:
    entries = entries_of(feed)
    shown = {one.key for one in latest(entries)}
    told = [one for one in entries if one.key in shown or one.is_withdrawn or one.earlier]
    return _Channel(feed=feed, entries=entries, told=told)


def site_pages(
    catalogue: Catalogue, history: ReleaseHistory, *, today: date, words: ReadWords
) -> Iterator[SitePage]:
    """Give every page, style and program first, then episodes, then what leads to them.

    Args:
        catalogue: everything that can be subscribed to.
        history: of the target, for episodes that left their feeds: they keep a page that says so.
        today: the operator's day; episodes past their date on it are such.
        words: reads the transcript that a page shows.

    Raises:
        ProductionError: while rendering: a text or an address cannot stand in a page.
    """
    network = catalogue.network
    series = [c for c in catalogue.channels if c.kind is ChannelKind.SERIES]
    channels = [_channel(feed) for feed in series]
    languages = tuple(dict.fromkeys(channel.language for channel in series))
    site = Site(
        name=network.name,
        base_url=network.base_url,
        website=network.website,
        licence=network.licence,
        licence_url=network.licence_url,
        languages=tuple(sorted(languages, key=partial(_place, network.languages))),
        opml=network.base_url + OPML if series else "",
        style=style()[0],
        script=script()[0],
        icon=icon()[0],
        print_date=_written,
    )
    check_site(site)
    builder = _Pages(site, words, catalogue.digests)
    with no_collecting():
        yield from builder.programs()
        for channel in channels:
            yield from builder.of_series(channel, channels)
        yield from builder.ended(history, catalogue, today)
        for tag in site.languages:
            yield from builder.of_language(tag, catalogue, channels)
        yield builder.home(channels, network.source_language)


def parse_site(data: bytes | None) -> dict[Key, SentPage]:
    """Read back what the last publish noted; nothing where there is nothing.

    Raises:
        ProductionError: it is something else.
    """
    if data is None:
        return {}
    try:
        return {
            Key(key): SentPage(fingerprint=Fingerprint(str(told)), digest=Digest(str(digest)))
            for key, (told, digest) in json.loads(data)["pages"].items()
        }
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ProductionError(
            "this is not the list of pages that Altavoz keeps",
            where=SITE_KEY,
            remedy="delete it at the target and publish again: every page is made anew",
        ) from error


def render_site(pages: Mapping[Key, SentPage]) -> bytes:
    """Write down what stands at the target."""
    rows = {key: [page.fingerprint, page.digest] for key, page in sorted(pages.items())}
    return (json.dumps({"pages": rows}, indent=0, separators=(",", ":")) + "\n").encode()


def _place(order: Sequence[LanguageTag], tag: LanguageTag) -> tuple[int, str]:
    return (order.index(tag) if tag in order else len(order), tag)


class _Pages:
    def __init__(self, site: Site, words: ReadWords, digests: ItemDigests) -> None:
        self.site = site
        self.words = words
        self.told = Fingerprints(f"{templates_digest()} {site!r}", digests)

    def page(self, key: Key, render: Callable[[], bytes], *shown: object) -> SitePage:
        told = self.told.page(key, *shown)
        return SitePage(key=key, media_type=PAGE_TYPE, fingerprint=told, render=render)

    def entries(self, entries: Iterable[Entry]) -> list[bytes]:
        return [self.told.entry(entry) for entry in entries]

    def programs(self) -> Iterator[SitePage]:
        for key, media_type, data in (
            (style()[0], "text/css; charset=utf-8", style()[1]),
            (script()[0], "text/javascript; charset=utf-8", script()[1]),
            (icon()[0], "image/svg+xml", icon()[1]),
            (WORKER, "text/javascript; charset=utf-8", worker()),
        ):
            told = Fingerprint(digest_bytes(data))
            yield SitePage(
                key=key, media_type=media_type, fingerprint=told, render=partial(_same, data)
            )

    def of_series(self, channel: _Channel, channels: Sequence[_Channel]) -> Iterator[SitePage]:
        feed, entries = channel.feed, channel.entries
        around = _around(feed)
        others = _other_languages(feed, channels)
        pages = EpisodePages(self.site, feed)
        for entry in entries:
            elsewhere = others.get(_episode(entry), ())
            yield self.page(
                entry.key,
                partial(self._episode, pages, entry, elsewhere),
                around,
                self.told.entry(entry),
                elsewhere,
            )
        lists = SeriesPages(self.site, feed, entries)
        for number in range(list_pages(len(entries)) + 1):
            yield self.page(
                series_key(feed.id, feed.language, number),
                partial(lists.render, number),
                around,
                feed.description,
                self.entries(page_of(entries, number)),
                list_pages(len(entries)) if number in {0, list_pages(len(entries))} else 0,
            )
        states = render_states(entries)
        yield SitePage(
            key=list_key(feed.id, feed.language),
            media_type=SITE_TYPE,
            fingerprint=Fingerprint(digest_bytes(states)),
            render=partial(_same, states),
        )

    def _episode(
        self, pages: EpisodePages, entry: Entry, others: Sequence[tuple[LanguageTag, Key]]
    ) -> bytes:
        url = entry.item.words_url
        words = self.words(Key(url.removeprefix(self.site.base_url))) if url else b""
        return pages.render(entry, others=others, words=words)

    def ended(
        self, history: ReleaseHistory, catalogue: Catalogue, today: date
    ) -> Iterator[SitePage]:
        titles = {
            (channel.id, channel.language): channel.title
            for channel in catalogue.channels
            if channel.kind is ChannelKind.SERIES
        }
        for (series, episode, tag), revisions in history.editions.items():
            last, taken = revisions[-1].release, revisions[-1].withdrawal
            key = episode_key(series, tag, episode)
            if self.told.has_entry(key) or (series, tag) not in titles:
                continue
            if taken is None and last.expires >= today:
                continue  # it still holds, and has a page where its feed shows it
            gone = EndedEpisode(
                series=series,
                series_title=titles[series, tag],
                episode=episode,
                language=tag,
                title=last.title,
                expires=last.expires,
                published=last.published_at.date(),
                withdrawn=taken is not None and taken.kind is not Withdrawing.EXPIRE,
            )
            yield self.page(key, partial(render_ended, self.site, gone), gone)

    def of_language(
        self, tag: LanguageTag, catalogue: Catalogue, channels: Sequence[_Channel]
    ) -> Iterator[SitePage]:
        own = [channel for channel in channels if channel.feed.language == tag]
        feeds = [
            channel
            for channel in catalogue.channels
            if channel.language == tag and channel.kind is not ChannelKind.STATION
        ]
        entries = [entry for channel in own for entry in channel.told]
        gone = [one for entry in entries for one in withdrawn_items(entry)]
        yield self.page(
            language_key(tag),
            partial(render_language, self.site, tag, entries, feeds),
            [_around(feed) for feed in feeds],
            [feed.description for feed in feeds],
            self.entries(latest(entries)),
            self.entries(entry for entry in entries if entry.is_withdrawn),
            labels(tag),
        )
        yield self.page(
            withdrawn_key(tag),
            partial(render_withdrawn, self.site, tag, entries),
            gone,
            labels(tag),
        )

    def home(self, channels: Sequence[_Channel], tag: LanguageTag) -> SitePage:
        entries = [entry for channel in channels for entry in channel.told]
        return self.page(
            HOME,
            partial(render_home, self.site, entries, tag),
            self.entries(newest_of_each(entries, self.site.languages)),
            labels(tag),
        )


def _around(feed: FeedChannel) -> str:
    """Give a digest of what stands around the episodes of a series."""
    siblings = [(one.language, one.title) for one in feed.siblings]
    told = (feed.kind, feed.id, feed.language, feed.title, feed.feed_url, siblings)
    return digest_text(f"{told!r} {labels(feed.language)!r}")


def _episode(entry: Entry) -> str:
    return entry.key.rpartition("/")[2]


def _other_languages(
    feed: FeedChannel, channels: Sequence[_Channel]
) -> Mapping[str, Sequence[tuple[LanguageTag, Key]]]:
    """Give for each episode of a series its pages in other languages."""
    found: dict[str, list[tuple[LanguageTag, Key]]] = {}
    for other in channels:
        if other.feed.id == feed.id and other.feed.language != feed.language:
            for entry in other.entries:
                found.setdefault(_episode(entry), []).append((other.feed.language, entry.key))
    return found


def _written(day: date, tag: LanguageTag) -> str:
    """Write a date; in figures that nobody mistakes where the words of a language are not known."""
    return print_date(day, tag) if speaks(tag) else day.isoformat()


def _same(data: bytes) -> bytes:
    return data
