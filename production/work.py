"""The work itself: one function per kind of step, each fit to run in another process.

A worker verifies what it reads from the store, writes beside, and adopts the result into the
store; it never touches the journal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from audio.jobs import Line, RecordingJob, RenditionJob, SlotJob, SlotResult
from production.companions import render_companions
from production.edition_text import EditionWords, lay_out_edition
from production.heard_lines import heard_line, plain_heard, read_heard
from production.journal import Result
from production.kept_speech import keep, take_kept
from production.loudness_limits import judge_loudness, judge_size
from production.records import plain_edition, plain_loudness, read_loudness
from production.steps import Speech
from production.store import Store
from programme.digests import Plain, digest_file
from programme.editions import Rendition
from programme.errors import ExitCode, ProductionError
from programme.profiles import Profile, RenditionSpec
from programme.sound import NO_SILENCE, Cues, Loudness, Span, TakeInfo, WordTime
from programme.storage import storage_errors
from programme.units import Digest, DurationMs, Fingerprint, Hz, Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeTask:
    """Speak a sentence or read a recording into the store."""

    fingerprint: Fingerprint
    speak: Speech | None
    recording: Path | None
    kept: Path | None = None
    """Where a sentence of an online voice is kept for ever, without the ending; None for others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotTask:
    """Mix, master and encode a slot into the store."""

    fingerprint: Fingerprint
    where: str
    lines: tuple[tuple[Digest, TakeInfo, DurationMs], ...]
    sounds: Mapping[str, tuple[Path, Digest]]
    """Role (sound, sting, bed) to the file and the digest that was planned with."""
    bed_cues: Cues
    silence: Samples = NO_SILENCE
    """Of a slot that is nothing else."""
    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionTask:
    """Join slots into an edition's files."""

    fingerprint: Fingerprint
    slots: tuple[Result, ...]
    words: EditionWords
    profile: Profile


def take_result(info: TakeInfo, digest: Digest) -> Result:
    """Write down a take."""
    words: list[Plain] = [[w.offset, w.start_ms] for w in info.words]
    facts: dict[str, Plain] = {"rate_hz": info.rate_hz, "samples": info.samples, "words": words}
    return Result(outputs={"take": digest}, facts=facts)


def take_info(result: Result) -> TakeInfo:
    """Read a take's description back."""
    facts = result.facts
    return TakeInfo(
        rate_hz=Hz(_whole(facts["rate_hz"])),
        samples=Samples(_whole(facts["samples"])),
        words=tuple(
            WordTime(offset=_whole(offset), start_ms=DurationMs(_whole(start)))
            for offset, start in _rows(facts["words"])
        ),
    )


def slot_samples(result: Result) -> Samples:
    """Give a slot's length at MIX_RATE."""
    return Samples(_whole(result.facts["samples"]))


def slot_spans(result: Result) -> tuple[Span, ...]:
    """Give when each line of a slot is heard, from the slot's start."""
    return tuple(
        Span(start_ms=DurationMs(_whole(start)), end_ms=DurationMs(_whole(end)))
        for start, end in _rows(result.facts["lines"])
    )


def run_take(root: Path, task: TakeTask) -> Result:
    """Make a take.

    Raises:
        ProductionError: the voice cannot say it, or the recording is damaged.
    """
    store = Store(root)
    out = store.scratch / f"{task.fingerprint}.take"
    with storage_errors(out):
        if task.speak is not None:
            info = _speak(task.speak, task.kept, out)
        elif task.recording is not None:
            from audio.recordings import import_recording

            info = import_recording(
                RecordingJob(source=task.recording, where=str(task.recording), out=out)
            )
        else:
            raise TypeError("a take is spoken or recorded")
        return take_result(info, store.adopt(out))


def _speak(speech: Speech, kept: Path | None, out: Path) -> TakeInfo:
    """Speak a sentence, or take it from where it was kept."""
    from audio.voices.speaking import speak

    if kept is None:
        return speak(speech.job(out))
    known = take_kept(kept, speech, out)
    if known is None:
        known = speak(speech.job(out))
        keep(kept, speech, out, known)
    return known


def run_takes(root: Path, tasks: tuple[TakeTask, ...]) -> list[Result | ProductionError]:
    """Make a batch of takes; one that fails does not stop the others."""
    return [_attempt(root, task) for task in tasks]


def _attempt(root: Path, task: TakeTask) -> Result | ProductionError:
    try:
        return run_take(root, task)
    except ProductionError as error:
        if error.code is ExitCode.STORAGE:
            raise
        return error


