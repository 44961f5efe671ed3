"""Pictures that producers give: what a file claims, and the same without what tells on people.

JPEG: ITU-T T.81 annex B, Exif 3.0, Adobe APP14. PNG: third edition, sections 5 and 11. Only
heads are read, no pixel is decoded; what follows is told from a few hundred bytes.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT_CHUNKS = frozenset(
    {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "sBIT", "bKGD"}
)
"""What draws the picture; text, times, Exif and whatever programs add is none of it."""
_MOST_PARTS = 100_000
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length."""
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_APP0, _APP1, _APP2, _APP13, _APP14, _COMMENT = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xFE
_GPS, _ORIENTATION = 0x8825, 0x0112


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFile:
    """What a picture's file says of itself."""

    kind: str
    """``png`` or ``jpeg``."""
    width: int
    height: int
    """Pixels."""
    colour: str
    """``rgb``, ``grey``, ``cmyk`` or ``palette``."""
    bits: int
    """Of a channel."""
    has_alpha: bool = False
    is_animated: bool = False
    is_turned: bool = False
    """Whether it is to be turned before it is shown (Exif), which few programs do alike."""
    has_place: bool = False
    """Whether it tells where it was taken."""
    remarks: tuple[str, ...] = ()
    """What else it tells: Exif, XMP, IPTC, text."""


def read_picture(data: bytes) -> PictureFile:
    """Give what a file claims.

    Raises:
        ValueError: it is no JPEG and no PNG, or it is cut short.
    """
    try:
        if data.startswith(PNG_SIGNATURE):
            return _read_png(data)
        if data.startswith(b"\xff\xd8\xff"):
            return _read_jpeg(data)
    except (struct.error, IndexError) as error:
        raise ValueError("the picture is cut short") from error
    raise ValueError("this is no JPG and no PNG")


def without_remarks(data: bytes) -> bytes:
    """Give the same picture with nothing in it but what draws it; every pixel stays as it is.

    Raises:
        ValueError: it is no JPEG and no PNG, or it is cut short.
    """
    found = read_picture(data)
    if found.kind == "png":
        parts = [part for name, _, part in _chunks(data) if name in _KEPT_CHUNKS]
        return PNG_SIGNATURE + b"".join(parts)
    return b"\xff\xd8" + b"".join(
        part for marker, _, part in _segments(data) if _draws(marker, part)
    )


# --- PNG -----------------------------------------------------------------------------------


def _chunks(data: bytes) -> Iterator[tuple[str, bytes, bytes]]:
    """Give name, contents and all bytes of each chunk up to the last."""
    at, view = len(PNG_SIGNATURE), memoryview(data)
    for _ in range(_MOST_PARTS):
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise ValueError("the picture is cut short")
        yield name.decode("latin-1"), bytes(view[at + 8 : end - 4]), bytes(view[at:end])
        if name == b"IEND":
            return
        at = end
    raise ValueError("the picture has too many parts")


def _read_png(data: bytes) -> PictureFile:
    chunks = list(_chunks(data))
    if chunks[0][0] != "IHDR":
        raise ValueError("the picture does not begin with its head")
    width, height, bits, colour = struct.unpack_from(">IIBB", chunks[0][1])
    names = {name for name, _, _ in chunks}
    exif = next((_read_exif(body) for name, body, _ in chunks if name == "eXIf"), (False, False))
    xmp = any(name == "iTXt" and body.startswith(b"XML:com.adobe.xmp") for name, body, _ in chunks)
    told = (
        ("Exif", "eXIf" in names),
        ("XMP", xmp),
        ("text", bool(names & {"tEXt", "zTXt", "iTXt"}) and not xmp),
    )
    return PictureFile(
        kind="png",
        width=width,
        height=height,
        colour={0: "grey", 2: "rgb", 3: "palette", 4: "grey", 6: "rgb"}.get(colour, "unknown"),
        bits=bits,
        has_alpha=colour in {4, 6} or "tRNS" in names,
        is_animated="acTL" in names,
        is_turned=exif[0],
        has_place=exif[1] or (xmp and b"GPS" in data),
        remarks=tuple(name for name, is_there in told if is_there),
    )


# --- JPEG ----------------------------------------------------------------------------------


def _segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Give marker, contents and all bytes of each segment; a scan's data belong to it."""
    at = 2
    for _ in range(_MOST_PARTS):
        if data[at] != 0xFF:
            raise ValueError("the picture is damaged")
        marker = data[at + 1]
        if marker == 0xFF:  # a byte that only fills
            at += 1
            continue
        if marker == _EOI:
            yield marker, b"", data[at : at + 2]
            return
        length = 0 if marker in _ALONE else struct.unpack_from(">H", data, at + 2)[0]
        end = at + 2 + length
        body = data[at + 4 : end]
        if marker == _SOS:
            end = _scan_end(data, end)
        if end > len(data):
            raise ValueError("the picture is cut short")
        yield marker, body, data[at:end]
        at = end
    raise ValueError("the picture has too many parts")


def _scan_end(data: bytes, at: int) -> int:
    """Give where the next marker behind a scan begins."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise ValueError("the picture is cut short")
        if data[at + 1] and data[at + 1] not in _ALONE:
            return at
        at += 2


def _draws(marker: int, part: bytes) -> bool:
    """Tell whether a segment is needed to show the picture: tables, frames, scans, colours."""
    if marker == _APP2:
        return part[4:].startswith(b"ICC_PROFILE\0")
    if marker == _APP0:
        return part[4:].startswith(b"JFIF\0")
    return marker == _APP14 or not (marker == _COMMENT or 0xE0 <= marker <= 0xEF)


def _read_jpeg(data: bytes) -> PictureFile:
    frame = b""
    told: dict[str, bool] = {}
    is_turned = has_place = False
    for marker, body, _ in _segments(data):
        if marker in _FRAMES:
            frame = frame or body
        elif marker == _APP1 and body.startswith(b"Exif\0\0"):
            told["Exif"] = True
            turned, placed = _read_exif(body[6:])
            is_turned, has_place = is_turned or turned, has_place or placed
        elif marker == _APP1:
            told["XMP"] = True
            has_place = has_place or b"GPS" in body
        elif marker == _APP13:
            told["IPTC"] = True
        elif marker == _COMMENT:
            told["text"] = True
    bits, height, width, channels = struct.unpack_from(">BHHB", frame)
    return PictureFile(
        kind="jpeg",
        width=width,
        height=height,
        colour={1: "grey", 3: "rgb", 4: "cmyk"}.get(channels, "unknown"),
        bits=bits,
        is_turned=is_turned,
        has_place=has_place,
        remarks=tuple(told),
    )


def _read_exif(data: bytes) -> tuple[bool, bool]:
    """Tell whether the picture is to be turned, and whether a place is told; damaged: neither."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None:
        return False, False
    try:
        (at,) = struct.unpack_from(f"{order}I", data, 4)
        (count,) = struct.unpack_from(f"{order}H", data, at)
        rows = [struct.unpack_from(f"{order}HHIH", data, at + 2 + 12 * n) for n in range(count)]
    except struct.error:
        return False, False
    tags = {tag: value for tag, _, _, value in rows}
    return tags.get(_ORIENTATION, 1) not in {0, 1}, _GPS in tags
