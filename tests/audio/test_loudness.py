"""The meter is judged by FFmpeg's meter; by the EBU's own signals in test_ebu_signals."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from audio.editions import measure_slots
from audio.loudness import (
    FLOOR,
    energies_of,
    integrated,
    loudness_of,
    loudness_range,
    read_energies,
    write_energies,
)
from audio.mixer import Event, lay
from audio.peaks import PeakMeter, decibels
from audio.takes import read_take_blocks, resampled_length
from audio.timeline import Placed
from programme.errors import ExitCode, ProductionError
from programme.sound import MIX_RATE
from programme.units import Dbtp, Hz, Samples
from tests.audio.slot_material import LOUDNESS, RATE, Signal, ebur128, spoken


def sine(steps: Sequence[tuple[float, float]], hz: float) -> NDArray[np.float64]:
    """Give a sine in steps of peak level (dBFS) and seconds, without a break in phase."""
    levels = np.concatenate([np.full(round(s * RATE), 10 ** (db / 20)) for db, s in steps])
    wave: NDArray[np.float64] = levels * np.sin(2 * np.pi * hz * np.arange(len(levels)) / RATE)
    return wave


def peak_of(signal: NDArray[np.floating], block: int = 4_800) -> float:
    meter = PeakMeter()
    for start in range(0, len(signal), block):
        meter.push(signal[start : start + block].astype(np.float32))
    return meter.finish()


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Signal:
    """Real synthetic speech of two languages with pauses, about half a minute."""
    folder = tmp_path_factory.mktemp("speech")
    events, at = [], 4_800
    for line in [*spoken(folder), *spoken(folder, "en")]:
        samples = resampled_length(line.info.samples, line.info.rate_hz)
        events.append(
            Event(
                placed=Placed(start=Samples(at), samples=samples),
                read=lambda take=line.take: read_take_blocks(take),  # type: ignore[misc]
                where=str(line.take),
            )
        )
        at += samples + 20_000
    return np.concatenate(list(lay(events, Samples(at - at % 4_800 + 4_800))))


def test_speech_reads_as_in_ffmpeg(speech: Signal) -> None:
    found = loudness_of(energies_of([speech]), Dbtp(0.0))
    judge = ebur128(speech)
    assert found.integrated == pytest.approx(judge.integrated, abs=0.1)
    assert found.range_lu == pytest.approx(judge.range_lu, abs=0.3)
    assert peak_of(speech) == pytest.approx(judge.true_peak, abs=0.1)


def test_dual_mono_reads_as_a_file_of_two_equal_channels_in_ffmpeg(speech: Signal) -> None:
    judge = ebur128(np.repeat(speech, 2), channels=2)
    found = integrated(energies_of([speech]), dual_mono=True)
    assert found == pytest.approx(judge.integrated, abs=0.1)


def test_music_reads_as_in_ffmpeg() -> None:
    at = np.arange(12 * RATE) / RATE
    chord = sum(np.sin(2 * np.pi * hz * at) for hz in (55, 220, 277.25, 3520)) / 8
    swelling = chord * (0.2 + 0.8 * np.abs(np.sin(np.pi * at / 5)))
    judge = ebur128(swelling)
    assert integrated(energies_of([swelling])) == pytest.approx(judge.integrated, abs=0.1)
    assert peak_of(swelling) == pytest.approx(judge.true_peak, abs=0.1)


def test_true_peaks_of_speech_agree_with_soxr_at_four_times(speech: Signal) -> None:
    oversampled = soxr.resample(speech.astype(np.float64), RATE, 4 * RATE, quality="VHQ")
    expected = decibels(float(np.abs(oversampled).max()))
    assert peak_of(speech) == pytest.approx(expected, abs=0.02)


def test_skipping_quiet_stretches_misses_no_peak() -> None:
    # The loudest samples are early; the highest peak lies between much lower samples later.
    signal = np.zeros(RATE)
    signal[1_000:2_000] = 0.70 * np.sin(2 * np.pi * np.arange(1_000) / 48)
    signal[40_000:41_000] = np.sin(np.pi / 2 * np.arange(1_000) + np.pi / 4)
    assert peak_of(signal) == pytest.approx(0.0, abs=0.3)


def test_moments_over_a_level_are_found_where_they_are() -> None:
    signal = np.zeros(3 * RATE, dtype=np.float32)
    for at in (RATE // 2, 2 * RATE):
        signal[at : at + 48] = np.float32(0.9) * np.hanning(48).astype(np.float32)
    meter = PeakMeter(Dbtp(-3.0))
    for start in range(0, len(signal), 1_000):
        meter.push(signal[start : start + 1_000])
    meter.finish()
    # A burst may lie in two stretches of 5 ms; each is named.
    moments = {round(over.at / RATE, 1) for over in meter.overs}
    assert moments == {0.5, 2.0}
    assert all(min(abs(over.at - RATE // 2), abs(over.at - 2 * RATE)) < 288 for over in meter.overs)
    assert max(over.excess for over in meter.overs) == pytest.approx(2.08, abs=0.1)


@settings(max_examples=10)
@given(st.lists(st.integers(1, 60_000), min_size=1, max_size=12))
def test_the_reading_does_not_depend_on_how_sound_is_cut(cuts: list[int]) -> None:
    signal = sine([(-20, 1.0), (-32, 0.7), (-25, 1.3)], 700)
    pieces = np.split(signal, sorted(cut for cut in cuts if cut < len(signal)))
    np.testing.assert_allclose(energies_of(pieces), energies_of([signal]), rtol=1e-9)


def test_slots_together_read_exactly_as_the_whole(speech: Signal, tmp_path: Path) -> None:
    # Slots begin and end in 120 ms of silence and are whole steps long.
    slots = []
    for number, gain in enumerate((1.0, 0.4, 0.8)):
        body = gain * speech[number * RATE : (number + 8) * RATE]
        slots.append(np.concatenate([np.zeros(5_760), body, np.zeros(5_760 + 14_400)]))
    slots = [slot[: len(slot) // 28_800 * 28_800] for slot in slots]
    for slot in slots:
        slot[-5_760:] = 0.0
    paths = [tmp_path / f"{number}.energies" for number in range(3)]
    for path, slot in zip(paths, slots, strict=True):
        write_energies(path, energies_of([slot]))
    read = [loudness_of(energies_of([slot]), Dbtp(peak_of(slot))) for slot in slots]
    parts = measure_slots(paths, read, dual_mono=False)
    joined = np.concatenate(slots)
    whole = loudness_of(energies_of([joined]), Dbtp(peak_of(joined)))
    for field in ("integrated", "range_lu", "momentary_max", "short_term_max", "true_peak"):
        assert getattr(parts, field) == pytest.approx(getattr(whole, field), abs=0.001)
    assert parts.integrated == pytest.approx(ebur128(joined).integrated, abs=0.1)


def test_silence_reads_as_the_floor() -> None:
    found = loudness_of(energies_of([np.zeros(5 * RATE)]), Dbtp(peak_of(np.zeros(RATE))))
    assert (found.integrated, found.momentary_max, found.short_term_max) == (FLOOR,) * 3
    assert (found.range_lu, found.true_peak) == (0.0, float("-inf"))


def test_what_is_shorter_than_a_window_reads_as_the_floor() -> None:
    found = loudness_of(energies_of([sine([(-10, 0.35)], 1000)]), Dbtp(0.0))
    assert found.integrated == FLOOR
    assert found.range_lu == 0.0


@pytest.mark.parametrize(
    "content", [b"1234567", np.array([np.nan]).tobytes(), np.array([-1.0]).tobytes()]
)
def test_damaged_energies_are_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "slot.energies"
    path.write_bytes(content)
    with pytest.raises(ProductionError) as caught:
        read_energies(path)
    assert caught.value.code is ExitCode.SOUND
    assert caught.value.where == str(path)


def test_missing_energies_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ProductionError, match="missing or damaged"):
        read_energies(tmp_path / "none")


def test_slots_and_readings_must_be_as_many(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="0 slots"):
        measure_slots([], [], dual_mono=False)
    with pytest.raises(ValueError, match="1 slots with 2"):
        measure_slots([tmp_path / "a"], [LOUDNESS, LOUDNESS], dual_mono=False)


@given(st.lists(st.floats(1e-6, 1.0), min_size=31, max_size=90))
def test_the_range_lies_between_numpys_percentiles_to_the_bit(steps: list[float]) -> None:
    # EBU Tech 3342 section 2: above the gates, from the 10th to the 95th of every hundred.
    means = np.lib.stride_tricks.sliding_window_view(np.array(steps), 30).mean(axis=1)
    levels = -0.691 + 10 * np.log10(means)
    gate = float(-0.691 + 10 * np.log10(means[levels > FLOOR].mean(keepdims=True))[0]) - 20
    low, high = np.percentile(levels[(levels > FLOOR) & (levels > gate)], [10, 95])
    assert loudness_range(np.array(steps)) == float(high - low)


def test_the_meter_runs_at_the_rate_of_the_mix() -> None:
    assert Hz(RATE) == MIX_RATE
