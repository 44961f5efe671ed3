"""Short forms and run-on lines: what a voice reads wrongly although every letter is right.

Works on a line whose placeholders were taken out, so that ids are never taken for words.
Short forms and capitals come from the lexicon: built-in ones, and the workspace's own.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from programme.findings import Severity
from programme.units import LanguageTag
from scripts.lexicon import Lexicon
from scripts.rules_words import fold, words_of
from scripts.word_table import EDGES, Match, WordTable

STAND_IN = "\n"
"""Takes a placeholder's place in a line; no line can hold one of its own."""

_NAME = "Xx"
"""Stands for a placeholder where sentences are looked for: it may begin one, as a name may."""

_BREAK = re.compile(r"(?<!\S)(\S*)[.!?…؟۔।።。！？][\"»”’)]*(?=\s+[¿¡«“\"‘(—–-]*\s*(\S))")
_INNER = re.compile(r"[.!?…؟۔।።。！？][\"»”’)]*\s")
"""Most lines have one mark, at their end: they need no closer look."""
_INNER_OF_LINES = re.compile(r"[.!?…؟۔।።。！？][\"»”’)]*(?:[^\S\n]|\{\{)")
"""The same in several lines at once, before placeholders were taken out of them."""
_ROMAN = re.compile(r"[IVXLCDM]{2,}\Z")


class FormRule(StrEnum):
    """What a short form is found by."""

    UNKNOWN = "words.acronym"
    """Capitals that are in no lexicon: nobody knows how a voice reads them."""
    KNOWN = "words.acronym-unexplained"
    """Capitals that are said rightly, and that the script never says in full."""
    ABBREVIATION = "words.abbreviation"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortForm:
    """A word that is not written as it is said."""

    rule: FormRule
    written: str
    said: str
    """What a voice is given for it; empty where nobody knows."""
    full: tuple[str, ...]
    """What it stands for, or what to write; empty where it is not listed."""

    @property
    def severity(self) -> Severity:
        """An info where it is said rightly all the same."""
        return Severity.INFO if self.said else Severity.WARNING

    @property
    def problem(self) -> str:
        """What is wrong, with the word."""
        if self.rule is FormRule.UNKNOWN:
            return f"capitals that nobody told Altavoz how to say: «{self.written}»"
        if self.rule is FormRule.KNOWN:
            return f"«{self.written}» is said «{self.said}», and the script never says it in full"
        if self.said:
            return f"an abbreviation, said «{self.said}»: «{self.written}»"
        return f"an abbreviation that can mean several things: «{self.written}»"

    def remedy(self, language: LanguageTag) -> str:
        """What to do."""
        if self.rule is FormRule.KNOWN:
            return f"say it in full once: «{self.full[0]}»"
        if self.said:
            return f"write «{self.said}», so that readers and listeners have the same words"
        if self.rule is FormRule.ABBREVIATION:
            return f"write in full: {self.full[0]}"
        if _ROMAN.match(self.written):
            return "write the number as a word"
        return (
            f"write it in full; or say how it is said: "
            f"altavoz lexicon add {self.written} --say ... --lang {language}"
        )


def short_forms(line: str, language: LanguageTag, lexicon: Lexicon) -> Iterator[ShortForm]:
    """Give the abbreviations and unknown capitals of a line, once each."""
    table = lexicon.table(language)
    if table.is_quiet(line):
        return
    words = line.split()
    matches = table.matches(words)
    for found in dict.fromkeys(_short_form(match, table, words) for match in matches):
        if found is not None and found.rule is not FormRule.KNOWN:
            yield found


def has_unlisted(words: str, table: WordTable) -> bool:
    """Tell whether any word is in capitals that nobody listed."""
    return any(match.entry is None for match in table.matches(words.split()))


def unexplained(
    lines: Iterable[tuple[int, str]],
    language: LanguageTag,
    lexicon: Lexicon,
    *,
    among: Iterable[tuple[int, str]] | None = None,
) -> Iterator[tuple[int, ShortForm]]:
    """Give the known acronyms that a script never says in full, each where it comes first.

    Args:
        lines: line numbers and words, in order.
        language: of the script.
        lexicon: what acronyms stand for.
        among: those of the lines in which a listed word may begin; None where nobody looked.
    """
    table = lexicon.table(language)
    first: dict[str, tuple[int, ShortForm]] = {}
    texts = list(lines)
    for number, text in texts if among is None else among:
        if table.is_quiet(text):
            continue
        words = text.split()
        for match in table.matches(words):
            found = _short_form(match, table, words)
            if found is not None and found.rule is FormRule.KNOWN:
                first.setdefault(found.written, (number, found))
    if not first:
        return
    whole = " ".join(_plain(text) for _, text in texts)
    for number, found in first.values():
        if not any(_core(full) in whole for full in found.full):
            yield number, found


def _short_form(match: Match, table: WordTable, words: list[str]) -> ShortForm | None:
    """Judge a match; None for a plain word that is merely said otherwise."""
    entry = match.entry
    if entry is None:
        return ShortForm(rule=FormRule.UNKNOWN, written=match.written, said="", full=())
    if entry.kind == "abbreviation":
        rule = FormRule.ABBREVIATION
    elif entry.kind == "acronym" and entry.full:
        rule = FormRule.KNOWN
    else:
        return None
    said = table.said(entry, words, match.start)
    return ShortForm(rule=rule, written=match.written, said=said, full=entry.full)


def _plain(text: str) -> str:
    return " ".join(words_of(fold(text)))


def _core(full: str) -> str:
    """Give a full name without its article, which changes with the sentence: de la, del, au."""
    plain = _plain(full)
    first, _, rest = plain.partition(" ")
    short = len(first) <= 2 or first in {"las", "los", "les", "the", "uma", "une"}
    return rest if rest and short else plain.removeprefix("l'")


def second_sentence(line: str, language: LanguageTag, lexicon: Lexicon) -> str:
    """Give the beginning of a second sentence on the line; empty when there is only one.

    Knows abbreviations (Sr. Pérez) and initials (J. Pérez). Letters without case, as in Arabic,
    begin a sentence after any full stop.
    """
    if _INNER.search(line) is None:
        return ""
    table = lexicon.table(language)
    text = line.replace(STAND_IN, _NAME)
    for match in _BREAK.finditer(text):
        word, first = match[1].strip(EDGES), match[2]
        ended_by_dot = text[match.end(1)] == "."
        if ended_by_dot and (len(word) == 1 or _takes_dot(word, table)):
            continue
        if first.isalpha() and not first.islower():
            return text[match.start(2) :].replace(_NAME, "{{…}}")[:40].rstrip()
    return ""


def may_hold_two(lines: str) -> bool:
    """Tell whether one of several lines, as written, may hold two sentences; most texts do not."""
    return _INNER_OF_LINES.search(lines) is not None


def _takes_dot(word: str, table: WordTable) -> bool:
    """Tell whether a full stop after the word belongs to it."""
    return f"{word}." in table.dotted or f"{word.casefold()}." in table.dotted
