"""A streaming loudness meter: ITU-R BS.1770-4, EBU Tech 3341 and 3342, for mono at any rate.

What is kept of the K-weighted signal (audio/weighting.py) is one energy per 100 ms. Integrated and
short-term loudness and the range are all reckoned from these energies, so that a whole is measured
from its parts' energies: parts that begin and end in 120 ms of silence have next to nothing of the
filter's memory outside them. The loudest momentary window is looked for every 10 ms: 100 ms would
miss a short sound by up to 0.6 LU (Tech 3341, cases 13 and 14).
"""

import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.beside import beside
from audio.coded_faults import spoilt
from audio.weighting import KFilter
from programme.sound import MIX_RATE, Loudness
from programme.units import Dbtp, Hz, Lu, Lufs

Energies = NDArray[np.float64]
"""Mean square of the K-weighted signal over each 100 ms, in order."""

STEP = MIX_RATE // 10
"""100 ms at MIX_RATE."""
FLOOR = Lufs(-70.0)
"""The absolute gate (BS.1770-4 annex 1): below it the meter says silence."""
DUAL_MONO = 10 * math.log10(2)
"""One channel heard from two loudspeakers: 3.01 LU more."""

_BLOCK_STEPS = 6
"""Steps that are weighted at once: 600 ms."""
_FINE = 10
"""Steps of 10 ms in one of 100 ms."""
_MOMENTARY = 4
_SHORT_TERM = 30
_DAMAGED = "The stored loudness of a slot is missing or damaged"


