"""TOML as nodes with lines; tomllib gives values without them, so they are found by scanning."""

import re
import tomllib
from collections.abc import Mapping

from programme.findings import Findings
from scripts.nodes import Items, Node, Refused, Table, Text
from scripts.text_files import check_characters, odd_characters, report_character
from scripts.wording import shown

_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?\Z")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_.-]+)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([^.\s"']+)""")
_PLACE = re.compile(r"\(at line (\d+), column \d+\)")

Path = tuple[str, ...]


def parse_toml(text: str, *, file: str, findings: Findings) -> Table | None:
    """Give what TOML text holds; None when it is faulty as a whole (a finding).

    Yes and no become text; a number or a date is a finding, because no key means one.
    """
    if check_characters(text, file=file, findings=findings):
        return None
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        findings.add(
            file=file,
            line=int(place[1]) if place else 0,
            rule="toml.syntax",
            problem=f"TOML cannot read this: {shown(_PLACE.sub('', str(error)).strip())}",
            remedy='write key = "text", one a line, and close every quote and bracket',
        )
        return None
    except RecursionError:
        findings.add(
            file=file,
            line=0,
            rule="toml.depth",
            problem="lists stand within lists without end",
            remedy="write it flatter",
        )
        return None
    return _Converter(text, file=file, findings=findings).table(found, (), 0)


class _Converter:
    """Gives tomllib's values the lines that they were written in."""

    def __init__(self, text: str, *, file: str, findings: Findings) -> None:
        self.lines = text.split("\n")
        self.places = _places(self.lines)
        self.file = file
        self.findings = findings

    def table(self, values: Mapping[str, object], path: Path, line: int) -> Table:
        """Give a table, with the line of each key."""
        entries: dict[str, Node] = {}
        key_lines: dict[str, int] = {}
        for key, value in values.items():
            place = self.places.get((*path, key), line)
            key_lines[key] = place
            entries[key] = self.node(value, (*path, key), place)
        return Table(entries, key_lines, line)

    def node(self, value: object, path: Path, line: int) -> Node:
        """Give one value."""
        if isinstance(value, str):
            for character in sorted(odd_characters(value)):
                report_character(character, file=self.file, line=line, findings=self.findings)
            return Text("".join(c for c in value if c not in odd_characters(value)), line)
        if isinstance(value, bool):
            return Text("yes" if value else "no", line)
        if isinstance(value, dict):
            return self.table(value, path, line)
        if isinstance(value, list):
            items = tuple(self.node(item, path, self.item_line(item, line)) for item in value)
            return Items(items, line)
        self.findings.add(
            file=self.file,
            line=line,
            rule="toml.not-text",
            problem=f"{'.'.join(path)} is a number or a date, not a text",
            remedy="put it in double quotes",
        )
        return Refused(line)

    def item_line(self, item: object, start: int) -> int:
        """Give the line of a list's item: the first from the key on that holds it in quotes."""
        if isinstance(item, str) and start:
            for number in range(start, len(self.lines) + 1):
                line = self.lines[number - 1]
                if f'"{item}"' in line or f"'{item}'" in line:
                    return number
                if number > start and _HEADER.match(line):
                    break
        return start


def _places(lines: list[str]) -> dict[Path, int]:
    places: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(lines, start=1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if key:
            path = (*table, *_parts(key[1]))
        elif header:
            path = table = _parts(header[1])
        else:
            continue
        for length in range(1, len(path) + 1):
            places.setdefault(path[:length], number)
    return places


def _parts(dotted: str) -> Path:
    return tuple(a or b or c for a, b, c in _PART.findall(dotted))
