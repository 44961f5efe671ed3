"""Wooden bars, nylon strings, a bell and a small room, from nothing but numbers.

Every tone is a sum of decaying partials (modal synthesis: each way in which a bar or a
string swings is one partial with its own decay), so it is in tune, ends in silence and
needs no sample of anybody's instrument. Noise comes from a hash of the sample's number,
because "same in, same bytes out" also holds for breath and wood.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float64]
"""Mono at RATE, one axis."""

RATE = 48_000

_LN_1000 = float(np.log(1000.0))
"""Decay by 60 dB."""


@dataclass(frozen=True, slots=True)
class Partial:
    """One way of swinging."""

    ratio: float
    """Of the tone's pitch."""
    level: float
    t60_s: float
    """How long it takes to fall by 60 dB."""


def pitch_hz(name: str) -> float:
    """Give the frequency of a note such as ``A4`` (440 Hz) or ``F#3``, equal temperament.

    Raises:
        ValueError: no such note.
    """
    steps = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}
    letter, octave = name[0], name[-1]
    if letter not in steps or not octave.isdigit() or name[1:-1] not in {"", "#", "b"}:
        message = f"no such note: {name}"
        raise ValueError(message)
    bent = {"": 0, "#": 1, "b": -1}[name[1:-1]]
    return float(440.0 * 2 ** ((steps[letter] + bent) / 12 + int(octave) - 4))


def marimba(hz: float, velocity: float) -> Sound:
    """Give a rosewood bar over its tube, struck with a soft mallet.

    Bars are carved so that the second and third partials stand near 4 and 10 times the
    pitch; the harder the stroke, the more of them is heard. The tube answers a little beside
    the bar, which makes the tone live.
    """
    long_s = float(np.clip(2.3 * (262 / hz) ** 0.65, 0.7, 3.2))
    partials = (
        Partial(1.0, 0.72, long_s),
        Partial(1.0021, 0.28, long_s * 0.8),
        Partial(3.93, 0.20 * velocity, long_s * 0.22),
        Partial(9.4, 0.05 * velocity**2, long_s * 0.08),
    )
    tone = _ring(hz, partials, attack_s=0.004)
    return velocity * _add(tone, 0.10 * velocity * _knock(hz, low=1800.0, t60_s=0.05))


def nylon(hz: float, velocity: float) -> Sound:
    """Give a plucked nylon string: harmonics fall off, high ones sooner."""
    long_s = float(np.clip(2.6 * (131 / hz) ** 0.5, 0.9, 3.0))
    partials = []
    for k in range(1, 13):
        if k * hz > 3_200:
            break
        # Plucked at a fifth of its length: the fifth harmonic is missing.
        level = abs(np.sin(k * np.pi / 5.2)) / k**1.7 * velocity ** (0.15 * (k - 1))
        partials.append(Partial(k * (1 + 0.00006 * k * k), level, long_s / (1 + 0.32 * (k - 1))))
    tone = _ring(hz, partials, attack_s=0.006)
    return velocity * _add(tone, 0.05 * velocity * _knock(hz, low=1200.0, t60_s=0.03))


def bell(hz: float, velocity: float) -> Sound:
    """Give a metal bar with a soft beater, between a vibraphone and a small gong."""
    partials = (
        Partial(1.0, 0.66, 2.6),
        Partial(1.0013, 0.20, 2.0),
        Partial(2.0, 0.10, 1.1),
        Partial(2.76, 0.035 * velocity, 0.5),
        Partial(4.0, 0.03 * velocity, 0.25),
    )
    return velocity * _ring(hz, partials, attack_s=0.008)


@cache
def breath(hz: float, seconds: float) -> Sound:
    """Give a long soft tone of a few harmonics that swells and goes: air under a melody."""
    at = np.arange(round(seconds * RATE)) / RATE
    swell = np.sin(np.pi * at / seconds) ** 2
    tone = np.zeros_like(at)
    for k, level in ((1, 1.0), (2, 0.22), (3, 0.08)):
        # Two players never agree quite; their beats are slower than a second.
        for cents, share in ((-2.5, 0.5), (2.5, 0.5)):
            tone += share * level * np.sin(2 * np.pi * hz * k * 2 ** (cents / 1200) * at + k)
    swelling: Sound = tone * swell
    swelling.flags.writeable = False
    return swelling


