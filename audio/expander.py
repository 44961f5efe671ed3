"""A gentle downward expander for the pauses of a recording.

What is mastered after this makes soft things louder: a loudspeaker's compressor by 6 dB and more.
So the pauses of a recording are lowered beforehand by as much, more where it is noisy, and never
by so much that the room disappears. Words are left alone: the gain opens before their first
sound and stays open after their last.
"""

import numpy as np
from numpy.typing import NDArray

from audio.pauses import FRAME_MS, Frames
from audio.resampling import Block
from programme.units import Db, Hz

LEAST = Db(7.0)
"""By so much the noise of any recording is lowered: what a loudspeaker's chain raises it."""
MOST = Db(15.0)
CALM = Db(40.0)
"""Speech over noise from which LEAST is enough; below, the pauses are brought near to it."""

_SHUT_DB, _OPEN_DB = 3.0, 7.0
"""Over the noise: below the first it is shut, above the second open, in proportion between."""
_BEFORE, _AFTER = 3, 8
"""Frames that stay open before and after a sound: 60 and 160 ms."""


def expanded(sound: Block, rate_hz: Hz, frames: Frames, noise: float, snr_db: float) -> Block:
    """Lower the pauses of a recording; the same length, and the same samples within words.

    Args:
        sound: the recording.
        rate_hz: its rate.
        frames: of the same sound.
        noise: mean square in its pauses; 0 for digital silence, which is given back as it is.
        snr_db: its speech over that noise.
    """
    if not noise or not frames.power.size:
        return sound
    depth = float(np.clip(CALM - snr_db, LEAST, MOST))
    over_db = 10 * np.log10(frames.power / noise + 1e-12)
    shut = np.clip((_OPEN_DB - over_db) / (_OPEN_DB - _SHUT_DB), 0.0, 1.0)
    gain_db = _smoothed(-depth * _held_open(shut))
    size = rate_hz * FRAME_MS // 1000
    centres = (np.arange(gain_db.size) + 0.5) * size
    made = np.empty_like(sound)
    for start in range(0, sound.size, rate_hz):
        part = sound[start : start + rate_hz]
        at = np.arange(start, start + part.size)
        made[start : start + part.size] = part * 10 ** (np.interp(at, centres, gain_db) / 20)
    return made


def _held_open(shut: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep it open around every sound."""
    padded = np.pad(shut, (_AFTER, _BEFORE), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _AFTER + _BEFORE + 1)
    held: NDArray[np.float64] = windows.min(axis=1)
    return held


def _smoothed(gain_db: NDArray[np.float64]) -> NDArray[np.float64]:
    """Let it move over 60 ms, never all at once."""
    padded = np.pad(gain_db, 1, mode="edge")
    smooth: NDArray[np.float64] = (padded[:-2] + padded[1:-1] + padded[2:]) / 3
    return smooth
