"""What feeds say in the podcast and itunes namespaces, of the channel and of an item, as markup.

Tags: https://podcastindex.org/namespace/1.0, https://help.apple.com/itc/podcasts_connect/ and
RFC 4287 for atom:link. Trap: podcastparser (gPodder) knows only an older address of the podcast
namespace and drops these tags; the canonical one is right, so it stays.

Dates are written here, not by feedgen, which switches the locale of the whole process to do it.
"""

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache

from feeds.channel import (
    AlternateRendition,
    ChannelKind,
    FeedChannel,
    FeedItem,
    RemoteFeed,
    TranscriptLink,
)
from feeds.countries import country
from feeds.documents import FeedDocument, json_url
from feeds.markup import element, parent, quote
from feeds.paging import page_url
from programme.units import Digest, LanguageTag

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"

NAMESPACES = {"podcast": PODCAST, "dc": DC, "dcterms": DCTERMS}
"""Those that feedgen does not write by itself."""

TRANSCRIPT_ORDER = (
    "text/vtt",
    "application/x-subrip",
    "text/html",
    "application/json",
    "text/plain",
)
"""Players take the first transcript that they understand: the richest comes first."""

_RANKS = {kind: rank for rank, kind in enumerate(TRANSCRIPT_ORDER)}

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_AI_CONTENT = element("podcast:txt", "true", purpose="ai-content")
_NOT_EXPLICIT = element("itunes:explicit", "false")


def channel_tags(document: FeedDocument) -> Iterator[str]:
    """Give the channel's tags in one of its documents.

    A page of older items says what the feed is and where its neighbours are; what the feed
    recommends stands in the feed's own document alone, so that pages stay as they are when
    another feed comes.
    """
    channel, number = document.channel, document.number
    own = page_url(channel.feed_url, number)
    yield _atom_link(rel="self", type="application/rss+xml", href=own)
    for relation, url in document.links:
        yield _atom_link(rel=relation, type="application/rss+xml", href=url)
    if not number:
        if channel.hub_url:  # https://www.w3.org/TR/websub/#discovery
            yield _atom_link(rel="hub", href=channel.hub_url)
        yield from _other_versions(channel)
    yield element("lastBuildDate", rfc2822(document.changed_at))
    if channel.image_url:
        yield element("itunes:image", "", href=channel.image_url)
    yield _NOT_EXPLICIT
    yield element("podcast:guid", channel.podcast_guid)
    yield element("podcast:locked", "yes", owner=channel.owner_email)
    publisher = channel.kind is ChannelKind.PUBLISHER
    yield element("podcast:medium", "publisher" if publisher else "podcast")
    yield element("podcast:license", channel.licence, url=channel.licence_url)
    if any(item.synthetic_voice for item in document.items) or _is_synthetic(channel, number):
        yield _AI_CONTENT
    yield element("podcast:socialInteract", "", protocol="disabled")
    yield element("podcast:person", channel.author, role="producer", group="creative direction")
    yield from (_location(code, channel.language) for code in channel.countries)
    if not number:
        yield from _neighbours(channel)


def _is_synthetic(channel: FeedChannel, number: int) -> bool:
    """Tell whether the feed as a whole says so; pages speak of their own items alone."""
    return channel.synthetic_voice and not number


def _other_versions(channel: FeedChannel) -> Iterator[str]:
    yield _atom_link(
        rel="alternate",
        type="application/feed+json",
        title="JSON Feed",
        href=json_url(channel.feed_url),
    )
    for sibling in channel.siblings:
        yield _atom_link(
            rel="alternate",
            hreflang=sibling.language,
            type="application/rss+xml",
            title=sibling.title,
            href=sibling.feed_url,
        )


def _neighbours(channel: FeedChannel) -> Iterator[str]:
    if channel.publisher is not None:
        yield parent("podcast:publisher", _remote(channel.publisher))
    siblings = (
        RemoteFeed(podcast_guid=one.podcast_guid, feed_url=one.feed_url, title=one.title)
        for one in channel.siblings
    )
    podroll = [_remote(one) for one in (*siblings, *channel.podroll)]
    if podroll:
        yield parent("podcast:podroll", "".join(podroll))
    yield from (_remote(one) for one in channel.members)


