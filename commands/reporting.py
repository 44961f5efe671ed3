"""Findings as a good compiler shows them: the place, the line, the words marked, what to write."""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from programme.findings import Finding, Findings
    from scripts.rule_catalogue import Rule

_SHOWN = 100
"""Characters of a line that are shown; longer ones are cut at the end."""
_MOST_BYTES = 1_000_000
_UNSEEN = ("private/",)
"""What is under these is never quoted: it is about people."""


def report_lines(findings: "Findings", *, root: Path | None, infos: bool) -> Iterator[str]:
    """Give the lines of a report.

    Args:
        findings: what was found.
        root: the workspace, to quote lines from; None quotes none.
        infos: whether hints and silenced findings are shown too.
    """
    from scripts.rule_catalogue import rules

    told: set[str] = set()
    for finding in findings:
        if not infos and (finding.severity == "info" or finding.allowed):
            continue
        weight = f"{finding.severity}, silenced" if finding.allowed else finding.severity
        yield f"{finding.place}: {weight}: {finding.problem}"
        if root is not None and finding.line:
            yield from _quote(finding, root)
        if finding.allowed:
            yield f"    allowed: {finding.allowed} [{finding.rule}]"
            continue
        yield f"    {finding.remedy} [{finding.rule}]{_source(finding.rule, rules(), told)}"


def _source(name: str, known: "Mapping[str, Rule]", told: set[str]) -> str:
    """Name the source of a rule once in a report."""
    if name in told or name not in known:
        return ""
    told.add(name)
    return f"\n    source: {known[name].source}"


def _quote(finding: "Finding", root: Path) -> Iterator[str]:
    lines = () if finding.file.startswith(_UNSEEN) else _lines(root / finding.file)
    if finding.line > len(lines):
        return
    line = lines[finding.line - 1].strip()
    if not line:
        return
    gutter = f"{finding.line:>6} | "
    yield gutter + (line if len(line) <= _SHOWN else line[:_SHOWN] + "…")
    marks = _marks(line[:_SHOWN], finding.problem)
    if marks:
        yield " " * (len(gutter) - 2) + "| " + marks


@lru_cache(maxsize=8)
def _lines(path: Path) -> tuple[str, ...]:
    """Give a file's lines with nothing that a terminal would obey; none where it is unreadable."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES)
    except OSError:
        return ()
    text = data.decode("utf-8", "replace")
    return tuple(_harmless(line) for line in text.split("\n"))


def _harmless(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(
        char if char.isprintable() else " " if char in "\t\r\u00a0" else f"\\u{ord(char):04x}"
        for char in line
    )


def _marks(line: str, problem: str) -> str:
    """Give marks under the words that the problem quotes; empty where they cannot be placed."""
    said = problem.partition("«")[2].partition("»")[0]
    at = line.casefold().find(said.casefold()) if said else -1
    if at < 0 or len(line.casefold()) != len(line):
        return ""
    before, words = line[:at], line[at : at + len(said)]
    if any(unicodedata.bidirectional(char) in {"R", "AL"} for char in line):
        return ""  # a terminal draws the line from the other side
    return " " * _width(before) + "~" * max(1, _width(words))


def _width(text: str) -> int:
    """Give the columns that a text takes on a terminal (Unicode UAX 11 and combining marks)."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
