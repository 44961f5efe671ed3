"""Opus as slots and as whole Ogg files: packets that begin and end in silence.

RFC 6716 (codec), RFC 7845 (Ogg Opus), RFC 3533 (Ogg). A slot is coded (audio/opus_slots.py) with
silence before and behind; the packets before it are dropped, the first one behind it is kept apart:
it brings out the last samples when the slot is the last of a file.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from audio.coded_faults import spoilt
from programme.profiles import RenditionSpec
from programme.sound import MIX_RATE
from programme.units import Hz, Samples

PRE_SKIP = 312
"""The encoder's look-ahead at 48 kHz, which a decoder drops (RFC 7845 section 4.2)."""
_LOST = ((16, 0.5), (24, 0.35), (32, 0.3))
_SERIAL = 0x416C7476
"""Fixed, so that the same sound gives the same bytes."""
_VENDOR = "Altavoz"
_PAGE_PACKETS_MS = 1_000
_MAX_SEGMENTS = 255
_REVERSED = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))


def packet_samples(spec: RenditionSpec) -> Samples:
    """Give the length of a packet at MIX_RATE.

    60 ms at 16 kbit/s and below, where headers weigh (18.0 becomes 15.1 kbit/s), else 20 ms.
    """
    return Samples(2_880 if spec.kbps <= 16 else 960)


def opus_headroom(spec: RenditionSpec) -> float:
    """Tell how many dB a decoder is likely to show above the master's true peak.

    Chosen by attempts on 28 slots of speech over a bed in seven languages and texts, at 24
    kbit/s with a held bit rate: with 0.9 dB a slot was coded up to 8 times until no moment was
    over, with 3.2 dB once or twice.
    """
    return 3.0 + lost_db(spec)


def lost_db(spec: RenditionSpec) -> float:
    """Tell how much quieter speech is decoded than it was coded, for want of bits.

    Measured on synthetic speech with a bed: 0.52 LU at 16 kbit/s, 0.38 at 24, 0.30 at 32,
    0.00 at 64. It is given back before coding.
    """
    return next((loss for kbps, loss in _LOST if spec.kbps <= kbps), 0.0)


def read_packets(slot: Path) -> list[bytes]:
    """Read the packets of a slot; the last one is the one behind it.

    Raises:
        ProductionError: the file is missing, cut or empty.
    """
    try:
        data = slot.read_bytes()
    except FileNotFoundError as error:
        raise spoilt("The coded sound of a slot is missing", str(slot)) from error
    packets, at, end = [], 0, len(data)
    while at + 2 < end:
        begin = at + 2
        at = begin + (data[at] | data[at + 1] << 8)
        packets.append(data[begin:at])
    # One that is cut ends behind the file, one without a byte is none.
    if at != end or len(packets) < 2 or not all(packets):
        raise spoilt("The coded sound of a slot is cut", str(slot))
    return packets


