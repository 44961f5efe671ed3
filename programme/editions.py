"""An edition (an episode in one language) as it goes into files, feeds and packs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from programme.facts import Source
from programme.sound import Loudness, WordTime
from programme.units import Digest, DurationMs, LanguageTag

EditionKey = tuple[str, str, LanguageTag]
"""Series, episode and language."""

NEVER = date(2099, 12, 31)
"""Stands for no last day: nothing in the edition is ever past its date."""


def version_of(words: Digest) -> str:
    """Give what tells one wording of an edition from the next where a whole digest is too long.

    Its first 16 characters: the tag CONTENT_VERSION, lists for stations, and their logs.
    """
    return words[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A marked stretch of an edition: one content slot."""

    start_ms: DurationMs
    end_ms: DurationMs
    title: str


class Timing(StrEnum):
    """How it is known when a sentence and its words are heard."""

    VOICE = "voice"
    """The voice told when it begins each word."""
    PAUSES = "pauses"
    """Begin and end are those of a recording, or lie at a pause measured in it; so do phrases
    inside. When single words are heard is not known."""
    LETTERS = "letters"
    """Nothing is known but the time of several sentences together, shared out by letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """One sentence and when it is heard."""

    start_ms: DurationMs
    end_ms: DurationMs
    text: str
    """As read on a page."""
    paragraph: int
    """Number of its paragraph in the edition, from 0."""
    speaker: str = ""
    """Label of who says it, in the edition's language; empty for the usual voice."""
    timing: Timing = Timing.LETTERS
    words: tuple[WordTime, ...] = ()
    """When words of ``text`` begin, from the start of the edition, as far as it is known: those
    of a voice, or of a recording the phrases after a pause."""
    kept: tuple[tuple[int, int], ...] = ()
    """Stretches of ``text``, from and to which character, that no line parts: what stands for a
    placeholder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """What an edition tells its listeners, in ready sentences."""

    language: LanguageTag
    """Which they are in: the edition's, or another one where that has none."""
    valid_until: str
    demo: str = ""
    """Empty where nothing in it is an example."""
    voices: str = ""
    """That voices are synthetic, and whether one is on trial; empty where people alone speak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionTags:
    """What is written into an edition's audio files; no name of a person."""

    title: str
    series: str
    network: str
    language: LanguageTag
    dated: date
    number: int
    expires: date
    """The first day on which something in it is past its date, less one: the last good day;
    NEVER where there is none."""
    synthetic_voice: bool
    licence: str
    website: str
    transcript: str
    """Paragraphs separated by a blank line."""
    chapters: tuple[Chapter, ...]
    draft_voice: bool = False
    """Whether a synthetic voice of draft class speaks in it: listeners are told."""
    reference: str = ""
    """Ids of its series and episode, as ``series/episode``; empty where nothing is referred to."""
    notices: Notices | None = None
    """None for plain English ones."""
    sources: tuple[str, ...] = ()
    """Title and address of each, in order."""
    version: str = ""
    """Changes with what is said, and with nothing else; empty where that is not known."""

    @property
    def has_last_day(self) -> bool:
        """Whether something in it is past its date one day; not so of a spoken notice."""
        return self.expires != NEVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One finished audio file of an edition."""

    id: str
    """As in the profile: ``mp3``, ``opus`` and so on."""
    suffix: str
    media_type: str
    kbps: int
    digest: Digest
    length_bytes: int
    loudness: Loudness
    """Measured on this very file as it is decoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A finished episode in one language and one profile."""

    series: str
    episode: str
    number: int
    language: LanguageTag
    profile: str
    dated: date
    title: str
    description: str
    """Plain text; sources and the validity date are part of it."""
    duration_ms: DurationMs
    renditions: tuple[Rendition, ...]
    captions: tuple[Caption, ...]
    chapters: tuple[Chapter, ...]
    expires: date
    synthetic_voice: bool
    demo: bool
    """Whether it speaks a demo fact."""
    segments: tuple[str, ...]
    sources: tuple[Source, ...]
    words_digest: Digest
    """Of everything that is said, in order: when it changes, listeners must be told."""
    facts: tuple[str, ...] = ()
    """Ids of the facts and contacts that it speaks, once each, sorted."""
    draft_voice: bool = False
    """Whether a synthetic voice of draft class speaks in it: listeners are told."""
    words_per_minute: int = 0
    """As heard while somebody speaks, without the pauses between sentences; 0 where the words
    are not known or are not written apart, as in Chinese."""
    words_per_minute_asked: int = 0
    """What the profile asks for in this language; 0 where nothing is measured."""
    words_per_minute_overall: int = 0
    """From the first word to the last of each slot, pauses included; 0 where nothing is
    measured."""

    @property
    def key(self) -> EditionKey:
        """What feeds, packs and the ledger know it by, whatever its profile."""
        return (self.series, self.episode, self.language)
