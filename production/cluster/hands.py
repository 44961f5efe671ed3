"""The workers of a cluster as a build sees them: who is fit, who is set aside and why."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from production.cluster.shipping import Voice
from programme.errors import ExitCode, ProductionError

AHEAD = 1
"""Parcels that wait at a worker for the one that it does: so it never waits for the line."""

_SPARED_S = 60.0

_HOPE_S = 5.0
"""How long others are waited for where those that are there may not work."""

_MOST_LETTERS = 2000
"""Of what a worker says of itself: a dozen versions that differ take half of them."""


@dataclass(slots=True, kw_only=True)
class Hand:
    """One worker that is fit by its versions."""

    address: str
    name: str
    """For a person."""
    threads: int
    busy: set[str] = field(default_factory=set)
    """Keys of the calls that it has in hand."""
    slow_until: float = 0.0
    """Until then it gets work only where nobody else is there: another was quicker."""
    lacks: set[Voice] = field(default_factory=set)
    """Voices that it cannot speak with, or not in our version."""

    @property
    def room(self) -> int:
        """How many more parcels it takes; parcels are done one by one."""
        return 1 + AHEAD - len(self.busy)


class Hands:
    """All workers, by address."""

    def __init__(
        self,
        *,
        talk: Callable[[str], None],
        patience_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin without any.

        Args:
            talk: says one line to a person.
            patience_s: how long a build waits when all workers have gone.
            clock: seconds that never go back.
        """
        self.fit: dict[str, Hand] = {}
        self.aside: dict[str, str] = {}
        """Workers that get nothing: name to reason, each for ever; one that is begun anew has a
        new address."""
        self._shut_out: set[str] = set()
        self._talk = talk
        self._patience_s = patience_s
        self._clock = clock
        self._last_seen = clock()
        self._is_told = False

    @property
    def room(self) -> int:
        """How many parcels all of them take at a time."""
        return sum(1 + AHEAD for _ in self.fit.values())

    def meet(self, address: str, name: str, threads: int, unlike: tuple[str, ...]) -> None:
        """Take a worker in, or set it aside with what is different there."""
        if unlike:
            self._set_aside(address, name, "; ".join(unlike))
        elif address not in self._shut_out:
            self.fit[address] = Hand(address=address, name=name, threads=threads)

    def lose(self, gone: Iterable[str]) -> list[str]:
        """Note that workers have gone; give the keys of the calls that they had in hand."""
        lost: list[str] = []
        for address in gone:
            hand = self.fit.pop(address, None)
            if hand is not None:
                lost += sorted(hand.busy)
        return lost

    def set_aside(self, address: str, reason: str) -> list[str]:
        """Give a worker nothing more; give the keys of the calls that it had in hand."""
        hand = self.fit.get(address)
        if hand is None:
            return []
        self._set_aside(address, hand.name, reason)
        return self.lose([address])

    def _set_aside(self, address: str, name: str, reason: str) -> None:
        self._shut_out.add(address)
        # Its own words: they must not move a terminal's cursor or fill its window.
        name, reason = _printable(name), _printable(reason)
        self.aside[name] = reason
        self._talk(f"Worker {name} gets no work: {reason}.")

    def pick(self, voices: Mapping[Voice, str], not_at: Iterable[str] = ()) -> Hand | None:
        """Give the least busy worker that has room and all voices; None where there is none."""
        avoided, now = set(not_at), self._clock()
        quick = [hand for hand in self.fit.values() if hand.slow_until <= now]
        able = [
            hand
            for hand in quick or self.fit.values()
            if hand.room > 0 and hand.address not in avoided and not hand.lacks & set(voices)
        ]
        return min(able, key=lambda hand: (len(hand.busy), hand.address), default=None)

    def unequal(self, voices_of: Callable[[str], Mapping[Voice, str]]) -> tuple[Hand, Hand] | None:
        """Give a worker that has nothing to do, and one of which it may take a parcel that waits.

        Args:
            voices_of: the voices of a call, by its key.
        """
        now = self._clock()
        idle = [one for one in self.fit.values() if not one.busy and one.slow_until <= now]
        for full in self.fit.values():
            if len(full.busy) > 1:
                for one in idle:
                    if not any(one.lacks & set(voices_of(key)) for key in full.busy):
                        return one, full
        return None

    def free(self, address: str, key: str, *, late: bool = False) -> None:
        """Note that a worker has a call no longer in hand.

        Args:
            address: of the worker.
            key: of the call.
            late: another was quicker, so that this one is spared for a minute.
        """
        hand = self.fit.get(address)
        if hand is not None:
            hand.busy.discard(key)
            hand.slow_until = self._clock() + _SPARED_S if late else 0.0

    def can_speak(self, voices: Mapping[Voice, str]) -> bool:
        """Tell whether some worker may have all voices; also where there is no worker now."""
        return not self.fit or any(not hand.lacks & set(voices) for hand in self.fit.values())

    def check(self, left: int) -> None:
        """Wait for workers, but not for ever.

        Args:
            left: how many calls are not done.

        Raises:
            ProductionError: code TARGET; nobody has been fit for too long.
        """
        now = self._clock()
        if self.fit:
            self._last_seen, self._is_told = now, False
            return
        waited = now - self._last_seen
        if waited > (min(self._patience_s, _HOPE_S) if self.aside else self._patience_s):
            raise self.nobody(left)
        if waited > _HOPE_S / 2 and not self._is_told:
            self._is_told = True
            self._talk("Waiting for workers ...")

    def nobody(self, left: int) -> ProductionError:
        """Give the error for a cluster without workers, or without fit ones."""
        what = f"; {left} steps are left" if left else ""
        if not self.aside:
            return ProductionError(
                f"no worker is at the scheduler, or none answers{what}",
                where="the cluster",
                remedy="begin workers (dask worker ADDRESS --nthreads 1), then run the command "
                "again: what was made is kept",
                code=ExitCode.TARGET,
            )
        reasons = "; ".join(f"{name}: {reason}" for name, reason in sorted(self.aside.items()))
        return ProductionError(
            f"no worker may work for this build{what}",
            where=reasons,
            remedy="put that right on the workers (the same Altavoz, room on the disk, the way to "
            "the store), begin them anew, then run the command again: what was made is kept",
            code=ExitCode.TARGET,
        )


def _printable(text: str) -> str:
    """Give the words of another machine without control characters, and not without end."""
    kept = "".join(letter if letter.isprintable() else "?" for letter in text)
    return kept if len(kept) <= _MOST_LETTERS else kept[:_MOST_LETTERS] + "..."
