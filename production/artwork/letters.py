"""Which letters our fonts hold and how wide they are: read from the font files themselves.

OpenType 1.9: the tables cmap (formats 4 and 12), head, hhea, hmtx. A letter that no font holds is
drawn as an empty box by whatever draws it, so that it must be known before.
"""

import struct
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Kinds of signs that leave no mark: spaces, joiners, signs of direction."""
_SELECTORS = range(0xFE00, 0xFE10)


def read_advances(path: Path) -> dict[int, float]:
    """Give how far each letter of a font moves on, by code point, in parts of the font size.

    Raises:
        OSError: it cannot be read.
        ValueError: it has no table of letters of format 4 or 12.
    """
    data = path.read_bytes()
    tables = {}
    (count,) = struct.unpack_from(">H", data, 4)
    for number in range(count):
        name, _, at, length = struct.unpack_from(">4sIII", data, 12 + 16 * number)
        tables[name] = data[at : at + length]
    (units,) = struct.unpack_from(">H", tables[b"head"], 18)
    (longest,) = struct.unpack_from(">H", tables[b"hhea"], 34)
    widths = struct.unpack_from(">" + "Hh" * longest, tables[b"hmtx"])[::2]
    return {
        code: widths[min(glyph, longest - 1)] / units
        for code, glyph in _letters(tables[b"cmap"])
        if glyph
    }


def _letters(table: bytes) -> Iterator[tuple[int, int]]:
    """Give code point and glyph of the best subtable."""
    (count,) = struct.unpack_from(">H", table, 2)
    found = {}
    for number in range(count):
        platform, encoding, at = struct.unpack_from(">HHI", table, 4 + 8 * number)
        (form,) = struct.unpack_from(">H", table, at)
        # Windows or Unicode: the same code points (OpenType, cmap: platforms 0 and 3).
        if (platform == 0 or (platform, encoding) in {(3, 1), (3, 10)}) and form in {4, 12}:
            found[form] = table[at:]
    if 12 in found:
        return _groups(found[12])
    if 4 in found:
        return _segments(found[4])
    raise ValueError("the font has no table of letters of format 4 or 12")


def _groups(table: bytes) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", table, 12)
    for number in range(count):
        first, last, glyph = struct.unpack_from(">III", table, 16 + 12 * number)
        yield from zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True)


def _segments(table: bytes) -> Iterator[tuple[int, int]]:
    (doubled,) = struct.unpack_from(">H", table, 6)
    count = doubled // 2
    figures = struct.unpack_from(f">{count}Hxx{count}H{count}h{count}H", table, 14)
    for number in range(count):
        last, first, shift, offset = figures[number::count]
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offset:
                at = 16 + 6 * count + 2 * number + offset + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", table, at)
                if glyph == 0:
                    continue
            yield code, (glyph + shift) & 0xFFFF


class Letters:
    """What several fonts hold together."""

    def __init__(self, fonts: Sequence[Path]) -> None:
        """Read fonts; the first that holds a letter draws it."""
        self._advances: dict[int, float] = {}
        for path in reversed(fonts):
            self._advances |= read_advances(path)

    def missing(self, text: str) -> str:
        """Give the letters of a text that no font holds, once each, in order; empty for none."""
        return "".join(
            letter
            for letter in dict.fromkeys(text)
            if ord(letter) not in self._advances and not _is_unseen(letter)
        )

    def width(self, text: str) -> float:
        """Give how wide a text is at most, in parts of the font size.

        Every letter counts as it stands alone: where letters join or stand in one sign, as in
        Arabic and in the scripts of India, the text is narrower.
        """
        return sum(self._advances.get(ord(c), 0.0) for c in text if not _is_mark(c))


def _is_unseen(letter: str) -> bool:
    return unicodedata.category(letter) in _UNSEEN or ord(letter) in _SELECTORS


@cache
def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in {"Mn", "Cf"}
