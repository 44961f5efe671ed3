"""The calls that make steps: what a worker is told, with everything that it needs.

Loaded where something is made; a build that only looks needs none of what makes it.
"""

from production.edition_work import EditionTask, run_edition
from production.journal import Journal, Result
from production.slot_work import SlotTask, StoredTake, run_slot
from production.speech import Speech
from production.steps import EditionStep, SlotStep, Step, TakeStep
from production.store import Store
from production.take_work import TakeTask, run_takes, take_info
from production.takes.kept_speech import kept_stem
from production.words import edition_words
from production.workers import Call
from scripts.workspace import Workspace


class Calls:
    """Gives the calls of one workspace's steps, whose parts are made."""

    def __init__(self, workspace: Workspace, store: Store, journal: Journal) -> None:
        self._workspace = workspace
        self._store = store
        self._journal = journal

    def of(self, step: Step) -> Call:
        """Give the call that makes a step, with all that it needs."""
        root = self._store.root
        if isinstance(step, TakeStep):
            return run_takes, root, (self._take_task(step),)
        if isinstance(step, SlotStep):
            return run_slot, root, self._slot_task(step)
        return run_edition, root, self._edition_task(step)

    def _take_task(self, step: TakeStep) -> TakeTask:
        kept = kept_stem(self._workspace.root, step.speak) if step.online and step.speak else None
        return TakeTask(
            fingerprint=step.fingerprint, speak=step.speak, recording=step.recording, kept=kept
        )

    def _result(self, step: Step) -> Result:
        result = self._journal.result(step.fingerprint)
        if result is None:
            raise LookupError(f"{step.label} has no result yet")
        return result

    def _slot_task(self, slot: SlotStep) -> SlotTask:
        files = {"sound": slot.sound, "sting": slot.sting, "bed": slot.bed}
        return SlotTask(
            fingerprint=slot.fingerprint,
            where=slot.label,
            lines=tuple((self._take(line.take), line.pause_ms) for line in slot.lines),
            sounds={
                role: (path, slot.sound_digests[role])
                for role, path in files.items()
                if path is not None
            },
            bed_cues=slot.bed_cues,
            silence=slot.silence,
            profile=slot.profile,
        )

    def _take(self, step: TakeStep) -> StoredTake | Speech:
        """Give where a slot has a sentence from: the store, or its voice."""
        if step.quick and step.speak is not None:
            return step.speak
        known = self._result(step)
        return StoredTake(digest=known.outputs["take"], info=take_info(known))

    def _edition_task(self, edition: EditionStep) -> EditionTask:
        return EditionTask(
            fingerprint=edition.fingerprint,
            slots=tuple(self._result(slot) for slot in edition.slots),
            words=edition_words(self._workspace, edition),
            profile=edition.profile,
        )
