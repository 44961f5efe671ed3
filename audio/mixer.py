"""The mixer: streams of blocks laid on a slot's timeline; memory does not grow with length.

Everything is mono float32 at MIX_RATE in blocks of BLOCK samples, full scale 1. A stream can
be read again from the start, because mastering needs several passes: a short one is kept, a
long one is made anew.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.elastic import Piece
from audio.resampling import Block, reblocked
from audio.sounds import silent
from audio.timeline import BedPlan, Placed
from programme.errors import ExitCode, ProductionError
from programme.sound import EDGE, MIX_RATE
from programme.units import Samples

BLOCK = 14_400
"""300 ms: half a grid step."""
KEEP = Samples(120 * MIX_RATE)
"""A stream up to two minutes is kept between passes: 23 MB."""
_EDGE_FADE = 96
"""2 ms at both ends of every sound, so that none begins or ends with a click."""
_QUIETEST = 10 ** (-60 / 20)
"""A take or sound whose highest sample is below -60 dBFS is silent."""
_SLACK = MIX_RATE // 50
"""How far a sound's length may be from what was said of it: 20 ms."""


class Replay:
    """A stream of blocks that can be read again and again."""

    def __init__(self, make: Callable[[], Iterator[Block]], samples: Samples) -> None:
        self._make = make
        self._kept: list[Block] | None = None
        self.samples = samples
        self.keeps = samples <= KEEP
        """Whether it is short enough to be kept."""

    def __iter__(self) -> Iterator[Block]:
        """Give the stream from its start."""
        if self._kept is not None:
            return iter(self._kept)
        if not self.keeps:
            return self._make()
        kept = list(self._make())
        self._kept = kept
        # What it was made from may be forgotten now.
        self._make = lambda: iter(kept)
        return iter(kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One sound on the timeline."""

    placed: Placed
    read: Callable[[], Iterator[Block]]
    """Opens it; blocks of any size."""
    where: str
    """What it is, for messages."""
    gain: float = 1.0


def lay(events: Sequence[Event], total: Samples) -> Iterator[Block]:
    """Give a whole slot's blocks with sounds laid where they belong, silence elsewhere.

    Args:
        events: in order of their starts; they may overlap.
        total: length of the slot.

    Raises:
        ProductionError: a sound is silent, is not a number, or is not as long as was said.
    """
    waiting = list(reversed(events))
    playing: list[_Player] = []
    for start in range(0, total, BLOCK):
        size = min(BLOCK, total - start)
        block = np.zeros(size, dtype=np.float32)
        while waiting and waiting[-1].placed.start < start + size:
            playing.append(_Player(waiting.pop()))
        for player in playing:
            player.add_to(block, start)
        playing = [player for player in playing if not player.done]
        yield block


class _Player:
    """One event while it sounds."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self._blocks = reblocked(event.read(), BLOCK)
        self._held = np.zeros(0, dtype=np.float32)
        self._given = 0
        self._peak = 0.0
        self.done = False

    def add_to(self, block: Block, start: int) -> None:
        """Add what falls into a block that begins at a point of the timeline."""
        placed = self._event.placed
        at = placed.start + self._given - start
        size = min(len(block) - at, placed.samples - self._given)
        part = self._next(size)
        self._fade(part)
        block[at : at + size] += part * np.float32(self._event.gain)
        self._given += size
        if self._given == placed.samples:
            self._end()

    def _next(self, size: int) -> Block:
        while len(self._held) < size:
            block = next(self._blocks, None)
            if block is None:
                missing = size - len(self._held)
                if missing > _SLACK:
                    raise self._changed()
                block = np.zeros(missing, dtype=np.float32)
            self._held = np.concatenate([self._held, block])
        part, self._held = self._held[:size].copy(), self._held[size:]
        high = float(np.abs(part).max()) if size else 0.0
        if not math.isfinite(high):
            raise ProductionError(
                "the sound holds samples that are not numbers",
                where=self._event.where,
                remedy="make or record it again",
                code=ExitCode.SOUND,
            )
        self._peak = max(self._peak, high)
        return part

    def _fade(self, part: Block) -> None:
        """Ramp the first and the last two milliseconds of the sound."""
        length = self._event.placed.samples
        if self._given >= _EDGE_FADE and self._given + len(part) <= length - _EDGE_FADE:
            return
        at = np.arange(self._given, self._given + len(part))
        edge = np.minimum(at + 1, length - at) / _EDGE_FADE
        part *= np.minimum(edge, 1.0).astype(np.float32)

    def _end(self) -> None:
        self.done = True
        rest = len(self._held) + sum(len(block) for block in self._blocks)
        if rest > _SLACK:
            raise self._changed()
        if self._peak < _QUIETEST:
            raise silent(self._event.where)

    def _changed(self) -> ProductionError:
        return ProductionError(
            "the sound is not as long as it was when the slot was planned",
            where=self._event.where,
            remedy="build again; if this comes back, delete the workspace's .altavoz folder",
            code=ExitCode.SOUND,
        )


def bed_blocks(plan: BedPlan, pcm: Block, gain: float, total: Samples) -> Iterator[Block]:
    """Give a whole slot's blocks of the bed, made as long as its plan says, ducked and faded.

    Args:
        plan: where it lies, what of it is heard when, and how its gain moves.
        pcm: the sound.
        gain: linear; brings the sound to its level under speech.
        total: length of the slot.
    """
    first, last = plan.placed.start, plan.placed.end
    for start in range(0, total, BLOCK):
        size = min(BLOCK, total - start)
        block = np.zeros(size, dtype=np.float32)
        low, high = max(start, first), min(start + size, last)
        if low < high:
            part = _pieced(plan.pieces, pcm, low - first, high - first)
            part *= _bed_level(plan, low, high, gain)
            block[low - start : high - start] = part
        yield block


def _bed_level(plan: BedPlan, low: int, high: int, gain: float) -> Block | np.float32:
    """Give the gain of a stretch of a bed; one figure where nothing moves, as mostly."""
    level = _ducked(plan, low, high)
    if level is None or _fades(plan, low, high):
        return (gain * bed_gain(plan, low, high)).astype(np.float32)
    return np.float32(gain * 10 ** (level / 20))


def _pieced(pieces: Sequence[Piece], pcm: Block, low: int, high: int) -> Block:
    """Give a bed's sound from one of its samples to before another; crossfades of equal power."""
    found = np.zeros(high - low, dtype=np.float32)
    # The piece before may still be fading out.
    number = bisect_right(pieces, low, key=_start) - 1
    for piece in pieces[max(0, number - 1) :]:
        if piece.at >= high:
            break
        start, end = max(low, piece.at), min(high, piece.end)
        if start >= end:
            continue
        source = piece.source - piece.at
        part = pcm[source + start : source + end].astype(np.float32, copy=True)
        at = np.arange(start, end)
        if start < piece.at + piece.fade_in:
            part *= _equal_power((at - piece.at + 0.5) / piece.fade_in)
        if end > piece.end - piece.fade_out:
            part *= _equal_power((piece.end - at - 0.5) / piece.fade_out)
        found[start - low : end - low] += part
    return found


def _start(piece: Piece) -> int:
    return piece.at


def _equal_power(way: NDArray[np.float64]) -> Block:
    curve: Block = np.sin(np.pi / 2 * np.clip(way, 0.0, 1.0)).astype(np.float32)
    return curve


def bed_gain(plan: BedPlan, low: int, high: int) -> NDArray[np.float64]:
    """Give the bed's linear gain from one sample to before another, both within the bed.

    The ducking is straight in dB; the fades are raised cosines.
    """
    at = np.arange(low, high)
    level = _ducked(plan, low, high)
    if level is not None:
        gain = np.full(high - low, 10 ** (level / 20))
    else:
        corners, levels = zip(*plan.curve, strict=True)
        # A power of e, of which numpy makes several at once; of ten it makes one after another.
        gain = np.exp(np.interp(at, corners, levels) * (math.log(10) / 20))
    if low < plan.placed.start + plan.fade_in:
        gain *= _cosine((at - plan.placed.start) / plan.fade_in)
    if high > plan.placed.end - plan.fade_out:
        gain *= _cosine((plan.placed.end - 1 - at) / plan.fade_out)
    return gain


def _ducked(plan: BedPlan, low: int, high: int) -> float | None:
    """Give the level in dB, before fades, where it is the same from one sample to another."""
    before = [level for corner, level in plan.curve if corner <= low]
    inside = [level for corner, level in plan.curve if low < corner < high]
    after = next((level for corner, level in plan.curve if corner >= high), plan.curve[-1][1])
    return after if not inside and before and before[-1] == after else None


def _fades(plan: BedPlan, low: int, high: int) -> bool:
    placed = plan.placed
    return low < placed.start + plan.fade_in or high > placed.end - plan.fade_out


def _cosine(way: NDArray[np.float64]) -> NDArray[np.float64]:
    curve: NDArray[np.float64] = 0.5 - 0.5 * np.cos(np.pi * np.clip(way, 0.0, 1.0))
    return curve


def mix(tracks: Sequence[tuple[Iterable[Block], float]], total: Samples) -> Iterator[Block]:
    """Add tracks of equal blocks, each with a linear gain; both ends become true silence.

    Raises:
        ProductionError: the sum holds samples that are not numbers.
    """
    gains = [np.float32(gain) for _, gain in tracks]
    for number, blocks in enumerate(zip(*(blocks for blocks, _ in tracks), strict=True)):
        start = number * BLOCK
        block = blocks[0] * gains[0]
        for other, gain in zip(blocks[1:], gains[1:], strict=True):
            block += other * gain
        if start < EDGE:
            block[: EDGE - start] = 0.0
        if start + len(block) > total - EDGE:
            block[max(0, total - EDGE - start) :] = 0.0
        if not math.isfinite(float(block.max()) - float(block.min())):
            raise ProductionError(
                "the mix holds samples that are not numbers",
                remedy="report this with the files that were mixed",
                code=ExitCode.SOUND,
            )
        yield block
