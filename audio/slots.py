"""One slot from its takes to coded frames: plan, mix, master, measure, encode, in one go."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from audio.beside import beside
from audio.chains import through
from audio.dips import Dip, Dipper, dips_for
from audio.jobs import Line, SlotJob, SlotResult
from audio.limiter import limit
from audio.loudness import DUAL_MONO, Energies, energies_of, integrated, loudness_of, write_energies
from audio.mastering import CLOSE, Master, Tap, find_gain
from audio.mixer import Event, Replay, bed_blocks, lay, mix
from audio.mp3 import Mp3SlotCoder, mp3_headroom
from audio.opus import OpusSlotCoder, opus_headroom
from audio.peaks import Over
from audio.resampling import Block
from audio.sounds import LongSound, Sound, open_sound, read_sound, silent
from audio.takes import read_take_blocks, resampled_length
from audio.timeline import (
    LineLength,
    Placed,
    SlotPlan,
    StingLength,
    plan_slot,
    samples_of,
)
from programme.errors import ExitCode, ProductionError
from programme.profiles import Profile, RenditionSpec
from programme.units import Db, Dbtp, Lufs, Samples

SOUND_UNDER_SPEECH = -2.0
"""LU: jingles and stings against the speech of their slot."""
SOUND_ALONE = -1.0
"""LU: a slot that is a sound alone, against the profile; music at equal figures seems louder."""
_QUIET_SPEECH = -60.0
_ROUNDS = 8
_STRICT_ROUNDS = 4
_MARGIN = 0.1
"""dB that a decoder stays below the profile's peak: meters differ by some hundredths."""


class SlotCoder(Protocol):
    """Codes a slot while its blocks flow by."""

    def push(self, block: Block) -> None:
        """Take the next samples at MIX_RATE."""
        ...

    def finish(self) -> list[Over]:
        """Write what is left; give the moments at which a player decodes too high a peak."""
        ...


class _OpenCoder(Protocol):
    def __call__(
        self, spec: RenditionSpec, samples: Samples, file: BinaryIO, *, most: Dbtp
    ) -> SlotCoder: ...


CODERS: dict[str, _OpenCoder] = {
    "mp3": Mp3SlotCoder,
    "opus": OpusSlotCoder,
}
"""How each codec of a profile is coded."""

HEADROOM: dict[str, Callable[[RenditionSpec], float]] = {
    "mp3": mp3_headroom,
    "opus": opus_headroom,
}
"""How many dB a decoder is likely to show above the master's peak."""


def render_slot(job: SlotJob) -> SlotResult:
    """Render a slot and write its coded frames and its loudness energies.

    Files appear whole or not at all. The same job gives the same bytes on the same versions
    (``audio.version.sound_version``).

    Raises:
        ProductionError: a file is missing, damaged, silent or holds what is no number; the
            sound cannot reach its loudness; the disk is full.
        ValueError: the job holds nothing to play, or its profile what nobody can code.
    """
    where = str(job.lines[0].take if job.lines else job.sound)
    plan, sources = _plan(job)
    mixed, given_db = _mix(job, plan, sources)
    target = job.profile.loudness_lufs
    if not job.lines:
        target = Lufs(target + SOUND_ALONE)
    master = _master(job, mixed, plan.total, target, where)
    write_energies(job.energies, master.energies)
    return SlotResult(
        samples=plan.total,
        lines=tuple(line.span for line in plan.lines),
        loudness=loudness_of(master.energies, master.true_peak, dual_mono=job.profile.dual_mono),
        gain_db=round(given_db + master.gain_db, 3),
    )


class _Sources:
    """The sounds of a slot besides its takes."""

    def __init__(self, job: SlotJob) -> None:
        self.sound: LongSound | None = open_sound(job.sound) if job.sound else None
        self.sting: Sound | None = read_sound(job.sting) if job.sting and job.lines else None
        self.bed: Sound | None = read_sound(job.bed) if job.bed and job.lines else None


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
        bed=sources.bed is not None,
        pause=samples_of(job.profile.slot_pause_ms),
    )
    return plan, sources


def _mix(job: SlotJob, plan: SlotPlan, sources: _Sources) -> tuple[Replay, float]:
    """Give the mix, with speech brought to the profile's loudness, and that gain in dB."""
    profile, total = job.profile, plan.total
    events = _sound_events(job, plan, sources)
    if not job.lines:
        return Replay(lambda: mix([(lay(events, total), 1.0)], total), total), 0.0
    lines = [_line_event(line, at) for line, at in zip(job.lines, plan.lines, strict=True)]
    speech = through(profile.chain, Replay(lambda: lay(lines, total), total), total)
    loudness = integrated(energies_of(speech), dual_mono=profile.dual_mono)
    if loudness < _QUIET_SPEECH:
        raise silent(str(job.lines[0].take))
    speech_db = profile.loudness_lufs - loudness
    bed, bed_plan = sources.bed, plan.bed

    def blocks() -> Iterator[Block]:
        tracks = [(iter(speech), _linear(speech_db))]
        if events:
            tracks.append((lay(events, total), 1.0))
        if bed is not None and bed_plan is not None:
            level = _linear(_to_level(bed.loudness, profile, profile.bed_db))
            tracks.append((bed_blocks(bed_plan, bed, level, total), 1.0))
        return mix(tracks, total)

    return Replay(blocks, total), speech_db


def _line_event(line: Line, placed: Placed) -> Event:
    return Event(placed=placed, read=lambda: read_take_blocks(line.take), where=str(line.take))


