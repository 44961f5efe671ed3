"""One publisher at a time: a claim in the head of a target, taken and given back by swapping it.

The head is swapped for exactly the bytes that a run read before it planned, so that nothing was
published between the plan and the claim. Where a server ignores conditions, the head is read back
after it was written, and again before each step that replaces anything: of two who wrote at the
same moment, the one whose claim is not there any more stops.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from production.targets.base import OvertakenError, Target
from production.targets.head import (
    HEAD_KEY,
    HEAD_TYPE,
    Claim,
    Head,
    Last,
    LedgerPart,
    parse_head,
    render_head,
)
from programme.errors import ExitCode, ProductionError

CLAIM_HOLDS = timedelta(minutes=60)
"""After so long without a sign of life a claim is that of a run that was stopped."""

SIGN_OF_LIFE = timedelta(minutes=15)
"""How often a run that goes on says so: a slow line takes hours."""

_WORKSPACE_LETTERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who publishes, as the public may know."""

    by: str
    """See ``head.is_label``."""
    run: str
    """16 hexadecimal digits: 8 of the workspace and 8 of chance, so that two runs never share it
    and a workspace knows its own."""

    def is_of(self, claim: Claim) -> bool:
        """Tell whether a claim is of this very workspace, which runs one publish at a time."""
        return claim.run[:_WORKSPACE_LETTERS] == self.run[:_WORKSPACE_LETTERS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What the head of a target says, and the bytes that say it."""

    network: str
    """The one that publishes here now."""
    data: bytes | None
    head: Head | None
    """None where nothing was published by an Altavoz that keeps heads."""

    @property
    def parts(self) -> tuple[LedgerPart, ...]:
        """The parts of the ledger that stand there."""
        return () if self.head is None else self.head.ledger

    @property
    def before(self) -> Head:
        """The head, or that of a place where nothing was published yet."""
        return self.head or Head(network=self.network)

    @property
    def claim(self) -> Claim | None:
        """Who publishes there now, or was stopped."""
        return None if self.head is None else self.head.claim


def look_at_place(target: Target, network: str) -> Place:
    """Read the head of a target.

    Raises:
        ProductionError: code TARGET; another network publishes there, or the head is damaged.
    """
    data = target.read(HEAD_KEY)
    head = parse_head(data, where=_where(target))
    if head is not None and head.network != network:
        raise ProductionError(
            f"this place belongs to the network {head.network}, and you publish as {network}",
            where=_where(target),
            remedy="give the target a folder, prefix or bucket of its own in altavoz.toml; if the "
            "network has a new id, give it its old one",
            code=ExitCode.TARGET,
        )
    return Place(network=network, data=data, head=head)


def refuse_claimed(
    target: Target, place: Place, publisher: Publisher, now: datetime, *, take_over: bool
) -> str:
    """Say what is taken over, empty where nobody has a claim.

    Raises:
        ProductionError: code TARGET; somebody else publishes there now.
    """
    claim = place.claim
    if claim is None:
        return ""
    if publisher.is_of(claim):
        return f"a publish from this workspace was stopped, of {_told(claim.since)}: going on"
    if take_over or now - claim.alive >= CLAIM_HOLDS:
        return f"taking over from {claim.by}, who began {_told(claim.since)}"
    raise _claimed(target, claim)


def _claimed(target: Target, claim: Claim) -> ProductionError:
    until = claim.alive + CLAIM_HOLDS
    return ProductionError(
        f"{claim.by} publishes here since {_told(claim.since)}",
        where=_where(target),
        remedy=f"wait until they have finished, then publish again; if they were stopped, it is "
        f"free at {_told(until)}, or at once with --take-over",
        code=ExitCode.TARGET,
    )


def finished_head(head: Head, by: str, parts: Sequence[LedgerPart], at: datetime) -> Head:
    """Give the head as it is once a publish is done.

    Args:
        head: as it was before.
        by: who published.
        parts: of the ledger, that stand there now.
        at: aware.
    """
    last = Last(by=by, at=at.astimezone(UTC))
    serial = head.serial + 1
    return replace(head, serial=serial, claim=None, last=last, ledger=tuple(parts))


class Hold:
    """The right to publish at a target, for the length of a run."""

    def __init__(
        self,
        target: Target,
        place: Place,
        publisher: Publisher,
        now: datetime,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Put the claim into the head, in the place of what was read there.

        Args:
            target: where.
            place: as it was read before the run was planned.
            publisher: who.
            now: aware, UTC.
            clock: seconds that never go back, for signs of life.

        Raises:
            ProductionError: code TARGET; somebody else published or began to in the meantime.
        """
        self._target = target
        self._now = now
        self._clock = clock
        self._begun = self._told_at = clock()
        before = place.before
        since = now.astimezone(UTC)
        claim = Claim(by=publisher.by, since=since, alive=since, run=publisher.run)
        self._head = replace(before, claim=claim)
        self._data = place.data
        self._write(self._head)

    def check(self) -> None:
        """Stop where the claim is not ours any more; say once in a while that we go on.

        Raises:
            ProductionError: code TARGET; somebody took over.
        """
        passed = self._clock() - self._told_at
        if passed >= SIGN_OF_LIFE.total_seconds():
            self._told_at = self._clock()
            alive = self._now + timedelta(seconds=int(self._told_at - self._begun))
            claim = self._head.claim
            if claim is None:
                raise ValueError("a hold that was given back is used")
            self._write(replace(self._head, claim=replace(claim, alive=alive.astimezone(UTC))))
        elif self._target.read(HEAD_KEY) != self._data:
            raise self._lost()

    def is_due(self) -> bool:
        """Tell whether it is time for a sign of life."""
        return self._clock() - self._told_at >= SIGN_OF_LIFE.total_seconds()

    def finish(self, parts: Sequence[LedgerPart], at: datetime) -> int:
        """Take the claim out and say what was published; gives the new serial.

        Raises:
            ProductionError: code TARGET; somebody took over.
        """
        claim = self._head.claim
        if claim is None:
            raise ValueError("a hold is given back twice")
        done = finished_head(self._head, claim.by, parts, at)
        self._write(done)
        return done.serial

    def give_back(self) -> None:
        """Take the claim out where nothing was published, as after a cleaning.

        Raises:
            ProductionError: code TARGET; somebody took over.
        """
        self._write(replace(self._head, claim=None))

    def name_parts(self, parts: Sequence[LedgerPart]) -> None:
        """Name the parts of the ledger that stand there from now on; the others may go then.

        Raises:
            ProductionError: code TARGET; somebody took over.
        """
        self._write(replace(self._head, ledger=tuple(parts)))

    def _write(self, head: Head) -> None:
        data = render_head(head)
        try:
            self._target.swap(HEAD_KEY, data, media_type=HEAD_TYPE, seen=self._data)
        except OvertakenError as error:
            raise self._lost() from error
        # A server that ignores conditions lets two write one after the other.
        if self._target.read(HEAD_KEY) != data:
            raise self._lost()
        self._head, self._data = head, data

    def _lost(self) -> ProductionError:
        """Word who has the place now, as far as its head says."""
        head = parse_head(self._target.read(HEAD_KEY), where=_where(self._target))
        if head is not None and head.claim is not None:
            return _claimed(self._target, head.claim)
        who = "somebody" if head is None or head.last is None else head.last.by
        when = "" if head is None or head.last is None else f", {_told(head.last.at)}"
        return OvertakenError(
            f"{who} published here at the same moment{when}",
            where=_where(self._target),
            remedy="take their lines of releases.jsonl from git, then publish again: altavoz "
            "looks at what stands there and goes on",
            code=ExitCode.TARGET,
        )


def _where(target: Target) -> str:
    return f"{target.describe()} {HEAD_KEY}"


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