def room(sound: Sound, *, wet: float, t60_s: float, circular: bool = False) -> Sound:
    """Put sound into a small room with wooden walls; high tones die sooner than low ones.

    Args:
        sound: dry.
        wet: the room's share of the energy of a tone, against the dry sound's.
        t60_s: reverberation below 500 Hz.
        circular: whether the end rings on into the beginning, for a loop.

    Returns:
        As long as the sound where circular, else with the room's ringing behind it.
    """
    answer = _room_answer(t60_s) * wet
    length = len(sound) if circular else len(sound) + len(answer)
    size = length if circular else 1 << (length - 1).bit_length()
    spectrum = np.fft.rfft(sound, size) * (1 + np.fft.rfft(_folded(answer, size), size))
    return np.asarray(np.fft.irfft(spectrum, size)[:length])


def filtered(sound: Sound, *curve: tuple[float, float]) -> Sound:
    """Change levels by frequency: (Hz, dB) points, straight lines between on a log scale.

    Works on the whole sound as a circle, so a loop stays one; constant offset goes.
    """
    spectrum = np.fft.rfft(sound)
    hz = np.fft.rfftfreq(len(sound), 1 / RATE)
    points = np.log([point[0] for point in curve])
    gains = np.interp(np.log(np.maximum(hz, 1e-3)), points, [point[1] for point in curve])
    spectrum *= 10 ** (gains / 20)
    spectrum[0] = 0
    return np.asarray(np.fft.irfft(spectrum, len(sound)))


def _ring(hz: float, partials: Iterable[Partial], *, attack_s: float) -> Sound:
    """Sum decaying partials below 8 kHz; the attack is half a cosine, the end is silence."""
    heard = [p for p in partials if p.ratio * hz < 8_000]
    at = np.arange(round(max(p.t60_s for p in heard) * RATE)) / RATE
    tone = np.zeros_like(at)
    for p in heard:
        tone += p.level * np.exp(-_LN_1000 / p.t60_s * at) * np.sin(2 * np.pi * p.ratio * hz * at)
    rise = round(attack_s * RATE)
    tone[:rise] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(rise) / rise)
    fall = round(0.05 * RATE)
    tone[-fall:] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(fall) / fall)
    return tone


def _knock(hz: float, *, low: float, t60_s: float) -> Sound:
    """Give the mallet's or finger's own sound: a short dull noise, another for each pitch."""
    length = round(t60_s * RATE)
    noise = _noise(length, seed=round(hz * 100))
    spectrum = np.fft.rfft(noise)
    at = np.fft.rfftfreq(length, 1 / RATE)
    dull = np.fft.irfft(spectrum / (1 + (at / low) ** 4), length)
    time = np.arange(length) / RATE
    rise = np.minimum(1.0, time / 0.003)
    return np.asarray(dull * rise * np.exp(-_LN_1000 / t60_s * time))


def _room_answer(t60_s: float) -> Sound:
    """Give what the room answers to a clap: a few walls, then a haze that grows duller."""
    length = round(t60_s * RATE)
    time = np.arange(length) / RATE
    answer = np.zeros(length)
    hz = np.fft.rfftfreq(length, 1 / RATE)
    for number, (low, high, share) in enumerate(
        ((80, 500, 1.0), (500, 1_500, 0.8), (1_500, 4_000, 0.5), (4_000, 9_000, 0.28))
    ):
        spectrum = np.fft.rfft(_noise(length, seed=number + 1))
        spectrum *= (hz >= low) & (hz < high)
        answer += np.fft.irfft(spectrum, length) * np.exp(-_LN_1000 / (t60_s * share) * time)
    answer[: round(0.012 * RATE)] = 0
    answer /= np.sqrt(np.square(answer).sum())
    for delay_ms, level in ((13.0, 0.30), (19.7, -0.22), (29.3, 0.18), (41.9, -0.12)):
        answer[round(delay_ms / 1000 * RATE)] += level
    fall = round(0.05 * RATE)
    answer[-fall:] *= np.linspace(1, 0, fall)
    return answer


def _folded(answer: Sound, size: int) -> Sound:
    """Fold what is longer than the circle back on to it."""
    whole = np.zeros(-(-len(answer) // size) * size)
    whole[: len(answer)] = answer
    return np.asarray(whole.reshape(-1, size).sum(axis=0))


def _noise(length: int, *, seed: int) -> Sound:
    """Give noise between -1 and 1: Steele's splitmix64 of the sample's number."""
    with np.errstate(over="ignore"):
        z = (np.arange(length, dtype=np.uint64) + np.uint64(seed << 32)) * np.uint64(
            0x9E3779B97F4A7C15
        )
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return z.astype(np.float64) / 2**63 - 1.0


def _add(tone: Sound, more: Sound) -> Sound:
    tone[: len(more)] += more[: len(tone)]
    return tone
