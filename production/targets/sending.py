"""Sending many objects at once over one line, and stopping all of them where one fails."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from production.targets.line import Line
from programme.units import Digest, Key

PARALLEL = 4
"""How many objects are sent at once where nobody says otherwise."""

_LOOK_S = 20.0
"""How long objects are waited for before the claim is looked after."""


class SendingProgress(Protocol):
    """Is told how far sending is; the command line draws it. Called from one thread."""

    def begin_sending(self, objects: int, length_bytes: int) -> None:
        """So much is to be sent, as far as is known."""

    def sent(self, length_bytes: int) -> None:
        """One object is there."""

    def end_sending(self) -> None:
        """Nothing more is sent to this target."""


class _Quiet:
    def begin_sending(self, objects: int, length_bytes: int) -> None:
        del objects, length_bytes

    def sent(self, length_bytes: int) -> None:
        del length_bytes

    def end_sending(self) -> None:
        """Nobody looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How objects are sent, for the length of a command."""

    line: Line = field(default_factory=Line)
    """What all transfers share: a cap, a deadline."""
    parallel: int = 1
    """How many at once; with 1 in the order in which they are given, without threads."""
    progress: SendingProgress = field(default_factory=_Quiet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One object that is to be sent."""

    key: Key
    digest: Digest
    length_bytes: int
    run: Callable[[], bool]
    """Sends it; False if the same bytes were there. Called from any thread."""


def send_jobs(
    jobs: Iterable[Job],
    sending: Sending,
    *,
    done: Callable[[Job, bool], None],
    meanwhile: Callable[[], None],
) -> None:
    """Send objects.

    Args:
        jobs: what is to be sent; taken one after the other, as there is room.
        sending: how.
        done: is told of each object that is there, and whether it was sent; from this thread.
        meanwhile: called between objects, and while long ones are sent; from this thread.

    Raises:
        ProductionError: that of the first object that failed, once those that were being sent
            have ended; none is begun after it.
    """
    if sending.parallel == 1:
        for job in jobs:
            meanwhile()
            _tell(job, job.run(), sending, done)
        return
    with ThreadPoolExecutor(max_workers=sending.parallel) as pool:
        try:
            _at_once(pool, iter(jobs), sending, done, meanwhile)
        except (KeyboardInterrupt, SystemExit):
            sending.line.stop()
            raise


def _at_once(
    pool: ThreadPoolExecutor,
    jobs: Iterator[Job],
    sending: Sending,
    done: Callable[[Job, bool], None],
    meanwhile: Callable[[], None],
) -> None:
    running: dict[Future[bool], Job] = {}
    while True:
        # No more than are sent at once: pages are made as they are sent.
        for job in islice(jobs, sending.parallel - len(running)):
            running[pool.submit(job.run)] = job
        if not running:
            return
        ended, _ = wait(running, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
        meanwhile()
        for future in [one for one in running if one in ended]:
            _tell(running.pop(future), future.result(), sending, done)


def _tell(job: Job, sent: bool, sending: Sending, done: Callable[[Job, bool], None]) -> None:  # noqa: FBT001 - what came of it
    sending.progress.sent(job.length_bytes)
    done(job, sent)
