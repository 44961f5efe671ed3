"""Digests of what facts say in one language, so that a ledger can tell which value went out."""

from collections.abc import Iterable

from programme.digests import Plain, canonical_json, digest_text
from programme.facts import Contact, Fact
from programme.units import Digest, LanguageTag
from scripts.factbook import FactBook


def value_digest(thing: Fact | Contact, tag: LanguageTag) -> Digest:
    """Give the digest of everything in a fact or contact that a script can say in a language.

    Dates, sources and who answers for it do not count: a fact that was verified again and says
    the same needs no correction. Nor do the words of other languages.
    """
    said: Plain = (
        ["fact", thing.statement.get(tag)]
        if isinstance(thing, Fact)
        else [
            "contact",
            thing.organization.get(tag),
            thing.service.get(tag),
            [[phone.type.value, list(phone.groups)] for phone in thing.phones],
        ]
    )
    return digest_text(canonical_json(said))


def value_digests(book: FactBook, names: Iterable[str], tag: LanguageTag) -> dict[str, Digest]:
    """Give the digest of each fact and contact that there is; nothing for the others."""
    found = {name: book.facts.get(name) or book.contacts.get(name) for name in names}
    return {
        name: value_digest(thing, tag) for name, thing in sorted(found.items()) if thing is not None
    }
