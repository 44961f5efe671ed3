"""True peaks: four times oversampling (ITU-R BS.1770-4 annex 2), only where it can matter.

What lies between two samples can exceed those around it only as far as the sound bends there, see
BENT. A stretch that stays below the level asked for even so is skipped, and no peak is missed by
it: of speech next to nothing is interpolated.
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


def _reach() -> tuple[float, float]:
    """Give the factors of the highest sample and of the sharpest bend that bound what lies between.

    A value between two samples is what lies straight between them, and a sum of the bends (second
    differences) around: the filter less the straight line, summed up twice. A little is left over,
    because a windowed filter is not exact for a straight line.
    """
    bend, left = 0.0, 0.0
    for taps, phase in zip(_FILTER.astype(np.float64).T, (0.25, 0.5, 0.75), strict=True):
        rest = taps.copy()
        rest[BEFORE] -= 1 - phase
        rest[AFTER] -= phase
        once = np.cumsum(rest)
        twice = np.cumsum(once[:-1])
        bend = max(bend, float(np.abs(twice[:-1]).sum()))
        # What is left of a sum, and of a slope, which is no more than twice the highest sample.
        left = max(left, abs(float(once[-1])) + 2 * abs(float(twice[-1])))
    return 1.0 + left, bend


STRAIGHT, BENT = _reach()
"""No value between samples exceeds STRAIGHT times the highest of those around it and BENT times the
largest second difference of them: 1.001 and 0.515."""

RUN = 24
"""Samples interpolated by one row of the matrix product: half a millisecond."""
RUNS = CHUNK // RUN
AROUND = RUN + TAPS - 1
"""Samples of a run and of what interpolating it needs around."""
_AT_ONCE = 9_600
"""Short blocks, such as a codec's, are gathered to so many samples."""
_ROWS = 48
"""Rows of one product: small enough that OpenBLAS does not wake its threads for it."""


def _band() -> NDArray[np.float32]:
    """Give the filter as a matrix: a run and what it needs around, to three values a sample."""
    band = np.zeros((AROUND, 3, RUN), dtype=np.float32)
    for at in range(RUN):
        band[at : at + TAPS, :, at] = _FILTER
    return band.reshape(-1, RUN * 3)


_BAND = _band()


def between(chunks: Block) -> Block:
    """Give the highest absolute value between the samples of each run.

    Args:
        chunks: shape (count, CHUNK + TAPS - 1): each with BEFORE samples ahead and AFTER behind.

    Returns:
        Shape (count, RUNS): of the values a quarter, a half and three quarters after each sample.
    """
    chunks = np.ascontiguousarray(chunks)
    row, sample = chunks.strides
    runs: Block = np.ndarray(
        (len(chunks), RUNS, AROUND), chunks.dtype, chunks, strides=(row, RUN * sample, sample)
    )
    return between_runs(runs.reshape(-1, AROUND)).reshape(-1, RUNS)


def between_runs(runs: Block) -> Block:
    """Give the highest absolute value between the samples of each run, as ``between`` does.

    Args:
        runs: shape (count, AROUND): each with BEFORE samples ahead and AFTER behind.
    """
    highest = np.empty(len(runs), dtype=np.float32)
    values = np.empty((_ROWS, RUN * 3), dtype=np.float32)
    for start in range(0, len(runs), _ROWS):
        part = runs[start : start + _ROWS]
        found = np.matmul(part, _BAND, out=values[: len(part)])
        highest[start : start + len(part)] = _largest(np.abs(found, out=found))
    return highest


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunks:
    """A signal in chunks of 5 ms, each with what interpolating needs around it."""

    around: Block
    """Shape (count, CHUNK + TAPS - 1); a view."""
    highest: Block
    """The highest absolute sample of each, or of a little more."""

    def above(self, level: float) -> NDArray[np.intp]:
        """Give the numbers of those in which some value, at samples or between, may be above."""
        near = np.flatnonzero(self.highest > np.float32(level / (STRAIGHT + 4 * BENT)))
        # No second difference is larger than four times the highest sample.
        if not len(near):
            return near
        bounds = self.highest[near] * np.float32(STRAIGHT)
        bounds += sharpest_in(self.around[near]) * np.float32(BENT)
        found: NDArray[np.intp] = near[bounds > level]
        return found


