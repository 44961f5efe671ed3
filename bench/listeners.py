"""How well words get through, by calculation: ESTOI, SII, and what a horn lets through.

ESTOI (Jensen and Taal 2016) comes from pystoi. The SII is own code after ANSI S3.5-1997, the
one-third octave band procedure with the band importance of its table 3 (average speech):
``sii`` keeps only the part of it that depends on noise, ``sii_in_full`` the rest too, at a
level that is loud but not painful.
"""

import numpy as np
from numpy.typing import NDArray
from pystoi import stoi
from scipy import signal

RATE = 48_000
Signal = NDArray[np.floating]

# fmt: off
IMPORTANCE = np.array([
    0.0083, 0.0095, 0.0150, 0.0289, 0.0440, 0.0578, 0.0653, 0.0711, 0.0818,
    0.0844, 0.0882, 0.0898, 0.0868, 0.0844, 0.0771, 0.0527, 0.0364, 0.0185,
])
"""Of the bands at 160 to 8000 Hz for average speech (table 3)."""
_NORMAL = np.array([
    32.41, 34.48, 34.75, 33.98, 34.59, 34.27, 32.06, 28.30, 25.01,
    23.00, 20.15, 17.32, 13.18, 11.55, 9.33, 5.31, 2.59, 1.13,
])
"""Standard speech spectrum level for normal vocal effort, dB SPL (table 3)."""
_HEARING = np.array([
    0.6, -1.7, -3.9, -6.1, -8.2, -9.7, -10.8, -11.9, -12.5,
    -13.5, -15.4, -17.7, -21.2, -24.2, -25.9, -23.6, -15.8, -7.1,
])
"""Reference internal noise spectrum level, dB SPL (table 3)."""
_NOMINAL = np.array([
    160, 200, 250, 315, 400, 500, 630, 800, 1000,
    1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000,
])
"""Hz; what the formulas of the standard use."""
# fmt: on
_EXACT = 1000 * 2 ** ((np.arange(18) - 8) / 3)
"""Centres in Hz: exact thirds of octaves around 1 kHz."""
HORN_HZ = (350, 5500)
"""What a horn plays: between these, and 24 dB an octave less beyond."""
LOUD_DB = 75.0
"""dB SPL of the speech for ``sii_in_full``."""


def estoi(clean: Signal, heard: Signal) -> float:
    """Give the extended short-time objective intelligibility of what is heard."""
    return float(stoi(clean, heard, RATE, extended=True))


def sii(speech: Signal, noise: Signal) -> float:
    """Give the part of speech that is above noise, band by band by its importance, 0 to 1.

    Levels are those of the whole; no masking between bands and no hearing threshold.
    """
    distance = _band_db(speech) - _band_db(noise)
    return float(np.sum(IMPORTANCE * (np.clip(distance, -15, 15) + 15) / 30))


def sii_in_full(speech: Signal, noise: Signal) -> float:
    """Give the SII as the whole procedure has it, for speech at LOUD_DB and normal hearing."""
    to_spl = LOUD_DB - level_db(speech) - 10 * np.log10(_EXACT * (2 ** (1 / 6) - 2 ** (-1 / 6)))
    return index(_band_db(speech) + to_spl, _band_db(noise) + to_spl)


def index(
    speech: NDArray[np.float64],
    noise: NDArray[np.float64],
    hearing: NDArray[np.float64] | float = 0,
) -> float:
    """Give the index of clauses 5.4 to 5.8 from spectrum levels of the 18 bands.

    Args:
        speech: equivalent speech spectrum levels, dB SPL.
        noise: equivalent noise spectrum levels, dB SPL.
        hearing: equivalent hearing threshold levels, dB HL.
    """
    masking = np.maximum(noise, speech - 24)
    slope = -80 + 0.6 * (masking + 10 * np.log10(_NOMINAL) - 6.353)
    upward = slope[None, :] * np.log10(0.89 * _NOMINAL[:, None] / _NOMINAL[None, :])
    from_below = np.tril(10 ** ((masking[None, :] + 3.32 * upward) / 10), -1)
    spread = 10 * np.log10(10 ** (noise / 10) + from_below.sum(axis=1))
    spread[0] = masking[0]
    disturbance = np.maximum(spread, _HEARING + hearing)
    distortion = np.clip(1 - (speech - _NORMAL - 10) / 160, 0, 1)
    audible = np.clip((speech - disturbance + 15) / 30, 0, 1)
    return float(np.sum(IMPORTANCE * distortion * audible))


def through_horn(sound: Signal) -> Signal:
    """Give what a horn loudspeaker would play."""
    return np.asarray(signal.sosfilt(_HORN, sound))


_HORN = signal.butter(4, HORN_HZ, "bandpass", fs=RATE, output="sos")


def level_db(sound: Signal) -> float:
    """Give the mean level of the whole, dB against full scale RMS 1."""
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64))))


def level_dba(sound: Signal) -> float:
    """Give the mean level of the whole with the A weighting of IEC 61672-1, in dB."""
    hz, power = signal.welch(sound, RATE, nperseg=8192)
    f2 = np.square(hz)
    weight = (12194**2 * f2**2) / (
        (f2 + 20.6**2) * np.sqrt((f2 + 107.7**2) * (f2 + 737.9**2)) * (f2 + 12194**2)
    )
    return float(10 * np.log10(np.sum(power * weight**2) * hz[1]) + 2.0)


def _band_db(sound: Signal) -> NDArray[np.float64]:
    """Give the level of each third of an octave in dB; full scale 1."""
    hz, power = signal.welch(sound, RATE, nperseg=8192)
    step = float(hz[1])
    found = [
        power[(hz >= centre * 2 ** (-1 / 6)) & (hz < centre * 2 ** (1 / 6))].sum() * step
        for centre in _EXACT
    ]
    return np.asarray(10 * np.log10(np.maximum(found, 1e-20)))
