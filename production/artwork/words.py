"""Words in a drawing: broken into lines and made as large as their room lets them be."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from feeds.cue_words import split_parts
from feeds.direction import isolate_numbers
from production.artwork.drawing import EAST_FAMILIES, FAMILY, letters
from production.artwork.wanted import NO_LANGUAGE
from programme.languages import language
from programme.units import LanguageTag

_LINE = 1.28
"""Height of a line in font sizes: what stands over and under letters of every script."""
_BASE = 0.97
"""Where the letters stand, from the top of a line, in font sizes."""
_MOST_LINES = 4
_SMALLEST = 0.45
"""Of the largest size: a text that would be smaller is cut."""
_SPREAD = 1.03
"""Letters may stand a little wider than they are counted, where a font moves pairs apart."""
_SHAPERS = "\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069"
"""Signs that are not seen and that shape or order letters."""
_RLI, _PDI = "\u2067", "\u2069"

Parts = Sequence[tuple[str, bool]]
"""What no line parts, each with whether a space stands before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Where some lines of words stand, in pixels; they stand in its middle."""

    left: float
    top: float
    width: float
    height: float
    largest: float
    """Font size."""


def language_words(tag: LanguageTag) -> tuple[str, str, str]:
    """Give a language's own name, what is said of its region, and letters without a font.

    A name that cannot be drawn becomes the tag in Latin letters. All are empty for ``mul``.

    Raises:
        KeyError: the language is not listed in languages.toml.
    """
    if tag == NO_LANGUAGE:
        return "", "", ""
    known, base = language(tag), language(tag.partition("-")[0])
    name, rest = known.endonym, ""
    if name != base.endonym and name.startswith(base.endonym):
        name, rest = base.endonym, name.removeprefix(base.endonym).strip(" ()")
    lost = letters().missing(name + rest)
    return (tag.upper(), "", lost) if lost else (name, rest, "")


def drawable(text: str) -> str:
    """Leave out what is not shown and XML cannot hold; white space becomes one space."""
    kept = (c for c in " ".join(text.split()) if c.isprintable() or c in _SHAPERS)
    return unicodedata.normalize("NFC", "".join(kept))


def draw_words(text: str, tag: LanguageTag, room: Room, colour: str) -> Iterator[str]:
    """Draw words in as many lines as let them be largest.

    Args:
        text: see ``drawable``.
        tag: gives direction and the form of shared signs.
        room: where they stand.
        colour: as ``#rrggbb``.
    """
    lines, size = fit(text, room)
    top = room.top + (room.height - size * _LINE * len(lines)) / 2
    known = None if tag == NO_LANGUAGE else language(tag)
    family = EAST_FAMILIES.get(known.script) if known else None
    named = f' font-family="{FAMILY}, {family}"' if family else ""
    for number, line in enumerate(lines):
        rtl = known is not None and known.rtl
        shown = f"{_RLI}{isolate_numbers(line, rtl=rtl)}{_PDI}" if rtl else line
        y = top + size * (_LINE * number + _BASE)
        yield (
            f'<text x="{room.left + room.width / 2:g}" y="{y:.1f}" font-size="{size:.1f}"'
            f' text-anchor="middle" fill="{colour}"{named}>{escape(shown)}</text>'
        )


def fit(text: str, room: Room) -> tuple[list[str], float]:
    """Give the lines of a text and the font size at which they fill their room.

    A text that would be much too small is cut behind a word, and says so by three dots.
    """
    parts = [(part.text, part.is_spaced) for part in split_parts(text, (), longest=40)]
    if not parts:
        return [], room.largest
    while True:
        tried = (_set(parts, count, room) for count in range(1, _MOST_LINES + 1))
        lines, size = max(tried, key=lambda found: found[1])
        if size >= room.largest * _SMALLEST or len(parts) == 1:
            return lines, size
        parts.pop()
        last, is_spaced = parts[-1]
        parts[-1] = (re.sub(r"[\s,;:.…–—-]+\Z", "", last) + "…", is_spaced)


def _set(parts: Parts, count: int, room: Room) -> tuple[list[str], float]:
    """Break a text into at most so many lines of much the same width."""
    width = letters().width
    share = width(_joined(parts)) / count
    lines: list[list[tuple[str, bool]]] = [[]]
    for part in parts:
        half = width(part[0]) / 2
        is_over = width(_joined([*lines[-1], part])) - half > share
        if lines[-1] and is_over and len(lines) < count:
            lines.append([])
        lines[-1].append(part)
    shown = [_joined(line) for line in lines]
    widest = max(width(line) for line in shown) or 1.0
    fits = (room.width / (widest * _SPREAD), room.height / (_LINE * len(shown)))
    return shown, min(room.largest, *fits)


def _joined(parts: Parts) -> str:
    return "".join((" " if spaced else "") + text for text, spaced in parts).strip()
