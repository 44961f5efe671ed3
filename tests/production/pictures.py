"""Pictures as other programs see them: pixels by FFmpeg, light by WCAG, chunks by the standard."""

import io
import struct
import zlib
from collections.abc import Iterator

import av
import numpy as np
from numpy.typing import NDArray

from production.artwork.drawing import FAMILY, opaque_picture

Pixels = NDArray[np.uint8]


def pixels(picture: bytes) -> Pixels:
    """Give height x width x RGB."""
    with av.open(io.BytesIO(picture), "r") as opened:
        frame = next(opened.decode(video=0))
    return frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)


def chunks(png: bytes) -> Iterator[tuple[str, bytes]]:
    """Give name and bytes of each chunk; a wrong checksum stops the test."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        body = png[at + 4 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length)[0] == zlib.crc32(body)
        yield body[:4].decode(), body[4:]
        at += 12 + length


def png_chunk(name: str, data: bytes) -> bytes:
    """Give a chunk as it stands in a file."""
    body = name.encode() + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def small_png(colour: str) -> bytes:
    """Give a square picture of one colour, 64 x 64 pixels."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" fill="{colour}">'
    return opaque_picture(f'{svg}<rect width="64" height="64"/></svg>')


def shrunk(found: Pixels, side: int) -> Pixels:
    """Give a square picture as a program shows it small: each pixel the mean of those under it."""
    step = len(found) // side
    parts = found.reshape(side, step, side, step, 3).astype(np.float64)
    return np.asarray(np.rint(parts.mean(axis=(1, 3))), dtype=np.uint8)


_SHARES = np.arange(256) / 255
_LINEAR = np.where(_SHARES <= 0.04045, _SHARES / 12.92, ((_SHARES + 0.055) / 1.055) ** 2.4)
"""Of each value that a pixel's colour can have."""


def light(found: Pixels | list[int]) -> NDArray[np.float64]:
    """Give the relative luminance, 0 to 1 (WCAG 2.2, definitions)."""
    return np.asarray(_LINEAR[np.asarray(found)] @ [0.2126, 0.7152, 0.0722], dtype=np.float64)


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours ``#rrggbb``, 1 to 21 (WCAG 2.2)."""
    found = [float(light(list(bytes.fromhex(colour[1:])))) for colour in (one, other)]
    return (max(found) + 0.05) / (min(found) + 0.05)


def written(text: str, *, family: str = FAMILY, size: int = 100) -> str:
    """Give a drawing of some words, black on white."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="200" font-family="{family}"'
        f' font-weight="bold" font-size="{size}"><rect width="900" height="200" fill="#fff"/>'
        f'<text x="20" y="130">{text}</text></svg>'
    )
