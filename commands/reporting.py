"""Findings as a good compiler shows them: the place, the line, the words marked, what to write."""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from programme.findings import Finding, Findings
    from scripts.rule_catalogue import Rule

_LONGEST = 2000
"""Letters of a line that are shown."""
_SHOWN = 100
"""Characters in a row of the report; a longer line takes several."""
_BELOW, _LATER = "    ", "      "
_MOST_BYTES = 1_000_000
_UNSEEN = ("private/",)
"""What is under these is never quoted: it is about people."""


def report_lines(
    findings: "Findings",
    *,
    root: Path | None,
    infos: bool,
    room: int = 0,
    known: "Mapping[str, Rule] | None" = None,
) -> Iterator[str]:
    """Give the lines of a report.

    Args:
        findings: what was found.
        root: the workspace, to quote lines from; None quotes none.
        infos: whether hints and silenced findings are shown too.
        room: the characters of a line of the terminal; 0 breaks no sentence.
        known: rules whose sources are named; None for those of scripts.
    """
    from commands.columns import wrapped_lines
    from scripts.rule_catalogue import rules

    catalogue = rules() if known is None else known
    told: set[str] = set()
    shown = [f for f in findings if infos or not (f.severity == "info" or f.allowed)]
    problems: dict[str, list[str]] = {}
    for finding in shown:
        problems.setdefault(finding.place, []).append(finding.problem)
    for finding in shown:
        weight = f"{finding.severity}, silenced" if finding.allowed else finding.severity
        head = f"{finding.place}: {weight}: {finding.problem}"
        yield from wrapped_lines(head, room=room, later=_LATER)
        if root is not None and finding.line:
            # a line is quoted once, with the words of all its findings marked
            yield from _quote(finding, root, problems.pop(finding.place, []), room)
        for text in _below(finding, catalogue, told):
            yield from wrapped_lines(text, room=room, indent=_BELOW, later=_LATER)


def _below(finding: "Finding", known: "Mapping[str, Rule]", told: set[str]) -> Iterator[str]:
    """Say what to do; and who says so, once for each rule in a report."""
    name = finding.rule
    if finding.allowed:
        yield f"allowed: {finding.allowed} [{name}]"
        return
    yield f"{finding.remedy} [{name}]"
    if name in known and name not in told:
        told.add(name)
        yield f"source: {known[name].source}"


def _quote(finding: "Finding", root: Path, problems: list[str], room: int) -> Iterator[str]:
    if not problems:
        return
    lines = () if finding.file.startswith(_UNSEEN) else _lines(root / finding.file)
    if finding.line > len(lines):
        return
    line = lines[finding.line - 1].strip()
    if not line:
        return
    if len(line) > _LONGEST:  # a feed, or what is none, may be one line of megabytes
        line = f"{line[:_LONGEST]}…"
    marked = _marked(line, problems)
    at, head = 0, f"{finding.line:>6} | "
    for row in _rows(line, min(_SHOWN, max(room - len(head), 40)) if room else _SHOWN):
        yield (head + row).rstrip()
        marks = _underline(row, marked[at : at + len(row)])
        if marks:
            yield "       | " + marks
        at, head = at + len(row), "       | "


def _rows(line: str, most: int) -> Iterator[str]:
    """Break a line at spaces, which stay, so that nothing of it is hidden."""
    while len(line) > most:
        at = line.rfind(" ", 0, most) + 1 or most
        yield line[:at]
        line = line[at:]
    yield line


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


def _marked(line: str, problems: list[str]) -> list[bool]:
    """Tell which characters of a line stand in words that problems quote."""
    marked = [False] * len(line)
    if any(unicodedata.bidirectional(char) in {"R", "AL"} for char in line):
        return marked  # a terminal draws the line from the other side
    folded = line.casefold()
    for problem in problems if len(folded) == len(line) else ():
        said = problem.partition("«")[2].partition("»")[0].rstrip("…")
        at = folded.find(said.casefold()) if said else -1
        if at >= 0 and len(said) < len(line):
            marked[at : at + len(said)] = [True] * len(said)
    return marked


def _underline(row: str, marked: list[bool]) -> str:
    drawn = (("~" if mark else " ") * _width(char) for char, mark in zip(row, marked, strict=True))
    return "".join(drawn).rstrip()


def _width(text: str) -> int:
    """Give the columns that a text takes on a terminal (Unicode UAX 11 and combining marks)."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
