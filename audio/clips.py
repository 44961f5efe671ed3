"""Short clips through pydub, in its role: find silence, fade; raw PCM in and out.

pydub resamples badly, cuts to whole milliseconds, clips when it mixes and starts other
programs to read files; so none of that is used, and cuts are made here by the sample.
"""

import numpy as np
from numpy.typing import NDArray
from pydub import AudioSegment
from pydub.silence import detect_leading_silence

from programme.units import Db, DurationMs, Hz

Pcm = NDArray[np.int16]
"""Mono, one axis, full scale 32767."""

_STEP_MS = 10
"""How finely silence is looked for."""


def trim(
    pcm: Pcm, rate_hz: Hz, *, threshold: Db, before_ms: DurationMs, after_ms: DurationMs
) -> Pcm:
    """Cut the quiet at both ends, keeping some of it; empty where all of it is quiet.

    Args:
        pcm: the clip.
        rate_hz: its rate.
        threshold: level in dBFS (RMS over 10 ms) under which it is quiet.
        before_ms: what to keep before the first sound.
        after_ms: what to keep after the last sound, so that no word's end is lost.
    """
    clip = _segment(pcm, rate_hz)
    first_ms = detect_leading_silence(clip, silence_threshold=threshold, chunk_size=_STEP_MS)
    if first_ms >= len(clip):
        return pcm[:0]
    tail_ms = detect_leading_silence(
        clip.reverse(), silence_threshold=threshold, chunk_size=_STEP_MS
    )
    first = max(0, first_ms - before_ms) * rate_hz // 1000
    last = len(pcm) - max(0, tail_ms - after_ms) * rate_hz // 1000
    return pcm[first:last]


def fade(pcm: Pcm, rate_hz: Hz, *, in_ms: DurationMs, out_ms: DurationMs) -> Pcm:
    """Fade a clip in and out, linearly; a fade longer than the clip becomes as long as it.

    Only the faded ends go through pydub: it makes a clip longer that is not whole
    milliseconds, or shorter than its fade.

    Raises:
        ValueError: a millisecond is not a whole number of samples at this rate.
    """
    if rate_hz % 1000:
        message = f"clips are faded at whole kilohertz, not at {rate_hz} Hz"
        raise ValueError(message)
    whole_ms = len(pcm) * 1000 // rate_hz
    in_ms, out_ms = DurationMs(min(in_ms, whole_ms)), DurationMs(min(out_ms, whole_ms))
    head, rest = np.split(pcm, [in_ms * rate_hz // 1000])
    if in_ms:
        head = _pcm(_segment(head, rate_hz).fade_in(in_ms))
    faded = np.concatenate((head, rest))
    body, tail = np.split(faded, [len(pcm) - out_ms * rate_hz // 1000])
    if out_ms:
        tail = _pcm(_segment(tail, rate_hz).fade_out(out_ms))
    return np.concatenate((body, tail))


def _pcm(clip: AudioSegment) -> Pcm:
    return np.frombuffer(clip.raw_data, np.int16)


def _segment(pcm: Pcm, rate_hz: Hz) -> AudioSegment:
    return AudioSegment(data=pcm.tobytes(), sample_width=2, frame_rate=rate_hz, channels=1)
