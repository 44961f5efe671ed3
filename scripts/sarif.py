"""Findings as SARIF 2.1.0, which code hosts and editors show beside the lines.

The form is that of OASIS "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"
(2020); the clauses are named where they decide something.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from programme.digests import digest_text
from programme.findings import Finding, Severity
from scripts.rule_catalogue import Rule, in_words, rules

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
ROOT = "WORKSPACE"
"""Name of the folder that the files' addresses begin from (clause 3.14.14)."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render_sarif(
    findings: Iterable[Finding],
    *,
    version: str,
    reader: str = "en",
    known: Mapping[str, Rule] | None = None,
) -> str:
    """Write a log of one run.

    Args:
        findings: in the order in which they are to stand.
        version: Altavoz' own.
        reader: the language of the rules' titles and reasons; findings are in English.
        known: the rules that findings name; None for those of scripts.
    """
    listed = list(findings)
    catalogue = rules() if known is None else known
    names = sorted({finding.rule for finding in listed})
    index = {name: number for number, name in enumerate(names)}
    driver = {
        "name": "Altavoz",
        "version": version,
        "rules": [_rule(name, catalogue.get(name), reader) for name in names],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "the workspace"}}},
        "results": [_result(finding, index) for finding in listed],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _rule(name: str, rule: Rule | None, reader: str) -> dict[str, Any]:
    if rule is None:
        return {"id": name}
    return {
        "id": name,
        "shortDescription": {"text": in_words(rule.title, reader)},
        "fullDescription": {"text": in_words(rule.reason, reader)},
        "help": {"text": f"{in_words(rule.advice, reader)}\n({rule.source})"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, index: dict[str, int]) -> dict[str, Any]:
    place: dict[str, Any] = {
        # A relative reference with every segment escaped (clause 3.4.3, RFC 3986).
        "artifactLocation": {"uri": quote(finding.file, safe="/"), "uriBaseId": ROOT}
    }
    if finding.line:
        place["region"] = {"startLine": finding.line}
    said = f"{finding.rule}\n{finding.file}\n{finding.problem}"
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.problem}: {finding.remedy}"},
        "locations": [{"physicalLocation": place}],
        # Without the line, so that a finding keeps its identity when lines move (clause 3.27.17).
        "partialFingerprints": {"altavoz/v1": digest_text(said)},
    }
    if finding.allowed:
        result["suppressions"] = [{"kind": "inSource", "justification": finding.allowed}]
    return result
