"""Advice that can hurt: consulates for those who flee, unproven secrecy, ways over a border."""

from scripts.reading import Reading

_FLEEING = frozenset({"asylum-seekers", "refugees"})
"""Audiences who may be fleeing their own state."""


def check_safety(reading: Reading) -> None:
    """Note advice that a person at risk must not be given."""
    _check_contacts(reading)
    _check_secrecy(reading)
    for one, said in reading.hits("route"):
        reading.note(
            one.sentence.line,
            "safety.route",
            f"«{one.written(said.start, said.end)}»: advice on where or how to cross",
            "take it out: those who rob and traffic listen too; say where help is",
        )


def _audiences(reading: Reading) -> frozenset[str]:
    """Give whom the script speaks to: as its metadata say, and as its words show."""
    told = frozenset(reading.segment.audiences)
    return told | _FLEEING if reading.hits("asylum") or reading.hits("fear") else told


def _is_conditional(reading: Reading) -> bool:
    """Tell whether the script says for whom a consulate is not.

    «Si no huye de su gobierno» says so wherever it stands. «Si huye de su gobierno» does only in
    a sentence that names a consulate and sends nobody there: no vaya a su consulado.
    """
    if reading.hits("consulate_condition"):
        return True
    fear = reading.hits("fear")
    if not fear:
        return False
    named = {one.sentence.line for one, _ in reading.hits("consulate_named")}
    sent = {one.sentence.line for one, _ in reading.hits("consulate")}
    return any(one.sentence.line in named - sent for one, _ in fear)


def _condition(reading: Reading) -> str:
    said = reading.words.condition if reading.words is not None else ""
    return said or "if you are not fleeing your government"


def _check_contacts(reading: Reading) -> None:
    if _is_conditional(reading):
        return
    audiences = _audiences(reading)
    refused = _check_not_for(reading, audiences)
    if not audiences.isdisjoint(_FLEEING):
        _check_consulates(reading, refused)


def _check_not_for(reading: Reading, audiences: frozenset[str]) -> set[int]:
    """Note contacts that are not for those spoken to; give the lines."""
    lines = set()
    for contact in reading.contacts:
        refused = sorted(audiences.intersection(contact.not_for))
        if refused:
            line = reading.line_of(contact.id)
            lines.add(line)
            reading.note(
                line,
                "safety.not-for",
                f"{contact.id} is not for {', '.join(refused)}, who are spoken to here",
                f"name another contact, or say the condition: {_condition(reading)}",
            )
    return lines


def _check_consulates(reading: Reading, told: set[int]) -> None:
    named = {
        one.sentence.line: f"«{one.written(said.start, said.end)}»"
        for one, said in reading.hits("consulate")
    }
    for contact in reading.contacts:
        if contact.kind == "consulate":
            named.setdefault(reading.line_of(contact.id), contact.id)
    for line, what in sorted(named.items()):
        if line not in told:
            reading.note(
                line,
                "safety.consulate",
                f"{what}: people who may flee their own state are sent to it",
                f"take it out, or say the condition first: {_condition(reading)}",
            )


def _check_secrecy(reading: Reading) -> None:
    said = reading.hits("confidential")
    if not said:
        return
    contacts = reading.contacts
    if contacts and all(contact.confidential_verified_on for contact in contacts):
        return
    lacking = ", ".join(c.id for c in contacts if not c.confidential_verified_on)
    for one, found in said:
        reading.note(
            one.sentence.line,
            "safety.confidential",
            f"«{one.written(found.start, found.end)}»: nobody has verified this"
            + (f" of {lacking}" if lacking else ", and no contact is named"),
            "ask them, and write confidential: {value: yes, verified: DATE} at the contact; or "
            "tell the listener to ask who will see what they tell",
        )
