"""Overdriven recordings: waves with flat tops, also after a coder has bent them."""

import numpy as np
from numpy.typing import NDArray

from audio.resampling import Block
from audio.speech_level import sum_of_squares
from programme.units import Hz

_FRAME_MS = 20
_CHUNK = 2_000
_ENOUGH = 6_000
"""Spoken frames, two minutes, that tell how tops are bent; of a long take an even part."""
_NEAR = 0.97
"""How near the highest sample a top must be to count as one."""

_FLAT = 0.0002
"""How much a flat top may move, of the highest sample."""

_TOPS = (99.5, 98.0)
"""Percentiles of the samples in speech at which flat tops are looked for after a coder."""

_BULGE = 0.6
"""How many samples lie about a percentile against those below it: up to 0.54 in short lines of
undistorted speech, as it was and through AAC, MP3, Opus and AMR; from 0.75 where a coder took
over what was cut off at a fifth of its peak. AMR hides it: there only the crest tells."""

_CREST = 3.6
"""Highest sample over RMS, in speech: 4 and more for people, also through a telephone's own
gain control."""


def clipped_share(sound: Block, rate_hz: Hz, power: NDArray[np.float64], least: float) -> float:
    """Give the share of spoken frames in which the wave is cut off at its top.

    Flat means some 100 microseconds within 0.02 % of the peak: no voice and no tone above
    80 Hz does that by itself. A coder makes flat tops bumpy; then the share is an estimate.

    Args:
        sound: at the rate of the recorder; a change of rate would bend the tops.
        rate_hz: its rate.
        power: of each frame of 20 ms.
        least: frames with less power are pauses.
    """
    size = rate_hz * _FRAME_MS // 1000
    frames = sound[: sound.size - sound.size % size].reshape(-1, size)
    spoken = np.flatnonzero(power[: len(frames)] >= least)
    peak = float(max(sound.max(initial=0.0), -sound.min(initial=0.0)))
    if not len(spoken) or not peak:
        return 0.0
    flat = sum(
        _flat_frames(frames[spoken[start : start + _CHUNK]], rate_hz, peak)
        for start in range(0, len(spoken), _CHUNK)
    )
    return max(flat / len(spoken), _bent(frames[spoken[:: 1 + len(spoken) // _ENOUGH]]))


def _bent(spoken: Block) -> float:
    """Estimate the share where a coder has bent the tops: none is flat, yet samples crowd there."""
    sizes = np.abs(spoken, out=spoken).ravel()
    bulge = 0.0
    for top in np.percentile(sizes, _TOPS):
        below = int(((sizes > 0.55 * top) & (sizes <= 0.85 * top)).sum())
        about = int(((sizes > 0.85 * top) & (sizes <= 1.15 * top)).sum())
        bulge = max(bulge, about / max(1, below))
    crest = float(sizes.max() / np.sqrt(sum_of_squares(sizes) / sizes.size))
    return min(1.0, max(0.0, (bulge - _BULGE) / 2, (_CREST - crest) / 4))


def _flat_frames(frames: Block, rate_hz: Hz, peak: float) -> int:
    run = max(3, rate_hz // 10_000)
    count = 0
    for frame in frames:
        if float(np.abs(frame).max()) <= _NEAR * peak:
            continue
        runs = np.lib.stride_tricks.sliding_window_view(frame, run)
        tops = runs[np.abs(runs).min(axis=1) > _NEAR * peak]
        count += bool(tops.size) and bool((np.ptp(tops, axis=1) < _FLAT * peak).any())
    return count
