"""What other machines have made already, taken from the shared store, and what is given to it.

Editions are asked for first, then the slots of those that are nowhere, then their takes: what is
above needs nothing of what is below. Sentences of online voices are neither taken nor given: they
are kept in the workspace for ever (``kept_speech``).
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from production.journal import Journal, Result
from production.shared.records import Record
from production.shared.store import SharedStore
from production.steps import EditionStep, Plan, SlotStep, Step, TakeStep
from production.store import DamagedObjectError, Store
from programme.errors import ProductionError
from programme.units import Fingerprint

THREADS = 8
"""Requests at once: each waits for its answer, and no core is busy."""


@dataclass(slots=True, kw_only=True)
class SharedCounts:
    """What went over, for a person."""

    taken: int = 0
    """Steps whose results others had made."""
    given: int = 0
    """Steps whose results others can take now."""
    refused: int = 0
    """Records that no holder of the key wrote."""
    damaged: int = 0
    """Objects that were not what their names say."""


class SharedResults:
    """One shared store in the course of a build."""

    def __init__(
        self,
        shared: SharedStore,
        store: Store,
        journal: Journal,
        *,
        talk: Callable[[str], None],
    ) -> None:
        """Take the stores.

        Args:
            shared: with a key; without one nothing is taken or given.
            store: this machine's.
            journal: this machine's; only the thread that calls writes to it.
            talk: says one line to a person.
        """
        self.shared = shared
        self.counts = SharedCounts()
        self._store = store
        self._journal = journal
        self._talk = talk
        self._pool: ThreadPoolExecutor | None = None
        self._giving: list[Future[bool]] = []
        self._asked: set[Fingerprint] = set()
        self._is_shut = False
        """Whether the shelf has failed: a build needs it for nothing but time."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._finish(at_once=error is not None)

    # --- Taking -----------------------------------------------------------------------------

    def take(self, plan: Plan) -> bool:
        """Bring what others have made of a plan; each step is asked for once in a build.

        Gives True if something was brought.
        """
        if self.shared.key is None:
            return False
        before = self.counts.taken
        missing = self._take_all(plan.editions)
        slots = [*plan.slots]
        for edition in missing:
            if isinstance(edition, EditionStep):
                slots += edition.slots
        left = self._take_all(slots)
        takes: list[TakeStep] = []
        for slot in left:
            if isinstance(slot, SlotStep):
                takes += [line.take for line in slot.lines if _travels(line.take)]
        self._take_all(takes)
        self.counts.refused, self.counts.damaged = self.shared.refused, self.shared.damaged
        return self.counts.taken > before

    def _take_all(self, steps: Iterable[Step]) -> list[Step]:
        """Take what there is of some steps; give those that are nowhere."""
        unique = {step.fingerprint: step for step in steps}
        wanted = [step for step in unique.values() if not self._is_here(step)]
        asked = [step for step in wanted if step.fingerprint not in self._asked]
        self._asked |= {step.fingerprint for step in asked}
        if not self._is_shut:
            self._take_those(asked)
        return [step for step in wanted if not self._is_here(step)]

    def _take_those(self, steps: Sequence[Step]) -> None:
        found = [(step, self._open().submit(self._brought, step.fingerprint)) for step in steps]
        for step, future in found:
            try:
                result = future.result()
            except ProductionError as error:
                for _, other in found:
                    other.cancel()
                self._shut(error)
                return
            if result is not None:
                self._journal.record(step.fingerprint, step.label, step.inputs, result)
                self.counts.taken += 1

    def _brought(self, fingerprint: Fingerprint) -> Result | None:
        """Bring a step's result with all its objects; None where something is missing."""
        found = self.shared.read_record(fingerprint)
        if found is None:
            return None
        # Every one, whatever the first is: what is damaged is taken away, and given again by us.
        whole = [
            self.shared.fetch(digest, length_bytes=length)
            for digest, length in found.lengths.items()
        ]
        return found.result if all(whole) else None

    def _is_here(self, step: Step) -> bool:
        result = self._journal.result(step.fingerprint)
        return result is not None and all(map(self._store.has, result.outputs.values()))

    # --- Giving -----------------------------------------------------------------------------

    def give(self, step: Step, result: Result) -> None:
        """Put a result on the shelf, beside the work that goes on."""
        if self.shared.key is None or self._is_shut:
            return
        if isinstance(step, TakeStep) and not _travels(step):
            return
        self._giving.append(self._open().submit(self._give, step.fingerprint, result))

    def _give(self, fingerprint: Fingerprint, result: Result) -> bool:
        """Give a result; False where its objects were cleaned away or damaged meanwhile."""
        try:
            for digest in result.outputs.values():
                # Read first: what the disk has damaged must not travel.
                self._store.verified(digest)
                self.shared.give(digest)
            lengths = self.shared.lengths(result.outputs.values())
        except (DamagedObjectError, FileNotFoundError):
            return False
        self.shared.write_record(fingerprint, Record(result=result, lengths=lengths))
        return True

    def _finish(self, *, at_once: bool) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        pool.shutdown(wait=not at_once, cancel_futures=at_once)
        if at_once:
            return
        for future in self._giving:
            try:
                self.counts.given += future.result()
            except ProductionError as error:
                self._shut(error)
        self._giving.clear()

    def _shut(self, error: ProductionError) -> None:
        """Go on without the shelf: what is wrong with it is said once."""
        if not self._is_shut:
            self._is_shut = True
            self._talk(
                f"The shared store is left aside: {error.problem}. {error.where}: {error.remedy}."
            )

    def _open(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="shared-store")
        return self._pool


def _travels(take: TakeStep) -> bool:
    """Tell whether a take is shared: not what is kept for ever here, or spoken in its slots."""
    return not (take.online or take.quick)
