"""Concepts as plain values, and the nodes that other formats are turned into to be read.

Every format (YAML, TBX, CSV, Vale) is read by the same reader, scripts.read_terms: a format only
says what stands where, so that each fault has its line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scripts.nodes import Items, Node, Table, Text
from scripts.term_concepts import AvoidRow, Concept, LanguageTerms
from scripts.yaml_text import dump_yaml

LANGUAGE_LISTS = ("use", "audience_words", "also", "unless")
"""What a concept lists in each language."""
ROW_LISTS = ("patterns", "unless", "bad", "good")
ROW_TEXTS = ("say", "severity", "negatable", "ambiguous", "off")


def plain_row(row: AvoidRow) -> dict[str, object]:
    """Give a row as texts and lists; what is empty is left out."""
    found: dict[str, object] = {
        "row": row.row,
        "patterns": list(row.avoid),
        "say": row.say,
        "severity": row.severity.value,
        "unless": list(row.unless),
        "negatable": "yes" if row.negatable else "",
        "ambiguous": "yes" if row.ambiguous else "",
        "bad": list(row.bad),
        "good": list(row.good),
        "off": row.off,
    }
    return {key: value for key, value in found.items() if value}


def plain_language(terms: LanguageTerms) -> dict[str, object]:
    """Give a concept in one language, without definition and reason."""
    found: dict[str, object] = {key: list(getattr(terms, key)) for key in LANGUAGE_LISTS}
    found["avoid"] = [plain_row(row) for row in terms.avoid]
    return {key: value for key, value in found.items() if value}


def plain_concept(concept: Concept) -> dict[str, object]:
    """Give a concept as it stands in a file of terms/."""
    found: dict[str, object] = {
        "id": concept.id,
        "sources": list(concept.sources),
        "confusable_with": list(concept.confusable_with),
        "definition": {tag: t.definition for tag, t in concept.terms.items() if t.definition},
        "reason": {tag: t.reason for tag, t in concept.terms.items() if t.reason},
        "terms": {tag: plain_language(t) for tag, t in concept.terms.items()},
    }
    return {key: value for key, value in found.items() if value}


def render_terms(concepts: Iterable[Concept]) -> bytes:
    """Write a file of terms/."""
    return dump_yaml({"concepts": [plain_concept(concept) for concept in concepts]}).encode("utf-8")


@dataclass(slots=True)
class Part:
    """A table that grows while a file of another format is read."""

    line: int
    texts: dict[str, Text] = field(default_factory=dict)
    lists: dict[str, list[Text]] = field(default_factory=dict)
    parts: dict[str, "dict[str, Part]"] = field(default_factory=dict)
    rows: "dict[str, dict[str, Part]]" = field(default_factory=dict)

    def text(self, key: str, value: str, line: int) -> None:
        """Set a text; an empty one is none, and the first one stays."""
        if value:
            self.texts.setdefault(key, Text(value, line))

    def add(self, key: str, values: Sequence[str], line: int) -> None:
        """Add to a list."""
        if values:
            self.lists.setdefault(key, []).extend(Text(value, line) for value in values)

    def part(self, key: str, name: str, line: int) -> "Part":
        """Give a table by its name inside a table: the terms of a language."""
        return self.parts.setdefault(key, {}).setdefault(name, Part(line))

    def row(self, key: str, name: str, line: int) -> "Part":
        """Give an entry of a list of tables by its name: a row to avoid."""
        return self.rows.setdefault(key, {}).setdefault(name, Part(line))

    def table(self) -> Table:
        """Give what has grown."""
        entries: dict[str, Node] = {}
        entries.update(self.texts)
        for key, texts in self.lists.items():
            entries[key] = Items(tuple(texts), texts[0].line)
        for key, parts in self.parts.items():
            entries[key] = _table_of(parts, self.line)
        for key, rows in self.rows.items():
            entries[key] = Items(tuple(row.table() for row in rows.values()), self.line)
        return Table(entries, {key: node.line for key, node in entries.items()}, self.line)


def _table_of(parts: Mapping[str, Part], line: int) -> Table:
    return Table(
        {name: part.table() for name, part in parts.items()},
        {name: part.line for name, part in parts.items()},
        line,
    )


class Gathered:
    """Concepts as they are met in a file of another format."""

    def __init__(self) -> None:
        self.concepts: dict[str, Part] = {}

    def concept(self, id_: str, line: int) -> Part:
        """Give a concept, made where it is met first."""
        if id_ not in self.concepts:
            self.concepts[id_] = Part(line)
            self.concepts[id_].text("id", id_, line)
        return self.concepts[id_]

    def language(self, id_: str, tag: str, line: int) -> Part:
        """Give a concept's terms in one language."""
        return self.concept(id_, line).part("terms", tag, line)

    def told(self, id_: str, key: str, tag: str, value: str, line: int) -> None:
        """Set a definition or a reason."""
        if value:
            texts = self.concept(id_, line).part(key, tag, line)
            texts.text("", value, line)

    def table(self) -> Table:
        """Give the whole as a file of terms/ would stand."""
        items: list[Node] = []
        for part in self.concepts.values():
            table = part.table()
            entries = dict(table.entries)
            for key in ("definition", "reason"):
                told = entries.get(key)
                if isinstance(told, Table):
                    flat = {
                        tag: one.entries[""]
                        for tag, one in told.entries.items()
                        if isinstance(one, Table)
                    }
                    entries[key] = Table(flat, told.key_lines, told.line)
            items.append(Table(entries, table.key_lines, table.line))
        return Table({"concepts": Items(tuple(items), 1)}, {"concepts": 1}, 1)
