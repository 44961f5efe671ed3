"""A crew of workers on other machines: a ``Crew`` for the runner, over a scheduler of Dask.

This process decides which worker gets which call, and keeps one call ahead of each, so that an
unfit worker gets none, a full disk is met once, and of a worker that died it is known what it had
in hand. What a call is made from goes to the shared store before, what it gave comes from there
afterwards; a call that ends is done as if it had been done here.

Nothing waits for ever: a worker that has gone is seen within a second, one that is slow is given
company, one that is stuck is set aside, and a scheduler or workers that do not come back end the
build with what to do. What was made until then is in the store and in the journal.
"""

import queue
import statistics
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self

from production.cluster.calls import Porter, Work, with_paths
from production.cluster.client import LOST, Cluster, Errand, line_faults
from production.cluster.fitness import differences, worker_name
from production.cluster.hands import Hand, Hands
from production.cluster.probe import probe_sound
from production.cluster.shipping import Answer
from production.cluster.watch import Seen, Watch
from production.shared.store import SharedStore
from production.store import DamagedObjectError, Store
from production.workers import OUTCOMES, Call
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings

RUN = "__import__('production.cluster.worker', fromlist=['run_parcel']).run_parcel(parcel)"
"""What a worker evaluates; ``parcel`` are bytes."""

STUCK_S = 900.0
"""A step takes seconds; a worker that is at one for so long waits for something that is broken."""

SLOW_S = 30.0
"""A call that takes longer than this, and much longer than others, is given to a second worker
that has nothing to do: the first may be stopped, or swap."""

MOST_TRIES = 12
"""Of one call: workers that died under it, lost objects, answers that got lost."""

THREADS = 8
"""That send to the shared store and fetch from it."""

_TICK_S = 0.5


