"""One script as its rules read it: taken apart once, with what was found in it."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import NamedTuple

from programme.facts import Contact
from programme.findings import Findings, Severity
from programme.segments import Segment
from programme.words import Script
from scripts.factbook import FactBook
from scripts.phrases import Said
from scripts.plain_words import PlainWords, Shapes, plain_words
from scripts.rules_words import SentenceWords
from scripts.word_looks import OF_FEW_KINDS, Use, WordLooks, word_looks


class Reading(NamedTuple):
    """What every rule needs to know of one script; computed once and shared.

    A tuple, which is made in a third of the time: every script has one.
    """

    script: Script
    segment: Segment
    book: FactBook
    contacts: Sequence[Contact]
    """Those that the script speaks, by id."""
    sentences: Sequence[SentenceWords]
    language: str
    """Primary subtag."""
    words: PlainWords | None
    """None where no words of this language are known."""
    counts: Sequence[int]
    """How many words each sentence has."""
    loud: AbstractSet[str]
    """What stands between the spaces of the sentences, where a rule may have something to say."""
    looks: WordLooks
    """What tells it."""
    said: dict[str, list[tuple[SentenceWords, Said]]]
    """By group: the phrases that are said, and where; grows when a group of few kinds is asked."""
    findings: Findings

    @property
    def shapes(self) -> Shapes | None:
        """Words that show constructions; None where none of this language are known."""
        return self.words.shapes if self.words is not None else None

    def knows(self, group: str) -> bool:
        """Tell whether the language has words of a group, so that their absence says something."""
        return self.words is not None and group in self.words.knows

    def hits(self, group: str) -> Sequence[tuple[SentenceWords, Said]]:
        """Give the phrases of a group that are said."""
        if group in OF_FEW_KINDS and self.words is not None and group not in self.said:
            self.said.update({one: [] for one in OF_FEW_KINDS})
            self.find(Use.PHRASE_OF_FEW_KINDS)
        return self.said.get(group, ())

    def those_with(self, use: Use) -> Sequence[SentenceWords]:
        """Give the sentences in which a word of some use stands."""
        tokens = self.looks.used(use, self.loud)
        return (
            [one for one in self.sentences if not tokens.isdisjoint(one.tokens)] if tokens else ()
        )

    def find(self, use: Use) -> None:
        """Add to ``said`` the phrases of some groups."""
        phrases = self.looks.phrases(use)
        if phrases is None:
            return
        tokens = self.looks.used(use, self.loud)
        for one in self.sentences if tokens else ():
            if not tokens.isdisjoint(one.tokens) and phrases.may_say(one.tokens, tokens):
                for found in phrases.find(one.folded, one.sentence.text):
                    self.said.setdefault(found.group, []).append((one, found))

    def said_in(self, one: SentenceWords, use: Use) -> Sequence[Said]:
        """Give the phrases of some groups that one sentence says, where no other is asked."""
        phrases = self.looks.phrases(use)
        if phrases is None or not phrases.may_say(one.tokens, self.looks.used(use, self.loud)):
            return ()
        return phrases.find(one.folded, one.sentence.text)

    def line_of(self, fact: str) -> int:
        """Give the line on which a fact or contact is first said; 0 where it is not."""
        lines = (one.sentence.line for one in self.sentences if fact in one.sentence.facts)
        return next(lines, 0)

    def note(
        self, line: int, rule: str, problem: str, remedy: str, severity: Severity = Severity.ERROR
    ) -> None:
        """Note one finding about this script."""
        self.findings.add(
            file=self.script.file,
            line=line,
            rule=rule,
            problem=problem,
            remedy=remedy,
            severity=severity,
        )


def read_script_words(
    script: Script, segment: Segment, *, book: FactBook, findings: Findings
) -> Reading:
    """Take a script apart for its rules."""
    language = script.language.partition("-")[0]
    looks = word_looks(language)
    sentences = [*map(SentenceWords, script.sentences)]
    tokens = {*chain.from_iterable([one.tokens for one in sentences])}
    loud = looks.over(tokens)
    are_words = not looks.used(Use.NOT_ONE_WORD, loud)
    reading = Reading(
        script=script,
        segment=segment,
        book=book,
        contacts=_contacts(script, book),
        sentences=sentences,
        language=language,
        words=plain_words(language),
        counts=[len(one.tokens if are_words else one.parts) for one in sentences],
        loud=loud,
        looks=looks,
        said={},
        findings=findings,
    )
    reading.find(Use.PHRASE)
    return reading


def _contacts(script: Script, book: FactBook) -> list[Contact]:
    found = map(book.contacts.get, script.facts)
    return [contact for contact in found if contact is not None]
