"""The rules that feeds are judged by: weight, what to do, who says so. Data in rules/, by thing.

Each entry has the form of the catalogue of rules (``scripts.rule_catalogue``), so that
``altavoz explain`` knows it: title, reason and advice in four languages. Here only what a
finding needs is kept; read when the first finding is made, since a good feed needs none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from programme.findings import Finding, Severity
from programme.tables import package_file, read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRule:
    """One rule, as a finding tells it."""

    id: str
    severity: Severity
    """``error``: broken for some listener or refused by a directory; never published."""
    advice: str
    """What to do, in English."""
    source: str
    """Address of the standard or page that says so."""


@cache
def feed_rules() -> Mapping[str, FeedRule]:
    """Give every rule by id.

    Raises:
        ValueError: an id stands there twice.
    """
    found: dict[str, FeedRule] = {}
    for table in rule_tables():
        for row in table["rule"]:
            if row["id"] in found:
                raise ValueError(f"feeds/rules: {row['id']} is there twice")
            found[row["id"]] = FeedRule(
                id=row["id"],
                severity=Severity(row["severity"]),
                advice=row["advice"]["en"],
                source=row["source"],
            )
    return MappingProxyType(found)


def rule_tables() -> tuple[Mapping[str, Any], ...]:
    """Give what each file of rules holds, by name, for whoever explains them."""
    return tuple(read_toml(file) for file in sorted(package_file("feeds", "rules").glob("*.toml")))


def finding(rule: str, *, file: str, line: int, problem: str) -> Finding:
    """Give a finding with the rule's own weight and advice.

    Raises:
        KeyError: no such rule; a bug here.
    """
    known = feed_rules()[rule]
    return Finding(
        file=file,
        line=line,
        rule=rule,
        severity=known.severity,
        problem=problem,
        remedy=known.advice,
    )
