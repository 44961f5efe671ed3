"""Worker processes: calls run in this process, or in several that are begun and ended in order."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent import futures
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext
from typing import Any, Self

from production.work import run_takes
from programme.errors import ExitCode, ProductionError

_MAX_POOLS = 5
"""How many times a broken pool of workers is made again before giving up."""


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent, which ends the workers in an orderly way, and end with it.

    A worker whose parent was killed would otherwise wait for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back; workers that start meanwhile never get it: it is for the parent."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


Call = tuple[Callable[..., Any], Any, Any]


class Workers:
    """Runs calls in this process (one job) or in worker processes, and gives outcomes as they come.

    A ProductionError of one call is its outcome; everything else stops the run.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool: futures.ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._close(at_once=error is not None)

    def _close(self, *, at_once: bool) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        if at_once:
            for process in list(pool._processes.values()):  # noqa: SLF001 - no public way to stop
                process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)

    def _open(self) -> futures.ProcessPoolExecutor:
        if self._pool is None:
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
            self._pool = futures.ProcessPoolExecutor(
                self._jobs,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin_worker,
            )
        return self._pool

    def run(self, calls: Mapping[int, Call]) -> Iterable[tuple[int, Any]]:
        """Give the outcome of every call, in the order in which they finish.

        Raises:
            ProductionError: workers keep dying.
        """
        if self._jobs == 1:
            for index, (function, root, task) in calls.items():
                try:
                    outcome = self._run_here(function, root, task)
                except ProductionError as error:
                    outcome = error
                yield index, outcome
            return
        yield from self._run_in_pool(dict(calls))

    @staticmethod
    def _run_here(function: Callable[..., Any], root: object, task: object) -> object:
        # A voice calls back into Python from C, where Ctrl-C would be printed and lost; a batch
        # of sentences is soon spoken.
        with _interrupts_held() if function is run_takes else nullcontext():
            return function(root, task)

    def _run_in_pool(self, left: dict[int, Call]) -> Iterable[tuple[int, Any]]:
        for _ in range(_MAX_POOLS):
            if not left:
                return
            pool = self._open()
            try:
                with _interrupts_held():
                    running = {
                        pool.submit(function, root, task): index
                        for index, (function, root, task) in left.items()
                    }
                for future in futures.as_completed(running):
                    index = running[future]
                    try:
                        outcome = future.result()
                    except ProductionError as error:
                        outcome = error
                    del left[index]
                    yield index, outcome
            except BrokenProcessPool:
                self._close(at_once=True)
        if left:
            raise ProductionError(
                "worker processes keep being killed",
                where=f"{len(left)} steps are left",
                remedy="the machine may be short of memory: try again with --jobs 1",
                code=ExitCode.STORAGE,
            )
