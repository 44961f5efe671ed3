"""Readers of terms: the built-in concepts, and a workspace's own over them (terms/*.yml).

Both have one form::

    concepts:
      - id: irregular-status
        sources: ["UN General Assembly resolution 3448 (XXX)"]
        confusable_with: []
        definition: {es: "..."}
        reason: {es: "..."}
        terms:
          es:
            use: ["persona(|s) migrante(|s) en situación irregular"]
            avoid:
              - row: people
                patterns: ["migrante(|s) ilegal(|es)"]
                say: "persona migrante en situación irregular"
                severity: error
                bad: ["Un migrante ilegal llegó."]
                good: ["Denuncie el cobro ilegal."]
    denials:
      es: ["no", "nunca"]

In a workspace a row that names one that exists changes what it gives and leaves the rest; ``off:
"why"`` switches it off. Words given for a concept that exists are added to its own.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from programme.findings import Findings, Severity
from programme.languages import canonical, is_known, known_tags
from programme.units import LanguageTag
from scripts.fields import Fields
from scripts.nodes import Items, Node, Table, Text
from scripts.term_concepts import AvoidRow, Concept, LanguageTerms, TermData
from scripts.term_words import check_pattern
from scripts.wording import did_you_mean, shown

_RESERVED = frozenset({"concept", "switched-off", "example"})
"""Rules about terms in general: no concept may take their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence that shows what a row finds, or leaves in peace."""

    concept: str
    language: LanguageTag
    row: str
    text: Text
    is_bad: bool


@cache
def built_in_terms() -> TermData:
    """Give the concepts of data/terms, read once.

    Raises:
        ValueError: the data is faulty.
    """
    findings = Findings()
    found = TermData()
    folder = resources.files("scripts").joinpath("data/terms")
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            table = _nodes(tomllib.loads(entry.read_text("utf-8")))
            if isinstance(table, Table):
                found, _ = parse_terms(table, file=entry.name, base=found, findings=findings)
    if len(findings):
        raise ValueError("; ".join(f"{f.place}: {f.problem}" for f in findings))
    return found


def _nodes(value: object) -> Node:
    if isinstance(value, dict):
        return Table({key: _nodes(item) for key, item in value.items()}, {}, 0)
    if isinstance(value, list):
        return Items(tuple(_nodes(item) for item in value), 0)
    if isinstance(value, bool):
        return Text("yes" if value else "no", 0)
    return Text(str(value), 0)


def parse_terms(
    table: Table,
    *,
    file: str,
    base: TermData,
    findings: Findings,
    own: bool = False,
    known: Collection[str] = (),
) -> tuple[TermData, list[Example]]:
    """Read one file over what is known already.

    Args:
        table: its keys and values.
        file: its place, for messages.
        base: what stands below it.
        findings: takes every fault.
        own: whether a workspace wrote it: patterns are tried, and what it switches off is told.
        known: ids of concepts that stand elsewhere.

    Returns:
        Everything known now, and the example sentences that the file gives.
    """
    fields = Fields(table, file=file, findings=findings)
    concepts = dict(base.concepts)
    seen: set[str] = set()
    examples: list[Example] = []
    for part in fields.tables("concepts"):
        reader = _ConceptReader(fields.part(part), concepts, own=own)
        concept = reader.read()
        fields.close(reader.fields)
        if concept is None:
            continue
        if concept.id in seen:
            twice = f"{concept.id} stands here twice"
            fields.report(part.line, "terms.twice", twice, "put both into one")
        seen.add(concept.id)
        concepts[concept.id] = concept
        examples += reader.examples
    denials = dict(base.denials)
    given = fields.table_at("denials")
    if given is not None:
        words = fields.part(given)
        for tag in _languages(words):
            new = tuple(text.value for text in words.texts(tag))
            denials[LanguageTag(tag)] = _joined(new, denials.get(LanguageTag(tag), ()))
        fields.close(words)
    _check_confusable(fields, {*concepts, *known})
    fields.done()
    return TermData(concepts=concepts, denials=denials), examples


def _check_confusable(fields: Fields, concepts: Collection[str]) -> None:
    """Report ids of concepts that nobody wrote; the built-in files name only one another."""
    for part in fields.tables("concepts"):
        node = part.entries.get("confusable_with")
        for item in node.items if isinstance(node, Items) else ():
            if isinstance(item, Text) and item.value not in concepts and item.line:
                remedy = did_you_mean(item.value, concepts, "name the id of another concept")
                problem = f"there is no concept {shown(item.value)}"
                fields.report(item.line, "terms.unknown-concept", problem, remedy)


def _languages(fields: Fields) -> list[str]:
    """Give the keys of a table that must be language tags; a wrong one is reported."""
    found = []
    for key in fields.table.entries:
        fields.known.add(key)
        if canonical(key) == key and is_known(key):
            found.append(key)
        else:
            remedy = did_you_mean(key, known_tags(), "write a tag such as es or pt-BR")
            fields.fault(fields.line(key), "not-language", f"{shown(key)} is no language", remedy)
    return found


def _joined(first: tuple[str, ...], then: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *then)))


class _ConceptReader:
    """One concept as it is read, over the one of that id that is known already."""

    def __init__(self, fields: Fields, known: Mapping[str, Concept], *, own: bool) -> None:
        self.fields = fields
        self.known = known
        self.own = own
        self.id = ""
        self.examples: list[Example] = []

    def read(self) -> Concept | None:
        """Give the concept; None where it has no id."""
        fields = self.fields
        id_ = self.id = fields.id("id", required=True)
        if id_ in _RESERVED:
            fields.fault(fields.line("id"), "terms.reserved", f"{id_} is no concept", "rename it")
            return None
        base = self.known.get(id_, Concept(id=id_))
        definitions, reasons = self.by_language("definition"), self.by_language("reason")
        parts = {}
        given = fields.table_at("terms")
        if given is not None:
            terms = fields.part(given)
            for tag in _languages(terms):
                table = terms.table_at(tag)
                if table is not None:
                    part = terms.part(table)
                    parts[tag] = self.language(part, LanguageTag(tag), base)
                    terms.close(part)
            fields.close(terms)
        sources = self.lines("sources")
        confusable = fields.ids("confusable_with")
        merged = {}
        for tag in dict.fromkeys([*base.terms, *definitions, *reasons, *parts]):
            below = base.terms.get(LanguageTag(tag), LanguageTerms())
            above = parts.get(tag, below)
            merged[LanguageTag(tag)] = replace(
                above,
                definition=definitions.get(tag) or above.definition,
                reason=reasons.get(tag) or above.reason,
            )
        if not id_:
            return None
        return Concept(
            id=id_,
            sources=_joined(base.sources, sources),
            confusable_with=_joined(base.confusable_with, confusable),
            terms=merged,
        )

    def by_language(self, key: str) -> dict[str, str]:
        """Give one text a language."""
        table = self.fields.table_at(key)
        if table is None:
            return {}
        part = self.fields.part(table)
        found = {tag: part.text(tag, required=True) for tag in _languages(part)}
        self.fields.close(part)
        return found

    def lines(self, key: str, fields: Fields | None = None) -> tuple[str, ...]:
        """Give a list of texts of one line each."""
        of = fields or self.fields
        return tuple(of.tidy(key, text) for text in of.texts(key))

    def patterns(self, key: str, fields: Fields) -> tuple[str, ...]:
        """Give a list of patterns; one that is none is a fault of its line."""
        found = []
        for text in fields.texts(key):
            pattern = fields.tidy(key, text)
            if self.own:
                try:
                    check_pattern(pattern)
                except ValueError as error:
                    remedy = "write (one|two|) for a choice, and close every bracket"
                    fields.fault(text.line, "terms.pattern", shown(str(error), most=120), remedy)
                    continue
            found.append(pattern)
        return tuple(found)

    def language(self, fields: Fields, tag: LanguageTag, base: Concept) -> LanguageTerms:
        """Give a concept in one language, over what is known of it."""
        below = base.terms.get(tag, LanguageTerms())
        rows = {row.row: row for row in below.avoid}
        given: set[str] = set()
        for number, table in enumerate(fields.tables("avoid"), start=1):
            part = fields.part(table)
            row = self.row(part, tag, rows, str(number))
            fields.close(part)
            if row is None:
                continue
            if row.row in given:
                problem = f"the row {shown(row.row)} stands here twice"
                fields.report(table.line, "terms.twice", problem, "put both into one")
            given.add(row.row)
            rows[row.row] = row
            if row.off and self.own:
                fields.report(
                    part.line("off"),
                    "terms.switched-off",
                    f"terms.{base.id} ({tag}, row {row.row}) is switched off: {shown(row.off)}",
                    "take the row out to have it back",
                    Severity.INFO,
                )
        return LanguageTerms(
            definition=below.definition,
            reason=below.reason,
            use=_joined(self.patterns("use", fields), below.use),
            audience_words=_joined(self.patterns("audience_words", fields), below.audience_words),
            also=_joined(self.patterns("also", fields), below.also),
            unless=_joined(self.patterns("unless", fields), below.unless),
            avoid=tuple(rows.values()),
        )

    def row(
        self, fields: Fields, tag: LanguageTag, rows: Mapping[str, AvoidRow], default: str
    ) -> AvoidRow | None:
        """Give a row of words to avoid; None where it is not sound."""
        name = fields.text("row") or default
        below = rows.get(name) if fields.table.entries.get("row") else None
        if below is None and name in rows:
            name = f"own-{default}"
        new = below is None
        fields.node("patterns", required=new)
        say = fields.text("say", required=new)
        if new or fields.node("severity"):
            severity = fields.choice("severity", Severity)
        else:
            severity = below.severity if below else Severity.ERROR
        examples = {key: fields.texts(key) for key in ("bad", "good")}
        off = fields.text("off")
        if not off:
            self.examples += [
                Example(concept=self.id, language=tag, row=name, text=text, is_bad=key == "bad")
                for key in examples
                for text in examples[key]
            ]
        blank = AvoidRow(row=name, avoid=(), say="", severity=severity)
        below = below or blank
        row = AvoidRow(
            row=name,
            avoid=_joined(below.avoid, self.patterns("patterns", fields)),
            say=say or below.say,
            severity=severity,
            unless=_joined(below.unless, self.patterns("unless", fields)),
            negatable=fields.flag("negatable", default=below.negatable),
            ambiguous=fields.flag("ambiguous", default=below.ambiguous),
            bad=_joined(below.bad, self.lines("bad", fields)),
            good=_joined(below.good, self.lines("good", fields)),
            off=off,
        )
        fields.done()
        return row if fields.sound else None
