"""The story of an episode, from the ledger: what went out, what changed and why, what was undone.

Only what stands in the workspace's own ledger is told: it names no private station and no consent,
so that a log may be shown to whoever asks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from feeds.pages.addresses import episode_key
from production.ledger.ledger import Event, Ledger
from production.ledger.merging import in_time
from production.packs.made import PACKED, pack_key
from production.packs.recall import Held, held_in
from production.packs.register import ENDED, SHIPPED
from production.releases.changes import (
    NEW_ITEM,
    changes_of,
    each_with_what_was_before,
    moment_of,
)
from production.releases.history import read_history
from production.releases.listing import state_of
from production.releases.values import (
    NOTICE,
    RELEASED,
    WITHDRAWN,
    MediaObject,
    Release,
    read_notice,
    read_release,
    read_withdrawal,
)
from programme.digests import canonical_json
from programme.editions import EditionKey
from programme.errors import ExitCode, ProductionError
from programme.units import Digest
from programme.wording import shortened
from scripts.wording import maybe_meant


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One thing that happened to an edition."""

    what: str
    """``new``, ``correct``, ``renew``, ``replace`` or ``text`` of a release; ``corrected``,
    ``withdrawn`` or ``expired`` of a revision; ``notice``; ``packed``, ``shipped`` or ``ended`` of
    a pack."""
    day: date
    """UTC where there is a moment; else as the operator noted it."""
    at: datetime | None = None
    """Aware, UTC; None for what the ledger notes only the day of."""
    target: str = ""
    """Empty for packs."""
    revision: int = 0
    """Of the edition; 0 where a pack holds words that were never released."""
    guid: str = ""
    title: str = ""
    reason: str = ""
    """As the operator told listeners; empty where nobody said."""
    changed: tuple[str, ...] = ()
    """Against what was there before: ``words``, ``sound``, ``title``, ``description``, ``expires``,
    ``topics``, ``sources``, ``chapters``, ``texts``, ``fact ID`` (says something else), ``segment
    +ID`` and ``segment -ID``."""
    expires: date | None = None
    """Last day of what was released or packed."""
    aloud: bool | None = None
    """Whether a withdrawal or a notice is spoken; None for what is neither."""
    removed: int = 0
    """Objects of a withdrawn revision that were taken away since."""
    addresses: tuple[str, ...] = ()
    """Public: its page, then its sound."""
    pack: str = ""
    serial: int = 0
    stations: tuple[str, ...] = ()
    """Who it was made for or went to, of those that may be named; a private one as ``""``."""
    how: str = ""
    """The carrier, or how a station got rid of a pack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Everything that the ledger tells of one edition."""

    edition: EditionKey
    entries: tuple[LogEntry, ...]
    """In time."""
    now: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """By target, the latest revision and how it stands, as in ``ReleaseRow.state``."""


def tell_stories(
    ledger: Ledger,
    names: Sequence[str],
    *,
    base_url: str,
    today: date,
    target: str = "",
) -> list[Story]:
    """Give the stories of the editions that are named, or of all, by their names.

    Args:
        ledger: of the workspace.
        names: ``series``, ``series/episode`` or ``series/episode/language``; none for all.
        base_url: of the network.
        today: the operator's own day.
        target: only what went there, and packs; empty for all.

    Raises:
        ProductionError: code USAGE; the ledger tells nothing of that name.
    """
    teller = _Teller(_about(ledger, names), base_url, today)
    targets = dict.fromkeys(str(event.facts["target"]) for event in ledger.events(RELEASED))
    for name in [one for one in targets if target in {"", one}]:
        teller.target(name)
    teller.packs()
    found = sorted(teller.entries)
    for name in names:
        if not any(_fits(name, edition) for edition in found):
            raise _unknown(ledger, name)
    return [
        Story(
            edition=edition,
            entries=tuple(sorted(teller.entries[edition], key=_when)),
            now=teller.now.get(edition, {}),
        )
        for edition in found
        if not names or any(_fits(name, edition) for name in names)
    ]


def _about(ledger: Ledger, names: Sequence[str]) -> Ledger:
    """Leave out the lines of other episodes, where all names are exact: there may be thousands."""
    wanted = [name.strip("/").split("/")[1:2] for name in names]
    marks = [canonical_json({"episode": one[0]})[1:-1].encode() for one in wanted if one]
    if not names or len(marks) < len(names):
        return ledger
    lines = [line for _, line in ledger.lines() if _EPISODE not in line or _has(line, marks)]
    return ledger.of_lines(ledger.path.parent, lines)


def _has(line: bytes, marks: Sequence[bytes]) -> bool:
    return any(mark in line for mark in marks)


_EPISODE = b'"episode":'


def _unknown(ledger: Ledger, name: str) -> ProductionError:
    """Give the error for a name of which the ledger tells nothing, with some that it knows."""
    events = (*ledger.events(RELEASED), *(ledger.events("pack")))
    rows = [row for event in events for row in event.facts.get("items", [event.facts])]
    known = dict.fromkeys(f"{row['series']}/{row['episode']}" for row in rows if "series" in row)
    return ProductionError(
        f"the ledger tells nothing of {name!a}",
        where="altavoz release log",
        remedy=maybe_meant(name, list(known))
        + f"name one of these, or a language of it: {shortened(', '.join(known), 200) or 'none'}",
        code=ExitCode.USAGE,
    )


