"""Keeps numbers and lines readable where a script runs from right to left.

Players lay each line of a caption out by its first strong letter (W3C WebVTT, section 7.3;
Unicode UAX #9, P2). Two things go wrong without help: an Arabic line that begins with a Latin
name is laid out backwards, and the groups of ``800 123 456`` come out as ``456 123 800``,
which is another telephone number. Scripts hold no direction marks; they are added here, and with
the numbers that placeholders became.

Isolates (Unicode 6.3) are right for browsers. Players of SRT are older: there a left-to-right mark
on either side of a number does the same by rules W2 and W7, and any that knows right-to-left
knows it.
"""

import re
import unicodedata

LRM, RLM, LRI, PDI = "\u200e", "\u200f", "\u2066", "\u2069"

_NUMBERS = re.compile(r"\+?\(?\d+(?:[\s().,:/\-\u2010-\u2015\u2212]+\d+)+|\+\d+")
_ISOLATE = re.compile(f"({LRI}[^{LRI}{PDI}]*{PDI})")
_HALVES = {ord(LRI): None, ord(PDI): None}
_HOURS = re.compile(r"\d{1,2}\s?[-\u2010-\u2015\u2212]\s?\d{1,2}\Z|\d+[.,:]\d+\Z")
"""Ranges of hours or days, which are read with the line, and what UAX #9 keeps in order itself."""


def isolate_numbers(text: str, *, rtl: bool) -> str:
    """Give text whose telephone numbers and dates keep their order in a right-to-left line."""
    if not rtl:
        return text
    # What a placeholder isolated already stays as it is; in pieces of a line it may be half.
    parts = _ISOLATE.split(text)
    parts[::2] = [_NUMBERS.sub(_isolated, part.translate(_HALVES)) for part in parts[::2]]
    return "".join(parts)


def directed(line: str, *, rtl: bool) -> str:
    """Give a line that is laid out in its language's direction, whatever it begins with."""
    line = isolate_numbers(line, rtl=rtl)
    first = _first_strong(line)
    if rtl and first != "R":
        return RLM + line
    if not rtl and first == "R":
        return LRM + line
    return line


def marked(line: str, *, rtl: bool) -> str:
    """Give the same line as ``directed`` for players that know marks but no isolates."""
    return directed(line, rtl=rtl).replace(LRI, LRM).replace(PDI, LRM) if rtl else line


def _isolated(match: re.Match[str]) -> str:
    run = match.group()
    return run if _HOURS.match(run) else f"{LRI}{run}{PDI}"


def _first_strong(line: str) -> str:
    """Give ``L`` or ``R`` for the first strong letter outside isolates; empty for none."""
    depth = 0
    for letter in line:
        kind = unicodedata.bidirectional(letter)
        if kind == "LRI":
            depth += 1
        elif kind == "PDI":
            depth -= 1
        elif depth == 0 and kind in {"L", "R", "AL"}:
            return "L" if kind == "L" else "R"
    return ""
