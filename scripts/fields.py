"""Typed reading of tables: every fault of a file at once, each with its line and a remedy.

A value that is missing or wrong is reported and a placeholder is given back; ``done``
tells whether any placeholder was given, so that nothing is built from one.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

from programme.findings import Finding, Findings, Severity
from programme.identifiers import ID_RULE, is_id
from scripts.countries import COUNTRIES
from scripts.nodes import Items, Node, Refused, Table, Text
from scripts.wording import did_you_mean, listed, nearest, shown

E = TypeVar("E", bound=StrEnum)

NO_DATE = date.min
"""The placeholder for a date that is missing or wrong: long past, so that nothing airs on it."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_INTEGER = re.compile(r"(?:0|[1-9][0-9]{0,8})\Z")
_URL = re.compile(r"https?://[^\s/?#@\\<>\"\[\]]+(?:[/?#][^\s\\<>\"]*)?\Z")
_FLAGS = {"yes": True, "true": True, "no": False, "false": False}


class Fields:
    """One table as it is read, key by key."""

    def __init__(self, table: Table, *, file: str, findings: Findings, form: str = "yaml") -> None:
        self.table = table
        self.file = file
        self.findings = findings
        self.form = form
        self.sound = True
        self.known: set[str] = set()
        self.lacking: dict[str, Finding] = {}
        """What was reported of keys that are missing; a misspelt key is reported as that alone."""

    def done(self) -> bool:
        """Report the keys that nobody asked for; tells whether every value is sound.

        An unknown key is an error, but leaves the values as they are.
        """
        for key, line in self.table.key_lines.items():
            if key not in self.known:
                lacking = self.lacking.pop(nearest(key, self.known), None)
                if lacking is not None:
                    self.findings.items.remove(lacking)
                remedy = did_you_mean(key, self.known, f"known keys: {listed(self.known, most=30)}")
                self.report(line, "unknown-key", f"nobody knows the key {shown(key)}", remedy)
        return self.sound

    def report(
        self,
        line: int,
        rule: str,
        problem: str,
        remedy: str,
        severity: Severity = Severity.ERROR,
        *,
        lacks: str = "",
    ) -> None:
        """Note a finding that leaves the values sound.

        ``lacks`` is the key for want of which it is made: where that is only misspelt, the
        misspelt key is reported alone.
        """
        name = rule if "." in rule else f"{self.form}.{rule}"
        self.findings.add(
            file=self.file, line=line, rule=name, problem=problem, remedy=remedy, severity=severity
        )
        if lacks and lacks not in self.table.entries:
            self.lacking[lacks] = self.findings.items[-1]

    def fault(self, line: int, rule: str, problem: str, remedy: str) -> None:
        """Note an error after which this table's values are not sound."""
        self.report(line, rule, problem, remedy)
        self.sound = False

    def lack(self, key: str, rule: str, problem: str, remedy: str) -> None:
        """Note that a key is missing or empty, as an error."""
        self.report(self.line(key), rule, problem, remedy, lacks=key)
        self.sound = False

    def node(self, key: str, *, required: bool = False) -> Node | None:
        """Give a key's node; None where it is missing, empty, or was refused by the reader."""
        self.known.add(key)
        found = self.table.entries.get(key)
        if isinstance(found, Refused):
            self.sound = False
            return None
        if found is not None and not (isinstance(found, Text) and not found.value.strip()):
            return found
        if required:
            what = f"{key} is missing" if found is None else f"{key} is empty"
            self.lack(key, "missing-key", what, f'write "{key}: ..."')
        return None

    def line(self, key: str) -> int:
        """Give the line of a key, or that of the table where it is missing."""
        return self.table.key_lines.get(key, self.table.line)

    def written(self, key: str, *, required: bool = False) -> Text | None:
        """Give a key's text as it was written."""
        node = self.node(key, required=required)
        if node is None or isinstance(node, Text):
            return node
        self.fault(node.line, "not-text", f"{key} must be one text", f'write "{key}: ..."')
        return None

    def text(self, key: str, *, required: bool = False, paragraphs: bool = False) -> str:
        """Give a text, NFC and without spaces around; empty where there is none."""
        found = self.written(key, required=required)
        return "" if found is None else self.tidy(key, found, paragraphs=paragraphs)

    def tidy(self, key: str, found: Text, *, paragraphs: bool = False) -> str:
        """Give a text in normal form; line breaks are a fault where one line is meant."""
        value = unicodedata.normalize("NFC", found.value.strip())
        if "\n" in value and not paragraphs:
            self.fault(
                found.line, "one-line", f"{key} has line breaks", "write it in one line, or with >"
            )
        return value

    def parsed(
        self, key: str, parse: "Callable[[str], T | None]", *, rule: str, problem: str, remedy: str
    ) -> "T | None":
        """Give a text turned into a value; None where it is missing or not of that form."""
        found = self.written(key)
        if found is None:
            return None
        value = parse(found.value.strip())
        if value is None:
            self.fault(found.line, rule, f"{key}: {shown(found.value)} {problem}", remedy)
        return value

    def id(self, key: str, *, required: bool = False, default: str = "") -> str:
        """Give an id."""
        found = self.written(key, required=required)
        return default if found is None else self.check_id(key, found)

    def check_id(self, key: str, found: Text) -> str:
        """Give a text that must be an id; empty where it is none."""
        if is_id(found.value):
            return found.value
        self.fault(found.line, "not-id", f"{key}: {shown(found.value)} is no id", ID_RULE)
        return ""

    def day(self, key: str) -> date | None:
        """Give a date such as 2026-11-22; None where there is none."""
        return self.parsed(
            key,
            parse_day,
            rule="not-date",
            problem="is not a date",
            remedy="write year-month-day, such as 2026-11-22",
        )

    def required_day(self, key: str) -> date:
        """Give a date that must be there."""
        self.node(key, required=True)
        return self.day(key) or NO_DATE

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Give a yes or no."""
        found = self.parsed(
            key,
            lambda text: _FLAGS.get(text.lower()),
            rule="not-flag",
            problem="is neither yes nor no",
            remedy="write yes or no",
        )
        return default if found is None else found

    def integer(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        """Give a whole number within bounds; required where no default is given."""
        self.node(key, required=default is None)

        def parse(text: str) -> int | None:
            number = int(text) if _INTEGER.match(text) else -1
            return number if least <= number <= most else None

        found = self.parsed(
            key,
            parse,
            rule="not-number",
            problem=f"is not a whole number from {least} to {most}",
            remedy="write digits only, without signs",
        )
        return (default or 0) if found is None else found

    def choice(self, key: str, kinds: type[E], *, default: E | None = None) -> E:
        """Give one of an enumeration's values; required where no default is given."""
        word = self.word(key, [kind.value for kind in kinds], required=default is None)
        return kinds(word) if word else default or next(iter(kinds))

    def word(self, key: str, words: Sequence[str], *, required: bool = False) -> str:
        """Give one of several words; empty where there is none."""
        found = self.written(key, required=required)
        return "" if found is None else self.check_word(key, found, words)

    def check_word(self, key: str, found: Text, words: Collection[str]) -> str:
        """Give a text that must be one of several words; empty where it is none."""
        value = found.value.strip()
        if value in words:
            return value
        remedy = did_you_mean(value, words, f"choose one of: {listed(words, most=30)}")
        self.fault(found.line, "not-choice", f"{key}: {shown(value)} is not known here", remedy)
        return ""

    def url(self, key: str, *, required: bool = False) -> str:
        """Give a web address."""
        self.node(key, required=required)
        found = self.parsed(
            key,
            lambda text: text if _URL.match(text) and text.isprintable() else None,
            rule="not-url",
            problem="is not a web address",
            remedy="write the whole address, beginning with https://",
        )
        return found or ""

    def country(self, key: str, *, required: bool = False) -> str:
        """Give a country code; empty where there is none."""
        found = self.written(key, required=required)
        return "" if found is None else self.check_country(key, found)

    def check_country(self, key: str, found: Text) -> str:
        """Give a text that must be a country code; empty where it is none."""
        value = found.value.strip()
        if value in COUNTRIES:
            return value
        upper = value.upper()
        remedy = (
            f"write {upper}" if upper in COUNTRIES else "write two capitals, such as MX (ISO 3166)"
        )
        self.fault(found.line, "not-country", f"{key}: {shown(value)} is no country code", remedy)
        return ""

    def countries(self, key: str) -> tuple[str, ...]:
        """Give a list of country codes."""
        codes = (self.check_country(key, found) for found in self.texts(key))
        return tuple(code for code in codes if code)

    def ids(self, key: str) -> tuple[str, ...]:
        """Give a list of ids; the same id twice is an error."""
        return self.distinct(key, [(self.check_id(key, text), text) for text in self.texts(key)])

    def words(self, key: str, words: Collection[str]) -> tuple[str, ...]:
        """Give a list of words out of several."""
        found = [(self.check_word(key, text, words), text) for text in self.texts(key)]
        return self.distinct(key, found)

    def distinct(self, key: str, found: Sequence[tuple[str, Text]]) -> tuple[str, ...]:
        """Give the values that are not empty; one given twice is reported."""
        values: list[str] = []
        for value, text in found:
            if value in values:
                self.report(text.line, "twice", f"{key} has {shown(value)} twice", "delete one")
            elif value:
                values.append(value)
        return tuple(values)

    def texts(self, key: str, *, required: bool = False) -> list[Text]:
        """Give a list of texts as they were written; a single text is a list of one."""
        node = self.node(key, required=required)
        if node is None:
            return []
        if isinstance(node, Text):
            return [node]
        found: list[Text] = []
        for item in node.items if isinstance(node, Items) else (node,):
            if isinstance(item, Text) and item.value.strip():
                found.append(item)
            elif isinstance(item, Refused):
                self.sound = False
            else:
                remedy = f"write {key}: [one, two]"
                self.fault(item.line, "not-list", f"{key} must be a list of texts", remedy)
        return found

    def table_at(self, key: str, *, required: bool = False) -> Table | None:
        """Give a table of keys and values."""
        node = self.node(key, required=required)
        if node is None or isinstance(node, Table):
            return node
        what = f"{key} must hold keys and values"
        self.fault(node.line, "not-table", what, f'write "{key}:" and below it its keys')
        return None

    def tables(self, key: str, *, required: bool = False) -> list[Table]:
        """Give a list of tables."""
        node = self.node(key, required=required)
        found: list[Table] = []
        items = node.items if isinstance(node, Items) else () if node is None else (node,)
        for item in items:
            if isinstance(item, Table) and isinstance(node, Items):
                found.append(item)
            elif isinstance(item, Refused):
                self.sound = False
            else:
                remedy = f'write "{key}:" and below it lines that begin with "- "'
                self.fault(item.line, "not-list", f"{key} must be a list of entries", remedy)
        return found

    def named_tables(self, key: str, *, rule: str, remedy: str) -> list[tuple[str, int, Table]]:
        """Give tables with the names that their writer chose, and their lines."""
        table = self.table_at(key)
        if table is None:
            return []
        found: list[tuple[str, int, Table]] = []
        for name, node in table.entries.items():
            if isinstance(node, Table):
                found.append((name, table.key_lines[name], node))
            elif isinstance(node, Refused):
                self.sound = False
            else:
                self.fault(table.key_lines[name], rule, f"{shown(name)} says nothing", remedy)
        return found

    def part(self, table: Table) -> "Fields":
        """Begin reading a table inside this one."""
        return Fields(table, file=self.file, findings=self.findings, form=self.form)

    def close(self, part: "Fields") -> None:
        """End reading a table inside this one: its faults are ours."""
        self.sound = part.done() and self.sound


T = TypeVar("T")


def parse_day(text: str) -> date | None:
    """Give the date that an ISO text names, year-month-day only; None for anything else."""
    if not _DATE.match(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:  # the 30th of February
        return None
