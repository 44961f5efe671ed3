"""The plan of a publish: everything that will be sent, replaced or taken away, before any of it is.

Made by reading alone, so that a dry run and a run follow the same list. The head of the target is
then swapped for exactly the bytes that were read before: whatever somebody else publishes between
the plan and the run stops the run.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from production.catalogue.site import SITE_KEY
from production.catalogue.site_sending import SitePlan
from production.ledger.ledger import LEDGER_FILE, Ledger
from production.ledger.parts import Parts, plan_parts, public_lines, unknown_parts
from production.publish.deeds import Deeds
from production.publish.documents import Changed
from production.publish.media import MediaPlan
from production.targets.base import Target
from production.targets.claims import Place
from production.targets.head import HEAD_KEY, LEDGER_FOLDER, LedgerPart
from production.targets.standing import Standing
from programme.digests import Plain
from programme.errors import ExitCode, ProductionError
from programme.units import Key
from programme.wording import counted

_PART = re.compile(rf"{LEDGER_FOLDER}[0-9a-f]{{32}}\.jsonl\Z")

Event = tuple[str, Mapping[str, Plain]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPlan:
    """What is written down of a publish, here and at the target."""

    events: tuple[Event, ...]
    """Before anything names what was sent."""
    removed: tuple[Event, ...]
    """Once what was withdrawn is gone."""
    parts: Parts
    drop: tuple[Key, ...]
    """Parts that no head names once this publish is done."""
    again: tuple[tuple[LedgerPart, bytes], ...]
    """Parts that the head names and that are not there any more, and are all ours."""

    @property
    def write(self) -> tuple[tuple[LedgerPart, bytes], ...]:
        """Every part that is to be sent."""
        return (*self.again, *self.parts.write)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPlan:
    """All that a publish does."""

    media: MediaPlan
    documents: tuple[Changed, ...]
    site: SitePlan
    ledger: LedgerPlan
    doomed: tuple[Key, ...]
    """Files of what was withdrawn, whether or not they are there still."""
    closed: tuple[Key, ...]
    """Documents of stations that are not public any more."""
    deeds: Deeds

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do at all, there or here."""
        return self.deeds.is_empty and not self.ledger.events and not self.ledger.removed


def refuse_unknown(ledger: Ledger, place: Place, target: Target, stations: frozenset[str]) -> None:
    """Refuse where the target tells of what the ledger does not hold.

    Raises:
        ProductionError: code TARGET; names who published it, and when.
    """
    lines = public_lines(ledger, target.name, stations=stations)
    unknown = unknown_parts(place.parts, lines, target.read, ledger=ledger)
    if unknown:
        last = None if place.head is None else place.head.last
        who = f"{last.by} published there at {last.at:%Y-%m-%d %H:%M} UTC" if last else "somebody"
        raise ProductionError(
            f"{who} what this {LEDGER_FILE} does not know: {counted(len(unknown), 'line')}",
            where=f"{target.describe()} {HEAD_KEY}",
            remedy=f"bring {LEDGER_FILE} up to date from git, or take it back from the target: "
            f"altavoz release rebuild {target.name}; then publish again",
            code=ExitCode.TARGET,
        )


def plan_ledger(
    ledger: Ledger,
    place: Place,
    target: Target,
    standing: Standing,
    *,
    events: Sequence[Event],
    removed: Sequence[Event],
    stations: frozenset[str],
) -> LedgerPlan:
    """Say what is written down, and which parts of the ledger stand at the target then."""
    ahead = ledger.ahead([*events, *removed])
    lines = public_lines(ahead, target.name, stations=stations)
    parts = plan_parts(place.parts, lines)
    again = []
    start = 0
    for part in parts.keep:
        if standing.size(part.key) is None:
            again.append((part, b"".join(lines[start : start + part.lines])))
        start += part.lines
    return LedgerPlan(
        events=tuple(events),
        removed=tuple(removed),
        parts=parts,
        drop=(*parts.drop, *_left_over(ahead, place, parts, target, standing)),
        again=tuple(again),
    )


def _left_over(
    ledger: Ledger, place: Place, parts: Parts, target: Target, standing: Standing
) -> list[Key]:
    """Give parts that a publish which was stopped left there, and whose lines we all hold."""
    named = {part.key for part in (*place.parts, *parts.named)}
    keys = [Key(name) for name in standing.names() if _PART.match(name)]
    held: frozenset[bytes] = frozenset()
    found = []
    for key in sorted(key for key in keys if key not in named):
        held = held or frozenset(line for _, line in ledger.lines())
        data = target.read(key)
        if data is not None and held.issuperset(data.removesuffix(b"\n").split(b"\n")):
            found.append(key)
    return found


def refuse_foreign(
    target: Target, place: Place, standing: Standing, keys: Iterable[Key], *, is_new: bool
) -> None:
    """Refuse to write over what Altavoz never put there.

    Args:
        target: where.
        place: what its head says.
        standing: what stands there.
        keys: of all that would be replaced.
        is_new: whether the ledger knows of nothing that was published there.

    Raises:
        ProductionError: code TARGET; another website or another program's files stand there.
    """
    if place.head is not None or not is_new or standing.has(SITE_KEY):
        return
    found = sorted(key for key in keys if standing.has(key))
    if found:
        more = f", and {len(found) - 1} more of our names" if len(found) > 1 else ""
        raise ProductionError(
            f"{found[0]} stands there already{more}, and Altavoz did not put it there",
            where=target.describe(),
            remedy="give the target a folder or prefix of its own in altavoz.toml; or, if nobody "
            "needs what stands there, take it away and publish again",
            code=ExitCode.TARGET,
        )
