"""What the first and last bytes of a sound file say: its kind, and whether it was cut short.

Decoders forgive a file that ends too early. These readers do not: a sentence whose end
is missing can say the opposite.
"""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from programme.errors import ProductionError

_HEAD_BYTES = 64
_MP3_HEADER_BYTES = 4096
_OGG_PAGE_BYTES = 65_307
"""The largest page: 27 bytes of header, 255 of table, 255 x 255 of data (RFC 3533, 6)."""

_ASF_HEADER_BYTES = 1 << 20
_ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")

_MOST_CHUNKS = 10_000
"""Before the sound of a WAV; a file of nothing but empty chunks would be walked for minutes."""

_BEGIN = re.compile(rb"OggS\x00[\x02\x06]")
"""A page that begins a stream."""

_ENDLESS = frozenset({0, 0xFFFFFFFF})
"""Data sizes that a program writes which cannot go back to the header."""


_PCM_LITTLE = "pcm_s16le pcm_s24le pcm_s32le pcm_s64le pcm_f32le pcm_f64le"
_PCM_BIG = "pcm_s16be pcm_s24be pcm_s32be pcm_s64be pcm_f32be pcm_f64be"
_PCM = f"pcm_u8 pcm_s8 pcm_alaw pcm_mulaw {_PCM_LITTLE} {_PCM_BIG}"
_AMR = "amrnb amrwb libopencore_amrnb libopencore_amrwb"
_MPEG = "mp3 mp3float mp2 mp2float"


@dataclass(frozen=True, slots=True)
class Container:
    """One kind of file."""

    title: str
    demuxer: str
    """FFmpeg's name; the only demuxer that may open it."""
    codecs: frozenset[str]
    """FFmpeg's names of the decoders that may read what is inside; none of them makes pictures."""
    shortfall_s: float = 0.1
    """How much less than declared a whole file may decode to, for encoders' padding.

    FFmpeg leaves a damaged frame out without a word, so where lengths are exact it must be
    less than one frame.
    """
    options: tuple[tuple[str, str], ...] = ()
    """Settings of the demuxer."""


def _kind(
    title: str, demuxer: str, codecs: str, shortfall_s: float = 0.1, **options: str
) -> Container:
    return Container(title, demuxer, frozenset(codecs.split()), shortfall_s, tuple(options.items()))


WAV = _kind(
    "WAV",
    "wav",
    f"{_PCM} {_MPEG} adpcm_ima_wav adpcm_ms gsm_ms",
    0.001,
    # Its header says it all. What FFmpeg looks for in the samples, film sound that a disc's WAV
    # hides, shows at the beginning; to look through 5 MB takes 20 ms for each file.
    probesize="50000",
)
FLAC = _kind("FLAC", "flac", "flac", 0.001)
OGG = _kind("Ogg", "ogg", "opus libopus vorbis libvorbis flac speex libspeex")
MP3 = _kind("MP3", "mp3", _MPEG, 0.015)
M4A = _kind(
    "M4A",
    "mov",
    f"aac alac flac opus libopus adpcm_ima_qt {_PCM} {_MPEG} {_AMR}",
    # A film of QuickTime may lie in other files; FFmpeg's own default, said here.
    enable_drefs="0",
    use_absolute_path="0",
)
AIFF = _kind("AIFF", "aiff", f"{_PCM} adpcm_ima_qt", 0.001)
AMR = _kind("AMR", "amr", _AMR)
AAC = _kind("AAC", "aac", "aac")
WEBM = _kind("WebM", "matroska", f"opus libopus vorbis libvorbis flac aac alac {_PCM} {_MPEG}")
CAF = _kind("CAF", "caf", f"aac alac flac opus libopus adpcm_ima_qt {_PCM} {_MPEG} {_AMR}")
WMA = _kind("WMA", "asf", "wmav1 wmav2 wmapro wmavoice wmalossless")

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


def sniff(file: BinaryIO) -> Container | None:
    """Tell what kind of sound file this is by its first bytes; None for anything else.

    Raises:
        OSError: the file cannot be read.
    """
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    for matches, container in _MAGIC:
        if matches(head):
            return container
    return None


def declares_length(file: BinaryIO, container: Container) -> bool:
    """Tell whether a length that FFmpeg reads here was written, not guessed from the size.

    Raises:
        OSError: the file cannot be read.
    """
    if container is MP3:
        return _has_mp3_header(file)
    return container not in {AAC, AMR}