def item_tags(item: FeedItem, language: LanguageTag, licence_url: str) -> Iterator[str]:
    """Give an item's tags.

    Args:
        item: the item.
        language: its own, or its channel's.
        licence_url: empty where the licence's slug says it all.
    """
    yield _NOT_EXPLICIT
    if item.image_url:
        yield element("itunes:image", "", href=item.image_url)
    if item.season:
        yield f"<podcast:season>{item.season}</podcast:season>"
    yield f"<podcast:episode>{item.number}</podcast:episode>"
    for transcript in sorted(item.transcripts, key=_transcript_rank):
        yield _transcript(transcript)
    if item.chapters_url:
        chapters = quote(item.chapters_url)
        yield f'<podcast:chapters url="{chapters}" type="application/json+chapters"/>'
    for rendition in item.alternates:
        yield _alternate(rendition, item)
    yield _licence(item.licence, licence_url)
    if item.synthetic_voice:
        yield _AI_CONTENT
    for code in item.countries:
        yield _location(code, language)
    yield _valid(item.expires)


def rfc2822(moment: datetime) -> str:
    """Give a moment as feeds write it, in UTC and English whatever the locale.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a feed's dates need a time zone")
    utc = moment.astimezone(UTC)
    day, month = _DAYS[utc.weekday()], _MONTHS[utc.month - 1]
    time = utc.isoformat(timespec="seconds")[11:19]
    return f"{day}, {utc.day:02d} {month} {utc.year:04d} {time} +0000"


def validity(expires: date) -> str:
    """Give the last good day as a DCMI period (https://www.dublincore.org/specifications/dublin-core/dcmi-period/)."""
    return f"end={expires.isoformat()}; scheme=W3C-DTF;"


def integrity(digest: Digest) -> str:
    """Give a digest as browsers write it (https://www.w3.org/TR/sri-2/)."""
    return "sha256-" + base64.b64encode(bytes.fromhex(digest)).decode("ascii")


def _atom_link(**given: str) -> str:
    return element("atom:link", "", **given)


def _remote(feed: RemoteFeed) -> str:
    return element(
        "podcast:remoteItem",
        "",
        feedGuid=feed.podcast_guid,
        feedUrl=feed.feed_url,
        title=feed.title,
        medium="" if feed.medium == "podcast" else feed.medium,
    )


@lru_cache(maxsize=64)
def _licence(licence: str, url: str) -> str:
    return element("podcast:license", licence, url=url)


@lru_cache(maxsize=512)
def _valid(expires: date) -> str:
    return element("dcterms:valid", validity(expires))


@lru_cache(maxsize=512)
def _location(code: str, language: LanguageTag) -> str:
    found = country(code, language)
    return element("podcast:location", found.name, rel="subject", osm=found.osm, country=code)


def _transcript_rank(transcript: TranscriptLink) -> tuple[int, str, str]:
    kind = transcript.media_type.partition(";")[0]
    return _RANKS.get(kind, len(_RANKS)), kind, transcript.url


def _transcript(transcript: TranscriptLink) -> str:
    rel = ' rel="captions"' if transcript.captions else ""
    return (
        f'<podcast:transcript url="{quote(transcript.url)}"'
        f' type="{quote(transcript.media_type.partition(";")[0])}"'
        f' language="{quote(transcript.language)}"{rel}/>'
    )


def _alternate(rendition: AlternateRendition, item: FeedItem) -> str:
    """Give one encoding; written without a call for each part, for there are thousands."""
    kind, _, codecs = rendition.media_type.partition("; codecs=")
    url = quote(rendition.url)
    more = f' codecs="{quote(codecs)}"' if codecs else ""
    if item.enclosure is not None and rendition.url == item.enclosure.url:
        more += ' default="true"'
    return (
        f'<podcast:alternateEnclosure type="{quote(kind)}" length="{rendition.length_bytes}"'
        f' bitrate="{rendition.bitrate_bps}" lang="{quote(rendition.language)}"'
        f' title="{quote(rendition.title)}"{more}>'
        f'<podcast:source uri="{url}" contentType="{quote(rendition.media_type)}"/>'
        f'<podcast:integrity type="sri" value="{integrity(rendition.sha256)}"/>'
        "</podcast:alternateEnclosure>"
    )
