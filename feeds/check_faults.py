"""Faults while a feed is looked through, and findings of them: in order, bounded, with lines."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeAlias

from feeds.feed_rules import finding
from programme.findings import Finding

MOST_OF_A_RULE = 50
"""Findings of one rule in one file; what is beyond is counted. A feed of ten thousand items may
have each fault ten thousand times, and nobody reads that."""
MOST_QUOTED = 80
"""Characters of a stranger's text in a message."""

Element: TypeAlias = Any
"""An element of lxml, whose stubs do not know its line, prefix and document."""
Place: TypeAlias = Any
"""An element of lxml, or a line as a number; 0 for the file as a whole."""
Fault: TypeAlias = tuple[str, Place, str]
"""Rule, place, and what is wrong."""
Faults: TypeAlias = list[Fault]

_MOST_LINES = 40
"""Lines of one start tag."""
_START = re.compile(rb"<(?![/!?])")


def quoted(text: str) -> str:
    """Give a stranger's text for a message: in ASCII, bounded, with quotes."""
    return ascii(text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED]}...")


def findings(faults: Sequence[Fault], *, file: str, data: bytes = b"") -> list[Finding]:
    """Give findings by line; of each rule at most ``MOST_OF_A_RULE`` and a count of the rest.

    Args:
        faults: in any order.
        file: what they are called by.
        data: the file, to find where an element begins; empty where lines are numbers.
    """
    lines = _Lines(data)
    # Only what is told is looked for in the text: a hostile feed has a million faults.
    ends = sorted(((_end(place), rule, said, n) for n, (rule, place, said) in enumerate(faults)))
    places = [place for _, place, _ in faults]
    told: Counter[str] = Counter()
    found = []
    for _, rule, said, number in ends:
        told[rule] += 1
        if told[rule] <= MOST_OF_A_RULE:
            line = lines.of(places[number])
            found.append(finding(rule, file=file, line=line, problem=said))
    for rule, count in sorted(told.items()):
        if count > MOST_OF_A_RULE:
            said = f"{count - MOST_OF_A_RULE} more of this rule are not shown"
            found.append(finding(rule, file=file, line=0, problem=said))
    return sorted(found, key=lambda one: (one.line, one.rule, one.problem))


def _end(place: Place) -> int:
    """Give the line on which an element's first tag ends."""
    return place if isinstance(place, int) else int(place.sourceline or 0)


class _Lines:
    """Finds the line on which an element begins; the parser knows where its first tag ends."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._rows: list[bytes] | None = None
        self._known: dict[tuple[int, bytes], int] = {}

    def of(self, place: Place) -> int:
        end = _end(place)
        if isinstance(place, int) or not self._data or end < 1:
            return end
        name = place.tag.rpartition("}")[2].encode("utf-8")
        known = self._known.get((end, name))
        if known is None:
            known = self._known[end, name] = self._look(end, name)
        return known

    def _look(self, end: int, name: bytes) -> int:
        if self._rows is None:
            self._rows = self._data.split(b"\n")
        head = re.compile(rb"<(?:[^\s<>/:]+:)?" + re.escape(name) + rb"(?=[\s/>]|$)")
        for line in range(min(end, len(self._rows)), max(end - _MOST_LINES, 0), -1):
            row = self._rows[line - 1]
            if head.search(row):
                return line
            if line < end and _START.search(row):
                break
        return end
