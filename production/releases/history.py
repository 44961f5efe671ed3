"""The history of releases at one target, as feeds, pages and operations read it.

A pure value of the ledger's lines and of what an operation is about to add to them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from production.catalogue.station_takes import TAKES, StationTakes, read_takes
from production.ledger.ledger import Ledger
from production.ledger.merging import (
    find_disputed,
    in_time,
    last_notices,
    last_withdrawals,
)
from production.releases.values import (
    NOTICE,
    RELEASED,
    WITHDRAWN,
    MediaObject,
    News,
    Notice,
    Release,
    Withdrawal,
    Withdrawing,
    read_notice,
    read_release,
    read_withdrawal,
    withdraw,
)
from programme.collecting import no_collecting
from programme.editions import EditionKey
from programme.making import maker

WITHDRAWN_DAYS = 90
"""How long a withdrawn item and its notice stay in their feeds: who has the sound must meet them
there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One revision and how it stands."""

    release: Release
    withdrawal: Withdrawal | None
    """None while it is live. Where the ledger of an older version did not say, that of a revision
    which a later one took the place of, without sound."""
    successor: Release | None
    """The next revision of the same edition; None where there is none."""
    corrects: bool
    """Whether it takes the place of one that was wrong, so that its title says so."""

    @property
    def last_day(self) -> date:
        """The last day on which it is in its feeds, live or withdrawn."""
        if self.withdrawal is None:
            return self.release.expires
        return self.withdrawal.at.date() + timedelta(days=WITHDRAWN_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHistory:
    """Everything that was ever released at a target."""

    target: str
    editions: Mapping[EditionKey, tuple[Standing, ...]]
    """Every revision of each edition, oldest first."""
    notices: tuple[Notice, ...]
    """In the order in which they were given."""
    firsts: Mapping[str, Release] = field(default_factory=dict)
    """By guid, what was first said of each revision of which the ledger says more than that."""
    topics: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    """By guid, for the same revisions: every topic that was ever told of it, and since when."""
    takes: Mapping[str, tuple[StationTakes, ...]] = field(default_factory=dict)
    """By station, what it took, oldest first."""
    disputed: Mapping[str, tuple[Release, ...]] = field(default_factory=dict)
    """By guid, the different messages that went out under it on two branches, see
    ``production.ledger.merging``; empty once each was withdrawn."""

    def standings(self) -> Iterator[Standing]:
        """Give every revision of every edition."""
        for revisions in self.editions.values():
            yield from revisions

    def last(self, edition: EditionKey) -> Standing | None:
        """Give the latest revision of an edition; None where it was never released."""
        found = self.editions.get(edition, ())
        return found[-1] if found else None

    def newest_change(self) -> datetime | None:
        """Give the moment of the latest change of anything; None where there is nothing.

        No item of any feed is dated later.
        """
        changed = (one.release.changed_at for one in self.standings())
        taken = (one.withdrawal.at for one in self.standings() if one.withdrawal)
        came = (line.at for lines in self.takes.values() for line in lines)
        return max((*self._dates(), *changed, *taken, *came), default=None)

    def _dates(self) -> Iterator[datetime]:
        yield from (one.release.published_at for one in self.standings())
        yield from (notice.published_at for notice in self.notices)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetLines:
    """What a ledger says of one target, line by line, of which a history is made; in its order."""

    target: str
    releases: tuple[Release, ...]
    withdrawals: tuple[Withdrawal, ...]
    notices: tuple[Notice, ...]
    takes: tuple[StationTakes, ...]

    def ahead(self, news: Sequence[News]) -> "TargetLines":
        """Give the lines as they will be once ``news`` is in the ledger too."""
        return replace(
            self,
            releases=(*self.releases, *(one for one in news if isinstance(one, Release))),
            withdrawals=(*self.withdrawals, *(one for one in news if isinstance(one, Withdrawal))),
            notices=(*self.notices, *(one for one in news if isinstance(one, Notice))),
        )


def last_day_of(notice: Notice) -> date:
    """Give the last day on which a notice is in its feeds."""
    return notice.published_at.date() + timedelta(days=WITHDRAWN_DAYS)


def read_history(ledger: Ledger, target: str, news: Sequence[News] = ()) -> ReleaseHistory:
    """Give the history of a target as it will be once ``news`` is in the ledger too."""
    return history_of(read_lines(ledger, target).ahead(news))


@no_collecting()
def read_lines(ledger: Ledger, target: str) -> TargetLines:
    """Read what the ledger says of a target; who needs several histories reads it once."""
    releases: list[Release] = []
    withdrawals: list[Withdrawal] = []
    notices: list[Notice] = []
    takes: list[StationTakes] = []
    for event in ledger.events(RELEASED, WITHDRAWN, NOTICE, TAKES, target=target):
        if event.name == RELEASED:
            releases.append(read_release(event.facts))
        elif event.name == WITHDRAWN:
            withdrawals.append(read_withdrawal(event.facts))
        elif event.name == NOTICE:
            notices.append(read_notice(event.facts))
        else:
            takes.append(read_takes(event.facts))
    return TargetLines(
        target=target,
        releases=tuple(releases),
        withdrawals=tuple(withdrawals),
        notices=tuple(notices),
        takes=tuple(takes),
    )


@no_collecting()
def history_of(lines: TargetLines) -> ReleaseHistory:
    """Give the history that lines tell."""
    # Merges put lines in any order.
    releases = in_time(lines.releases)
    withdrawals = last_withdrawals(lines.withdrawals)
    revisions: dict[EditionKey, dict[int, Release]] = {}
    firsts: dict[str, Release] = {}
    topics: dict[str, dict[str, datetime]] = {}
    takes: dict[str, tuple[StationTakes, ...]] = {}
    for line in sorted(lines.takes, key=lambda one: (one.at, sorted(one.taken))):
        takes[line.station] = (*takes.get(line.station, ()), line)
    for release in releases:
        known = revisions.setdefault(release.edition, {})
        if release.revision in known:
            first = firsts.setdefault(release.guid, known[release.revision])
            told = topics.setdefault(release.guid, dict.fromkeys(first.topics, first.published_at))
            # Lines of older versions told no topics: what they are about is no news.
            since = release.published_at if first.fact_values is None else release.changed_at
            for topic in release.topics:
                told.setdefault(topic, since)
        # The latest line of a revision says how it is now.
        known[release.revision] = release
    return ReleaseHistory(
        target=lines.target,
        editions={
            edition: tuple(_standings([found[number] for number in sorted(found)], withdrawals))
            for edition, found in revisions.items()
        },
        notices=last_notices(lines.notices),
        firsts=firsts,
        topics=topics,
        takes=takes,
        disputed=find_disputed(releases, withdrawals),
    )


_standing = maker(Standing)


def _standings(
    releases: Sequence[Release], withdrawals: Mapping[tuple[EditionKey, int], Withdrawal]
) -> Iterator[Standing]:
    before: Withdrawal | None = None
    for number, release in enumerate(releases):
        successor = releases[number + 1] if number + 1 < len(releases) else None
        withdrawal = withdrawals.get((release.edition, release.revision))
        if withdrawal is None and successor is not None:
            withdrawal = withdraw(
                release, Withdrawing.CORRECT, successor.reason, successor.published_at
            )
        yield _standing(
            release=release,
            withdrawal=withdrawal,
            successor=successor,
            corrects=before is not None and before.kind is not Withdrawing.EXPIRE,
        )
        before = withdrawal


def media_of(history: ReleaseHistory, today: date) -> Iterator[MediaObject]:
    """Give every object that live editions, and withdrawn items and notices in feeds, name."""
    for one in history.standings():
        if one.withdrawal is None:
            yield from one.release.media
        elif one.withdrawal.sound is not None and one.last_day >= today:
            yield from one.withdrawal.sound.media
    for notice in history.notices:
        if notice.sound is not None and last_day_of(notice) >= today:
            yield from notice.sound.media


def releases_of(ledger: Ledger, target: str) -> dict[EditionKey, list[Release]]:
    """Give every edition's releases at a target: the latest line of each revision, in order."""
    history = read_history(ledger, target)
    return {
        edition: [one.release for one in revisions]
        for edition, revisions in history.editions.items()
    }


def live(history: ReleaseHistory) -> list[Standing]:
    """Give the revisions that listeners are to play, whatever their dates."""
    return [one for one in history.standings() if one.withdrawal is None]
