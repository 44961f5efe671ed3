"""Trimming and fading short clips; pydub's own faults stay outside."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audio.clips import fade, trim
from programme.units import Db, DurationMs, Hz

RATE = Hz(48_000)


def tone(samples: int) -> Any:
    return np.rint(10_000 * np.sin(2 * np.pi * 440 * np.arange(samples) / RATE)).astype(np.int16)


def trimmed(pcm: Any, before_ms: int = 0, after_ms: int = 0) -> Any:
    return trim(
        pcm,
        RATE,
        threshold=Db(-50.0),
        before_ms=DurationMs(before_ms),
        after_ms=DurationMs(after_ms),
    )


def test_a_tone_between_silences_is_found_to_ten_milliseconds() -> None:
    quiet = np.zeros(RATE, np.int16)
    made = trimmed(np.concatenate((quiet, tone(RATE), quiet)))
    assert RATE <= len(made) <= RATE + 2 * 480


def test_what_is_to_be_kept_is_kept() -> None:
    quiet = np.zeros(RATE, np.int16)
    pcm = np.concatenate((quiet, tone(RATE), quiet))
    assert len(trimmed(pcm, 60, 150)) == len(trimmed(pcm)) + 210 * 48


def test_more_cannot_be_kept_than_is_there() -> None:
    pcm = tone(12_345)
    assert np.array_equal(trimmed(pcm, 500, 500), pcm)


def test_silence_gives_nothing() -> None:
    assert len(trimmed(np.zeros(12_345, np.int16))) == 0
    assert len(trimmed(np.zeros(0, np.int16))) == 0


@given(samples=st.integers(1, 20_000), fade_in=st.integers(0, 600), fade_out=st.integers(0, 600))
def test_a_fade_never_changes_the_length(samples: int, fade_in: int, fade_out: int) -> None:
    # pydub lengthens a clip that is shorter than its fade.
    faded = fade(tone(samples), RATE, in_ms=DurationMs(fade_in), out_ms=DurationMs(fade_out))
    assert len(faded) == samples


def test_a_fade_is_linear_in_amplitude_and_leaves_the_rest_alone() -> None:
    level = np.full(RATE, 20_000, np.int16)
    faded = fade(level, RATE, in_ms=DurationMs(500), out_ms=DurationMs(100))
    assert abs(int(faded[0])) < 100
    assert abs(int(faded[12_000]) - 10_000) < 100
    assert np.array_equal(faded[24_500:43_000], level[24_500:43_000])
    assert abs(int(faded[-1])) < 300
