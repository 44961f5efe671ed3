"""Measuring a recording: is it fit for air, and if not, why not.

Every figure is one that an engineer knows: active speech level (ITU-T P.56), noise in the pauses,
hum by harmonics, share of clipped frames, longest pause, decay of the room.
"""

import numpy as np
from numpy.typing import NDArray

from audio.clipping import clipped_share
from audio.pauses import FRAME_MS, Frames, find_hum, frames_of, noise_power
from audio.resampling import Block
from audio.speech_level import STEPS_HZ, SpeechLevel, measure_speech
from programme.takes import TakeQuality
from programme.units import Db, Hz

_SILENT_DB = -70.0
"""Less is no voice, as for the build (recordings.py)."""

_AT_ONCE_MS = 20
_AT_ONCE_DB = 12.0
"""A file whose first or last 20 ms are so near the level of its speech begins or ends in it."""

_LEAST_FALLS = 2
_FALL_DB = 20.0
_TOP_DB = 5.0
_OVER_NOISE_DB = 6.0
_LONGEST_FALL_MS = 1_500


def measure_take(sound: Block, rate_hz: Hz, *, one_sided: bool = False) -> TakeQuality:
    """Measure a whole recording.

    Args:
        sound: mono, its mean taken away, at the recorder's rate up to 48 kHz.
        rate_hz: its rate, a whole number of samples every 20 ms.
        one_sided: what was seen in its channels before they were mixed.
    """
    length_s = sound.size / rate_hz
    peak_db = _db(float(max(sound.max(initial=0.0), -sound.min(initial=0.0))) ** 2)
    speech = measure_speech(sound, rate_hz)
    if speech is None or speech.active_db < _SILENT_DB or not speech.spoken.any():
        return _silent(length_s, peak_db, one_sided=one_sided)
    frames = frames_of(sound, rate_hz, speech.active)
    noise = noise_power(frames)
    spoken = frames.power[~frames.is_pause]
    voice = max(float(spoken.mean()) - noise, 1e-12) if spoken.size else 1e-12
    hum = find_hum(sound, rate_hz, speech.active)
    first, last = _ends(speech)
    return TakeQuality(
        length_s=length_s,
        speech_s=(last - first) / STEPS_HZ,
        speech_db=speech.active_db,
        peak_db=peak_db,
        noise_db=_db(noise) if noise else None,
        snr_db=_db(voice / noise) if noise else None,
        hum_hz=hum.mains_hz if hum else 0,
        hum_db=Db(hum.heard_db - speech.active_db) if hum else None,
        clipped=clipped_share(sound, rate_hz, frames.power, voice / 30),
        longest_pause_s=_longest_pause(speech, first, last),
        echo_s=_echo(frames, noise),
        starts_at_once=_is_loud(sound[: rate_hz * _AT_ONCE_MS // 1000], speech, noise),
        ends_at_once=_is_loud(sound[-(rate_hz * _AT_ONCE_MS // 1000) :], speech, noise),
        one_sided=one_sided,
    )


def _silent(length_s: float, peak_db: Db, *, one_sided: bool) -> TakeQuality:
    return TakeQuality(
        length_s=length_s,
        speech_s=0.0,
        speech_db=Db(-np.inf),
        peak_db=peak_db,
        noise_db=None,
        snr_db=None,
        hum_hz=0,
        hum_db=None,
        clipped=0.0,
        longest_pause_s=0.0,
        echo_s=None,
        starts_at_once=False,
        ends_at_once=False,
        one_sided=one_sided,
    )


def _ends(speech: SpeechLevel) -> tuple[int, int]:
    """Give the steps between which somebody speaks."""
    steps = np.flatnonzero(speech.spoken)
    return int(steps[0]), int(steps[-1]) + 1


def _longest_pause(speech: SpeechLevel, first: int, last: int) -> float:
    steps = np.flatnonzero(speech.spoken[first:last])
    return float(np.diff(steps).max(initial=1) - 1) / STEPS_HZ


def _is_loud(edge: Block, speech: SpeechLevel, noise: float) -> bool:
    """Tell whether a file's edge is speech: near its level, and well over the noise."""
    power = float(np.square(edge, dtype=np.float64).mean()) if edge.size else 0.0
    limit = max(10 ** ((speech.active_db - _AT_ONCE_DB) / 10), noise * 10 ** (_OVER_NOISE_DB / 10))
    return power > limit


def _echo(frames: Frames, noise: float) -> float | None:
    """Give how long the room takes to fall by 60 dB, by the ends of phrases.

    After each phrase the level falls at the rate of the room or of the voice, whichever is
    slower; the middle of the falls that are steep enough to be followed for 20 dB tells.
    """
    level = 10 * np.log10(frames.power + 1e-12)
    floor = 10 * np.log10(noise + 1e-12) + _OVER_NOISE_DB
    falls = [
        fall
        for end in _phrase_ends(frames.is_pause)
        if (fall := _fall(level, end, floor)) is not None
    ]
    return float(np.median(falls)) if len(falls) >= _LEAST_FALLS else None


def _phrase_ends(is_pause: NDArray[np.bool_]) -> list[int]:
    """Give the first frame of each pause that follows a phrase."""
    return [int(n) + 1 for n in np.flatnonzero(~is_pause[:-1] & is_pause[1:])]


def _fall(level: NDArray[np.float64], end: int, floor: float) -> float | None:
    """Give the time for 60 dB of the fall that ends in a pause; None if it cannot be followed."""
    reach = _LONGEST_FALL_MS // FRAME_MS
    stretch = level[max(0, end - reach) : end + reach // 2]
    top = int(np.argmax(stretch[: min(reach, end)][::-1][: reach // 2]))
    start = min(reach, end) - 1 - top
    peak = stretch[start]
    begin = _first_below(stretch, start, peak - _TOP_DB)
    stop = _first_below(stretch, start, peak - _TOP_DB - _FALL_DB)
    if begin is None or stop is None or peak - _TOP_DB - _FALL_DB < floor:
        return None
    return (stop - begin) * FRAME_MS / 1000 * 60 / _FALL_DB


def _first_below(level: NDArray[np.float64], start: int, limit: float) -> float | None:
    """Give where a level first comes under a limit, between two frames."""
    below = np.flatnonzero(level[start:] < limit)
    if not below.size or not below[0]:
        return None
    at = start + int(below[0])
    high, low = level[at - 1], level[at]
    return at - 1 + float((high - limit) / (high - low))


def _db(power: float) -> Db:
    return Db(10 * float(np.log10(power)) if power > 0 else -np.inf)
