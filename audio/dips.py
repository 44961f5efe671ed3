"""Short dips of the master's gain where a decoder would peak too high.

A codec of few bits overshoots at single moments, by up to 5 dB at 32 kbit/s, whatever the
master's ceiling. So what was coded is decoded at once, and where it is over, what this codec is
given gives way for a few hundredths of a second and is coded again; the other codecs' files and
the master's figures stay.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.peaks import Over
from audio.resampling import Block
from programme.sound import MIX_RATE
from programme.units import Db, Samples

_NEAR = MIX_RATE // 20
"""Peaks closer than 50 ms share a dip."""
_HOLD = MIX_RATE * 15 // 1000
SIDE = MIX_RATE * 20 // 1000
"""20 ms: the slope on either side of a dip."""
_SPARE = 1.0
"""dB that a dip goes deeper than the excess: the codec decides anew. With 0.3 the next attempt was
often over by a little at the same place."""


DEEPEST = Db(9.0)
"""What is over by more is no codec's overshoot: no dip of a moment mends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dip:
    """A stretch in which the gain is lowered; 20 ms of slope on either side."""

    start: Samples
    end: Samples
    depth: Db


def dips_for(overs: Sequence[Over]) -> list[Dip]:
    """Plan dips for the peaks of one attempt."""
    dips: list[Dip] = []
    for over in sorted(overs, key=lambda over: over.at):
        start, end = over.at - _HOLD, over.at + _HOLD
        depth = Db(over.excess + _SPARE)
        if dips and start - dips[-1].end < _NEAR:
            last = dips.pop()
            start, depth = last.start, max(last.depth, depth)
        dips.append(Dip(start=Samples(start), end=Samples(end), depth=depth))
    return dips


class Dipper:
    """Lowers a stream's gain in its dips, block by block; dips of several attempts add up."""

    def __init__(self, dips: Sequence[Dip]) -> None:
        self._dips = dips
        self._start = 0

    def lower(self, block: Block) -> Block:
        """Give the next block with its dips."""
        start = self._start
        self._start = start + len(block)
        return lowered(block, start, self._dips)


def dipped(blocks: Iterable[Block], dips: Sequence[Dip]) -> Iterator[Block]:
    """Lower a stream's gain in its dips."""
    dipper = Dipper(dips)
    return (dipper.lower(block) for block in blocks)


def lowered(block: Block, start: int, dips: Iterable[Dip], *, ratio: int = 1) -> Block:
    """Lower a block that begins at a point of the stream by those dips that reach into it.

    Args:
        block: at MIX_RATE, or at a part of it.
        start: of the block in the stream, in its own samples.
        dips: of the stream.
        ratio: MIX_RATE against the block's rate.
    """
    first, last = start * ratio, (start + len(block)) * ratio
    inside = [dip for dip in dips if dip.start - SIDE < last and dip.end + SIDE > first]
    if not inside:
        return block
    return _lowered(block, np.arange(start, start + len(block)) * ratio, inside)


def _lowered(block: Block, at: NDArray[np.int64], dips: Sequence[Dip]) -> Block:
    loss_db: NDArray[np.float64] = np.zeros(len(block))
    for dip in dips:
        away = np.maximum(np.maximum(dip.start - at, at - dip.end), 0) / SIDE
        loss_db += dip.depth * (0.5 + 0.5 * np.cos(np.pi * np.minimum(away, 1.0)))
    lowered: Block = (block * 10 ** (-loss_db / 20)).astype(np.float32)
    return lowered
