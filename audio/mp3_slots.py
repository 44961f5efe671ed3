"""A slot as MP3 frames that decode under a peak: what would be over is coded again where it stands.

Every frame stands for itself, so a stretch of a slot is coded apart, from the true sound before and
behind it, and put in the place of its frames; two frames of run-in make that as good as one
encoding (notes/speed.md). What is given gives way at the peak for a few hundredths of a second
(audio/dips.py). Frames are decoded and looked at group by group while this is still possible; what
is written is what was decoded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

import av
import numpy as np
import soxr
from av.audio.codeccontext import AudioCodecContext

from audio.coded_faults import miscoded
from audio.decoded import Decoded, DecodedMeter, samples_of
from audio.dips import SIDE, Dip
from audio.lame import mp3_encoder
from audio.mending import Mender
from audio.mp3 import DECODER_DELAY, DELAY, FrameLayout, check_frames, frame_layout
from audio.peaks import PeakMark
from audio.resampling import Block
from programme.profiles import RenditionSpec
from programme.sound import MIX_RATE
from programme.units import Dbtp, Samples

RUN_IN = 4
"""Frames before and behind what is coded; two are enough (notes/speed.md), four cost nothing."""
_GROUP = 32
"""Frames that are decoded and looked at together: of less, numpy takes longer to begin than to
look."""
_AHEAD = 14
"""Frames that are coded already when a group is looked at: a dip and what is coded around it reach
no further behind it."""
_HELD = 1
"""Groups before it that can be changed: what is coded around a dip reaches no further."""
_AROUND = 2
"""Frames before and behind a dip that are coded with it."""
_SEAMS = 3
"""Frames further out of which one must suit as a seam."""
_SETTLE = 3
"""Frames that a decoder needs before what it gives is right: it overlaps two, and filters."""
_TRIES = 4
_WINDOW = {17: (18 + 33, 18 + 59 + 33), 9: (9 + 38,)}
"""Where the three bits of each granule's window begin in the side information (ISO/IEC 11172-3 and
13818-3, clause 2.4.1.7), by its length in bytes: of MPEG-1, and of the lower rates of MPEG-2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Frames that were looked at and may still be changed."""

    first: int
    count: int
    peaks: PeakMark
    """What was known before it."""
    decoded: Block


class _Held:
    """The last part of a stream, by its places in the whole; silence where nothing is."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._start = 0

    def add(self, block: Block) -> None:
        """Take what follows."""
        self._blocks.append(block)

    def part(self, start: int, end: int) -> Block:
        """Give a stretch that was not forgotten."""
        signal = np.concatenate([np.zeros(0, dtype=np.float32), *self._blocks])
        low, high = start - self._start, end - self._start
        part = signal[max(0, low) : max(0, high)]
        before = min(max(0, -low), end - start)
        return np.pad(part, (before, end - start - before - len(part)))

    def forget(self, before: int) -> None:
        """Let go of blocks that lie before a place."""
        while self._blocks and self._start + len(self._blocks[0]) <= before:
            self._start += len(self._blocks.pop(0))


