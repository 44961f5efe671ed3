"""The shape of a finished sound, as a picture needs it: waveform, loudness over time, peaks.

Measured on the decoded file, block by block: what is kept is a few figures for each tenth of a
second, so that three hours take three megabytes.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.decode import Limits, decode_blocks
from audio.loudness import DUAL_MONO, FLOOR, STEP, Energies, EnergyMeter, loudness_of
from audio.peaks import PeakMeter
from audio.resampling import Block
from programme.sound import MIX_RATE, Loudness, Span
from programme.units import Dbtp, DurationMs

LIMITS = Limits(longest_s=6 * 3600, largest_bytes=8_000_000_000)
"""A finished file may be longer than a recording: six hours, as 24 bit WAV."""
FINE = STEP // 10
"""The waveform's step: 10 ms at MIX_RATE."""
QUIET = 10 ** (-60 / 20)
"""Below this nothing is heard: -60 dBFS, where automation systems begin to cut."""
_MOMENTARY = 4
_SHORT_TERM = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """A sound over time; every row of figures holds one for each 10 or 100 ms."""

    duration_ms: DurationMs
    low: tuple[float, ...]
    """Lowest sample of each 10 ms, full scale 1."""
    high: tuple[float, ...]
    momentary: tuple[float, ...]
    """LUFS over the 400 ms that end with each 100 ms; -70 for silence and at the beginning."""
    short_term: tuple[float, ...]
    """LUFS over the 3 s that end with each 100 ms; -70 likewise."""
    loudness: Loudness
    """Of the whole."""
    overs: tuple[DurationMs, ...]
    """When its true peak is over what was asked for, once for each 5 ms."""
    silences: tuple[Span, ...]
    """Stretches below -60 dBFS, of 300 ms or more."""


def measure_curves(path: Path, *, most: Dbtp, dual_mono: bool, where: str = "") -> Curves:
    """Decode a file and measure its shape.

    Args:
        path: any sound file that Altavoz can decode.
        most: the true peak that no moment should be over.
        dual_mono: whether one channel is heard from two loudspeakers, as its profile says.
        where: the file as a producer knows it, for messages.

    Raises:
        ProductionError: the file is damaged, outside the limits, or holds no sound.
    """
    meter, peaks, shape = EnergyMeter(), PeakMeter(most), _Shape()
    for block in decode_blocks(path, where=where or str(path), limits=LIMITS):
        meter.push(block)
        peaks.push(block)
        shape.push(block)
    low, high = shape.finish()
    energies = meter.finish()
    true_peak = peaks.finish()
    factor_lu = DUAL_MONO if dual_mono else 0.0
    return Curves(
        duration_ms=DurationMs(round(shape.samples * 1000 / MIX_RATE)),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        momentary=_over(energies, _MOMENTARY, factor_lu),
        short_term=_over(energies, _SHORT_TERM, factor_lu),
        loudness=loudness_of(energies, true_peak, dual_mono=dual_mono, momentary=meter.momentary),
        overs=tuple(DurationMs(round(max(0, over.at) * 1000 / MIX_RATE)) for over in peaks.overs),
        silences=_silences(np.maximum(high, -low)),
    )


class _Shape:
    """Keeps the lowest and highest sample of every 10 ms."""

    def __init__(self) -> None:
        self.samples = 0
        self._held = np.zeros(0, dtype=np.float32)
        self._low: list[NDArray[np.float32]] = []
        self._high: list[NDArray[np.float32]] = []

    def push(self, block: Block) -> None:
        """Take the next samples."""
        self.samples += len(block)
        self._held = np.concatenate([self._held, block])
        self._take(len(self._held) // FINE)

    def _take(self, count: int) -> None:
        rows = self._held[: count * FINE].reshape(count, FINE)
        self._low.append(rows.min(axis=1))
        self._high.append(rows.max(axis=1))
        self._held = self._held[count * FINE :]

    def finish(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Give both rows; what is left over counts as a step of its own."""
        if len(self._held):
            rest = np.zeros(FINE - len(self._held), dtype=np.float32)
            self._held = np.concatenate([self._held, rest])
            self._take(1)
        empty = np.zeros(0, dtype=np.float32)
        return np.concatenate([empty, *self._low]), np.concatenate([empty, *self._high])


def _over(energies: Energies, width: int, factor_lu: float) -> tuple[float, ...]:
    """Give the loudness over the so many steps that end with each step."""
    sums = np.concatenate([np.zeros(1), np.cumsum(energies)])
    means = np.zeros(len(energies))
    # A difference of sums of later silence may fall a hair below nothing.
    means[width - 1 :] = np.maximum(sums[width:] - sums[:-width], 0.0) / width
    with np.errstate(divide="ignore"):
        levels = -0.691 + 10 * np.log10(means) + factor_lu
    return tuple(np.maximum(levels, FLOOR).round(2).tolist())


def _silences(highest: NDArray[np.float32]) -> tuple[Span, ...]:
    """Find stretches of 300 ms or more in which nothing is heard."""
    quiet = np.concatenate([[False], highest < QUIET, [False]])
    edges = np.flatnonzero(quiet[1:] != quiet[:-1]).reshape(-1, 2)
    return tuple(
        Span(start_ms=DurationMs(int(start) * 10), end_ms=DurationMs(int(end) * 10))
        for start, end in edges
        if end - start >= 30
    )
