"""What a listener must not hear: clicks at joins, words cut off, a bed that pumps.

A click is a sample step beyond those that the material itself makes. The materials below have
known steepest slopes, so that a step which no join made is told from one that a join made.
"""

import dataclasses
import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from audio.editions import write_rendition
from audio.elastic import BedLength
from audio.jobs import Line, RenditionJob, SlotJob
from audio.loudness import energies_of, integrated
from audio.mixer import Event, bed_blocks, bed_gain, lay
from audio.reckoning import mixed_energies
from audio.slots import plan_of, render_slot
from audio.sounds import read_bed
from audio.takes import read_take_blocks, resampled_length
from audio.timeline import HOLD_PAUSE, OWN_EDGE, LineLength, plan_slot
from programme.profiles import profiles
from programme.sound import EDGE, NO_CUES, Cues, samples_of
from programme.units import Db, DurationMs, Samples
from tests.audio.bed_lengths import REPEATING
from tests.audio.slot_material import (
    LOUDNESS,
    RATE,
    decoded,
    edition_tags,
    music,
    slot_job,
    spec_of,
    spoken,
    take,
    tone,
)

SLOPE = Db(15.0)
"""dB a second that a bed's gain moves at most while it ducks."""


def steepest(hz: float, amplitude: float) -> float:
    """Give the largest step between two samples of a sine."""
    return amplitude * 2 * math.sin(math.pi * hz / RATE)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    return [*spoken(tmp_path_factory.mktemp("takes"))]


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return music(tmp_path_factory.mktemp("sounds"))


def bed_alone(path: Path, cues: Cues, seconds: float) -> NDArray[np.float32]:
    """Give a bed under one line of that length, at 0 dB."""
    bed = read_bed(path, cues)
    line = LineLength(samples=Samples(round(seconds * RATE)), pause=Samples(0))
    plan = plan_slot(lines=[line], bed=bed.length, pause=samples_of(300))
    assert plan.bed is not None
    return np.concatenate(list(bed_blocks(plan.bed, bed.sound.pcm, 1.0, plan.total)))


CUES = {
    "no marks": NO_CUES,
    "intro": Cues(intro_ms=DurationMs(900), outro_ms=DurationMs(0)),
    "outro": Cues(intro_ms=DurationMs(0), outro_ms=DurationMs(1_300)),
    "both": Cues(intro_ms=DurationMs(1_100), outro_ms=DurationMs(700)),
    "closing": Cues(intro_ms=DurationMs(0), outro_ms=DurationMs(4_000)),
}


@pytest.mark.parametrize("cues", CUES.values(), ids=CUES)
@pytest.mark.parametrize("hz", [240.3, 1_711.7])
def test_no_seam_of_a_bed_steps_further_than_its_music(
    tmp_path: Path, cues: Cues, hz: float
) -> None:
    # 4.0007 s: the end meets the start out of phase, wherever the marks lie.
    path = take(tmp_path / "bed.flac", tone(hz, 4.0007)).take
    for seconds in (0.4, 3.3, 11.9):
        found = bed_alone(path, cues, seconds)
        # Swell doubles it; in a crossfade two parts of equal phase are together 3 dB more.
        assert np.abs(np.diff(found)).max() <= steepest(hz, 0.3) * 2 * 2**0.5 * 1.001


@pytest.mark.slow
@settings(max_examples=400)
@given(
    bed=REPEATING,
    hz=st.floats(60, 3_000),
    words=st.integers(1, 25 * RATE),
    pause=st.integers(0, 2 * RATE),
)
def test_no_bed_of_any_length_clicks_anywhere(
    bed: BedLength, hz: float, words: int, pause: int
) -> None:
    bed = dataclasses.replace(bed, seamless=False)
    pcm = tone(hz, bed.samples / RATE)[: bed.samples].astype(np.float32)
    line = LineLength(samples=Samples(words), pause=Samples(0))
    plan = plan_slot(lines=[line], bed=bed, pause=Samples(pause))
    assert plan.bed is not None
    found = np.concatenate(list(bed_blocks(plan.bed, pcm, 1.0, plan.total)))
    # Swell and coherent crossfade as above; the shortest crossfade and edge add their slope.
    most = steepest(hz, 0.3) * 2 * 2**0.5 + 2 * 0.3 * np.pi / OWN_EDGE
    assert np.abs(np.diff(found)).max() <= most


