"""Placeholders that speak a fact or a contact of the workspace."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from programme.facts import Contact, Fact, Phone, PhoneType
from programme.findings import Finding
from programme.units import LanguageTag
from scripts.factbook import FAULTY_FACT, FactBook
from scripts.normal_text import normal
from scripts.placeholder_marks import TWICE, Placeholder, PlaceholderError, cut, fold_spaces
from scripts.rules_letters import Fault, Sieve
from scripts.wording import maybe_meant

_OF_WORDING = frozenset({"fact.language", "fact.words"})
"""Rules of a stored wording: it is at fault once, however many lines of a script speak it."""


def told_once(found: Sequence[Finding]) -> list[Finding]:
    """Give the findings of one script with each fault of a stored wording told once.

    It stands at the first line that speaks the wording, and counts the lines.
    """
    lines: dict[tuple[str, str], set[int]] = {}
    for one in found:
        if one.rule in _OF_WORDING:
            lines.setdefault((one.rule, one.problem), set()).add(one.line)
    if not lines:
        return list(found)
    kept: list[Finding] = []
    for one in found:
        at = lines.get((one.rule, one.problem))
        if at is None:
            kept.append(one)
        elif at:
            told = f"{one.problem} ({len(at)} lines speak it)" if len(at) > 1 else one.problem
            kept.append(replace(one, line=min(at), problem=told))
            at.clear()
    return kept


def fill_fact(mark: Placeholder, language: LanguageTag, book: FactBook) -> tuple[str, str]:
    """Give what is read and what is said for one placeholder of FACT_KINDS.

    Raises:
        PlaceholderError: there is no such fact or contact, it does not say what is asked for in
            this language, or its words cannot go to a voice.
    """
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


def _fact(mark: Placeholder, book: FactBook) -> Fact:
    fact = book.facts.get(mark.id)
    if fact is not None:
        return fact
    if mark.id in book.contacts:
        raise PlaceholderError(
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
        raise PlaceholderError(
            "placeholder.id",
            f"{mark.written}: {mark.id} is a fact, not a contact",
            f"write {{{{fact:{mark.id}}}}}",
        )
    raise _faulty(mark, book) or _unknown_id(mark, "contact", book.contacts)


def _faulty(mark: Placeholder, book: FactBook) -> PlaceholderError | None:
    """Say that what is meant is there but cannot be used; None where nothing of the id is."""
    place = book.faulty.get(mark.id)
    if place is None:
        return None
    return PlaceholderError(
        FAULTY_FACT,
        f"{mark.written}: {mark.id} is in {place}, which has errors",
        "put those right first; see them with: altavoz check",
    )


def _unknown_id(mark: Placeholder, thing: str, known: Collection[str]) -> PlaceholderError:
    return PlaceholderError(
        "placeholder.id",
        f"{cut(mark.written)}: there is no {thing} {cut(mark.id)}",
        f"{maybe_meant(mark.id, known)}put it into a file under facts/, or correct the id",
    )


def _fill_verified(mark: Placeholder, book: FactBook, language: LanguageTag) -> tuple[str, str]:
    thing = book.facts.get(mark.id) or book.contacts.get(mark.id)
    if thing is None:
        known = [*book.facts, *book.contacts]
        raise _faulty(mark, book) or _unknown_id(mark, "fact or contact", known)
    from scripts import spoken  # with the words of every number: most texts say none
    from scripts.placeholder_values import need_spoken

    need_spoken(mark, language)
    day = thing.validity.verified_on
    return spoken.print_month(day, language), spoken.spell_month(day, language)


def _fill_phone(mark: Placeholder, contact: Contact, language: LanguageTag) -> tuple[str, str]:
    if mark.word not in {"", TWICE}:
        raise PlaceholderError(
            "placeholder.word",
            f"{cut(mark.written)}: no word but {TWICE} follows a telephone number",
            f"write {{{{phone:{mark.id}}}}}, or {{{{phone:{mark.id} {TWICE}}}}}",
        )
    phone = _phone(mark, contact)
    from scripts import spoken  # as above
    from scripts.placeholder_values import lacks_words, need_spoken

    need_spoken(mark, language)
    try:
        if mark.twice:
            said = spoken.spell_phone_twice(phone, language)
        else:
            said = spoken.spell_phone(phone, language)
    except spoken.NoSpokenFormError as error:
        raise lacks_words(mark, "saying a number twice", language) from error
    except ValueError as error:
        raise PlaceholderError(
            "fact.phone",
            f"{mark.written}: the groups of this number in {contact.file} are not plain digits",
            f'write the groups as they are said, for example ["800", "55"], in {contact.file}',
        ) from error
    return spoken.print_phone(phone, language), said


def _phone(mark: Placeholder, contact: Contact) -> Phone:
    types = [phone.type.value for phone in contact.phones]
    if not types:
        raise PlaceholderError(
            "fact.phone",
            f"{mark.written}: {contact.id} has no telephone number",
            f"add it under phones in {contact.file}, or say something else",
        )
    if not mark.variant:
        return contact.phones[0]
    every = [kind.value for kind in PhoneType]
    if mark.variant not in every:
        raise PlaceholderError(
            "placeholder.type",
            f"{cut(mark.written)}: there is no type {cut(mark.variant)}",
            maybe_meant(mark.variant, every) + "the types are " + ", ".join(every),
        )
    for phone in contact.phones:
        if phone.type.value == mark.variant:
            return phone
    raise PlaceholderError(
        "placeholder.type",
        f"{mark.written}: {contact.id} has no {mark.variant} number in {contact.file}",
        "it has: " + ", ".join(dict.fromkeys(types)),
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
    spoken_as = f"{{{{{mark.kind}:{mark.id}}}}}"  # the same however it was spaced, for told_once
    words = _as_spoken(wordings.get(language, ""), language)
    if not words:
        raise PlaceholderError(
            "fact.language",
            f"{spoken_as}: {place} has no {name} in {language}",
            f"add the {name} in {language} there; no other language takes its place",
        )
    fault = fault_in_words(words, language)
    if fault:
        raise PlaceholderError(
            "fact.words",
            f"{spoken_as}: the {name} in {language} in {place} holds {fault}",
            "write it there as it is said, in words, without figures, signs and markup",
        )
    return words


@lru_cache(maxsize=4096)
def _as_spoken(wording: str, language: LanguageTag) -> str:
    """Fold the spaces of a wording, in letters as scripts have them; every line speaks the same."""
    return fold_spaces(normal(wording, language))


@lru_cache(maxsize=4096)
def fault_in_words(words: str, language: LanguageTag) -> str:
    """Say what in a stored wording may not go to a voice; empty when all may."""
    for found in Sieve.over(words, language).faults(words):
        if found.fault is not Fault.ASIDE:
            return found.shown
    return "{ or }" if "{" in words or "}" in words else ""
