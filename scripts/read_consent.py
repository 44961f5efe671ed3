"""Consent records from private/consent/: read to know whether a testimony may air, never shown.

No message holds anything of a record but its id, the names of fields and a line: what stands in
it can tell who spoke.
"""

import os
from collections.abc import Collection
from pathlib import Path

from programme.consent import Anonymity, Consent
from programme.findings import Findings
from programme.identifiers import is_id
from scripts.consents import PRIVATE_FOLDERS, Consents
from scripts.fields import Fields
from scripts.nodes import Text
from scripts.review_policy import consent_words
from scripts.yaml_reading import read_table

FOLDERS = PRIVATE_FOLDERS

_PLAIN = ("form_version", "language", "by")
"""For the people who keep the records; Altavoz only holds that they are not missing."""
_NOBODY = frozenset({"", "no", "none", "false"})

_SAID = {
    "missing-key": "{key} is missing",
    "not-date": "{key} is not a date",
    "not-flag": "{key} is neither yes nor no",
    "not-choice": "{key} holds a word that is not known here",
    "not-country": "{key} holds something that is no country code",
    "not-text": "{key} must be one text",
    "not-list": "{key} must be a list",
    "one-line": "{key} has line breaks",
    "twice": "{key} says something twice",
    "unknown-key": "there is a key that nobody knows",
}
"""What may be said of a fault, by the last part of its rule."""

_REMEDIES = {
    "not-date": "write year-month-day, such as 2026-11-22",
    "not-flag": "write yes or no",
    "not-country": "write two capitals, such as MX",
    "unknown-key": "delete it, or look for a slip in the name of a key; see docs/reviews.md",
}


def read_consents(root: Path, findings: Findings, *, wanted: Collection[str] = ()) -> Consents:
    """Give every record that is sound; one with a fault is as good as none.

    private/ may be a link to another disk, which is read like a folder. A record in private/
    itself is looked for only where a segment names it. One that is in both places has a fault:
    whoever revokes it would write into one of the two.
    """
    records: dict[str, Consent] = {}
    faulty: dict[str, str] = {}
    files = _files(root, findings)
    for name in sorted(wanted):
        found = consent_files(root, name)
        if found:
            files[name] = found[0].relative_to(root).as_posix()
        if len(found) > 1:
            _report_twice(name, found[1].relative_to(root).as_posix(), findings)
            faulty[name] = files.pop(name)
    for name, file in sorted(files.items()):
        own = Findings()
        record = _read(root / file, file, name, own)
        _retell(own, file, findings)
        if record is None:
            faulty[name] = file
        else:
            records[name] = record
    return Consents(records=records, faulty=faulty)


def consent_files(root: Path, name: str) -> tuple[Path, ...]:
    """Give the file of one record; none where there is none, two where it lies in both places."""
    if not is_id(name):
        return ()
    paths = (root / folder / f"{name}.yml" for folder in FOLDERS)
    return tuple(path for path in paths if path.is_file())


def _report_twice(name: str, file: str, findings: Findings) -> None:
    findings.add(
        file=file,
        line=0,
        rule="consent.record",
        problem=f"there are two records {name}; the testimonies that need it are left out",
        remedy=f"keep the right one, in {FOLDERS[0]}/, and delete the other",
    )


def _files(root: Path, findings: Findings) -> dict[str, str]:
    """Give the records of the usual place by id."""
    found: dict[str, str] = {}
    folder = FOLDERS[0]
    unnamed = 0
    for name in _names(root / folder):
        stem, _, ending = name.rpartition(".")
        if ending == "yml" and is_id(stem):
            found[stem] = f"{folder}/{name}"
        elif ending in {"yml", "yaml"} and not name.startswith("."):
            unnamed += 1
    if unnamed:
        findings.add(
            file=folder,
            line=0,
            rule="consent.name",
            problem=(
                "1 record has a file name that is no id, and is not read"
                if unnamed == 1
                else f"{unnamed} records have file names that are no ids, and are not read"
            ),
            remedy=f"rename in {folder}/ what is not named like c-7.yml, in small letters, "
            "figures and hyphens, by an id that says nothing of the person",
        )
    return found


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []


def _read(path: Path, file: str, name: str, findings: Findings) -> Consent | None:
    table = read_table(path, file=file, findings=findings)
    if table is None:
        return None
    fields = Fields(table, file=file, findings=findings)
    record = _record(fields, name)
    sound = fields.done()
    return record if sound and not findings.has_errors else None


def _record(fields: Fields, name: str) -> Consent:
    words = consent_words()
    written = fields.id("id", default=name)
    if written and written != name:
        fields.fault(fields.line("id"), "consent.id", "", "write the file's name, without .yml")
    for key in _PLAIN:
        fields.text(key, required=True)
    return Consent(
        id=name,
        obtained_on=fields.required_day("obtained_on"),
        purposes=frozenset(_some(fields, "purposes", words.purposes)),
        channels=frozenset(_some(fields, "channels", words.channels)),
        countries=frozenset(fields.countries("countries")),
        until=fields.required_day("until"),
        anonymity=fields.choice("anonymity", Anonymity),
        child=fields.flag("child"),
        guardian=_guardian(fields),
        risks_explained=_told(fields, "risks_explained"),
        revoked_on=fields.day("revoked_on"),
        file=fields.file,
    )


def _some(fields: Fields, key: str, words: tuple[str, ...]) -> tuple[str, ...]:
    fields.texts(key, required=True)
    return fields.words(key, words)


def _told(fields: Fields, key: str) -> bool:
    fields.node(key, required=True)
    return fields.flag(key)


def _guardian(fields: Fields) -> bool:
    """Tell whether somebody stands there who agreed for a child; in what words is theirs."""
    node = fields.node("guardian")
    return isinstance(node, Text) and node.value.strip().casefold() not in _NOBODY


def _retell(own: Findings, file: str, findings: Findings) -> None:
    """Tell each fault without what stands in the file."""
    for finding in own:
        kind = finding.rule.rpartition(".")[2]
        key = _key_of(finding.problem)
        said = _SAID.get(kind, "{key} is not in order") if key or kind == "unknown-key" else ""
        findings.add(
            file=file,
            line=finding.line,
            rule="consent.record",
            problem=(said.format(key=key) or "this record cannot be read")
            + "; the testimonies that need it are left out",
            remedy=_REMEDIES.get(kind, "correct it; docs/reviews.md shows a whole record"),
        )


_FIELDS = (
    *("id", "form_version", "language", "obtained_on", "by", "purposes", "channels", "countries"),
    *("until", "anonymity", "child", "guardian", "risks_explained", "revoked_on"),
)


def _key_of(problem: str) -> str:
    """Give the field that a message is about, if it is one of ours."""
    word = problem.partition(" ")[0].rstrip(":")
    return word if word in _FIELDS else ""