def join_opus(
    spec: RenditionSpec,
    slots: Sequence[Path],
    samples: Samples,
    comments: Sequence[tuple[str, str]],
) -> Iterator[bytes]:
    """Give a whole Ogg Opus file from the packets of its slots.

    Args:
        spec: the rendition.
        slots: the slots' files in order.
        samples: length of all slots together.
        comments: tags as key and value, in order.

    Raises:
        ProductionError: a slot's file is missing or damaged, or the lengths do not add up.
    """
    size = packet_samples(spec)
    pages = _Pages()
    yield pages.page([opus_head(spec.rate_hz)], granule=0, first=True)
    yield from pages.spread(opus_tags(comments))
    per_page = _PAGE_PACKETS_MS * (MIX_RATE // 1000) // size
    waiting: list[bytes] = []
    done = 0
    tail = b""
    for slot in slots:
        *packets, tail = read_packets(slot)
        waiting += packets
        # A page is closed when another packet follows: the last one takes the tail, too.
        at = 0
        while len(waiting) - at > per_page:
            whole = _that_fit(waiting[at : at + per_page])
            at += len(whole)
            yield pages.page(whole, granule=(done + at) * size)
        del waiting[:at]
        done += at
    while len(whole := _that_fit(waiting)) < len(waiting):
        del waiting[: len(whole)]
        done += len(whole)
        yield pages.page(whole, granule=done * size)
    if (done + len(waiting)) * size != samples:
        raise spoilt(
            f"The coded slots are {(done + len(waiting)) * size} samples, the edition {samples}",
            str(slots[0].parent) if slots else "",
        )
    if len(_lacing([*waiting, tail])) > _MAX_SEGMENTS:
        done += len(waiting)
        yield pages.page(waiting, granule=done * size)
        waiting = []
    yield pages.page([*waiting, tail], granule=samples + PRE_SKIP, last=True)


def _lacing(packets: Sequence[bytes]) -> bytes:
    """Give the segment table of packets (RFC 3533 section 6): 255 until a lesser one ends each."""
    lengths = list(map(len, packets))
    if max(lengths, default=0) < 255:  # nearly always: this is done 50 times a second of sound
        return bytes(lengths)
    return b"".join(b"\xff" * (length // 255) + bytes([length % 255]) for length in lengths)


def _that_fit(packets: list[bytes]) -> list[bytes]:
    """Give the first packets, as many as one page's segment table holds."""
    count = len(packets)
    if max(map(len, packets), default=0) < 255 and count <= _MAX_SEGMENTS:  # nearly always
        return packets
    laced = len(_lacing(packets))
    while laced > _MAX_SEGMENTS and count > 1:
        count -= 1
        laced -= len(packets[count]) // 255 + 1
    return packets[:count]


def opus_head(rate_hz: Hz = MIX_RATE) -> bytes:
    """Give the identification header (RFC 7845 section 5.1): mono, no output gain.

    Args:
        rate_hz: of the sound before it was coded, for show: every decoder gives 48 kHz.
    """
    return b"OpusHead" + struct.pack("<BBHIhB", 1, 1, PRE_SKIP, rate_hz, 0, 0)


def opus_tags(comments: Sequence[tuple[str, str]]) -> bytes:
    """Give the comment header (RFC 7845 section 5.2); no padding."""
    vendor = _VENDOR.encode()
    data = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor
    data += struct.pack("<I", len(comments))
    for key, value in comments:
        entry = f"{key}={value}".encode()
        data += struct.pack("<I", len(entry)) + entry
    return data


class _Pages:
    """Numbers pages and sums them up (RFC 3533 section 6)."""

    def __init__(self) -> None:
        self._number = 0

    def page(
        self, packets: Sequence[bytes], *, granule: int, first: bool = False, last: bool = False
    ) -> bytes:
        """Give a page of whole packets."""
        return self._bytes(_lacing(packets), b"".join(packets), granule, first * 2 | last * 4)

    def spread(self, packet: bytes) -> Iterator[bytes]:
        """Give one packet over as many pages as it needs."""
        lacing = b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])
        for start in range(0, len(lacing), _MAX_SEGMENTS):
            part = lacing[start : start + _MAX_SEGMENTS]
            body = packet[start * 255 : start * 255 + sum(part)]
            ends = start + _MAX_SEGMENTS >= len(lacing)
            # A page on which no packet ends has no position (RFC 3533: -1).
            yield self._bytes(part, body, 0 if ends else -1, 1 if start else 0)

    def _bytes(self, lacing: bytes, body: bytes, granule: int, flags: int) -> bytes:
        head = struct.pack("<4sBBqIII", b"OggS", 0, flags, granule, _SERIAL, self._number, 0)
        self._number += 1
        page = head + bytes([len(lacing)]) + lacing + body
        return page[:22] + struct.pack("<I", ogg_checksum(page)) + page[26:]


def ogg_checksum(page: bytes) -> int:
    """Give the CRC-32 of a page whose checksum field is zero (RFC 3533 section 6).

    Polynomial 0x04C11DB7, most significant bit first, start 0: zlib's CRC over the bits of
    each byte in reverse, without its inversions.
    """
    reflected = zlib.crc32(page.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(reflected.to_bytes(4, "little").translate(_REVERSED), "big")
