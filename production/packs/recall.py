"""Recalls: what earlier packs of a station held that nobody may play any more.

Three things say so: the ledger's ``withdrawn`` lines, whatever target they are of; the words,
where an edition says others now than in a pack that was handed out; and that an edition is not
there any more, be it that it is past its date, that a fact in it expired or that somebody took it
out: it then stands in the papers, without a spoken notice, as nobody said that it was wrong.

What a pack held is noted in its ``pack`` line; lines of older versions do not say it, and are
read with what they do say.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from production.ledger.ledger import Event, Ledger
from production.releases.history import (
    WITHDRAWN_DAYS,
    Standing,
    read_history,
)
from production.releases.values import RELEASED, Withdrawing
from programme.digests import Plain
from programme.editions import Edition, EditionKey
from programme.notices import NoticeKind
from programme.stations import Station
from programme.units import Digest, LanguageTag
from stations.pack_plan import PackEdition, PackPlan
from stations.recall import Recall, RecalledFile

_KINDS = {
    Withdrawing.CORRECT: NoticeKind.CORRECTED,
    Withdrawing.RETRACT: NoticeKind.RETRACTED,
    Withdrawing.EXPIRE: NoticeKind.EXPIRED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One edition as a pack that was handed out held it."""

    edition: EditionKey
    number: int
    title: str
    dated: date
    words: Digest
    """Of everything that is said in it."""
    path: str
    """Inside the pack; empty where nobody noted it."""
    digest: Digest
    """Of the file's bytes; empty where nobody noted it."""
    expires: date
    """Its last day."""
    own: bool
    """Whether it says a fact of that station's own, and so words that were never released."""
    pack: str
    serial: int
    issued: date
    valid_until: date
    segments: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    """What it holds and speaks; both are empty in lines of older versions."""

    @property
    def name(self) -> str:
        """The pack as people find it named in its README."""
        return f"{self.pack}/{self.serial}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """A recall, and what is needed to speak of it."""

    recall: Recall
    number: int
    dated: date
    aloud: bool
    """Whether listeners are told: somebody took it back or put it right."""


class Histories:
    """What was released and withdrawn at every target."""

    def __init__(self, ledger: Ledger) -> None:
        """Read the ledger's lines."""
        targets = dict.fromkeys(str(event.facts["target"]) for event in ledger.events(RELEASED))
        self._histories = [read_history(ledger, target) for target in targets]

    def withdrawn(self, edition: EditionKey, words: Digest) -> Standing | None:
        """Give how words that were withdrawn stand; None where they are live, or never went out.

        One target that took them back is enough: they are wrong everywhere.
        """
        found = [one for one in self._standings(edition) if one.release.words_digest == words]
        taken = [one for one in found if one.withdrawal is not None]
        for one in taken:
            again = (
                other
                for other in found
                if other.withdrawal is None
                and other.release.target == one.release.target
                and other.release.revision > one.release.revision
            )
            if next(again, None) is None:
                return one
        return None

    def last_withdrawn(self, edition: EditionKey) -> Standing | None:
        """Give the latest revision of an edition where it is taken back without another."""
        for history in self._histories:
            last = history.last(edition)
            if last is not None and last.withdrawal is not None:
                return last
        return None

    def all_withdrawn(self) -> Iterator[Standing]:
        """Give every revision that is withdrawn now."""
        for history in self._histories:
            for one in history.standings():
                if self.withdrawn(one.release.edition, one.release.words_digest) is one:
                    yield one

    def _standings(self, edition: EditionKey) -> Iterator[Standing]:
        for history in self._histories:
            yield from history.editions.get(edition, ())


