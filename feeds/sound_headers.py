"""What a sound file says of itself in a few hundred bytes: kind and duration. No sound is decoded.

MP3: ISO 11172-3, 2.4.1; ID3v2; the Xing and Info frame. Ogg: RFC 3533; Opus in Ogg: RFC 7845;
MP4: ISO 14496-12; WAV: RIFF; FLAC: RFC 9639. Written for judging files that somebody published,
apart from what makes them.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass

Read = Callable[[int, int], bytes]
"""Gives the bytes from a place on, at most so many; fewer at the end, none beyond it."""

_HEAD_BYTES = 4096
_TAIL_BYTES = 65_536
_MOST_BOXES = 200
_MOST_PADDING = 100
_RATES_KBPS = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLING_HZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundHead:
    """What a file claims."""

    kind: str
    """``mp3``, ``ogg``, ``mp4``, ``wav``, ``flac``, ``aac``, ``text``; empty for none of these."""
    duration_s: float | None = None
    """None where the file does not say, or not in what was read."""


def probe_sound(read: Read, size_bytes: int) -> SoundHead:
    """Give what a file claims; damaged figures give no duration.

    Args:
        read: of the file; asked a few times for at most 64 kB.
        size_bytes: of the file.
    """
    head = read(0, _HEAD_BYTES)
    try:
        return _probe(head, read, size_bytes)
    except (struct.error, IndexError, ValueError, ZeroDivisionError):
        return SoundHead(kind=_kind(head))


def _probe(head: bytes, read: Read, size_bytes: int) -> SoundHead:
    kind = _kind(head)
    if kind == "mp3":
        return SoundHead(kind=kind, duration_s=_mp3(head, read, size_bytes))
    if kind == "ogg":
        return SoundHead(kind=kind, duration_s=_ogg(head, read, size_bytes))
    if kind == "mp4":
        return SoundHead(kind=kind, duration_s=_mp4(read, size_bytes))
    if kind == "wav":
        return SoundHead(kind=kind, duration_s=_wav(read, size_bytes))
    if kind == "flac":
        low = struct.unpack_from(">Q", head, 18)[0]
        rate_hz, samples = low >> 44, low & 0xFFFFFFFFF
        return SoundHead(kind=kind, duration_s=samples / rate_hz if samples else None)
    return SoundHead(kind=kind)


def _kind(head: bytes) -> str:
    if head.startswith(b"ID3"):
        return "mp3"
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "aac" if head[1] & 0xF6 == 0xF0 else "mp3"
    for magic, kind in ((b"OggS", "ogg"), (b"fLaC", "flac")):
        if head.startswith(magic):
            return kind
    if head[4:8] == b"ftyp":
        return "mp4"
    if head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE":
        return "wav"
    start = head[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    return "text" if start[:1] in {b"<", b"{"} else ""


def _mp3(head: bytes, read: Read, size_bytes: int) -> float | None:
    at = 0
    if head.startswith(b"ID3"):
        a, b, c, d = head[6:10]
        at = 10 + (a << 21 | b << 14 | c << 7 | d) + (10 if head[5] & 0x10 else 0)
    frame = read(at, _HEAD_BYTES)
    for _ in range(_MOST_PADDING):
        if frame[:1] != b"\0":
            break
        at += len(frame) - len(frame.lstrip(b"\0"))  # padding that the tag does not count
        frame = read(at, _HEAD_BYTES)
    first = struct.unpack_from(">I", frame)[0]
    version, layer, mono = first >> 19 & 3, first >> 17 & 3, first >> 6 & 3 == 3
    if first >> 21 != 0x7FF or layer != 1 or version == 1:
        return None
    rate_hz = _SAMPLING_HZ[version][first >> 10 & 3]
    kbps = _RATES_KBPS[1 if version == 3 else 2][first >> 12 & 15]
    samples = 1152 if version == 3 else 576
    side = {(3, False): 32, (3, True): 17, (2, False): 17}.get(
        (2 if version == 0 else version, mono), 9
    )
    mark = frame[4 + side : 8 + side]
    if mark in {b"Xing", b"Info"} and frame[11 + side] & 1:
        frames = struct.unpack_from(">I", frame, 12 + side)[0]
        return float(frames * samples / rate_hz)
    if frame[36:40] == b"VBRI":
        return float(struct.unpack_from(">I", frame, 50)[0] * samples / rate_hz)
    return (size_bytes - at) * 8 / (kbps * 1000) if kbps else None


def _ogg(head: bytes, read: Read, size_bytes: int) -> float | None:
    body = head[27 + head[26] :]
    skipped = 0
    if body.startswith(b"OpusHead"):
        skipped, rate_hz = struct.unpack_from("<H", body, 10)[0], 48_000
    elif body.startswith(b"\x01vorbis"):
        rate_hz = struct.unpack_from("<I", body, 12)[0]
    else:
        return None
    tail = read(max(size_bytes - _TAIL_BYTES, 0), _TAIL_BYTES)
    last = tail.rfind(b"OggS")
    if last < 0:
        return None
    granule = int(struct.unpack_from("<q", tail, last + 6)[0])
    return max(granule - skipped, 0) / rate_hz if granule >= 0 else None


def _mp4(read: Read, size_bytes: int) -> float | None:
    at = _box(read, b"moov", 0, size_bytes)
    if at is None:
        return None
    start, end = at
    found = _box(read, b"mvhd", start, end)
    if found is None:
        return None
    body = read(found[0], 32)
    if body[0] == 1:
        scale, length = struct.unpack_from(">IQ", body, 20)
    else:
        scale, length = struct.unpack_from(">II", body, 12)
    return float(length / scale)


def _box(read: Read, name: bytes, at: int, end: int) -> tuple[int, int] | None:
    """Give where a box's contents begin and end; None where it is not."""
    for _ in range(_MOST_BOXES):
        if at + 8 > end:
            return None
        head = read(at, 16)
        length, found = struct.unpack_from(">I4s", head)
        body = at + 8
        if length == 1:
            length, body = struct.unpack_from(">Q", head, 8)[0], at + 16
        elif length == 0:
            length = end - at
        if found == name:
            return body, min(at + length, end)
        if length < 8:
            return None
        at += length
    return None


def _wav(read: Read, size_bytes: int) -> float | None:
    at, per_second = 12, 0
    for _ in range(_MOST_BOXES):
        name, length = struct.unpack_from("<4sI", read(at, 8))
        if name == b"fmt ":
            per_second = struct.unpack_from("<I", read(at + 8, 16), 8)[0]
        elif name == b"data":
            return float(min(length, size_bytes - at - 8) / per_second)
        at += 8 + length + length % 2
    return None
