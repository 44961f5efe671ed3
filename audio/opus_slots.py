"""A slot as Opus packets that decode under a peak: what would be over is coded again at once.

The coder works group by group. What it gives is decoded and looked at while it can still go back:
where a moment is over, the sound gives way there for a few hundredths of a second (audio/dips.py)
and the packets from just before it are coded again. The stream stays one stream of one encoder, so
that nothing is heard of it but the dip; a slot of a minute is not coded again for a click.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from audio.coded_faults import miscoded
from audio.decoded import Decoded, DecodedMeter
from audio.dips import SIDE, Dip
from audio.libopus import LibopusCodec, OpusSettings, opus_codec, uses_speech_modes
from audio.mending import Mender
from audio.opus import PRE_SKIP, lost_db, opus_head, packet_samples
from audio.peaks import PeakMark
from audio.resampling import Block
from programme.profiles import RenditionSpec
from programme.sound import MIX_RATE
from programme.units import Dbtp, Hz, Samples

RUN_IN = 4
"""Silent packets before a slot; two are enough for the decoder to settle (notes/speed.md)."""
_WIDE = Hz(16_000)
"""At this rate the coder is held to 8 kHz ("wide band", RFC 6716 section 2), the band of a voice
message. Left to itself it spends bits above: ESTOI of synthetic speech at 16 kbit/s and 60 ms is
0.98 held and 0.95 not (Spanish and English alike); over a bed in a finished edition 0.85, 0.83."""
_GROUP = MIX_RATE // 5
"""Samples that are coded, decoded and looked at together, at least: 200 ms. Of less, Python takes
more than is saved where something is coded again."""
_HELD = 1
"""Groups before the last that can be coded again: a dip begins no more than 48 ms before what is
seen with a group."""
_TRIES = 6
"""Attempts for one group; a codec of few bits decides anew each time."""
_APART = 0.5
"""dB: so much, mostly, FFmpeg's decoder and the reference differ where SILK is used: they take its
16 kHz to 48 kHz by other filters. Elsewhere they are alike to 0.01 dB."""


@dataclass(slots=True, kw_only=True)
class _Group:
    """Packets that can still be coded again."""

    start: int
    """In the slot, in samples at MIX_RATE."""
    signal: Block
    """As it was given, without dips."""
    before: NDArray[np.uint8] | None
    """What the coder knew before it; None where it cannot go back."""
    peaks: PeakMark
    packets: list[bytes]
    decoded: Block

    @property
    def end(self) -> int:
        """Give where it ends in the slot."""
        return self.start + len(self.signal)


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
        # And the one behind it, which brings out its last samples.
        self._owed = packets + 1
        self._at_once = -(-_GROUP // self._size) * self._size
        self._file = file
        self._most = most
        settings = OpusSettings(
            bits_per_second=spec.kbps * 1000,
            packet=self._size,
            wide_band=spec.rate_hz == _WIDE,
        )
        self._codec = opus_codec(settings, head=opus_head(), late=PRE_SKIP)
        self._gain = np.float32(10 ** (lost_db(spec) / 20))
        self._meter = DecodedMeter(
            MIX_RATE, samples, late=self._codec.late, most=most, at_once=self._size
        )
        self._groups: list[_Group] = []
        self._mender = Mender(self._meter, tries=_TRIES)
        self._coded = 0
        self._pending = np.zeros(0, dtype=np.float32)
        self._codec.encode(np.zeros(RUN_IN * self._size, dtype=np.float32))

    def push(self, block: Block) -> None:
        """Take the next samples at MIX_RATE."""
        signal = block * self._gain
        if len(self._pending):
            signal = np.concatenate([self._pending, signal])
        whole = len(signal) // self._at_once * self._at_once
        for start in range(0, whole, self._at_once):
            self._take(signal[start : start + self._at_once])
        self._pending = signal[whole:]

    def finish(self) -> Decoded:
        """Write the last packets; give what a player decodes of the slot.

        Raises:
            ProductionError: fewer samples were pushed than the slot has.
        """
        behind = np.concatenate([self._pending, np.zeros(self._size, dtype=np.float32)])
        whole = len(behind) // self._size * self._size
        for start in range(0, whole, self._at_once):
            self._take(behind[start : min(whole, start + self._at_once)])
        self._keep(all_of_it=True)
        if self._owed:
            raise miscoded("The Opus encoder gave fewer packets than it was asked for")
        return self._meter.finish()

    def _take(self, signal: Block) -> None:
        group = _Group(
            start=self._coded,
            signal=signal,
            before=None,
            peaks=self._meter.peaks.mark(),
            packets=[],
            decoded=signal[:0],
        )
        self._groups.append(group)
        self._coded = group.end
        self._code(group)
        if isinstance(self._codec, LibopusCodec):
            self._mender.mend(self._coded_again)
        self._keep(all_of_it=False)

    def _code(self, group: _Group) -> None:
        """Code and decode a group, and look for its peaks."""
        codec, peaks = self._codec, self._meter.peaks
        if isinstance(codec, LibopusCodec):
            group.before = codec.mark()
        group.peaks = peaks.mark()
        group.packets = codec.encode(self._mender.lowered(group.signal, group.start))
        group.decoded = codec.decode(group.packets)
        apart = any(map(uses_speech_modes, group.packets))
        peaks.level(Dbtp(self._most - _APART) if apart else self._most)
        peaks.push(group.decoded)

    def _coded_again(self, dips: Sequence[Dip]) -> bool:
        """Go back to before some dips and code from there; False where that is not possible."""
        reach = dips[0].start - SIDE
        first = next(number for number, group in enumerate(self._groups) if group.end > reach)
        again = self._groups[first:]
        if not isinstance(self._codec, LibopusCodec) or again[0].before is None:
            return False
        self._codec.back(again[0].before)
        self._meter.peaks.back(again[0].peaks)
        for group in again:
            self._code(group)
        return True

    def _keep(self, *, all_of_it: bool) -> None:
        """Write what is not coded again any more."""
        while self._groups and (all_of_it or len(self._groups) > _HELD):
            group = self._groups.pop(0)
            kept = group.packets[: self._owed]
            self._file.write(b"".join(struct.pack("<H", len(one)) + one for one in kept))
            self._owed -= len(kept)
            self._meter.hear(group.decoded)
        oldest = self._groups[0].start if self._groups else self._coded
        self._mender.forget(oldest)
