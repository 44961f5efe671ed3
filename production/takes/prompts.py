"""Sentences as they are shown to whoever reads them aloud, or hears them read."""

from dataclasses import dataclass, replace

from programme.units import LanguageTag
from programme.words import Script, Sentence
from scripts.abbreviations import habits_of
from scripts.lexicon import Pronunciation
from scripts.rules_words import counts_words
from scripts.speakers import Speakers
from scripts.word_table import Spoken, WordTable
from scripts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptLine:
    """One sentence as it is shown to whoever reads it."""

    text: str
    spoken: str
    """How numbers, dates and short forms are said; empty where the text is said as it stands."""
    notes: tuple[Pronunciation, ...]
    """What the workspace's lexicon says to people of words in it."""
    begins_paragraph: bool
    """Whether a longer pause stands before it."""
    speaker: str = ""
    """Label of who says it in a dialogue; nobody reads it aloud."""


@dataclass(frozen=True, slots=True)
class PromptWords:
    """Sentences of one language, with what the workspace's own lexicon says to people of them."""

    table: WordTable
    entries: dict[str, Pronunciation]
    speakers: Speakers

    @classmethod
    def of(cls, workspace: Workspace, tag: LanguageTag) -> "PromptWords":
        """Gather them for a language."""
        own = workspace.style.lexicon.own_of(tag)
        # an entry for one voice spells a word for that voice, not for people
        told = {e.written: replace(e, say="" if e.voices else e.say) for e in own}
        kept = {w: e for w, e in told.items() if e.say or e.ipa or e.note}
        rows = [Spoken(written=e.written, say=e.say, exact=e.exact) for e in kept.values()]
        habits = habits_of(tag.partition("-")[0])
        table = WordTable(rows, habits, spaced=counts_words(tag))
        return cls(table, kept, workspace.style.speakers)

    def lines(self, script: Script) -> tuple[PromptLine, ...]:
        """Give every sentence of a script."""
        before = script.sentences[0].paragraph
        found = []
        for sentence in script.sentences:
            found.append(
                PromptLine(
                    text=sentence.text,
                    spoken="" if sentence.spoken == sentence.text else sentence.spoken,
                    notes=self._notes(sentence),
                    begins_paragraph=sentence.paragraph != before,
                    speaker=self.speakers.label(sentence.speaker, script.language),
                )
            )
            before = sentence.paragraph
        return tuple(found)

    def _notes(self, sentence: Sentence) -> tuple[Pronunciation, ...]:
        found = self.table.matches(sentence.text.split())
        named = dict.fromkeys(match.entry.written for match in found if match.entry)
        return tuple(self.entries[written] for written in named)
