"""Follows a file of differences in VCDIFF: the old file and the differences give the new one.

The differences may come from a stranger. No window is larger than ``MAX_WINDOW``, no more is made
than the caller says, nothing outside the old file and what was made already is ever read, and the
work grows with the length of the differences and of what they make.
"""

import zlib
from dataclasses import dataclass
from typing import BinaryIO

from stations.vcdiff import (
    CODE_TABLE,
    FROM_SOURCE,
    FROM_TARGET,
    HAS_ADLER32,
    HAS_APPLICATION_HEADER,
    HAS_CODE_TABLE,
    HAS_COMPRESSOR,
    MAGIC,
    MAX_WINDOW,
    NEAR,
    AddressCache,
    Damage,
    Instruction,
    Kind,
    VcdiffError,
)

_INTEGER_BYTES = 9
"""Of an integer: 63 bits, more than any file has."""

_MAX_APPLICATION_HEADER = 1 << 16
"""xdelta3 writes two file names there."""


def decode(old: BinaryIO, delta: BinaryIO, new: BinaryIO, *, max_bytes: int) -> int:
    """Write the new file.

    Args:
        old: the old file, open to read at any place.
        delta: the differences.
        new: where the new file goes, empty and open to write and read (``w+b``).
        max_bytes: what it may make at most.

    Returns:
        How many bytes the new file has.

    Raises:
        VcdiffError: the differences must not be followed; what was written is worth nothing.
        OSError: the disk refuses.
    """
    old_bytes = old.seek(0, 2)
    _read_header(delta)
    made = number = 0
    while first := delta.read(1):
        number += 1
        try:
            window = _read_window(delta, first[0], old_bytes, made, max_bytes - made)
            data = _make_window(window, new if window.from_target else old)
        except VcdiffError as error:
            raise VcdiffError(error.damage, window=number) from error
        new.seek(made)
        new.write(data)
        made += len(data)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """One window (4.2, 4.3), its lengths held against each other."""

    from_target: bool
    segment_at: int
    segment_bytes: int
    target_bytes: int
    checksum: int | None
    data: bytes
    codes: bytes
    addresses: bytes


def _read_header(delta: BinaryIO) -> None:
    if _take(delta, len(MAGIC)) != MAGIC:
        raise VcdiffError(Damage.NOT_VCDIFF)
    flags = _take(delta, 1)[0]
    if flags & (HAS_COMPRESSOR | HAS_CODE_TABLE) or flags & ~7:
        raise VcdiffError(Damage.UNKNOWN)
    if flags & HAS_APPLICATION_HEADER:
        _take(delta, _read_integer(delta, most=_MAX_APPLICATION_HEADER))


def _read_window(delta: BinaryIO, flags: int, old_bytes: int, made: int, may_make: int) -> _Window:
    if flags & ~7 or flags & (FROM_SOURCE | FROM_TARGET) == FROM_SOURCE | FROM_TARGET:
        raise VcdiffError(Damage.UNKNOWN)
    from_target = bool(flags & FROM_TARGET)
    size = at = 0
    if flags & (FROM_SOURCE | FROM_TARGET):
        there = made if from_target else old_bytes
        size = _read_integer(delta, most=there, damage=Damage.OVERRUN)
        at = _read_integer(delta, most=there - size, damage=Damage.OVERRUN)
    most = 4 * MAX_WINDOW  # codes, sizes and addresses of a window that is all short copies
    length = _read_integer(delta, most=most)
    body = _Reader(_take(delta, length))
    target = body.integer(most=min(MAX_WINDOW, may_make))
    if body.byte():
        raise VcdiffError(Damage.UNKNOWN)  # a part is compressed once more
    sizes = [body.integer(most=most) for _ in range(3)]
    checksum = int.from_bytes(body.take(4), "big") if flags & HAS_ADLER32 else None
    data, codes, addresses = (body.take(one) for one in sizes)
    if body.rest:
        raise VcdiffError(Damage.MISFIT)
    return _Window(
        from_target=from_target,
        segment_at=at,
        segment_bytes=size,
        target_bytes=target,
        checksum=checksum,
        data=data,
        codes=codes,
        addresses=addresses,
    )


