"""Keeps the line to a scheduler, and looks who works there: in a thread of its own."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from production.cluster.client import LOST, Cluster, line_faults, unreachable
from production.cluster.fitness import hello_text
from programme.errors import ProductionError

LOOK_S = 0.5
"""How soon it is seen that a worker died or came."""

SILENT_S = 20.0
"""After how long a worker is asked again that did not say what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Who is there now."""

    cluster: Cluster
    """The line; another one than before where the scheduler was begun anew."""
    threads: Mapping[str, int]
    """How many calls each worker takes at once, by address."""
    hellos: Mapping[str, Any]
    """What those say of themselves that were not there before."""


class Watch:
    """Tells of workers that come and go, and of a scheduler that went for good."""

    def __init__(
        self,
        cluster: Cluster,
        *,
        tell: Callable[[Seen | ProductionError], None],
        patience_s: float,
    ) -> None:
        """Begin to look.

        Args:
            cluster: the line; it is ours to close from now on.
            tell: is called from the thread, with an error at most once, at the end.
            patience_s: how long a scheduler may be gone.
        """
        self._cluster = cluster
        self._tell = tell
        self._patience_s = patience_s
        self._known: frozenset[str] = frozenset()
        self._silent: dict[str, float] = {}
        """Workers that did not answer, and when they are asked again."""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cluster-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop looking, and let go of the line."""
        self._over.set()
        self._thread.join(timeout=60)
        self._cluster.close()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                self._look()
            except LOST:
                if not self._connect_again():
                    return
            self._over.wait(LOOK_S)

    def _look(self) -> None:
        threads = self._cluster.threads()
        now = time.monotonic()
        new = [
            one for one in threads if one not in self._known and self._silent.get(one, now) <= now
        ]
        strangers = [one for one in new if line_faults(self._cluster.address, one)]
        asked = [one for one in new if one not in strangers]
        told = self._cluster.ask_workers(hello_text(), asked)
        hellos = {one: hello for one, hello in told.items() if not isinstance(hello, LOST)}
        # What they answer is not even read: it may be a program (pickle).
        hellos |= dict.fromkeys(strangers)
        self._silent |= {one: now + SILENT_S for one in told if one not in hellos}
        self._known = (self._known | frozenset(hellos)) & frozenset(threads)
        self._tell(Seen(cluster=self._cluster, threads=threads, hellos=hellos))

    def _connect_again(self) -> bool:
        """Wait for a scheduler that has gone; False where it does not come back."""
        self._cluster.close()
        self._known = frozenset()
        ends = time.monotonic() + self._patience_s
        while not self._over.is_set():
            try:
                self._cluster = Cluster(self._cluster.address)
            except ProductionError as error:
                if time.monotonic() >= ends:
                    self._tell(unreachable(self._cluster.address, error.__cause__))
                    return False
                self._over.wait(LOOK_S)
            else:
                return True
        return False
