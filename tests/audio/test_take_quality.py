"""Each figure of a recording against a signal of which it is known, and the verdicts they give."""

from typing import Any

import numpy as np
import pytest

from audio.pauses import a_weight_db, find_hum
from audio.speech_level import STEPS_HZ, measure_speech
from audio.take_quality import measure_take
from audio.take_verdict import judge_take
from programme.takes import ExpectedSpeech, TakeFault, TakeQuality, Verdict
from programme.units import Hz
from tests.audio.take_material import RATE, band_noise, rms_db, speech, tones

RATE_HZ = Hz(RATE)


def measured(sound: Any) -> TakeQuality:
    return measure_take(sound.astype(np.float32), RATE_HZ)


def level_of(sound: Any) -> float:
    found = measure_speech(sound.astype(np.float32), RATE_HZ)
    assert found is not None
    return found.active_db


@pytest.mark.parametrize("level_db", [-10.0, -26.0, -40.0])
def test_a_steady_tone_has_the_level_of_its_rms(level_db: float) -> None:
    assert level_of(tones(5 * RATE, 440, amplitudes=(1.0,), rms_db=level_db)) == pytest.approx(
        level_db, abs=0.1
    )


@pytest.mark.parametrize("on_s", [2.0, 5.0])
def test_silence_around_a_tone_does_not_lower_its_active_level(on_s: float) -> None:
    sound = tones(10 * RATE, 440, amplitudes=(1.0,), rms_db=-20)
    sound[round(on_s * RATE) :] = 0
    # P.56 counts 200 ms of hangover and the envelope's fall as speech: here up to 0.28 s
    least = -20 + 10 * np.log10(on_s / (on_s + 0.3))
    assert least <= level_of(sound) <= -20
    assert rms_db(sound) == pytest.approx(-20 + 10 * np.log10(on_s / 10), abs=0.05)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
def test_the_active_level_is_the_same_at_every_rate(rate: int) -> None:
    times = np.arange(4 * rate) / rate
    sound = (0.1 * np.sin(2 * np.pi * 440 * times) * (times % 1 < 0.6)).astype(np.float32)
    found = measure_speech(sound, Hz(rate))
    assert found is not None
    assert found.active_db == pytest.approx(level_of(_at_48k()), abs=0.1)


def _at_48k() -> Any:
    times = np.arange(4 * RATE) / RATE
    return (0.1 * np.sin(2 * np.pi * 440 * times) * (times % 1 < 0.6)).astype(np.float32)


@pytest.mark.parametrize("snr_db", [50, 40, 30, 20, 10])
def test_speech_over_noise_is_read_within_half_a_decibel(snr_db: int) -> None:
    clean = speech()
    noise_db = level_of(clean) - snr_db
    quality = measured(clean + band_noise(clean.size) * 10 ** (noise_db / 20))
    assert quality.snr_db == pytest.approx(snr_db, abs=0.5)
    assert quality.noise_db == pytest.approx(noise_db, abs=0.6)


def test_digital_silence_in_the_pauses_is_no_noise() -> None:
    quality = measured(speech())
    assert (quality.noise_db, quality.snr_db) == (None, None)
    assert judge_take(quality, None) == (Verdict.GOOD, ())


@pytest.mark.parametrize("mains_hz", [50, 60])
@pytest.mark.parametrize("under_db", [10, 25, 40])
def test_mains_hum_is_told_by_its_frequency_and_level(mains_hz: int, under_db: int) -> None:
    clean = speech() + band_noise(speech().size) * 1e-4
    amplitudes = (1.0, 0.5, 0.25)
    hum = tones(clean.size, mains_hz, amplitudes=amplitudes, rms_db=level_of(clean) - under_db)
    quality = measured(clean + hum)
    assert quality.hum_hz == mains_hz
    weights = [a_weight_db(mains_hz * number) for number in (1, 2, 3)]
    powers = [a**2 * 10 ** (w / 10) for a, w in zip(amplitudes, weights, strict=True)]
    heard_db = 10 * np.log10(sum(powers) / sum(a**2 for a in amplitudes)) - under_db
    # the hum itself adds to the level that it is held against
    assert quality.hum_db == pytest.approx(heard_db, abs=1.0)


