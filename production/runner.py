"""The runner: runs what a plan needs and the store does not have, on as many cores as asked.

Takes first, then slots, then editions; the longest slots first, so that no core idles at the
end. A worker process that is killed loses only its own step, which is given to another.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from production.batches import BATCH, in_batches
from production.journal import Journal, Result
from production.kept_speech import kept_stem
from production.reasons import Reason, reason_for
from production.steps import EditionStep, Kind, Plan, SlotStep, Step, TakeStep
from production.store import DamagedObjectError, Store
from production.words import edition_words
from production.work import (
    EditionTask,
    SlotTask,
    TakeTask,
    run_edition,
    run_slot,
    run_takes,
    take_info,
)
from production.workers import Workers
from programme.errors import ExitCode, ProductionError
from programme.units import Digest, Fingerprint
from scripts.workspace import Workspace

T = TypeVar("T", bound=Step)


class Progress(Protocol):
    """Is told what happens; the command line draws it."""

    def begin(self, kind: Kind, total: int) -> None:
        """So many steps of a kind are to be run."""

    def step(self, kind: Kind, label: str, reason: Reason) -> None:
        """One step has finished."""


@dataclass(slots=True, kw_only=True)
class RunReport:
    """What a run did."""

    ran: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(Kind, 0))
    reasons: list[tuple[str, Reason]] = field(default_factory=list)
    """Label and reason of every step that ran, in order."""
    failures: dict[Fingerprint, ProductionError] = field(default_factory=dict)
    """Steps that could not be done; the others went on."""

    @property
    def total(self) -> int:
        """How many steps ran."""
        return sum(self.ran.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The steps that must run now."""

    takes: tuple[TakeStep, ...]
    slots: tuple[SlotStep, ...]
    editions: tuple[EditionStep, ...]
    alone: frozenset[Fingerprint] = frozenset()
    """Slots that are wanted by themselves, whatever becomes of the editions."""

    @property
    def count(self) -> int:
        """How many steps there are."""
        return len(self.takes) + len(self.slots) + len(self.editions)


def find_needs(plan: Plan, store: Store, journal: Journal) -> Needs:
    """Give the steps whose results are not in the store, from the top down.

    An edition that is there is not looked into: its slots may long be gone.
    """
    editions = _missing(plan.editions, store, journal)
    slots = _missing((*plan.slots, *(s for e in editions for s in e.slots)), store, journal)
    takes = _missing((line.take for slot in slots for line in slot.lines), store, journal)
    alone = frozenset(slot.fingerprint for slot in plan.slots)
    return Needs(takes=takes, slots=slots, editions=editions, alone=alone)


def _has(step: Step, store: Store, journal: Journal) -> bool:
    result = journal.result(step.fingerprint)
    return result is not None and all(store.has(digest) for digest in result.outputs.values())


def _missing(steps: Iterable[T], store: Store, journal: Journal) -> tuple[T, ...]:
    unique: dict[Fingerprint, T] = {}
    for step in steps:
        unique.setdefault(step.fingerprint, step)
    return tuple(step for step in unique.values() if not _has(step, store, journal))


