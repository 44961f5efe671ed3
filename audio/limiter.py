"""A look-ahead limiter that holds the true peak: a stream is looked at once, for any gain.

What is looked at is the highest value, between samples too, of each run of half a millisecond:
the stream's outline. The wanted gain of a run is the ceiling over its peak. Its minimum over 5 ms
either way is averaged over about the same width, and goes straight from the middle of a run to the
next: the gain is smooth and never above what is wanted.

Each gain is reckoned from the outline alone, so that the loudness under a ceiling is found without
limiting a sample, and the result does not depend on how the input is cut into blocks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.loudness import STEP, Energies
from audio.mixer import Replay
from audio.peaks import AROUND, BEFORE, BENT, RUN, STRAIGHT, between_runs
from audio.resampling import Block, reblocked
from programme.units import Db, Dbtp

LOOK = 240
"""5 ms at 48 kHz, either way."""
STRETCH = 28_800
"""Samples that are looked at, and limited, together: 600 ms."""
_MARGIN = 0.998
"""The interpolation misses a little between its quarter samples: 0.017 dB."""
_BENT = 0.01
"""Against the level: what bends less is not interpolated; 0.04 dB are given away for it."""
ROOM = Db(6.0)
"""How much lower than the first ceiling over its gain a later one may be without another look, if
nothing else is asked for: what the search for a gain takes."""
_MEAN = LOOK // RUN
"""Runs either way over which the gain is averaged."""
_LOWEST = _MEAN + 1
"""Runs either way of which the lowest counts: one more, as between two middles both decide."""
_AROUND = _MEAN + _LOWEST + 1
"""How many runs away others decide on a gain."""
_FINE = 4
"""Runs in one energy of the outline: 2 ms."""
_PIECE = 600
"""Steps that are reckoned together: a minute."""
_ROUND_UP = np.float32(1 + 2**-10)
"""Half precision may lose so much of a peak."""

_WAY = ((np.arange(RUN // 2, dtype=np.float32) + np.float32(0.5)) / RUN)[:, None]
"""From the middle of a run, as a part of the way to the next."""

Curve = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a limiter must know of a stream: a third of a megabyte for a minute."""

    peaks: NDArray[np.float16]
    """The highest absolute value of each run of RUN samples and of what lies between them."""
    energies: NDArray[np.float32]
    """Sum of squares of each 2 ms."""
    exact_above: float
    """Peaks that are not above this level leave out what lies between samples."""


def outline_of(blocks: Iterable[Block], *, above: float) -> Outline:
    """Look at a stream.

    Args:
        blocks: mono, any lengths.
        above: level over which peaks between samples are looked for, full scale 1.
    """
    peaks, energies = [np.zeros(0, np.float16)], [np.zeros(0, np.float32)]
    # One run more on either side of those that are looked at.
    waiting = np.zeros(RUN, dtype=np.float32)
    for block in reblocked(blocks, STRETCH):
        energies.append(_energies(block))
        waiting = np.concatenate([waiting, block])
        whole = len(waiting) // RUN
        if whole > 2:
            peaks.append(_peaks(waiting[: whole * RUN], above))
            waiting = waiting[(whole - 2) * RUN :]
    behind = -len(waiting) % RUN + RUN
    peaks.append(_peaks(np.pad(waiting, (0, behind)), above))
    return Outline(
        peaks=np.concatenate(peaks), energies=np.concatenate(energies), exact_above=above
    )


def _energies(block: Block) -> NDArray[np.float32]:
    size = RUN * _FINE
    if len(block) % size:
        block = np.pad(block, (0, -len(block) % size))
    rows = block.reshape(-1, size)
    sums: NDArray[np.float32] = np.einsum("ij,ij->i", rows, rows)
    return sums


def _peaks(signal: Block, above: float) -> NDArray[np.float16]:
    """Give the peak of each run of a signal but the first and the last: those stand around it."""
    # Along a run lies the first axis: numpy joins whole rows, not 24 numbers at a time.
    across = np.ascontiguousarray(signal.reshape(-1, RUN).T)
    bends = _around(_sharpest(across))
    highest = np.abs(across, out=across).max(axis=0)
    found = highest[1:-1]
    hot = np.flatnonzero(
        (_around(highest) * np.float32(STRAIGHT) + bends * np.float32(BENT) > above)
        & (bends > _BENT * above)
    )
    size = signal.itemsize
    runs: Block = np.ndarray(
        (len(found), AROUND), signal.dtype, signal[RUN - BEFORE :], strides=(RUN * size, size)
    )
    exact = np.maximum(found[hot], between_runs(runs[hot]))
    # Where the sound hardly bends, its bound is a peak that is right to some thousandths.
    found += np.float32(BENT) * bends
    found[hot] = exact
    result: NDArray[np.float16] = (found * _ROUND_UP).astype(np.float16)
    return result


def _sharpest(across: Block) -> Block:
    """Give the largest second difference of each run, of those that lie beside others."""
    slopes = across[1:] - across[:-1]
    joins = across[0, 1:] - across[-1, :-1]
    bends = slopes[1:] - slopes[:-1]
    sharpest: Block = np.abs(bends, out=bends).max(axis=0)
    np.maximum(sharpest[1:], np.abs(slopes[0, 1:] - joins), out=sharpest[1:])
    np.maximum(sharpest[:-1], np.abs(joins - slopes[-1, :-1]), out=sharpest[:-1])
    return sharpest


