"""What is heard while nobody speaks: noise and the hum of mains current.

A frame of 20 ms gives noise within 100 Hz to 8 kHz, where speech is; what lies below shakes no
loudspeaker that we serve. Hum is looked for in pauses of 400 ms, whose lines are narrow enough
to tell 50 Hz from 60, and at each harmonic only where it stands out of what lies beside it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.resampling import Block
from audio.speech_level import STEPS_HZ
from programme.units import Db, Hz

FRAME_MS = 20
_BAND_HZ = (100, 8_000)
_CHUNK = 2_000
"""Frames that are looked at together, so that memory stays small."""

_LEAST_PAUSE_FRAMES = 10
_QUIETEST = 0.05
"""Without pauses: share of frames, the quietest ones, that tell the noise at most."""

_BEFORE_MS = 60
"""An onset is under the threshold for so long."""

_WINDOW_MS = 400
_MOST_WINDOWS = 200
_LEAST_STRETCHES = 4
_WEAKEST = 0.1
"""Without pauses: at most this share of the stretches may hold less of a line than is told."""

_HARMONICS = 8
_BESIDE_HZ = (12.5, 17.5)
_STANDS_OUT = 5.0
"""How many times its neighbours' power a harmonic must have."""

_SILENCE = 10 ** (-96 / 10)
"""The step of 16 bits: less is digital silence."""


@dataclass(frozen=True, slots=True)
class Frames:
    """A recording in frames of 20 ms."""

    power: NDArray[np.float64]
    """Mean square in the band of each frame."""
    is_pause: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hum:
    """Mains hum in the pauses."""

    mains_hz: int
    """50 or 60."""
    level_db: Db
    """All harmonics together, RMS against full scale."""
    heard_db: Db
    """The same weighted as ears do (IEC 61672-1, A)."""


def frames_of(sound: Block, rate_hz: Hz, active: NDArray[np.bool_]) -> Frames:
    """Cut a recording into frames; ``active`` tells for each step whether somebody speaks."""
    size = rate_hz * FRAME_MS // 1000
    count = sound.size // size
    frames = sound[: count * size].reshape(-1, size)
    window = np.hanning(size).astype(np.float32)
    spectrum_hz = np.fft.rfftfreq(size, 1 / rate_hz)
    inside = (spectrum_hz >= _BAND_HZ[0]) & (spectrum_hz <= _BAND_HZ[1])
    scale = 2 / (size * float(np.square(window, dtype=np.float64).sum()))
    power = np.empty(count)
    for start in range(0, count, _CHUNK):
        spectrum = np.fft.rfft(frames[start : start + _CHUNK] * window, axis=1)
        power[start : start + _CHUNK] = np.square(np.abs(spectrum[:, inside])).sum(axis=1) * scale
    per_frame = STEPS_HZ * FRAME_MS // 1000
    is_pause = _pauses(active)[: count * per_frame]
    lacking = count * per_frame - is_pause.size
    is_pause = np.concatenate((is_pause, np.ones(lacking, np.bool_)))
    return Frames(power, np.logical_and.reduce(is_pause.reshape(-1, per_frame), axis=1))


def noise_power(frames: Frames) -> float:
    """Give the mean square of what is heard in pauses; 0 for digital silence.

    The median, so that a cough or a chair does not count. Without pauses the quietest frames
    tell what the noise is at most.
    """
    quiet = frames.power[frames.is_pause]
    if quiet.size >= _LEAST_PAUSE_FRAMES:
        found = float(np.median(quiet))
    else:
        found = float(np.quantile(frames.power, _QUIETEST)) if frames.power.size else 0.0
    return found if found > _SILENCE else 0.0


