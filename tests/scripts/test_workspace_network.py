"""The network's settings: each fault found once at its line, and what stands without them."""

from pathlib import Path

import pytest

from programme.findings import Severity
from scripts.workspace import read_workspace
from tests.scripts.sample_workspace import (
    CONTACT,
    NETWORK,
    TODAY,
    Fault,
    check,
    places,
    told_badly,
    write_workspace,
)

FAULTS: dict[str, Fault] = {
    "toml syntax": (
        {"altavoz.toml": NETWORK.replace('name = "Red"', "name = Red")},
        [("altavoz.toml:3", "toml.syntax")],
    ),
    "unknown key in toml": (
        {"altavoz.toml": NETWORK.replace("licence_url", "license_url")},
        [("altavoz.toml:10", "toml.unknown-key")],
    ),
    "number in toml": (
        {"altavoz.toml": NETWORK.replace('"Red"', "7")},
        [("altavoz.toml:3", "toml.not-text")],
    ),
    "plain http": (
        {"altavoz.toml": NETWORK.replace('base_url = "https', 'base_url = "http')},
        [("altavoz.toml:5", "network.base-url")],
    ),
    "no final slash": (
        {"altavoz.toml": NETWORK.replace('org/"\nwebsite', 'org"\nwebsite')},
        [("altavoz.toml:5", "network.base-url")],
    ),
    "address with a query": (
        {"altavoz.toml": NETWORK.replace('org/"\nwebsite', 'org/?a=/"\nwebsite')},
        [("altavoz.toml:5", "network.base-url")],
    ),
    "address with a space written out": (
        {"altavoz.toml": NETWORK.replace('org/"\nwebsite', 'org/a%20b/"\nwebsite')},
        [("altavoz.toml:5", "network.base-url")],
    ),
    "website with letters of another script": (
        {"altavoz.toml": NETWORK.replace('website = "https://', 'website = "https://пани.')},
        [("altavoz.toml:6", "toml.not-url")],
    ),
    "name of 121 letters": (
        {"altavoz.toml": NETWORK.replace('"Red"', '"' + "R" * 121 + '"')},
        [("altavoz.toml:3", "text.long")],
    ),
    "name with markup": (
        {"altavoz.toml": NETWORK.replace('"Red"', '"Red <script>"')},
        [("altavoz.toml:3", "text.markup")],
    ),
    "no mailbox": (
        {"altavoz.toml": NETWORK.replace("radio@", "radio at ")},
        [("altavoz.toml:4", "toml.not-form")],
    ),
    "source not among the languages": (
        {"altavoz.toml": NETWORK.replace('source_language = "es-419"', 'source_language = "fr"')},
        [("altavoz.toml:7", "network.source-language")],
    ),
    "malformed language": (
        {"altavoz.toml": NETWORK.replace('"en"]', '"en", "kiche"]')},
        [("altavoz.toml:8", "language.malformed")],
    ),
    "unknown language": (
        {"altavoz.toml": NETWORK.replace('"en"]', '"en", "xqq"]')},
        [("altavoz.toml:8", "language.unknown")],
    ),
    "language in another case": (
        {"altavoz.toml": NETWORK.replace('"en"]', '"en", "PT-br"]')},
        [("altavoz.toml:8", "language.case")],
    ),
    "a tag of Vanuatu for Mixe": (
        {"altavoz.toml": NETWORK.replace('"en"]', '"en",\n  "mxe"\n]')},
        [("altavoz.toml:9", "language.look-again")],
    ),
    "voice of no language here": (
        {"altavoz.toml": NETWORK.replace("[voices.en]", "[voices.es]")},
        [("altavoz.toml:12", "language.other-form")],
    ),
    "unknown engine": (
        {"altavoz.toml": NETWORK.replace('"espeak"', '"espaek"')},
        [("altavoz.toml:13", "toml.not-choice")],
    ),
    "secret in the workspace": (
        {"altavoz.toml": NETWORK + 'secret_access_key = "abc"\n'},
        [("altavoz.toml:20", "network.secret")],
    ),
    "publishing into the scripts": (
        {"altavoz.toml": NETWORK.replace('path = "public"', 'path = "scripts/x"')},
        [("altavoz.toml:18", "network.target-path")],
    ),
    "credentials over plain http": (
        {
            "altavoz.toml": NETWORK
            + '[targets.s]\nkind = "s3"\nbucket = "abc"\nendpoint = "http://s3.example.org"\n'
        },
        [("altavoz.toml:23", "network.endpoint")],
    ),
    "endpoint inside the machine": (
        {
            "altavoz.toml": NETWORK
            + '[targets.s]\nkind = "s3"\nbucket = "abc"\nendpoint = "https://169.254.1.1/"\n'
        },
        [("altavoz.toml:23", "network.endpoint")],
    ),
    "no network table": (
        {"altavoz.toml": '[other]\na = "b"\n'},
        [("altavoz.toml", "toml.missing-key"), ("altavoz.toml:1", "toml.unknown-key")],
    ),
    "no altavoz.toml": ({"altavoz.toml": None}, [("altavoz.toml", "network.missing")]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_once_at_its_line(tmp_path: Path, name: str) -> None:
    changes, expected = FAULTS[name]
    _, findings = check(tmp_path, changes)
    assert places(findings) == expected
    assert told_badly(findings) == []


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("unknown key in toml", "did you mean licence_url?"),
        ("malformed language", "did you mean quc (K'iche')?"),
        ("language in another case", "write pt-BR"),
    ],
)
def test_the_remedy_names_what_was_meant(tmp_path: Path, name: str, remedy: str) -> None:
    _, findings = check(tmp_path, FAULTS[name][0])
    assert any(finding.remedy.startswith(remedy) for finding in findings)


def test_a_trap_is_a_warning_that_echoes_the_languages_name(tmp_path: Path) -> None:
    _, findings = check(tmp_path, FAULTS["a tag of Vanuatu for Mixe"][0])
    assert findings[0].severity is Severity.WARNING
    assert "Mele-Fila" in findings[0].problem
    assert "Vanuatu" in findings[0].problem


def test_a_settings_file_from_outside_is_refused(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "ws")
    (root / "altavoz.toml").rename(tmp_path / "other.toml")
    (root / "altavoz.toml").symlink_to(tmp_path / "other.toml")
    workspace, findings = read_workspace(root, today=TODAY)
    assert workspace is None
    assert places(list(findings)) == [("altavoz.toml", "file.escape")]


def test_without_the_network_the_other_files_are_still_checked(tmp_path: Path) -> None:
    changes = {"altavoz.toml": "[network\n", "facts/linea.yml": CONTACT.replace("hotline", "line")}
    workspace, findings = check(tmp_path, changes)
    assert workspace is None
    assert places(findings) == [
        ("altavoz.toml:1", "toml.syntax"),
        ("facts/linea.yml:2", "yaml.not-choice"),
    ]