class Mp3SlotCoder:
    """Codes one slot into a file of bare frames."""

    def __init__(
        self, spec: RenditionSpec, samples: Samples, file: BinaryIO, *, most: Dbtp
    ) -> None:
        self._spec = spec
        self._layout = frame_layout(spec.rate_hz, spec.kbps)
        self._total, rest = divmod(samples, self._layout.grid)
        if rest:
            raise ValueError(f"a slot of {samples} samples is not whole MP3 frames")
        self._encoder = mp3_encoder(spec.rate_hz, spec.kbps)
        self._resampler = (
            soxr.ResampleStream(MIX_RATE, spec.rate_hz, 1, dtype="float32", quality="HQ")
            if spec.rate_hz != MIX_RATE
            else None
        )
        self._file = file
        self._decoder = _decoder()
        self._meter = DecodedMeter(
            spec.rate_hz,
            samples,
            late=DELAY + DECODER_DELAY,
            # Without an Info frame players play the delay too: a meter's steps lie elsewhere.
            delayed=spec.plain,
            most=most,
        )
        self._skip = RUN_IN * self._layout.size
        self._pending = b""
        self._held = _Held()
        self._mender = Mender(self._meter, rate_hz=spec.rate_hz, tries=_TRIES)
        self._frames: list[bytes] = []
        """Coded; the first of them is number ``_first`` of the slot."""
        self._first = 0
        self._seen = 0
        self._written = 0
        self._groups: list[_Group] = []
        self._silence = np.zeros(RUN_IN * self._layout.grid, dtype=np.float32)
        # Of the slot itself places are counted: what is silent before it lies before nought.
        self._before = RUN_IN * self._layout.samples
        self.push(self._silence)

    def push(self, block: Block) -> None:
        """Take the next samples at MIX_RATE.

        Raises:
            ProductionError: the encoder gave frames that lean on others or cannot be decoded.
        """
        self._feed(block, last=False)
        while self._first + len(self._frames) - self._seen >= _GROUP + _AHEAD:
            self._look(_GROUP)

    def finish(self) -> Decoded:
        """Write the last frames; give what a player decodes of the slot.

        Raises:
            ProductionError: the encoder gave fewer frames than the slot has, or frames that
                lean on others or cannot be decoded.
        """
        self._feed(self._silence, last=True)
        self._keep(self._encoder.flush())
        if self._first + len(self._frames) < self._total:
            raise miscoded("The MP3 encoder gave fewer frames than it was asked for")
        while self._seen < self._total:
            self._look(min(_GROUP, self._total - self._seen))
        self._write(0)
        return self._meter.finish()

    def _feed(self, block: Block, *, last: bool) -> None:
        if self._resampler is not None:
            block = self._resampler.resample_chunk(block, last=last)
        skipped = min(self._before, len(block))
        self._before -= skipped
        self._held.add(block[skipped:])
        self._keep(self._encoder.encode(block))

    def _keep(self, data: bytes) -> None:
        """Take whole frames of the slot from what the encoder gives."""
        size = self._layout.size
        data = self._pending + data
        whole = len(data) // size * size
        data, self._pending = data[:whole], data[whole:]
        check_frames(data, self._layout, where="")
        dropped = min(self._skip, len(data))
        self._skip -= dropped
        room = self._total - self._first - len(self._frames)
        self._frames += _cut(data[dropped : dropped + room * size], size)

    def _look(self, count: int) -> None:
        """Decode the next frames and look at them; mend what is over, write what is settled."""
        self._decode(self._seen, count)
        self._seen += count
        self._mender.mend(self._coded_again)
        self._write(_HELD)

    def _decode(self, first: int, count: int) -> None:
        mark = self._meter.peaks.mark()
        at = first - self._first
        decoded = _decoded(self._decoder, self._frames[at : at + count])
        self._meter.peaks.push(decoded)
        self._groups.append(_Group(first=first, count=count, peaks=mark, decoded=decoded))

    def _write(self, held: int) -> None:
        """Write all groups but so many of the last."""
        while len(self._groups) > held:
            group = self._groups.pop(0)
            at = group.first - self._first
            self._file.write(b"".join(self._frames[at : at + group.count]))
            self._meter.hear(group.decoded)
            self._written = group.first + group.count
        # A decoder that begins anew needs some frames before what is held, an encoder some more.
        keep = max(self._first, self._written - _SETTLE)
        del self._frames[: keep - self._first]
        self._first = keep
        place = (self._written - RUN_IN - 2) * self._layout.samples
        self._held.forget(place)
        self._mender.forget(place * MIX_RATE // self._spec.rate_hz)

    def _coded_again(self, dips: Sequence[Dip]) -> bool:
        """Put frames with dips in the place of those they reach into; False where none suits."""
        changed = self._replaced(dips[0].start - SIDE, dips[-1].end + SIDE)
        if changed is not None:
            self._again(changed)
        return changed is not None

    def _again(self, changed: int) -> None:
        """Decode and look again from the group in which a frame was changed."""
        number = next(n for n, one in enumerate(self._groups) if one.first + one.count > changed)
        again = self._groups[number:]
        del self._groups[number:]
        self._meter.peaks.back(again[0].peaks)
        self._decoder = _decoder()
        at = again[0].first - self._first
        _decoded(self._decoder, self._frames[max(0, at - _SETTLE) : at])
        for group in again:
            self._decode(group.first, group.count)

    def _replaced(self, start: int, end: int) -> int | None:
        """Code a stretch apart and put its frames in place; give the first of them.

        Args:
            start: of what changed, in samples at MIX_RATE from the slot's start.
            end: of it.

        Returns:
            None where no frame suits as a seam.
        """
        size, rate_hz = self._layout.samples, self._spec.rate_hz
        low = start * rate_hz // MIX_RATE // size - _AROUND
        high = (end * rate_hz // MIX_RATE + DELAY + DECODER_DELAY) // size + _AROUND
        last = self._first + len(self._frames) - 1
        begin = max(low - _SEAMS - 1, self._written - 1, 0)
        fresh = self._coded_apart(begin, min(high + _SEAMS + 1, last))

        def suits(number: int) -> bool:
            """Tell whether a frame is the same sound in the same windows, old or fresh."""
            if number in {-1, self._total}:
                return True
            at = number - begin
            return (
                0 <= at < len(fresh)
                and number >= self._first
                and _windows(fresh[at], self._layout)
                == _windows(self._frames[number - self._first], self._layout)
            )

        low, high = max(low, 0), min(high, self._total - 1)
        lows = range(low, max(low - _SEAMS - 1, self._written - 1), -1)
        highs = range(high, min(high + _SEAMS + 1, self._total))
        first = next((number for number in lows if suits(number - 1)), None)
        final = next((number for number in highs if suits(number + 1)), None)
        if first is None or final is None:
            return None
        self._frames[first - self._first : final + 1 - self._first] = fresh[
            first - begin : final + 1 - begin
        ]
        return first

    def _coded_apart(self, first: int, last: int) -> list[bytes]:
        """Code frames of the slot by a new encoder, from the true sound around them."""
        size = self._layout.samples
        start, end = (first - RUN_IN) * size, (last + 1 + RUN_IN) * size
        signal = self._mender.lowered(self._held.part(start, end), start)
        encoder = mp3_encoder(self._spec.rate_hz, self._spec.kbps)
        data = encoder.encode(signal) + encoder.flush()
        frames = _cut(data[: len(data) // self._layout.size * self._layout.size], self._layout.size)
        chosen = frames[RUN_IN : RUN_IN + last + 1 - first]
        check_frames(b"".join(chosen), self._layout, where="")
        return chosen


def _windows(frame: bytes, layout: FrameLayout) -> list[int]:
    """Give the kind of window of each granule of a frame: 0 the long one, else its type and 4."""
    side = int.from_bytes(frame[4 : 4 + layout.side], "big")
    bits = layout.side * 8
    return [
        side >> bits - at - 3 & 7 if side >> bits - at - 1 & 1 else 0 for at in _WINDOW[layout.side]
    ]


def _cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def _decoder() -> AudioCodecContext:
    return cast("AudioCodecContext", av.CodecContext.create("mp3float", "r"))


def _decoded(decoder: AudioCodecContext, frames: list[bytes]) -> Block:
    """Decode the next frames, all in one packet: FFmpeg takes one after another from it.

    Raises:
        ProductionError: one of them cannot be decoded; FFmpeg leaves it out and says nothing.
    """
    if not frames:
        return np.zeros(0, dtype=np.float32)
    found = decoder.decode(av.Packet(b"".join(frames)))
    if len(found) != len(frames):
        raise miscoded("The MP3 encoder gave a frame that cannot be decoded")
    return np.concatenate([samples_of(frame) for frame in found])
