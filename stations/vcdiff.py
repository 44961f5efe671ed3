"""The words of VCDIFF (RFC 3284): what a file of differences is made of, and how it may fail.

Only the default code table and no secondary compression, which is what ``xdelta3 -S none``
writes; xdelta3's checksum of each window (Adler-32) is read, and is not in the RFC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

MAGIC = b"\xd6\xc3\xc4\x00"
"""'V', 'C', 'D' with the high bit set, and version 0 (4.1)."""

HAS_COMPRESSOR, HAS_CODE_TABLE, HAS_APPLICATION_HEADER = 0x01, 0x02, 0x04
"""Bits of the header's indicator (4.1); the third is xdelta3's own."""

FROM_SOURCE, FROM_TARGET, HAS_ADLER32 = 0x01, 0x02, 0x04
"""Bits of a window's indicator (4.2); the third is xdelta3's own."""

MAX_WINDOW = 1 << 24
"""Bytes of a window that are taken: 16 MiB, twice what xdelta3 writes unless it is told to."""

NEAR, SAME = 4, 3
"""Slots of the two address caches of the default code table (5.1)."""

_SAME_SLOTS = SAME * 256
_MODES = 2 + NEAR + SAME
"""Ways to write an address: as it is, from here back, and by the caches (5.3)."""


class Damage(Enum):
    """What is wrong with a file of differences."""

    NOT_VCDIFF = "it is no VCDIFF file"
    UNKNOWN = "it uses a part of VCDIFF that is not read here"
    TRUNCATED = "it ends too early"
    TOO_LARGE = "it makes more than it may"
    OVERRUN = "it points outside of what there is"
    MISFIT = "its parts do not fit each other"
    CHECKSUM = "what it makes is not what was meant: it is damaged, or the old file is another"


class VcdiffError(ValueError):
    """A file of differences that must not be followed.

    Attributes:
        damage: what is wrong.
        window: which window, counted from 1; 0 for the header.
    """

    def __init__(self, damage: Damage, *, window: int = 0) -> None:
        super().__init__(f"{damage.value} (window {window})")
        self.damage = damage
        self.window = window


class Kind(Enum):
    """What an instruction does."""

    ADD = 1
    RUN = 2
    COPY = 3


@dataclass(frozen=True, slots=True)
class Instruction:
    """Half of an entry of the code table (5.6)."""

    kind: Kind
    size: int
    """Bytes that it makes; 0 where the size stands behind the code."""
    mode: int = 0
    """How a COPY's address is written (5.3)."""


def _default_table() -> tuple[tuple[Instruction, ...], ...]:
    """Give the default code table in the order of RFC 3284, 5.6."""
    add, copy = Kind.ADD, Kind.COPY
    table: list[tuple[Instruction, ...]] = [(Instruction(Kind.RUN, 0),)]
    table += [(Instruction(add, size),) for size in range(18)]
    for mode in range(_MODES):
        table += [(Instruction(copy, size, mode),) for size in (0, *range(4, 19))]
    for mode in range(_MODES):
        most = 6 if mode < _MODES - SAME else 4
        table += [
            (Instruction(add, added), Instruction(copy, copied, mode))
            for added in range(1, 5)
            for copied in range(4, most + 1)
        ]
    table += [(Instruction(copy, 4, mode), Instruction(add, 1)) for mode in range(_MODES)]
    return tuple(table)


CODE_TABLE: Sequence[tuple[Instruction, ...]] = _default_table()
"""256 entries, each of one or two instructions."""


class AddressCache:
    """The addresses of the last copies, by which near and equal ones are written short (5.3)."""

    def __init__(self) -> None:
        self.near = [0] * NEAR
        self.same = [0] * _SAME_SLOTS
        self._slot = 0

    def note(self, address: int) -> None:
        """Remember the address of a copy."""
        self.near[self._slot] = address
        self._slot = (self._slot + 1) % NEAR
        self.same[address % _SAME_SLOTS] = address


def render_integer(value: int) -> bytes:
    """Write an integer in base 128, the highest digit first (2)."""
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(value & 0x7F | 0x80)
    return bytes(reversed(digits))
