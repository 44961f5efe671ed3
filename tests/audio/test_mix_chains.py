"""The loudspeaker chain: crest, peak, level, time; judged on real synthetic speech."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from audio.chains import active_level, driven, through
from audio.mixer import BLOCK, Event, Replay, lay
from audio.takes import read_take_blocks, resampled_length
from audio.timeline import Placed
from programme.units import Samples
from tests.audio.slot_material import RATE, Signal, lag, spoken, tone

TOTAL = Samples(60 * BLOCK)


def speech(folder: Path, language: str, gain: float = 1.0) -> Replay:
    events, at = [], 6_000
    for line in spoken(folder, language)[:3]:
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


def test_time_and_length_are_kept_to_the_sample(tmp_path: Path) -> None:
    # A tick after silence: what comes out begins with it, not before and not after.
    tick = np.zeros(4 * BLOCK, dtype=np.float32)
    tick[20_000:20_200] = tone(2_800, 200 / RATE, 0.5)
    stream = Replay(lambda: iter(np.split(tick, 4)), Samples(len(tick)))
    found = whole(through("loudspeaker", stream, Samples(len(tick))))
    assert len(found) == len(tick)
    assert np.abs(found[:20_000]).max() < 1e-6
    assert np.abs(found[20_000:20_020]).max() > 0.05
    before = speech(tmp_path, "es-419")
    after = through("loudspeaker", before, TOTAL)
    assert abs(lag(whole(after), whole(before))) <= 24


def test_presence_comes_up_and_rumble_goes(tmp_path: Path) -> None:
    before = whole(speech(tmp_path, "es-419"))
    after = whole(through("loudspeaker", speech(tmp_path, "es-419"), TOTAL))

    def band_db(signal: Signal, low: float, high: float) -> float:
        power = np.abs(np.fft.rfft(signal)) ** 2
        hz = np.fft.rfftfreq(len(signal), 1 / RATE)
        return float(10 * np.log10(power[(hz >= low) & (hz < high)].sum() / power.sum()))

    assert band_db(after, 2_000, 4_000) > band_db(before, 2_000, 4_000) + 3
    assert band_db(after, 0, 120) < band_db(before, 0, 120) - 3


def test_the_same_speech_gives_the_same_samples(tmp_path: Path) -> None:
    first = whole(through("loudspeaker", speech(tmp_path, "en"), TOTAL))
    second = whole(through("loudspeaker", speech(tmp_path, "en"), TOTAL))
    assert np.array_equal(first, second)


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
