"""The mixer: what lies where, how loud, without clicks, and in flat memory."""

import itertools
import tracemalloc
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audio.elastic import BedLength
from audio.loudness import energies_of, integrated
from audio.mixer import BLOCK, KEEP, Event, Replay, bed_blocks, bed_gain, lay, mix
from audio.resampling import Block
from audio.sounds import open_sound, read_bed, read_sound
from audio.takes import read_take_blocks
from audio.timeline import BedPlan, LineLength, Placed, SlotPlan, plan_slot
from programme.errors import ExitCode, ProductionError
from programme.sound import EDGE, NO_CUES, Cues, samples_of
from programme.units import DurationMs, Samples
from tests.audio.slot_material import RATE, Signal, take, tone

LOOP = BedLength(samples=Samples(2 * RATE), seamless=True)
"""480 whole periods of the tone of 240 Hz that the tests below use: a loop that fits."""


def pieces(signal: NDArray[np.floating], size: int = 10_000) -> Iterator[Block]:
    for start in range(0, len(signal), size):
        yield signal[start : start + size].astype(np.float32)


def event(signal: NDArray[np.floating], start: int, length: int | None = None) -> Event:
    placed = Placed(start=Samples(start), samples=Samples(length or len(signal)))
    return Event(placed=placed, read=partial(pieces, signal), where="this take")


def whole(blocks: Iterator[Block]) -> Signal:
    return np.concatenate(list(blocks))


def bedded(*lines: tuple[int, int]) -> SlotPlan:
    """Plan a slot with a bed under lines given as length and pause in milliseconds."""
    lengths = [LineLength(samples=samples_of(a), pause=samples_of(b)) for a, b in lines]
    return plan_slot(lines=lengths, bed=LOOP, pause=samples_of(300))


def test_sounds_lie_where_they_are_put_to_the_sample() -> None:
    first, second = tone(300, 1.0), tone(500, 0.8)
    found = whole(lay([event(first, 7_001), event(second, 60_000)], Samples(115_200)))
    expected = np.zeros(115_200)
    expected[7_001 : 7_001 + len(first)] += first
    expected[60_000 : 60_000 + len(second)] += second
    assert len(found) == 115_200
    # But for 2 ms at the ends of each, where clicks are taken out.
    inner = np.ones(115_200, dtype=bool)
    for edge in (7_001, 55_001, 60_000, 60_000 + len(second)):
        inner[edge - 96 : edge + 96] = False
    np.testing.assert_allclose(found[inner], expected[inner], atol=1e-6)


def test_sounds_that_overlap_are_added() -> None:
    found = whole(lay([event(tone(300, 1), 6_000), event(tone(300, 1), 6_000)], Samples(57_600)))
    np.testing.assert_allclose(found[7_000:50_000], 2 * tone(300, 1)[1_000:44_000], atol=1e-6)


def test_a_sound_that_does_not_begin_at_zero_does_not_click() -> None:
    found = whole(lay([event(np.full(9_600, 0.5), 14_000)], Samples(28_800)))
    assert np.abs(np.diff(found)).max() <= 0.5 / 96 + 1e-6


@pytest.mark.parametrize("change", [-2_000, 2_000])
def test_a_take_of_another_length_than_said_is_refused(change: int) -> None:
    with pytest.raises(ProductionError, match="not as long") as caught:
        whole(lay([event(tone(300, 1.0), 6_000, RATE + change)], Samples(57_600)))
    assert caught.value.where == "this take"
    assert caught.value.code is ExitCode.SOUND


def test_a_silent_take_is_refused_by_name() -> None:
    quiet = event(tone(300, 1.0, 0.0005), 60_000)
    with pytest.raises(ProductionError, match="silent") as caught:
        whole(lay([event(tone(300, 1.0), 6_000), quiet], Samples(115_200)))
    assert caught.value.where == "this take"


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_samples_that_are_not_numbers_are_refused(bad: float) -> None:
    broken = tone(300, 1.0)
    broken[30_000] = bad
    with pytest.raises(ProductionError, match="not numbers"):
        whole(lay([event(broken, 6_000)], Samples(57_600)))
    with (
        pytest.raises(ProductionError, match="not numbers"),
        np.errstate(invalid="ignore"),
    ):
        whole(mix([(iter([broken.astype(np.float32)]), 1.0)], Samples(RATE)))