def test_a_bed_out_of_phase_would_click_without_its_crossfade(tmp_path: Path) -> None:
    # The judge above can tell: the same loop put end to end.
    rough = tone(240.3, 4.0007)
    step = abs(rough[0] - rough[-1])
    assert step > 3 * steepest(240.3, 0.3)
    bed = read_bed(take(tmp_path / "bed.flac", rough).take, NO_CUES)
    assert not bed.length.seamless


def test_a_loop_that_bends_at_its_seam_is_crossfaded_too(tmp_path: Path) -> None:
    # Half a period too long: no step at the seam, but the wave turns back on itself.
    bent = tone(240, 2 + 0.5 / 240)
    assert abs(bent[0] - bent[-1]) < 1.1 * steepest(240, 0.3)
    assert not read_bed(take(tmp_path / "bed.flac", bent).take, NO_CUES).length.seamless


def test_a_crossfade_keeps_the_power_of_sounds_that_have_nothing_in_common(tmp_path: Path) -> None:
    # A tone that is another at its end than at its start.
    glide = np.concatenate([tone(300, 2.0), tone(470, 2.0)])
    path = take(tmp_path / "bed.flac", glide).take
    found = bed_alone(path, NO_CUES, 9.0)[EDGE + RATE * 2 : EDGE + RATE * 9]
    rms = np.sqrt(np.mean(found[: len(found) // 480 * 480].reshape(-1, 480) ** 2, axis=1))
    # Under speech 0.3 at its crest. Between the parts of 10 ms two tones beat a little.
    assert rms.min() > 0.3 / 2**0.5 * 10 ** (-3.5 / 20)
    assert rms.max() < 0.3 / 2**0.5 * 10 ** (3.5 / 20)


def test_an_outro_is_heard_as_it_was_made_to_the_end_of_the_bed(tmp_path: Path) -> None:
    ending = tone(440, 1.5) * np.linspace(1, 0, round(1.5 * RATE))
    path = take(tmp_path / "bed.flac", np.concatenate([tone(240, 4.0), ending])).take
    cues = Cues(intro_ms=DurationMs(0), outro_ms=DurationMs(1_500))
    bed = read_bed(path, cues)
    line = LineLength(samples=Samples(7 * RATE), pause=Samples(0))
    plan = plan_slot(lines=[line], bed=bed.length, pause=samples_of(300))
    assert plan.bed is not None
    whole = np.concatenate(list(bed_blocks(plan.bed, bed.sound.pcm, 1.0, plan.total)))
    end = plan.bed.placed.end
    start = end - len(ending)
    gain = bed_gain(plan.bed, start, end)
    np.testing.assert_allclose(whole[start:end], ending * gain, atol=1e-4)
    assert not whole[end:].any()


def test_a_sting_rings_on_under_the_words_without_a_click(
    tmp_path: Path, sounds: dict[str, Path]
) -> None:
    words = take(tmp_path / "words.flac", tone(310, 2.0) * np.hanning(2 * RATE))
    job = slot_job(tmp_path, "slot", lines=[words], sting=sounds["sting"], bed=sounds["bed"])
    plan = plan_of(job)
    assert plan.sting is not None
    assert plan.bed is not None
    assert plan.bed.placed.start < plan.sting.end
    assert plan.lines[0].start < plan.sting.end
    sound = finished(tmp_path, [job], "broadcast")
    # The steepest of all three together at their loudest, by the loudest sample that is there.
    assert worst_step(sound, 660) <= 1.0


def worst_step(sound: NDArray[np.floating], hz: float) -> float:
    """Give the largest step, against that of a sine as loud as the loudest moment around."""
    steps = np.abs(np.diff(sound))
    size = RATE // 100
    rows = len(steps) // size
    high = np.abs(sound[: rows * size]).reshape(rows, size).max(axis=1)
    around = np.maximum.reduce([np.roll(high, -1), high, np.roll(high, 1)])
    loud = around > 1e-3
    found = steps[: rows * size].reshape(rows, size).max(axis=1)
    return float((found[loud] / steepest(hz, 1.0) / around[loud]).max())


def finished(
    folder: Path, jobs: list[SlotJob], profile: str, number: int = 0
) -> NDArray[np.float64]:
    """Render slots, join one of their renditions, and decode it as a player does."""
    spec = spec_of(profile, number)
    slots, samples = [], 0
    for count, job in enumerate(jobs):
        asked = slot_job(
            folder,
            f"join-{count}",
            profile=profile,
            lines=job.lines,
            sound=job.sound,
            sting=job.sting,
            bed=job.bed,
        )
        asked = dataclasses.replace(asked, bed_cues=job.bed_cues)
        samples += render_slot(asked).samples
        slots.append(asked.coded[spec.id])
    out = folder / f"whole.{spec.id}"
    write_rendition(
        RenditionJob(
            spec=spec,
            slots=tuple(slots),
            samples=Samples(samples),
            tags=edition_tags(),
            loudness=LOUDNESS,
            dual_mono=profiles()[profile].dual_mono,
            max_dbtp=profiles()[profile].max_dbtp,
            out=out,
        )
    )
    sound, rate = decoded(out)
    assert rate == RATE
    return sound


@pytest.mark.parametrize(("profile", "number"), [("podcast", 0), ("podcast", 1), ("broadcast", 0)])
def test_no_click_where_slots_are_joined_as_they_are_decoded(
    tmp_path: Path, lines: list[Line], sounds: dict[str, Path], profile: str, number: int
) -> None:
    jobs = [
        slot_job(tmp_path, "a", lines=lines[:1], bed=sounds["bed"]),
        slot_job(tmp_path, "b", sound=sounds["jingle"]),
        slot_job(tmp_path, "c", lines=lines[1:2], sting=sounds["sting"]),
        slot_job(tmp_path, "d", sound=sounds["sting"]),
    ]
    sound = finished(tmp_path, jobs, profile, number)
    ends = list(itertools.accumulate(plan_of(job).total for job in jobs))[:-1]
    for end in ends:
        around = sound[end - EDGE // 2 : end + EDGE // 2]
        # Silence on both sides: -60 dBFS and below, and so is every step in it.
        assert np.abs(around).max() < 1e-3
        assert np.abs(np.diff(around)).max() < 1e-3


@pytest.mark.parametrize("number", range(6))
def test_the_mix_keeps_the_end_of_a_take_sample_by_sample(lines: list[Line], number: int) -> None:
    line = lines[number]
    signal = np.concatenate(list(read_take_blocks(line.take)))
    length = resampled_length(line.info.samples, line.info.rate_hz)
    plan = plan_slot(
        lines=[LineLength(samples=length, pause=Samples(0))] * 2, pause=samples_of(300)
    )
    events = [
        Event(placed=placed, read=lambda: read_take_blocks(line.take), where="take")
        for placed in plan.lines
    ]
    found = np.concatenate(list(lay(events, plan.total)))
    for placed in plan.lines:
        heard = found[placed.start : placed.end]
        np.testing.assert_array_equal(heard[96:-96], signal[96:-96])
        # The last 50 ms, with the fade of 2 ms: it begins where the voice has ended.
        kept, given = (float(np.square(part[-2_400:]).sum()) for part in (heard, signal))
        assert kept == pytest.approx(given, rel=1e-9)


def test_takes_that_follow_without_a_pause_do_not_click(tmp_path: Path) -> None:
    # A take that ends at full height, and one that begins so.
    path = take(tmp_path / "take.flac", np.cos(2 * np.pi * 200 * np.arange(RATE) / RATE) * 0.5).take
    plan = plan_slot(
        lines=[LineLength(samples=Samples(RATE), pause=Samples(0))] * 2, pause=samples_of(300)
    )
    events = [
        Event(placed=placed, read=lambda: read_take_blocks(path), where="take")
        for placed in plan.lines
    ]
    found = np.concatenate(list(lay(events, plan.total)))
    assert np.abs(np.diff(found)).max() <= steepest(200, 0.5) + 0.5 / 96 + 1e-3


def test_the_bed_stays_where_the_profile_wants_it_under_speech(
    tmp_path: Path, lines: list[Line], sounds: dict[str, Path]
) -> None:
    profile = dataclasses.replace(profiles()["broadcast"], chain="")
    bed = read_bed(sounds["bed"], NO_CUES)
    job = slot_job(tmp_path, "slot", profile=profile, lines=lines[:3], bed=sounds["bed"])
    plan = plan_of(job)
    assert plan.bed is not None
    gain = 10 ** ((profile.loudness_lufs + profile.bed_db - bed.loudness) / 20)
    whole = np.concatenate(list(bed_blocks(plan.bed, bed.sound.pcm, gain, plan.total)))
    under = whole[plan.lines[0].start : plan.lines[-1].end]
    assert integrated(energies_of([under])) == pytest.approx(
        profile.loudness_lufs + profile.bed_db, abs=1.0
    )


@pytest.mark.parametrize("cues", CUES.values(), ids=CUES)
def test_what_is_reckoned_of_a_bed_is_what_a_meter_reads(tmp_path: Path, cues: Cues) -> None:
    # Loud and soft by turns, so that a wrong place in the sound is a wrong energy.
    noise = np.random.default_rng(7).normal(0, 0.1, 4 * RATE)
    waves = noise * (0.55 + 0.45 * np.sin(2 * np.pi * np.arange(4 * RATE) / RATE / 2))
    bed = read_bed(take(tmp_path / "bed.flac", waves).take, cues)
    line = LineLength(samples=Samples(9 * RATE), pause=Samples(0))
    plan = plan_slot(lines=[line], bed=bed.length, pause=samples_of(300))
    assert plan.bed is not None
    heard = np.concatenate(list(bed_blocks(plan.bed, bed.sound.pcm, 0.5, plan.total)))
    measured = energies_of([heard])
    reckoned = mixed_energies(np.zeros(len(measured)), [], (plan.bed, bed.sound, 0.5))
    # Smoothed over 400 ms, as loudness is: steps of 100 ms lie otherwise in the sound.
    both = [np.convolve(one, np.ones(4) / 4, mode="valid") for one in (measured, reckoned)]
    loud = both[0] > both[0].max() / 100
    off = 10 * np.log10(both[1][loud] / both[0][loud])
    assert np.abs(off).max() < 2.5
    assert integrated(reckoned) == pytest.approx(integrated(measured), abs=0.3)


def test_a_loud_intro_does_not_put_the_bed_down_under_speech(tmp_path: Path) -> None:
    middle = tone(300, 6.0, 0.05)
    path = take(tmp_path / "bed.flac", np.concatenate([tone(500, 3.0, 0.8), middle])).take
    bed = read_bed(path, Cues(intro_ms=DurationMs(3_000), outro_ms=DurationMs(0)))
    alone = integrated(energies_of([middle.astype(np.float32)]))
    assert bed.loudness == pytest.approx(alone, abs=0.1)


@pytest.mark.parametrize("cues", CUES.values(), ids=CUES)
def test_ducking_never_pumps(tmp_path: Path, lines: list[Line], cues: Cues) -> None:
    path = take(tmp_path / "bed.flac", tone(240.3, 4.0)).take
    paused = [
        dataclasses.replace(line, pause_ms=DurationMs(ms))
        for line, ms in zip(lines, (300, 1_400, 1_600, 2_600, 900, 0), strict=True)
    ]
    job = slot_job(tmp_path, "slot", lines=paused, bed=path)
    plan = plan_of(dataclasses.replace(job, bed_cues=cues))
    assert plan.bed is not None
    start = plan.bed.placed.start + plan.bed.fade_in
    end = plan.bed.placed.end - plan.bed.fade_out
    level = 20 * np.log10(bed_gain(plan.bed, start, end))
    slope = np.diff(level) * RATE
    assert np.abs(slope).max() <= SLOPE * 1.001
    for before, after in itertools.pairwise(plan.lines):
        inside = slope[max(0, before.end - start) : max(0, after.start - start)]
        if after.start - before.end < HOLD_PAUSE:
            # Neither up nor down where a pause is short.
            assert not np.abs(inside).max(initial=0.0) > 1e-6
        else:
            # Up once and down once.
            turns = np.flatnonzero(np.diff(np.sign(inside[np.abs(inside) > 1e-6])))
            assert len(turns) <= 1
    first = plan.lines[0].start
    if start < first - samples_of(120):
        assert level[first - samples_of(120) - start] == pytest.approx(0.0, abs=1e-6)


def test_a_bed_costs_the_speech_above_it_less_than_half_a_decibel(
    tmp_path: Path, lines: list[Line], sounds: dict[str, Path]
) -> None:
    gains = []
    for name, bed in (("bare", None), ("bedded", sounds["bed"])):
        job = slot_job(tmp_path, name, profile="broadcast", lines=lines[:3], bed=bed)
        gains.append(render_slot(job).gain_db)
    assert gains[1] == pytest.approx(gains[0], abs=0.5)
