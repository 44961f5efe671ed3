"""The entries of a ZIP from a stranger: read once, strictly, so that every program reads the same.

Programs differ in what they make of a ZIP that says two things: some believe the list at its end,
some the header before each file, and some skip what stands before the first. Whoever makes use of
that shows the checker one file and the player another. So the list and the headers must agree, and
the entries must fill the ZIP from its first byte to its list without a gap or an overlap.
APPNOTE.TXT (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT), sections 4.3 and 4.4.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from stations.pack_verdicts import PackFault, RefusedPackError, truncated, unsafe

MAX_ENTRIES = 12_000
"""A pack has at most 99 folders of 99 tracks, and its papers."""
_MAX_LIST_BYTES = 1 << 24
MAX_BYTES = 4_294_967_295
"""A FAT disk takes no more in one file, nor a ZIP without its extension for large ones."""
MAX_RATIO = 200
"""How many times its packed length a member may have; sound has one, our papers thirty."""
_SMALL = 65_536

STORED, DEFLATED = 0, 8

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_DESCRIPTOR_MARK = b"PK\x07\x08"

_LATER, _UTF8 = 1 << 3, 1 << 11
_KNOWN_FLAGS = 0b110 | _LATER | _UTF8
"""Two that tell how hard it was packed, lengths that follow the data, names in UTF-8."""
_REFUSED_EXTRA = {0x0001: "has the extension for large files", 0x7075: "has a second name"}
_DIRECTORY = 0x10


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipEntry:
    """One file in a ZIP, as its list and its own header both say."""

    path: str
    method: int
    later: bool
    """Whether its lengths follow its data."""
    crc: int
    packed_bytes: int
    length_bytes: int
    offset: int
    """Of its header."""
    begins: int
    """Where its data begin."""

    @property
    def ends(self) -> int:
        """Where its data end."""
        return self.begins + self.packed_bytes


def read_entries(file: BinaryIO, size: int) -> tuple[ZipEntry, ...]:
    """Read the list of a ZIP and hold it against the header of each file.

    Args:
        file: the ZIP, open for reading.
        size: its length in bytes.

    Raises:
        RefusedPackError: it is cut off, or two programs could read it as two things.
    """
    count, listed, begins = _read_end(file, size)
    file.seek(begins)
    raw = file.read(listed)
    try:
        entries = [_with_header(file, entry) for entry in _entries(raw, count)]
    except (struct.error, UnicodeDecodeError) as error:
        raise RefusedPackError([unsafe("", "the list of the ZIP is damaged")]) from error
    _check_places(file, entries, begins)
    _check_lengths(entries)
    return tuple(one for one in entries if not one.path.endswith("/"))


def is_zip(file: BinaryIO, size: int) -> bool:
    """Tell whether a file means to be a ZIP, whatever is wrong with it."""
    file.seek(0)
    return file.read(2) == b"PK" or _END_MARK in _tail(file, size)


def _tail(file: BinaryIO, size: int) -> bytes:
    """Give the end of a file, as far as the end of a ZIP with a comment reaches."""
    file.seek(max(0, size - _END.size - 65_535))
    return file.read(_END.size + 65_535)


def _read_end(file: BinaryIO, size: int) -> tuple[int, int, int]:
    """Give how many entries are listed, the list's length and where it begins."""
    tail = _tail(file, size)
    place = tail.rfind(_END_MARK)
    if place < 0 or place > len(tail) - _END.size:
        raise RefusedPackError([truncated("", "the ZIP is cut off: its list of files is missing")])
    if place != len(tail) - _END.size:
        raise RefusedPackError([unsafe("", "something stands behind the end of the ZIP")])
    _, disk, first, here, count, listed, begins, comment = _END.unpack(tail[place:])
    if 0xFFFF in {disk, first, here, count} or 0xFFFFFFFF in {listed, begins}:
        raise RefusedPackError([unsafe("", "the ZIP has the extension for large files")])
    if disk or first or here != count or comment:
        raise RefusedPackError([unsafe("", "the ZIP is one of several, or has a comment")])
    if count > MAX_ENTRIES or listed > _MAX_LIST_BYTES:
        raise RefusedPackError([unsafe("", f"the ZIP lists {count} files")])
    if begins + listed != size - _END.size:
        raise RefusedPackError([unsafe("", "the ZIP's list does not lie where it says")])
    return count, listed, begins


def _entries(raw: bytes, count: int) -> Iterator[ZipEntry]:
    place = 0
    for _ in range(count):
        fields = _CENTRAL.unpack_from(raw, place)
        mark, made, _needs, flags, method, _time, _day, crc, packed, length = fields[:10]
        name_bytes, extra_bytes, comment, disk, _internal, attributes, offset = fields[10:]
        after = place + _CENTRAL.size
        name = raw[after : after + name_bytes]
        extra = raw[after + name_bytes : after + name_bytes + extra_bytes]
        place = after + name_bytes + extra_bytes + comment
        if mark != _CENTRAL_MARK or place > len(raw):
            raise RefusedPackError([unsafe("", "the list of the ZIP is damaged")])
        path = _name(name, flags)
        problem = (
            _extra_fault(extra)
            or _kind_fault(path, made >> 8, attributes)
            or _packing_fault(flags, method, packed, length)
            or ("has a comment, or lies on another disk" if comment or disk else "")
        )
        if problem:
            raise RefusedPackError([unsafe(path, f"this member {problem}")])
        yield ZipEntry(
            path=path,
            method=method,
            later=bool(flags & _LATER),
            crc=crc,
            packed_bytes=packed,
            length_bytes=length,
            offset=offset,
            begins=0,
        )
    if place != len(raw):
        raise RefusedPackError([unsafe("", "the ZIP lists more than it counts")])


