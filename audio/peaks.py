"""True peaks: four times oversampling (ITU-R BS.1770-4 annex 2), only where it can matter.

Between two samples the interpolated value can exceed the samples around it by no more than
the filter's largest sum of absolute taps, REACH (2.7, 8.6 dB). A stretch whose samples stay
below the level asked for by more than that is skipped, and no peak is missed by it.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.resampling import Block
from programme.units import Db, Dbtp, Samples

TAPS = 48
BEFORE = TAPS // 2 - 1
"""Samples needed before a sample to interpolate after it."""
AFTER = TAPS // 2
CHUNK = 240
"""Stretch that is taken or skipped as one: 5 ms."""


def _filter() -> NDArray[np.float32]:
    """Give windowed sines for a quarter, a half and three quarters of a sample later.

    Kaiser window of 48 taps: flat within 0.1 dB to 20 kHz at 48 kHz; the annex asks for 12.
    """
    offsets = np.arange(-BEFORE, AFTER + 1)
    columns = []
    for phase in (0.25, 0.5, 0.75):
        at = offsets - phase
        window = np.i0(7.0 * np.sqrt(np.clip(1 - (at / (TAPS / 2)) ** 2, 0, None))) / np.i0(7.0)
        taps = np.sinc(at) * window
        columns.append(taps / taps.sum())
    return np.stack(columns, axis=1).astype(np.float32)


_FILTER = _filter()
REACH = float(np.abs(_FILTER).sum(axis=0).max())
"""No interpolated value exceeds the samples around it by more than this factor."""

_RUN = 24
"""Samples interpolated by one row of the matrix product; CHUNK is a multiple of it."""
_AT_ONCE = 9_600
"""Short blocks, such as a codec's, are gathered to so many samples."""
_ROWS = 48
"""Rows of one product: small enough that OpenBLAS does not wake its threads for it."""


def _band() -> NDArray[np.float32]:
    """Give the filter as a matrix: a run and what it needs around, to three values a sample."""
    band = np.zeros((_RUN + TAPS - 1, 3, _RUN), dtype=np.float32)
    for at in range(_RUN):
        band[at : at + TAPS, :, at] = _FILTER
    return band.reshape(-1, _RUN * 3)


_BAND = _band()


def between(chunks: Block) -> Block:
    """Give the highest absolute value between each sample and the next.

    Args:
        chunks: shape (count, CHUNK + TAPS - 1): each with BEFORE samples ahead and AFTER behind.

    Returns:
        Shape (count, CHUNK): of the values a quarter, a half and three quarters after each
        sample.
    """
    width = _RUN + TAPS - 1
    chunks = np.ascontiguousarray(chunks)
    row, sample = chunks.strides
    runs: Block = np.ndarray(
        (len(chunks), CHUNK // _RUN, width),
        chunks.dtype,
        chunks,
        strides=(row, _RUN * sample, sample),
    )
    rows = runs.reshape(-1, width)
    values = np.empty((len(rows), _RUN * 3), dtype=np.float32)
    for start in range(0, len(rows), _ROWS):
        np.matmul(rows[start : start + _ROWS], _BAND, out=values[start : start + _ROWS])
    np.abs(values, out=values)
    first, second, third = values[:, :_RUN], values[:, _RUN : 2 * _RUN], values[:, 2 * _RUN :]
    highest: Block = np.maximum(np.maximum(first, second), third)
    return highest.reshape(len(chunks), CHUNK)


def chunked(signal: Block, count: int) -> tuple[Block, Block]:
    """Cut a signal into chunks with what interpolating needs around them.

    Args:
        signal: begins BEFORE samples ahead of the first chunk; at least
            count * CHUNK + TAPS - 1 samples.
        count: how many chunks.

    Returns:
        The chunks, shape (count, CHUNK + TAPS - 1), and for each the highest absolute sample
        in it, or in a little more.
    """
    # sliding_window_view takes longer than all that is done with its windows.
    signal = np.ascontiguousarray(signal)
    size = signal.itemsize
    chunks: Block = np.ndarray(
        (count, CHUNK + TAPS - 1), signal.dtype, signal, strides=(CHUNK * size, size)
    )
    rows = signal[: count * CHUNK].reshape(count, CHUNK)
    behind = signal[count * CHUNK : count * CHUNK + TAPS - 1]
    highest = np.empty(count + 1, dtype=np.float32)
    np.maximum(rows.max(axis=1), -rows.min(axis=1), out=highest[:-1])
    highest[-1] = np.abs(behind).max()
    # A chunk reaches TAPS - 1 samples into the next one.
    return chunks, np.maximum(highest[:-1], highest[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A moment at which a stream is too high."""

    at: Samples
    """The middle of the 5 ms in which it is, from the start of the stream."""
    excess: Db
    """By how much."""


class PeakMeter:
    """Finds the true peak of a stream of blocks of any length, and where it is over a level."""

    def __init__(self, over: Dbtp | None = None) -> None:
        self._over = math.inf if over is None else float(10 ** (over / 20))
        self._looked = 0
        self._overs: list[Over] = []
        self._waiting = [np.zeros(BEFORE, dtype=np.float32)]
        self._length = BEFORE
        self._peak = 0.0

    def push(self, block: Block) -> None:
        """Take the next samples."""
        self._waiting.append(block)
        self._length += len(block)
        if self._length >= _AT_ONCE:
            self._take()

    def _take(self) -> None:
        signal = np.concatenate(self._waiting)
        count = (len(signal) - TAPS + 1) // CHUNK
        if count > 0:
            self._look(signal, count)
            signal = signal[count * CHUNK :]
        self._waiting, self._length = [signal], len(signal)

    def _look(self, signal: Block, count: int) -> None:
        chunks, highest = chunked(signal, count)
        self._peak = max(self._peak, float(highest.max()))
        hot = np.flatnonzero(highest * REACH > min(self._peak, self._over))
        if len(hot):
            peaks = np.maximum(between(chunks[hot]).max(axis=1), highest_in(chunks[hot]))
            self._peak = max(self._peak, float(peaks.max()))
            for index in np.flatnonzero(peaks > self._over):
                at = self._looked + (int(hot[index]) * 2 + 1) * CHUNK // 2
                excess = 20 * math.log10(float(peaks[index]) / self._over)
                self._overs.append(Over(at=Samples(at), excess=Db(excess)))
        self._looked += count * CHUNK

    @property
    def overs(self) -> tuple[Over, ...]:
        """Where the stream was over the level, in order; complete once it is finished."""
        return tuple(self._overs)

    def finish(self) -> Dbtp:
        """Give the true peak; -inf for digital silence or nothing at all."""
        self.push(np.zeros(CHUNK + TAPS, dtype=np.float32))
        self._take()
        return decibels(self._peak)


def highest_in(rows: Block) -> Block:
    """Give the highest absolute value of each row."""
    highest: Block = np.maximum(rows.max(axis=1), -rows.min(axis=1))
    return highest


def decibels(peak: float) -> Dbtp:
    """Give an amplitude against full scale in dB; -inf for 0."""
    return Dbtp(20 * math.log10(peak) if peak > 0 else -math.inf)
