"""How loud somebody speaks, pauses left out: ITU-T P.56 (12/2011), method B.

The envelope is kept a thousand times a second, which is all that a time constant of 30 ms needs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.resampling import Block
from programme.units import Db, Hz

STEPS_HZ = 1_000
"""Steps of the envelope and of the mask, a second."""

_SMOOTHING_MS = 30
_HANGOVER_MS = 200
_MARGIN_DB = 15.9
_MINUTE = 60 * STEPS_HZ
_CHUNK = 1 << 20
_THRESHOLDS = 2.0 ** -np.arange(16)
"""Of full scale, as for 16 bits."""


@dataclass(frozen=True, slots=True)
class SpeechLevel:
    """Where somebody speaks, and how loud."""

    active_db: Db
    """Active speech level against full scale, in dB RMS."""
    spoken: NDArray[np.bool_]
    """For each step: whether the envelope is over the threshold."""
    active: NDArray[np.bool_]
    """The same with the hangover of 200 ms, as pauses within a phrase belong to it."""


def measure_speech(sound: Block, rate_hz: Hz) -> SpeechLevel | None:
    """Measure a recording; None where nothing is over -90 dBFS.

    Args:
        sound: mono, its mean taken away.
        rate_hz: its rate, 1 kHz or more.
    """
    size = rate_hz / STEPS_HZ
    edges = np.round(np.arange(int(sound.size / size) + 1) * size).astype(np.int64)
    if edges.size < 2:
        return None
    envelope = _smoothed(_step_sums(sound, edges) / size)
    held = _held(envelope, _HANGOVER_MS)
    energy = sum_of_squares(sound) / size
    levels, thresholds = [], []
    for threshold in _THRESHOLDS:
        steps = int((held >= threshold).sum())
        if steps:
            levels.append(10 * np.log10(max(energy / steps, 1e-12)))
            thresholds.append(20 * np.log10(threshold))
    found = _crossing(levels, thresholds)
    if found is None:
        return None
    limit = 10 ** ((found - _MARGIN_DB) / 20)
    return SpeechLevel(Db(float(found)), envelope >= limit, held >= limit)


def sum_of_squares(sound: Block) -> float:
    """Give the energy of a sound of any length in little memory."""
    parts = (sound[start : start + _CHUNK] for start in range(0, sound.size, _CHUNK))
    return sum(float(np.square(part, dtype=np.float64).sum()) for part in parts)


def _step_sums(sound: Block, edges: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give the sum of magnitudes of each step, a minute after the other."""
    sums = np.empty(edges.size - 1)
    for start in range(0, sums.size, _MINUTE):
        own = edges[start : start + _MINUTE + 1]
        part = np.abs(sound[own[0] : own[-1]])
        sums[start : start + _MINUTE] = np.add.reduceat(part, own[:-1] - own[0], dtype=np.float64)
    return sums


def _smoothed(rectified: NDArray[np.float64]) -> NDArray[np.float64]:
    """Filter twice with the time constant, as one convolution."""
    decay = np.exp(-1000 / (STEPS_HZ * _SMOOTHING_MS))
    steps = np.arange(10 * _SMOOTHING_MS)
    response = (1 - decay) ** 2 * (steps + 1) * decay**steps
    return np.convolve(rectified, response)[: rectified.size]


def _held(envelope: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
    """Give the highest value of the last steps, the present one with them."""
    held = envelope
    reach = 1
    while reach <= steps:
        shift = min(reach, steps + 1 - reach)
        later = held.copy()
        later[shift:] = np.maximum(held[shift:], held[: max(0, held.size - shift)])
        held = later
        reach += shift
    return held


def _crossing(levels: list[float], thresholds: list[float]) -> float | None:
    """Give the level that lies the margin over its threshold, between two thresholds."""
    before: tuple[float, float] | None = None
    for level, threshold in zip(levels, thresholds, strict=True):
        distance = level - threshold
        if distance >= _MARGIN_DB:
            if before is None:
                return level
            part = (_MARGIN_DB - before[1]) / (distance - before[1])
            return before[0] + part * (level - before[0])
        before = (level, distance)
    return None
