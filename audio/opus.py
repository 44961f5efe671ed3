"""Opus as slots and as whole Ogg files: packets that begin and end in silence.

RFC 6716 (codec), RFC 7845 (Ogg Opus), RFC 3533 (Ogg). A slot is coded with silence before and
behind; the packets before it are dropped, the first one behind it is kept apart: it brings
out the last samples when the slot is the last of a file.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np

from audio.decoded import Decoded, DecodedMeter, samples_of
from audio.resampling import Block
from programme.errors import ExitCode, ProductionError
from programme.profiles import RenditionSpec
from programme.sound import MIX_RATE
from programme.units import Dbtp, Hz, Samples

RUN_IN = 4
"""Silent packets before a slot; two are enough for the decoder to settle (notes/speed.md)."""
PRE_SKIP = 312
"""The encoder's look-ahead at 48 kHz, which a decoder drops (RFC 7845 section 4.2)."""
# Free variable rate doubles 24 kbit/s where music plays (41 were measured): whoever pays for each
# megabyte is promised the figure, so the rate is held ("constrained": within a frame or so).
_APPLICATION = "audio"
"""Against "voip": ESTOI of synthetic speech with and without a bed is 0.011 to 0.015 higher at
16 and 24 kbit/s, at the same size."""
_WIDE = Hz(16_000)
_WIDE_BAND = "8000"
"""At this rate the coder is held to 8 kHz ("wide band", RFC 6716 section 2), the band of a voice
message. Left to itself it spends bits above: ESTOI of synthetic speech at 16 kbit/s and 60 ms is
0.98 held and 0.95 not (Spanish and English alike); over a bed in a finished edition 0.85, 0.83."""
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
    return 3.0 + _lost_db(spec)


def _lost_db(spec: RenditionSpec) -> float:
    """Tell how much quieter speech is decoded than it was coded, for want of bits.

    Measured on synthetic speech with a bed: 0.52 LU at 16 kbit/s, 0.38 at 24, 0.30 at 32,
    0.00 at 64. It is given back before coding.
    """
    return next((loss for kbps, loss in _LOST if spec.kbps <= kbps), 0.0)


class OpusSlotCoder:
    """Codes one slot into a file of packets, each with its length before it (u16, little-endian).

    The last packet of the file is the one behind the slot.
    """

    def __init__(
        self, spec: RenditionSpec, samples: Samples, file: BinaryIO, *, most: Dbtp
    ) -> None:
        self._size = packet_samples(spec)
        packets, rest = divmod(samples, self._size)
        if rest:
            raise ValueError(f"a slot of {samples} samples is not whole Opus packets")
        self._owed = packets + 1
        self._skip = RUN_IN
        self._file = file
        context = av.CodecContext.create("libopus", "w")
        context.sample_rate = MIX_RATE
        context.layout = "mono"
        context.format = "flt"
        context.bit_rate = spec.kbps * 1000
        context.options = {
            "application": _APPLICATION,
            "vbr": "constrained",
            "frame_duration": str(self._size * 1000 // MIX_RATE),
        }
        if spec.rate_hz == _WIDE:
            context.options |= {"cutoff": _WIDE_BAND}
        context.open()
        self._context = context
        self._gain = np.float32(10 ** (_lost_db(spec) / 20))
        self._decoder = av.CodecContext.create("opus", "r")
        self._decoder.extradata = opus_head()
        # FFmpeg drops the pre-skip by itself: what it gives is the slot from its first sample on.
        self._meter = DecodedMeter(MIX_RATE, samples, most=most)
        self._pending = np.zeros(0, dtype=np.float32)
        self.push(np.zeros(RUN_IN * self._size, dtype=np.float32))

    def push(self, block: Block) -> None:
        """Take the next samples at MIX_RATE."""
        signal = np.concatenate([self._pending, block * self._gain])
        whole = len(signal) // self._size * self._size
        for start in range(0, whole, self._size):
            frame = av.AudioFrame.from_ndarray(
                signal[None, start : start + self._size], format="flt", layout="mono"
            )
            frame.sample_rate = MIX_RATE
            for packet in self._context.encode(frame):
                self._keep(bytes(packet))
        self._pending = signal[whole:]

    def finish(self) -> Decoded:
        """Write the last packets; give what a player decodes of the slot.

        Raises:
            ProductionError: the encoder gave fewer packets than the slot has.
        """
        self.push(np.zeros(2 * self._size, dtype=np.float32))
        for packet in self._context.encode(None):
            self._keep(bytes(packet))
        if self._owed:
            raise _broken("The Opus encoder gave fewer packets than it was asked for", "")
        return self._meter.finish()

    def _keep(self, packet: bytes) -> None:
        if self._skip:
            self._skip -= 1
        elif self._owed:
            self._owed -= 1
            self._file.write(struct.pack("<H", len(packet)) + packet)
            for frame in self._decoder.decode(av.Packet(packet)):
                self._meter.push(samples_of(frame))


def read_packets(slot: Path) -> list[bytes]:
    """Read the packets of a slot; the last one is the one behind it.

    Raises:
        ProductionError: the file is missing, cut or empty.
    """
    try:
        data = slot.read_bytes()
    except FileNotFoundError as error:
        raise _broken("The coded sound of a slot is missing", str(slot)) from error
    packets, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "little")
        packet = data[at + 2 : at + 2 + length]
        at += 2 + length
        if not packet or len(packet) < length:
            raise _broken("The coded sound of a slot is cut", str(slot))
        packets.append(packet)
    if len(packets) < 2:
        raise _broken("The coded sound of a slot is cut", str(slot))
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
    laced = done = 0
    tail = b""
    for slot in slots:
        *packets, tail = read_packets(slot)
        for packet in packets:
            need = len(packet) // 255 + 1
            if len(waiting) == per_page or laced + need > _MAX_SEGMENTS:
                done += len(waiting)
                yield pages.page(waiting, granule=done * size)
                waiting, laced = [], 0
            waiting.append(packet)
            laced += need
    if (done + len(waiting)) * size != samples:
        raise _broken(
            f"The coded slots are {(done + len(waiting)) * size} samples, the edition {samples}",
            str(slots[0].parent) if slots else "",
        )
    if laced + len(tail) // 255 + 1 > _MAX_SEGMENTS:
        done += len(waiting)
        yield pages.page(waiting, granule=done * size)
        waiting = []
    yield pages.page([*waiting, tail], granule=samples + PRE_SKIP, last=True)


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
        lacing = b"".join(b"\xff" * (len(p) // 255) + bytes([len(p) % 255]) for p in packets)
        return self._bytes(lacing, b"".join(packets), granule, first * 2 | last * 4)

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


def _broken(problem: str, where: str) -> ProductionError:
    return ProductionError(
        problem,
        where=where,
        remedy="delete the workspace's .altavoz folder and build again",
        code=ExitCode.SOUND,
    )