@pytest.mark.parametrize("pitch_hz", [99.0, 100.0, 120.0, 121.0])
def test_a_voice_that_makes_no_pause_has_no_hum(pitch_hz: float) -> None:
    # every harmonic of such a voice lies where mains hum has one, but it moves as people speak
    rate_hz = Hz(16_000)
    times = np.arange(4 * rate_hz) / rate_hz
    cycles = np.cumsum(pitch_hz * (1 + 0.08 * np.sin(2 * np.pi * 0.7 * times))) / rate_hz
    voice = sum(np.sin(2 * np.pi * number * cycles) / number for number in range(1, 9)) * 0.1
    speaking = np.ones(times.size * STEPS_HZ // rate_hz, np.bool_)
    found = find_hum(np.asarray(voice, np.float32), rate_hz, speaking)
    level_db = 10 * np.log10(np.mean(np.square(voice)))
    assert found is None or found.heard_db < level_db - 40


@pytest.mark.parametrize("mains_hz", [50, 60])
def test_hum_as_loud_as_the_voice_is_told_where_it_leaves_no_pause(mains_hz: int) -> None:
    clean = speech()
    hum = tones(clean.size, mains_hz, amplitudes=(1.0, 0.5, 0.25), rms_db=level_of(clean))
    speaking = np.ones(clean.size * STEPS_HZ // RATE_HZ, np.bool_)
    found = find_hum((clean + hum).astype(np.float32), RATE_HZ, speaking)
    assert found is not None
    assert found.mains_hz == mains_hz
    assert found.level_db == pytest.approx(level_of(clean), abs=2.0)


def test_a_voice_alone_has_no_hum() -> None:
    for language in ("es-419", "fr", "en", "ar"):
        clean = speech(language=language)
        assert measured(clean + band_noise(clean.size) * 1e-3).hum_hz == 0, language


@pytest.mark.parametrize(
    ("hz", "expected"), [(50, -30.2), (100, -19.1), (1000, 0.0), (2000, 1.2), (8000, -1.1)]
)
def test_the_weighting_is_that_of_the_standards_table(hz: float, expected: float) -> None:
    # IEC 61672-1:2013, table 3
    assert a_weight_db(hz) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("times", [5, 10])
@pytest.mark.parametrize("turned_down", [1.0, 0.5])
def test_an_overdriven_recording_is_recorded_again_also_when_turned_down(
    times: float, turned_down: float
) -> None:
    clean = speech()
    clean = clean / np.abs(clean).max()
    quality = measured(turned_down * np.clip(times * clean, -1, 1))
    assert judge_take(quality, None)[1][0] is TakeFault.CLIPPED
    assert judge_take(quality, None)[0] is Verdict.AGAIN


def test_more_overdrive_reads_as_more() -> None:
    clean = speech() / np.abs(speech()).max()
    shares = [measured(np.clip(times * clean, -1, 1)).clipped for times in (1, 2, 4, 8)]
    assert shares == sorted(shares)
    assert shares[0] == 0


@pytest.mark.parametrize("pause_s", [0.5, 1.5, 3.0])
def test_the_longest_pause_is_found(pause_s: float) -> None:
    quality = measured(speech(*("Pida ayuda", "en la oficina"), pause_s=pause_s))
    assert quality.longest_pause_s == pytest.approx(pause_s, abs=0.2)
    assert (TakeFault.PAUSE in judge_take(quality, None)[1]) == (pause_s > 2)


def test_a_file_that_begins_or_ends_in_speech_is_found() -> None:
    whole = speech(around_s=1.0)
    loud = np.flatnonzero(np.abs(whole) > 0.3 * np.abs(whole).max())
    cut = whole[loud[0] : loud[-1]]
    assert (measured(whole).starts_at_once, measured(whole).ends_at_once) == (False, False)
    assert (measured(cut).starts_at_once, measured(cut).ends_at_once) == (True, True)
    assert {TakeFault.CUT_START, TakeFault.CUT_END} <= set(judge_take(measured(cut), None)[1])


def test_a_longer_echo_reads_as_longer() -> None:
    dry = speech()
    read = [measured(in_room(dry, decay_s)).echo_s for decay_s in (0.3, 0.8, 1.5)]
    assert all(one is not None for one in read)
    assert read == sorted(read, key=lambda one: one or 0.0)
    assert TakeFault.ECHO in judge_take(measured(in_room(dry, 1.5)), None)[1]
    assert TakeFault.ECHO not in judge_take(measured(in_room(dry, 0.3)), None)[1]


def in_room(sound: Any, decay_s: float) -> Any:
    """Add the tail of a room that falls by 60 dB in a time."""
    rng = np.random.default_rng(3)
    length = round(RATE * decay_s * 1.2)
    tail = rng.normal(size=length) * 10 ** (-3 * np.arange(length) / RATE / decay_s)
    tail *= 0.5 / np.sqrt((tail**2).sum())
    tail[0] += 1
    size = 1 << (sound.size + length).bit_length()
    wet = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)
    return wet[: sound.size + length] + 1e-5 * rng.normal(size=sound.size + length)


@pytest.mark.parametrize("level", [0.5, 0.01, 0.006])
def test_a_soft_recording_is_told_by_its_level(level: float) -> None:
    quality = measured(speech(level=level))
    assert quality.speech_db == pytest.approx(
        level_of(speech(level=0.5)) + db(level / 0.5), abs=0.3
    )
    assert (TakeFault.SOFT in judge_take(quality, None)[1]) == (level < 0.1)


def db(factor: float) -> float:
    return float(20 * np.log10(factor))


@pytest.mark.parametrize("sound", [np.zeros(RATE), np.zeros(0), np.full(100, 0.5)])
def test_silence_is_no_take(sound: Any) -> None:
    assert judge_take(measured(sound), None) == (Verdict.AGAIN, (TakeFault.SILENT,))


@pytest.mark.parametrize(
    ("part", "verdict", "fault"),
    [
        (1.0, Verdict.GOOD, None),
        (0.35, Verdict.AGAIN, TakeFault.SHORT),
        (0.5, Verdict.USABLE, TakeFault.SHORT),
        (0.65, Verdict.USABLE, TakeFault.FAST),
        (1.8, Verdict.USABLE, TakeFault.SLOW),
        (3.5, Verdict.AGAIN, TakeFault.LONG),
    ],
)
def test_a_length_that_does_not_fit_the_text_is_told(
    part: float, verdict: Verdict, fault: TakeFault | None
) -> None:
    quality = measured(speech())
    expected = ExpectedSpeech(seconds=quality.speech_s / part, is_read=True)
    assert judge_take(quality, expected) == (verdict, (fault,) if fault else ())


def test_what_is_told_in_another_language_may_be_twice_as_long() -> None:
    quality = measured(speech())
    for part in (0.5, 2.5):
        expected = ExpectedSpeech(seconds=quality.speech_s / part, is_read=False)
        assert judge_take(quality, expected)[0] is Verdict.GOOD


def test_much_noise_is_recorded_again_and_said_once() -> None:
    clean = speech()
    noisy = clean + band_noise(clean.size) * 10 ** ((level_of(clean) - 8) / 20)
    expected = ExpectedSpeech(seconds=measured(clean).speech_s, is_read=True)
    assert judge_take(measured(noisy), expected) == (Verdict.AGAIN, (TakeFault.NOISY,))