def _fits(name: str, edition: EditionKey) -> bool:
    wanted = name.strip("/").split("/")
    series, episode, tag = edition
    # Languages are written in many ways.
    parts = [*wanted[:2], *(one.lower() for one in wanted[2:])]
    return parts == [series, episode, tag.lower()][: len(wanted)]


def _when(entry: LogEntry) -> tuple[date, bool, float, int]:
    """Order by time; what has only a day comes behind what happened on it."""
    moment = entry.at.timestamp() if entry.at else 0.0
    # A correction and what it takes the place of are of one moment.
    return entry.day, entry.at is None, moment, entry.revision


class _Teller:
    def __init__(self, ledger: Ledger, base_url: str, today: date) -> None:
        self.entries: dict[EditionKey, list[LogEntry]] = {}
        self.now: dict[EditionKey, dict[str, tuple[int, str]]] = {}
        self._ledger = ledger
        self._base = base_url
        self._today = today
        self._revisions: dict[tuple[EditionKey, Digest], int] = {}

    def target(self, target: str) -> None:
        """Take in what happened at a target."""
        events = self._ledger.events
        releases = in_time(read_release(e.facts) for e in events(RELEASED, target=target))
        gone = {key for e in events("removed", target=target) for key in e.facts["keys"]}
        media: dict[str, set[str]] = {}
        for release in releases:
            self._revisions[release.edition, release.words_digest] = release.revision
            media.setdefault(release.guid, set()).update(thing.key for thing in release.media)
        for release, before in each_with_what_was_before(releases):
            self._note(release.edition, self._released(release, before))
        for event in events(WITHDRAWN, target=target):
            one = read_withdrawal(event.facts)
            self._note(
                one.edition,
                LogEntry(
                    what=one.kind.outcome,
                    day=one.at.date(),
                    at=one.at,
                    target=target,
                    revision=one.revision,
                    guid=one.guid,
                    reason=one.reason,
                    aloud=one.sound is not None,
                    removed=len(media.get(one.guid, set()) & gone),
                    addresses=self._addresses(one.edition, one.sound.media if one.sound else ()),
                ),
            )
        for event in events(NOTICE, target=target):
            notice = read_notice(event.facts)
            sound = notice.sound.media if notice.sound else ()
            self._note(
                notice.edition,
                LogEntry(
                    what="notice",
                    day=notice.published_at.date(),
                    at=notice.published_at,
                    target=target,
                    revision=notice.revision,
                    guid=notice.guid,
                    title=notice.title,
                    reason=notice.reason,
                    aloud=notice.sound is not None,
                    addresses=self._addresses(notice.edition, sound),
                ),
            )
        for edition, found in read_history(self._ledger, target).editions.items():
            last = found[-1]
            stands = self.now.setdefault(edition, {})
            stands[target] = (last.release.revision, state_of(last, self._today))

    def packs(self) -> None:
        """Take in which packs held the editions, and where they went."""
        made = self._of_packs(PACKED)
        shipped, ended = self._of_packs(SHIPPED), self._of_packs(ENDED)
        for event in self._ledger.events("pack"):
            key = pack_key(event)
            for edition, held in {one.edition: one for one in held_in([event])}.items():
                self._note(edition, self._packed(held, made.get(key, ())))
                for later in (*shipped.get(key, ()), *ended.get(key, ())):
                    self._note(edition, self._went(held, later))

    def _of_packs(self, name: str) -> dict[tuple[str, int], list[Event]]:
        found: dict[tuple[str, int], list[Event]] = {}
        for event in self._ledger.events(name):
            found.setdefault(pack_key(event), []).append(event)
        return found

    def _note(self, edition: EditionKey, entry: LogEntry) -> None:
        self.entries.setdefault(edition, []).append(entry)

    def _released(self, release: Release, before: Release | None) -> LogEntry:
        return LogEntry(
            what=release.change.value,
            day=moment_of(release).date(),
            at=moment_of(release),
            target=release.target,
            revision=release.revision,
            guid=release.guid,
            title=release.title,
            reason=release.reason if release.change in NEW_ITEM else "",
            changed=tuple(changes_of(before, release)) if before else (),
            expires=release.expires,
            addresses=self._addresses(release.edition, release.media),
        )

    def _packed(self, held: Held, made: Iterable[Event]) -> LogEntry:
        return LogEntry(
            what="packed",
            day=held.issued,
            revision=self._revisions.get((held.edition, held.words), 0),
            title=held.title,
            expires=held.valid_until,
            pack=held.pack,
            serial=held.serial,
            stations=tuple(sorted({str(event.facts["station"]) for event in made})),
        )

    def _went(self, held: Held, event: Event) -> LogEntry:
        facts = event.facts
        return LogEntry(
            what=event.name,
            day=date.fromisoformat(facts["on"]),
            revision=self._revisions.get((held.edition, held.words), 0),
            title=held.title,
            pack=held.pack,
            serial=held.serial,
            stations=(str(facts.get("station", "")),),
            how=str(facts["carrier"] if event.name == SHIPPED else facts["how"]),
        )

    def _addresses(self, edition: EditionKey, media: Iterable[MediaObject]) -> tuple[str, ...]:
        series, episode, tag = edition
        sound = (thing.key for thing in media if thing.kbps)
        return tuple(self._base + key for key in (episode_key(series, tag, episode), *sound))