class ClusterCrew:
    """Does the runner's calls on a cluster; see ``Crew``."""

    def __init__(
        self,
        address: str,
        *,
        shared: SharedStore,
        place: TargetSettings,
        store: Store,
        talk: Callable[[str], None],
        patience_s: float,
    ) -> None:
        """Take what is needed; connect when it is entered.

        Args:
            address: of the scheduler, checked (``check_address``).
            shared: the shared store as this machine sees it.
            place: where it stands, as a process elsewhere finds it.
            store: of this machine.
            talk: says one line to a person.
            patience_s: how long to wait for what has gone.
        """
        self._address = address
        self._porter = Porter(shared, place, store)
        self._shelf = shared.shelf
        self._store = store
        self._talk = talk
        self._patience_s = patience_s
        self._hands = Hands(talk=talk, patience_s=patience_s)
        self._works: dict[str, Work] = {}
        self._ready: deque[str] = deque()
        self._done: deque[tuple[str, Any]] = deque()
        self._events: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._took_s: deque[float] = deque(maxlen=101)
        """Of the last calls that ended; the first of a worker takes longer than others."""
        self._number = 0

    def __enter__(self) -> Self:
        """Connect, and wait for a worker that is fit.

        That this machine's own voice or codecs do not work is told with the first answer.

        Raises:
            ProductionError: the scheduler cannot be reached, or no worker is there or fit.
        """
        self._cluster = Cluster(self._address)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="cluster")
        # While the watch asks who is there, and workers do their first parcels.
        self._sound: Future[str] = self._pool.submit(probe_sound, self._store)
        self._watch = Watch(
            self._cluster,
            tell=lambda seen: self._events.put(lambda: self._see(seen)),
            patience_s=self._patience_s,
        )
        try:
            while not self._hands.fit:
                self._turn(_TICK_S)
        except BaseException:
            self.__exit__(ProductionError)
            raise
        return self

    def __exit__(self, kind: object = None, *_: object) -> None:
        """Want nothing more of anybody; after an error wait for no transfer."""
        for work in self._works.values():
            for address in list(work.errands):
                work.drop(address)
        self._watch.close()
        if kind is not None:
            self._shelf.close()
        self._pool.shutdown(wait=True, cancel_futures=True)

    # --- Crew -------------------------------------------------------------------------------

    @property
    def room(self) -> int:
        """What workers have in hand, and as much again that is on its way to and from them."""
        return 2 * self._hands.room + THREADS

    def begin(self, key: str, call: Call) -> None:
        """See ``Crew.begin``."""
        work = self._works[key] = Work(key=key, call=call)
        self._aside(lambda: self._porter.pack(work), lambda damage: self._packed(work, damage))

    def has_ended(self) -> bool:
        """See ``Crew.has_ended``; whoever asks may speak and code here, which takes turns."""
        self._sound.result()
        while not self._events.empty():
            self._turn(0.0)
        return bool(self._done)

    def ended(self) -> tuple[str, Any]:
        """See ``Crew.ended``."""
        while not self._done:
            self._turn(_TICK_S)
        return self._done.popleft()

    # --- One turn ---------------------------------------------------------------------------

    def _turn(self, wait_s: float) -> None:
        """Take one thing that has happened, and give out what can be given out."""
        self._give_out()
        try:
            event = self._events.get(timeout=wait_s) if wait_s else self._events.get_nowait()
        except queue.Empty:
            self._look_at_the_clock()
            return
        event()
        self._give_out()

    def _aside(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do something that waits in a thread, and go on with what it gave in this one."""

        def ended(future: Future[Any]) -> None:
            if not future.cancelled():
                self._events.put(lambda: then(future.result()))

        self._pool.submit(work).add_done_callback(ended)

    def _look_at_the_clock(self) -> None:
        """Set aside who is stuck; stop where there is nobody to wait for.

        Raises:
            ProductionError: no worker is left.
        """
        now = time.monotonic()
        for work in list(self._works.values()):
            for address, (_, began) in list(work.errands.items()):
                if now - began > STUCK_S:
                    self._set_aside(address, f"it is at one step for {STUCK_S / 60:.0f} minutes")
        self._hands.check(len(self._works))

    # --- Who is there -----------------------------------------------------------------------

    def _see(self, seen: Seen | ProductionError) -> None:
        if isinstance(seen, ProductionError):
            raise seen
        # Of a scheduler that was begun anew nothing that the old one had is there.
        stays = set(seen.threads) if seen.cluster is self._cluster else set()
        self._cluster = seen.cluster
        self._lose(set(self._hands.fit) - stays)
        for address, told in seen.hellos.items():
            if address in seen.threads and address not in self._hands.fit:
                name = worker_name(address, told)
                unlike = line_faults(self._address, address) or differences(told)
                self._hands.meet(address, name, seen.threads[address], unlike)
        if not self._hands.fit:
            self._look_at_the_clock()

    def _lose(self, gone: Iterable[str]) -> None:
        for address in gone:
            lost = self._hands.lose([address])
            for key in lost:
                self._works[key].drop(address)
            self._again(lost)

    def _set_aside(self, address: str, reason: str) -> None:
        lost = self._hands.set_aside(address, reason)
        for key in lost:
            self._works[key].drop(address)
        self._again(lost, counted=False)

    def _again(self, keys: Iterable[str], *, counted: bool = True) -> None:
        """Have calls done again that somebody had in hand, before everything that waits.

        Args:
            keys: of the calls.
            counted: whether it counts as a try: not where a worker only said that it cannot.

        Raises:
            ProductionError: it was tried too often.
        """
        for key in keys:
            work = self._works[key]
            if counted:
                self._note_try(work)
            if not work.errands and key not in self._ready:
                self._ready.appendleft(key)

    def _note_try(self, work: Work) -> None:
        """Count a try of a call that came to nothing.

        Raises:
            ProductionError: it was tried too often.
        """
        work.tries += 1
        if work.tries > MOST_TRIES:
            raise ProductionError(
                "workers keep dying, or losing what they made or were given",
                where=f"{work.call[0].__name__}; {len(self._works)} steps are left",
                remedy="look at the workers' logs; they may be short of memory; look whether all "
                "see the same shared store (altavoz cluster doctor); what was made is kept: run "
                "the command again, or without --cluster",
                code=ExitCode.TARGET,
            )

    # --- Out --------------------------------------------------------------------------------

    def _packed(self, work: Work, damage: DamagedObjectError | None) -> None:
        if damage is not None:
            self._finish(work, damage)
        else:
            self._ready.append(work.key)

    def _give_out(self) -> None:
        waiting: list[str] = []
        while self._ready:
            work = self._works[self._ready.popleft()]
            if not self._hands.can_speak(work.voices):
                self._do_here(work)
                continue
            hand = self._hands.pick(work.voices)
            if hand is None:
                waiting.append(work.key)
                if not any(one.room > 0 for one in self._hands.fit.values()):
                    break
                continue
            self._send(work, hand)
        self._ready.extendleft(reversed(waiting))
        if not self._ready:
            self._share_what_waits()
            self._help_the_slow()

    def _send(self, work: Work, hand: Hand) -> None:
        self._number += 1

        def tell() -> None:
            self._events.put(lambda: self._answered(work, hand.address))

        try:
            errand = self._cluster.begin(
                self._number, RUN, {"parcel": work.parcel}, worker=hand.address, tell=tell
            )
        except LOST:  # the watch will tell
            self._lose([hand.address])
            self._again([work.key])
            return
        work.errands[hand.address] = (errand, time.monotonic())
        hand.busy.add(work.key)

    def _share_what_waits(self) -> None:
        """Give a worker that has nothing to do what waits at another for its turn.

        At a build's end, and where slots are few, a parcel ahead is one that nobody works at.
        """
        found = self._hands.unequal(lambda key: self._works[key].voices)
        if found is None:
            return
        idle, full = found
        # Parcels are done in the order in which they came.
        last = max(full.busy, key=lambda key: self._works[key].errands[full.address][1])
        work = self._works[last]
        work.drop(full.address)
        full.busy.discard(last)
        self._send(work, idle)

    def _help_the_slow(self) -> None:
        """Give calls that take too long to workers that have nothing to do, the oldest first.

        The first to end counts. A call that two workers have already is given to no third.
        """
        late = time.monotonic() - max(SLOW_S, 4 * statistics.median(self._took_s or [0.0]))
        slow = [
            (began, address, work)
            for work in self._works.values()
            if len(work.errands) == 1
            for address, (_, began) in work.errands.items()
            if began < late
        ]
        for _, address, work in sorted(slow, key=lambda one: one[:2]):
            hand = self._hands.pick(work.voices, not_at=[address])
            if hand is not None and not hand.busy:
                self._send(work, hand)

    def _do_here(self, work: Work) -> None:
        """Do a call here for which no worker has the voice."""
        function, root, task = work.call
        names = ", ".join(sorted("/".join(voice) for voice in work.voices))
        self._talk(f"No worker has the voice {names} as it is here: it speaks here.")
        self._sound.result()  # voices and codecs are not made for threads
        try:
            outcome = function(root, task)
        except OUTCOMES as error:
            outcome = error
        self._finish(work, outcome)

    # --- Back -------------------------------------------------------------------------------

    def _answered(self, work: Work, address: str) -> None:
        """Have what a worker answered handed over, and what it made fetched."""
        if work.key not in self._works or address not in work.errands:
            return  # somebody else was quicker, or the worker was given up
        errand, began = work.errands[address]
        if not errand.has_ended:
            return  # it is of an earlier errand
        self._took_s.append(time.monotonic() - began)
        self._aside(
            lambda: self._porter.collect(work, errand, self._sound.result()),
            lambda answer: self._take(work, address, errand, answer),
        )

    def _take(self, work: Work, address: str, errand: Errand, answer: Answer | None) -> None:
        if work.key not in self._works or work.errands.get(address, (None,))[0] is not errand:
            return
        work.drop(address)
        self._hands.free(address, work.key)
        if answer is None:
            self._again([work.key])
        elif self._is_sound(work, address, answer):
            outcome = answer.failure if answer.failure is not None else answer.given
            self._finish(work, with_paths(outcome, work.files))

    def _is_sound(self, work: Work, address: str, answer: Answer) -> bool:
        """Tell whether an answer is an outcome; what it is otherwise is seen to."""
        if answer.trouble is not None:
            error = answer.trouble
            self._set_aside(address, f"{error.problem} ({error.where}); {error.remedy}")
        elif answer.sound != self._sound.result():
            self._set_aside(
                address, "the same sentence gives other bytes there: another processor or build"
            )
        elif answer.lacking:
            if address in self._hands.fit:
                self._hands.fit[address].lacks |= set(answer.lacking)
        elif answer.missing:
            self._note_try(work)
            self._porter.doubt(answer.missing)
            self._aside(lambda: self._porter.pack(work), lambda damage: self._packed(work, damage))
            return False
        else:
            return True
        self._again([work.key], counted=False)
        return False

    def _finish(self, work: Work, outcome: Any) -> None:  # noqa: ANN401 - what the call gives
        del self._works[work.key]
        for address in list(work.errands):
            work.drop(address)
            self._hands.free(address, work.key, late=True)
        self._done.append((work.key, outcome))
