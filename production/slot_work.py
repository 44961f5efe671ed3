"""Making slots: their sentences spoken, mixed, mastered and encoded into the store.

Fit to run in another process: it verifies what it reads from the store, writes beside, adopts the
result into the store, and never touches the journal.

What a slot is made from comes from three places. Objects of the store it names by their digests
(``StoredTake``). Files of the workspace it names by path, with the digest that was planned with
(``SlotTask.sounds``). All else is in the task: lengths, settings, and the words of quick voices,
which are spoken here every time and stored nowhere: that costs less than to write them down, and
a take has four times the bytes of what is published.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from audio.jobs import Line, SlotJob, SlotResult, SpokenTake
from production.heard_lines import heard_line, plain_heard
from production.interrupts import interrupts_held
from production.journal import Result
from production.records import plain_loudness, read_rows, read_whole
from production.speech import Speech
from production.store import Store
from production.timed_work import timed
from programme.collecting import no_collecting
from programme.digests import Plain, digest_file
from programme.errors import ExitCode, ProductionError
from programme.profiles import Profile
from programme.sound import NO_SILENCE, Cues, Span, TakeInfo
from programme.stopwatch import stage
from programme.storage import storage_errors
from programme.units import Digest, DurationMs, Fingerprint, Hz, Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTake:
    """A take that lies in the store, and what is known of it."""

    digest: Digest
    info: TakeInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotTask:
    """Speak what quick voices say in a slot, and mix, master and encode it into the store."""

    fingerprint: Fingerprint
    where: str
    lines: tuple[tuple[StoredTake | Speech, DurationMs], ...]
    """Each take, and the pause after it."""
    sounds: Mapping[str, tuple[Path, Digest]]
    """Role (sound, sting, bed) to the file and the digest that was planned with."""
    bed_cues: Cues
    silence: Samples = NO_SILENCE
    """Of a slot that is nothing else."""
    profile: Profile


class UnspokenError(Exception):
    """Sentences that the voice of a slot cannot say; the slot is not made.

    Attributes:
        errors: what is wrong with each, by the index of the first line that says it.
    """

    def __init__(self, errors: Mapping[int, ProductionError]) -> None:
        super().__init__(errors)
        self.errors = errors


def slot_takes(result: Result) -> tuple[TakeInfo, ...] | None:
    """Give rate and length of each line's take, without its words.

    None where the slot was made by a version that noted them elsewhere.
    """
    if "takes" not in result.facts:
        return None
    return tuple(
        TakeInfo(rate_hz=Hz(read_whole(rate)), samples=Samples(read_whole(samples)))
        for rate, samples in read_rows(result.facts["takes"])
    )


def slot_samples(result: Result) -> Samples:
    """Give a slot's length at MIX_RATE."""
    return Samples(read_whole(result.facts["samples"]))


def slot_spans(result: Result) -> tuple[Span, ...]:
    """Give when each line of a slot is heard, from the slot's start."""
    return tuple(
        Span(start_ms=DurationMs(read_whole(start)), end_ms=DurationMs(read_whole(end)))
        for start, end in read_rows(result.facts["lines"])
    )


_HELD = 24_000_000
"""Bytes of speech that a slot holds in memory, nine minutes; what is more goes into files."""


@cache
def _load_sound() -> None:
    """Load what speaks and mixes, without a search for cycles meanwhile.

    Once: after each slot, what the slot left would be called old, and hardly be looked for.
    """
    with no_collecting():
        import audio.silence
        import audio.slots
        import audio.voices.speaking  # noqa: F401 - loaded for those below


@contextmanager
def _spoken(
    stem: Path, task: SlotTask
) -> Iterator[Mapping[Speech, tuple[SpokenTake | Path, TakeInfo]]]:
    """Speak every sentence of a slot that lies nowhere, once.

    Raises:
        UnspokenError: the voice cannot say some of them.
    """
    from audio.voices.speaking import say, speak

    said: dict[Speech, tuple[SpokenTake | Path, TakeInfo]] = {}
    errors: dict[int, ProductionError] = {}
    held, files = 0, list[Path]()
    try:
        for number, (speech, _) in enumerate(task.lines):
            if not isinstance(speech, Speech) or speech in said:
                continue
            try:
                with interrupts_held(), stage("speaking"):
                    if held < _HELD:
                        take, _ = said[speech] = say(speech.job())
                        held += len(take.pcm)
                    else:
                        files.append(stem.with_suffix(f".{number}.take"))
                        said[speech] = files[-1], speak(speech.job(files[-1]))
            except ProductionError as error:
                if error.code is ExitCode.STORAGE:
                    raise
                errors[number] = error
        if errors:
            raise UnspokenError(errors)
        yield said
    finally:
        for file in files:
            file.unlink(missing_ok=True)


@timed
def run_slot(root: Path, task: SlotTask) -> Result:
    """Speak, mix, master and encode a slot.

    Raises:
        DamagedObjectError: a take in the store is missing or altered.
        UnspokenError: its voice cannot say some sentences.
        ProductionError: the sound is silent or damaged, a sound file changed meanwhile.
    """
    _load_sound()
    store = Store(root)
    stored = [take for take, _ in task.lines if isinstance(take, StoredTake)]
    paths = store.verified(*(take.digest for take in stored))
    in_store = {take.digest: path for take, path in zip(stored, paths, strict=True)}
    stem = store.scratch / task.fingerprint
    with storage_errors(stem), _spoken(stem, task) as said:
        lines = []
        for take, pause in task.lines:
            if isinstance(take, Speech):
                sound, info = said[take]
                lines.append(Line(take=sound, info=info, pause_ms=pause))
            else:
                path = in_store[take.digest]
                lines.append(Line(take=path, info=take.info, pause_ms=pause))
        return _render(store, stem, task, tuple(lines))


def _render(store: Store, stem: Path, task: SlotTask, lines: tuple[Line, ...]) -> Result:
    from audio.silence import render_silence
    from audio.slots import render_slot

    coded = {spec.id: stem.with_suffix(f".{spec.id}") for spec in task.profile.renditions}
    energies = {name: stem.with_suffix(f".{name}.energies") for name in coded}
    path = {role: file for role, (file, _) in task.sounds.items()}
    job = SlotJob(
        lines=lines,
        sound=path.get("sound"),
        sting=path.get("sting"),
        bed=path.get("bed"),
        bed_cues=task.bed_cues,
        profile=task.profile,
        coded=coded,
        energies=energies,
    )
    with stage("mixing"):
        slot = render_silence(job, task.silence) if task.silence else render_slot(job)
    for file, planned in task.sounds.values():
        if digest_file(file) != planned:
            raise ProductionError(
                "this sound was changed while it was being used",
                where=str(file),
                remedy="run the build again",
            )
    with stage("writing"):
        outputs = {f"coded-{name}": store.adopt(file) for name, file in coded.items()}
        outputs |= {f"energies-{name}": store.adopt(file) for name, file in energies.items()}
    heard = [heard_line(line) for line in lines]
    return Result(outputs=outputs, facts=_slot_facts(slot, lines) | {"heard": plain_heard(heard)})


def _slot_facts(slot: SlotResult, lines: tuple[Line, ...]) -> dict[str, Plain]:
    return {
        "takes": [[line.info.rate_hz, line.info.samples] for line in lines],
        "samples": slot.samples,
        "lines": [[span.start_ms, span.end_ms] for span in slot.lines],
        "loudness": {name: plain_loudness(found) for name, found in slot.loudness.items()},
        "gain_db": slot.gain_db,
    }
