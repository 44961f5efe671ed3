"""Terminology: phrases that hurt, mislead or promise; data in data/terms.toml.

Phrases are expanded once into all their forms and kept by their first word, so that a sentence
costs one look-up a word however many phrases there are.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

from programme.findings import Findings, Severity
from programme.words import Script
from scripts.rules_words import fold_words, tokens_of

_CHOICE = re.compile(r"\(([^()]*)\)")
_DENIED_WITHIN = 5
"""Words before a phrase, back to a comma, among which a denial silences it: nada es garantizado."""
_MOST_FORMS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One row of the table: phrases of one concept in one language."""

    concept: str
    reason: str
    source: str
    say: str
    severity: Severity
    negatable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The phrases of one language, ready for matching."""

    avoid: Mapping[str, Sequence[tuple[tuple[str, ...], Term]]]
    """By first word: the folded words of a phrase and its row; longest first."""
    harmless: Mapping[str, Sequence[tuple[str, ...]]]
    """By first word: phrases that make what overlaps them harmless."""
    denials: frozenset[str]


@cache
def terms(language: str) -> Terms | None:
    """Give the terms of a primary language subtag; None where the table has none."""
    text = resources.files("scripts").joinpath("data/terms.toml").read_text("utf-8")
    return read_terms(tomllib.loads(text), language)


def read_terms(data: Mapping[str, Any], language: str) -> Terms | None:
    """Read the rows of one language from a table of the form of data/terms.toml."""
    avoid: dict[str, list[tuple[tuple[str, ...], Term]]] = {}
    harmless: dict[str, list[tuple[str, ...]]] = {}
    for concept in data["concept"]:
        for row in concept.get(language, ()):
            term = Term(
                concept=concept["id"],
                reason=concept["reason"],
                source=concept["source"],
                say=row["say"],
                severity=Severity(row["severity"]),
                negatable=row.get("negatable", False),
            )
            for words in _phrases(row["avoid"]):
                avoid.setdefault(words[0], []).append((words, term))
            for words in _phrases(row.get("except", ())):
                harmless.setdefault(words[0], []).append(words)
    if not avoid:
        return None
    for rows in avoid.values():
        rows.sort(key=lambda row: (-len(row[0]), row[0]))
    denials = frozenset(fold_words(" ".join(data["denials"].get(language, ()))))
    return Terms(avoid=avoid, harmless=harmless, denials=denials)


def expand(pattern: str) -> Iterator[str]:
    """Give every form of a pattern such as ``(|in)migrante(|s) ilegal(|es)``.

    Raises:
        ValueError: brackets within brackets or left open, or more than 2000 forms.
    """
    parts = _CHOICE.split(pattern)
    choices = [part.split("|") if index % 2 else [part] for index, part in enumerate(parts)]
    if any(sign in part for part in parts[::2] for sign in "()|"):
        raise ValueError(f"brackets do not match: {pattern}")
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > _MOST_FORMS:
        raise ValueError(f"too many forms: {pattern}")
    for chosen in product(*choices):
        yield "".join(chosen)


def _phrases(patterns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    forms = {fold_words(form) for pattern in patterns for form in expand(pattern)}
    yield from sorted(form for form in forms if form)


def check_terms(script: Script, table: Terms | None, findings: Findings) -> None:
    """Note every phrase of the table that the script says; in a quotation as information."""
    if table is None:
        return
    for sentence in script.sentences:
        for term, said, quoted in find_terms(sentence.text, table):
            findings.add(
                file=script.file,
                line=sentence.line,
                rule=f"terms.{term.concept}",
                severity=Severity.INFO if quoted else term.severity,
                problem=f"«{said}»: {term.reason}" + (" (in a quotation)" if quoted else ""),
                remedy=f"say: {term.say}",
            )


def find_terms(text: str, table: Terms) -> Iterator[tuple[Term, str, bool]]:
    """Give each match: its row, the words folded, and whether all of it is quoted."""
    words = fold_words(text)
    if table.avoid.keys().isdisjoint(words):
        return
    quoted: list[bool] | None = None
    safe: set[int] | None = None
    at = 0
    while at < len(words):
        found = _match(words, at, table)
        if found is None:
            at += 1
            continue
        length, term = found
        span = range(at, at + length)
        safe = _harmless(words, table) if safe is None else safe
        denied = term.negatable and _denied(words, at, table)
        if not denied and not safe.issuperset(span):
            quoted = quoted or [token.quoted for token in tokens_of(text)]
            yield term, _said(words, span), all(quoted[i] for i in span)
        at += length


def _match(words: tuple[str, ...], at: int, table: Terms) -> tuple[int, Term] | None:
    for phrase, term in table.avoid.get(words[at], ()):
        if words[at : at + len(phrase)] == phrase:
            return len(phrase), term
    return None


def _harmless(words: tuple[str, ...], table: Terms) -> set[int]:
    """Give the places of words that stand in a harmless phrase."""
    places: set[int] = set()
    for at, word in enumerate(words):
        for phrase in table.harmless.get(word, ()):
            if words[at : at + len(phrase)] == phrase:
                places.update(range(at, at + len(phrase)))
    return places


def _denied(words: tuple[str, ...], at: int, table: Terms) -> bool:
    for word in reversed(words[max(0, at - _DENIED_WITHIN) : at]):
        if word in table.denials:
            return True
        if not word[0].isalnum() and word != "'":
            return False
    return False


def _said(words: tuple[str, ...], span: range) -> str:
    return " ".join(words[span.start : span.stop]).replace(" ' ", "'")
