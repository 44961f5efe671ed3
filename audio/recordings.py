"""Recordings by people: from whatever a phone made to a take like any other."""

from dataclasses import dataclass

import numpy as np

from audio.clips import Pcm, fade, trim
from audio.decode import Limits, decode_blocks, probe
from audio.jobs import RecordingJob
from audio.resampling import Block, resample_blocks
from audio.takes import write_take
from programme.errors import ExitCode, ProductionError
from programme.sound import MIX_RATE, TakeInfo
from programme.units import Db, DurationMs, Hz, Samples

LIMITS = Limits(longest_s=600, largest_bytes=300_000_000)
"""One take is one item: ten minutes are more than any."""

LEVEL = Db(-20.0)
"""Where the voice is set to: RMS of the stretches in which somebody speaks, against full scale."""

CEILING = Db(-1.0)
"""No sample goes higher; a recording with great peaks stays softer instead."""

MOST_GAIN = Db(30.0)
"""A recording that needs more is mostly the noise of its microphone."""

SHORTEST_MS = 300
"""Less is a slip of the finger: the shortest word said alone lasts longer."""

_FRAME_MS = 20
_FLOOR = Db(-65.0)
"""Frames below this are not looked at: digital silence between words would lower the mean."""

_GATE = Db(-15.0)
"""Frames this far under the first mean are pauses."""

_CLIPPED_SHARE = 0.2
"""So many frames of speech with flat peaks cannot be mended."""

_KEPT_BEFORE = DurationMs(60)
_KEPT_AFTER = DurationMs(150)
_FADE_IN = DurationMs(10)
_FADE_OUT = DurationMs(60)


@dataclass(frozen=True, slots=True)
class _Levels:
    """What is heard in a recording, in dBFS."""

    speech: Db
    """RMS of the frames in which somebody speaks."""
    quiet: Db
    """RMS of the quietest tenth of the frames."""
    active: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    """For each frame, whether somebody speaks."""


def import_recording(job: RecordingJob) -> TakeInfo:
    """Decode a recording within limits, trim it, level it and write it as a take.

    Nothing of the source but its sound goes into the take: no tag, no place, no device.

    Raises:
        ProductionError: the file is damaged or outside the limits (code INPUT); it holds no
            voice, is overdriven throughout or too short (code SOUND); the take cannot be
            written (code STORAGE).
    """
    sound, rate_hz = _decoded(job)
    levels = _measure(sound, rate_hz)
    if levels is None:
        raise _unusable("nothing is heard in the recording", job)
    if levels.speech + MOST_GAIN < LEVEL:
        raise _unusable(f"the recording is too soft: its voice is at {levels.speech:.0f} dBFS", job)
    if _clipped_share(sound, rate_hz, levels) > _CLIPPED_SHARE:
        raise _unusable("the recording is overdriven throughout", job)
    mixed = np.concatenate(list(resample_blocks((sound,), rate_hz, MIX_RATE)))
    pcm = trim(
        _levelled(mixed, levels.speech),
        MIX_RATE,
        threshold=_threshold(levels),
        before_ms=_KEPT_BEFORE,
        after_ms=_KEPT_AFTER,
    )
    if len(pcm) * 1000 < SHORTEST_MS * MIX_RATE:
        raise _unusable("the recording is shorter than a word", job)
    write_take(job.out, fade(pcm, MIX_RATE, in_ms=_FADE_IN, out_ms=_FADE_OUT), MIX_RATE)
    return TakeInfo(rate_hz=MIX_RATE, samples=Samples(len(pcm)))


def _decoded(job: RecordingJob) -> tuple[Block, Hz]:
    """Give the whole recording at its own rate, its mean taken away."""
    rate_hz = probe(job.source, where=job.where, limits=LIMITS).rate_hz
    blocks = decode_blocks(job.source, rate_hz=rate_hz, where=job.where, limits=LIMITS)
    sound = np.concatenate(list(blocks))
    centred: Block = sound - np.float32(sound.mean(dtype=np.float64))
    return centred, rate_hz


def _measure(sound: Block, rate_hz: Hz) -> _Levels | None:
    """Find the speech and the quiet; None where there is silence only.

    The level is that of active speech as in ITU-T P.56 in spirit: pauses do not count,
    because they say nothing about how loud somebody speaks.
    """
    size = rate_hz * _FRAME_MS // 1000
    frames = sound[: sound.size - sound.size % size].reshape(-1, size)
    if not len(frames):
        return None
    power = np.square(frames, dtype=np.float64).mean(axis=1)
    heard = power > _power(_FLOOR)
    if not heard.any():
        return None
    active = power > power[heard].mean() * _power(_GATE)
    quiet = max(float(np.quantile(power, 0.1)), _power(Db(-96.0)))
    return _Levels(_db(float(power[active].mean())), _db(quiet), active)


def _threshold(levels: _Levels) -> Db:
    """Say below which level the levelled recording is quiet: over its noise, under its voice."""
    gain = LEVEL - levels.speech
    return Db(min(max(LEVEL - 35.0, levels.quiet + gain + 6.0), LEVEL - 15.0))


def _clipped_share(sound: Block, rate_hz: Hz, levels: _Levels) -> float:
    """Give the share of spoken frames in which the wave stays flat at its highest.

    Flat means some 100 microseconds within 0.02 % of the peak: no voice and no tone above
    80 Hz does that by itself.
    """
    run = max(3, rate_hz // 10_000)
    size = rate_hz * _FRAME_MS // 1000
    peak = float(np.abs(sound).max())
    frames = sound[: sound.size - sound.size % size].reshape(-1, size)
    windows = np.lib.stride_tricks.sliding_window_view(frames[levels.active], run, axis=1)
    clipped = 0
    for frame in windows:
        high = np.abs(frame).min(axis=1) > 0.97 * peak
        tops = frame[high]
        clipped += bool(tops.size) and bool((np.ptp(tops, axis=1) < 0.0002 * peak).any())
    return clipped / max(1, len(windows))


def _levelled(sound: Block, speech: Db) -> Pcm:
    """Set the voice to LEVEL, or as near as the peaks allow, and go to 16 bit."""
    peak = float(np.abs(sound).max())
    gain = min(10 ** ((LEVEL - speech) / 20), 10 ** (CEILING / 20) / peak)
    pcm: Pcm = np.rint(sound * np.float32(gain * 32_767)).astype(np.int16)
    return pcm


def _power(level: Db) -> float:
    return float(10 ** (level / 10))


def _db(power: float) -> Db:
    return Db(10 * float(np.log10(power)))


def _unusable(problem: str, job: RecordingJob) -> ProductionError:
    return ProductionError(
        problem,
        where=job.where,
        remedy="record it again in a quiet room, a hand's width from the microphone",
        code=ExitCode.SOUND,
    )