def refuse_cut(file: BinaryIO, container: Container, where: str) -> None:
    """Refuse a WAV, CAF, WMA or Ogg file whose end is missing; the others show it when decoded.

    Also an Ogg file of several streams one behind another (RFC 3533, 4): of thirty seconds in
    three hundred parts FFmpeg gives four, and says nothing.

    Raises:
        ProductionError: the file was cut short, or holds several recordings.
        OSError: the file cannot be read.
    """
    is_cut = {WAV: _wav_is_cut, CAF: _caf_is_cut, WMA: _asf_is_cut, OGG: _ogg_is_cut}.get(container)
    if is_cut is not None and is_cut(file):
        raise ProductionError(
            "the end of the file is missing",
            where=where,
            remedy="copy or record it again, and check that it plays to its end",
        )
    if container is OGG and _ogg_is_chained(file):
        raise ProductionError(
            "the file holds several recordings, one behind another",
            where=where,
            remedy="open it in another program and save it anew as one recording",
        )


def _wav_is_cut(file: BinaryIO) -> bool:
    """Walk the chunks (RIFF, little-endian, odd ones padded) as far as the data."""
    length = file.seek(0, 2)
    position = 12
    for _ in range(_MOST_CHUNKS):
        if position + 8 > length:
            break
        file.seek(position)
        name, size = struct.unpack("<4sI", file.read(8))
        if name == b"data":
            return size not in _ENDLESS and position + 8 + size > length
        position += 8 + size + size % 2
    return True


def _caf_is_cut(file: BinaryIO) -> bool:
    """Walk the chunks (Apple Core Audio Format, big-endian, lengths of 64 bits) to the data."""
    length = file.seek(0, 2)
    position = 8
    for _ in range(_MOST_CHUNKS):
        if position + 12 > length:
            break
        file.seek(position)
        name, size = struct.unpack(">4sq", file.read(12))
        if name == b"data":
            # -1: until the end of the file
            return size != -1 and not 0 <= size <= length - position - 12
        if size < 0:
            break
        position += 12 + size
    return True


def _asf_is_cut(file: BinaryIO) -> bool:
    """Compare with the size that the file properties object tells (ASF 01.20.03, 3.2)."""
    file.seek(0)
    head = file.read(_ASF_HEADER_BYTES)
    start = head.find(_ASF_PROPERTIES)
    if start < 0 or len(head) < start + 92:
        return True
    (size,) = struct.unpack_from("<Q", head, start + 40)
    (flags,) = struct.unpack_from("<I", head, start + 88)
    is_broadcast = flags & 1  # its sizes were not known
    return not is_broadcast and size > file.seek(0, 2)


def _ogg_is_cut(file: BinaryIO) -> bool:
    """Tell whether the last page is broken or lacks the end-of-stream flag (RFC 3533, 6)."""
    length = file.seek(0, 2)
    file.seek(max(0, length - _OGG_PAGE_BYTES))
    tail = file.read()
    start = tail.rfind(b"OggS")
    page = tail[start:]
    if start < 0 or len(page) < 27 or len(page) < 27 + page[26]:
        return True
    whole = 27 + page[26] + sum(page[27 : 27 + page[26]])
    return not page[5] & 4 or len(page) < whole


def _ogg_is_chained(file: BinaryIO) -> bool:
    """Tell whether a stream begins after the first ones have (RFC 3533, 6: flag 2)."""
    file.seek(0)
    head = file.read(_OGG_PAGE_BYTES)
    start = 0
    while _BEGIN.match(head, start) and len(head) > start + 26:
        table = head[start + 27 : start + 27 + head[start + 26]]
        start += 27 + len(table) + sum(table)
    file.seek(start)
    end = b""
    while block := file.read(1 << 20):
        if _BEGIN.search(end + block):
            return True
        end = block[-5:]
    return False


def _has_mp3_header(file: BinaryIO) -> bool:
    """Tell whether the first MP3 frame is a Xing, Info or VBRI header that counts frames."""
    file.seek(0)
    head = file.read(10)
    start = 0
    if head[:3] == b"ID3" and len(head) == 10:
        # Four bytes of seven bits each (ID3v2.3, 3.1).
        start = 10 + ((head[6] << 21) | (head[7] << 14) | (head[8] << 7) | head[9])
    file.seek(start)
    frame = file.read(_MP3_HEADER_BYTES)
    return any(mark in frame[:200] for mark in (b"Xing", b"Info", b"VBRI"))