def run_slot(root: Path, task: SlotTask) -> Result:
    """Mix, master and encode a slot.

    Raises:
        DamagedObjectError: a take in the store is missing or altered.
        ProductionError: the sound is silent or damaged, a sound file changed meanwhile.
    """
    from audio.silence import render_silence
    from audio.slots import render_slot

    store = Store(root)
    takes = store.verified(*(digest for digest, _, _ in task.lines))
    stem = store.scratch / task.fingerprint
    coded = {spec.id: stem.with_suffix(f".{spec.id}") for spec in task.profile.renditions}
    energies = {name: stem.with_suffix(f".{name}.energies") for name in coded}
    path = {role: file for role, (file, _) in task.sounds.items()}
    job = SlotJob(
        lines=tuple(
            Line(take=take, info=info, pause_ms=pause)
            for take, (_, info, pause) in zip(takes, task.lines, strict=True)
        ),
        sound=path.get("sound"),
        sting=path.get("sting"),
        bed=path.get("bed"),
        bed_cues=task.bed_cues,
        profile=task.profile,
        coded=coded,
        energies=energies,
    )
    with storage_errors(stem):
        slot = render_silence(job, task.silence) if task.silence else render_slot(job)
        for file, planned in task.sounds.values():
            if digest_file(file) != planned:
                raise ProductionError(
                    "this sound was changed while it was being used",
                    where=str(file),
                    remedy="run the build again",
                )
        outputs = {f"coded-{name}": store.adopt(file) for name, file in coded.items()}
        outputs |= {f"energies-{name}": store.adopt(file) for name, file in energies.items()}
        heard = [heard_line(line) for line in job.lines]
    return Result(outputs=outputs, facts=_slot_facts(slot) | {"heard": plain_heard(heard)})


def _slot_facts(slot: SlotResult) -> dict[str, Plain]:
    return {
        "samples": slot.samples,
        "lines": [[span.start_ms, span.end_ms] for span in slot.lines],
        "loudness": {name: plain_loudness(found) for name, found in slot.loudness.items()},
        "gain_db": slot.gain_db,
    }


def run_edition(root: Path, task: EditionTask) -> Result:
    """Join the slots of an edition into its tagged files, and describe it.

    Raises:
        DamagedObjectError: a coded slot in the store is missing or altered.
        ProductionError: the finished loudness or peak is out of tolerance.
    """
    from audio.editions import write_rendition

    store = Store(root)
    profile = task.profile
    laid = lay_out_edition(
        task.words,
        samples=tuple(slot_samples(slot) for slot in task.slots),
        spans=tuple(slot_spans(slot) for slot in task.slots),
        heard=tuple(read_heard(slot.facts["heard"]) for slot in task.slots),
    )
    renditions = []
    outputs = {}
    for spec in profile.renditions:
        loudness = _measure(store, task, spec)
        out = store.scratch / f"{task.fingerprint}.{spec.id}{spec.suffix}"
        coded = store.verified(*(slot.outputs[f"coded-{spec.id}"] for slot in task.slots))
        with storage_errors(out):
            job = RenditionJob(
                spec=spec,
                slots=coded,
                samples=laid.samples,
                tags=laid.tags,
                loudness=loudness,
                dual_mono=profile.dual_mono,
                max_dbtp=profile.max_dbtp,
                out=out,
            )
            loudness = write_rendition(job)
            judge_loudness(loudness, profile, where=f"{task.words.label} {spec.id}")
            length = out.stat().st_size
            judge_size(length, spec, profile, where=task.words.label)
            digest = store.adopt(out)
        outputs[spec.id] = digest
        renditions.append(
            Rendition(
                id=spec.id,
                suffix=spec.suffix,
                media_type=spec.media_type,
                kbps=spec.kbps,
                digest=digest,
                length_bytes=length,
                loudness=loudness,
            )
        )
    edition = laid.edition(tuple(renditions))
    for name, data in render_companions(edition).items():
        out = store.scratch / f"{task.fingerprint}.{name}"
        with storage_errors(out):
            out.write_bytes(data)
            outputs[name] = store.adopt(out)
    return Result(outputs=outputs, facts={"edition": plain_edition(edition)})


def _measure(store: Store, task: EditionTask, spec: RenditionSpec) -> Loudness:
    """Give the loudness of one file as it will be decoded, from its slots'.

    Raises:
        DamagedObjectError: a slot's energies in the store are missing or altered.
        ProductionError: it is out of the profile's tolerance.
    """
    from audio.editions import measure_slots

    loudness = measure_slots(
        store.verified(*(slot.outputs[f"energies-{spec.id}"] for slot in task.slots)),
        [_loudness_in(slot, spec) for slot in task.slots],
        dual_mono=task.profile.dual_mono,
    )
    judge_loudness(loudness, task.profile, where=f"{task.words.label} {spec.id}")
    return loudness


def _loudness_in(slot: Result, spec: RenditionSpec) -> Loudness:
    found = slot.facts["loudness"]
    if not isinstance(found, Mapping):
        raise TypeError(f"the journal holds {found!r} where loudness by rendition belongs")
    return read_loudness(found[spec.id])


def _whole(value: Plain) -> int:
    if not isinstance(value, int):
        raise TypeError(f"the journal holds {value!r} where a whole number belongs")
    return value


def _rows(value: Plain) -> list[list[Plain]]:
    if not isinstance(value, list):
        raise TypeError(f"the journal holds {value!r} where a list belongs")
    return [list(row) for row in value]