def find_hum(sound: Block, rate_hz: Hz, active: NDArray[np.bool_]) -> Hum | None:
    """Look for mains hum in the pauses; None where there is none.

    Without a pause of 400 ms every stretch is looked at: hum as loud as the speech leaves no
    pause. A voice of 100 or 120 Hz has all its harmonics where hum has them, but moves, so there a
    line counts by the stretches in which it is weakest; less than four tell nothing.
    """
    size = rate_hz * _WINDOW_MS // 1000
    starts = [start * rate_hz // STEPS_HZ for start in _windows(_pauses(active))]
    windows = [sound[start : start + size] for start in starts if start + size <= sound.size]
    share: float | None = None
    if not windows:
        windows = list(sound[: sound.size - sound.size % size].reshape(-1, size))
        if len(windows) < _LEAST_STRETCHES:
            return None
        share = _WEAKEST
    windows = windows[:_MOST_WINDOWS]
    if not windows:
        return None
    shape = np.hanning(size)
    block = np.stack(windows).astype(np.float64) * shape
    found = [_lines(block, mains, rate_hz, float(shape.sum()), share) for mains in (50, 60)]
    return max(
        (one for one in found if one is not None), key=lambda one: one.heard_db, default=None
    )


def _lines(
    block: NDArray[np.float64], mains_hz: int, rate_hz: Hz, gain: float, share: float | None
) -> Hum | None:
    """Measure the harmonics of one mains frequency that stand out of their neighbours.

    Each is as strong as in the mean of the windows; with a share, as in the weakest ones.
    """
    times = np.arange(block.shape[1]) / rate_hz
    level = heard = 0.0
    own = 0
    for harmonic in range(1, _HARMONICS + 1):
        frequency = mains_hz * harmonic
        if frequency * 2 >= rate_hz:
            break
        power = _line(block, frequency, times, gain, share)
        beside = [
            _line(block, frequency + side * offset, times, gain, share)
            for side in (-1, 1)
            for offset in _BESIDE_HZ
        ]
        noise = float(np.mean(beside))
        if power <= _STANDS_OUT * noise or power < _SILENCE:
            continue
        level += power - noise
        heard += (power - noise) * 10 ** (a_weight_db(frequency) / 10)
        # 300 Hz belongs to both
        own += frequency % 300 != 0
    if not own:
        return None
    return Hum(mains_hz, Db(10 * np.log10(level)), Db(10 * np.log10(heard)))


def _line(
    block: NDArray[np.float64],
    frequency: float,
    times: NDArray[np.float64],
    gain: float,
    share: float | None,
) -> float:
    """Give the mean square of a tone of one frequency, over all windows or the weakest ones."""
    power = np.square(np.abs(block @ np.exp(-2j * np.pi * frequency * times)))
    found = np.mean(power) if share is None else np.quantile(power, share)
    return float(found) * 2 / gain**2


def a_weight_db(frequency_hz: float) -> float:
    """Give the A-weighting (IEC 61672-1:2013, 5.4.9) at a frequency."""
    f2 = frequency_hz**2
    ratio = (12_194**2 * f2**2) / (
        (f2 + 20.6**2) * np.sqrt((f2 + 107.7**2) * (f2 + 737.9**2)) * (f2 + 12_194**2)
    )
    return float(20 * np.log10(ratio) + 2.0)


def _pauses(active: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Give the steps in which nobody speaks, onsets left out."""
    spoken = active.copy()
    reach = 1
    while reach <= _BEFORE_MS:
        shift = min(reach, _BEFORE_MS + 1 - reach)
        spoken[: max(0, spoken.size - shift)] |= spoken[shift:].copy()
        reach += shift
    return ~spoken


def _windows(is_pause: NDArray[np.bool_]) -> list[int]:
    """Give the first step of each window that lies in pauses alone; they overlap by half."""
    counted = np.concatenate(([0], np.cumsum(is_pause)))
    starts = np.arange(0, is_pause.size - _WINDOW_MS + 1, _WINDOW_MS // 2)
    if not starts.size:
        return []
    whole = counted[starts + _WINDOW_MS] - counted[starts] == _WINDOW_MS
    return [int(start) for start in starts[whole]]
