"""Memory does not grow with length: whole processes are measured, with all that is in them."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from audio.jobs import Line, RenditionJob, SlotJob
from audio.loudness import read_energies
from audio.slots import render_slot
from audio.takes import write_take_blocks
from programme.profiles import profiles
from programme.sound import TakeInfo
from programme.units import DurationMs, Hz, Samples
from tests.audio.slot_material import LOUDNESS, RATE, edition_tags, music, slot_job, tone

ROOT = Path(__file__).parents[2]
MOST_MB = 250
"""What a process may take at its highest, whatever the length of a slot or an edition."""
SPREAD_MB = 12
"""What allocators make of the same work on another day."""

_CHILD = """
import pickle, resource, sys
from pathlib import Path
from audio.editions import measure_slots, write_rendition
from audio.slots import render_slot
job, energies, readings = pickle.load(sys.stdin.buffer)
if readings:
    measure_slots(energies, readings, dual_mono=job.dual_mono)
    write_rendition(job)
else:
    render_slot(job)
status = Path("/proc/self/status")
# ru_maxrss of Linux remembers the process that started this one; the highest mark does not.
if status.exists():
    lines = status.read_text().splitlines()
    print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def highest_mb(*work: object) -> float:
    """Do a job in a process of its own; give the most memory that it ever had."""
    ran = subprocess.run(
        [sys.executable, "-c", _CHILD],
        input=pickle.dumps(work),
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    return int(ran.stdout) / 1024


def long_file(path: Path, minutes: float) -> Samples:
    """Write something like speech without end: syllables and sentences of a tone."""
    shape = np.abs(tone(0.5, 10, 1.0)) * np.sqrt(np.abs(tone(3, 10, 1.0)))
    pcm = np.round(tone(220, 10, 0.3) * shape * 32_767).astype(np.int16)
    return write_take_blocks(path, (pcm for _ in range(round(minutes * 6))), Hz(RATE))


def sound_job(folder: Path, minutes: float) -> SlotJob:
    path = folder / f"sound-{minutes}.flac"
    long_file(path, minutes)
    return slot_job(folder, f"sound-{minutes}", sound=path)


def take_job(folder: Path, minutes: float, profile: str, bed: Path | None = None) -> SlotJob:
    path = folder / f"take-{minutes}.flac"
    samples = long_file(path, minutes)
    line = Line(
        take=path,
        info=TakeInfo(rate_hz=Hz(RATE), samples=samples),
        pause_ms=DurationMs(0),
    )
    return slot_job(folder, f"take-{minutes}", profile=profile, lines=[line], bed=bed)


def edition_mb(folder: Path, profile: str, number: int, minutes: int) -> float:
    """Join minutes of one coded slot into an edition and measure it; give the memory it took."""
    chosen = profiles()[profile]
    spec = chosen.renditions[number]
    path = folder / "jingle.flac"
    long_file(path, 0.5)
    job = slot_job(folder, "slot", profile=chosen, sound=path)
    slot = render_slot(job)
    count = minutes * 60 * RATE // slot.samples
    energies = job.energies[spec.id]
    assert len(read_energies(energies)) == slot.samples * 10 // RATE
    joined = RenditionJob(
        spec=spec,
        slots=(job.coded[spec.id],) * count,
        samples=Samples(count * slot.samples),
        tags=edition_tags(),
        loudness=slot.loudness[spec.id],
        dual_mono=chosen.dual_mono,
        max_dbtp=chosen.max_dbtp,
        out=folder / f"edition-{minutes}",
    )
    found = highest_mb(joined, (energies,) * count, (LOUDNESS,) * count)
    # All of it is there, also where a coder of varying rate finds a tone easy: 125 bytes a kbit.
    assert joined.out.stat().st_size > minutes * 60 * spec.kbps * 125 / 4
    joined.out.unlink()
    return found


@pytest.mark.parametrize(
    ("profile", "number"), [("podcast", 0), ("podcast", 1), ("phone-line", 0), ("old-player", 0)]
)
def test_three_hours_are_joined_in_the_memory_of_ten_minutes(
    tmp_path: Path, profile: str, number: int
) -> None:
    short, long = (edition_mb(tmp_path, profile, number, minutes) for minutes in (10, 180))
    assert long < MOST_MB
    assert long < short + SPREAD_MB


@pytest.mark.slow
def test_an_hour_of_aac_is_coded_in_the_memory_of_ten_minutes(tmp_path: Path) -> None:
    number = [spec.codec for spec in profiles()["share"].renditions].index("aac")
    short, long = (edition_mb(tmp_path, "share", number, minutes) for minutes in (10, 60))
    assert long < MOST_MB
    assert long < short + SPREAD_MB


@pytest.mark.slow
def test_a_bed_of_three_minutes_under_a_long_recording_stays_within_bounds(tmp_path: Path) -> None:
    bed = tmp_path / "bed.flac"
    long_file(bed, 3)
    assert highest_mb(take_job(tmp_path, 1.9, "podcast", bed), (), ()) < MOST_MB


@pytest.mark.slow
def test_twelve_minutes_of_music_are_mixed_in_the_memory_of_four(tmp_path: Path) -> None:
    short, long = (highest_mb(sound_job(tmp_path, minutes), (), ()) for minutes in (4, 12))
    assert long < MOST_MB
    assert long < short + SPREAD_MB


@pytest.mark.slow
def test_twelve_minutes_of_a_recording_are_mixed_in_the_memory_of_four(tmp_path: Path) -> None:
    jobs = [take_job(tmp_path, minutes, "podcast") for minutes in (4, 12)]
    short, long = (highest_mb(job, (), ()) for job in jobs)
    assert long < MOST_MB
    assert long < short + SPREAD_MB


@pytest.mark.slow
def test_the_loudspeakers_plan_of_gains_is_all_that_grows(tmp_path: Path) -> None:
    # Gains for every 5 ms: 2 MB for a minute while they are reckoned, 120 MB for the longest file.
    jobs = [take_job(tmp_path, minutes, "loudspeaker") for minutes in (4, 12)]
    short, long = (highest_mb(job, (), ()) for job in jobs)
    assert long - short < 8 * 2.5
    assert long + (long - short) * (60 - 12) / 8 < MOST_MB


def test_short_sounds_are_kept_once_each(tmp_path: Path) -> None:
    sounds = music(tmp_path)
    job = slot_job(tmp_path, "slot", sound=sounds["jingle"])
    assert highest_mb(job, (), ()) < MOST_MB / 2
