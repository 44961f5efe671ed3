"""Facts and contacts from facts/*.yml: one a file, or a list under facts: or contacts:."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from programme.facts import Contact, Fact, FactStatus, Phone, PhoneType, Source, Validity
from programme.findings import Findings, Severity
from programme.identifiers import ID_RULE, is_id
from programme.units import LanguageTag
from scripts.feed_texts import TITLE_LETTERS, check_feed_text, page_url
from scripts.fields import Fields
from scripts.language_maps import language_list, language_map
from scripts.late_pattern import LatePattern
from scripts.tree import Entry, Tree, yaml_files
from scripts.wording import nearest, shown
from scripts.yaml_reading import read_table

CONTACT_KINDS = ("hotline", "office", "shelter", "clinic", "consulate", "web")
COSTS = ("free", "local", "paid")
OPERATORS = ("civil-society", "government", "police", "migration", "UN")

_DIGITS = LatePattern(r"[0-9]{1,12}\Z")
_E164 = LatePattern(r"\+[1-9][0-9]{6,14}\Z")
"""ITU-T E.164: at most 15 digits after the plus."""


@dataclass(slots=True)
class FactFiles:
    """What the facts folder holds."""

    facts: dict[str, Fact] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    """Where each id was first given, also that of a fact with faults: ``file:line``."""
    faulty: dict[str, str] = field(default_factory=dict)
    """Ids that were given but hold errors, which are among the findings, and where: ``file:line``.
    Of a file that cannot be read at all, its name without ending."""
    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    """Line of a key of a fact or contact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What every reader here needs."""

    languages: Sequence[LanguageTag] | None
    today: date
    found: FactFiles


def read_facts(
    tree: Tree, *, languages: Sequence[LanguageTag] | None, today: date, findings: Findings
) -> FactFiles:
    """Give every fact and contact that is sound, by id."""
    desk = _Desk(languages=languages, today=today, found=FactFiles())
    for entry in yaml_files(tree, "facts"):
        table = read_table(entry.path, file=entry.file, findings=findings)
        if table is None:
            desk.found.faulty.setdefault(entry.stem, entry.file)
        else:
            _read_file(Fields(table, file=entry.file, findings=findings), entry, desk)
    sound = {*desk.found.facts, *desk.found.contacts}
    desk.found.faulty = {n: at for n, at in desk.found.faulty.items() if n not in sound}
    return desk.found


def read_sources(fields: Fields, *, required: bool) -> tuple[Source, ...]:
    """Give the sources of a fact or segment."""
    found = []
    for table in fields.tables("sources", required=required):
        part = fields.part(table)
        source = Source(
            title=part.text("title", required=True),
            url=page_url(part, "url"),
            retrieved=part.day("retrieved"),
        )
        check_feed_text(part, "title", part.line("title"), source.title, letters=TITLE_LETTERS)
        fields.close(part)
        found.append(source)
    return tuple(found)


def _read_file(fields: Fields, entry: Entry, desk: _Desk) -> None:
    keys = fields.table.entries.keys()
    if not keys & {"facts", "contacts"}:
        _read_one(fields, entry, desk, default_id=entry.stem)
        fields.done()
        return
    for key in ("facts", "contacts"):
        for table in fields.tables(key):
            part = fields.part(table)
            _read_one(part, entry, desk, default_id="")
            fields.close(part)
    fields.done()


def _read_one(fields: Fields, entry: Entry, desk: _Desk, *, default_id: str) -> None:
    name = fields.id("id", required=not default_id, default=default_id)
    line = fields.line("id")
    if name and not is_id(name):
        fields.fault(line, "not-id", f"{shown(name)} is no id", f"rename the file: {ID_RULE}")
    is_contact = "organization" in fields.table.entries
    if not is_contact and "statement" not in fields.table.entries:
        fields.known |= {"statement", "organization"}
        fields.known |= fields.table.entries.keys()
        at, remedy = fields.table.line, "write one of the two keys"
        for key, key_line in fields.table.key_lines.items():
            near = nearest(key, ("statement", "organization"))
            at, remedy = (key_line, f"did you mean {near}?") if near else (at, remedy)
        fields.fault(
            at,
            "fact.kind",
            "this is neither a fact (statement:) nor a contact (organization:)",
            remedy,
        )
        _note_faulty(fields, name, line, desk)
        return
    if _is_new(fields, name, entry, line, desk):
        desk.found.lines |= {(name, key): n for key, n in fields.table.key_lines.items()}
    else:
        fields.sound = False
    value = _contact(fields, name, line, desk) if is_contact else _fact(fields, name, line, desk)
    if not fields.sound:
        _note_faulty(fields, name, line, desk)
        return
    if isinstance(value, Contact):
        desk.found.contacts[name] = value
    else:
        desk.found.facts[name] = value
    if not value.validity.owner:
        fields.report(
            line,
            "fact.owner",
            f"nobody is named who answers for {name}",
            'write owner: with a role or an organisation, such as "Legal desk"; no person\'s name',
            Severity.INFO,
            lacks="owner",
        )


def _note_faulty(fields: Fields, name: str, line: int, desk: _Desk) -> None:
    if name:
        desk.found.faulty.setdefault(name, f"{fields.file}:{line}")


def _is_new(fields: Fields, name: str, entry: Entry, line: int, desk: _Desk) -> bool:
    if not name:
        return False
    place = f"{entry.file}:{line}"
    first = desk.found.places.setdefault(name, place)
    if first != place:
        problem = f"the id {name} is taken by {first}"
        fields.report(line, "id.duplicate", problem, "give one of the two another id")
    return first == place


def _fact(fields: Fields, name: str, line: int, desk: _Desk) -> Fact:
    return Fact(
        id=name,
        statement=language_map(fields, "statement", desk.languages, required=True),
        country=fields.country("country"),
        validity=_validity(fields, desk),
        file=fields.file,
        line=line,
    )


def _contact(fields: Fields, name: str, line: int, desk: _Desk) -> Contact:
    kind = fields.word("kind", CONTACT_KINDS, required=True)
    contact = Contact(
        id=name,
        organization=language_map(fields, "organization", desk.languages, required=True),
        service=language_map(fields, "service", desk.languages),
        kind=kind,
        country=fields.country("country", required=kind != "web"),
        reachable_from=fields.countries("reachable_from"),
        phones=_phones(fields, required=kind == "hotline"),
        schedule=fields.text("schedule"),
        languages=language_list(fields, "languages", None),
        operated_by=fields.word("operated_by", OPERATORS),
        not_for=fields.ids("not_for"),
        confidential_verified_on=_confidential(fields, desk),
        validity=_validity(fields, desk),
        file=fields.file,
        line=line,
    )
    if contact.phones and not contact.reachable_from:
        _report_reach(fields, name)
    return contact


def _confidential(fields: Fields, desk: _Desk) -> date | None:
    """Give the day on which somebody verified that the contact keeps what it is told.

    Written as ``confidential: {value: yes, verified: "2026-11-22"}``; None where it is not so.
    """
    table = fields.table_at("confidential")
    if table is None:
        return None
    part = fields.part(table)
    value, verified = part.flag("value"), part.day("verified")
    if value and verified is None and part.sound:
        part.fault(
            part.line("value"),
            "fact.confidential",
            "confidential: nobody has written when this was verified",
            "write verified: with the day on which somebody asked them; operators change",
        )
    if verified is not None and verified > desk.today:
        part.fault(
            part.line("verified"),
            "fact.verified-later",
            f"verified is {verified}, which is still to come",
            "write the day on which somebody asked them",
        )
    fields.close(part)
    return verified if value else None


def _report_reach(fields: Fields, name: str) -> None:
    fields.report(
        fields.line("phones"),
        "fact.reachable-from",
        f"{name} does not say from where its numbers can be dialled",
        "write reachable_from: with the countries; many free numbers fail from abroad",
        Severity.WARNING,
        lacks="reachable_from",
    )


def read_own_values(
    fields: Fields,
    original: Fact | Contact,
    *,
    line: int,
    languages: Sequence[LanguageTag] | None,
    today: date,
) -> Fact | Contact:
    """Give a fact or contact with the values that a station has of its own.

    What the station does not write stays as it is in the original, but sources, dates and status
    are always its own. Wordings take the place of the original's in every language at once, so
    that no language says the one and another the other.
    """
    desk = _Desk(languages=languages, today=today, found=FactFiles())
    validity = _validity(fields, desk)
    if isinstance(original, Fact):
        return replace(
            original,
            statement=language_map(fields, "statement", languages, required=True),
            validity=validity,
            file=fields.file,
            line=line,
        )
    given = fields.table.entries.keys() & {"organization", "service", "phones", "schedule"}
    if not given:
        fields.fault(
            line,
            "station.override",
            f"it says nothing of its own in the place of {original.id}",
            "write phones:, organization:, service: or schedule:; or contact: with another's id",
        )
    phones = _phones(fields, required=False)
    reachable_from = fields.countries("reachable_from")
    if phones and not reachable_from:
        _report_reach(fields, original.id)
    return replace(
        original,
        organization=language_map(fields, "organization", languages) or original.organization,
        service=language_map(fields, "service", languages) or original.service,
        country=fields.country("country") or original.country,
        phones=phones or original.phones,
        reachable_from=reachable_from if phones else original.reachable_from,
        schedule=fields.text("schedule") or original.schedule,
        languages=language_list(fields, "languages", None) or original.languages,
        operated_by=fields.word("operated_by", OPERATORS) or original.operated_by,
        not_for=fields.ids("not_for") or original.not_for,
        # Of another number or another organisation nothing is verified but what it says itself.
        confidential_verified_on=_confidential(fields, desk)
        or (None if given - {"schedule"} else original.confidential_verified_on),
        validity=validity,
        file=fields.file,
        line=line,
    )


def _phones(fields: Fields, *, required: bool) -> tuple[Phone, ...]:
    found = []
    for table in fields.tables("phones", required=required):
        part = fields.part(table)
        found.append(_phone(part))
        fields.close(part)
    return tuple(found)


def _phone(part: Fields) -> Phone:
    groups = []
    for text in part.texts("groups", required=True):
        group = text.value.strip()
        if not _DIGITS.match(group):
            problem = f"groups: {shown(group)} is not digits 0-9 only"
            part.fault(text.line, "fact.phone", problem, 'write groups: ["800", "55", "33"]')
        groups.append(group)
    short = part.flag("short_code")
    number = part.text("number", required=not short)
    if number and not _E164.match(number):
        problem = f"number: {shown(number)} is not an international number"
        part.fault(part.line("number"), "fact.phone", problem, "write it like +528005533000")
    elif number and all(map(_DIGITS.match, groups)):
        _compare(part, number, "".join(groups))
    return Phone(
        groups=tuple(groups),
        number=number,
        type=part.choice("type", PhoneType, default=PhoneType.VOICE),
        cost=part.word("cost", COSTS),
        short_code=short,
    )


def _compare(part: Fields, number: str, said: str) -> None:
    """Report a number whose spoken groups say something else; a trunk 0 before it is said only."""
    if said and not number.endswith(said) and not number.endswith(said.lstrip("0") or said):
        part.fault(
            part.line("groups"),
            "fact.phone-differs",
            f"the groups say {shown(said)}, but the number is {number}",
            "correct one of the two: listeners hear the groups",
        )


def _validity(fields: Fields, desk: _Desk) -> Validity:
    verified_on = fields.required_day("verified_on")
    expires = fields.required_day("expires")
    review_by = fields.day("review_by")
    if verified_on > desk.today:
        fields.fault(
            fields.line("verified_on"),
            "fact.verified-later",
            f"verified_on is {verified_on}, which is still to come",
            "write the day on which somebody checked it",
        )
    check_review_order(fields, review_by, expires)
    return Validity(
        sources=read_sources(fields, required=True),
        verified_on=verified_on,
        verified_by=fields.text("verified_by"),
        owner=fields.text("owner"),
        review_by=review_by,
        expires=expires,
        status=fields.choice("status", FactStatus),
    )


def check_review_order(fields: Fields, review_by: date | None, expires: date | None) -> None:
    """Warn of a review that is due only when the thing is already out."""
    if review_by and expires and review_by > expires and fields.sound:
        fields.report(
            fields.line("review_by"),
            "shelf.review-late",
            f"the review is due on {review_by}, after it expires on {expires}",
            "set review_by before expires",
            Severity.WARNING,
        )
