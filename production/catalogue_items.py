"""Items of feeds, from the history of what was released: live, withdrawn, and notices.

Every item keeps its slot for ever, so that pages of older items stay as they are when one of them
runs out or is withdrawn.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from feeds.channel import (
    MAX_DESCRIPTION_BYTES,
    AlternateRendition,
    FeedEnclosure,
    FeedItem,
    ItemState,
    TranscriptLink,
)
from feeds.pages.addresses import episode_key
from feeds.paging import Slot
from feeds.wellformed import as_html
from production.air_ready import air_ready_formats
from production.catalogue_words import feed_words
from production.phrases import phrase
from production.release_history import ReleaseHistory, Standing, last_day_of
from production.release_values import MediaObject, Notice, NoticeSound, Release
from production.release_wording import (
    live_title,
    notice_text,
    reason_line,
    withdrawn_text,
    withdrawn_title,
)
from programme.network import Network
from programme.profiles import profiles
from programme.segments import Segment
from programme.stations import Station
from programme.units import DurationMs, LanguageTag, Url

WORDS = "application/json"

_TRANSCRIPTS = {"vtt": True, "srt": True, "html": False, "words": True, "txt": False}
"""Companions that are transcripts, and whether they carry times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSlot:
    """The place of one item in its feeds, whether it still is there or not."""

    guid: str
    published_at: datetime
    series: str
    language: LanguageTag
    topics: tuple[str, ...]
    item: FeedItem | None
    """As its series' feed has it; None where it is there no more."""
    slot: Slot
    was_ahead: bool
    """Whether it ever had to stand in the feed's own document."""
    changes: tuple[datetime, ...]
    """When it came, changed or left, none later than now."""


def item_weight(
    title: str, description: str, *, files: int, url_letters: int, countries: int
) -> int:
    """Give about how many bytes an item takes in RSS or JSON, whichever is more; never fewer.

    Args:
        title: of the item.
        description: plain text, escaped twice in RSS (as HTML and as XML).
        files: how many objects it names.
        url_letters: of the address of one of them.
        countries: how many it is about.
    """
    return (
        1150
        + _bytes(title) * (files + 1)
        + _bytes(description)
        + files * 215
        + (files + 4) * url_letters
        + countries * 130
    )


def _bytes(text: str) -> int:
    escaped = 8 * text.count("&") + 7 * (text.count("<") + text.count(">"))
    quoted = text.count('"') + text.count("\\") + text.count("\n")
    return len(text.encode("utf-8")) + escaped + quoted


