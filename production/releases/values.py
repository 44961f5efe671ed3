"""What the ledger holds of editions that were handed out: released, withdrawn, told of.

Three kinds of lines, each a value here: ``released`` (one edition as published), ``withdrawn``
(a revision that is not to be used any more) and ``notice`` (an item of its own that says so to
those who have the sound). Lines of older versions lack what was added since; they are read too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from sys import intern
from typing import Any

from programme.digests import Plain
from programme.editions import Chapter, EditionKey
from programme.facts import Source
from programme.making import maker
from programme.units import Digest, DurationMs, Key, LanguageTag

RELEASED, WITHDRAWN, NOTICE = "released", "withdrawn", "notice"
"""Names of the ledger's lines."""


class Change(StrEnum):
    """What a publish does to an edition."""

    NEW = "new"
    REPLACE = "replace"
    TEXT = "text"
    CORRECT = "correct"
    RENEW = "renew"
    """It was past its date and taken out; it is valid again."""
    NONE = "unchanged"


class Withdrawing(StrEnum):
    """Why a revision is not to be used any more."""

    CORRECT = "correct"
    """A later revision says it rightly."""
    RETRACT = "retract"
    """It is taken back; nothing takes its place, or only later."""
    EXPIRE = "expire"
    """It was right, and its last day is past or was brought forward."""

    @property
    def outcome(self) -> str:
        """How a revision then stands: ``corrected``, ``withdrawn`` or ``expired``."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Withdrawing.CORRECT: "corrected",
    Withdrawing.RETRACT: "withdrawn",
    Withdrawing.EXPIRE: "expired",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaObject:
    """One object that a release needs at the target."""

    name: str
    """Rendition id, or the name of a companion: ``vtt``, ``txt``, ``chapters`` and so on."""
    key: Key
    media_type: str
    digest: Digest
    length_bytes: int
    kbps: int = 0
    """0 for what is not sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One edition as published: what the ledger holds of it."""

    target: str
    series: str
    episode: str
    number: int
    language: LanguageTag
    revision: int
    guid: str
    published_at: datetime
    changed_at: datetime
    change: Change
    title: str
    """As the producer wrote it; ``releases.wording.live_title`` gives what an item is called."""
    description: str
    duration_ms: int
    words_digest: Digest
    expires: date
    synthetic_voice: bool
    media: tuple[MediaObject, ...]
    segments: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    """Ids of the segments in it, and of the facts and contacts that it speaks; both are empty in
    lines that older versions wrote."""
    fact_values: Mapping[str, Digest] | None = None
    """Digest of what each fact said when it was spoken (``facts.values.value_digest``); None in
    lines that older versions wrote, like all that follows."""
    title_mark: str = ""
    """Put behind the title, so that no two items of a day are called the same."""
    reason: str = ""
    """Why it was corrected, in its language, as the operator says; empty where nobody said."""
    dated: date | None = None
    """The episode's own date."""
    held: tuple[Digest, ...] = ()
    """Sound that was made anew and deliberately not sent, because only its texts were fixed."""
    topics: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    chapters: tuple[Chapter, ...] = ()

    @property
    def edition(self) -> EditionKey:
        """Series, episode and language."""
        return (self.series, self.episode, self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSound:
    """A spoken notice as it stands at the target."""

    media: tuple[MediaObject, ...]
    """Sound first, with ``kbps``; then captions and so on, as of a release."""
    duration_ms: int
    words: str
    """What is said, as read on a page."""
    synthetic_voice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """One revision that is not to be used any more; its guid stays, as a withdrawn item."""

    target: str
    series: str
    episode: str
    language: LanguageTag
    revision: int
    guid: str
    kind: Withdrawing
    reason: str
    """In its language, as the operator says; empty where nobody said."""
    at: datetime
    sound: NoticeSound | None
    """None where no voice and no recording speaks the language."""

    @property
    def edition(self) -> EditionKey:
        """Series, episode and language."""
        return (self.series, self.episode, self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An item of its own that tells of a withdrawn one: who has the file hears only new items."""

    target: str
    series: str
    episode: str
    number: int
    language: LanguageTag
    revision: int
    """Of the edition that it tells of; it is in the same feeds."""
    about: str
    """Guid of the withdrawn item."""
    guid: str
    kind: Withdrawing
    title: str
    """Whole, as items show it."""
    reason: str
    published_at: datetime
    sound: NoticeSound | None
    segments: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()

    @property
    def edition(self) -> EditionKey:
        """Series, episode and language."""
        return (self.series, self.episode, self.language)


def withdraw(release: Release, kind: Withdrawing, reason: str, at: datetime) -> Withdrawal:
    """Give how a revision is withdrawn, as long as nobody speaks of it.

    Args:
        release: the revision.
        kind: why.
        reason: in its language, as the operator says; empty where nobody said.
        at: aware; when.
    """
    return Withdrawal(
        target=release.target,
        series=release.series,
        episode=release.episode,
        language=release.language,
        revision=release.revision,
        guid=release.guid,
        kind=kind,
        reason=reason,
        at=at,
        sound=None,
    )


News = Release | Withdrawal | Notice
"""One line that an operation adds to the ledger."""


def ledger_line(news: News) -> tuple[str, dict[str, Plain]]:
    """Give the name and the facts of the ledger's line for a value."""
    if isinstance(news, Release):
        return RELEASED, _plain_release(news)
    common: dict[str, Plain] = {
        "target": news.target,
        "series": news.series,
        "episode": news.episode,
        "language": news.language,
        "revision": news.revision,
        "guid": news.guid,
        "kind": news.kind.value,
        "reason": news.reason,
        "notice": _plain_sound(news.sound),
    }
    if isinstance(news, Withdrawal):
        return WITHDRAWN, {**common, "at": news.at.isoformat()}
    return NOTICE, {
        **common,
        "number": news.number,
        "about": news.about,
        "title": news.title,
        "published_at": news.published_at.isoformat(),
        "segments": list(news.segments),
        "topics": list(news.topics),
        "countries": list(news.countries),
    }


def _plain_release(release: Release) -> dict[str, Plain]:
    known = release.fact_values
    return {
        "target": release.target,
        "series": release.series,
        "episode": release.episode,
        "number": release.number,
        "language": release.language,
        "revision": release.revision,
        "guid": release.guid,
        "published_at": release.published_at.isoformat(),
        "changed_at": release.changed_at.isoformat(),
        "change": release.change.value,
        "title": release.title,
        "title_mark": release.title_mark,
        "description": release.description,
        "duration_ms": release.duration_ms,
        "words_digest": release.words_digest,
        "expires": release.expires.isoformat(),
        "synthetic_voice": release.synthetic_voice,
        "media": [_plain_object(thing) for thing in release.media],
        "dated": None if release.dated is None else release.dated.isoformat(),
        "held": list(release.held),
        "segments": list(release.segments),
        "facts": list(release.facts),
        "fact_values": None if known is None else dict(known),
        "reason": release.reason,
        "topics": list(release.topics),
        "countries": list(release.countries),
        "sources": [_plain_source(source) for source in release.sources],
        "chapters": [[one.start_ms, one.end_ms, one.title] for one in release.chapters],
    }


def _plain_object(thing: MediaObject) -> dict[str, Plain]:
    return {
        "name": thing.name,
        "key": thing.key,
        "media_type": thing.media_type,
        "digest": thing.digest,
        "length_bytes": thing.length_bytes,
        "kbps": thing.kbps,
    }


def _plain_source(source: Source) -> list[Plain]:
    return [source.title, source.url, source.retrieved.isoformat() if source.retrieved else None]


def _plain_sound(sound: NoticeSound | None) -> dict[str, Plain] | None:
    if sound is None:
        return None
    return {
        "media": [_plain_object(thing) for thing in sound.media],
        "duration_ms": sound.duration_ms,
        "words": sound.words,
        "synthetic_voice": sound.synthetic_voice,
    }


_release, _media_object = maker(Release), maker(MediaObject)
_day = lru_cache(maxsize=1024)(date.fromisoformat)


def read_release(facts: Mapping[str, Any]) -> Release:
    """Read a release back from the ledger."""
    row: dict[str, Any] = {**facts, "change": Change(facts["change"])}
    row.pop("event", None)
    for name in ("target", "series", "language"):  # the same few words in every line
        row[name] = intern(row[name])
    published = datetime.fromisoformat(row["published_at"])
    is_as_published = row["changed_at"] == row["published_at"]  # as most are
    row["changed_at"] = published if is_as_published else datetime.fromisoformat(row["changed_at"])
    row["published_at"] = published
    for name in _LISTS:
        row[name] = _once(tuple(row.get(name, ())))
    row["expires"] = _day(row["expires"])
    row["dated"] = _day(row["dated"]) if row.get("dated") else None
    row["media"] = _read_media(row["media"])
    row["sources"] = tuple([_read_source(*item) for item in row.get("sources", ())])
    row["chapters"] = tuple([_read_chapter(*item) for item in row.get("chapters", ())])
    return _release(**row)


_LISTS = ("segments", "facts", "held", "topics", "countries")


@lru_cache(maxsize=4096)
def _once(words: tuple[str, ...]) -> tuple[str, ...]:
    """Give words that many lines hold as one value for all of them."""
    return words


def read_withdrawal(facts: Mapping[str, Any]) -> Withdrawal:
    """Read a withdrawal back from the ledger."""
    return Withdrawal(**_read_common(facts), at=datetime.fromisoformat(facts["at"]))


def read_notice(facts: Mapping[str, Any]) -> Notice:
    """Read a notice back from the ledger."""
    return Notice(
        **_read_common(facts),
        number=facts["number"],
        about=facts["about"],
        title=facts["title"],
        published_at=datetime.fromisoformat(facts["published_at"]),
        segments=tuple(facts["segments"]),
        topics=tuple(facts["topics"]),
        countries=tuple(facts["countries"]),
    )


def _read_common(facts: Mapping[str, Any]) -> dict[str, Any]:
    names = ("target", "series", "episode", "language", "revision", "guid", "reason")
    sound = facts["notice"]
    return {
        **{name: facts[name] for name in names},
        "kind": Withdrawing(facts["kind"]),
        "sound": None
        if sound is None
        else NoticeSound(**{**sound, "media": _read_media(sound["media"])}),
    }


def _read_media(rows: list[dict[str, Any]]) -> tuple[MediaObject, ...]:
    for item in rows:
        # The same few words in each of a hundred thousand objects.
        item["name"], item["media_type"] = intern(item["name"]), intern(item["media_type"])
    return tuple([_media_object(**item) for item in rows])


def _read_source(title: str, url: str, retrieved: str | None) -> Source:
    return Source(
        title=title, url=url, retrieved=date.fromisoformat(retrieved) if retrieved else None
    )


def _read_chapter(start_ms: int, end_ms: int, title: str) -> Chapter:
    return Chapter(start_ms=DurationMs(start_ms), end_ms=DurationMs(end_ms), title=title)