def _name(raw: bytes, flags: int) -> str:
    if not flags & _UTF8 and not raw.isascii():
        problem = "a name is in an unknown alphabet, which programs read differently"
        raise RefusedPackError([unsafe(ascii(raw), problem)])
    return raw.decode("utf-8")


def _extra_fault(extra: bytes) -> str:
    place = 0
    while place < len(extra):
        if place + 4 > len(extra):
            return "has damaged notes"
        kind, length = struct.unpack_from("<HH", extra, place)
        if kind in _REFUSED_EXTRA:
            return _REFUSED_EXTRA[kind]
        place += 4 + length
    return "" if place == len(extra) else "has damaged notes"


def _kind_fault(path: str, system: int, attributes: int) -> str:
    """Say why an entry is no plain file or folder; the upper half holds a file's mode on Unix."""
    kind = attributes >> 28
    is_folder = path.endswith("/")
    if kind not in {0, 0o04 if is_folder else 0o10}:
        return "is a link, a device or another thing that is no file"
    if attributes & _DIRECTORY and not is_folder and system in {0, 10, 11, 14}:
        return "is a folder by its mark and a file by its name"
    return ""


def _packing_fault(flags: int, method: int, packed: int, length: int) -> str:
    if flags & ~_KNOWN_FLAGS:
        return "is closed with a password, or packed in an unknown way"
    if method not in {STORED, DEFLATED}:
        return "is packed in an unknown way"
    if method == STORED and packed != length:
        return "has two lengths"
    if 0xFFFFFFFF in {packed, length}:
        return "has the extension for large files"
    if length > MAX_RATIO * packed + _SMALL:
        return "unpacks to far more than it holds: a bomb"
    return ""


def _with_header(file: BinaryIO, entry: ZipEntry) -> ZipEntry:
    """Hold an entry against the header before its data, and find where these begin."""
    file.seek(entry.offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        raise RefusedPackError([unsafe(entry.path, "this member lies behind the end of the ZIP")])
    mark, _needs, flags, method, _time, _day, crc, packed, length, names, extras = _LOCAL.unpack(
        head
    )
    name, extra = file.read(names), file.read(extras)
    lengths = (crc, packed, length)
    same = (entry.crc, entry.packed_bytes, entry.length_bytes)
    agree = (
        mark == _LOCAL_MARK
        and not flags & ~_KNOWN_FLAGS
        and bool(flags & _LATER) == entry.later
        and name == entry.path.encode("utf-8")
        and method == entry.method
        and (lengths == same or (entry.later and lengths == (0, 0, 0)))
    )
    if not agree or _extra_fault(extra):
        problem = "the ZIP's list and the file's own header say different things"
        raise RefusedPackError([unsafe(entry.path, problem)])
    return ZipEntry(
        path=entry.path,
        method=entry.method,
        later=entry.later,
        crc=entry.crc,
        packed_bytes=entry.packed_bytes,
        length_bytes=entry.length_bytes,
        offset=entry.offset,
        begins=entry.offset + _LOCAL.size + names + extras,
    )


def _check_places(file: BinaryIO, entries: list[ZipEntry], end: int) -> None:
    """Hold that the entries fill the ZIP up to its list, each byte once."""
    ordered = sorted(entries, key=lambda one: one.offset)
    if (ordered[0].offset if ordered else end) != 0:
        raise RefusedPackError([unsafe("", "something stands before the first file of the ZIP")])
    for entry, after in zip(ordered, [*(one.offset for one in ordered[1:]), end], strict=True):
        if entry.ends > after:
            raise RefusedPackError([unsafe(entry.path, "members of the ZIP overlap: a bomb")])
        if entry.ends != after and not _is_descriptor(file, entry, after):
            problem = "something that is no file stands behind this member"
            raise RefusedPackError([unsafe(entry.path, problem)])


def _is_descriptor(file: BinaryIO, entry: ZipEntry, after: int) -> bool:
    """Tell whether what follows an entry's data are its lengths (4.3.9)."""
    if not entry.later or after - entry.ends not in {12, 16}:
        return False
    file.seek(entry.ends)
    raw = file.read(after - entry.ends)
    told = struct.pack("<3I", entry.crc, entry.packed_bytes, entry.length_bytes)
    return raw in {told, _DESCRIPTOR_MARK + told}


def _check_lengths(entries: list[ZipEntry]) -> None:
    if sum(one.length_bytes for one in entries) > MAX_BYTES:
        raise RefusedPackError([unsafe("", "the ZIP unpacks to more than a stick takes")])
    faults: list[PackFault] = [
        unsafe(one.path, "a folder has content")
        for one in entries
        if one.path.endswith("/") and one.length_bytes
    ]
    if faults:
        raise RefusedPackError(faults)