def test_both_ends_of_a_mix_are_digital_silence() -> None:
    total = Samples(4 * BLOCK)
    loud = [np.ones(BLOCK, dtype=np.float32) for _ in range(4)]
    found = whole(mix([(iter(loud), 0.5), (iter(loud), 0.25)], total))
    assert not found[:EDGE].any()
    assert not found[-EDGE:].any()
    np.testing.assert_array_equal(found[EDGE:-EDGE], 0.75)


def test_the_bed_repeats_without_a_gap_from_its_own_start(tmp_path: Path) -> None:
    bed = read_bed(take(tmp_path / "bed.flac", tone(240, 2.0)).take, NO_CUES)
    assert bed.length == LOOP
    loop, plan = bed.sound, bedded((9_000, 0))
    assert plan.bed is not None
    found = whole(bed_blocks(plan.bed, loop.pcm, 1.0, plan.total))
    start, end = plan.bed.placed.start, plan.bed.placed.end
    expected = np.take(loop.pcm, np.arange(end - start), mode="wrap")
    np.testing.assert_allclose(
        found[start:end], expected * bed_gain(plan.bed, start, end), atol=1e-5
    )
    assert not found[:start].any()
    assert not found[end:].any()
    # No sample steps further than the wave itself does at its steepest and loudest.
    assert np.abs(np.diff(found)).max() <= 2.0 * 0.3 * 2 * np.pi * 240 / RATE


def level_db(plan: BedPlan, at: int) -> float:
    return float(20 * np.log10(bed_gain(plan, at, at + 1)[0]))


def test_the_bed_swells_around_the_words_and_stays_down_between_sentences() -> None:
    plan = bedded((2_000, 450), (2_000, 2_500), (2_000, 0))
    assert plan.bed is not None
    first, second, third = plan.lines
    for at in (first.start, first.end + 10_000, second.end - 1, third.start):
        assert level_db(plan.bed, at) == pytest.approx(0.0, abs=1e-6)
    assert level_db(plan.bed, second.end + samples_of(1_200)) == pytest.approx(6.0, abs=0.1)
    assert level_db(plan.bed, first.start - samples_of(530)) == pytest.approx(6.0, abs=0.1)


def test_ducking_never_moves_faster_than_15_db_a_second_nor_in_steps() -> None:
    plan = bedded((2_000, 1_600), (1_000, 3_000), (2_000, 0))
    assert plan.bed is not None
    start = plan.bed.placed.start + plan.bed.fade_in
    end = plan.bed.placed.end - plan.bed.fade_out
    # Read in blocks as the mixer does; the corners must not show.
    blocks = [bed_gain(plan.bed, low, min(low + BLOCK, end)) for low in range(start, end, BLOCK)]
    slope = np.abs(np.diff(20 * np.log10(np.concatenate(blocks)))) * RATE
    assert slope.max() <= 15.01


def test_the_bed_fades_to_nothing() -> None:
    plan = bedded((2_000, 0))
    assert plan.bed is not None
    placed = plan.bed.placed
    gain = bed_gain(plan.bed, placed.start, placed.end)
    assert gain[0] == pytest.approx(0.0, abs=1e-6)
    assert gain[-1] == pytest.approx(0.0, abs=1e-6)
    assert np.abs(np.diff(gain)).max() < 0.001


def test_a_stings_body_ends_where_it_has_fallen_by_30_db(tmp_path: Path) -> None:
    # 60 dB a second: 30 dB after half a second.
    decaying = tone(1_000, 2.0, 0.8) * 10 ** (-3 * np.arange(2 * RATE) / RATE)
    sting = read_sound(take(tmp_path / "sting.flac", decaying).take)
    assert sting.body / RATE == pytest.approx(0.5, abs=0.02)


