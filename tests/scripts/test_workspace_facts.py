"""Facts and contacts: each fault found once at its line, and the last day a fact is good."""

from datetime import date
from pathlib import Path

import pytest

from programme.findings import Findings, Severity
from programme.units import LanguageTag
from programme.words import TranslationState
from scripts.script_file import parse_script
from scripts.workspace import read_workspace
from tests.scripts.sample_workspace import (
    CONTACT,
    FACT,
    TODAY,
    Fault,
    check,
    places,
    told_badly,
    write_workspace,
)

FAULTS: dict[str, Fault] = {
    "fact without expiry": (
        {"facts/otro.yml": FACT.replace("asylum-free", "otro").replace('expires: "2027', "# ")},
        [("facts/otro.yml:1", "yaml.missing-key")],
    ),
    "fact verified tomorrow": (
        {
            "facts/otro.yml": FACT.replace("asylum-free", "otro").replace(
                'verified_on: "2026-11-22"', 'verified_on: "2026-11-23"'
            )
        },
        [("facts/otro.yml:7", "fact.verified-later")],
    ),
    "neither fact nor contact": (
        {"facts/otro.yml": "id: otro\nvalue: x\n"},
        [("facts/otro.yml:1", "fact.kind")],
    ),
    "same id twice": (
        {"facts/zwei.yml": FACT},
        [("facts/zwei.yml:1", "id.duplicate")],
    ),
    "expired fact that is spoken": (
        {
            "facts/asylum-free.yml": FACT.replace("2027-01-31", "2026-11-21").replace(
                'review_by: "2026-12-22"\n', ""
            )
        },
        [("facts/asylum-free.yml:8", "expired")],
    ),
    "fact due for review": (
        {"facts/asylum-free.yml": FACT.replace("2026-12-22", "2026-11-22")},
        [("facts/asylum-free.yml:8", "review-due")],
    ),
    "fact in a list without an id": (
        {"facts/todos.yml": 'facts:\n  - statement: {en: "a"}\n'},
        [("facts/todos.yml:2", "yaml.missing-key")] * 5,
    ),
    "file with a bad name": (
        {"facts/La Linea.yml": CONTACT},
        [("facts/La Linea.yml:1", "yaml.not-id")],
    ),
    "groups that say another number": (
        {"facts/otra.yml": CONTACT.replace('"55", "33"', '"55", "34"')},
        [("facts/otra.yml:6", "fact.phone-differs")],
    ),
    "groups with a hyphen": (
        {"facts/otra.yml": CONTACT.replace('"55", "33"', '"55-33"')},
        [("facts/otra.yml:6", "fact.phone")],
    ),
    "digits of another script": (
        {"facts/otra.yml": CONTACT.replace('"800"', '"٨٠٠"')},
        [("facts/otra.yml:6", "fact.phone")],
    ),
    "number without a country": (
        {"facts/otra.yml": CONTACT.replace("+52", "01")},
        [("facts/otra.yml:6", "fact.phone")],
    ),
    "hotline without a number": (
        {
            "facts/otra.yml": CONTACT.replace(
                'phones:\n  - {groups: ["800", "55", "33", "000"], number: "+528005533000",'
                " cost: free}\n",
                "",
            )
        },
        [("facts/otra.yml:1", "yaml.missing-key")],
    ),
    "reachable from nowhere": (
        {"facts/otra.yml": CONTACT.replace("reachable_from: [MX]\n", "")},
        [("facts/otra.yml:4", "fact.reachable-from")],
    ),
    "other ending": (
        {"facts/otra.yaml": CONTACT},
        [("facts/otra.yaml", "file.ending")],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_once_at_its_line(tmp_path: Path, name: str) -> None:
    changes, expected = FAULTS[name]
    _, findings = check(tmp_path, changes)
    assert places(findings) == expected
    assert told_badly(findings) == []


BROKEN: dict[str, Fault] = {
    "no expiry": (
        {"facts/asylum-free.yml": FACT.replace('expires: "2027-01-31"\n', "")},
        [("facts/asylum-free.yml:1", "yaml.missing-key")],
    ),
    "no YAML": (
        {"facts/linea.yml": CONTACT + "\tkind: office\n"},
        [("facts/linea.yml:13", "yaml.syntax")],
    ),
    "neither fact nor contact": (
        {"facts/asylum-free.yml": FACT.replace("statement:", "statment:")},
        [("facts/asylum-free.yml:2", "fact.kind")],
    ),
}
"""Faults in files that both languages of the sample's script refer to."""


@pytest.mark.parametrize("name", BROKEN)
def test_a_script_does_not_repeat_the_fault_of_a_fact_that_it_speaks(
    tmp_path: Path, name: str
) -> None:
    changes, expected = BROKEN[name]
    workspace, findings = check(tmp_path, changes)
    assert places(findings) == expected
    assert workspace is not None
    for tag in ("es-419", "en"):
        translation = workspace.translations["asilo", LanguageTag(tag)]
        assert translation.state is TranslationState.FAULTY
        assert translation.script is None


def test_a_line_alone_is_told_that_its_fact_has_errors(tmp_path: Path) -> None:
    changes, _ = BROKEN["no expiry"]
    workspace, _ = check(tmp_path, changes)
    assert workspace is not None
    findings = Findings()
    script = parse_script(
        "# Uno\n\nEs así: {{fact:asylum-free}}.\n",
        file="line",
        segment="line",
        language=LanguageTag("es-419"),
        book=workspace.factbook,
        style=workspace.style,
        findings=findings,
    )
    assert script is None
    (found,) = findings
    assert found.rule == "placeholder.faulty-fact"
    assert "facts/asylum-free.yml:1" in found.problem


def test_a_fact_that_nobody_answers_for_is_a_hint(tmp_path: Path) -> None:
    _, findings = check(tmp_path, {"facts/asylum-free.yml": FACT.replace("owner:", "# owner:")})
    assert [(f.place, f.rule, f.severity) for f in findings] == [
        ("facts/asylum-free.yml:1", "fact.owner", Severity.INFO)
    ]


def test_a_web_page_is_in_every_country(tmp_path: Path) -> None:
    page = CONTACT.replace("kind: hotline\ncountry: MX\n", "kind: web\n")
    page = page.replace("reachable_from: [MX]\n", "").partition("phones:")[0] + (
        "sources:\n" + CONTACT.partition("sources:\n")[2]
    )
    workspace, findings = check(tmp_path, {"facts/pagina.yml": page})
    assert places(findings) == []
    assert workspace is not None
    assert workspace.factbook.contacts["pagina"].country == ""
    office = page.replace("kind: web", "kind: office")
    _, findings = check(tmp_path, {"facts/pagina.yml": office})
    assert places(findings) == [("facts/pagina.yml:1", "yaml.missing-key")]


def test_what_expired_fails_a_check_and_stops_no_build(tmp_path: Path) -> None:
    old = FACT.replace("2027-01-31", "2026-11-21").replace('review_by: "2026-12-22"\n', "")
    root = write_workspace(tmp_path, {"facts/asylum-free.yml": old})
    _, findings = read_workspace(root, today=TODAY)
    assert (findings.has_errors, findings.stops_build) == (True, False)
    (root / "facts" / "asylum-free.yml").write_text(old + "nobody: knows\n", encoding="utf-8")
    _, findings = read_workspace(root, today=TODAY)
    assert findings.stops_build


def test_what_nobody_uses_expires_with_a_warning(tmp_path: Path) -> None:
    old = FACT.replace("asylum-free", "otro").replace("2027-01-31", "2026-01-31")
    old = old.replace('review_by: "2026-12-22"\n', "")
    _, findings = check(tmp_path, {"facts/otro.yml": old})
    assert [(f.place, f.rule, f.severity) for f in findings] == [
        ("facts/otro.yml:8", "expired", Severity.WARNING)
    ]


def test_the_last_good_day_is_still_good(tmp_path: Path) -> None:
    root = write_workspace(tmp_path)
    for day, expired in ((date(2027, 1, 31), False), (date(2027, 2, 1), True)):
        _, findings = read_workspace(root, today=day)
        assert any(finding.rule == "expired" for finding in findings) is expired


def test_several_facts_may_stand_in_one_file(tmp_path: Path) -> None:
    entry = "\n".join(f"    {line}" for line in FACT.replace("asylum-free", "uno").splitlines())
    text = f"facts:\n  -\n{entry}\n"
    workspace, findings = check(tmp_path, {"facts/todos.yml": text})
    assert places(findings) == []
    assert workspace is not None
    assert workspace.factbook.facts["uno"].line == 3


def test_a_short_code_needs_no_international_number(tmp_path: Path) -> None:
    short = CONTACT.replace(
        'groups: ["800", "55", "33", "000"], number: "+528005533000"',
        'groups: ["9", "1", "1"], short_code: yes',
    )
    workspace, findings = check(tmp_path, {"facts/corto.yml": short})
    assert places(findings) == []
    assert workspace is not None
    assert workspace.factbook.contacts["corto"].phones[0].number == ""


def test_a_trunk_zero_is_said_but_is_not_in_the_number(tmp_path: Path) -> None:
    trunk = CONTACT.replace('"800", "55"', '"0800", "55"')
    _, findings = check(tmp_path, {"facts/tronco.yml": trunk})
    assert places(findings) == []