def _make_window(window: _Window, origin: BinaryIO) -> bytearray:
    maker = _Maker(window, origin)
    while maker.codes.rest:
        for one in CODE_TABLE[maker.codes.byte()]:
            maker.follow(one)
    made = maker.made
    if len(made) != window.target_bytes or maker.data.rest or maker.addresses.rest:
        raise VcdiffError(Damage.MISFIT)
    if window.checksum is not None and zlib.adler32(made) != window.checksum:
        raise VcdiffError(Damage.CHECKSUM)
    return made


class _Maker:
    """Follows the instructions of one window."""

    def __init__(self, window: _Window, origin: BinaryIO) -> None:
        self.made = bytearray()
        self.data = _Reader(window.data)
        self.codes = _Reader(window.codes)
        self.addresses = _Reader(window.addresses)
        self._window = window
        self._origin = origin
        self._cache = AddressCache()

    def follow(self, one: Instruction) -> None:
        """Do what an instruction says."""
        left = self._window.target_bytes - len(self.made)
        size = one.size or self.codes.integer(most=left)
        if size > left:
            raise VcdiffError(Damage.TOO_LARGE)
        if not size:
            # It would make nothing, as often as somebody likes.
            raise VcdiffError(Damage.MISFIT)
        if one.kind is Kind.ADD:
            self.made += self.data.take(size)
        elif one.kind is Kind.RUN:
            self.made += self.data.take(1) * size
        else:
            self._copy(self._address(one.mode), size)

    def _address(self, mode: int) -> int:
        """Read an address in one of the nine ways (5.3)."""
        here = self._window.segment_bytes + len(self.made)
        if mode >= NEAR + 2:
            address = self._cache.same[(mode - NEAR - 2) * 256 + self.addresses.byte()]
        else:
            value = self.addresses.integer()
            if mode == 0:
                address = value
            elif mode == 1:
                address = here - value
            else:
                address = self._cache.near[mode - 2] + value
        if not 0 <= address < here:
            raise VcdiffError(Damage.OVERRUN)
        self._cache.note(address)
        return address

    def _copy(self, address: int, size: int) -> None:
        window = self._window
        if address < window.segment_bytes:
            there = min(size, window.segment_bytes - address)
            self._origin.seek(window.segment_at + address)
            self.made += _take(self._origin, there)
            address, size = address + there, size - there
        at = address - window.segment_bytes
        if size:
            # A copy may run into what it makes itself: it then repeats.
            piece = self.made[at : at + size]
            self.made += (piece * -(-size // len(piece)))[:size]


class _Reader:
    """Reads a part of a window from its beginning on."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def rest(self) -> int:
        """How many bytes are left."""
        return len(self._data) - self._at

    def byte(self) -> int:
        """Take one byte."""
        if not self.rest:
            raise VcdiffError(Damage.TRUNCATED)
        self._at += 1
        return self._data[self._at - 1]

    def take(self, count: int) -> bytes:
        """Take some bytes."""
        if count > self.rest:
            raise VcdiffError(Damage.TRUNCATED)
        self._at += count
        return self._data[self._at - count : self._at]

    def integer(self, *, most: int = 1 << 62) -> int:
        """Take an integer in base 128."""
        value = 0
        for _ in range(_INTEGER_BYTES):
            byte = self.byte()
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                if value > most:
                    raise VcdiffError(Damage.TOO_LARGE)
                return value
        raise VcdiffError(Damage.TOO_LARGE)


def _read_integer(delta: BinaryIO, *, most: int, damage: Damage = Damage.TOO_LARGE) -> int:
    value = 0
    for _ in range(_INTEGER_BYTES):
        byte = _take(delta, 1)[0]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            if value > most:
                raise VcdiffError(damage)
            return value
    raise VcdiffError(Damage.TOO_LARGE)


def _take(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise VcdiffError(Damage.TRUNCATED)
    return data
