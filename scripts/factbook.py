"""The fact book: every fact and contact of a workspace, by id."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from programme.facts import Contact, Fact
from programme.units import LanguageTag

FAULTY_FACT = "placeholder.faulty-fact"
"""The rule of a finding that only repeats that a fact has errors; its own file says which."""


@dataclass(frozen=True, slots=True)
class FactBook:
    """What scripts may refer to: ``{{fact:id}}`` and ``{{phone:id}}`` and so on."""

    facts: Mapping[str, Fact]
    contacts: Mapping[str, Contact]
    faulty: Mapping[str, str] = field(default_factory=dict)
    """Ids that are given but have errors of their own, and where: ``file:line``. A script that
    refers to one cannot be read; a check of the whole workspace does not say so again."""

    def contacts_with_digits(self, digits: str) -> tuple[Contact, ...]:
        """Give the contacts whose number has these digits; those that are for everybody first.

        Args:
            digits: ASCII digits as somebody typed them, without spaces; the country code may
                be left out or put before.
        """
        if len(digits) < 3:
            return ()
        found = [one for one in self.contacts.values() if _has_digits(one, digits)]
        return tuple(sorted(found, key=lambda one: bool(one.not_for)))


def _has_digits(contact: Contact, digits: str) -> bool:
    return any(
        digits in {"".join(phone.groups), phone.number.removeprefix("+")}
        for phone in contact.phones
    )


def short_value(thing: Fact | Contact, tag: LanguageTag) -> str:
    """Give what a fact says in a few words: its first number, its statement or its name.

    Args:
        thing: a fact or contact.
        tag: the language of its words; any other where it has none in this one.
    """
    if isinstance(thing, Contact) and thing.phones:
        return thing.phones[0].display
    texts = thing.organization if isinstance(thing, Contact) else thing.statement
    return texts.get(tag) or next(iter(texts.values()), "")
