"""Making takes that go into the store: speaking a sentence, reading a recording.

Fit to run in another process: it writes beside, adopts the result into the store, and never
touches the journal. All that a sentence is made from is in its task; a recording is a file of the
workspace. Sentences of quick voices are spoken where they are mixed (slot_work.py).
"""

from dataclasses import dataclass
from pathlib import Path

from audio.jobs import RecordingJob
from production.interrupts import interrupts_held
from production.journal import Result
from production.records import read_rows, read_whole
from production.speech import Speech
from production.store import Store
from production.takes.kept_speech import keep, take_kept
from production.timed_work import timed
from programme.digests import Plain
from programme.errors import ExitCode, ProductionError
from programme.sound import TakeInfo, WordTime
from programme.stopwatch import stage
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


def take_result(info: TakeInfo, digest: Digest) -> Result:
    """Write down a take."""
    words: list[Plain] = [[w.offset, w.start_ms] for w in info.words]
    facts: dict[str, Plain] = {"rate_hz": info.rate_hz, "samples": info.samples, "words": words}
    return Result(outputs={"take": digest}, facts=facts)


def take_info(result: Result) -> TakeInfo:
    """Read a take's description back."""
    facts = result.facts
    return TakeInfo(
        rate_hz=Hz(read_whole(facts["rate_hz"])),
        samples=Samples(read_whole(facts["samples"])),
        words=tuple(
            WordTime(offset=read_whole(offset), start_ms=DurationMs(read_whole(start)))
            for offset, start in read_rows(facts["words"])
        ),
    )


@timed
def run_take(root: Path, task: TakeTask) -> Result:
    """Make a take.

    Raises:
        ProductionError: the voice cannot say it, or the recording is damaged.
    """
    store = Store(root)
    out = store.scratch / f"{task.fingerprint}.take"
    with storage_errors(out):
        if task.speak is not None:
            with stage("speaking"):
                info = _speak(task.speak, task.kept, out)
        elif task.recording is not None:
            from audio.recordings import import_recording

            with stage("recordings"):
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
        with interrupts_held():  # a sentence is soon spoken; a service may let us wait
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
