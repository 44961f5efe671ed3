"""A podcast feed as a value: what a channel and its items say, before anything is XML.

Standard library only, so that plans can hold these values without loading a feed library.
Every address is absolute, public and ASCII; every text is plain, never markup.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from programme.editions import Chapter
from programme.facts import Source
from programme.units import Digest, DurationMs, LanguageTag, Url

MAX_RENDITION_TITLE = 32
"""The podcast namespace's limit on the title of an alternate enclosure, in characters."""


class ItemState(StrEnum):
    """What an item is to the listener who meets it."""

    LIVE = "live"
    """To be played; also a correction of another item."""
    WITHDRAWN = "withdrawn"
    """Was live; says now that it is not to be used. Keeps its guid and its date."""
    NOTICE = "notice"
    """Tells those who have the sound of something that was withdrawn; an item of its own."""


class ChannelKind(StrEnum):
    """What a feed collects."""

    SERIES = "series"
    """One series in one language: the feed in which an item is at home."""
    LANGUAGE = "language"
    """Everything in one language."""
    TOPIC = "topic"
    """Everything on one topic in one language."""
    STATION = "station"
    """What one station takes, in its own order of languages; only where its identity is public."""
    PUBLISHER = "publisher"
    """The network's feed of feeds; it has no items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFeed:
    """Another feed, as ``podcast:remoteItem`` names it."""

    podcast_guid: str
    feed_url: Url
    title: str
    medium: str = "podcast"
    """``podcast``, or ``publisher`` for the feed of feeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEnclosure:
    """An item's audio file."""

    url: Url
    """Ends in the file's suffix; its bytes never change."""
    length_bytes: int
    """The file's real length; never 0."""
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternateRendition:
    """The same recording in another encoding; another language is another feed."""

    url: Url
    length_bytes: int
    media_type: str
    bitrate_bps: int
    """Bits a second, not kilobits."""
    title: str
    """What a listener picks it by, at most 32 characters: ``Low data``."""
    language: LanguageTag
    sha256: Digest
    format: str = ""
    """Id of the rendition in its profile, such as ``opus``; empty where that does not matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptLink:
    """An item's words in one format."""

    url: Url
    media_type: str
    language: LanguageTag
    captions: bool
    """Whether it carries times, so that a player can follow along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One edition as listeners' programs see it."""

    guid: str
    """As in the feed of its series, for ever; a correction gets a new one. Other feeds put their
    ``guid_mark`` behind it."""
    title: str
    description: str
    """Plain text; blank lines between paragraphs; ends with sources and the validity date."""
    link: Url
    """A page about the edition."""
    published_at: datetime
    """Aware; never in the future when the feed goes out."""
    duration_ms: DurationMs
    number: int
    """Of the episode in its series, from 1."""
    enclosure: FeedEnclosure | None
    """None for an item without sound, such as a written notice."""
    alternates: tuple[AlternateRendition, ...] = ()
    """May name the enclosure's own file, which then gets its checksum into the feed."""
    transcripts: tuple[TranscriptLink, ...] = ()
    chapters_url: str = ""
    """JSON chapters; empty for none."""
    synthetic_voice: bool
    licence: str
    expires: date
    """The last day on which it may be played."""
    state: ItemState = ItemState.LIVE
    language: str = ""
    """Its own; empty for the channel's."""
    series: str = ""
    """Id of the series in which it is at home."""
    episode: str = ""
    """Id of the episode in its series."""
    season: int = 0
    """From 1; 0 for none."""
    instead_url: str = ""
    """Page of what took its place; empty where nothing did."""
    reason: str = ""
    """Why it was withdrawn or corrected, in its language; empty where nobody wrote it."""
    topics: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    """ISO 3166 alpha-2 of what it is about; never where it was recorded."""
    sources: tuple[Source, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    """For pages; feeds name ``chapters_url``."""
    words_url: str = ""
    """Word times as JSON (feeds.transcript_json); empty for none."""
    image_url: str = ""
    """Square artwork of its own; empty for the channel's."""
    changed_at: datetime | None = None
    """When anything of it last changed, aware; None for not since it was published."""
    is_expired: bool = False
    """Whether a withdrawn item was right and is out of date: nobody says that it was wrong."""
    replaces: str = ""
    """Guid, as in the feed of its series, of the item that it corrects or tells of; empty for
    none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """One page of older items; once it is full, new items do not change it."""

    number: int
    """Counted from the oldest, from 1; numbers of pages with nothing left on them are missing."""
    changed_at: datetime
    """When its content last changed, aware."""
    items: tuple[FeedItem, ...]
    """Never none; in any order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """The same series in another language."""

    language: LanguageTag
    title: str
    """What a listener picks it by: the language in its own name."""
    feed_url: Url
    podcast_guid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedChannel:
    """One feed: a series in one language."""

    feed_url: Url
    """The address that it is served at."""
    podcast_guid: str
    """Computed once by ``feeds.guids.podcast_guid`` and stored; kept when the address changes."""
    title: str
    description: str
    link: Url
    """A page about the series."""
    language: LanguageTag
    author: str
    owner_email: str
    """A role's mailbox; public for ever."""
    category: tuple[str, ...]
    """Category and, where there is one, subcategory, in the directories' English words."""
    image_url: str
    """Square JPG or PNG, 1400 to 3000 pixels; empty for none. New art has a new address."""
    licence: str
    """May stations re-broadcast? An SPDX-like slug in lower case, such as cc-by-4.0."""
    licence_url: str
    """Empty where the slug says it all."""
    siblings: tuple[Sibling, ...]
    """Every other language of the series, never this one."""
    synthetic_voice: bool
    """Whether any item speaks with a machine's voice."""
    changed_at: datetime
    """When the content last changed, aware; from the content, not from the clock."""
    items: tuple[FeedItem, ...]
    """In any order, those of its pages too; feeds are written newest first."""
    kind: ChannelKind = ChannelKind.SERIES
    id: str = ""
    """Of the series, topic or station; empty for the kinds that need none."""
    publisher: RemoteFeed | None = None
    """The network's feed of feeds, which names this one too; None for none."""
    podroll: tuple[RemoteFeed, ...] = ()
    """Other feeds that its listeners may want, such as the next series; siblings come besides."""
    members: tuple[RemoteFeed, ...] = ()
    """Of a publisher feed: every feed that it collects."""
    countries: tuple[str, ...] = ()
    """ISO 3166 alpha-2 of what it is about."""
    pages: tuple[FeedPage, ...] = ()
    """Pages of older items, oldest first; what is on none stands in the feed's own document, which
    players read first."""
    guid_mark: str = ""
    """Put behind the guid of every item, such as ``#all``: guids are unique over all feeds, because
    LibreTime takes each once. Empty where items are at home."""
    hub_url: str = ""
    """Of the WebSub hub that is told of changes; empty for none."""
    ended: bool = False
    """Whether nothing new will come: the workspace makes it no more, and its last items run out."""
