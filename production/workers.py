"""Workers: calls run in this process, or in several that are begun and ended in order."""

import os
import signal
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol, Self

from production.freed_memory import give_back_memory
from production.interrupts import interrupts_held
from production.slot_work import UnspokenError
from production.store import DamagedObjectError
from programme.errors import ExitCode, ProductionError

if TYPE_CHECKING:
    from concurrent import futures

_MAX_DEATHS = 8
"""Workers that may die under one call before it is given up: it may ask for too much memory."""

Call = tuple[Callable[..., Any], Any, Any]
"""``run_takes``, ``run_slot``, ``run_edition``; the store's root; the task: all can be pickled."""

OUTCOMES = (ProductionError, UnspokenError, DamagedObjectError)
"""Errors that are outcomes of calls; every other stops the run."""


class Crew(Protocol):
    """Does the runner's calls: in this process, in processes of this machine, or elsewhere."""

    @property
    def room(self) -> int:
        """How many calls it takes at a time, so that none of its workers waits for the next."""
        ...

    def begin(self, key: str, call: Call) -> None:
        """Take a call; whoever calls never waits for it here."""
        ...

    def has_ended(self) -> bool:
        """Tell whether ``ended`` would give something without waiting."""
        ...

    def ended(self) -> tuple[str, Any]:
        """Wait for the next call that ends; give its key, and what it returned or one of OUTCOMES.

        Whatever dies under a call has it done again by another.

        Raises:
            ProductionError: workers keep dying.
        """
        ...


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent, which ends the workers in an orderly way, and end with it.

    A worker whose parent was killed would otherwise wait for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing  # only where there are processes: what few steps need is done in one

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _done(function: Callable[..., Any], root: Any, task: Any) -> Any:  # noqa: ANN401 - as Call
    """Do a call in a worker, which may have hundreds to do."""
    try:
        return function(root, task)
    finally:
        give_back_memory()


@contextmanager
def _without_main() -> Iterator[None]:
    """Begin processes that do not load the program that begins them, but what they need alone.

    The command line would cost each 0.2 s of CPU and 8 MB.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _open_process() -> "futures.ProcessPoolExecutor":
    """Give a pool of one: when a process is killed, the others work on."""
    import multiprocessing
    from concurrent import futures

    return futures.ProcessPoolExecutor(
        1, mp_context=multiprocessing.get_context("spawn"), initializer=_begin_worker
    )


@dataclass(slots=True, kw_only=True)
class _Worker:
    """One process, and the key of the call that it does; empty while it waits."""

    pool: "futures.ProcessPoolExecutor" = field(default_factory=_open_process)
    busy: str = ""

    def end(self, *, at_once: bool) -> None:
        """End the process; at once, or when its call is done."""
        if at_once:
            # None once its process has died.
            for process in list((self.pool._processes or {}).values()):  # noqa: SLF001 - no other way
                process.terminate()
        self.pool.shutdown(wait=True, cancel_futures=True)


class Workers:
    """Runs calls in this process (one job) or in worker processes; see ``Crew``.

    A process is begun when there is a call for it, and does one call at a time; what waits, waits
    here, so that no process has a call in hand that another one could begin.
    """

    def __init__(self, jobs: int) -> None:
        # Before numpy is loaded: else its threads spin for nothing, for 0.06 to 0.13 s of CPU.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        self._jobs = jobs
        self._calls: dict[str, Call] = {}
        self._waiting: deque[str] = deque()
        self._workers: list[_Worker] = []
        self._done: SimpleQueue[tuple[_Worker, futures.Future[Any]]] = SimpleQueue()
        self._deaths: Counter[str] = Counter()

    @property
    def room(self) -> int:
        """One call for each process, and one more that is at hand when it ends."""
        return 1 if self._jobs == 1 else 2 * self._jobs

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        for worker in self._workers:
            worker.end(at_once=error is not None)
        self._workers = []

    def begin(self, key: str, call: Call) -> None:
        """See ``Crew.begin``; with one job nothing is done before ``ended`` asks for it."""
        self._calls[key] = call
        self._waiting.append(key)
        if self._jobs > 1:
            self._feed()

    def has_ended(self) -> bool:
        """See ``Crew.has_ended``."""
        return not self._done.empty()

    def ended(self) -> tuple[str, Any]:
        """See ``Crew.ended``."""
        if self._jobs == 1:
            key = self._waiting.popleft()
            function, root, task = self._calls.pop(key)
            return key, _outcome(lambda: function(root, task))
        from concurrent.futures.process import BrokenProcessPool

        while True:
            worker, future = self._done.get()
            key, worker.busy = worker.busy, ""
            try:
                outcome = _outcome(future.result)
            except BrokenProcessPool:
                self._bury(worker)
                self._begin_again(key)
                continue
            del self._calls[key]
            self._feed()
            return key, outcome

    def _feed(self) -> None:
        """Give what waits to workers that have nothing to do."""
        while self._waiting:
            worker = next((one for one in self._workers if not one.busy), None)
            if worker is None:
                if len(self._workers) == self._jobs:
                    return
                worker = _Worker()
                self._workers.append(worker)
            self._give(worker, self._waiting.popleft())

    def _give(self, worker: _Worker, key: str) -> None:
        from concurrent.futures.process import BrokenProcessPool

        function, root, task = self._calls[key]
        worker.busy = key
        try:
            with interrupts_held(), _without_main():
                future = worker.pool.submit(_done, function, root, task)
        except BrokenProcessPool:  # it died while it had nothing to do: not under this call
            self._bury(worker)
            self._waiting.appendleft(key)
            return
        future.add_done_callback(lambda ended: self._done.put((worker, ended)))

    def _bury(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.end(at_once=True)

    def _begin_again(self, key: str) -> None:
        """Have a call done by another, after all that waits: it may be what its worker died of.

        Raises:
            ProductionError: too many died under it.
        """
        self._waiting.append(key)
        self._deaths[key] += 1
        if self._deaths[key] >= _MAX_DEATHS:
            raise ProductionError(
                "worker processes keep being killed",
                where=f"{len(self._calls)} steps are left",
                remedy="the machine may be short of memory: try again with --jobs 1",
                code=ExitCode.STORAGE,
            )
        self._feed()


def _outcome(call: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the call gives
    try:
        return call()
    except OUTCOMES as error:
        return error
