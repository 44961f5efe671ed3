"""The band of a telephone, 300 to 3400 Hz (ITU-T G.712), for speech before it is levelled.

What lies outside would be lost on the line; taken out before, it takes nothing of the level.
"""

from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audio.mixer import BLOCK
from audio.resampling import Block, reblocked
from programme.sound import MIX_RATE

LOW_HZ = 300
HIGH_HZ = 3_400
_TAPS = 1_023
"""Transitions 170 Hz wide; the response is 11 ms to either side, well within a slot's silence."""
_BETA = 6.0
"""Of the Kaiser window: 60 dB outside of the band."""
_FFT = 16_384
_HOP = _FFT - _TAPS + 1


def _taps() -> NDArray[np.float64]:
    at = np.arange(_TAPS) - _TAPS // 2
    ideal = [2 * hz / MIX_RATE * np.sinc(2 * hz / MIX_RATE * at) for hz in (HIGH_HZ, LOW_HZ)]
    taps: NDArray[np.float64] = (ideal[0] - ideal[1]) * np.kaiser(_TAPS, _BETA)
    return taps


@cache
def _response() -> NDArray[np.complex128]:
    """Give the filter's spectrum; most programmes never ask for it."""
    return np.fft.rfft(_taps(), _FFT)


def in_phone_band(blocks: Iterable[Block], samples: int) -> Iterator[Block]:
    """Leave of a stream at MIX_RATE what a telephone carries; same length, no delay.

    Args:
        blocks: of any length.
        samples: of all of them together.
    """
    yield from reblocked(_trimmed(blocks, samples), BLOCK)


def _trimmed(blocks: Iterable[Block], samples: int) -> Iterator[Block]:
    late, owed = _TAPS // 2, samples
    for block in _convolved(blocks):
        dropped = min(late, len(block))
        late -= dropped
        kept = block[dropped : dropped + owed]
        owed -= len(kept)
        if len(kept):
            yield kept


def _convolved(blocks: Iterable[Block]) -> Iterator[Block]:
    """Overlap-save: each piece is filtered with the end of the one before it."""
    memory = np.zeros(_TAPS - 1, dtype=np.float32)
    for piece in reblocked(blocks, _HOP):
        yield _piece(memory, piece)
        memory = np.concatenate([memory, piece])[-(_TAPS - 1) :]
    yield _piece(memory, np.zeros(_TAPS - 1, dtype=np.float32))


def _piece(memory: Block, piece: Block) -> Block:
    spectrum = np.fft.rfft(np.concatenate([memory, piece]), _FFT)
    filtered: Block = np.fft.irfft(spectrum * _response(), _FFT).astype(np.float32)
    return filtered[len(memory) : len(memory) + len(piece)]
