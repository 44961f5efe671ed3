"""Text that cannot break its line, and numbers that keep their order in any script.

In a line of Arabic the groups of ``800 5533 000`` change places (Unicode UAX #9, rule N1), and
a listener dials another number. A no-break space between digits is a number separator (class
CS, rule W4) and keeps the groups in order even where isolates (U+2066, U+2069) are unknown.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from programme.wording import clock

_DIGIT = "0-9\u0660-\u0669\u06f0-\u06f9"
_NUMBER = re.compile(
    rf"(?<![A-Za-z_{_DIGIT}])"
    rf"(?:\+[{_DIGIT}]+|\([{_DIGIT}]+\)[ \u00a0-]?[{_DIGIT}]+|[{_DIGIT}]+)"
    rf"(?:[ \u00a0./:-][{_DIGIT}]+)*"
    rf"(?![A-Za-z_{_DIGIT}])"
)
"""Groups of digits with one separator between; ``110. 122`` is two numbers, ``v2a`` is none."""

_RANGE = re.compile(rf"[{_DIGIT}]{{1,2}}-[{_DIGIT}]{{1,2}}")
"""Hours or days from and to, which are read with the line, in its direction."""

_ISOLATED = re.compile("(\u2066[^\u2069]*\u2069)")

_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Controls, line and paragraph separators, halves of characters: categories Cc, Zl, Zp, Cs."""

_DROPPED = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
"""Overrides and isolates that a stranger's title could turn a line round with."""

_LEFT_TO_RIGHT, _END = "\u2066", "\u2069"
_MARKS = {"ltr": "\u200e", "rtl": "\u200f"}
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of text: a number with its separators, or what is between numbers."""

    text: str
    number: bool


def one_line(text: str) -> str:
    """Make one line of any text: no controls, no line breaks, no direction overrides."""
    return " ".join(_DROPPED.sub("", _BREAKS.sub(" ", text)).split())


def parts(text: str) -> tuple[Part, ...]:
    """Part numbers of two digits or more, such as telephone numbers and dates, from words."""
    found: list[Part] = []
    end = 0
    for match in _NUMBER.finditer(text):
        if sum(char.isdigit() for char in match[0]) < 2 or _RANGE.fullmatch(match[0]):
            continue
        if match.start() > end:
            found.append(Part(text=text[end : match.start()], number=False))
        found.append(Part(text=match[0], number=True))
        end = match.end()
    if end < len(text):
        found.append(Part(text=text[end:], number=False))
    return tuple(found)


def keep_numbers(text: str, direction: str) -> str:
    """Hold each number of a plain line together, and in its order where the line is ``rtl``."""
    return "".join(
        stretch if stretch.startswith(_LEFT_TO_RIGHT) else _keep(stretch, direction)
        for stretch in _ISOLATED.split(text)
    )


def _keep(text: str, direction: str) -> str:
    return "".join(
        isolate(part.text.replace(" ", "\u00a0"), direction)
        if part.number and not part.text.isdigit()
        else part.text
        for part in parts(text)
    )


def directed(line: str, direction: str) -> str:
    """Mark a line that would be laid out by a first letter of the other direction (P2, P3)."""
    ways = (_STRONG.get(unicodedata.bidirectional(char)) for char in _ISOLATED.sub("", line))
    first = next((way for way in ways if way), "ltr")
    return line if first == direction else _MARKS[direction] + line


def isolate(text: str, direction: str) -> str:
    """Mark a name, path or number in a right-to-left line as running from the left."""
    return f"{_LEFT_TO_RIGHT}{text}{_END}" if direction == "rtl" else text


def length(duration_ms: int) -> str:
    """Write a length to the nearest second, at least one."""
    return clock(max(1, (duration_ms + 500) // 1000))


def crlf(lines: Iterable[str], encoding: str = "utf-8") -> bytes:
    """Write lines as every editor of every system opens them: UTF-8, no BOM, CRLF.

    Raises:
        UnicodeEncodeError: another encoding was asked for, which has no such letter.
    """
    return "\r\n".join([*lines, ""]).encode(encoding)
