"""What feedgen cannot write: the podcast namespace, dates, atom links, explicit, artwork.

Two extensions in feedgen's sense (``extend_ns``, ``extend_rss``), filled by ``feeds.rss``.
Tags: https://podcastindex.org/namespace/1.0, https://help.apple.com/itc/podcasts_connect/ and
RFC 4287 for atom:link. Trap: podcastparser (gPodder) knows only an older address of the podcast
namespace and drops these tags; the canonical one is right, so it stays.

Dates are written here, not by feedgen, which switches the locale of the whole process to do it.
"""

import base64
from datetime import UTC, date, datetime
from email.utils import format_datetime

from lxml import etree

from feeds.channel import AlternateRendition, FeedChannel, FeedItem, TranscriptLink
from programme.units import Digest

ATOM = "http://www.w3.org/2005/Atom"
DCTERMS = "http://purl.org/dc/terms/"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"

TRANSCRIPT_ORDER = ("text/vtt", "application/x-subrip", "text/html", "text/plain")
"""Players take the first transcript that they understand: the richest comes first."""


class ChannelTags:
    """Writes into the channel what feedgen cannot."""

    channel: FeedChannel

    def extend_ns(self) -> dict[str, str]:
        """Give the namespaces of the whole feed."""
        return {"podcast": PODCAST, "dcterms": DCTERMS}

    def extend_rss(self, rss: etree._Element) -> etree._Element:
        """Add the channel's tags."""
        top, channel = rss[0], self.channel
        _add(top, "lastBuildDate", rfc2822(channel.changed_at))
        for sibling in channel.siblings:
            _add(
                top,
                f"{{{ATOM}}}link",
                rel="alternate",
                hreflang=sibling.language,
                type="application/rss+xml",
                title=sibling.title,
                href=sibling.feed_url,
            )
        if channel.image_url:
            _add(top, f"{{{ITUNES}}}image", href=channel.image_url)
        _add(top, f"{{{ITUNES}}}explicit", "false")
        _add(top, f"{{{PODCAST}}}guid", channel.podcast_guid)
        _add(top, f"{{{PODCAST}}}locked", "yes", owner=channel.owner_email)
        _add(top, f"{{{PODCAST}}}medium", "podcast")
        _licence(top, channel.licence, channel.licence_url)
        if channel.synthetic_voice:
            _add(top, f"{{{PODCAST}}}txt", "true", purpose="ai-content")
        if channel.siblings:
            podroll = _add(top, f"{{{PODCAST}}}podroll")
            for sibling in channel.siblings:
                _add(
                    podroll,
                    f"{{{PODCAST}}}remoteItem",
                    feedGuid=sibling.podcast_guid,
                    feedUrl=sibling.feed_url,
                    title=sibling.title,
                )
        return rss


class ItemTags:
    """Writes into one item what feedgen cannot."""

    item: FeedItem
    licence_url: str

    def extend_rss(self, entry: etree._Element) -> etree._Element:
        """Add the item's tags."""
        item = self.item
        _add(entry, "pubDate", rfc2822(item.published_at))
        _add(entry, f"{{{ITUNES}}}explicit", "false")
        _add(entry, f"{{{PODCAST}}}episode", str(item.number))
        for transcript in sorted(item.transcripts, key=_transcript_rank):
            _transcript(entry, transcript)
        if item.chapters_url:
            _add(
                entry,
                f"{{{PODCAST}}}chapters",
                url=item.chapters_url,
                type="application/json+chapters",
            )
        for rendition in item.alternates:
            _alternate(entry, rendition, item)
        _licence(entry, item.licence, self.licence_url)
        if item.synthetic_voice:
            _add(entry, f"{{{PODCAST}}}txt", "true", purpose="ai-content")
        _add(entry, f"{{{DCTERMS}}}valid", validity(item.expires))
        return entry


def rfc2822(moment: datetime) -> str:
    """Give a moment as feeds write it, in UTC and English whatever the locale.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a feed's dates need a time zone")
    return format_datetime(moment.astimezone(UTC))


def validity(expires: date) -> str:
    """Give the last good day as a DCMI period (https://www.dublincore.org/specifications/dublin-core/dcmi-period/)."""
    return f"end={expires.isoformat()}; scheme=W3C-DTF;"


def integrity(digest: Digest) -> str:
    """Give a digest as browsers write it (https://www.w3.org/TR/sri-2/)."""
    return "sha256-" + base64.b64encode(bytes.fromhex(digest)).decode("ascii")


def _add(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, tag, attributes)
    if text:
        element.text = text
    return element


def _licence(parent: etree._Element, slug: str, url: str) -> None:
    attributes = {"url": url} if url else {}
    _add(parent, f"{{{PODCAST}}}license", slug, **attributes)


def _transcript_rank(transcript: TranscriptLink) -> tuple[int, str, str]:
    kind = transcript.media_type.partition(";")[0]
    known = kind in TRANSCRIPT_ORDER
    rank = TRANSCRIPT_ORDER.index(kind) if known else len(TRANSCRIPT_ORDER)
    return rank, kind, transcript.url


def _transcript(entry: etree._Element, transcript: TranscriptLink) -> None:
    attributes = {"rel": "captions"} if transcript.captions else {}
    _add(
        entry,
        f"{{{PODCAST}}}transcript",
        url=transcript.url,
        type=transcript.media_type.partition(";")[0],
        language=transcript.language,
        **attributes,
    )


def _alternate(entry: etree._Element, rendition: AlternateRendition, item: FeedItem) -> None:
    kind, _, codecs = rendition.media_type.partition("; codecs=")
    attributes = {"codecs": codecs} if codecs else {}
    if item.enclosure is not None and rendition.url == item.enclosure.url:
        attributes["default"] = "true"
    element = _add(
        entry,
        f"{{{PODCAST}}}alternateEnclosure",
        type=kind,
        length=str(rendition.length_bytes),
        bitrate=str(rendition.bitrate_bps),
        lang=rendition.language,
        title=rendition.title,
        **attributes,
    )
    _add(element, f"{{{PODCAST}}}source", uri=rendition.url, contentType=rendition.media_type)
    _add(element, f"{{{PODCAST}}}integrity", type="sri", value=integrity(rendition.sha256))
