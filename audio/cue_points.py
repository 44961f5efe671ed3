"""Cue points: where a finished file begins and ends to be heard, as station software judges it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audio.decode import decode_blocks
from audio.wav import AUDIBLE
from programme.sound import MIX_RATE
from programme.units import DurationMs


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardSpan:
    """What is heard of a file."""

    start_ms: DurationMs
    end_ms: DurationMs
    """Where nothing is heard, both are 0."""
    length_ms: DurationMs
    """Of the whole file as it is decoded."""


def find_heard(path: Path, *, where: str = "") -> HeardSpan:
    """Find the first and the last sample above -60 dBFS.

    The start is rounded down and the end up, so that nothing that is heard is cut.

    Raises:
        ProductionError: the file is missing or damaged.
    """
    first, last, at = -1, 0, 0
    for block in decode_blocks(path, where=where):
        heard = np.flatnonzero(np.abs(block) > AUDIBLE)
        if heard.size:
            first = at + int(heard[0]) if first < 0 else first
            last = at + int(heard[-1]) + 1
        at += block.size
    length = at * 1000 // MIX_RATE
    return HeardSpan(
        start_ms=DurationMs(max(first, 0) * 1000 // MIX_RATE),
        end_ms=DurationMs(min(-(-last * 1000 // MIX_RATE), length)),
        length_ms=DurationMs(length),
    )
