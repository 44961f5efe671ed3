"""Writes the differences of two files in VCDIFF, quickly in plain Python.

Sound that was cut on a frame grid stays the same by whole blocks, but may move by any number of
bytes. So places of the old file are looked for in the new one at every byte until one is found, and
then as many bytes are taken as agree, at the speed of a comparison. Bytes that agree are never
looked at one by one; those that do not cost about a quarter of a second for a million. What is new
and comes twice, as each message of a loop does, is written once.
"""

import struct
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from mmap import mmap

from stations.vcdiff import (
    FROM_SOURCE,
    MAGIC,
    MAX_WINDOW,
    NEAR,
    SAME,
    AddressCache,
    render_integer,
)

Content = bytes | mmap
"""A file's bytes; large ones mapped, so that no more of them is in memory than is looked at."""

_LOOK = 24
"""Bytes by which a place of the old file is known; fewer are found everywhere in text."""

_MOST_PLACES = 1 << 18
"""Places of the old file that are known: about 40 MB of memory."""

_BLOCK = 1 << 10
"""Places of the new file that are looked at together where nothing is found."""

_AGREES = bytes(_LOOK)
_WINDOW = MAX_WINDOW // 4
_FIRST_STRETCH = 1 << 10
_SHORT_ADD = 17
_SHORT_COPY = range(4, 19)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some bytes of the new file, and where they stand in the old one."""

    at: int
    """In the new file."""
    size: int
    old: int = -1
    """In the old file; -1 where they are not in it."""
    again: int = -1
    """Where they came before in the new file; -1 where they did not."""


def encode(old: Content, new: Content) -> Iterator[bytes]:
    """Give the differences, window by window.

    Args:
        old: what whoever follows them has.
        new: what they make of it.

    Yields:
        The bytes of the file, in order.
    """
    yield MAGIC + b"\x00"
    window: list[_Piece] = []
    room = _WINDOW
    for piece in _pieces(old, new):
        rest = piece
        while rest.size:
            part = replace(rest, size=min(rest.size, room))
            window.append(part)
            room -= part.size
            moved = rest.old if rest.old < 0 else rest.old + part.size
            rest = replace(rest, at=rest.at + part.size, size=rest.size - part.size, old=moved)
            if not room:
                yield _render_window(window, new)
                window, room = [], _WINDOW
    if window:
        yield _render_window(window, new)


def _pieces(old: Content, new: Content) -> Iterator[_Piece]:
    """Cut the new file into bytes that are in the old one and bytes that are not."""
    places = _places(old)
    came: dict[bytes, int] = {}
    # A copy may lead to where its own window began, and no further back.
    may_repeat = len(new) <= _WINDOW
    end = len(new) - _LOOK
    done = at = 0
    moved = 0
    while at <= end:
        # After a change the files mostly go on as before: what repeats itself, such as silence,
        # is then taken from the right place.
        found = at + moved
        look = new[at : at + _LOOK]
        if not (found >= 0 and old[found : found + _LOOK] == look):
            found = places.get(look, -1)
        again = came.get(look, -1)
        if may_repeat and (found >= 0 or not at % _LOOK):
            came[look] = at
        if found < 0 and again < 0:
            at = _next(old, new, places, came, at=at + 1, moved=moved, may_repeat=may_repeat)
            continue
        ahead = _ahead(old, new, found, at)
        repeated = _ahead(new, new, again, at)
        if repeated > ahead:
            back = _agree_back(new, new, again, at, at - done)
            piece = _Piece(at - back, back + repeated, again=again - back)
        else:
            back = _agree_back(old, new, found, at, at - done)
            piece = _Piece(at - back, back + ahead, old=found - back)
            moved = found - at
        if piece.at > done:
            yield _Piece(done, piece.at - done)
        yield piece
        done = at = piece.at + piece.size
    if done < len(new):
        yield _Piece(done, len(new) - done)


def _next(
    old: Content,
    new: Content,
    places: Container[bytes],
    came: dict[bytes, int],
    *,
    at: int,
    moved: int,
    may_repeat: bool,
) -> int:
    """Give the next place of the new file at which something is found, or the end of all.

    Args:
        old: the old file.
        new: the new one.
        places: what is known of the old file.
        came: what is known of the new one.
        at: where to begin.
        moved: how much further in the old file the same is looked for first.
        may_repeat: whether what is passed comes to that.
    """
    size = _LOOK
    end = len(new) - size + 1
    while at < end:
        stop = min(at + _BLOCK, end)
        block = new[at : stop + size - 1]
        agrees = _first_agreement(old, block, at + moved)
        due = -at % size if may_repeat else -1
        for n in range(agrees):
            look = block[n : n + size]
            if look in places or look in came:
                return at + n
            if n == due:
                came[look] = at + n
                due += size
        if agrees < stop - at:
            return at + agrees
        at = stop
    return end


def _first_agreement(old: Content, block: bytes, begin: int) -> int:
    """Give the first place of a block at which it agrees with the old file; its end for none.

    Args:
        old: the old file.
        block: of the new one.
        begin: where in the old file the block would lie; it may reach over either end.
    """
    before = max(0, -begin)
    there = old[begin + before : begin + len(block)] if begin + len(block) > 0 else b""
    ours = block[before : before + len(there)]
    differ = int.from_bytes(ours, "little") ^ int.from_bytes(there, "little")
    place = differ.to_bytes(len(there), "little").find(_AGREES)
    return before + place if place >= 0 else len(block) - _LOOK + 1


def _places(old: Content) -> dict[bytes, int]:
    """Give bytes of the old file at even distances, each with its first place."""
    step = max(_LOOK, -(-len(old) // _MOST_PLACES))
    last = (len(old) - _LOOK) // step * step
    if last < 0:
        return {}
    cut = struct.Struct(f"{_LOOK}s{step - _LOOK}x")
    with memoryview(old) as whole, whole[:last] as view:
        looks = [look for (look,) in cut.iter_unpack(view)]
    looks.append(old[last : last + _LOOK])
    # The first of equal ones is written last, and stays.
    return dict(zip(reversed(looks), range(last, -1, -step), strict=True))


def _ahead(old: Content, new: Content, found: int, at: int) -> int:
    """Count the bytes that agree from a place that was found; 0 where none was."""
    return _LOOK + _agree(old, new, found + _LOOK, at + _LOOK) if found >= 0 else 0


def _agree(old: Content, new: Content, left: int, right: int) -> int:
    """Count the bytes that agree from two places on."""
    most = min(len(old) - left, len(new) - right)
    done, step = 0, _FIRST_STRETCH
    while done < most:
        size = min(step, most - done)
        a, b = (
            old[left + done : left + done + size],
            new[right + done : right + done + size],
        )
        if a != b:
            return done + _first_difference(a, b)
        done += size
        step = min(step * 2, 1 << 20)
    return done


def _first_difference(a: bytes, b: bytes) -> int:
    low, high = 0, len(a)
    while high - low > 1:
        middle = (low + high) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _agree_back(old: Content, new: Content, left: int, right: int, most: int) -> int:
    """Count the bytes that agree before two places."""
    most = min(left, most)
    back = 0
    while back < most and old[left - back - 1] == new[right - back - 1]:
        back += 1
    return back


def _render_window(pieces: list[_Piece], new: Content) -> bytes:
    copies = [one for one in pieces if one.old >= 0]
    start = min((one.old for one in copies), default=0)
    segment = max((one.old + one.size for one in copies), default=0) - start
    data, codes, addresses = bytearray(), bytearray(), bytearray()
    cache = AddressCache()
    made = 0
    for one in pieces:
        if one.old < 0 and one.again < 0:
            data += new[one.at : one.at + one.size]
            codes += _add(one.size)
        else:
            address = segment + one.again if one.old < 0 else one.old - start
            mode, written = _address(cache, address, here=segment + made)
            codes += _copy(one.size, mode)
            addresses += written
        made += one.size
    sizes = b"".join(map(render_integer, (len(data), len(codes), len(addresses))))
    body = render_integer(made) + b"\x00" + sizes + data + codes + addresses
    head = b"\x00"
    if segment:
        head = bytes([FROM_SOURCE]) + render_integer(segment) + render_integer(start)
    return head + render_integer(len(body)) + body


def _add(size: int) -> bytes:
    if size <= _SHORT_ADD:
        return bytes([1 + size])
    return b"\x01" + render_integer(size)


def _copy(size: int, mode: int) -> bytes:
    first = 19 + 16 * mode
    if size in _SHORT_COPY:
        return bytes([first + size - 3])
    return bytes([first]) + render_integer(size)


def _address(cache: AddressCache, address: int, *, here: int) -> tuple[int, bytes]:
    """Write an address in the shortest of the nine ways (5.3)."""
    ways = [(0, address), (1, here - address)]
    ways += [(2 + slot, address - near) for slot, near in enumerate(cache.near) if near <= address]
    mode, value = min(ways, key=lambda way: (len(render_integer(way[1])), way[0]))
    written = render_integer(value)
    slot = address % (SAME * 256)
    if len(written) > 1 and cache.same[slot] == address:
        mode, written = 2 + NEAR + slot // 256, bytes([slot % 256])
    cache.note(address)
    return mode, written
