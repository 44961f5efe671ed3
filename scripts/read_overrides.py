"""What a station says in the place of the workspace's facts, from overrides: in its file.

Example::

    overrides:
      mx-lnctp:
        contact: cr-emergency
        reason: "The Mexican number cannot be dialled from Costa Rica."
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from programme.facts import Contact, Fact
from programme.stations import Override
from programme.units import LanguageTag
from scripts.fields import Fields
from scripts.read_facts import FactFiles, read_own_values
from scripts.wording import did_you_mean, listed, shown


def read_overrides(
    fields: Fields, facts: FactFiles, *, languages: Sequence[LanguageTag] | None, today: date
) -> tuple[Override, ...]:
    """Give the overrides of a station's file that are sound, by the id that each replaces."""
    remedy = "write its id, and below it contact: or phones:, and reason:"
    found = []
    for name, line, node in fields.named_tables(
        "overrides", rule="station.override", remedy=remedy
    ):
        part = fields.part(node)
        override = _override(part, name, line, facts, languages, today)
        fields.close(part)
        if override is not None and part.sound:
            found.append(override)
    return tuple(sorted(found, key=lambda one: one.replaces))


def _override(  # noqa: PLR0917 - what each needs
    part: Fields,
    name: str,
    line: int,
    facts: FactFiles,
    languages: Sequence[LanguageTag] | None,
    today: date,
) -> Override | None:
    reason = part.text("reason", required=True)
    original = _thing(part, name, line, facts)
    if original is None:
        part.known |= part.table.entries.keys()
        return None
    key = "contact" if isinstance(original, Contact) else "fact"
    instead = part.id(key)
    if not instead:
        value = read_own_values(part, original, line=line, languages=languages, today=today)
        return Override(replaces=name, value=value, instead="", reason=reason, line=line)
    known = facts.contacts if isinstance(original, Contact) else facts.facts
    other = _other(part, key, instead, known, facts)
    if other is None:
        return None
    more = part.table.entries.keys() - {"reason", key}
    if more:
        part.known |= more
        part.fault(
            line,
            "station.override",
            f"{name} has {key}: and values of its own: {listed(sorted(more))}",
            f"write either {key}: or the values",
        )
    if instead == name:
        part.fault(
            part.line(key),
            "station.override",
            f"{name} cannot take its own place",
            f"name another {key}, or delete the override",
        )
    return Override(
        replaces=name, value=replace(other, id=name), instead=instead, reason=reason, line=line
    )


def _thing(part: Fields, name: str, line: int, facts: FactFiles) -> Fact | Contact | None:
    found = facts.facts.get(name) or facts.contacts.get(name)
    if found is None:
        _report_unknown(
            part, name, line, "fact or contact", {**facts.facts, **facts.contacts}, facts
        )
    return found


def _other(
    part: Fields,
    key: str,
    instead: str,
    known: dict[str, Fact] | dict[str, Contact],
    facts: FactFiles,
) -> Fact | Contact | None:
    found = known.get(instead)
    if found is None:
        _report_unknown(part, instead, part.line(key), key, known, facts)
    return found


def _report_unknown(  # noqa: PLR0917 - what the message needs
    part: Fields, name: str, line: int, thing: str, known: Collection[str], facts: FactFiles
) -> None:
    part.sound = False
    if name in facts.faulty:
        return  # its own file says what is wrong
    remedy = did_you_mean(name, known, "name one that is in facts/; see them with: altavoz facts")
    part.fault(line, "station.override", f"there is no {thing} {shown(name)}", remedy)
