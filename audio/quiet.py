"""Pauses inside a take, found by its energy: where a reader takes breath.

A frame is quiet when it lies under the middle, in dB, between the take's loud and its quietest
frames, and well below speech. Room noise moves both ends, so that a noisy recording is judged by
itself. Frames are kept, not samples: an hour takes a megabyte.
"""

from pathlib import Path

import numpy as np

from audio.jobs import SpokenTake
from audio.takes import read_take_blocks
from programme.sound import Span
from programme.units import DurationMs, Hz

_RATE = Hz(16_000)
_FRAME_MS = 20
_LEAST_MS = 160
"""Shorter quiet is a stop consonant, which can last 120 ms."""
_LOUD, _QUIET = 0.9, 0.02
"""Quantiles of the frames that tell the level of speech and of what is under it."""
_UNDER_DB = 18.0
"""A pause is at least so far below speech: weak syllables are not."""
_FLOOR = 10 ** (-96 / 10)


def find_pauses(take: Path | SpokenTake) -> tuple[Span, ...]:
    """Give the pauses of a take in order, from its start; none in a take of one breath.

    Raises:
        ProductionError: the take is missing or damaged.
    """
    size = _RATE * _FRAME_MS // 1000
    found = [
        np.square(block[: len(block) - len(block) % size].reshape(-1, size)).mean(axis=1)
        for block in read_take_blocks(take, rate_hz=_RATE, block=_RATE)
    ]
    power = 10 * np.log10(np.maximum(np.concatenate(found), _FLOOR)) if found else np.empty(0)
    if power.size < 2 * _LEAST_MS // _FRAME_MS:
        return ()
    loud, quiet = (float(np.quantile(power, share)) for share in (_LOUD, _QUIET))
    is_quiet = power < min((loud + quiet) / 2, loud - _UNDER_DB)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], is_quiet.astype(np.int8), [0]))))
    return tuple(
        Span(start_ms=DurationMs(start * _FRAME_MS), end_ms=DurationMs(end * _FRAME_MS))
        for start, end in edges.reshape(-1, 2).tolist()
        if (end - start) * _FRAME_MS >= _LEAST_MS and start > 0 and end < power.size
    )
