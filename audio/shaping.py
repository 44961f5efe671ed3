"""Shape speech so that it carries over noise: a tilt, and fast compression in three bands.

Speech is taken apart into overlapping short spectra (Allen 1977: 10.7 ms, half overlapping,
square-root Hann windows both ways) and put together again with gains for each of them. A
window looks as far ahead as back, so a loud onset is caught before it is heard, and nothing
is late. After Zorila, Kandia and Stylianou (2012), whose shaping and compression need to know
nothing of the noise: a pack plays anywhere.

The figures were chosen by bench/intelligibility.py on the sentences marked "tuned" there.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from audio.mixer import BLOCK, Replay
from audio.resampling import Block, reblocked
from programme.sound import MIX_RATE
from programme.units import Db, Samples

FRAME = 512
HOP = FRAME // 2
_STRETCH = 56 * HOP
"""Spectra are made this many samples at a time, counted from the start of the stream."""
_HZ = np.fft.rfftfreq(FRAME, 1 / MIX_RATE)
_WINDOW = np.sqrt(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME))
TILT = ((250, -3.5), (500, -4.5), (1000, 0.5), (2000, 7.6), (3200, 6), (4300, 5), (5500, 4))
"""(Hz, dB), straight lines between on a log scale: from where noise is loud to where words are."""
LOW, HIGH = 140.0, 6500.0
"""What a horn cannot play only costs its amplifier: fourth-order and steeper beyond these, Hz."""
_EDGES = (0.0, 900.0, 2500.0, MIX_RATE)
_CENTRES = (450.0, 1500.0, 4000.0)
"""Hz; between them the bands' gains go over into each other."""
_IN_BANDS, _MOST_IN_BANDS = 0.35, Db(9.0)
_OVERALL, _MOST_OVERALL = 0.84, Db(15.0)
"""How much of a level's distance from speech's own is taken away, and the most it is raised."""
_FLOOR = Db(-45.0)
"""Against speech: what is no louder, in all bands together, is no word and is not raised."""
_LOWERED = Db(4.0)
"""By so much that is taken down: the tilt alone raises a hiss against a dull voice by 8 dB."""
_ABOVE_FLOOR = Db(3.0)
"""By so much frames of a steady noise differ from their middle."""
_RISE = Db(14.0)
"""Above the floor, until the whole gain is given."""
_ACTIVE = 10 ** (-20 / 10)
_PAUSE = Db(-20.0)
_PAUSE_FRAMES = 30
"""160 ms: longer than the closure before a stop."""
_PAUSE_EDGE = 4
_NOTHING = Db(-90.0)
"""Against speech: the silence between takes, which is no recording's noise."""

Energies = NDArray[np.float32]
"""Energy after the tilt: frames by bands."""
Gains = NDArray[np.float32]
"""dB: frames by bands."""


def shaped(speech: Replay, samples: Samples) -> Replay:
    """Tilt and compress a stream; same length, no delay, the same samples for any blocks.

    Two passes: the first keeps three numbers for every 5 ms, 2 kB a second of sound.

    Args:
        speech: mono; silence stays silence.
        samples: its length.
    """
    bands = [energies(spectra) for spectra in _spectra(speech)]
    gains = gains_for(np.concatenate(bands) if bands else np.zeros((0, 3), np.float32))
    return Replay(lambda: reblocked(_put_together(speech, gains, samples), BLOCK), samples)


def energies(spectra: NDArray[np.complex128]) -> Energies:
    """Give each frame's energy in the three bands."""
    power = np.square(spectra.real) + np.square(spectra.imag)
    found: Energies = (power @ _MEMBERS).astype(np.float32)
    return found


def gains_for(bands: Energies) -> Gains:
    """Plan every frame's gain, from its level and that of all speech around it.

    Levels stand against the mean of active frames (no more than 20 dB below the mean of
    all). First each band is brought nearer to its own mean, then the whole to the whole's.
    """
    smooth = _smooth(bands)
    total = smooth.sum(axis=1)
    sounding = total[total > 0]
    if not len(sounding):
        return np.zeros(bands.shape, dtype=np.float32)
    active = total >= sounding.mean() * _ACTIVE
    levels = _levels(total, active)
    heard = np.clip((levels - _floor_of(levels)) / _RISE, 0.0, 1.0)
    within = np.stack(
        [
            _compressed(_levels(band, active), _IN_BANDS, _MOST_IN_BANDS) * heard
            for band in smooth.T
        ],
        axis=1,
    )
    after = (smooth * 10 ** (within / 10)).sum(axis=1)
    overall = _compressed(_levels(after, active), _OVERALL, _MOST_OVERALL) * heard
    overall -= _LOWERED * (1 - heard)
    gains: Gains = (within + overall[:, None]).astype(np.float32)
    return gains


