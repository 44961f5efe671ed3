"""What a ledger says whose lines came together from several branches, in whatever order.

The order of lines means nothing: each tells its own moment, and what tells the same thing is
chosen by what it says. Only of two changes of one revision in one second the later line holds.
What two offices did without knowing of each other is found here, and told with what to do.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from production.ledger.ledger import Event, Ledger
from production.releases.values import (
    RELEASED,
    WITHDRAWN,
    Change,
    Notice,
    Release,
    Withdrawal,
    Withdrawing,
    read_release,
    read_withdrawal,
)
from programme.digests import Plain
from programme.editions import EditionKey

_BEGINS = frozenset({Change.NEW, Change.CORRECT, Change.RENEW})
"""What makes a new revision; everything else changes one that is there."""


def in_time(releases: Iterable[Release]) -> list[Release]:
    """Give lines of releases in the order in which they happened; the last of a revision holds."""
    return sorted(releases, key=lambda one: (one.changed_at, one.change not in _BEGINS))


def last_withdrawals(
    withdrawals: Iterable[Withdrawal],
) -> dict[tuple[EditionKey, int], Withdrawal]:
    """Give the line that holds of each withdrawn revision.

    That it is retracted is stronger than that it was corrected or is out of date: somebody found
    it wrong. Then the latest holds, and of one moment that which got its spoken notice.
    """

    def strength(one: Withdrawal) -> tuple[bool, object, bool]:
        return one.kind is Withdrawing.RETRACT, one.at, one.sound is not None

    return {(one.edition, one.revision): one for one in sorted(withdrawals, key=strength)}


def last_notices(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Give the line that holds of each notice, a spoken one if there is one; oldest first."""
    found = sorted(notices, key=lambda one: (one.sound is not None, one.published_at))
    held = {one.guid: one for one in found}
    return tuple(sorted(held.values(), key=lambda one: (one.published_at, one.guid)))


def find_disputed(
    releases: Iterable[Release],
    withdrawals: Mapping[tuple[EditionKey, int], Withdrawal],
) -> dict[str, tuple[Release, ...]]:
    """Give the revisions under whose guid two different messages went out, and each of these.

    Nothing of what is settled: withdrawn, or followed by a later revision.

    Args:
        releases: of one target, in time.
        withdrawals: by edition and revision.
    """
    begun: dict[tuple[EditionKey, int], dict[str, Release]] = {}
    last: dict[EditionKey, int] = {}
    for one in releases:
        last[one.edition] = max(one.revision, last.get(one.edition, 0))
        if one.change in _BEGINS:
            begun.setdefault((one.edition, one.revision), {}).setdefault(one.words_digest, one)
    return {
        next(iter(found.values())).guid: tuple(found.values())
        for (edition, revision), found in begun.items()
        if len(found) > 1 and revision == last[edition] and (edition, revision) not in withdrawals
    }


def last_pack(events: Iterable[Event]) -> tuple[Event | None, bool]:
    """Give the line of the newest serial, and whether two packs have that serial.

    Whoever has one of the two refuses the other, so that the next needs a serial of its own, also
    where nothing changed.

    Args:
        events: ``pack`` lines of one pack.
    """
    found = sorted(events, key=_age_of_pack)
    newest = [one for one in found if found and one.facts["serial"] == found[-1].facts["serial"]]
    contents = {one.facts.get("content") for one in newest}
    return (newest[-1] if newest else None), len(contents) > 1


def _age_of_pack(event: Event) -> tuple[int, str, str]:
    facts = event.facts
    return int(facts["serial"]), str(facts.get("issued", "")), str(facts.get("content", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeProblem:
    """Something that two offices did without knowing of each other."""

    about: str
    """An edition, or a pack with its serial."""
    problem: str
    remedy: str

    def plain(self) -> dict[str, Plain]:
        """Give it for --json."""
        return {"about": self.about, "problem": self.problem, "remedy": self.remedy}


def find_problems(ledger: Ledger, target: str) -> list[MergeProblem]:
    """Give everything at a target, and of packs, that a merge left for a person to decide."""
    releases = in_time(read_release(e.facts) for e in ledger.events(RELEASED, target=target))
    taken = [read_withdrawal(e.facts) for e in ledger.events(WITHDRAWN, target=target)]
    disputed = find_disputed(releases, last_withdrawals(taken))
    return [
        *(_two_messages(found) for found in disputed.values()),
        *_against_a_retraction(releases, taken),
        *_two_packs(ledger),
    ]


def _two_messages(found: Sequence[Release]) -> MergeProblem:
    first = found[0]
    name = "/".join(first.edition)
    days = " and ".join(f"{one.published_at:%Y-%m-%d %H:%M}" for one in found)
    return MergeProblem(
        about=name,
        problem=f"two different messages went out as revision {first.revision}, on {days} UTC: "
        "who has the one is never given the other",
        remedy=f"altavoz release correct {name}: it takes the place of both; or retract it",
    )


def _against_a_retraction(
    releases: Sequence[Release], taken: Iterable[Withdrawal]
) -> Iterator[MergeProblem]:
    """Find retractions that did not know that the edition was corrected at the same time.

    An edition is retracted as it stands last, and nothing that is retracted is corrected by a
    publish: only two branches do both to one revision.
    """
    kinds: dict[tuple[EditionKey, int], dict[Withdrawing, Withdrawal]] = {}
    for one in taken:
        kinds.setdefault((one.edition, one.revision), {})[one.kind] = one
    newest = dict(sorted((one.edition, one.revision) for one in releases))
    for (edition, revision), found in kinds.items():
        both = {Withdrawing.RETRACT, Withdrawing.CORRECT} <= found.keys()
        now = revision + 1
        if not both or newest.get(edition) != now or (edition, now) in kinds:
            continue
        name = "/".join(edition)
        yield MergeProblem(
            about=name,
            problem=f"revision {revision} was retracted on "
            f"{found[Withdrawing.RETRACT].at:%Y-%m-%d %H:%M} UTC by somebody who did not know "
            f"that it was corrected; revision {now} is live",
            remedy=f"listen to it: if it is wrong too, altavoz release retract {name}; if it is "
            "right, leave it",
        )


def _two_packs(ledger: Ledger) -> Iterator[MergeProblem]:
    by_pack: dict[str, list[Event]] = {}
    for event in ledger.events("pack"):
        by_pack.setdefault(str(event.facts["pack"]), []).append(event)
    for pack, events in by_pack.items():
        last, disputed = last_pack(events)
        if last is not None and disputed:
            yield MergeProblem(
                about=f"{pack} {last.facts['serial']}",
                problem=f"two different packs have the serial {last.facts['serial']}: stations "
                "that have the one refuse the other",
                remedy="altavoz pack, for the stations that take it: the next gets a new serial",
            )
