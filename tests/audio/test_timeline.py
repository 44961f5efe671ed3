"""The plan of a slot is judged by what a listener would notice; no sound is made."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.elastic import BedLength
from audio.timeline import (
    BED_LEAD,
    BED_TAIL,
    DUCK_AHEAD,
    GAP,
    HOLD_PAUSE,
    MOST_ALONE,
    OWN_EDGE,
    SWELL,
    LineLength,
    SlotPlan,
    StingLength,
    plan_slot,
)
from programme.sound import EDGE, GRID, samples_of
from programme.units import Samples
from tests.audio.bed_lengths import LOOP, REPEATING, rigid

LINES = st.lists(
    st.builds(
        LineLength,
        samples=st.integers(1, 20 * 48_000).map(Samples),
        pause=st.integers(0, 4 * 48_000).map(Samples),
    ),
    max_size=12,
)
STINGS = st.integers(1, 5 * 48_000).flatmap(
    lambda samples: st.builds(
        StingLength, samples=st.just(Samples(samples)), body=st.integers(1, samples).map(Samples)
    )
)
SOUNDS = st.none() | st.integers(1, 40 * 48_000).map(Samples)
PAUSES = st.integers(0, 2 * 48_000).map(Samples)


@st.composite
def plans(draw: st.DrawFn) -> tuple[SlotPlan, list[LineLength], Samples]:
    lines = draw(LINES)
    sound = draw(SOUNDS if lines else SOUNDS.filter(lambda length: length is not None))
    pause = draw(PAUSES)
    plan = plan_slot(
        lines=lines,
        sound=sound,
        sting=draw(st.none() | STINGS),
        bed=draw(st.none() | REPEATING),
        pause=pause,
    )
    return plan, lines, pause


def _ends(plan: SlotPlan) -> list[int]:
    placed = [plan.sound, plan.sting, *plan.lines, plan.bed.placed if plan.bed else None]
    return [one.end for one in placed if one is not None]


@given(plans())
def test_a_slot_is_whole_grid_steps_and_ends_with_its_pause(
    found: tuple[SlotPlan, list[LineLength], Samples],
) -> None:
    plan, _, pause = found
    silence = plan.total - max(_ends(plan))
    assert plan.total % GRID == 0
    assert silence >= max(EDGE, pause)
    # Never a whole grid step more than asked for.
    assert silence < max(EDGE, pause) + GRID


@given(plans())
def test_a_slot_begins_with_silence(
    found: tuple[SlotPlan, list[LineLength], Samples],
) -> None:
    plan = found[0]
    starts = [one.start for one in (plan.sound, plan.sting, *plan.lines) if one is not None]
    assert min([*starts, plan.bed.placed.start] if plan.bed else starts) >= EDGE


@given(plans())
def test_lines_keep_order_lengths_and_pauses_and_never_overlap(
    found: tuple[SlotPlan, list[LineLength], Samples],
) -> None:
    plan, lines, _ = found
    assert [line.samples for line in plan.lines] == [line.samples for line in lines]
    for (before, after), line in zip(itertools.pairwise(plan.lines), lines, strict=False):
        assert after.start - before.end == line.pause


@given(plans())
def test_a_sound_alone_is_over_before_anything_else_begins(
    found: tuple[SlotPlan, list[LineLength], Samples],
) -> None:
    plan = found[0]
    if plan.sound is None or not plan.lines:
        return
    first = plan.sting or plan.lines[0]
    assert first.start >= plan.sound.end + GAP
    if plan.bed:
        assert plan.bed.placed.start >= plan.sound.end + GAP


@given(plans())
def test_the_bed_is_down_under_every_word(
    found: tuple[SlotPlan, list[LineLength], Samples],
) -> None:
    plan = found[0]
    if plan.bed is None:
        return
    for line in plan.lines:
        for at in (line.start - DUCK_AHEAD, line.start, line.end - 1):
            assert _level(plan, at) == 0.0


@given(plans())
def test_the_bed_never_moves_faster_than_15_db_a_second(
    found: tuple[SlotPlan, list[LineLength], Samples],
) -> None:
    plan = found[0]
    if plan.bed is None:
        return
    for (start, before), (end, after) in itertools.pairwise(plan.bed.curve):
        assert end >= start
        assert abs(after - before) <= 15.001 * (end - start) / 48_000


@given(plans())
def test_the_bed_stays_down_over_short_pauses_and_comes_up_in_long_ones(
    found: tuple[SlotPlan, list[LineLength], Samples],
) -> None:
    plan = found[0]
    if plan.bed is None:
        return
    for before, after in itertools.pairwise(plan.lines):
        levels = [_level(plan, at) for at in range(before.end, after.start, 480)]
        if after.start - before.end < HOLD_PAUSE:
            assert not any(levels)
        else:
            assert max(levels) == pytest.approx(SWELL, abs=0.2)


@given(plans())
def test_the_bed_outlasts_the_words_and_is_silent_before_the_pause(
    found: tuple[SlotPlan, list[LineLength], Samples],
) -> None:
    plan, _, pause = found
    if plan.bed is None:
        return
    assert plan.bed.placed.end >= plan.lines[-1].end + BED_TAIL
    assert plan.bed.placed.end == plan.total - max(EDGE, pause)


@given(plans())
def test_the_bed_is_whole_from_before_the_words_to_its_end(
    found: tuple[SlotPlan, list[LineLength], Samples],
) -> None:
    bed = found[0].bed
    if bed is None:
        return
    assert bed.placed.start <= found[0].lines[0].start - BED_LEAD
    assert bed.pieces[-1].end == bed.placed.samples
    assert bed.fade_in + bed.fade_out <= bed.placed.samples
    assert (bed.curve[0][0], bed.curve[-1][0]) == (bed.placed.start, bed.placed.end)


@given(LINES.filter(bool), rigid(), PAUSES)
def test_music_that_cannot_repeat_ends_with_the_slot_or_begins_with_the_bed(
    lines: list[LineLength], bed: BedLength, pause: Samples
) -> None:
    plan = plan_slot(lines=lines, bed=bed, pause=pause)
    assert plan.bed is not None
    placed = plan.bed.placed
    room_start = plan.lines[0].start - max(BED_LEAD, min(bed.intro, MOST_ALONE))
    room_end = plan.total - max(EDGE, pause)
    assert placed.samples == min(bed.samples, room_end - room_start)
    if bed.outro:
        assert placed.end == room_end
    else:
        assert placed.start == room_start
    assert placed.start >= EDGE
    assert plan.bed.fade_in + plan.bed.fade_out <= placed.samples
    corners = [at for at, _ in plan.bed.curve]
    assert corners == sorted(corners)
    assert (corners[0], corners[-1]) == (placed.start, placed.end)
    for line in plan.lines:
        for at in (line.start, line.end - 1):
            if placed.start <= at < placed.end:
                assert _level(plan, at) == pytest.approx(0.0, abs=1e-9)


def test_closing_music_starts_when_it_must_to_end_with_the_slot() -> None:
    # Twelve seconds of words, a closing of eight: it comes in under the words.
    line = LineLength(samples=samples_of(12_000), pause=Samples(0))
    closing = BedLength(samples=samples_of(8_000), outro=samples_of(8_000))
    plan = plan_slot(lines=[line], bed=closing, pause=samples_of(300))
    # 120 edge, 1200 lead, 12000 words, 4000 of music alone, 300 pause: 17620, on the grid 18000.
    assert plan.total == samples_of(18_000)
    assert plan.bed is not None
    assert plan.bed.placed.end == samples_of(17_700)
    assert plan.bed.placed.start == samples_of(9_700)
    assert plan.bed.placed.start < plan.lines[0].end
    # Whole, so it begins and ends as it was made.
    assert (plan.bed.fade_in, plan.bed.fade_out) == (OWN_EDGE, OWN_EDGE)
    assert plan.bed.curve[0] == (plan.bed.placed.start, 0.0)


def test_an_intro_is_heard_before_the_words_and_after_the_body_of_a_sting() -> None:
    sting = StingLength(samples=samples_of(2000), body=samples_of(600))
    bed = BedLength(samples=samples_of(30_000), intro=samples_of(3_000), outro=samples_of(2_500))
    line = LineLength(samples=samples_of(10_000), pause=Samples(0))
    plan = plan_slot(lines=[line], sting=sting, bed=bed, pause=samples_of(300))
    assert plan.bed is not None
    assert plan.bed.placed.start == samples_of(120 + 600)
    assert plan.lines[0].start == samples_of(120 + 600 + 3_000)
    assert plan.bed.fade_in == OWN_EDGE
    assert plan.bed.placed.end >= plan.lines[0].end + samples_of(2_500)
    last = plan.bed.pieces[-1]
    assert last.source + last.samples == samples_of(30_000)


def _level(plan: SlotPlan, at: int) -> float:
    """Read the bed's gain at a sample, with nothing but the corners."""
    assert plan.bed is not None
    for (start, before), (end, after) in itertools.pairwise(plan.bed.curve):
        if start <= at <= end and end > start:
            return before + (after - before) * (at - start) / (end - start)
    raise AssertionError(f"no gain is planned at {at}")


