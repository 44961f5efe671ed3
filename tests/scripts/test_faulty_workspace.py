"""The workspace of deliberate faults: each found once, at its line, and nothing else found.

tests/faulty/expected.tsv was written by hand from what should be found. A finding that it does
not list is a false alarm or a second finding of one cause; a row without a finding is a fault
that reaches listeners.
"""

import csv
import shutil
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from commands.workspace import read_and_check
from programme.findings import Finding, Severity
from programme.tables import read_toml
from scripts.rule_catalogue import read_rules, rules

FAULTY = Path(__file__).parents[1] / "faulty"
RULES = Path(__file__).parents[2] / "scripts" / "data" / "rules"
TODAY = date(2026, 11, 22)


class Fault(NamedTuple):
    """What a row of the table and a finding have in common."""

    file: str
    line: int
    rule: str
    severity: str
    """Or ``allowed``: it was found, and somebody silenced it with a reason."""


def expected() -> list[tuple[Fault, str]]:
    with (FAULTY / "expected.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        (Fault(row["file"], int(row["line"]), row["rule"], row["severity"]), row["words"])
        for row in rows
    ]


def fault_of(found: Finding) -> Fault:
    severity = "allowed" if found.allowed else found.severity.value
    return Fault(found.file, found.line, found.rule, severity)


def check(root: Path) -> list[Finding]:
    _, findings = read_and_check(root, today=TODAY)
    return list(findings)


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    return check(FAULTY)


def test_every_deliberate_fault_is_found_once_and_nothing_else(findings: list[Finding]) -> None:
    wanted = Counter(fault for fault, _ in expected())
    found = Counter(map(fault_of, findings))
    not_found = sorted((wanted - found).elements())
    too_much = sorted((found - wanted).elements())
    assert not_found == []
    assert too_much == []


def test_each_finding_names_what_is_wrong_and_what_to_do(findings: list[Finding]) -> None:
    told: dict[Fault, list[Finding]] = {}
    for found in findings:
        told.setdefault(fault_of(found), []).append(found)
        assert found.problem
        assert found.remedy
    for fault, words in expected():
        texts = [f"{one.problem} {one.remedy} {one.allowed}" for one in told.get(fault, [])]
        assert any(words in text for text in texts), (fault, words, texts)


def test_the_table_is_sorted_and_has_no_row_twice() -> None:
    rows = expected()
    assert rows == sorted(rows)
    assert len(set(rows)) == len(rows)


def test_every_rule_about_words_and_content_is_broken_at_least_once() -> None:
    broken = {fault.rule for fault, _ in expected()}
    judged_elsewhere = {
        # reported by an import of a sheet, not by a check
        *(rule for rule in rules() if rule.startswith(("translation.sheet", "translation.row-"))),
        *("translation.line-gone", "translation.mark-dropped"),
        # too large to be kept in git, or one would hide all others: tests below and elsewhere
        *("script.size", "script.too-many", "lexicon.size", "review.none"),
        # of the form of files: tests of their readers; many of them would hide the rest of a file
        *(rule.id for rule in read_rules(read_toml(RULES / "files.toml"))),
        # tags that altavoz.toml is refused for, or a note on a language that nothing is said in
        *("language.case", "language.malformed", "language.unknown", "language.unlisted"),
        "language.silent",
        "speaker.unused",  # not told while any text is faulty: test_dialogue_network
        "station.handed-in",  # of files from strangers: test_station_adding
        "fact.phone",  # a number that cannot be said: test_placeholders
        # reported where terms are taken in, or at a sheet's row: a check tells the cause alone
        *("terms.sheet", "terms.tbx", "terms.vale", "terms.reserved", "placeholder.faulty-fact"),
    }
    assert sorted(set(rules()) - broken - judged_elsewhere) == []


def copied(root: Path) -> Path:
    shutil.copytree(FAULTY, root, dirs_exist_ok=True)
    return root


def others(findings: list[Finding], file: str) -> Counter[Fault]:
    return Counter(fault_of(found) for found in findings if found.file != file)


def with_file(root: Path, file: str, data: bytes) -> tuple[list[Finding], float]:
    """Check a copy with one file in the place of another; gives its findings and the seconds."""
    path = copied(root) / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    began = time.perf_counter()
    found = check(root)
    return found, time.perf_counter() - began


@pytest.mark.parametrize(
    ("data", "line", "rule"),
    [
        ("# Agua\n\nBeba agua limpia del día.\n".encode("latin-1"), 3, "text.encoding"),
        ("# Agua\n\nBeba agua.\n".encode("utf-16"), 0, "text.encoding"),
        (b"# Agua\n\n" + b"Beba agua.\n" * 4_545_454, 0, "file.unreadable"),
        (b"# Agua\n\n" + b"Beba agua. " * 4_545_454, 0, "file.unreadable"),
    ],
    ids=["latin-1", "utf-16", "50 MB of lines", "50 MB in one line"],
)
def test_a_script_that_cannot_be_read_is_one_finding_and_hides_no_other(
    data: bytes, line: int, rule: str, tmp_path: Path, findings: list[Finding]
) -> None:
    file = "scripts/sin-mensaje/es-419.md"
    found, seconds = with_file(tmp_path, file, data)
    assert [(one.line, one.rule) for one in found if one.file == file] == [(line, rule)]
    assert others(found, file) == others(findings, file)
    assert seconds < 20


def test_an_alias_bomb_is_refused_at_once_and_hides_no_other(
    tmp_path: Path, findings: list[Finding]
) -> None:
    bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for one, next_ in zip("abcdefgh", "bcdefghi", strict=True):
        bomb.append(f"{next_}: &{next_} [{', '.join([f'*{one}'] * 9)}]")
    file = "facts/bomba.yml"
    found, seconds = with_file(tmp_path, file, "\n".join(bomb).encode("ascii"))
    own = [one for one in found if one.file == file]
    assert own
    assert {one.rule for one in own} <= {"yaml.anchor", "yaml.alias"}
    assert len(own) <= 20
    assert others(found, file) == others(findings, file)
    assert seconds < 20


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ('[network]\nid = "red\n', 2, "toml.syntax"),
        ('[network]\nid = "red"\nid = "otra"\n', 3, "toml.syntax"),
        ("", 0, "toml.missing-key"),
    ],
    ids=["an open quote", "a key twice", "empty"],
)
def test_a_broken_network_file_is_one_finding_and_the_facts_are_still_checked(
    text: str, line: int, rule: str, tmp_path: Path
) -> None:
    found, _ = with_file(tmp_path, "altavoz.toml", text.encode("utf-8"))
    own = [one for one in found if one.file == "altavoz.toml"]
    assert [(one.line, one.rule, one.severity) for one in own] == [(line, rule, Severity.ERROR)]
    assert any(one.file == "facts/clave-doble.yml" for one in found)
