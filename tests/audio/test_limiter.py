"""The limiter is judged by soxr's four times oversampling, which it does not use."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from audio import limiter as limiter_module
from audio.dips import dipped, dips_for
from audio.limiter import STRETCH, Limiter, Outline, outline_of
from audio.mixer import Replay
from audio.peaks import AROUND, BEFORE, RUN, TAPS, Over, between_runs
from audio.slots import render_slot
from programme.units import Db, Dbtp, Samples
from tests.audio.slot_material import RATE, Signal, lag, slot_job, spoken, tone

CEILING = Dbtp(-2.0)


def burst(seconds: float = 3.0) -> Signal:
    """Give low-passed noise that swells and has clicks, about 10 dB over full scale at most."""
    source = np.random.default_rng(7).standard_normal(round(seconds * RATE))
    smooth = np.convolve(source, np.hanning(12) / 6, mode="same")
    swell = np.abs(np.sin(np.arange(len(source)) / 5_000)) ** 3
    signal = 0.6 * smooth * swell
    signal[RATE : RATE + 30] += 2.0 * np.hanning(30)
    result: Signal = signal.astype(np.float32)
    return result


def limited(signal: Signal, cuts: list[int] | None = None, gain: float = 1.0) -> Signal:
    return np.concatenate(list(limiter(signal, cuts).limited(ceiling=CEILING, gain=gain)))


def limiter(signal: Signal, cuts: list[int] | None = None) -> Limiter:
    pieces = np.split(signal, cuts or [])
    return Limiter(Replay(lambda: iter(pieces), Samples(len(signal))))


def oversampled_peak_db(signal: NDArray[np.floating]) -> float:
    fine = soxr.resample(signal.astype(np.float64), 1, 4, quality="HQ")
    return float(20 * np.log10(np.abs(fine).max()))


def test_true_peaks_stay_under_the_ceiling() -> None:
    signal = burst()
    assert oversampled_peak_db(signal) > 3.0
    assert oversampled_peak_db(limited(signal)) <= CEILING + 0.02


def test_the_ceiling_is_used_not_wasted() -> None:
    assert oversampled_peak_db(limited(burst())) == pytest.approx(CEILING, abs=0.1)


def test_peaks_between_samples_are_held_too() -> None:
    # Samples at 0.636 (-3.9 dBFS), the wave between them at 0.9 (-0.9 dBTP).
    signal = (0.9 * np.sin(np.pi / 2 * np.arange(RATE) + np.pi / 4)).astype(np.float32)
    assert 20 * np.log10(np.abs(signal).max()) < CEILING
    fine = soxr.resample(limited(signal).astype(np.float64), 1, 4, quality="HQ")
    # Away from the ends, where a wave that is cut off rings in any oversampling.
    assert 20 * np.log10(np.abs(fine[8_000:-8_000]).max()) <= CEILING + 0.02


@settings(max_examples=15)
@given(st.lists(st.integers(0, 3 * RATE), max_size=20))
def test_the_bytes_do_not_depend_on_how_sound_is_cut(cuts: list[int]) -> None:
    signal = burst()
    assert np.array_equal(limited(signal, sorted(cuts)), limited(signal))


@pytest.mark.parametrize("length", [1, 239, 9_599, 9_600, 9_601, 30_000])
def test_length_and_time_are_kept(length: int) -> None:
    signal = burst()[:length]
    found = limited(signal)
    assert len(found) == length
    if length > 9_600:
        assert lag(found, signal) == 0


def test_what_is_quiet_passes_bit_for_bit() -> None:
    signal = (0.5 * burst() / np.abs(burst()).max()).astype(np.float32)
    assert np.array_equal(limited(signal), signal)


def test_silence_stays_digital_silence() -> None:
    assert not limited(np.zeros(RATE, dtype=np.float32), gain=100.0).any()


def test_gain_moves_smoothly() -> None:
    # A loud moment in a steady tone: the gain may not step.
    signal = tone(200, 1.0, 0.7)
    signal[20_000:20_100] *= 3.0
    found = limited(signal.astype(np.float32))
    loud = np.abs(signal) > 0.2
    gain = found[loud] / signal[loud]
    times = np.flatnonzero(loud)
    slope = np.abs(np.diff(gain)) / np.diff(times)
    # From 1 to about 0.37 in no less than 10 ms (480 samples).
    assert slope.max() < 1.5 * 0.63 / 480


def test_energy_left_is_what_the_limited_sound_has() -> None:
    signal = burst()
    kept = limiter(signal).kept(ceiling=CEILING, gain=1.4)
    before = np.square(1.4 * signal.astype(np.float64)).reshape(-1, 4_800).sum(axis=1)
    after = np.square(limited(signal, gain=1.4).astype(np.float64)).reshape(-1, 4_800).sum(axis=1)
    assert kept.min() < 0.5
    # Energies are known for each 2 ms, gains for each half: 0.1 dB off where all of a step's energy
    # is a click of half a millisecond, 0.01 dB elsewhere.
    np.testing.assert_allclose(before * kept, after, rtol=3e-2, atol=1e-9)
    voiced = np.arange(len(kept)) != RATE // 4_800
    np.testing.assert_allclose((before * kept)[voiced], after[voiced], rtol=2e-3, atol=1e-9)


@pytest.mark.parametrize("gains", [(1.0, 4.0, 0.5, 1.0), (4.0, 1.0)])
def test_one_look_serves_every_gain(gains: tuple[float, ...]) -> None:
    # The second gain is beyond what was looked at for the first: it is looked at again.
    signal = burst()
    one = limiter(signal)
    for gain in gains:
        found = np.concatenate(list(one.limited(ceiling=CEILING, gain=gain)))
        assert oversampled_peak_db(found) <= CEILING + 0.02
        low = np.abs(found - limited(signal, gain=gain)).max()
        # Where a look was finer than needed, peaks between quiet samples are known a little better.
        assert low < 0.02


@settings(deadline=None, max_examples=20)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([1, 2, 6, 30]),
    st.integers(0, 3_000),
    st.floats(0.05, 1.0),
)
def test_an_outline_is_exact_above_its_level_and_a_bound_below(
    seed: int, smooth: int, length: int, part: float
) -> None:
    source = np.random.default_rng(seed).standard_normal(length + smooth)
    even = np.convolve(source, np.ones(smooth) / smooth, mode="same")[:length]
    signal: Signal = even.astype(np.float32)
    runs = -(-length // RUN)
    padded = np.pad(signal, (BEFORE, runs * RUN - length + TAPS))
    rows = np.lib.stride_tricks.sliding_window_view(padded, AROUND)[: runs * RUN : RUN]
    samples = np.abs(rows[:, BEFORE : BEFORE + RUN]).max(axis=1, initial=0.0)
    true = np.maximum(samples, between_runs(np.ascontiguousarray(rows)))
    above = part * float(true.max(initial=0.1))
    found = outline_of([signal], above=above).peaks.astype(np.float32)
    assert len(found) == runs
    assert (found >= true).all()
    # What is not looked for between samples bends no further than a hundredth of the level; half
    # precision and what is given away for it are two thousandths.
    high = true > above
    assert (found[high] <= true[high] * 1.002 + 0.006 * above).all()
    assert (found[~high] <= above * 1.01).all()


def test_a_click_is_limited_alike_wherever_it_lies_among_the_blocks() -> None:
    at = np.arange(3 * STRETCH)
    click: Signal = (3.0 * np.exp(-0.5 * ((at - STRETCH - STRETCH // 2) / 3) ** 2)).astype("f4")
    click += np.float32(0.1)
    middle = limited(click)
    around = slice(STRETCH, 2 * STRETCH)
    assert np.abs(middle[around] - click[around]).max() > 1.0
    for runs in range(STRETCH // 2 // RUN - 30, STRETCH // 2 // RUN + 30):
        later = limited(np.roll(click, runs * RUN))
        start = around.start + runs * RUN
        np.testing.assert_array_equal(later[start : start + STRETCH], middle[around])


def test_one_look_serves_both_masters_of_a_podcast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []

    def counted(blocks: Iterable[Signal], *, above: float) -> Outline:
        looks.append(above)
        return outline_of(blocks, above=above)

    monkeypatch.setattr(limiter_module, "outline_of", counted)
    coded = render_slot(slot_job(tmp_path, "slot", lines=spoken(tmp_path)))
    assert set(coded.loudness) == {"mp3", "opus"}
    assert len(looks) == 1


def test_the_energies_of_a_long_stream_are_reckoned_piece_by_piece() -> None:
    # Beyond a minute the next piece begins: what limits at the seam is seen from both sides.
    signal = (0.3 * np.sin(np.arange(62 * RATE) / 20)).astype(np.float32)
    signal[60 * RATE - 200 : 60 * RATE + 100] *= 8
    kept = limiter(signal).kept(ceiling=CEILING, gain=1.0)
    before = np.square(signal.astype(np.float64)).reshape(-1, 4_800).sum(axis=1)
    after = np.square(limited(signal).astype(np.float64)).reshape(-1, 4_800).sum(axis=1)
    np.testing.assert_allclose(before * kept, after, rtol=1e-2)
    assert (kept < 0.999).sum() == 2


def test_dips_lower_the_sound_where_it_was_over_and_nowhere_else() -> None:
    steady = np.full(RATE, 0.5, dtype=np.float32)
    overs = [
        Over(at=Samples(24_000), excess=Db(1.7)),
        Over(at=Samples(24_240), excess=Db(0.2)),
    ]
    dips = dips_for(overs)
    assert len(dips) == 1
    found = np.concatenate(list(dipped(np.split(steady, [7_000, 23_900, 24_100]), dips)))
    loss = -20 * np.log10(found / steady)
    # 1 dB deeper than the excess, held 15 ms around, gone 35 ms away.
    assert loss[24_000] == pytest.approx(2.7, abs=0.01)
    assert loss[24_000 - 700] == pytest.approx(2.7, abs=0.01)
    assert not loss[: 24_000 - 1_700].any()
    assert not loss[24_240 + 1_700 :].any()
    assert np.abs(np.diff(loss)).max() < 0.01


def test_dips_of_two_attempts_add_up() -> None:
    steady = np.full(4_800, 0.5, dtype=np.float32)
    dips = dips_for([Over(at=Samples(2_400), excess=Db(0.7))])
    found = np.concatenate(list(dipped([steady], [*dips, *dips])))
    assert -20 * np.log10(found[2_400] / 0.5) == pytest.approx(3.4, abs=0.01)
