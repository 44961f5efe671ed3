"""One slot from its takes to coded frames: plan, mix, master, code, decode and measure."""

from collections.abc import Iterator

import numpy as np

from audio.chains import through
from audio.coding import Mix, code_slot
from audio.jobs import Line, SlotJob, SlotResult
from audio.loudness import (
    DUAL_MONO,
    STEP,
    Energies,
    energies_of,
    integrated,
    loudness_of,
    write_energies,
)
from audio.mixer import Event, Replay, bed_blocks, lay, mix
from audio.reckoning import mixed_energies
from audio.resampling import Block
from audio.sounds import Bed, LongSound, Sound, open_sound, read_bed, read_sound, silent
from audio.takes import read_take_blocks, resampled_length
from audio.timeline import (
    LineLength,
    Placed,
    SlotPlan,
    StingLength,
    plan_slot,
)
from programme.profiles import Profile
from programme.sound import samples_of
from programme.stopwatch import stage
from programme.units import Lufs, Samples

SOUND_UNDER_SPEECH = -2.0
"""LU: jingles and stings against the speech of their slot."""
SOUND_ALONE = -1.0
"""LU: a slot that is a sound alone, against the profile; music at equal figures seems louder."""
_QUIET_SPEECH = -60.0


def render_slot(job: SlotJob) -> SlotResult:
    """Render a slot and write its coded frames and its loudness energies.

    Files appear whole or not at all. The same job gives the same bytes on the same versions
    (``audio.version.sound_version``).

    Raises:
        ProductionError: a file is missing, damaged, silent or holds what is no number; the
            sound cannot reach its loudness; the disk is full.
        ValueError: the job holds nothing to play, or its profile what nobody can code.
    """
    plan, sources = _plan(job)
    mixed = _mix(job, plan, sources)
    target = job.profile.loudness_lufs
    if not job.lines:
        target = Lufs(target + SOUND_ALONE)
    with stage("coding"):
        coded = code_slot(mixed, job.profile, target, job.coded)
    for name, found in coded.decoded.items():
        write_energies(job.energies[name], found.energies)
    return SlotResult(
        samples=plan.total,
        lines=tuple(line.span for line in plan.lines),
        loudness={
            name: loudness_of(
                found.energies,
                found.true_peak,
                dual_mono=job.profile.dual_mono,
                momentary=found.momentary,
            )
            for name, found in coded.decoded.items()
        },
        gain_db=round(mixed.speech_db + coded.gain_db, 3),
    )


def plan_of(job: SlotJob) -> SlotPlan:
    """Give when everything in a slot sounds, as ``render_slot`` lays it; no take is opened.

    Raises:
        ProductionError: a sound file is missing, damaged or silent.
    """
    return _plan(job)[0]


class _Sources:
    """The sounds of a slot besides its takes."""

    def __init__(self, job: SlotJob) -> None:
        self.sound: LongSound | None = open_sound(job.sound) if job.sound else None
        self.sting: Sound | None = read_sound(job.sting) if job.sting and job.lines else None
        self.bed: Bed | None = read_bed(job.bed, job.bed_cues) if job.bed and job.lines else None


def _plan(job: SlotJob) -> tuple[SlotPlan, _Sources]:
    sources = _Sources(job)
    sting = sources.sting
    plan = plan_slot(
        lines=[
            LineLength(
                samples=resampled_length(line.info.samples, line.info.rate_hz),
                pause=samples_of(line.pause_ms),
            )
            for line in job.lines
        ],
        sound=sources.sound.samples if sources.sound else None,
        sting=(StingLength(samples=Samples(len(sting.pcm)), body=sting.body) if sting else None),
        bed=sources.bed.length if sources.bed else None,
        pause=samples_of(job.profile.slot_pause_ms),
    )
    return plan, sources


def _mix(job: SlotJob, plan: SlotPlan, sources: _Sources) -> Mix:
    """Give the mix, with speech brought to the profile's loudness."""
    profile, total = job.profile, plan.total
    placed = _sound_events(job, plan, sources)
    events = [event for event, _ in placed]
    if not job.lines:
        return Mix(
            blocks=Replay(lambda: mix([(lay(events, total), 1.0)], total), total),
            samples=total,
            energies=mixed_energies(np.zeros(total // STEP), placed, None),
            speech_db=0.0,
            where=str(job.sound),
        )
    lines = [_line_event(line, at) for line, at in zip(job.lines, plan.lines, strict=True)]
    speech = through(profile.chain, Replay(lambda: lay(lines, total), total), total)
    spoken = energies_of(speech)
    loudness = integrated(spoken, dual_mono=profile.dual_mono)
    if loudness < _QUIET_SPEECH:
        raise silent(str(job.lines[0].take))
    speech_db = profile.loudness_lufs - loudness
    bed = None
    if sources.bed is not None and plan.bed is not None:
        level = _linear(_to_level(sources.bed.loudness, profile, profile.bed_db))
        bed = plan.bed, sources.bed.sound, level

    def blocks() -> Iterator[Block]:
        tracks = [(iter(speech), _linear(speech_db))]
        if events:
            tracks.append((lay(events, total), 1.0))
        if bed is not None:
            planned, sound, level = bed
            tracks.append((bed_blocks(planned, sound.pcm, level, total), 1.0))
        return mix(tracks, total)

    return Mix(
        blocks=Replay(blocks, total),
        samples=total,
        energies=mixed_energies(spoken * _linear(speech_db) ** 2, placed, bed),
        speech_db=speech_db,
        where=str(job.lines[0].take),
    )


def _line_event(line: Line, placed: Placed) -> Event:
    return Event(placed=placed, read=lambda: read_take_blocks(line.take), where=str(line.take))


def _sound_events(job: SlotJob, plan: SlotPlan, sources: _Sources) -> list[tuple[Event, Energies]]:
    """Place the sound and the sting at their levels against the speech, each with its energies."""
    events = []
    sound, sting = sources.sound, sources.sting
    if sound is not None and plan.sound is not None:
        gain = _to_level(sound.loudness, job.profile, SOUND_UNDER_SPEECH)
        event = Event(placed=plan.sound, read=sound.read, where=str(job.sound), gain=_linear(gain))
        events.append((event, sound.energies))
    if sting is not None and plan.sting is not None:
        gain = _to_level(sting.loudness, job.profile, SOUND_UNDER_SPEECH)
        event = Event(
            placed=plan.sting,
            read=lambda: iter([sting.pcm]),
            where=str(job.sting),
            gain=_linear(gain),
        )
        events.append((event, sting.energies))
    return events


def _to_level(loudness: Lufs, profile: Profile, relative: float) -> float:
    """Give the gain in dB that brings a sound to so many LU from the profile's speech."""
    heard = loudness + (DUAL_MONO if profile.dual_mono else 0.0)
    return profile.loudness_lufs + relative - heard


def _linear(gain_db: float) -> float:
    return float(10 ** (gain_db / 20))
