"""Recordings by people: from whatever a phone made to a take like any other."""

import numpy as np

from audio.clips import Pcm, fade, trim
from audio.decode import Limits, decode_blocks, probe
from audio.expander import expanded
from audio.jobs import RecordingJob
from audio.pauses import frames_of, noise_power
from audio.resampling import Block, resample_blocks
from audio.speech_level import SpeechLevel, measure_speech
from audio.takes import write_take
from programme.errors import ExitCode, ProductionError
from programme.sound import MIX_RATE, TakeInfo
from programme.units import Db, DurationMs, Samples

LIMITS = Limits(longest_s=600, largest_bytes=300_000_000)
"""One take is one item: ten minutes are more than any."""

LEVEL = Db(-20.0)
"""Where the voice is set to: active speech level (ITU-T P.56) against full scale."""

CEILING = Db(-1.0)
"""No sample goes higher; a recording with great peaks stays softer instead."""

MOST_GAIN = Db(30.0)
"""A recording that needs more is mostly the noise of its microphone."""

SHORTEST_MS = 300
"""Less is a slip of the finger: the shortest word said alone lasts longer."""

_ENOUGH = 10_000_000
"""Samples that tell an offset: three and a half minutes at 48 kHz."""

_SILENT = Db(-70.0)
"""Less is no voice: 20 dB under what a telephone records of a whisper."""
_QUIET = Db(-45.0)
"""Against speech: a word's end that is softer is not heard beside the next word."""
_OVER_NOISE = Db(6.0)
_LEAST_SNR = Db(6.0)
"""With less between them, what was taken for noise may be somebody who never pauses."""
_LEAST_QUIET = Db(-15.0)

_KEPT_BEFORE = DurationMs(60)
_KEPT_AFTER = DurationMs(150)
_FADE_IN = DurationMs(10)
_FADE_OUT = DurationMs(60)


def import_recording(job: RecordingJob) -> TakeInfo:
    """Decode a recording within limits, level it, lower its pauses, trim it, write it as a take.

    Nothing of the source but its sound goes into the take: no tag, no place, no device. Whether
    it is good enough is not judged here: that was done when it came in, and a person may have
    decided otherwise.

    Raises:
        ProductionError: the file is damaged or outside the limits (code INPUT); it holds no
            voice or is too short (code SOUND); the take cannot be written (code STORAGE).
    """
    sound = _decoded(job)
    speech = measure_speech(sound, MIX_RATE)
    if speech is None or speech.active_db < _SILENT:
        raise _unusable("nothing is heard in the recording", job)
    gain = _gain(sound, speech)
    calm, noise = _calmed(sound, speech)
    pcm: Pcm = np.rint(calm * np.float32(gain * 32_767)).astype(np.int16)
    pcm = trim(
        pcm,
        MIX_RATE,
        threshold=_threshold(speech, noise, gain),
        before_ms=_KEPT_BEFORE,
        after_ms=_KEPT_AFTER,
    )
    if len(pcm) * 1000 < SHORTEST_MS * MIX_RATE:
        raise _unusable("the recording is shorter than a word", job)
    write_take(job.out, fade(pcm, MIX_RATE, in_ms=_FADE_IN, out_ms=_FADE_OUT), MIX_RATE)
    return TakeInfo(rate_hz=MIX_RATE, samples=Samples(len(pcm)))


def _decoded(job: RecordingJob) -> Block:
    """Give the whole recording at MIX_RATE.

    The offset is taken away at the recorder's own rate: a resampler rings where it begins.
    """
    rate_hz = probe(job.source, where=job.where, limits=LIMITS).rate_hz
    blocks = decode_blocks(job.source, rate_hz=rate_hz, where=job.where, limits=LIMITS)
    whole = centred(list(blocks))
    return np.concatenate(list(resample_blocks((whole,), rate_hz, MIX_RATE)))


def centred(blocks: list[Block]) -> Block:
    """Join blocks and take a constant offset away; empties the list, so that they are held once.

    The middle and not the mean: where somebody is silent, no offset is left.
    """
    end = sum(block.size for block in blocks)
    sound = np.empty(end, np.float32)
    while blocks:
        block = blocks.pop()
        sound[end - block.size : end] = block
        end -= block.size
    # Of a long one the middle of an even part: to find it, what is looked at is copied.
    sound -= np.float32(np.median(sound[:: 1 + sound.size // _ENOUGH]))
    return sound


def _gain(sound: Block, speech: SpeechLevel) -> float:
    """Give the factor that sets the voice to LEVEL, or as near as gain and peaks allow."""
    peak = float(np.abs(sound).max())
    wanted = 10 ** (min(LEVEL - speech.active_db, MOST_GAIN) / 20)
    return float(min(wanted, 10 ** (CEILING / 20) / peak))


def _calmed(sound: Block, speech: SpeechLevel) -> tuple[Block, float]:
    """Give the recording with its pauses lowered, and the mean square of its noise before."""
    frames = frames_of(sound, MIX_RATE, speech.active)
    noise = noise_power(frames)
    snr_db = float(speech.active_db - 10 * np.log10(noise)) if noise else np.inf
    if not _LEAST_SNR < snr_db < np.inf:
        return sound, 0.0
    return expanded(sound, MIX_RATE, frames, noise, snr_db), noise


def _threshold(speech: SpeechLevel, noise: float, gain: float) -> Db:
    """Say below which level the levelled recording is quiet: over its noise, under its voice."""
    level = speech.active_db + 20 * np.log10(gain)
    noise_db = 10 * np.log10(noise) + 20 * np.log10(gain) if noise else -np.inf
    return Db(float(min(max(level + _QUIET, noise_db + _OVER_NOISE), level + _LEAST_QUIET)))


def _unusable(problem: str, job: RecordingJob) -> ProductionError:
    return ProductionError(
        problem,
        where=job.where,
        remedy="record it again in a quiet room, a hand's width from the microphone",
        code=ExitCode.SOUND,
    )