def _around(values: Block) -> Block:
    """Give for each run but the first and the last the largest of it and its neighbours."""
    largest: Block = np.maximum(np.maximum(values[:-2], values[2:]), values[1:-1])
    return largest


def gains(peaks: Curve, top: float) -> Curve:
    """Give the gain in the middle of each run but the _AROUND - 1 first and last.

    Args:
        peaks: of the runs.
        top: what none may exceed.
    """
    wanted = (np.float32(top) / np.maximum(peaks, np.float32(top))).astype(np.float32, copy=False)
    lowest = _sliding(np.minimum, wanted, 2 * _LOWEST + 1)
    width = 2 * _MEAN + 1
    smooth: Curve = _sliding(np.add, lowest, 16)[: len(lowest) - width + 1].copy()
    smooth += _sliding(np.add, lowest[16:], 4)[: len(smooth)]
    smooth += lowest[20 : 20 + len(smooth)]
    smooth *= np.float32(1 / width)
    return smooth


def _sliding(join: np.ufunc, values: Curve, width: int) -> Curve:
    """Join every run of so many values, by runs of a power of two (which may overlap)."""
    joined, have = values, 1
    while 2 * have <= width:
        joined = join(joined[:-have], joined[have:])
        have *= 2
    if have < width:
        joined = join(joined[: len(joined) - width + have], joined[width - have :])
    result: Curve = joined
    return result


class Limiter:
    """Limits one stream with any gain under any ceiling.

    Args:
        stream: what is limited.
        room: how much lower a later ceiling over its gain may be without another look, in dB.
    """

    def __init__(self, stream: Replay, *, room: Db = ROOM) -> None:
        self._stream = stream
        self._lower = float(10 ** (-room / 20))
        self._outline: Outline | None = None

    def kept(self, *, ceiling: Dbtp, gain: float) -> Energies:
        """Give the part of the energy that limiting leaves, for each whole 100 ms.

        1 where it does nothing. What is left over after the last whole 100 ms counts for nothing.
        """
        outline, top = self._seen(ceiling, gain)
        runs = STEP // RUN
        steps = len(outline.energies) * _FINE // runs
        kept = np.ones(steps)
        for first in range(0, steps, _PIECE):
            last = min(steps, first + _PIECE)
            peaks = _part(outline.peaks, first * runs, last * runs)
            if float(peaks.max()) <= top:
                continue
            curve = gains(peaks, top)[1:-1]
            curve = np.square(curve).reshape(-1, _FINE).mean(axis=1).reshape(last - first, -1)
            given = outline.energies[first * runs // _FINE : last * runs // _FINE]
            given = given.reshape(last - first, -1)
            whole = given.sum(axis=1, dtype=np.float64)
            left = np.einsum("ij,ij->i", given, curve, dtype=np.float64)
            np.divide(left, whole, out=kept[first:last], where=whole > 0)
        return np.minimum(kept, 1.0)

    def limited(self, *, ceiling: Dbtp, gain: float) -> Replay:
        """Give the stream, amplified and limited; same number of samples, no delay.

        Args:
            ceiling: true peak that is not exceeded.
            gain: linear, before limiting.
        """
        outline, top = self._seen(ceiling, gain)
        return Replay(lambda: _limited(self._stream, outline, top, gain), self._stream.samples)

    def _seen(self, ceiling: Dbtp, gain: float) -> tuple[Outline, float]:
        """Give the outline, exact where the gain needs it, and the level that is not exceeded."""
        top = float(10 ** (ceiling / 20)) * _MARGIN / gain
        if self._outline is None or top < self._outline.exact_above:
            self._outline = outline_of(self._stream, above=top * self._lower)
        return self._outline, top


def _part(peaks: NDArray[np.float16], first: int, last: int) -> Curve:
    """Give some runs' peaks with those around them; nothing is there beyond the ends."""
    low, high = first - _AROUND, last + _AROUND
    part = peaks[max(0, low) : high].astype(np.float32)
    return np.pad(part, (max(0, -low), high - max(0, low) - len(part)))


def _limited(blocks: Iterable[Block], outline: Outline, top: float, gain: float) -> Iterator[Block]:
    first = 0
    for block in reblocked(blocks, STRETCH):
        runs = -(-len(block) // RUN)
        peaks = _part(outline.peaks, first, first + runs)
        first += runs
        made = block * np.float32(gain)
        curve = gains(peaks, top) if float(peaks.max()) > top else np.ones(0, dtype=np.float32)
        lowered = np.flatnonzero(curve != 1.0)
        if not len(lowered):
            yield made
            continue
        # A run's gain goes over into its neighbours'; the curve has one more at either end.
        low, high = max(0, int(lowered[0]) - 2), min(runs, int(lowered[-1]) + 1)
        part = block[low * RUN : high * RUN]
        curve = _between_middles(curve[low : high + 2] * np.float32(gain))
        np.multiply(part, curve[: len(part)], out=made[low * RUN : high * RUN])
        yield made


def _between_middles(curve: Curve) -> Curve:
    """Give the gain of each sample of all runs but the first and the last."""
    before, here, behind = curve[:-2], curve[1:-1], curve[2:]
    # Along a run lies the first axis, as when peaks are looked for.
    samples = np.empty((RUN, len(here)), dtype=np.float32)
    np.multiply(_WAY[::-1], before - here, out=samples[: RUN // 2])
    np.multiply(_WAY, behind - here, out=samples[RUN // 2 :])
    samples += here
    result: Curve = samples.T.reshape(-1)
    return result