def _smooth(bands: Energies) -> NDArray[np.float64]:
    """Let each frame see its neighbours: the one before an onset must not be raised into it."""
    padded = np.pad(bands.astype(np.float64), ((1, 1), (0, 0)))
    smooth: NDArray[np.float64] = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    return smooth


def _levels(energy: NDArray[np.float64], active: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Give levels in dB against the mean of the active frames."""
    mean = float(energy[active].mean())
    if mean <= 0:
        return np.full(len(energy), 2 * _NOTHING)
    levels: NDArray[np.float64] = 10 * np.log10(energy / mean + 10 ** (2 * _NOTHING / 10))
    return levels


def _floor_of(levels: NDArray[np.float64]) -> Db:
    """Find the level of a recording's own noise in its pauses; _FLOOR if there is less."""
    quiet = np.concatenate([[False], levels < _PAUSE, [False]])
    edges = np.flatnonzero(np.diff(quiet.astype(np.int8)))
    inside = [
        levels[start + _PAUSE_EDGE : end - _PAUSE_EDGE]
        for start, end in edges.reshape(-1, 2)
        if end - start >= _PAUSE_FRAMES
    ]
    heard = np.concatenate([np.zeros(0), *inside])
    heard = heard[heard > _NOTHING]
    if len(heard) < _PAUSE_FRAMES:
        return _FLOOR
    return Db(max(_FLOOR, float(np.median(heard)) + _ABOVE_FLOOR))


def _compressed(levels: NDArray[np.float64], part: float, most: Db) -> NDArray[np.float64]:
    """Give gains in dB: loud frames down, weak ones up."""
    gains: NDArray[np.float64] = np.minimum(-part * levels, most)
    return gains


def _tilt() -> NDArray[np.float64]:
    """Give the tilt as factors for the bins of a spectrum."""
    hz = np.maximum(_HZ, 1.0)
    points, gains = zip(*TILT, strict=True)
    curve = np.interp(np.log2(hz), np.log2(points), gains)
    curve -= 10 * np.log10(1 + (LOW / hz) ** 4)
    curve -= 10 * np.log10(1 + (hz / HIGH) ** 8)
    factors: NDArray[np.float64] = 10 ** (curve / 20)
    return factors


_FACTORS = _tilt()
_MEMBERS = np.stack(
    [(low <= _HZ) & (high > _HZ) for low, high in pairwise(_EDGES)],
    axis=1,
).astype(np.float64)
_SPREAD = np.stack(
    [
        np.interp(np.log2(np.maximum(_HZ, 1.0)), np.log2(_CENTRES), row)
        for row in np.eye(len(_CENTRES))
    ]
)


def _spectra(blocks: Iterable[Block]) -> Iterator[NDArray[np.complex128]]:
    """Give tilted spectra: frame n begins HOP samples before sample n x HOP of the stream.

    Behind the stream stands silence up to the last frame that holds a sample of it.
    """
    before = np.zeros(HOP)
    for block in reblocked(chain(blocks, [np.zeros(HOP, dtype=np.float32)]), _STRETCH):
        missing = -len(block) % HOP
        signal = np.concatenate([before, block, np.zeros(missing)])
        halves = signal.reshape(-1, HOP)
        frames = np.concatenate([halves[:-1], halves[1:]], axis=1)
        before = halves[-1]
        yield np.fft.rfft(frames * _WINDOW, axis=1) * _FACTORS


def _put_together(speech: Replay, gains: Gains, samples: Samples) -> Iterator[Block]:
    """Overlap and add what the spectra and their gains make."""
    at, carry = 0, np.zeros(HOP)
    skip, left = HOP, int(samples)
    for spectra in _spectra(speech):
        factors = 10 ** ((gains[at : at + len(spectra)] @ _SPREAD) / 20)
        at += len(spectra)
        halves = (np.fft.irfft(spectra * factors, FRAME, axis=1) * _WINDOW).reshape(-1, 2, HOP)
        sums = halves[:, 0].copy()
        sums[0] += carry
        sums[1:] += halves[:-1, 1]
        carry = halves[-1, 1]
        # The first half frame is from before the stream.
        part = sums.reshape(-1)[skip : skip + left].astype(np.float32)
        skip, left = 0, left - len(part)
        if len(part):
            yield part
