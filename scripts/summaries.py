"""Summaries: what the rest of the house must know of a text without reading it again."""

from typing import NamedTuple

from programme.speakers import USUAL
from programme.units import Digest, LanguageTag
from programme.words import Script, Translation, TranslationState

NO_WORDS = Digest("")
"""Stands for the digest of words that are missing or faulty."""

_USUAL_ONLY = (USUAL,)


class Summary(NamedTuple):
    """One segment in one language: its state, and what its words are about.

    A tuple, because a workspace has ten thousand of them and they are made at every command.
    """

    segment: str
    language: LanguageTag
    state: TranslationState
    file: str
    """Where the text is, or where it would be written."""
    title: str = ""
    words_digest: Digest = NO_WORDS
    """Of the words as spoken; NO_WORDS where they are missing or faulty."""
    sentences: int = 0
    spoken: tuple[tuple[str, int], ...] = ()
    """Every fact and contact that a sentence speaks, with the sentence's line, in order."""
    changed_lines: tuple[int, ...] = ()
    """For stale ones: lines of the source file that changed or are new."""
    gone: int = 0
    """For stale ones: how many source sentences were taken away."""
    speakers: tuple[str, ...] = ()
    """Ids of who speaks in a dialogue, once each; an empty one is the usual voice. Empty where
    only the usual voice speaks."""

    @property
    def has_words(self) -> bool:
        """Whether there are words that can be read, whatever the state of the translation."""
        return self.words_digest != NO_WORDS

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact and contact that the text speaks, once each, sorted."""
        return tuple(sorted({name for name, _ in self.spoken}))

    def lines_of(self, fact: str) -> tuple[int, ...]:
        """Give the lines that speak a fact or contact."""
        return tuple(line for name, line in self.spoken if name == fact)


def summarise(translation: Translation, *, file: str) -> Summary:
    """Give what a translation is about; the words themselves are left behind."""
    script = translation.script
    speakers = script.speakers if script else ()
    return Summary(
        segment=translation.segment,
        language=translation.language,
        state=translation.state,
        file=file,
        title=script.title if script else "",
        words_digest=script.words_digest if script else NO_WORDS,
        sentences=len(script.sentences) if script else 0,
        spoken=_spoken(script) if script else (),
        changed_lines=translation.changed_lines,
        gone=translation.gone,
        speakers=() if speakers == _USUAL_ONLY else speakers,
    )


def with_words(summary: Summary, script: Script | None) -> Translation:
    """Give the translation that a summary was made from, with its words."""
    return Translation(
        segment=summary.segment,
        language=summary.language,
        state=summary.state,
        script=script,
        changed_lines=summary.changed_lines,
        gone=summary.gone,
    )


def _spoken(script: Script) -> tuple[tuple[str, int], ...]:
    return tuple([(fact, s.line) for s in script.sentences if s.facts for fact in s.facts])
