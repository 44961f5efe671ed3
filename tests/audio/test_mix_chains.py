"""The loudspeaker chain: crest, peak, level, time; judged on real synthetic speech."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audio.chains import active_level, driven, through
from audio.mixer import BLOCK, Event, Replay, lay
from audio.takes import read_take_blocks, resampled_length
from audio.timeline import Placed
from programme.units import Samples
from tests.audio.slot_material import RATE, Signal, lag, spoken, tone

TOTAL = Samples(36 * BLOCK)


def speech(folder: Path, language: str, gain: float = 1.0) -> Replay:
    events, at = [], 6_000
    for line in spoken(folder, language)[:2]:
        samples = resampled_length(line.info.samples, line.info.rate_hz)
        events.append(
            Event(
                placed=Placed(start=Samples(at), samples=samples),
                read=partial(read_take_blocks, line.take),
                where=str(line.take),
                gain=gain,
            )
        )
        at += samples + 24_000
    return Replay(lambda: lay(events, TOTAL), TOTAL)


def whole(stream: Replay) -> Signal:
    return np.concatenate(list(stream))


def replay(signal: Signal, block: int = BLOCK) -> Replay:
    cuts = range(block, len(signal), block)
    return Replay(lambda: iter(np.split(signal, cuts)), Samples(len(signal)))


def carried(signal: Signal, block: int = BLOCK) -> Signal:
    return whole(through("loudspeaker", replay(signal, block), Samples(len(signal))))


def silent_around(signal: Signal, width: int) -> NDArray[np.bool_]:
    """Say of each sample whether all so many around it are nought."""
    sums = np.cumsum(np.pad(signal != 0, (width // 2 + 1, width // 2)))
    none: NDArray[np.bool_] = sums[width:] == sums[:-width]
    return none[: len(signal)]


@pytest.fixture(scope="module")
def spanish(tmp_path_factory: pytest.TempPathFactory) -> Signal:
    """Two sentences with half a second of nothing between them."""
    return whole(speech(tmp_path_factory.mktemp("es"), "es-419"))


@pytest.mark.parametrize("language", ["es-419", "en"])
@pytest.mark.parametrize("gain", [0.1, 1.0])
def test_crest_over_active_speech_is_10_to_12_db_at_any_level(
    tmp_path: Path, language: str, gain: float
) -> None:
    before = speech(tmp_path, language, gain)
    after = through("loudspeaker", before, TOTAL)
    assert active_level(before).crest > 13
    assert 10 <= active_level(after).crest <= 12
    assert np.abs(whole(after)).max() <= 0.5


def test_time_and_length_are_kept(spanish: Signal) -> None:
    # A tick after silence: nothing comes out more than a spectrum (10.7 ms) before it, and up
    # to the last millisecond what does is 30 dB below it: too near and too soft for an ear.
    tick = np.zeros(4 * BLOCK + 77, dtype=np.float32)
    tick[20_000:20_200] = tone(2_800, 200 / RATE, 0.5)
    found = carried(tick)
    assert len(found) == len(tick)
    assert not found[: 20_000 - 512].any()
    assert np.abs(found[: 20_000 - 48]).max() < np.abs(found).max() * 10 ** (-30 / 20)
    assert np.abs(found[20_000:20_020]).max() > 0.05
    assert abs(lag(carried(spanish), spanish)) <= 24


@pytest.mark.parametrize("length", [1, 255, 256, 257, 14_335, 14_336, 14_337, 43_200])
def test_any_length_comes_out_as_long(length: int) -> None:
    assert len(carried(tone(700, length / RATE).astype(np.float32))) == length


@pytest.mark.parametrize("block", [777, 4_800, 100_000])
def test_the_samples_do_not_depend_on_the_blocks(spanish: Signal, block: int) -> None:
    assert np.array_equal(carried(spanish, block), carried(spanish))


def test_silence_stays_silence_and_pauses_stay_silent(spanish: Signal) -> None:
    assert not carried(np.zeros(3 * BLOCK, dtype=np.float32)).any()
    after = carried(spanish)
    nothing = silent_around(spanish, 1_025)
    assert nothing.sum() > RATE
    assert not after[nothing].any()


def test_presence_comes_up_and_rumble_goes(spanish: Signal) -> None:
    after = carried(spanish)

    def band_db(signal: Signal, low: float, high: float) -> float:
        power = np.abs(np.fft.rfft(signal)) ** 2
        hz = np.fft.rfftfreq(len(signal), 1 / RATE)
        return float(10 * np.log10(power[(hz >= low) & (hz < high)].sum() / power.sum()))

    assert band_db(after, 2_000, 4_000) > band_db(spanish, 2_000, 4_000) + 3
    assert band_db(after, 0, 120) < band_db(spanish, 0, 120) - 3
    # What a horn plays: four fifths of the energy, though the voice is a man's.
    assert band_db(after, 350, 5_500) > 10 * np.log10(0.8)


@pytest.mark.parametrize("noise_db", [-55.0, -40.0, -30.0])
@pytest.mark.parametrize("hiss", [True, False])
@pytest.mark.parametrize("dull", [True, False])
def test_a_recordings_noise_is_not_raised_by_more_than_6_db(
    spanish: Signal, noise_db: float, hiss: bool, dull: bool
) -> None:
    # White noise, or noise that falls by 3 dB an octave, at so many dB below the speech; a
    # voice as it is, or one that a bad microphone made dull, against which the tilt lifts hiss.
    if dull:
        hz = np.fft.rfftfreq(len(spanish), 1 / RATE)
        spectrum = np.fft.rfft(spanish) / (1 + (hz / 700) ** 2)
        sounds = ~silent_around(spanish, 1_025)
        spanish = (np.fft.irfft(spectrum, len(spanish)) * sounds).astype(np.float32)
    noise = np.random.default_rng(7).standard_normal(len(spanish))
    if not hiss:
        hz = np.maximum(np.fft.rfftfreq(len(noise), 1 / RATE), 20)
        noise = np.fft.irfft(np.fft.rfft(noise) / np.sqrt(hz), len(noise))
    noise *= 10 ** ((active_level(replay(spanish)).rms + noise_db) / 20) / np.std(noise)
    noisy = (spanish + noise).astype(np.float32)
    pauses = silent_around(spanish, 9_601)

    def floor_db(signal: Signal) -> float:
        return float(20 * np.log10(np.std(signal[pauses])) - active_level(replay(signal)).rms)

    assert floor_db(carried(noisy)) - floor_db(noisy) <= 6


def test_no_step_is_larger_than_clipping_at_full_level_makes(spanish: Signal) -> None:
    # A click is a step that stands out from its surroundings: the second difference against
    # the loudest of the 5 ms around it. Gains that change within 5 ms add none.
    def roughest(signal: Signal) -> float:
        bend = np.abs(np.diff(signal.astype(np.float64), 2))
        near = np.abs(signal[1:-1]).astype(np.float64)
        rows = len(bend) // 240 * 240
        high = bend[:rows].reshape(-1, 240).max(axis=1)
        level = near[:rows].reshape(-1, 240).max(axis=1)
        loud = level > 0.02 * level.max()
        return float((high[loud] / level[loud]).max())

    assert roughest(carried(spanish)) <= 1.25 * roughest(spanish)


def test_driving_clips_softly_at_half_scale() -> None:
    loud = np.concatenate(list(driven([tone(440, 0.1, 4.0).astype(np.float32)], 12)))
    assert np.abs(loud).max() == pytest.approx(0.5, abs=1e-3)
    quiet = np.concatenate(list(driven([tone(440, 0.1, 0.001).astype(np.float32)], 12)))
    assert np.abs(quiet).max() == pytest.approx(0.001 * 10 ** (12 / 20), rel=0.01)


def test_active_level_leaves_pauses_out() -> None:
    sound = np.concatenate([tone(1_000, 1.0, 0.5), np.zeros(5 * RATE), tone(1_000, 1.0, 0.5)])
    level = active_level([sound.astype(np.float32)])
    # A sine of amplitude 0.5: -6.02 dBFS peak, -9.03 RMS.
    assert level.peak == pytest.approx(-6.02, abs=0.01)
    assert level.rms == pytest.approx(-9.03, abs=0.05)


def test_silence_has_no_active_level() -> None:
    assert active_level([np.zeros(RATE, dtype=np.float32)]).rms == float("-inf")


def test_an_unknown_chain_is_refused() -> None:
    with pytest.raises(ValueError, match="'telephone'"):
        through("telephone", Replay(lambda: iter([]), Samples(0)), Samples(0))
