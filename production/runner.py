"""The runner: runs what a plan needs and the store does not have, on as many cores as asked.

What may run is given to whoever is idle, the longest slots first; an edition is joined as soon as
its slots are there. A worker that is killed loses only its own step, which is given to another.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from production.agenda import Agenda, Needs
from production.journal import Entry, Journal, Result
from production.reasons import Reason, reason_for
from production.slot_work import UnspokenError
from production.steps import EditionStep, Kind, Plan, SlotStep, Step, TakeStep
from production.store import DamagedObjectError, Store
from production.workers import Call, Crew, Workers
from programme.errors import ExitCode, ProductionError
from programme.stopwatch import Timing
from programme.units import Digest, Fingerprint
from scripts.workspace import Workspace

if TYPE_CHECKING:
    from production.elsewhere import Elsewhere

T = TypeVar("T", bound=Step)

_FEW = 8
"""So many short steps are over before worker processes have begun."""


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
    needed: dict[Kind, set[Fingerprint]] = field(
        default_factory=lambda: {one: set() for one in Kind}
    )
    """Every step that was not there, whether it was made or not."""
    timings: list[tuple[Kind, str, Timing]] = field(default_factory=list)
    """Kind and label of every step that was made here or for us, and what it took, in order; a
    sentence that is spoken within its slot is not told by itself."""
    failures: dict[Fingerprint, ProductionError] = field(default_factory=dict)
    """Steps that could not be done; the others went on."""

    @property
    def total(self) -> int:
        """How many steps ran."""
        return sum(self.ran.values())


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
    if isinstance(step, TakeStep) and step.quick:
        # Of its sound nothing is kept: it is made again only within a slot.
        return journal.last_made(step.label) == step.fingerprint
    outputs = journal.outputs(step.fingerprint)
    return outputs is not None and all(store.has(digest) for digest in outputs.values())


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
        elsewhere: "Elsewhere | None" = None,
    ) -> None:
        self.workspace = workspace
        self.store = store
        self.journal = journal
        self.jobs = max(1, jobs)
        self.progress = progress
        self.elsewhere = elsewhere
        """What is shared with other machines; None where nothing is."""
        self.report = RunReport()
        self.made: set[Digest] = set()
        """Objects of editions that this run made on this machine."""
        self._damaged: set[Digest] = set()
        self._new: dict[Fingerprint, TakeStep] = {}
        """Sentences of quick voices that this run is the first to speak."""

    def run(self, plan: Plan) -> RunReport:
        """Run what is needed until everything that can be made is there.

        Objects that turn out damaged on reading are made again, so there may be several rounds.

        Raises:
            ProductionError: the disk refuses, or workers keep dying.
            KeyboardInterrupt: stopped; what was finished is kept.
        """
        while True:
            needs = self._without_failures(find_needs(plan, self.store, self.journal))
            if needs.count and self.elsewhere is not None and self.elsewhere.take(plan):
                continue
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
        self.made -= set(error.digests)
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
        needed: tuple[tuple[Step, ...], ...] = (needs.takes, needs.slots, needs.editions)
        for kind, steps in zip(Kind, needed, strict=True):
            self.progress.begin(kind, len(steps))
            self.report.needed[kind].update(step.fingerprint for step in steps)
        self._new = {take.fingerprint: take for take in needs.takes if take.quick}
        agenda = Agenda(needs)
        begun: dict[str, Step] = {}
        online: deque[TakeStep] = deque()
        damaged: set[Digest] = set()
        with self._crew(needs) as crew:
            while True:
                self._feed(agenda, crew, begun, online)
                if online and not crew.has_ended():
                    # Asked for one by one, here: so the service is asked with a distance, each is
                    # finished when it is there, and Ctrl-C is heard between two.
                    step: Step = online.popleft()
                    function, root, task = self._call(step)
                    outcome: Any = function(root, task)
                elif begun:
                    key, outcome = crew.ended()
                    step = begun.pop(key)
                else:
                    break
                damaged.update(self._settle(agenda, step, outcome))
        if damaged:
            raise DamagedObjectError(tuple(sorted(damaged)))

    def _crew(self, needs: Needs) -> AbstractContextManager[Crew]:
        """Give who does the work; what is over at once is done in this process."""
        calls = len(needs.stored) + len(needs.slots) + len(needs.editions)
        few = len(needs.slots) <= 1 and calls <= _FEW
        if self.elsewhere is not None and self.elsewhere.has_crew and not few:
            return self.elsewhere.crew()
        return Workers(1 if few else min(self.jobs, calls))

    def _feed(
        self, agenda: Agenda, crew: Crew, begun: dict[str, Step], online: deque[TakeStep]
    ) -> None:
        """Begin what may begin, as far as the crew has room."""
        while len(begun) < crew.room:
            step = agenda.begin()
            if step is None:
                return
            if isinstance(step, TakeStep) and step.online:
                online.append(step)
                continue
            begun[step.fingerprint] = step
            crew.begin(step.fingerprint, self._call(step))

    def _call(self, step: Step) -> Call:
        """Give the call that makes a step, with all that it needs."""
        from production.calls import Calls  # with all that makes editions

        return Calls(self.workspace, self.store, self.journal).of(step)

    def _settle(
        self,
        agenda: Agenda,
        step: Step,
        outcome: Result | list[Result | ProductionError] | Exception,
    ) -> tuple[Digest, ...]:
        """Write down what became of a step; give the objects that turned out damaged.

        Raises:
            ProductionError: code STORAGE: the disk refuses, and nothing else can be done either.
        """
        if isinstance(outcome, list):
            (outcome,) = outcome
        if isinstance(outcome, DamagedObjectError):
            agenda.fail(step.fingerprint)  # it comes back in the next round
            return outcome.digests
        if isinstance(outcome, UnspokenError) and isinstance(step, SlotStep):
            for line, unsaid in outcome.errors.items():
                self._fail(step.lines[line].take, unsaid)
            outcome = next(iter(outcome.errors.values()))
        if isinstance(outcome, Result):
            self._finish(step, outcome)
            agenda.end(step.fingerprint)
        elif isinstance(outcome, ProductionError) and outcome.code is not ExitCode.STORAGE:
            self._fail(step, outcome)
            for resting in agenda.fail(step.fingerprint):
                self.report.failures.setdefault(resting.fingerprint, outcome)
        else:
            raise outcome
        return ()

    def _fail(self, step: Step, error: ProductionError) -> None:
        self.report.failures[step.fingerprint] = error
        if isinstance(step, TakeStep) and step.quick and not self._new.pop(step.fingerprint, None):
            return  # it was no step of this run
        self.progress.step(kind_of(step), step.label, self._reason(step))

    def _finish(self, step: Step, result: Result) -> None:
        """Remember a step and, at the same stroke, the sentences that were first spoken in it."""
        said = list(self._first_said(step))
        entries = [
            Entry(fingerprint=take.fingerprint, label=take.label, inputs=take.inputs, result=None)
            for take in said
        ]
        entries.append(
            Entry(fingerprint=step.fingerprint, label=step.label, inputs=step.inputs, result=result)
        )
        done: list[tuple[Step, Reason]] = [(one, self._reason(one)) for one in (*said, step)]
        self.journal.record_all(entries)
        if self.elsewhere is not None:
            self.elsewhere.give(step, result)
        elif isinstance(step, EditionStep):
            self.made.update(result.outputs.values())
        if result.timing is not None:
            self.report.timings.append((kind_of(step), step.label, result.timing))
        for one, reason in done:
            self.report.ran[kind_of(one)] += 1
            self.report.reasons.append((one.label, reason))
            self.progress.step(kind_of(one), one.label, reason)

    def _first_said(self, step: Step) -> Iterator[TakeStep]:
        """Give the sentences of a slot that nobody has spoken before, once each."""
        if isinstance(step, SlotStep):
            for line in step.lines:
                take = self._new.pop(line.take.fingerprint, None)
                if take is not None:
                    yield take

    def _reason(self, step: Step) -> Reason:
        return reason_for(step.label, step.fingerprint, step.inputs, self.journal)


def kind_of(step: Step) -> Kind:
    """Give what a step makes."""
    if isinstance(step, TakeStep):
        return Kind.TAKE
    return Kind.SLOT if isinstance(step, SlotStep) else Kind.EDITION


def _parts(slot: SlotStep) -> list[Fingerprint]:
    return [line.take.fingerprint for line in slot.lines]