def chunked(signal: Block, count: int) -> Chunks:
    """Cut a signal into chunks.

    Args:
        signal: begins BEFORE samples ahead of the first chunk; at least
            count * CHUNK + TAPS - 1 samples.
        count: how many chunks.
    """
    # sliding_window_view takes longer than all that is done with its windows.
    signal = np.ascontiguousarray(signal)
    size = signal.itemsize
    chunks: Block = np.ndarray(
        (count, CHUNK + TAPS - 1), signal.dtype, signal, strides=(CHUNK * size, size)
    )
    values = np.abs(signal[: count * CHUNK + TAPS - 1])
    # Each reaches into the next.
    highest = np.empty(count + 1, dtype=np.float32)
    highest[:-1] = _largest(values[: count * CHUNK].reshape(count, CHUNK))
    highest[-1] = values[count * CHUNK :].max()
    return Chunks(around=chunks, highest=np.maximum(highest[:-1], highest[1:]))


def sharpest_in(rows: Block) -> Block:
    """Give the largest absolute second difference of each row."""
    slopes = rows[:, 1:] - rows[:, :-1]
    bends = slopes[:, 1:] - slopes[:, :-1]
    return _largest(np.abs(bends, out=bends))


def _largest(rows: Block) -> Block:
    """Give the largest of each row of values of which none is negative.

    Seen as whole numbers they stand in the same order (IEEE 754), in which numpy finds the largest
    of a row in a fifth of the time.
    """
    single = np.asarray(rows, dtype=np.float32)
    largest: Block = single.view(np.int32).max(axis=1).view(np.float32)
    return largest


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A moment at which a stream is too high."""

    at: Samples
    """The middle of the 5 ms in which it is, from the start of the stream."""
    excess: Db
    """By how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakMark:
    """All that a meter knows at one moment."""

    waiting: tuple[Block, ...]
    looked: int
    peak: float
    overs: int


class PeakMeter:
    """Finds the true peak of a stream of blocks of any length, and where it is over a level.

    Args:
        over: the level; None for none. It may be changed while the stream flows.
        at_once: samples that are gathered before they are looked at.
    """

    def __init__(self, over: Dbtp | None = None, *, at_once: int = _AT_ONCE) -> None:
        self._at_once = at_once
        self.level(over)
        self._looked = 0
        self._overs: list[Over] = []
        self._waiting = [np.zeros(BEFORE, dtype=np.float32)]
        self._length = BEFORE
        self._peak = 0.0

    def level(self, over: Dbtp | None) -> None:
        """Name from now on what is over another level."""
        self._over = math.inf if over is None else float(10 ** (over / 20))

    def mark(self) -> PeakMark:
        """Give all that is known now."""
        return PeakMark(
            waiting=tuple(self._waiting),
            looked=self._looked,
            peak=self._peak,
            overs=len(self._overs),
        )

    def back(self, mark: PeakMark) -> None:
        """Forget all that was pushed since a mark."""
        self._waiting = list(mark.waiting)
        self._length = sum(map(len, self._waiting))
        self._looked, self._peak = mark.looked, mark.peak
        del self._overs[mark.overs :]

    def push(self, block: Block) -> None:
        """Take the next samples."""
        self._waiting.append(block)
        self._length += len(block)
        if self._length >= self._at_once:
            self._take()

    def _take(self) -> None:
        signal = np.concatenate(self._waiting)
        count = (len(signal) - TAPS + 1) // CHUNK
        if count > 0:
            self._look(signal, count)
            signal = signal[count * CHUNK :]
        self._waiting, self._length = [signal], len(signal)

    def _look(self, signal: Block, count: int) -> None:
        chunks = chunked(signal, count)
        self._peak = max(self._peak, float(chunks.highest.max()))
        hot = chunks.above(min(self._peak, self._over))
        if len(hot):
            around = chunks.around[hot]
            peaks = np.maximum(between(around).max(axis=1), highest_in(around))
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
    return _largest(np.abs(rows))


def decibels(peak: float) -> Dbtp:
    """Give an amplitude against full scale in dB; -inf for 0."""
    return Dbtp(20 * math.log10(peak) if peak > 0 else -math.inf)
