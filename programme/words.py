"""The written words: sentences, scripts, and the state of a translation."""

from dataclasses import dataclass
from enum import StrEnum

from programme.units import Digest, LanguageTag


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One spoken sentence, the unit of synthesis, of translation and of captions."""

    line: int
    """Line in the script file, counted from 1."""
    raw: str
    """As the person wrote it, placeholders and all; NFC."""
    text: str
    """As read on a page: placeholders resolved, telephone numbers in their stored groups."""
    spoken: str
    """As given to a voice or read by a person: numbers, dates and telephone numbers as words."""
    paragraph: int
    """Number of its paragraph, from 0; a change of paragraph is a longer pause."""
    facts: tuple[str, ...] = ()
    """Ids of the facts and contacts that it speaks, in order of appearance."""
    speaker: str = ""
    """Id of who says it, from altavoz.toml; empty for the usual voice of the language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """A rule that a writer silenced at a line of a script, and why."""

    line: int
    """The line that it holds for, counted from 1; 0 for findings about the text as a whole."""
    rule: str
    reason: str
    at: int
    """The line on which it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The words of one segment in one language, ready to be spoken."""

    segment: str
    language: LanguageTag
    title: str
    """The heading: shown in chapters and pages, not spoken."""
    title_line: int = 1
    """Line of the heading in the script file, counted from 1."""
    sentences: tuple[Sentence, ...]
    file: str
    """Path inside the workspace."""
    words_digest: Digest
    """Of title, sentences as spoken and who says them: what a recording or a review is bound
    to."""
    allowances: tuple[Allowance, ...] = ()
    """What its writers silenced, in the order of the file; not part of the words."""

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact and contact that the script speaks, once each, sorted."""
        return tuple(sorted({fact for s in self.sentences for fact in s.facts}))

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks, by id, once each and in order; an empty one is the usual voice."""
        return tuple(dict.fromkeys(sentence.speaker for sentence in self.sentences))


class TranslationState(StrEnum):
    """How a segment stands in one language."""

    SOURCE = "source"
    FRESH = "fresh"
    COSMETIC = "cosmetic"
    """The source changed in punctuation, case or spaces only; may be spoken."""
    STALE = "stale"
    """The source changed since; left out until the translator has looked."""
    UNCONFIRMED = "unconfirmed"
    """Nobody has said which source this was made from; left out."""
    MISSING = "missing"
    """No text in this language."""
    FAULTY = "faulty"
    """The text has errors of its own; they are among the findings."""

    @property
    def may_air(self) -> bool:
        """Whether the words may be spoken in an edition."""
        return self in {TranslationState.SOURCE, TranslationState.FRESH, TranslationState.COSMETIC}


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """One segment in one language: its state, and its words where they may be read."""

    segment: str
    language: LanguageTag
    state: TranslationState
    script: Script | None
    """None when missing or faulty."""
    changed_lines: tuple[int, ...] = ()
    """For stale ones: lines of the source file that changed or are new."""
    gone: int = 0
    """For stale ones: how many source sentences were taken away."""