def test_a_short_sting_is_measured_though_shorter_than_a_meters_window(tmp_path: Path) -> None:
    # 997 Hz at -20 dBFS peak reads -23 LUFS mono (3.01 for the mean square of a sine); the
    # windows that hold its end and silence count too, and take a little.
    long = read_sound(take(tmp_path / "long.flac", tone(997, 3.0, 0.1)).take)
    assert long.loudness == pytest.approx(-23.0, abs=0.3)
    short = read_sound(take(tmp_path / "short.flac", tone(997, 0.2, 0.1)).take)
    assert -30 < short.loudness < -22


def test_a_silent_and_a_missing_sound_are_refused_by_name(tmp_path: Path) -> None:
    silent = take(tmp_path / "silent.flac", np.zeros(RATE)).take
    for path, problem in ((silent, "silent"), (tmp_path / "none.flac", "cannot be read")):
        with pytest.raises(ProductionError, match=problem) as caught:
            read_sound(path)
        assert caught.value.where == str(path)


@pytest.mark.parametrize(
    ("seconds", "outro_ms", "problem"),
    [
        (0.4, 0, "too short to lie under words"),
        (2.0, 2_001, "longer than the 2.0 seconds"),
        (181.0, 1_000, "may have 180 seconds"),
    ],
)
def test_a_bed_that_does_not_fit_its_marks_is_refused_by_name(
    tmp_path: Path, seconds: float, outro_ms: int, problem: str
) -> None:
    # Written at a low rate to keep the test short.
    path = take(tmp_path / "bed.flac", tone(440, seconds / 6), 8_000).take
    with pytest.raises(ProductionError, match=problem) as caught:
        read_bed(path, Cues(intro_ms=DurationMs(0), outro_ms=DurationMs(outro_ms)))
    assert caught.value.where == str(path)


def test_a_changed_sound_is_read_again(tmp_path: Path) -> None:
    path = take(tmp_path / "bed.flac", tone(240, 1.0)).take
    before = read_sound(path)
    take(path, tone(240, 1.5))
    assert len(read_sound(path).pcm) == 1.5 * RATE
    assert len(before.pcm) == RATE


def test_a_long_sound_heard_alone_is_not_kept_whole(tmp_path: Path) -> None:
    # Written at a low rate to keep the test short.
    long = take(tmp_path / "long.flac", np.tile(tone(440, 1.0)[:8_000], 185), 8_000).take
    found = open_sound(long)
    assert found.samples == 185 * RATE
    assert sum(len(block) for block in found.read()) == 185 * RATE
    assert len(read_sound(long).pcm) == 180 * RATE


def test_a_stream_is_given_again_whole_whether_kept_or_made_anew() -> None:
    made = itertools.count()

    def blocks() -> Iterator[Block]:
        next(made)
        return pieces(tone(100, 1.0))

    short, long = Replay(blocks, Samples(RATE)), Replay(blocks, Samples(KEEP + 1))
    for stream in (short, long):
        first, second = whole(iter(stream)), whole(iter(stream))
        np.testing.assert_array_equal(first, second)
    assert next(made) == 3


def _measure(path: Path, length: int, lines: int) -> tuple[int, float]:
    """Mix and measure a slot of so many lines; give the memory it took and its loudness."""
    lengths = [LineLength(samples=Samples(length), pause=samples_of(450))] * lines
    plan = plan_slot(lines=lengths, pause=samples_of(300))
    events = [
        Event(placed=placed, read=partial(read_take_blocks, path), where=str(path))
        for placed in plan.lines
    ]
    stream = Replay(lambda: mix([(lay(events, plan.total), 1.0)], plan.total), plan.total)
    tracemalloc.start()
    try:
        loudness = integrated(energies_of(stream))
        return tracemalloc.get_traced_memory()[1], loudness
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_length(tmp_path: Path) -> None:
    path = take(tmp_path / "take.flac", tone(500, 9.0, 0.2)).take
    (short, quiet), (long, loud) = (_measure(path, 9 * RATE, lines) for lines in (6, 45))
    # One minute is kept for the next pass (11.5 MB), seven minutes are not.
    assert short < 20_000_000
    assert long < short
    assert loud == pytest.approx(quiet, abs=0.1)