class ItemMaker:
    """Makes the items of one network at one moment."""

    def __init__(
        self,
        network: Network,
        segments: Mapping[str, Segment],
        *,
        now: datetime,
        today: date,
    ) -> None:
        """Take what items follow from besides the history.

        Args:
            network: gives addresses, licence and the language of words that another lacks.
            segments: of the workspace, for topics that older lines of the ledger do not hold.
            now: aware; no change is later.
            today: items past their last day on this day are left out.
        """
        self.network = network
        self.segments = segments
        self.now = now
        self.today = today
        self._picks: dict[tuple[str, int, LanguageTag], str] = {}

    def slots(self, history: ReleaseHistory) -> Iterator[ItemSlot]:
        """Give every item that ever was, in no order."""
        titles: dict[tuple[tuple[str, str, LanguageTag], int], str] = {}
        for revisions in history.editions.values():
            before: Standing | None = None
            for standing in revisions:
                titles[standing.release.edition, standing.release.revision] = standing.release.title
                yield self._edition(standing, before, history.firsts)
                before = standing
        for notice in history.notices:
            yield self._notice(notice, titles.get((notice.edition, notice.revision), notice.title))

    def url(self, key: str) -> Url:
        """Give the public address of an object."""
        return Url(self.network.base_url + key)

    def _edition(
        self, standing: Standing, before: Standing | None, firsts: Mapping[str, Release]
    ) -> ItemSlot:
        release, withdrawal = standing.release, standing.withdrawal
        shown = self.today <= standing.last_day
        corrects = standing.corrects and before is not None
        beside = corrects and before is not None and self.today <= before.last_day
        item: FeedItem | None = None
        if shown and withdrawal is None:
            item = self._live(standing, before if beside else None)
        elif shown:
            item = self._withdrawn(standing)
        moments = [release.published_at, release.changed_at]
        if withdrawal is not None:
            moments.append(withdrawal.at)
        if corrects and before is not None:
            moments.append(_end_of(before.last_day))
        return self._slot(
            release.guid,
            release,
            item,
            ahead=withdrawal is not None or beside,
            was_ahead=withdrawal is not None or corrects,
            moments=[*moments, _end_of(standing.last_day)],
            first_bytes=self._first_bytes(firsts.get(release.guid, release)),
            changed=release.guid in firsts,
        )

    def _first_bytes(self, release: Release) -> int:
        """Give what an edition weighed when it came; no later line of the ledger moves it."""
        letters = max((len(thing.key) for thing in release.media), default=0)
        return item_weight(
            release.title,
            release.description,
            files=len(release.media),
            url_letters=len(self.network.base_url) + letters,
            countries=len(release.countries),
        )

    def _notice(self, notice: Notice, about: str) -> ItemSlot:
        last_day = last_day_of(notice)
        item = self._told(notice, about, last_day) if self.today <= last_day else None
        return self._slot(
            notice.guid,
            notice,
            item,
            ahead=True,
            was_ahead=True,
            moments=[notice.published_at, _end_of(last_day)],
        )

    def _slot(
        self,
        guid: str,
        value: Release | Notice,
        item: FeedItem | None,
        *,
        ahead: bool,
        was_ahead: bool,
        moments: Sequence[datetime],
        first_bytes: int = 0,
        changed: bool = False,
    ) -> ItemSlot:
        weight = first_bytes if item is not None and not was_ahead else 0
        if item is not None and (was_ahead or changed or not first_bytes):
            files = len(item.alternates) + len(item.transcripts) + bool(item.chapters_url)
            url = item.enclosure.url if item.enclosure else item.link
            weight = item_weight(
                item.title,
                f"{item.description}{item.reason}{''.join(item.topics)}",
                files=files,
                url_letters=len(url),
                countries=len(item.countries),
            )
        return ItemSlot(
            guid=guid,
            published_at=value.published_at,
            series=value.series,
            language=value.language,
            topics=self._topics(value),
            item=item,
            slot=Slot(
                first_bytes=first_bytes or weight,
                bytes=weight,
                ahead=ahead and item is not None,
            ),
            was_ahead=was_ahead,
            changes=tuple(sorted({m for m in moments if m <= self.now})),
        )

    def _topics(self, value: Release | Notice) -> tuple[str, ...]:
        if value.topics:
            return value.topics
        found = (self.segments[name].topics for name in value.segments if name in self.segments)
        return tuple(dict.fromkeys(topic for topics in found for topic in topics))

    def _countries(self, value: Release | Notice) -> tuple[str, ...]:
        if value.countries:
            return value.countries
        found = (self.segments[name].countries for name in value.segments if name in self.segments)
        return tuple(dict.fromkeys(code for codes in found for code in codes))

    # --- Items ------------------------------------------------------------------------------

    def _live(self, standing: Standing, before: Standing | None) -> FeedItem:
        release, source = standing.release, self.network.source_language
        objects = {thing.name: thing for thing in release.media}
        alternates = self._alternates(release.media, release.language)
        transcripts = self._transcripts(objects, release.language)
        return FeedItem(
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
            topics=self._topics(release),
            countries=self._countries(release),
            sources=release.sources,
            chapters=release.chapters,
            changed_at=release.changed_at,
            replaces=before.release.guid if before is not None else "",
        )

    def _withdrawn(self, standing: Standing) -> FeedItem:
        release, withdrawal = standing.release, standing.withdrawal
        assert withdrawal is not None  # noqa: S101  # the caller asked
        source = self.network.source_language
        instead = standing.successor is not None and standing.successor.expires >= self.today
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
            language=release.language,
            series=release.series,
            episode=release.episode,
            instead_url=link if instead else "",
            reason=withdrawal.reason,
            topics=self._topics(release),
            countries=self._countries(release),
            changed_at=max(withdrawal.at, release.changed_at),
            duration_ms=DurationMs(0),
            enclosure=None,
            synthetic_voice=False,
        )
        return self._spoken(item, withdrawal.sound)

    def _told(self, notice: Notice, about: str, last_day: date) -> FeedItem:
        source = self.network.source_language
        item = FeedItem(
            guid=notice.guid,
            title=notice.title,
            description=notice_text(notice, about, source),
            link=self.url(episode_key(notice.series, notice.language, notice.episode)),
            published_at=notice.published_at,
            number=notice.number,
            licence=self.network.licence,
            expires=last_day,
            state=ItemState.NOTICE,
            language=notice.language,
            series=notice.series,
            episode=notice.episode,
            reason=notice.reason,
            topics=self._topics(notice),
            countries=self._countries(notice),
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
            AlternateRendition(
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
        )

    def _transcripts(
        self, objects: Mapping[str, MediaObject], tag: LanguageTag
    ) -> tuple[TranscriptLink, ...]:
        names = [name for name in _TRANSCRIPTS if name in objects]
        if "html" in names and "txt" in names:
            names.remove("txt")  # says the same with less
        return tuple(
            TranscriptLink(
                url=self.url(objects[name].key),
                media_type=_bare(objects[name].media_type),
                language=tag,
                captions=_TRANSCRIPTS[name],
            )
            for name in names
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
    whole = f"{why}\n\n{release.description}" if why else release.description
    fits = len(as_html(whole).encode("utf-8")) <= MAX_DESCRIPTION_BYTES
    return whole if fits else release.description


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC) + timedelta(days=1)
