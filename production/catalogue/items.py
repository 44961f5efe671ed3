"""Items of feeds, from what was released: live, withdrawn, and notices."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import cast

from feeds.channel import (
    AlternateRendition,
    FeedEnclosure,
    FeedItem,
    ItemState,
    TranscriptLink,
)
from feeds.pages.addresses import episode_key
from feeds.text_limits import MAX_DESCRIPTION_BYTES
from feeds.wellformed import as_html
from production.catalogue.air_ready import air_ready_formats
from production.catalogue.words import feed_words
from production.phrases import phrase
from production.releases.history import Standing, last_day_of
from production.releases.values import (
    MediaObject,
    Notice,
    NoticeSound,
    Release,
    Withdrawal,
    Withdrawing,
)
from production.releases.wording import (
    live_title,
    notice_text,
    reason_line,
    withdrawn_text,
    withdrawn_title,
)
from programme.making import maker
from programme.network import Network
from programme.profiles import profiles
from programme.segments import Segment
from programme.stations import Station
from programme.units import DurationMs, LanguageTag, Url

WORDS = "application/json"

_item, _rendition = maker(FeedItem), maker(AlternateRendition)
_transcript = maker(TranscriptLink)

_TRANSCRIPTS = {"vtt": True, "srt": True, "html": False, "words": True, "txt": False}
"""Companions that are transcripts, and whether they carry times."""


class ItemMaker:
    """Makes the items of one network."""

    def __init__(self, network: Network, segments: Mapping[str, Segment]) -> None:
        """Take what items follow from besides the history.

        Args:
            network: gives addresses, licence and the language of words that another lacks.
            segments: of the workspace, for topics that older lines of the ledger do not hold.
        """
        self.network = network
        self.segments = segments
        self._picks: dict[tuple[str, int, LanguageTag], str] = {}
        self.url = cast("Callable[[str], Url]", network.base_url.__add__)
        """Gives the public address of an object; asked for a hundred thousand."""

    def topics(self, value: Release | Notice) -> tuple[str, ...]:
        """Give what an item is about; of older lines, what its segments are about today."""
        if value.topics:
            return value.topics
        found = (self.segments[name].topics for name in value.segments if name in self.segments)
        return tuple(dict.fromkeys(topic for topics in found for topic in topics))

    def countries(self, value: Release | Notice) -> tuple[str, ...]:
        """Give the countries that an item is about, in the same way."""
        if value.countries:
            return value.countries
        found = (self.segments[name].countries for name in value.segments if name in self.segments)
        return tuple(dict.fromkeys(code for codes in found for code in codes))

    # --- Items ------------------------------------------------------------------------------

    def live(self, standing: Standing, before: Standing | None) -> FeedItem:
        """Give an edition that is to be played.

        Args:
            standing: the edition.
            before: what it corrects, where that still is in the feed; None for nothing.
        """
        release, source = standing.release, self.network.source_language
        objects = {thing.name: thing for thing in release.media}
        alternates = self._alternates(release.media, release.language)
        transcripts = self._transcripts(objects, release.language)
        return _item(
            guid=release.guid,
            title=live_title(standing, source),
            description=_with_reason(release, source),
            link=self.url(episode_key(release.series, release.language, release.episode)),
            published_at=release.published_at,
            duration_ms=DurationMs(release.duration_ms),
            number=release.number,
            enclosure=_enclosure(alternates),
            alternates=alternates,
            transcripts=transcripts,
            chapters_url=self.url(objects["chapters"].key) if "chapters" in objects else "",
            words_url=next((one.url for one in transcripts if one.media_type == WORDS), ""),
            synthetic_voice=release.synthetic_voice,
            licence=self.network.licence,
            expires=release.expires,
            language=release.language,
            series=release.series,
            episode=release.episode,
            reason=release.reason,
            topics=self.topics(release),
            countries=self.countries(release),
            sources=release.sources,
            chapters=release.chapters,
            changed_at=release.changed_at,
            replaces=before.release.guid if before is not None else "",
        )

    def withdrawn(self, standing: Standing, withdrawal: Withdrawal, today: date) -> FeedItem:
        """Give an edition that is not to be used any more, under its old guid and date."""
        release = standing.release
        source = self.network.source_language
        instead = standing.successor is not None and standing.successor.expires >= today
        link = self.url(episode_key(release.series, release.language, release.episode))
        text = withdrawn_text(standing, source)
        item = FeedItem(
            guid=release.guid,
            title=withdrawn_title(standing, source),
            description=f"{text}\n\n{link}",
            link=link,
            published_at=release.published_at,
            number=release.number,
            licence=self.network.licence,
            expires=standing.last_day,
            state=ItemState.WITHDRAWN,
            is_expired=withdrawal.kind is Withdrawing.EXPIRE,
            language=release.language,
            series=release.series,
            episode=release.episode,
            instead_url=link if instead else "",
            reason=withdrawal.reason,
            topics=self.topics(release),
            countries=self.countries(release),
            changed_at=max(withdrawal.at, release.changed_at),
            duration_ms=DurationMs(0),
            enclosure=None,
            synthetic_voice=False,
        )
        return self._spoken(item, withdrawal.sound)

    def told(self, notice: Notice, about: str) -> FeedItem:
        """Give a notice.

        Args:
            notice: the item.
            about: title of the message that it tells of.
        """
        source = self.network.source_language
        item = FeedItem(
            guid=notice.guid,
            title=notice.title,
            description=notice_text(notice, about, source),
            link=self.url(episode_key(notice.series, notice.language, notice.episode)),
            published_at=notice.published_at,
            number=notice.number,
            licence=self.network.licence,
            expires=last_day_of(notice),
            state=ItemState.NOTICE,
            language=notice.language,
            series=notice.series,
            episode=notice.episode,
            reason=notice.reason,
            topics=self.topics(notice),
            countries=self.countries(notice),
            changed_at=notice.published_at,
            replaces=notice.about,
            duration_ms=DurationMs(0),
            enclosure=None,
            synthetic_voice=False,
        )
        return self._spoken(item, notice.sound)

    # --- Files ------------------------------------------------------------------------------

    def _spoken(self, item: FeedItem, sound: NoticeSound | None) -> FeedItem:
        """Give an item with its sound; a notice that nobody can speak goes out in writing."""
        if sound is None:
            return item
        objects = {thing.name: thing for thing in sound.media}
        tag = LanguageTag(item.language)
        alternates = self._alternates(sound.media, tag)
        return replace(
            item,
            duration_ms=DurationMs(sound.duration_ms),
            enclosure=_enclosure(alternates),
            alternates=alternates,
            transcripts=self._transcripts(objects, tag),
            synthetic_voice=sound.synthetic_voice,
        )

    def _alternates(
        self, media: Sequence[MediaObject], tag: LanguageTag
    ) -> tuple[AlternateRendition, ...]:
        return tuple(
            [
                _rendition(
                    url=self.url(thing.key),
                    length_bytes=thing.length_bytes,
                    media_type=thing.media_type,
                    bitrate_bps=thing.kbps * 1000,
                    title=self._pick_by(thing, tag),
                    language=tag,
                    sha256=thing.digest,
                    format=thing.name,
                )
                for thing in media
                if thing.kbps
            ]
        )

    def _transcripts(
        self, objects: Mapping[str, MediaObject], tag: LanguageTag
    ) -> tuple[TranscriptLink, ...]:
        names = [name for name in _TRANSCRIPTS if name in objects]
        if "html" in names and "txt" in names:
            names.remove("txt")  # says the same with less
        return tuple(
            [
                _transcript(
                    url=self.url(objects[name].key),
                    media_type=_bare(objects[name].media_type),
                    language=tag,
                    captions=_TRANSCRIPTS[name],
                )
                for name in names
            ]
        )

    def _pick_by(self, thing: MediaObject, tag: LanguageTag) -> str:
        """Say by what a listener picks this encoding."""
        key = thing.name, thing.kbps, tag
        if key not in self._picks:
            self._picks[key] = _said(*key, self.network.source_language)
        return self._picks[key]


def _said(name: str, kbps: int, tag: LanguageTag, source: LanguageTag) -> str:
    if name == "opus":
        return phrase("low_data", tag, source)
    if name in air_ready_formats():
        return feed_words("for_radio", tag, source, network="")
    return f"{name.upper()} {kbps} kbit/s"


def _enclosure(sound: Sequence[AlternateRendition]) -> FeedEnclosure:
    """Give what goes out as the enclosure: every program plays MP3, and LibreTime nothing else."""
    return _as_enclosure(next((one for one in sound if one.media_type == "audio/mpeg"), sound[0]))


def _as_enclosure(one: AlternateRendition) -> FeedEnclosure:
    return FeedEnclosure(url=one.url, length_bytes=one.length_bytes, media_type=one.media_type)


@cache
def _bare(media_type: str) -> str:
    """Give a type without its parameters."""
    return media_type.partition(";")[0]


def for_station(item: FeedItem, station: Station | None) -> FeedEnclosure | None:
    """Give what a station plays, where the item has it in the station's format."""
    if station is None or item.enclosure is None:
        return item.enclosure
    formats = {spec.id for spec in profiles()[station.profile].renditions if spec.feed}
    wanted = {station.format} if station.format else formats
    for one in item.alternates:
        if one.format in wanted and one.media_type == "audio/mpeg":
            return _as_enclosure(one)
    return item.enclosure


def _with_reason(release: Release, source: LanguageTag) -> str:
    """Say first why it was corrected, where there is room: sources and dates must not be cut."""
    why = reason_line(release.reason, release.language, source)
    if not why:
        return release.description
    whole = f"{why}\n\n{release.description}"
    fits = len(as_html(whole).encode("utf-8")) <= MAX_DESCRIPTION_BYTES
    return whole if fits else release.description
