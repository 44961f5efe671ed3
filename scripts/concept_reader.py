"""One concept as it is read, over the one of that id that is known already."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from programme.findings import Severity
from programme.languages import canonical, is_known, known_tags
from programme.units import LanguageTag
from scripts.fields import Fields
from scripts.nodes import Text
from scripts.term_concepts import AvoidRow, Concept, LanguageTerms
from scripts.term_words import check_pattern, count_forms
from scripts.wording import did_you_mean, listed, shown

MOST_FORMS_IN_FILE = 50_000
"""The built-in terms of all languages have about 10 000."""
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


def languages_in(fields: Fields) -> list[str]:
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


def joined(first: tuple[str, ...], then: tuple[str, ...]) -> tuple[str, ...]:
    """Give both without repetition, in order."""
    return tuple(dict.fromkeys((*first, *then)))


class Budget:
    """Bounds the forms of one file: a stranger's few patterns could be millions of phrases."""

    def __init__(self) -> None:
        self.left = MOST_FORMS_IN_FILE

    def take(self, pattern: str) -> None:
        """Count a pattern's forms.

        Raises:
            ValueError: it is none, or the file has too many by now.
        """
        self.left -= count_forms(pattern)
        if self.left < 0:
            raise ValueError(f"more than {MOST_FORMS_IN_FILE} forms in this file")


class ConceptReader:
    """One concept as it is read, over the one of that id that is known already."""

    def __init__(
        self, fields: Fields, known: Mapping[str, Concept], *, own: bool, budget: Budget
    ) -> None:
        self.fields = fields
        self.budget = budget
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
            for tag in languages_in(terms):
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
            sources=joined(base.sources, sources),
            confusable_with=joined(base.confusable_with, confusable),
            terms=merged,
        )

    def by_language(self, key: str) -> dict[str, str]:
        """Give one text a language."""
        table = self.fields.table_at(key)
        if table is None:
            return {}
        part = self.fields.part(table)
        found = {tag: part.text(tag, required=True) for tag in languages_in(part)}
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
            if self.budget.left < 0:
                break  # that was told once
            pattern = fields.tidy(key, text)
            if self.own:
                try:
                    self.budget.take(pattern)
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
            use=joined(self.patterns("use", fields), below.use),
            audience_words=joined(self.patterns("audience_words", fields), below.audience_words),
            also=joined(self.patterns("also", fields), below.also),
            unless=joined(self.patterns("unless", fields), below.unless),
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
        if below is None and "off" in fields.table.entries and not fields.node("patterns"):
            problem = f"there is no row {shown(name)} to be switched off"
            remedy = did_you_mean(name, rows, f"rows there are: {listed(rows)}")
            fields.fault(fields.table.line, "terms.unknown-row", problem, remedy)
            fields.known |= fields.table.entries.keys()
            return None
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
            avoid=joined(below.avoid, self.patterns("patterns", fields)),
            say=say or below.say,
            severity=severity,
            unless=joined(below.unless, self.patterns("unless", fields)),
            negatable=fields.flag("negatable", default=below.negatable),
            ambiguous=fields.flag("ambiguous", default=below.ambiguous),
            bad=joined(below.bad, self.lines("bad", fields)),
            good=joined(below.good, self.lines("good", fields)),
            off=off,
        )
        fields.done()
        return row if fields.sound else None