def may_be_packed(
    histories: Histories, edition: Edition, general: Mapping[EditionKey, Digest]
) -> bool:
    """Tell whether nobody took back what an edition says.

    Args:
        histories: of every target.
        edition: as built; a station's own words are judged by those that everybody else hears.
        general: words of the editions that everybody hears.
    """
    key = edition.key
    if histories.withdrawn(key, edition.words_digest) is not None:
        return False
    if general.get(key) == edition.words_digest:
        return True
    if key not in general:
        return histories.last_withdrawn(key) is None
    return histories.withdrawn(key, general[key]) is None


def held_plain(plan: PackPlan, own: Collection[EditionKey]) -> list[Plain]:
    """Note for the ledger what a pack holds, in play order; notices are none of it."""
    return [
        held_row(edition, track.path, track.item.rendition.digest, own=own)
        for track in plan.tracks
        for edition in track.item.messages
    ]


def held_row(
    edition: Edition, path: str, digest: Digest, *, own: Collection[EditionKey]
) -> dict[str, Plain]:
    """Note one edition as a pack or a folder holds it.

    Args:
        edition: as it is said there.
        path: of its file.
        digest: of that file.
        own: the editions that say a fact of the station's own.
    """
    return {
        "series": edition.series,
        "episode": edition.episode,
        "language": edition.language,
        "number": edition.number,
        "title": edition.title,
        "dated": edition.dated.isoformat(),
        "expires": edition.expires.isoformat(),
        "words": edition.words_digest,
        "path": path,
        "sha256": digest,
        "own": edition.key in own,
        "segments": list(edition.segments),
        "facts": sorted(edition.facts),
    }


def held_in(events: Iterable[Event]) -> list[Held]:
    """Read what packs held, in the order of the ledger; nothing of lines that do not say it."""
    return [
        Held(
            edition=(str(row["series"]), str(row["episode"]), LanguageTag(row["language"])),
            number=int(row["number"]),
            title=str(row["title"]),
            dated=date.fromisoformat(row["dated"]),
            expires=date.fromisoformat(row["expires"]),
            words=Digest(row["words"]),
            path=str(row["path"]),
            digest=Digest(row["sha256"]),
            own=bool(row["own"]),
            pack=str(event.facts["pack"]),
            serial=int(event.facts["serial"]),
            issued=date.fromisoformat(event.facts["issued"]),
            valid_until=date.fromisoformat(event.facts["valid_until"]),
            segments=tuple(row.get("segments", ())),
            facts=tuple(row.get("facts", ())),
        )
        for event in events
        for row in event.facts.get("items", ())
    ]


def find_recalls(
    events: Sequence[Event],
    histories: Histories,
    chosen: Sequence[PackEdition],
    *,
    station: Station,
    today: date,
) -> tuple[Recalled, ...]:
    """Give what earlier packs held and must be deleted now.

    A recall stays until every pack that held it is past its date, and at least 90 days.

    Args:
        events: ``pack`` lines of the packs that the station was given, in the ledger's order.
        histories: of every target.
        chosen: what the new pack holds.
        station: whose series and languages these packs held.
        today: when words that changed without being published count as corrected, where no
            pack was made of the new ones yet.
    """
    now = {one.edition.key: one.edition.words_digest for one in chosen}
    by_edition: dict[EditionKey, list[Held]] = {}
    for held in [*held_in(events), *_unnoted(events, histories, station)]:
        series, _, language = held.edition
        is_taken = series in station.series and language in station.languages
        if is_taken and now.get(held.edition) != held.words:
            by_edition.setdefault(held.edition, []).append(held)
    found = []
    for key, several in by_edition.items():
        told = [_why(one, histories, now, events, today) for one in several]
        # What happened last is what people are told.
        last_why = max(told, key=lambda one: one.since)
        if not _is_needed(several, last_why.since, today):
            continue
        last = several[-1]
        found.append(
            Recalled(
                recall=Recall(
                    series=key[0],
                    episode=key[1],
                    language=key[2],
                    title=last.title,
                    kind=last_why.kind,
                    reason=last_why.reason,
                    since=last_why.since,
                    files=_files(several),
                ),
                number=last.number,
                dated=last.dated,
                aloud=any(one.aloud for one in told),
            )
        )
    rank = {tag: place for place, tag in enumerate(station.languages)}

    def order(one: Recalled) -> tuple[int, str, str, int, str]:
        recall = one.recall
        language = recall.language
        place = rank.get(language, len(rank))
        return place, language, recall.series, one.number, recall.episode

    return tuple(sorted(found, key=order))


