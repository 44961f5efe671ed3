"""Placeholders: ``{{fact:ID}}`` and its kin, found by one regex in one pass.

No template language: nothing is evaluated, what comes out is never looked at again, and what is
unknown is an error. Kinds:

- ``{{fact:ID}}``: the fact's statement in the script's language.
- ``{{phone:ID}}``, ``{{phone:ID/whatsapp}}``: the contact's first number, or its first of a type.
- ``{{org:ID}}``, ``{{service:ID}}``: the contact's organisation or service in the language.
- ``{{date:2026-12-01}}``: a day, said in words.
- ``{{verified:ID}}``: the month in which a fact or contact was verified.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from programme.facts import Contact, Fact, FactStatus, Phone, PhoneType
from programme.findings import Findings, Severity
from programme.units import LanguageTag
from scripts import spoken
from scripts.factbook import FactBook, did_you_mean
from scripts.rules_letters import Fault, Sieve, normal

KINDS = ("fact", "phone", "org", "service", "date", "verified")
"""Every kind of placeholder."""

NUMBER_KINDS = frozenset({"phone", "date", "verified"})
"""Kinds that say a number."""

PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")

FAULTY_FACT = "placeholder.faulty-fact"
"""The rule of a finding that only repeats that a fact has errors; its own file says which."""

_INSIDE = re.compile(r"\s*([a-z]+)\s*:\s*([^\s/{}]+)(?:/([^\s/{}]*))?\s*\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """One placeholder as it stands in a line."""

    kind: str
    """One of KINDS; empty when it has not the form ``{{kind:id}}``."""
    id: str
    variant: str
    """Type of telephone number, such as whatsapp; empty for the first number."""
    written: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """What it refers to, however it was spaced."""
        return f"{self.kind}:{self.id}" + (f"/{self.variant}" if self.variant else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A line with its placeholders filled in."""

    text: str
    spoken: str
    facts: tuple[str, ...]


