"""One script as its rules read it: taken apart once, with what was found in it."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from itertools import chain

from programme.facts import Contact
from programme.findings import Findings, Severity
from programme.segments import Segment
from programme.words import Script
from scripts.factbook import FactBook
from scripts.phrases import PhraseTable, Said
from scripts.plain_words import PlainWords, Shapes, plain_words
from scripts.rules_words import SentenceWords, read_words

OF_FEW_KINDS = frozenset({"cost", "deadline", "myth", "where"})
"""Groups of phrases that are asked of procedures and myths only, and said in every other text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What every rule needs to know of one script; computed once and shared."""

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
    lower: AbstractSet[str]
    """Every word of the sentences in lower case: tells at once what none of them says."""
    folded: AbstractSet[str]
    """The same as ``SentenceWords.folded`` has them."""
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
            _find(_phrases_of(self.words.phrases, few=True), self.sentences, self.folded, self.said)
        return self.said.get(group, ())

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
    words = plain_words(language)
    sentences = [read_words(sentence) for sentence in script.sentences]
    parts = [part for one in sentences for part in one.parts]
    folded = {*chain.from_iterable([part.folded for part in parts])}
    said: dict[str, list[tuple[SentenceWords, Said]]] = {}
    if words is not None:
        _find(_phrases_of(words.phrases, few=False), sentences, folded, said)
    return Reading(
        script=script,
        segment=segment,
        book=book,
        contacts=_contacts(script, book),
        sentences=sentences,
        language=language,
        words=words,
        lower={part.lower for part in parts},
        folded=folded,
        said=said,
        findings=findings,
    )


def _contacts(script: Script, book: FactBook) -> list[Contact]:
    found = map(book.contacts.get, script.facts)
    return [contact for contact in found if contact is not None]


def _find(
    phrases: PhraseTable,
    sentences: Sequence[SentenceWords],
    folded: AbstractSet[str],
    said: dict[str, list[tuple[SentenceWords, Said]]],
) -> None:
    """Add to ``said`` what the sentences, whose words are ``folded``, say of the phrases."""
    if not phrases.may_find(folded):
        return
    for one in sentences:
        for found in phrases.find(one.folded, one.sentence.text):
            said.setdefault(found.group, []).append((one, found))


@cache
def _phrases_of(phrases: PhraseTable, *, few: bool) -> PhraseTable:
    """Give the phrases that the rules of few kinds of segments look for, or all others."""
    return phrases.only(OF_FEW_KINDS if few else phrases.groups - OF_FEW_KINDS)
