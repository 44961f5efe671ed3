"""A PNG picture without its alpha channel, packed alike by every Python on every machine.

Directories ask for RGB without transparency, and what draws our pictures writes RGBA. Every filter
of PNG works on one channel at a time (PNG 3rd edition, 9.2: a byte and those a whole pixel
away), so that the alpha bytes can be left out of the filtered rows as they stand.

How well Python packs bytes depends on its zlib, and with it the digest, the address and the
feed would. So they are packed here: runs and one Huffman code (RFC 1951, 3.2.7), which is
all that a picture of flat areas needs; measured a sixth of a second for nine million pixels,
and 1.5 times the bytes of zlib's best.
"""

import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from heapq import heapify, heappop, heappush

PACKING = 1
"""Changes when the same picture gives other bytes."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGB, _RGBA = 2, 6
"""Colour types (PNG, table 11.1)."""
_LONGEST_CODE, _LONGEST_LENGTH_CODE = 15, 7
_END = 256
_LEAST, _MOST = 3, 258
"""Bytes that a run has (RFC 1951, 3.2.5)."""
_ZEROS = re.compile(rb"\0{4,}")
_LENGTHS = (
    *((257 + n, 3 + n, 0) for n in range(8)),
    *((265 + n, 11 + 2 * n, 1) for n in range(4)),
    *((269 + n, 19 + 4 * n, 2) for n in range(4)),
    *((273 + n, 35 + 8 * n, 3) for n in range(4)),
    *((277 + n, 67 + 16 * n, 4) for n in range(4)),
    *((281 + n, 131 + 32 * n, 5) for n in range(4)),
    (285, 258, 0),
)
"""Symbol, shortest run and extra bits of each length code (RFC 1951, 3.2.5)."""
_ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)


def without_alpha(png: bytes) -> bytes:
    """Give an opaque RGBA picture as RGB, with no chunk but those that a picture needs.

    Args:
        png: 8 bits a channel, not interlaced, every pixel opaque.

    Raises:
        ValueError: it is another kind of picture.
    """
    chunks = list(_chunks(png))
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", chunks[0][1])
    if chunks[0][0] != b"IHDR" or (depth, colour, *rest) != (8, _RGBA, 0, 0, 0):
        raise ValueError("this is no RGBA picture of 8 bits a channel")
    rows = zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT"))
    length = 1 + 4 * width
    kept = bytearray()
    for at in range(0, length * height, length):
        row = bytearray(rows[at + 1 : at + length])
        del row[3::4]
        kept.append(rows[at])
        kept += row
    header = struct.pack(">IIBBBBB", width, height, 8, _RGB, 0, 0, 0)
    packed = b"\x78\x01" + _deflate(bytes(kept)) + struct.pack(">I", zlib.adler32(kept))
    parts = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, data) for name, data in parts)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        length, name = struct.unpack_from(">I4s", png, at)
        yield name, png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _deflate(data: bytes) -> bytes:
    """Pack bytes into one block: bytes as they are, and runs of zeros."""
    runs = _run_tokens()
    pieces = list(_pieces(data))
    counts = Counter({_END: 1})
    for literal, run in pieces:
        counts.update(literal)
        counts.update(runs[length][0] for length in _parts(run))
    lengths = _code_lengths(counts, 286, _LONGEST_CODE)
    codes = _codes(lengths)
    written = {
        length: codes[symbol] + bits for length, (symbol, bits) in runs.items() if symbol in codes
    }
    parts = [_header(lengths)]
    for literal, run in pieces:
        parts += map(codes.__getitem__, literal)
        parts += map(written.__getitem__, _parts(run))
    bits = "".join((*parts, codes[_END]))
    # The first bit is the lowest one of the first byte.
    return int(bits[::-1], 2).to_bytes(-(-len(bits) // 8), "little")


def _pieces(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Cut bytes into those that are written as they are, and the zeros that repeat behind them."""
    at = 0
    for match in _ZEROS.finditer(data):
        # A run repeats the byte before it, so that its first zero is written.
        yield data[at : match.start() + 1], match.end() - match.start() - 1
        at = match.end()
    yield data[at:], 0


@cache
def _parts(run: int) -> tuple[int, ...]:
    """Give the runs of 3 to 258 bytes that a longer one is made of."""
    whole, rest = divmod(run, _MOST)
    if whole and 0 < rest < _LEAST:
        return (*[_MOST] * (whole - 1), _MOST - _LEAST, rest + _LEAST)
    return (*[_MOST] * whole, rest) if rest else (_MOST,) * whole


@cache
def _run_tokens() -> dict[int, tuple[int, str]]:
    """Give symbol and further bits of each run of 3 to 258 bytes, its distance of 1 included."""
    found = {}
    for symbol, shortest, extra in _LENGTHS:
        for more in range(1 << extra):
            bits = f"{more:0{extra}b}"[::-1] if extra else ""
            # Of the one distance code, of one bit (RFC 1951, 3.2.7).
            found[shortest + more] = (symbol, f"{bits}0")
    return found


def _header(lengths: list[int]) -> str:
    """Give the bits that begin the block and tell its codes."""
    told = [*lengths, 1]
    code_lengths = _code_lengths(Counter(told), 19, _LONGEST_LENGTH_CODE)
    codes = _codes(code_lengths)
    shown = [code_lengths[symbol] for symbol in _ORDER]
    # Last block, dynamic codes; 286 symbols, 1 distance, 19 code lengths.
    counts = "1" + "01" + _bits(286 - 257, 5) + _bits(0, 5) + _bits(19 - 4, 4)
    return counts + "".join(_bits(n, 3) for n in shown) + "".join(codes[n] for n in told)


def _bits(value: int, count: int) -> str:
    """Give a figure's bits, lowest first."""
    return f"{value:0{count}b}"[::-1]


def _code_lengths(counts: Counter[int], symbols: int, longest: int) -> list[int]:
    """Give the length of each symbol's Huffman code; 0 for those that do not come.

    Counts are halved until no code is too long, which costs next to nothing.
    """
    while True:
        heap: list[tuple[int, int, tuple[int, ...]]]
        heap = [(count, symbol, (symbol,)) for symbol, count in counts.items()]
        heapify(heap)
        lengths = [0] * symbols
        if len(heap) == 1:
            lengths[heap[0][1]] = 1
        while len(heap) > 1:
            (one, tie, left), (other, _, right) = heappop(heap), heappop(heap)
            for symbol in (*left, *right):
                lengths[symbol] += 1
            heappush(heap, (one + other, tie, left + right))
        if max(lengths) <= longest:
            return lengths
        counts = Counter({symbol: -(-count // 2) for symbol, count in counts.items()})


def _codes(lengths: list[int]) -> dict[int, str]:
    """Give the canonical code of each symbol (RFC 1951, 3.2.2), as it is written."""
    codes = {}
    code = last = 0
    for length, symbol in sorted((n, symbol) for symbol, n in enumerate(lengths) if n):
        code <<= length - last
        codes[symbol] = f"{code:0{length}b}"
        code, last = code + 1, length
    return codes
