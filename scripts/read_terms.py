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

from collections.abc import Collection, Mapping
from functools import cache

from programme.findings import Findings
from programme.tables import package_file, read_toml
from programme.units import LanguageTag
from scripts.concept_reader import Budget, ConceptReader, Example, joined, languages_in
from scripts.fields import Fields
from scripts.made_tables import made_once
from scripts.nodes import Items, Node, Table, Text
from scripts.term_concepts import TermData
from scripts.wording import did_you_mean, shown


@cache
def built_in_terms() -> TermData:
    """Give the concepts of data/terms, read once.

    Raises:
        ValueError: the data is faulty.
    """
    return made_once("term-concepts", TermData, _read_built_in)


def _read_built_in() -> TermData:
    findings = Findings()
    found = TermData()
    folder = package_file("scripts", "data/terms")
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            table = _nodes(read_toml(entry))
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
    budget = Budget()
    for part in fields.tables("concepts"):
        reader = ConceptReader(fields.part(part), concepts, own=own, budget=budget)
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
    denials = _words(fields, "denials", base.denials)
    joins = base.joins if own else _words(fields, "joins", base.joins)
    _check_confusable(fields, {*concepts, *known})
    fields.done()
    return TermData(concepts=concepts, denials=denials, joins=joins), examples


def _words(
    fields: Fields, key: str, below: Mapping[LanguageTag, tuple[str, ...]]
) -> Mapping[LanguageTag, tuple[str, ...]]:
    """Read words by language over those that are known already."""
    given = fields.table_at(key)
    if given is None:
        return below
    found = dict(below)
    words = fields.part(given)
    for tag in languages_in(words):
        new = tuple(text.value for text in words.texts(tag))
        found[LanguageTag(tag)] = joined(new, found.get(LanguageTag(tag), ()))
    fields.close(words)
    return found


def _check_confusable(fields: Fields, concepts: Collection[str]) -> None:
    """Report ids of concepts that nobody wrote; the built-in files name only one another."""
    for part in fields.tables("concepts"):
        node = part.entries.get("confusable_with")
        for item in node.items if isinstance(node, Items) else ():
            if isinstance(item, Text) and item.value not in concepts and item.line:
                remedy = did_you_mean(item.value, concepts, "name the id of another concept")
                problem = f"there is no concept {shown(item.value)}"
                fields.report(item.line, "terms.unknown-concept", problem, remedy)
