"""SARIF: the clauses of the standard that readers rely on, and nothing lost on the way."""

import json
from typing import Any
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from programme.findings import Finding, Severity
from scripts.rule_catalogue import rules
from scripts.sarif import render_sarif

FOUND = Finding(
    file="scripts/agua dulce/es.md",
    line=3,
    rule="words.aside",
    severity=Severity.WARNING,
    problem="brackets or a slash: (",
    remedy="write or",
)


def log_of(*findings: Finding, reader: str = "en") -> dict[str, Any]:
    log: dict[str, Any] = json.loads(render_sarif(findings, version="0.1.0", reader=reader))
    return log


def test_a_log_names_its_version_and_schema_and_holds_one_run() -> None:
    log = log_of(FOUND)
    # Clauses 3.13.2 and 3.13.3.
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    assert len(log["runs"]) == 1


def test_a_result_points_to_its_rule_by_id_and_by_index() -> None:
    other = Finding(file="x", line=1, rule="words.bidi", problem="p", remedy="r")
    (run,) = log_of(FOUND, other)["runs"]
    described = run["tool"]["driver"]["rules"]
    # Clause 3.27.6: ruleIndex is the place of the rule in the driver's list.
    assert [described[r["ruleIndex"]]["id"] for r in run["results"]] == [
        "words.aside",
        "words.bidi",
    ]
    assert [r["ruleId"] for r in run["results"]] == ["words.aside", "words.bidi"]


def test_an_address_is_relative_escaped_and_has_a_base_that_is_declared() -> None:
    (run,) = log_of(FOUND)["runs"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "scripts/agua%20dulce/es.md"
    assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
    assert place["region"] == {"startLine": 3}


def test_a_finding_about_a_whole_file_has_no_line() -> None:
    # Clause 3.30.5: startLine is 1 or more.
    (run,) = log_of(Finding(file="x", line=0, rule="a.b", problem="p", remedy="r"))["runs"]
    assert "region" not in run["results"][0]["locations"][0]["physicalLocation"]


def test_severities_become_the_levels_of_the_standard() -> None:
    found = [
        Finding(file="x", line=1, rule="a.b", severity=s, problem="p", remedy="r") for s in Severity
    ]
    (run,) = log_of(*found)["runs"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]


def test_what_was_silenced_is_a_suppression_in_the_source_with_its_reason() -> None:
    silenced = Finding(
        file="x", line=1, rule="a.b", problem="p", remedy="r", allowed="cita textual"
    )
    (run,) = log_of(silenced)["runs"]
    assert run["results"][0]["suppressions"] == [
        {"kind": "inSource", "justification": "cita textual"}
    ]


def test_a_rule_tells_its_reason_in_the_readers_language() -> None:
    (run,) = log_of(FOUND, reader="pt-BR")["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["fullDescription"]["text"] == rules()["words.aside"].reason["pt"]


def test_a_finding_keeps_its_identity_when_lines_move() -> None:
    moved = Finding(
        file=FOUND.file,
        line=9,
        rule=FOUND.rule,
        severity=FOUND.severity,
        problem=FOUND.problem,
        remedy=FOUND.remedy,
    )
    prints = [log_of(f)["runs"][0]["results"][0]["partialFingerprints"] for f in (FOUND, moved)]
    assert prints[0] == prints[1]


names = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=20)


@given(names, st.text(st.characters(codec="utf-8"), max_size=40))
def test_any_name_and_any_words_come_back_as_they_were(name: str, words: str) -> None:
    (run,) = log_of(Finding(file=name, line=1, rule="a.b", problem=words, remedy="r"))["runs"]
    (result,) = run["results"]
    address = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(address) == name
    assert result["message"]["text"] == f"{words}: r"
