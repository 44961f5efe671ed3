"""What a picture says of itself in its head: kind, pixels, colours. No pixel is decoded.

PNG: https://www.w3.org/TR/png-3/, sections 5 and 11; JPEG: ITU-T T.81, annex B.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass

_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_PARTS = 500
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureHead:
    """What a picture claims."""

    kind: str
    """``png`` or ``jpeg``."""
    width: int
    height: int
    """Pixels."""
    is_rgb: bool
    """Whether it has three colours and no transparency."""


def probe_picture(read: Callable[[int, int], bytes]) -> PictureHead | None:
    """Give what a file claims; None where it is no JPEG and no PNG, or is cut in its head."""
    head = read(0, 32)
    try:
        if head.startswith(_PNG) and head[12:16] == b"IHDR":
            width, height, _, colour = struct.unpack_from(">IIBB", head, 16)
            return PictureHead(kind="png", width=width, height=height, is_rgb=colour == 2)
        if head.startswith(b"\xff\xd8\xff"):
            return _jpeg(read)
    except (struct.error, IndexError):
        return None
    return None


def _jpeg(read: Callable[[int, int], bytes]) -> PictureHead | None:
    at = 2
    for _ in range(_MOST_PARTS):
        part = read(at, 10)
        if part[0] != 0xFF:
            return None
        if part[1] in _FRAMES:
            height, width, colours = struct.unpack_from(">HHB", part, 5)
            return PictureHead(kind="jpeg", width=width, height=height, is_rgb=colours == 3)
        at += 1 if part[1] == 0xFF else 2 + struct.unpack_from(">H", part, 2)[0]
    return None