class EnergyMeter:
    """Takes blocks of any length, gives the energies of each whole 100 ms.

    Args:
        rate_hz: of the samples; a multiple of 100, so that 10 ms are whole samples.
    """

    def __init__(self, rate_hz: Hz = MIX_RATE) -> None:
        if rate_hz % 100:
            raise ValueError(f"10 ms are not whole samples at {rate_hz} Hz")
        self._step = rate_hz // 10
        self._size = _BLOCK_STEPS * self._step
        self._filter = KFilter(rate_hz, self._size)
        self._work = np.zeros(self._size, dtype=np.float32)
        self._fill = 0
        self._samples = 0
        self._found: list[NDArray[np.float32]] = []
        self.momentary = 0.0
        """Mean square of the loudest 400 ms, to 10 ms; known once it is finished."""

    def push(self, block: NDArray[np.floating]) -> None:
        """Take the next samples: one channel, full scale 1."""
        self._samples += len(block)
        taken = 0
        while taken < len(block):
            part = block[taken : taken + self._size - self._fill]
            self._work[self._fill : self._fill + len(part)] = part
            self._fill += len(part)
            taken += len(part)
            if self._fill == self._size:
                self._run()

    def _run(self) -> None:
        weighted = self._filter.weighted(self._work).reshape(-1, self._step // _FINE)
        self._found.append(np.einsum("ij,ij->i", weighted, weighted))
        self._fill = 0

    def finish(self) -> Energies:
        """Give the energies of every whole 100 ms; what is left over counts for nothing."""
        if self._fill:
            self._work[self._fill :] = 0.0
            self._run()
        whole, width = self._samples // self._step, _FINE * _MOMENTARY
        fine = np.concatenate([np.zeros(0), *self._found]) / (self._step // _FINE)
        # Windows that begin before the sound hold silence.
        sums = np.concatenate([np.zeros(width), np.cumsum(fine)])
        self.momentary = float((sums[width:] - sums[:-width]).max(initial=0.0)) / width
        energies: Energies = fine.reshape(-1, _FINE).mean(axis=1)[:whole]
        return energies


def energies_of(blocks: Iterable[NDArray[np.floating]], rate_hz: Hz = MIX_RATE) -> Energies:
    """Measure a whole stream of mono blocks."""
    meter = EnergyMeter(rate_hz)
    for block in blocks:
        meter.push(block)
    return meter.finish()


def _lufs(energy: Energies) -> Energies:
    with np.errstate(divide="ignore"):
        levels: Energies = -0.691 + 10 * np.log10(energy)
    return levels


def _sliding(energies: Energies, width: int) -> Energies:
    """Average over every run of so many steps; empty where there are fewer."""
    if len(energies) < width:
        return np.zeros(0)
    means: Energies = np.lib.stride_tricks.sliding_window_view(energies, width).mean(axis=1)
    return means


def integrated(energies: Energies, *, dual_mono: bool = False) -> Lufs:
    """Give the gated loudness: blocks of 400 ms, gates at -70 LUFS and 10 LU below the mean.

    -70 where every block is below the gate.
    """
    blocks = _sliding(energies, _MOMENTARY) * (2 if dual_mono else 1)
    blocks = blocks[_lufs(blocks) > FLOOR]
    if not len(blocks):
        return FLOOR
    relative = float(_lufs(np.array([blocks.mean()]))[0]) - 10
    blocks = blocks[_lufs(blocks) > relative]
    return Lufs(float(_lufs(np.array([blocks.mean()]))[0]))


def loudness_range(energies: Energies) -> Lu:
    """Give the LRA (EBU Tech 3342): 3 s values, gates at -70 LUFS and 20 LU below the mean."""
    blocks = _sliding(energies, _SHORT_TERM)
    blocks = blocks[_lufs(blocks) > FLOOR]
    if not len(blocks):
        return Lu(0.0)
    relative = float(_lufs(np.array([blocks.mean()]))[0]) - 20
    levels = _lufs(blocks[_lufs(blocks) > relative])
    return Lu(_percentile(levels, 95) - _percentile(levels, 10))


def _percentile(levels: Energies, percent: int) -> float:
    """Give what ``np.percentile`` gives, to the bit; that one loads a library of masked arrays."""
    ordered = np.sort(levels)
    at, share = divmod((len(ordered) - 1) * (percent / 100), 1)
    low, high = float(ordered[int(at)]), float(ordered[min(int(at) + 1, len(ordered) - 1)])
    step = high - low
    # From the nearer one, as numpy reckons it.
    return high - step * (1 - share) if share >= 0.5 else low + step * share


def _loudest(energies: Energies, width: int, factor: int) -> Lufs:
    blocks = _sliding(energies, width)
    if not len(blocks):
        return FLOOR
    return Lufs(max(FLOOR, float(_lufs(blocks.max(keepdims=True) * factor)[0])))


def loudness_of(
    energies: Energies, true_peak: Dbtp, *, dual_mono: bool = False, momentary: float = 0.0
) -> Loudness:
    """Give everything that a meter reads.

    Args:
        energies: of the sound.
        true_peak: measured apart.
        dual_mono: whether its one channel is heard from two loudspeakers.
        momentary: mean square of its loudest 400 ms, where it was looked for more finely.
    """
    factor = 2 if dual_mono else 1
    loudest = float(_lufs(np.array([momentary * factor]))[0])
    return Loudness(
        integrated=integrated(energies, dual_mono=dual_mono),
        range_lu=loudness_range(energies * factor),
        momentary_max=Lufs(max(_loudest(energies, _MOMENTARY, factor), loudest)),
        short_term_max=_loudest(energies, _SHORT_TERM, factor),
        true_peak=true_peak,
    )


def write_energies(path: Path, energies: Energies) -> None:
    """Save energies as little-endian float64, whole or not at all.

    Raises:
        ProductionError: the disk is full or refuses.
    """
    with beside(path, flush=False) as file:
        file.write(energies.astype("<f8").tobytes())


def read_energies(path: Path) -> Energies:
    """Load what ``write_energies`` saved.

    Raises:
        ProductionError: the file is missing, cut or holds what no meter gives.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise spoilt(_DAMAGED, str(path)) from error
    if len(data) % 8:
        raise spoilt(_DAMAGED, str(path))
    energies = np.frombuffer(data, dtype="<f8").astype(np.float64)
    if not (np.isfinite(energies).all() and (energies >= 0).all()):
        raise spoilt(_DAMAGED, str(path))
    return energies
