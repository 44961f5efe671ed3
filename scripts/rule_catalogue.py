"""The rules that a text is checked by: why each is there, who says so, and what it finds.

Data in data/rules/, a file for each group::

    [[rule]]
    id = "plain.sentence-length"
    severity = "error"
    title  = {en = "...", es = "...", fr = "...", pt = "..."}
    reason = {en = "...", ...}
    advice = {en = "...", ...}
    source = "..."
    allow = true
    [[rule.example]]
    language = "es"
    bad = "..."

``severity`` is the heaviest that the rule can have. ``allow`` says whether a writer may silence
it at a line with a reason: never where a person's safety hangs on it, or where a voice could not
speak the line. Rules that say the same of several forms of file share an entry, with ``ids`` in
place of ``id``. Each example is one or more lines of a script: ``bad`` is found, ``good`` is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from programme.findings import Severity
from programme.tables import package_file, read_toml

READERS = ("en", "es", "fr", "pt")
"""Languages in which every rule explains itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Lines of a script that a rule finds, or leaves in peace."""

    language: str
    kind: str
    """Kind of the segment that the lines stand in."""
    audiences: tuple[str, ...]
    text: str
    is_bad: bool
    says: str
    """What the finding's problem must hold; empty for anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, as people are told about it."""

    id: str
    severity: Severity
    """The heaviest that it can have."""
    title: Mapping[str, str]
    """By reader's language; so are the next two."""
    reason: Mapping[str, str]
    advice: Mapping[str, str]
    source: str
    allow: bool
    """Whether it may be silenced at a line with a reason."""
    examples: tuple[Example, ...]


@cache
def rules() -> Mapping[str, Rule]:
    """Give every rule of the catalogue by id; read once, when somebody asks."""
    found: dict[str, Rule] = {}
    folder = package_file("scripts", "data/rules")
    for file in sorted(folder.glob("*.toml")):
        for rule in read_rules(read_toml(file)):
            if rule.id in found:
                raise ValueError(f"data/rules/{file.name}: {rule.id} is there twice")
            found[rule.id] = rule
    return MappingProxyType(found)


def read_rules(table: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Give the rules of one file of data/rules/.

    Raises:
        KeyError, ValueError, TypeError: the file has not the form that the module describes; it is
            part of Altavoz, so this is a bug, which the tests find.
    """
    return tuple(_rule(row, id_) for row in table["rule"] for id_ in row.get("ids") or [row["id"]])


def in_words(texts: Mapping[str, str], reader: str) -> str:
    """Give the text in a reader's language; in English where there is none."""
    return texts.get(reader.partition("-")[0]) or texts["en"]


def _rule(row: Mapping[str, Any], id_: str) -> Rule:
    return Rule(
        id=id_,
        severity=Severity(row["severity"]),
        title=MappingProxyType(row["title"]),
        reason=MappingProxyType(row["reason"]),
        advice=MappingProxyType(row["advice"]),
        source=row["source"],
        allow=bool(row["allow"]),
        examples=tuple(_example(example) for example in row.get("example", ())),
    )


def _example(row: Mapping[str, Any]) -> Example:
    if ("bad" in row) == ("good" in row):
        raise ValueError(f"an example is either bad or good: {row}")
    return Example(
        language=row["language"],
        kind=row.get("kind", "awareness"),
        audiences=tuple(row.get("audiences", ())),
        text=row.get("bad") or row["good"],
        is_bad="bad" in row,
        says=row.get("says", ""),
    )
