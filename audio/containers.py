"""What the first and last bytes of a sound file say: its kind, and whether it was cut short.

Decoders forgive a file that ends too early. These readers do not: a sentence whose end
is missing can say the opposite.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from programme.errors import ProductionError

_HEAD_BYTES = 64
_MP3_HEADER_BYTES = 4096
_OGG_PAGE_BYTES = 65_307
"""The largest page: 27 bytes of header, 255 of table, 255 x 255 of data (RFC 3533, 6)."""

_ENDLESS = frozenset({0, 0xFFFFFFFF})
"""Data sizes that a program writes which cannot go back to the header."""


@dataclass(frozen=True, slots=True)
class Container:
    """One kind of file."""

    title: str
    demuxer: str
    """FFmpeg's name; the only demuxer that may open it."""
    shortfall_s: float = 0.1
    """How much less than declared a whole file may decode to, for encoders' padding.

    FFmpeg leaves a damaged frame out without a word, so where lengths are exact it must be
    less than one frame.
    """

    def declares_length(self, path: Path) -> bool:
        """Tell whether a length that FFmpeg reads here was written, not guessed from the size."""
        if self.title == "MP3":
            return _has_mp3_header(path)
        return self.title not in {"AAC", "AMR"}


WAV = Container("WAV", "wav", 0.001)
FLAC = Container("FLAC", "flac", 0.001)
OGG = Container("Ogg", "ogg")
MP3 = Container("MP3", "mp3", 0.015)
M4A = Container("M4A", "mov")
AIFF = Container("AIFF", "aiff", 0.001)
AMR = Container("AMR", "amr")
AAC = Container("AAC", "aac")
WEBM = Container("WebM", "matroska")
CAF = Container("CAF", "caf")
WMA = Container("WMA", "asf")

_MAGIC: tuple[tuple[Callable[[bytes], bool], Container], ...] = (
    (lambda head: head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE", WAV),
    (lambda head: head[:4] == b"fLaC", FLAC),
    (lambda head: head[:4] == b"OggS", OGG),
    (lambda head: head[4:8] == b"ftyp", M4A),
    (lambda head: head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}, AIFF),
    (lambda head: head[:6] == b"#!AMR\n" or head[:9] == b"#!AMR-WB\n", AMR),
    (lambda head: head[:4] == b"\x1aE\xdf\xa3", WEBM),
    (lambda head: head[:4] == b"caff", CAF),
    (lambda head: head[:8] == b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", WMA),
    (lambda head: head[:3] == b"ID3", MP3),
    # Frame sync, then the two layer bits: 0 is AAC in ADTS, 1 is layer III.
    (lambda head: len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0, AAC),
    (lambda head: len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2, MP3),
)


def sniff(path: Path) -> Container | None:
    """Tell what kind of sound file this is by its first bytes; None for anything else.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    for matches, container in _MAGIC:
        if matches(head):
            return container
    return None


def refuse_cut(path: Path, container: Container, where: str) -> None:
    """Refuse a WAV or Ogg file whose end is missing; the others show it when decoded.

    Raises:
        ProductionError: the file was cut short.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        cut = (container is WAV and _wav_is_cut(file)) or (
            container is OGG and not _ogg_has_end(file)
        )
    if cut:
        raise ProductionError(
            "the end of the file is missing",
            where=where,
            remedy="copy or record it again, and check that it plays to its end",
        )


def _wav_is_cut(file: BinaryIO) -> bool:
    """Walk the chunks (RIFF, little-endian, odd ones padded) as far as the data."""
    length = file.seek(0, 2)
    position = 12
    while position + 8 <= length:
        file.seek(position)
        name, size = struct.unpack("<4sI", file.read(8))
        if name == b"data":
            return size not in _ENDLESS and position + 8 + size > length
        position += 8 + size + size % 2
    return True


def _ogg_has_end(file: BinaryIO) -> bool:
    """Tell whether the last page is whole and carries the end-of-stream flag (RFC 3533, 6)."""
    length = file.seek(0, 2)
    file.seek(max(0, length - _OGG_PAGE_BYTES))
    tail = file.read()
    start = tail.rfind(b"OggS")
    page = tail[start:]
    if start < 0 or len(page) < 27 or len(page) < 27 + page[26]:
        return False
    whole = 27 + page[26] + sum(page[27 : 27 + page[26]])
    return bool(page[5] & 4) and len(page) >= whole


def _has_mp3_header(path: Path) -> bool:
    """Tell whether the first MP3 frame is a Xing, Info or VBRI header that counts frames."""
    with path.open("rb") as file:
        head = file.read(10)
        if head[:3] == b"ID3":
            # Four bytes of seven bits each (ID3v2.3, 3.1).
            size = (head[6] << 21) | (head[7] << 14) | (head[8] << 7) | head[9]
            file.seek(10 + size)
        else:
            file.seek(0)
        frame = file.read(_MP3_HEADER_BYTES)
    return any(mark in frame[:200] for mark in (b"Xing", b"Info", b"VBRI"))
