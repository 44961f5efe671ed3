"""Making editions: slots joined into tagged files, with captions, pages and descriptions.

Fit to run in another process: it verifies what it reads from the store, writes beside, adopts the
result into the store, and never touches the journal. Coded slots and their energies are objects of
the store (``EditionTask.slots``); all else is in the task.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from audio.jobs import RenditionJob
from production.companions import caption_figures, companion_cues, render_companions
from production.edition_text import EditionWords, lay_out_edition
from production.heard_lines import read_heard
from production.journal import Result
from production.loudness_limits import judge_loudness, judge_size
from production.records import plain_edition, read_loudness
from production.slot_work import slot_samples, slot_spans
from production.store import Store
from production.timed_work import timed
from programme.editions import Rendition
from programme.profiles import Profile, RenditionSpec
from programme.sound import Loudness
from programme.stopwatch import stage
from programme.storage import storage_errors
from programme.units import Fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionTask:
    """Join slots into an edition's files."""

    fingerprint: Fingerprint
    slots: tuple[Result, ...]
    words: EditionWords
    profile: Profile


@timed
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
            with stage("joining"):
                loudness = write_rendition(job)
            judge_loudness(loudness, profile, where=f"{task.words.label} {spec.id}")
            length = out.stat().st_size
            judge_size(length, spec, profile, where=task.words.label)
            with stage("writing"):
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
    cues = companion_cues(edition)
    for name, data in render_companions(edition, cues).items():
        out = store.scratch / f"{task.fingerprint}.{name}"
        with storage_errors(out):
            out.write_bytes(data)
            outputs[name] = store.adopt(out)
    # Counted while the cues are at hand: every later build tells of them.
    figures = caption_figures(edition, cues)
    return Result(outputs=outputs, facts={"edition": plain_edition(edition), "captions": figures})


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
