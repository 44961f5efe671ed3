"""A look-ahead limiter that holds the true peak, and costs nothing where nothing is loud.

The wanted gain of each sample is the ceiling over its peak (itself and the interpolated
values on both sides). Its minimum over 5 ms either way (van Herk 1992; Gil and Werman 1993)
is averaged over the same width: the gain is smooth and never above what is wanted.

Work is done in stretches of STRETCH samples counted from the start of the stream, each seen
with its surroundings, so the result does not depend on how the input is cut into blocks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.loudness import STEP, Energies
from audio.peaks import AFTER, BEFORE, CHUNK, TAPS, between, chunked
from audio.resampling import Block
from programme.units import Dbtp

LOOK = 240
"""5 ms at 48 kHz, either way."""
STRETCH = 2 * STEP
_MARGIN = 0.998
"""The interpolation misses a little between its quarter samples: 0.017 dB."""
_NEAR = 2.0
"""Between samples that are 6 dB below the ceiling nothing over it is looked for.

Only sound near half the sample rate does more, and the meter behind the limiter sees it.
"""
_AROUND = 2 * LOOK
"""How far from a sample others decide on its gain."""
_AHEAD = _AROUND + AFTER + 1
_BEHIND = CHUNK * 2 + BEFORE + 1
"""Context before a stretch: the gain's, one more sample for its peaks, and whole chunks."""


def limit(blocks: Iterable[Block], *, ceiling: Dbtp, gain: float = 1.0) -> Iterator[Block]:
    """Amplify and limit a stream; same number of samples, no delay.

    Args:
        blocks: mono, full scale 1, any lengths.
        ceiling: true peak that is not exceeded.
        gain: linear, before limiting.
    """
    return (after for _, after in _stretches(blocks, ceiling, gain))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """A whole stream after limiting."""

    kept: Energies
    """The part of the energy that limiting leaves, for each 100 ms; 1 where it does nothing.

    What is left over after the last whole 100 ms counts for nothing.
    """
    blocks: tuple[Block, ...] | None
    """The stream; None where it was not to be kept."""


def limit_whole(
    blocks: Iterable[Block], *, ceiling: Dbtp, gain: float = 1.0, keep: bool
) -> Limited:
    """Limit a stream and tell what it costs; the stream is kept in memory if asked for."""
    kept = [np.zeros(0)]
    limited: list[Block] = []
    for before, after in _stretches(blocks, ceiling, gain):
        if keep:
            # A copy, since a block that was not touched is a part of something larger.
            limited.append(after.copy() if after is before else after)
        steps = len(before) // STEP
        if after is before:
            kept.append(np.ones(steps))
            continue
        given, left = (
            np.einsum("ij,ij->i", rows, rows)
            for rows in (
                stretch[: steps * STEP].astype(np.float64).reshape(steps, STEP)
                for stretch in (before, after)
            )
        )
        kept.append(np.divide(left, given, out=np.ones(steps), where=given > 0))
    return Limited(kept=np.concatenate(kept), blocks=tuple(limited) if keep else None)


def _stretches(
    blocks: Iterable[Block], ceiling: Dbtp, gain: float
) -> Iterator[tuple[Block, Block]]:
    """Give stretch after stretch before and after limiting: the same array where it is idle."""
    top = float(10 ** (ceiling / 20) * _MARGIN)
    pending = np.zeros(_BEHIND, dtype=np.float32)
    owed = 0
    for block in blocks:
        pending = np.concatenate([pending, block * np.float32(gain)])
        owed += len(block)
        while len(pending) >= _BEHIND + STRETCH + _AHEAD:
            yield _stretch(pending[: _BEHIND + STRETCH + _AHEAD], top)
            pending = pending[STRETCH:]
            owed -= STRETCH
    while owed > 0:
        need = _BEHIND + STRETCH + _AHEAD
        padded = np.concatenate([pending, np.zeros(max(0, need - len(pending)), np.float32)])
        before, after = _stretch(padded[:need], top)
        part = before[:owed]
        yield part, part if after is before else after[:owed]
        pending = pending[STRETCH:]
        owed -= STRETCH


def _stretch(signal: Block, top: float) -> tuple[Block, Block]:
    """Limit the middle of a stretch that is given with its surroundings."""
    middle = signal[_BEHIND : _BEHIND + STRETCH]
    loudest = max(float(signal.max()), -float(signal.min()))
    if loudest * _NEAR <= top:
        return middle, middle
    # Peaks from one sample before what decides the gain, in whole chunks.
    first = _BEHIND - _AROUND - 1
    span = STRETCH + 2 * _AROUND + 1
    peaks = _peaks(signal[first - BEFORE :], span, top)
    over = peaks > top
    if not over.any():
        return middle, middle
    wanted = np.ones(span - 1)
    np.divide(top, peaks, out=wanted, where=over)
    result: Block = (middle * _smooth(wanted)).astype(np.float32)
    return middle, result


def _peaks(signal: Block, span: int, top: float) -> NDArray[np.float64]:
    """Give the peak of each sample and its neighbourhoods, from the second of the span on.

    Args:
        signal: begins BEFORE samples ahead of the span.
        span: how many samples are looked at.
        top: values that cannot get above it need not be exact.
    """
    count = -(-span // CHUNK)
    need = count * CHUNK + TAPS - 1
    if len(signal) < need:
        signal = np.concatenate([signal, np.zeros(need - len(signal), np.float32)])
    chunks, highest = chunked(signal, count)
    after = np.zeros((count, CHUNK), dtype=np.float32)
    hot = highest * _NEAR > top
    after[hot] = between(chunks[hot])
    behind = after.reshape(-1)[:span]
    own = np.abs(signal[BEFORE : BEFORE + span])
    result = np.maximum(own, behind)[1:]
    return np.maximum(result, behind[:-1]).astype(np.float64)


def _smooth(wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take the sliding minimum over 2 x LOOK + 1 samples, then its average over as many."""
    width = 2 * LOOK + 1
    lowest = _sliding_minimum(wanted, width)
    sums = np.concatenate([np.zeros(1), np.cumsum(lowest)])
    smooth: NDArray[np.float64] = (sums[width:] - sums[:-width]) / width
    return np.minimum(smooth, 1.0)


def _sliding_minimum(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Give the minimum of every run of so many values: three comparisons each, van Herk."""
    blocks = -(-len(values) // width)
    padded = np.ones(blocks * width)
    padded[: len(values)] = values
    # Runs down the columns: numpy accumulates fastest over whole rows.
    table = np.ascontiguousarray(padded.reshape(blocks, width).T)
    left = np.minimum.accumulate(table, axis=0).T.reshape(-1)
    right = np.minimum.accumulate(table[::-1], axis=0)[::-1].T.reshape(-1)
    runs = len(values) - width + 1
    return np.minimum(right[:runs], left[width - 1 : width - 1 + runs])