def _unnoted(events: Sequence[Event], histories: Histories, station: Station) -> Iterator[Held]:
    """Give withdrawn editions in packs of which an older version noted the segments alone."""
    packs = [event for event in events if "items" not in event.facts]
    for one in histories.all_withdrawn() if packs else ():
        release = one.release
        if release.series not in station.series or release.language not in station.languages:
            continue
        for event in packs:
            issued = date.fromisoformat(event.facts["issued"])
            segments = set(event.facts.get("segments", ()))
            if not release.segments or not segments.issuperset(release.segments):
                continue
            if release.published_at.date() <= issued <= _taken_on(one):
                yield Held(
                    edition=release.edition,
                    number=release.number,
                    title=release.title,
                    dated=release.dated or release.published_at.date(),
                    expires=release.expires,
                    words=release.words_digest,
                    path="",
                    digest=Digest(""),
                    own=False,
                    pack=str(event.facts["pack"]),
                    serial=int(event.facts["serial"]),
                    issued=issued,
                    valid_until=date.fromisoformat(event.facts["valid_until"]),
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Why:
    """What became of words."""

    kind: NoticeKind
    reason: str
    """The operator's."""
    since: date
    aloud: bool


def _why(
    held: Held,
    histories: Histories,
    now: Mapping[EditionKey, Digest],
    events: Sequence[Event],
    today: date,
) -> _Why:
    """Say why words that a pack held, and the new one does not, are not to be played any more."""
    standing = histories.withdrawn(held.edition, held.words)
    if standing is None and held.own:
        last = histories.last_withdrawn(held.edition)
        later = last is not None and last.withdrawal is not None
        standing = last if later and _taken_on(last) >= held.issued else None
    if standing is not None and standing.withdrawal is not None:
        taken = standing.withdrawal
        return _Why(kind=_KINDS[taken.kind], reason=taken.reason, since=taken.at.date(), aloud=True)
    if held.edition not in now and held.expires < today:
        since = held.expires + timedelta(days=1)
        return _Why(kind=NoticeKind.EXPIRED, reason="", since=since, aloud=False)
    kind = NoticeKind.CORRECTED if held.edition in now else NoticeKind.WITHDRAWN
    since = _changed_on(held, events) or today
    return _Why(kind=kind, reason="", since=since, aloud=kind is NoticeKind.CORRECTED)


def _taken_on(standing: Standing | None) -> date:
    if standing is None or standing.withdrawal is None:
        return date.min
    return standing.withdrawal.at.date()


def _changed_on(held: Held, events: Sequence[Event]) -> date | None:
    """Give the day of the first later pack without these words; None where none was made."""
    later = False
    for event in events:
        if str(event.facts["pack"]) != held.pack or "items" not in event.facts:
            continue
        says = {one.words for one in held_in([event]) if one.edition == held.edition}
        if held.words in says:
            later = True
        elif later:
            return date.fromisoformat(event.facts["issued"])
    return None


def _is_needed(held: Sequence[Held], since: date, today: date) -> bool:
    until = max(one.valid_until for one in held)
    return today <= max(until, since + timedelta(days=WITHDRAWN_DAYS))


def _files(several: Sequence[Held]) -> tuple[RecalledFile, ...]:
    packs: dict[tuple[str, Digest], dict[str, None]] = {}
    for held in several:
        packs.setdefault((held.path, held.digest), {})[held.name] = None
    return tuple(
        RecalledFile(path=path, digest=digest, packs=tuple(names))
        for (path, digest), names in packs.items()
    )
