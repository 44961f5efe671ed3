"""YAML, read as text: 012, no, 12:30 and +251911234567 stay what the person wrote.

The only module that imports PyYAML. A file is read as parser events, one by one, so that
aliases, anchors, tags, further documents and deep nesting are refused before anything is
built from them (YAML 1.1 sections 3.2 and 7). Everything that is wrong is a finding.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from programme.findings import Findings
from scripts.nodes import Items, Node, Refused, Table, Text
from scripts.text_files import (
    check_characters,
    is_hidden,
    odd_characters,
    read_text,
    report_character,
)
from scripts.wording import shown

MAX_DEPTH = 20
MAX_VALUES = 100_000
"""Texts, lists and tables in one file."""
MAX_FAULTS = 20
"""Refusals after which the rest of a file is not read."""

FAST = hasattr(yaml, "CLoader")
"""Whether PyYAML was built with libyaml; without it the same is read, ten times slower."""

_SCALAR, _MAPPING_END, _SEQUENCE_END = (
    yaml.ScalarEvent,
    yaml.MappingEndEvent,
    yaml.SequenceEndEvent,
)
"""Events of which there are hundreds of thousands; the parsers make no others of their kinds."""

_BARE_KEY = re.compile(r"[a-z][a-z_-]+")
_QUOTE = "put texts that hold ': ' or ' #' or begin with a sign in double quotes"

_ESCAPE = "write a text with a back-slash in single quotes: 'D:\\Altavoz'"


class _StopError(Exception):
    """Nothing more of this file is read; the reason was reported."""


def read_table(path: Path | str, *, file: str, findings: Findings) -> Table | None:
    """Give the keys and values of a YAML file; a file of another shape is a finding."""
    text = read_text(path, file=file, findings=findings)
    return None if text is None else parse_table(text, file=file, findings=findings)


def parse_table(text: str, *, file: str, findings: Findings) -> Table | None:
    """Give the keys and values of YAML text; text of another shape is a finding."""
    node = parse_yaml(text, file=file, findings=findings)
    if node is None or isinstance(node, Table):
        return node
    if not isinstance(node, Refused):
        findings.add(
            file=file,
            line=node.line,
            rule="yaml.not-table",
            problem="the file does not begin with a key and a value",
            remedy='write lines such as "kind: procedure"',
        )
    return None


def parse_yaml(text: str, *, file: str, findings: Findings, fast: bool = FAST) -> Node | None:
    """Give what YAML text holds; None when it is faulty as a whole or empty (a finding).

    A part that is refused stands as ``Refused``, so that the rest is still checked.
    """
    known_odd = check_characters(text, file=file, findings=findings)
    if any(not is_hidden(character) for character in known_odd):
        # PyYAML's reader stops at these or takes them for line ends; all were reported
        return None
    builder = _Builder(file=file, findings=findings, known_odd=known_odd)
    loader = yaml.CLoader if fast else yaml.Loader
    try:
        # what yaml.parse gives, without a step of Python for each event; None comes at the end
        return builder.document(iter(loader(text).get_event, None))
    except yaml.YAMLError as error:
        findings.add(
            file=file,
            line=_line_of(error),
            rule="yaml.syntax",
            problem=f"YAML cannot read this: {_problem_of(error)}",
            remedy=_ESCAPE
            if "escape" in _problem_of(error)
            else f"check the indentation (spaces, no tabs), and {_QUOTE}",
        )
    except _StopError:
        return None
    return None


def dump_yaml(value: object) -> str:
    """Write texts, lists and tables so that reading them back gives the same."""
    return yaml.dump(
        value, Dumper=_PlainDumper, allow_unicode=True, sort_keys=False, width=1_000_000
    )


class _PlainDumper(yaml.SafeDumper):
    """Writes no anchors, and quotes every text, so that other YAML readers agree with ours."""

    def ignore_aliases(self, data: object) -> bool:
        """Write a value again rather than refer to it."""
        return data is data  # noqa: PLR0124 - always; the argument must be used

    def represent_mapping(
        self,
        tag: str,
        mapping: object,
        flow_style: bool | None = None,  # noqa: FBT001 - as PyYAML has it
    ) -> yaml.MappingNode:
        """Leave keys bare as people write them, but for those that YAML 1.1 reads as yes or no."""
        node = super().represent_mapping(tag, mapping, flow_style)  # type: ignore[arg-type]
        for key, _ in node.value:
            if _BARE_KEY.fullmatch(key.value):
                key.style = None
        return node


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"')


_PlainDumper.add_representer(str, _represent_text)


class _Builder:
    """Turns parser events into nodes and refuses what has no place in a workspace."""

    def __init__(self, *, file: str, findings: Findings, known_odd: frozenset[str]) -> None:
        self.file = file
        self.findings = findings
        self.known_odd = known_odd
        self.faults = 0
        self.values = 0

    def document(self, events: Iterator[yaml.Event]) -> Node | None:
        """Give the one document of a file."""
        node: Node | None = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if event.version or event.tags:
                    self.refuse(event, "directive", "a % directive", "delete the line")
                if documents > 1:
                    self.refuse(event, "documents", "a second document", "split the file")
                    break
            elif isinstance(event, yaml.NodeEvent):
                node = self.node(event, events, 1)
        if node is None or (isinstance(node, Text) and not node.value.strip()):
            self.findings.add(
                file=self.file,
                line=0,
                rule="yaml.empty",
                problem="the file is empty",
                remedy="fill it in, or delete it",
            )
            return None
        return node

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        """Give the node that an event begins, taking its events with it."""
        mark = event.start_mark
        line = 0 if mark is None else mark.line + 1
        self.values += 1
        if (
            type(event) is _SCALAR
            and event.anchor is None
            and event.tag is None
            and depth <= MAX_DEPTH
            and self.values <= MAX_VALUES
        ):
            value: str = event.value
            if value.isascii() and value.isprintable():
                return Text(value, line)  # most are
            return self.text(event, line)
        if depth > MAX_DEPTH:
            self.refuse(event, "depth", f"a value {MAX_DEPTH} levels deep", "write it flatter")
            raise _StopError
        if self.values > MAX_VALUES:
            self.refuse(event, "length", f"value number {MAX_VALUES}", "split the file")
            raise _StopError
        if isinstance(event, yaml.AliasEvent):
            self.refuse(
                event, "alias", f"a reference (*{shown(event.anchor or '')})", "write the value out"
            )
            return Refused(line)
        refused = self.refused_marks(event)
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = self.text(event, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self.items(events, line, depth)
        else:
            node = self.table(events, line, depth)
        return Refused(line) if refused else node

    def refused_marks(self, event: yaml.Event) -> bool:
        """Report an anchor or a tag; tells whether there was one."""
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            self.refuse(event, "anchor", f"an anchor (&{shown(anchor)})", "delete it, or quote it")
            return True
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.refuse(
                event, "tag", f"a tag ({shown(tag)})", "delete it, or put the text in quotes"
            )
            return True
        return False

    def text(self, event: yaml.ScalarEvent, line: int) -> Text:
        """Give a value; odd characters that only an escape made are reported here."""
        value: str = event.value
        if value.isascii() and value.isprintable():
            return Text(value, line)
        for character in sorted(odd_characters(value) - self.known_odd):
            report_character(character, file=self.file, line=line, findings=self.findings)
            value = value.replace(character, "")
        return Text(value, line)

    def items(self, events: Iterator[yaml.Event], line: int, depth: int) -> Items:
        """Give a list."""
        found: list[Node] = []
        for event in events:
            if type(event) is _SEQUENCE_END:
                break
            found.append(self.node(event, events, depth + 1))
        return Items(tuple(found), line)

    def table(self, events: Iterator[yaml.Event], line: int, depth: int) -> Table:
        """Give keys and values; a key that is no text or comes twice is reported."""
        entries: dict[str, Node] = {}
        key_lines: dict[str, int] = {}
        inner = depth + 1
        for event in events:
            if type(event) is _MAPPING_END:
                break
            key = self.node(event, events, inner)
            value = self.node(next(events), events, inner)
            if type(key) is not Text:
                if not isinstance(key, Refused):
                    self.refuse(event, "key", "a key that is a list or table", _QUOTE)
            elif key.value in entries:
                first = key_lines[key.value]
                self.refuse(
                    event,
                    "duplicate-key",
                    f"the key {shown(key.value)} a second time (first in line {first})",
                    "keep one of the two",
                )
            else:
                entries[key.value] = value
                key_lines[key.value] = key.line
        return Table(entries, key_lines, line)

    def refuse(self, event: yaml.Event, rule: str, what: str, remedy: str) -> None:
        """Report something that a workspace file may not hold."""
        self.findings.add(
            file=self.file,
            line=_line_of_event(event),
            rule=f"yaml.{rule}",
            problem=f"this is {what}, which is not taken here",
            remedy=remedy,
        )
        self.faults += 1
        if self.faults >= MAX_FAULTS:
            raise _StopError


def _line_of_event(event: yaml.Event) -> int:
    return 0 if event.start_mark is None else event.start_mark.line + 1


def _line_of(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return 0 if mark is None else int(mark.line) + 1


def _problem_of(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
