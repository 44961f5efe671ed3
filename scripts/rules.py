"""Rules of plain, safe speech: whether a script that can be read can also be understood.

Sentence rules hold in every language, because below a hundred words no readability score means
anything; terminology and forms of address are data for the languages that have them.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from programme.findings import Findings, Severity
from programme.segments import Segment, SegmentKind
from programme.words import Script, Sentence
from scripts.factbook import FactBook
from scripts.house_style import HouseStyle
from scripts.placeholders import NUMBER_KINDS, find_placeholders
from scripts.rules_readability import score_spanish
from scripts.rules_terms import check_terms
from scripts.rules_words import counts_words, fold, tokens_of, words_of

LONG_SENTENCE = 15
"""Words from which a sentence is hard to follow by ear."""
LONGEST_SENTENCE = 20
"""Words that a sentence may have at most."""
MEAN_SENTENCE = 12
"""Words that sentences may have on average."""
_FEWEST_FOR_MEAN = 3
"""Sentences below which an average says nothing that the single sentences do not."""

_NEED_CONTACT = frozenset({SegmentKind.SERVICE_PROMPT, SegmentKind.PROCEDURE})
_OTHER_VOICES = frozenset({SegmentKind.TESTIMONY, SegmentKind.DRAMA, SegmentKind.INTERVIEW})
"""Kinds in which people speak to one another as they do in life."""


def check_script(
    script: Script, segment: Segment, *, book: FactBook, style: HouseStyle, findings: Findings
) -> None:
    """Check one script that was read without errors; changes nothing, notes everything."""
    words = [words_of(sentence.text) for sentence in script.sentences]
    if counts_words(script.language):
        _check_sentences(script, words, findings)
    _check_numbers(script, segment, findings)
    _check_contact(script, segment, book, findings)
    check_terms(script, style.terms, findings)
    if segment.kind not in _OTHER_VOICES:
        _check_address(script, words, findings)


def _check_sentences(script: Script, sentences: list[list[str]], findings: Findings) -> None:
    for sentence, words in zip(script.sentences, sentences, strict=True):
        if len(words) > LONG_SENTENCE:
            too_long = len(words) > LONGEST_SENTENCE
            findings.add(
                file=script.file,
                line=sentence.line,
                rule="plain.sentence-length",
                severity=Severity.ERROR if too_long else Severity.WARNING,
                problem=f"a sentence of {len(words)} words: {_begin(sentence)}",
                remedy=f"make two sentences of it: {LONG_SENTENCE} words or fewer are understood, "
                f"{LONGEST_SENTENCE} is the most",
            )
    mean = sum(map(len, sentences)) / max(1, len(sentences))
    if mean > MEAN_SENTENCE and len(sentences) >= _FEWEST_FOR_MEAN:
        findings.add(
            file=script.file,
            line=0,
            rule="plain.mean-length",
            severity=Severity.WARNING,
            problem=f"sentences have {mean:.1f} words on average",
            remedy=f"shorten the longest ones: an ear follows {MEAN_SENTENCE} words on average",
        )
    if script.language.partition("-")[0] == "es":
        _check_readability(script, sentences, findings)


def _check_readability(script: Script, sentences: list[list[str]], findings: Findings) -> None:
    score = score_spanish(sentences)
    if score is None or not score.is_demanding:
        return
    how = "hard" if score.is_hard else "demanding"
    findings.add(
        file=script.file,
        line=0,
        rule="plain.readability",
        severity=Severity.WARNING if score.is_hard else Severity.INFO,
        problem=f"{how} for people with six years of school: Fernández-Huerta "
        f"{score.fernandez_huerta:.0f}, INFLESZ {score.inflesz:.0f}",
        remedy="shorter words and sentences; aim at 80 in both, 70 and 65 are the least",
    )


def _check_numbers(script: Script, segment: Segment, findings: Findings) -> None:
    said: dict[str, list[int]] = {}
    for sentence in script.sentences:
        marks = [m for m in find_placeholders(sentence.raw) if m.kind in NUMBER_KINDS]
        if len(marks) > 1:
            findings.add(
                file=script.file,
                line=sentence.line,
                rule="plain.numbers",
                severity=Severity.WARNING,
                problem="more than one number in a sentence: "
                + ", ".join(mark.written for mark in marks),
                remedy="say each number in a sentence of its own",
            )
        for mark in marks:
            if mark.kind == "phone":
                said.setdefault(mark.key, []).append(sentence.line)
    if segment.kind is not SegmentKind.SERVICE_PROMPT:
        return
    for key, lines in said.items():
        if len(lines) == 1:
            findings.add(
                file=script.file,
                line=lines[0],
                rule="plain.say-twice",
                severity=Severity.INFO,
                problem=f"{{{{{key}}}}} is said once",
                remedy="say a telephone number twice, the second time at the end, or let the "
                "rundown repeat the segment",
            )


def _check_contact(script: Script, segment: Segment, book: FactBook, findings: Findings) -> None:
    if segment.kind in _NEED_CONTACT and not any(name in book.contacts for name in script.facts):
        findings.add(
            file=script.file,
            line=0,
            rule="plain.no-contact",
            severity=Severity.WARNING,
            problem=f"a {segment.kind.value} that names no number and no place to go",
            remedy="say whom to call or where to go: {{phone:ID}}, {{org:ID}} or {{service:ID}}",
        )


@cache
def _address(language: str) -> Mapping[str, Any] | None:
    text = resources.files("scripts").joinpath("data/address.toml").read_text("utf-8")
    row: Mapping[str, Any] | None = tomllib.loads(text).get(language)
    return row


def _check_address(script: Script, sentences: list[list[str]], findings: Findings) -> None:
    """Note the first sentence that speaks to the listener as one speaks to a friend."""
    row = _address(script.language.partition("-")[0])
    if row is None:
        return
    formal, informal = frozenset(row["formal"]), frozenset(row["informal"])
    polite, first = False, None
    for sentence, said in zip(script.sentences, sentences, strict=True):
        words = {word.lower() for word in said}
        polite = polite or not formal.isdisjoint(words)
        if first is None and not informal.isdisjoint(words):
            found = min(informal & words)
            if not _is_quoted(sentence, found):
                first = (sentence, found)
    if first is None:
        return
    sentence, word = first
    mixed = f" beside {row['formal_name']}" if polite else ""
    findings.add(
        file=script.file,
        line=sentence.line,
        rule="plain.address",
        severity=Severity.WARNING,
        problem=f"«{word}» speaks to the listener as {row['informal_name']}{mixed}",
        remedy=f"say {row['formal_name']} throughout",
    )


def _is_quoted(sentence: Sentence, word: str) -> bool:
    """Tell whether the word stands in a quotation wherever the sentence says it."""
    said = fold(word)
    return all(token.quoted for token in tokens_of(sentence.text) if token.folded == said)


def _begin(sentence: Sentence) -> str:
    return sentence.text if len(sentence.text) <= 50 else sentence.text[:50] + "…"