class Runner:
    """Runs plans against one store and journal."""

    def __init__(
        self,
        workspace: Workspace,
        store: Store,
        journal: Journal,
        *,
        jobs: int,
        progress: Progress,
    ) -> None:
        self.workspace = workspace
        self.store = store
        self.journal = journal
        self.jobs = max(1, jobs)
        self.progress = progress
        self.report = RunReport()
        self._damaged: set[Digest] = set()

    def run(self, plan: Plan) -> RunReport:
        """Run what is needed until everything that can be made is there.

        Objects that turn out damaged on reading are made again, so there may be several rounds.

        Raises:
            ProductionError: the disk refuses, or workers keep dying.
            KeyboardInterrupt: stopped; what was finished is kept.
        """
        while True:
            needs = self._without_failures(find_needs(plan, self.store, self.journal))
            if not needs.count:
                return self.report
            try:
                self._round(needs)
            except DamagedObjectError as error:
                self.forget(error)

    def forget(self, error: DamagedObjectError) -> None:
        """Forget damaged objects, so that the next round makes them again.

        Raises:
            ProductionError: they were made again once, and are damaged again.
        """
        if self._damaged & set(error.digests):
            raise ProductionError(
                "the store keeps being damaged",
                where=str(self.store.path(min(error.digests))),
                remedy="delete the folder .altavoz, check the disk, and build again",
                code=ExitCode.STORAGE,
            ) from error
        self._damaged |= set(error.digests)
        self.journal.forget_objects(error.digests)

    def _without_failures(self, needs: Needs) -> Needs:
        """Give what can still be made; what rests on a failed step fails with its cause."""
        failed = self.report.failures
        takes = tuple(t for t in needs.takes if t.fingerprint not in failed)
        slots = []
        for slot in needs.slots:
            cause = next((failed[p] for p in _parts(slot) if p in failed), None)
            if cause is not None:
                failed.setdefault(slot.fingerprint, cause)
            if slot.fingerprint not in failed:
                slots.append(slot)
        editions = []
        for edition in needs.editions:
            cause = next(
                (failed[s.fingerprint] for s in edition.slots if s.fingerprint in failed), None
            )
            if cause is not None:
                failed.setdefault(edition.fingerprint, cause)
            if edition.fingerprint not in failed:
                editions.append(edition)
        wanted = needs.alone | {s.fingerprint for e in editions for s in e.slots}
        kept = tuple(s for s in slots if s.fingerprint in wanted)
        heard = {line.take.fingerprint for s in kept for line in s.lines}
        return Needs(
            takes=tuple(t for t in takes if t.fingerprint in heard),
            slots=kept,
            editions=tuple(editions),
            alone=needs.alone,
        )

    def _round(self, needs: Needs) -> None:
        small = len(needs.takes) <= BATCH and len(needs.slots) <= 1
        with Workers(1 if small else self.jobs) as workers:
            self._takes(workers, needs.takes)
            needs = self._without_failures(needs)
            slots = sorted(needs.slots, key=self._slot_weight, reverse=True)
            self._each(workers, Kind.SLOT, slots, self._slot_task, run_slot)
            needs = self._without_failures(needs)
            self._each(workers, Kind.EDITION, needs.editions, self._edition_task, run_edition)

    def _slot_weight(self, slot: SlotStep) -> int:
        return sum(take_info(self._result(line.take)).samples for line in slot.lines)

    def _takes(self, workers: Workers, takes: Sequence[TakeStep]) -> None:
        self.progress.begin(Kind.TAKE, len(takes))
        batches, online = in_batches(takes)
        tasks = [tuple(self._take_task(step) for step in batch) for batch in batches]
        calls = {index: (run_takes, self.store.root, batch) for index, batch in enumerate(tasks)}
        for index, outcome in workers.run(calls):
            if isinstance(outcome, ProductionError):
                raise outcome
            for step, result in zip(batches[index], outcome, strict=True):
                self._finish(Kind.TAKE, step, result)
        for step in online:
            [result] = run_takes(self.store.root, (self._take_task(step),))
            self._finish(Kind.TAKE, step, result)

    def _take_task(self, step: TakeStep) -> TakeTask:
        kept = kept_stem(self.workspace.root, step.speak) if step.online and step.speak else None
        return TakeTask(
            fingerprint=step.fingerprint, speak=step.speak, recording=step.recording, kept=kept
        )

    def _each(
        self,
        workers: Workers,
        kind: Kind,
        steps: Sequence[T],
        task: Callable[[T], object],
        function: Callable[..., Result],
    ) -> None:
        self.progress.begin(kind, len(steps))
        calls = {index: (function, self.store.root, task(step)) for index, step in enumerate(steps)}
        for index, outcome in workers.run(calls):
            self._finish(kind, steps[index], outcome)

    def _finish(self, kind: Kind, step: Step, outcome: Result | ProductionError) -> None:
        reason = reason_for(step.label, step.fingerprint, step.inputs, self.journal)
        if isinstance(outcome, ProductionError):
            if outcome.code is ExitCode.STORAGE:
                raise outcome
            self.report.failures[step.fingerprint] = outcome
        else:
            self.journal.record(step.fingerprint, step.label, step.inputs, outcome)
            self.report.ran[kind] += 1
            self.report.reasons.append((step.label, reason))
        self.progress.step(kind, step.label, reason)

    def _result(self, step: Step) -> Result:
        result = self.journal.result(step.fingerprint)
        if result is None:
            raise LookupError(f"{step.label} has no result yet")
        return result

    def _slot_task(self, slot: SlotStep) -> SlotTask:
        results = [(self._result(line.take), line.pause_ms) for line in slot.lines]
        files = {"sound": slot.sound, "sting": slot.sting, "bed": slot.bed}
        return SlotTask(
            fingerprint=slot.fingerprint,
            where=slot.label,
            lines=tuple((r.outputs["take"], take_info(r), pause) for r, pause in results),
            sounds={
                role: (path, slot.sound_digests[role])
                for role, path in files.items()
                if path is not None
            },
            bed_cues=slot.bed_cues,
            silence=slot.silence,
            profile=slot.profile,
        )

    def _edition_task(self, edition: EditionStep) -> EditionTask:
        return EditionTask(
            fingerprint=edition.fingerprint,
            slots=tuple(self._result(slot) for slot in edition.slots),
            words=edition_words(self.workspace, edition),
            profile=edition.profile,
        )


def _parts(slot: SlotStep) -> list[Fingerprint]:
    return [line.take.fingerprint for line in slot.lines]