class _PlaceholderError(Exception):
    """A placeholder that cannot be filled in: rule, problem, remedy."""

    def __init__(self, rule: str, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.rule = rule
        self.problem = problem
        self.remedy = remedy


def find_placeholders(raw: str) -> tuple[Placeholder, ...]:
    """Give the placeholders of a line in order; badly formed ones have an empty kind."""
    if "{{" not in raw:
        return ()
    return tuple(_read(match) for match in PLACEHOLDER.finditer(raw))


def _read(match: re.Match[str]) -> Placeholder:
    inside = _INSIDE.match(match[1])
    kind, name, variant = inside.groups() if inside else ("", "", "")
    return Placeholder(
        kind=kind,
        id=name,
        variant=variant or "",
        written=match[0],
        start=match.start(),
        end=match.end(),
    )


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
        try:
            text, said = _fill(mark, language, book)
        except _PlaceholderError as fault:
            findings.add(
                file=file, line=line, rule=fault.rule, problem=fault.problem, remedy=fault.remedy
            )
            whole = False
            continue
        _note_withdrawn(mark, book, file=file, line=line, findings=findings)
        text_parts += [raw[at : mark.start], text]
        spoken_parts += [raw[at : mark.start], said]
        at = mark.end
        if mark.kind != "date":
            facts[mark.id] = None
    if not whole:
        return None
    tail = raw[at:]
    return Resolved(
        text=fold_spaces("".join([*text_parts, tail])),
        spoken=fold_spaces("".join([*spoken_parts, tail])),
        facts=tuple(facts),
    )


def fold_spaces(text: str) -> str:
    """Give the text in one line with single spaces."""
    return " ".join(text.split())


def _fill(mark: Placeholder, language: LanguageTag, book: FactBook) -> tuple[str, str]:
    """Give what is read and what is said for one placeholder."""
    if mark.kind not in KINDS:
        raise _unknown_kind(mark)
    if mark.variant and mark.kind != "phone":
        raise _PlaceholderError(
            "placeholder.form",
            f"{mark.written}: only a telephone number takes a type after a slash",
            f"write {{{{{mark.kind}:{mark.id}}}}}",
        )
    if mark.kind == "date":
        return _fill_date(mark, language)
    if mark.kind == "fact":
        fact = _fact(mark, book)
        words = _words(mark, fact.statement, "statement", fact, language)
        return words, words
    if mark.kind == "verified":
        return _fill_verified(mark, book, language)
    contact = _contact(mark, book)
    if mark.kind == "phone":
        return _fill_phone(mark, contact, language)
    name = "organization" if mark.kind == "org" else "service"
    wordings = contact.organization if mark.kind == "org" else contact.service
    words = _words(mark, wordings, name, contact, language)
    return words, words


def _unknown_kind(mark: Placeholder) -> _PlaceholderError:
    if not mark.kind:
        return _PlaceholderError(
            "placeholder.form",
            f"{_cut(mark.written)} is not a placeholder",
            "write {{kind:id}}, for example {{phone:mx-lnctp}} or {{date:2026-12-01}}",
        )
    return _PlaceholderError(
        "placeholder.kind",
        f"{_cut(mark.written)}: there is no kind {_cut(mark.kind)}",
        did_you_mean(mark.kind, KINDS) + "the kinds are " + ", ".join(KINDS),
    )


def _fact(mark: Placeholder, book: FactBook) -> Fact:
    fact = book.facts.get(mark.id)
    if fact is not None:
        return fact
    if mark.id in book.contacts:
        raise _PlaceholderError(
            "placeholder.id",
            f"{mark.written}: {mark.id} is a contact, not a fact",
            f"write {{{{phone:{mark.id}}}}}, {{{{org:{mark.id}}}}} or {{{{service:{mark.id}}}}}",
        )
    raise _faulty(mark, book) or _unknown_id(mark, "fact", book.facts)


def _contact(mark: Placeholder, book: FactBook) -> Contact:
    contact = book.contacts.get(mark.id)
    if contact is not None:
        return contact
    if mark.id in book.facts:
        raise _PlaceholderError(
            "placeholder.id",
            f"{mark.written}: {mark.id} is a fact, not a contact",
            f"write {{{{fact:{mark.id}}}}}",
        )
    raise _faulty(mark, book) or _unknown_id(mark, "contact", book.contacts)


def _faulty(mark: Placeholder, book: FactBook) -> _PlaceholderError | None:
    """Say that what is meant is there but cannot be used; None where nothing of the id is."""
    place = book.faulty.get(mark.id)
    if place is None:
        return None
    return _PlaceholderError(
        FAULTY_FACT,
        f"{mark.written}: {mark.id} is in {place}, which has errors",
        "put those right first; see them with: altavoz check",
    )


def _unknown_id(mark: Placeholder, thing: str, known: Collection[str]) -> _PlaceholderError:
    return _PlaceholderError(
        "placeholder.id",
        f"{_cut(mark.written)}: there is no {thing} {_cut(mark.id)}",
        f"{did_you_mean(mark.id, known)}put it into a file under facts/, or correct the id",
    )


def _fill_date(mark: Placeholder, language: LanguageTag) -> tuple[str, str]:
    _need_spoken(mark, language)
    try:
        day = date.fromisoformat(mark.id) if _DAY.match(mark.id) else None
    except ValueError:
        day = None
    if day is None:
        raise _PlaceholderError(
            "placeholder.date",
            f"{_cut(mark.written)} is not a day of the calendar",
            "write year, month and day as in {{date:2026-12-01}}",
        )
    return spoken.print_date(day, language), spoken.spell_date(day, language)


def _fill_verified(mark: Placeholder, book: FactBook, language: LanguageTag) -> tuple[str, str]:
    thing = book.facts.get(mark.id) or book.contacts.get(mark.id)
    if thing is None:
        known = [*book.facts, *book.contacts]
        raise _faulty(mark, book) or _unknown_id(mark, "fact or contact", known)
    _need_spoken(mark, language)
    day = thing.validity.verified_on
    return spoken.print_month(day, language), spoken.spell_month(day, language)


def _fill_phone(mark: Placeholder, contact: Contact, language: LanguageTag) -> tuple[str, str]:
    phone = _phone(mark, contact)
    _need_spoken(mark, language)
    try:
        said = spoken.spell_phone(phone, language)
    except ValueError as error:
        raise _PlaceholderError(
            "fact.phone",
            f"{mark.written}: the groups of this number in {contact.file} are not plain digits",
            f'write the groups as they are said, for example ["800", "55"], in {contact.file}',
        ) from error
    return spoken.print_phone(phone, language), said


def _phone(mark: Placeholder, contact: Contact) -> Phone:
    types = [phone.type.value for phone in contact.phones]
    if not types:
        raise _PlaceholderError(
            "fact.phone",
            f"{mark.written}: {contact.id} has no telephone number",
            f"add it under phones in {contact.file}, or say something else",
        )
    if not mark.variant:
        return contact.phones[0]
    every = [kind.value for kind in PhoneType]
    if mark.variant not in every:
        raise _PlaceholderError(
            "placeholder.type",
            f"{_cut(mark.written)}: there is no type {_cut(mark.variant)}",
            did_you_mean(mark.variant, every) + "the types are " + ", ".join(every),
        )
    for phone in contact.phones:
        if phone.type.value == mark.variant:
            return phone
    raise _PlaceholderError(
        "placeholder.type",
        f"{mark.written}: {contact.id} has no {mark.variant} number in {contact.file}",
        "it has: " + ", ".join(dict.fromkeys(types)),
    )


def _need_spoken(mark: Placeholder, language: LanguageTag) -> None:
    if spoken.speaks(language):
        return
    raise _PlaceholderError(
        "spoken.language",
        f"{mark.written}: Altavoz has no words for numbers in {language}",
        f"let a speaker write the number in words as the {language} statement of a fact, and use "
        f"{{{{fact:ID}}}}; numbers are said in {', '.join(spoken.spoken_languages())}",
    )


def _words(
    mark: Placeholder,
    wordings: Mapping[LanguageTag, str],
    name: str,
    source: Fact | Contact,
    language: LanguageTag,
) -> str:
    """Give a stored wording in the script's own language, after the checks of a spoken line."""
    place = f"{source.file}:{source.line}" if source.line else source.file
    words = fold_spaces(normal(wordings.get(language, ""), language))
    if not words:
        raise _PlaceholderError(
            "fact.language",
            f"{mark.written}: {place} has no {name} in {language}",
            f"add the {name} in {language} there; no other language takes its place",
        )
    fault = fault_in_words(words, language)
    if fault:
        raise _PlaceholderError(
            "fact.words",
            f"{mark.written}: the {name} in {language} in {place} holds {fault}",
            "write it there as it is said, in words, without figures, signs and markup",
        )
    return words


@lru_cache(maxsize=4096)
def fault_in_words(words: str, language: LanguageTag) -> str:
    """Say what in a stored wording may not go to a voice; empty when all may."""
    for found in Sieve.over(words, language).faults(words):
        if found.fault is not Fault.ASIDE:
            return found.shown
    return "{ or }" if "{" in words or "}" in words else ""


def _note_withdrawn(
    mark: Placeholder, book: FactBook, *, file: str, line: int, findings: Findings
) -> None:
    thing = book.facts.get(mark.id) or book.contacts.get(mark.id)
    if mark.kind == "date" or thing is None:
        return
    if thing.validity.status is FactStatus.WITHDRAWN:
        findings.add(
            file=file,
            line=line,
            rule="fact.withdrawn",
            severity=Severity.WARNING,
            problem=f"{mark.written}: {mark.id} was withdrawn in {thing.file}",
            remedy="take the sentence out, or refer to what holds now",
        )


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"