def test_a_slot_of_two_lines_is_laid_out_as_reckoned_by_hand() -> None:
    plan = plan_slot(
        lines=[
            LineLength(samples=samples_of(1000), pause=samples_of(450)),
            LineLength(samples=samples_of(2000), pause=samples_of(900)),
        ],
        pause=samples_of(300),
    )
    # 120 ms edge, 1000 + 450 + 2000, 300 ms pause: 3870 ms, that is 4200 on the grid of 600.
    assert [line.span.start_ms for line in plan.lines] == [120, 1570]
    assert [line.span.end_ms for line in plan.lines] == [1120, 3570]
    assert plan.total == samples_of(4200)


def test_words_begin_while_a_stings_tail_still_rings() -> None:
    sting = StingLength(samples=samples_of(2000), body=samples_of(600))
    line = LineLength(samples=samples_of(1000), pause=Samples(0))
    plan = plan_slot(lines=[line], sting=sting, pause=samples_of(300))
    assert plan.sting is not None
    assert plan.lines[0].start == plan.sting.start + samples_of(600) + GAP
    assert plan.sting.end > plan.lines[0].end


def test_a_tail_that_rings_longer_than_the_words_is_not_cut() -> None:
    sting = StingLength(samples=samples_of(5000), body=samples_of(100))
    line = LineLength(samples=samples_of(200), pause=Samples(0))
    plan = plan_slot(lines=[line], sting=sting, bed=LOOP, pause=samples_of(300))
    assert plan.sting is not None
    assert plan.total >= plan.sting.end + samples_of(300)


def test_a_slot_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="a sound or lines"):
        plan_slot(lines=[], bed=LOOP, pause=Samples(0))
