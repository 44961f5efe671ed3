"""The catalogue: feed channels and items from what the ledger says is published."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from feeds.channel import (
    MAX_VALUE_LETTERS,
    AlternateRendition,
    ChannelKind,
    FeedChannel,
    FeedEnclosure,
    FeedItem,
    Sibling,
    TranscriptLink,
)
from feeds.guids import podcast_guid
from feeds.rss import render_feed
from production.ledger import Ledger
from production.phrases import phrase
from production.releasing import MediaObject, Release, releases_of
from programme.digests import Plain, digest_file
from programme.languages import language
from programme.network import Network
from programme.series import Series, SeriesKind
from programme.units import DurationMs, Key, LanguageTag, Url
from scripts.workspace import Workspace

WITHDRAWN_DAYS = 90
"""How long a withdrawn item stays in its feed: who has its sound must meet it there."""

FEED_TYPE = "application/rss+xml; charset=utf-8"

_ART_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}


def feed_key(series: str, tag: LanguageTag) -> Key:
    """Name the feed of a series in a language; stable for ever."""
    return Key(f"{series}/{tag.lower()}.xml")


def art_object(root: Path, series: Series) -> MediaObject | None:
    """Describe a series' artwork, named by its content; None where it has none."""
    if not series.artwork:
        return None
    path = root / series.artwork
    digest = digest_file(path)
    suffix = path.suffix.lower()
    return MediaObject(
        name="art",
        key=Key(f"m/{series.id}-{digest[:12]}{suffix}"),
        media_type=_ART_TYPES[suffix],
        digest=digest,
        length_bytes=path.stat().st_size,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedIdentity:
    """What the ledger keeps of a feed: its guid, whatever its address becomes."""

    kind: ChannelKind
    id: str
    """Of the series, topic or station; empty for the kinds that need none."""
    language: str
    """Empty for feeds of several languages."""
    url: Url
    guid: str

    def plain(self) -> dict[str, Plain]:
        """Write it down for the ledger."""
        own = "series" if self.kind is ChannelKind.SERIES else "id"
        kind: dict[str, Plain] = {} if own == "series" else {"kind": self.kind.value}
        return {
            **kind,
            own: self.id,
            "language": self.language,
            "url": self.url,
            "guid": self.guid,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything that can be subscribed to, as it will be."""

    network: Network
    channels: tuple[FeedChannel, ...]
    """Of all kinds but the publisher's: by kind, then by the network's languages, then by id."""
    publisher: FeedChannel | None
    """The feed of feeds; None while there is no feed."""
    new_feeds: tuple[FeedIdentity, ...]
    """Feeds of which the ledger does not know yet; written there before they are sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """One finished document beside the pages: a feed, a page of one, or the list of all."""

    key: Key
    media_type: str
    data: bytes


def feed_documents(catalogue: Catalogue) -> Iterator[FeedDocument]:
    """Render every feed, one after the other: take each away before the next, they are many.

    Raises:
        ProductionError: a text or an address cannot stand in a feed; names item and field.
    """
    base = catalogue.network.base_url
    for channel in catalogue.channels:
        yield FeedDocument(
            key=Key(channel.feed_url.removeprefix(base)),
            media_type=FEED_TYPE,
            data=render_feed(channel),
        )


def build_catalogue(
    workspace: Workspace,
    ledger: Ledger,
    news: Sequence[Release],
    *,
    target: str,
    now: datetime,
    today: date | None = None,
) -> Catalogue:
    """Give every feed as it will be once ``news`` is published too.

    Args:
        workspace: as read; gives titles, languages and addresses.
        ledger: what was published before.
        news: releases that are about to be published.
        target: the name of the target; each has a history of its own.
        now: aware; nothing in a feed is dated later.
        today: items past their date on this day leave the feed; None takes the day of ``now``.
    """
    releases: dict[tuple[str, LanguageTag], list[Release]] = {}
    for (series, _, tag), revisions in _merge(releases_of(ledger, target), news).items():
        releases.setdefault((series, tag), []).extend(revisions)
    builder = _Builder(workspace, ledger, now, today or now.date(), frozenset(releases))
    channels = tuple(
        builder.channel(workspace.series[series], tag, found)
        for (series, tag), found in sorted(releases.items(), key=builder.place)
        if series in workspace.series
        and tag in workspace.series[series].languages
        and workspace.series[series].kind is not SeriesKind.LOOP
    )
    return Catalogue(
        network=workspace.network,
        channels=channels,
        publisher=None,
        new_feeds=tuple(
            FeedIdentity(
                kind=channel.kind,
                id=channel.id,
                language=channel.language,
                url=channel.feed_url,
                guid=channel.podcast_guid,
            )
            for channel in channels
            if (channel.id, channel.language) not in builder.guids
        ),
    )


def _merge(
    old: Mapping[tuple[str, str, LanguageTag], list[Release]], news: Sequence[Release]
) -> dict[tuple[str, str, LanguageTag], list[Release]]:
    merged = {key: list(revisions) for key, revisions in old.items()}
    for release in news:
        key = (release.series, release.episode, release.language)
        kept = [r for r in merged.get(key, []) if r.revision != release.revision]
        merged[key] = [*kept, release]
    return merged


def _with_successors(releases: Sequence[Release]) -> list[tuple[Release, Release | None]]:
    """Give each release with the next revision of its episode; None for the one that is live."""
    found: list[tuple[Release, Release | None]] = []
    after: dict[str, Release] = {}
    for release in sorted(releases, key=lambda r: r.revision, reverse=True):
        found.append((release, after.get(release.episode)))
        after[release.episode] = release
    return found


def _last_day(release: Release, after: Release | None) -> date:
    """Give the last day on which an item is in its feed."""
    if after is None:
        return release.expires
    return after.published_at.date() + timedelta(days=WITHDRAWN_DAYS)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC) + timedelta(days=1)


class _Builder:
    def __init__(
        self,
        workspace: Workspace,
        ledger: Ledger,
        now: datetime,
        today: date,
        published: frozenset[tuple[str, LanguageTag]],
    ) -> None:
        self.published = published
        self.workspace = workspace
        self.network: Network = workspace.network
        self.now = now
        self.today = today
        self.guids = {
            (e.facts["series"], e.facts["language"]): e.facts["guid"] for e in ledger.events("feed")
        }

    def place(self, item: tuple[tuple[str, LanguageTag], object]) -> tuple[int, str]:
        """Order feeds by the network's languages, then by series."""
        (series, tag), _ = item
        order = self.network.languages
        return (order.index(tag) if tag in order else len(order), series)

    def url(self, key: str) -> Url:
        return Url(self.network.base_url + key)

    def guid(self, series: str, tag: LanguageTag) -> str:
        """Give a feed's guid: of its first publication, whatever its address is today."""
        address = self.url(feed_key(series, tag))
        return str(self.guids.get((series, tag)) or podcast_guid(address))

    def channel(self, series: Series, tag: LanguageTag, releases: Sequence[Release]) -> FeedChannel:
        shown = [
            (release, after, _last_day(release, after))
            for release, after in _with_successors(releases)
        ]
        items = [
            self.item(release, withdrawn=after is not None)
            for release, after, last in shown
            if self.today <= last
        ]
        left = [_end_of(last) for _, _, last in shown if last < self.today]
        changed = [*(release.changed_at for release in releases), *left]
        art = art_object(self.workspace.root, series)
        return FeedChannel(
            feed_url=self.url(feed_key(series.id, tag)),
            podcast_guid=self.guid(series.id, tag),
            title=series.title[tag],
            description=series.description[tag],
            link=self.network.website,
            language=tag,
            author=self.network.name,
            owner_email=self.network.role_address,
            category=series.category,
            image_url=self.url(art.key) if art else "",
            licence=self.network.licence,
            licence_url=self.network.licence_url,
            siblings=tuple(
                Sibling(
                    language=other,
                    title=language(other).endonym,
                    feed_url=self.url(feed_key(series.id, other)),
                    podcast_guid=self.guid(series.id, other),
                )
                for other in self._languages(series)
                if other != tag
            ),
            synthetic_voice=any(release.synthetic_voice for release in releases),
            changed_at=max(moment for moment in changed if moment <= self.now),
            items=tuple(items),
            id=series.id,
        )

    def _languages(self, series: Series) -> tuple[LanguageTag, ...]:
        """Give the languages in which the series has a feed: those that were ever published."""
        return tuple(tag for tag in series.languages if (series.id, tag) in self.published)

    def item(self, release: Release, *, withdrawn: bool) -> FeedItem:
        objects = {thing.name: thing for thing in release.media}
        link = self.network.website
        tag, source = release.language, self.network.source_language
        if withdrawn:
            return FeedItem(
                guid=release.guid,
                title=self._title(release, f"{phrase('withdrawn', tag, source)} – "),
                description=phrase("withdrawn_text", tag, source),
                link=link,
                published_at=release.published_at,
                duration_ms=DurationMs(0),
                number=release.number,
                enclosure=None,
                synthetic_voice=False,
                licence=self.network.licence,
                expires=release.expires,
            )
        sound = [thing for thing in release.media if thing.kbps]
        # Every podcast program plays MP3, and LibreTime nothing else.
        main = next((t for t in sound if t.media_type == "audio/mpeg"), sound[0])
        return FeedItem(
            guid=release.guid,
            title=self._title(release),
            description=release.description,
            link=link,
            published_at=release.published_at,
            duration_ms=DurationMs(release.duration_ms),
            number=release.number,
            enclosure=FeedEnclosure(
                url=self.url(main.key),
                length_bytes=main.length_bytes,
                media_type=main.media_type,
            ),
            alternates=tuple(self._alternate(thing, tag) for thing in sound),
            transcripts=(
                TranscriptLink(
                    url=self.url(objects["vtt"].key),
                    media_type="text/vtt",
                    language=tag,
                    captions=True,
                ),
                TranscriptLink(
                    url=self.url(objects["txt"].key),
                    media_type="text/plain",
                    language=tag,
                    captions=False,
                ),
            ),
            chapters_url=self.url(objects["chapters"].key),
            synthetic_voice=release.synthetic_voice,
            licence=self.network.licence,
            expires=release.expires,
        )

    def _title(self, release: Release, before: str = "") -> str:
        """Give an item's title; no two revisions share one, or AntennaPod takes them for one.

        A long title is cut so that what is said about it still fits: nothing may stop a
        correction, and a withdrawn title cannot be shortened any more.
        """
        after = ""
        if release.revision > 1:
            source = self.network.source_language
            day = release.published_at.date()
            said = phrase("corrected", release.language, source, day=day)
            count = f", {release.revision - 1}" if release.revision > 2 else ""
            after = f" ({said}{count})"
        room = MAX_VALUE_LETTERS - len(before) - len(after)
        fits = len(release.title) <= room
        title = release.title if fits else release.title[: room - 1].rstrip() + "…"
        return f"{before}{title}{after}"

    def _alternate(self, thing: MediaObject, tag: LanguageTag) -> AlternateRendition:
        return AlternateRendition(
            url=self.url(thing.key),
            length_bytes=thing.length_bytes,
            media_type=thing.media_type,
            bitrate_bps=thing.kbps * 1000,
            title=self._pick_by(thing, tag),
            language=tag,
            sha256=thing.digest,
        )

    def _pick_by(self, thing: MediaObject, tag: LanguageTag) -> str:
        """Say by what a listener picks this encoding."""
        if thing.name == "opus":
            return phrase("low_data", tag, self.network.source_language)
        return f"{thing.name.upper()} {thing.kbps} kbit/s"
