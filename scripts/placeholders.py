"""Placeholders: ``{{fact:ID}}`` and its kin, found by one regex in one pass and filled in.

No template language: nothing is evaluated, what comes out is never looked at again, and what is
unknown is an error. Kinds that speak a fact or a contact:

- ``{{fact:ID}}``: the fact's statement in the script's language.
- ``{{phone:ID}}``, ``{{phone:ID/whatsapp}}``: the contact's first number, or its first of a type;
  ``{{phone:ID twice}}`` says it two times and prints it once.
- ``{{org:ID}}``, ``{{service:ID}}``: the contact's organisation or service in the language.
- ``{{verified:ID}}``: the month in which a fact or contact was verified.

Kinds that hold their value, the same in every language:

- ``{{number:21 days}}``: so many of a unit of data/counted.toml, which agrees with its number.
- ``{{number:200}}``, ``{{number:200/f}}``: a number, and one before a feminine noun.
- ``{{money:150 USD}}``, ``{{money:2.50 USD}}``: an amount with its currency's full name.
- ``{{time:14:30}}``: a time of the day, of 24 hours, said with the part of the day.
- ``{{ordinal:3}}``, ``{{ordinal:3/f}}``: third.
- ``{{date:2026-12-01}}``, ``{{date:2026-12-01 weekday}}``: a day, said in words.

docs/placeholders.md shows what each becomes in each language.
"""

from functools import lru_cache
from typing import NamedTuple

from programme.facts import Contact, Fact, FactStatus
from programme.findings import Findings, Severity
from programme.units import LanguageTag
from scripts.factbook import FAULTY_FACT, FactBook
from scripts.placeholder_facts import fault_in_words, fill_fact, told_once
from scripts.placeholder_marks import (
    FACT_KINDS,
    KINDS,
    NUMBER_KINDS,
    PLACEHOLDER,
    VALUE_KINDS,
    Placeholder,
    PlaceholderError,
    cut,
    find_placeholders,
    fold_spaces,
)
from scripts.wording import maybe_meant

__all__ = [
    "FACT_KINDS",
    "FAULTY_FACT",
    "KINDS",
    "NUMBER_KINDS",
    "PLACEHOLDER",
    "VALUE_KINDS",
    "Placeholder",
    "Resolved",
    "fault_in_words",
    "find_placeholders",
    "fold_spaces",
    "resolve",
    "told_once",
]


class Resolved(NamedTuple):
    """A line with its placeholders filled in."""

    text: str
    spoken: str
    facts: tuple[str, ...]


_Filled = tuple[Fact | None, Contact | None, tuple[str, str] | None]
"""What a placeholder was filled in from, by its id, and what is read and said for it."""

_NOT_FILLED: _Filled = (None, None, None)
_MOST_FILLED = 4096
_FILLED: dict[tuple[str, LanguageTag], _Filled] = {}
"""By placeholder and language; holds for these very facts and contacts, never for equal ids."""


def resolve(
    raw: str, *, file: str, line: int, language: LanguageTag, book: FactBook, findings: Findings
) -> Resolved | None:
    """Fill in the placeholders of a line; None when one of them cannot be, all of which are noted.

    Spaces are folded in both results, whether or not there are placeholders.
    """
    marks = find_placeholders(raw)
    if not marks:
        text = fold_spaces(raw)
        return Resolved(text=text, spoken=text, facts=())
    text_parts: list[str] = []
    spoken_parts: list[str] = []
    facts: dict[str, None] = {}
    at, whole = 0, True
    for mark in marks:
        fact: Fact | None = None
        contact: Contact | None = None
        if mark.refers:
            # The book is asked each time: it may be another one, and it may note who asks.
            fact, contact = book.facts.get(mark.id), book.contacts.get(mark.id)
        try:
            text, said = _fill_once(mark, language, book, fact, contact)
        except PlaceholderError as fault:
            findings.add(
                file=file, line=line, rule=fault.rule, problem=fault.problem, remedy=fault.remedy
            )
            whole = False
            continue
        thing = fact or contact
        if thing is not None and thing.validity.status is FactStatus.WITHDRAWN:
            _note_withdrawn(mark, thing, file=file, line=line, findings=findings)
        before = raw[at : mark.start]
        text_parts += (before, text)
        spoken_parts += (before, said)
        at = mark.end
        if mark.refers:
            facts[mark.id] = None
    if not whole:
        return None
    tail = raw[at:]
    return Resolved(
        text=fold_spaces("".join([*text_parts, tail])),
        spoken=fold_spaces("".join([*spoken_parts, tail])),
        facts=tuple(facts),
    )


def _fill_once(
    mark: Placeholder,
    language: LanguageTag,
    book: FactBook,
    fact: Fact | None,
    contact: Contact | None,
) -> tuple[str, str]:
    """Fill in as ``_fill`` does; what a fact or a contact says is kept while the book has it."""
    if not mark.refers:
        return _fill(mark, language, book)
    was_fact, was_contact, filled = _FILLED.get((mark.written, language), _NOT_FILLED)
    if filled is not None and fact is was_fact and contact is was_contact:
        return filled
    filled = _fill(mark, language, book)
    if len(_FILLED) >= _MOST_FILLED:
        _FILLED.clear()
    _FILLED[mark.written, language] = (fact, contact, filled)
    return filled


def _fill(mark: Placeholder, language: LanguageTag, book: FactBook) -> tuple[str, str]:
    """Give what is read and what is said for one placeholder."""
    if mark.kind in VALUE_KINDS:
        return _value(mark.written, language)
    if mark.kind not in FACT_KINDS:
        raise _unknown_kind(mark)
    if mark.variant and mark.kind != "phone":
        raise PlaceholderError(
            "placeholder.form",
            f"{mark.written}: only a telephone number takes a type after a slash",
            f"write {{{{{mark.kind}:{mark.id}}}}}",
        )
    if mark.word and mark.kind != "phone":
        raise PlaceholderError(
            "placeholder.word",
            f"{cut(mark.written)}: no word follows the id of a {mark.kind}",
            f"write {{{{{mark.kind}:{mark.id}}}}}",
        )
    return fill_fact(mark, language, book)


@lru_cache(maxsize=4096)
def _value(written: str, language: LanguageTag) -> tuple[str, str]:
    """Fill in what holds its value: the same ones come back, in the same few languages."""
    from scripts.placeholder_values import fill_value  # most texts say no number

    return fill_value(find_placeholders(written)[0], language)


def _unknown_kind(mark: Placeholder) -> PlaceholderError:
    if not mark.kind:
        return PlaceholderError(
            "placeholder.form",
            f"{cut(mark.written)} is not a placeholder",
            "write {{kind:id}}, for example {{phone:mx-lnctp}}, {{number:21 days}}, {{time:14:30}}",
        )
    return PlaceholderError(
        "placeholder.kind",
        f"{cut(mark.written)}: there is no kind {cut(mark.kind)}",
        maybe_meant(mark.kind, KINDS) + "the kinds are " + ", ".join(KINDS),
    )


def _note_withdrawn(
    mark: Placeholder, thing: Fact | Contact, *, file: str, line: int, findings: Findings
) -> None:
    findings.add(
        file=file,
        line=line,
        rule="fact.withdrawn",
        severity=Severity.WARNING,
        problem=f"{mark.written}: {mark.id} was withdrawn in {thing.file}",
        remedy="take the sentence out, or refer to what holds now",
    )
