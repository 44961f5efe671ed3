"""A damaged ledger read as far as it is whole, and lost lines put back in their places."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from production.ledger.ledger import MERGING, raw_lines, whole_line

_KIND = re.compile(rb'"event":"([a-z-]{1,40})"')
_CHECKSUM = re.compile(rb',"sha256":"([0-9a-f]{64})"')
_LEAST_BYTES = 60
"""So much of a line is left at least where another is called like it."""
_MOST_FLIPPED = 16


class Found(StrEnum):
    """Whether a damaged line is known again."""

    AGAIN = "again"
    """By its checksum, or by all but a few bytes."""
    ALIKE = "alike"
    """It was cut before its checksum, and a line that begins so was missing."""
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedLine:
    """A line that was edited or cut."""

    number: int
    """From 1."""
    kind: str
    """The event that it told, as far as that can be read; else empty."""
    found: Found
    """Whether what it said stands elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """What is left of a ledger."""

    lines: tuple[bytes, ...]
    """Whole ones, without their ends, in order."""
    damaged: tuple[tuple[int, bytes], ...]
    """Number and bytes of every other line, also of marks that a merge left."""

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing is damaged."""
        return not self.damaged


def salvage(path: Path) -> Salvaged:
    """Read a ledger, whatever is wrong with some of its lines; nothing where there is none.

    Raises:
        ProductionError: the disk refuses.
    """
    whole: list[bytes] = []
    damaged: list[tuple[int, bytes]] = []
    for number, line in raw_lines(path):
        found = whole_line(line)
        if found is None:
            damaged.append((number, line))
        else:
            whole.append(found)
    return Salvaged(lines=tuple(whole), damaged=tuple(damaged))


def known_again(salvaged: Salvaged, lines: Sequence[bytes]) -> list[DamagedLine]:
    """Say of each damaged line whether it is one of ``lines``; not of the marks of a merge.

    Args:
        salvaged: the ledger.
        lines: whole ones from elsewhere, without their ends.
    """
    others = [*lines, *salvaged.lines]
    missing = [line for line in lines if line not in set(salvaged.lines)]
    return [
        DamagedLine(number=number, kind=_kind(line), found=_find(line, others, missing))
        for number, line in salvaged.damaged
        if not line.startswith(MERGING)
    ]


def _find(line: bytes, others: Sequence[bytes], missing: Sequence[bytes]) -> Found:
    if any(_is_rest_of(line, other) for other in others):
        return Found.AGAIN
    if len(line) >= _LEAST_BYTES and any(other.startswith(line) for other in missing):
        return Found.ALIKE
    return Found.NOT


def _kind(line: bytes) -> str:
    found = _KIND.search(line)
    return found[1].decode("ascii") if found else ""


def _is_rest_of(line: bytes, whole: bytes) -> bool:
    """Tell whether a line was this one: it has its checksum, or a few other bytes."""
    told, own = _CHECKSUM.findall(line), _CHECKSUM.findall(whole)
    if told and own and told[-1] == own[-1]:
        return True
    # Lines that say other things differ in their checksums at least.
    return len(line) == len(whole) and _differing(line, whole) <= _MOST_FLIPPED


def _differing(line: bytes, other: bytes) -> int:
    return sum(one != two for one, two in zip(line, other, strict=True))


def woven(held: Sequence[bytes], told: Sequence[bytes]) -> list[bytes]:
    """Give all lines of two ledgers once, each new one behind what came before it where it stood.

    Whatever ``held`` holds stays, in its order; of two changes in one second the later line holds.

    Args:
        held: lines of the one.
        told: lines of the other.
    """
    own = set(held)
    behind: dict[bytes | None, list[bytes]] = {}
    before: bytes | None = None
    for line in dict.fromkeys(told):
        if line in own:
            before = line
        else:
            behind.setdefault(before, []).append(line)
    # What comes last there comes last here, so that most often lines are only added.
    last = behind.pop(before, [])
    first = next((line for line in told if line in own), None)
    return [*_put_in(held, behind, first), *last]


def _put_in(
    held: Sequence[bytes], behind: dict[bytes | None, list[bytes]], first: bytes | None
) -> Iterator[bytes]:
    """Give the lines with the new ones: before the first that both hold, or behind their own."""
    for line in held:
        if line == first:
            yield from behind.pop(None, ())
        yield line
        yield from behind.pop(line, ())