def _sound_events(job: SlotJob, plan: SlotPlan, sources: _Sources) -> list[Event]:
    """Place the sound and the sting at their levels against the speech."""
    events = []
    if sources.sound is not None and plan.sound is not None:
        gain = _to_level(sources.sound.loudness, job.profile, SOUND_UNDER_SPEECH)
        events.append(
            Event(
                placed=plan.sound,
                read=sources.sound.read,
                where=str(job.sound),
                gain=_linear(gain),
            )
        )
    sting = sources.sting
    if sting is not None and plan.sting is not None:
        gain = _to_level(sting.loudness, job.profile, SOUND_UNDER_SPEECH)
        events.append(
            Event(
                placed=plan.sting,
                read=lambda: iter([sting.pcm]),
                where=str(job.sting),
                gain=_linear(gain),
            )
        )
    return events


def _to_level(loudness: Lufs, profile: Profile, relative: float) -> float:
    """Give the gain in dB that brings a sound to so many LU from the profile's speech."""
    heard = loudness + (DUAL_MONO if profile.dual_mono else 0.0)
    return profile.loudness_lufs + relative - heard


def _linear(gain_db: float) -> float:
    return float(10 ** (gain_db / 20))


class _NotKeptError(Exception):
    """Takes a coded file away again: it was too loud at some moment, or another try follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """What one pass over the limited master gave."""

    measured: tuple[Energies, Dbtp] | None
    """Loudness energies and true peak of the master; None once they are known."""
    missed_lu: float
    """By how much the loudness missed the middle of its bounds; 0 inside of them."""
    overs: Mapping[str, list[Over]]
    """By rendition: the moments at which a player decodes too high a peak."""


def _master(job: SlotJob, mixed: Replay, samples: Samples, target: Lufs, where: str) -> Master:
    """Try until loudness and decoded peaks are right; mostly that is at once.

    Loudness is settled first. A rendition whose decoder is over at some moment is then coded
    again with a dip there, alone: the others are finished.
    """
    profile = job.profile
    energies = energies_of(mixed)
    ceiling = min(
        profile.ceiling_dbtp,
        *(Dbtp(profile.max_dbtp - HEADROOM[spec.codec](spec)) for spec in profile.renditions),
    )
    aim, master = target, None
    pending = profile.renditions
    dips: dict[str, list[Dip]] = {spec.id: [] for spec in pending}
    gain_db = Db(0.0)
    for number in range(_ROUNDS):
        if master is None:
            gain_db = find_gain(mixed, energies, profile, aim, ceiling=ceiling, where=where)
        limited = limit(mixed, ceiling=ceiling, gain=_linear(gain_db))
        # A short slot may jump over its mark, where a single window passes the meter's gate.
        close = CLOSE if number < _STRICT_ROUNDS else 3 * CLOSE
        bounds = (target - close, target + close) if master is None else None
        attempt = _encode(job, pending, limited, dips, samples, bounds=bounds)
        if attempt.missed_lu:
            aim = Lufs(aim + attempt.missed_lu)
            continue
        if attempt.measured is not None:
            found, true_peak = attempt.measured
            master = Master(energies=found, true_peak=true_peak, gain_db=gain_db)
        for spec in pending:
            dips[spec.id] += dips_for(attempt.overs[spec.id])
        pending = tuple(spec for spec in pending if attempt.overs[spec.id])
        if master is not None and not pending:
            return master
    raise ProductionError(
        "the slot does not come to its loudness under its ceiling",
        where=where,
        remedy="take clicks and knocks out of the recording, or make it again",
        code=ExitCode.SOUND,
    )


def _missed_lu(job: SlotJob, energies: Energies, bounds: tuple[float, float]) -> float:
    """Give by how many LU a loudness missed the middle of its bounds; 0 inside of them."""
    found = integrated(energies, dual_mono=job.profile.dual_mono)
    low, high = bounds
    return 0.0 if low <= found <= high else (low + high) / 2 - found


def _encode(
    job: SlotJob,
    specs: Sequence[RenditionSpec],
    limited: Iterable[Block],
    dips: Mapping[str, Sequence[Dip]],
    samples: Samples,
    *,
    bounds: tuple[float, float] | None,
) -> _Attempt:
    """Measure and code in one pass; a file appears only if its rendition is right.

    Args:
        job: the slot.
        specs: the renditions that are still to be coded.
        limited: the master.
        dips: where each rendition gives way.
        samples: the slot's length at MIX_RATE.
        bounds: of the loudness, in LUFS; outside of them no file is kept. None once the
            loudness is settled.
    """
    tap = Tap()
    most = Dbtp(job.profile.max_dbtp - _MARGIN)
    with ExitStack() as all_files:
        files = {spec.id: all_files.enter_context(ExitStack()) for spec in specs}
        coders = {
            spec.id: CODERS[spec.codec](
                spec, samples, files[spec.id].enter_context(beside(job.coded[spec.id])), most=most
            )
            for spec in specs
        }
        dippers = {spec.id: Dipper(dips[spec.id]) for spec in specs}
        for block in tap.watch(limited) if bounds else limited:
            for name, coder in coders.items():
                coder.push(dippers[name].lower(block))
        overs = {name: coder.finish() for name, coder in coders.items()}
        measured = tap.finish() if bounds else None
        missed_lu = _missed_lu(job, measured[0], bounds) if measured and bounds else 0.0
        for name, stack in files.items():
            if missed_lu or overs[name]:
                stack.__exit__(_NotKeptError, _NotKeptError(), None)
    return _Attempt(measured=measured, missed_lu=missed_lu, overs=overs)
