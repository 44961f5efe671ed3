"""One slot from its takes to coded frames: plan, mix, master, measure, encode, in one go."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import BinaryIO, Protocol

from audio.beside import beside
from audio.chains import through
from audio.dips import Dip, dipped, dips_for
from audio.jobs import Line, SlotJob, SlotResult
from audio.limiter import limit
from audio.loudness import DUAL_MONO, energies_of, integrated, loudness_of, write_energies
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


class _MissedError(Exception):
    """What came out is not as loud as asked, or a decoder shows too high a peak."""

    def __init__(self, *, error_lu: float, overs: list[Over]) -> None:
        super().__init__(error_lu, overs)
        self.error_lu = error_lu
        self.overs = overs


def _master(job: SlotJob, mixed: Replay, samples: Samples, target: Lufs, where: str) -> Master:
    """Try until loudness and decoded peaks are right; mostly that is at once."""
    profile = job.profile
    energies = energies_of(mixed)
    ceiling = min(
        profile.ceiling_dbtp,
        *(Dbtp(profile.max_dbtp - HEADROOM[spec.codec](spec)) for spec in profile.renditions),
    )
    aim, dips = target, list[Dip]()
    for number in range(_ROUNDS):
        # A short slot may jump over its mark, where a single window passes the meter's gate.
        close = CLOSE if number < _STRICT_ROUNDS else 3 * CLOSE
        gain_db = find_gain(mixed, energies, profile, aim, ceiling=ceiling, where=where)
        limited = limit(mixed, ceiling=ceiling, gain=_linear(gain_db))
        try:
            return _encode(
                job,
                dipped(limited, dips),
                samples,
                bounds=(target - close, target + close),
                gain_db=gain_db,
            )
        except _MissedError as missed:
            aim = Lufs(aim + missed.error_lu)
            dips += dips_for(missed.overs)
    raise ProductionError(
        "the slot does not come to its loudness under its ceiling",
        where=where,
        remedy="take clicks and knocks out of the recording, or make it again",
        code=ExitCode.SOUND,
    )


def _encode(
    job: SlotJob,
    limited: Iterable[Block],
    samples: Samples,
    *,
    bounds: tuple[float, float],
    gain_db: Db,
) -> Master:
    """Measure and code in one pass; files appear only if the result is right."""
    profile, tap = job.profile, Tap()
    most = Dbtp(profile.max_dbtp - _MARGIN)
    with ExitStack() as files:
        coders = []
        for spec in profile.renditions:
            file = files.enter_context(beside(job.coded[spec.id]))
            coders.append(CODERS[spec.codec](spec, samples, file, most=most))
        for block in tap.watch(limited):
            for coder in coders:
                coder.push(block)
        overs = [over for coder in coders for over in coder.finish()]
        energies, true_peak = tap.finish()
        found = integrated(energies, dual_mono=profile.dual_mono)
        low, high = bounds
        if overs or not low <= found <= high:
            error = 0.0 if low <= found <= high else (low + high) / 2 - found
            raise _MissedError(error_lu=error, overs=overs)
    return Master(energies=energies, true_peak=true_peak, gain_db=gain_db)
