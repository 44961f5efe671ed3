"""Planned against played: what stations aired of what was asked of them, and what they should not.

Only days of which a station's log tells are compared: of the others nobody knows. A play after
its last day, or of words that were taken back, is named with its moment: listeners heard it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from production.airplay.kept_plans import kept_days
from production.airplay.store import StationAirplay, read_airplay
from production.ledger.ledger import Ledger
from production.packs.recall import Histories
from programme.digests import Plain
from programme.editions import EditionKey, version_of
from programme.stations import Station
from programme.units import LanguageTag
from stations.airplay import PlayedLine
from stations.play_history import KeptDay

NO_TOPIC = "none"
"""Stands for editions whose segments name no topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often something was planned and played, on days of which logs tell."""

    name: str
    planned: int
    played: int

    @property
    def missing(self) -> int:
        """Plays that were planned and not had; 0 where there were more."""
        return max(self.planned - self.played, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPlays:
    """An edition that was played less often on a day than was planned."""

    station: str
    day: date
    edition: EditionKey
    title: str
    planned: int
    played: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongPlay:
    """A play that should not have been."""

    station: str
    line: PlayedLine
    since: date
    """Its last day; or the day on which it was withdrawn."""
    reason: str = ""
    """The operator's, for what was withdrawn; empty where nobody said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AirplayReport:
    """What is known of some stations over some days."""

    first: date | None
    """The first day of which anything is known; None where nothing is."""
    last: date | None
    stations: tuple[Tally, ...]
    languages: tuple[Tally, ...]
    topics: tuple[Tally, ...]
    """An edition of several topics counts for each of them."""
    silent: tuple[tuple[str, LanguageTag], ...]
    """Station and language of which not one play is logged though the station takes it."""
    missing: tuple[MissingPlays, ...]
    late: tuple[WrongPlay, ...]
    withdrawn: tuple[WrongPlay, ...]
    unknown: tuple[tuple[str, int], ...]
    """Station, and how many planned days have no log."""

    def plain(self) -> dict[str, Plain]:
        """Give it for --json."""
        return {
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
            "stations": _tallies(self.stations),
            "languages": _tallies(self.languages),
            "topics": _tallies(self.topics),
            "silent_languages": [
                {"station": station, "language": tag} for station, tag in self.silent
            ],
            "missing": [
                {
                    "station": one.station,
                    "day": one.day.isoformat(),
                    **_edition(one.edition),
                    "title": one.title,
                    "planned": one.planned,
                    "played": one.played,
                }
                for one in self.missing
            ],
            "after_last_day": [_wrong(one, "last_day") for one in self.late],
            "withdrawn": [_wrong(one, "withdrawn_on") for one in self.withdrawn],
            "days_without_log": [
                {"station": station, "days": days} for station, days in self.unknown
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days from one to another, both included; None leaves an end open."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        return (self.first or date.min) <= day <= (self.last or date.max)


def airplay_report(
    root: Path, names: Sequence[str], stations: Mapping[str, Station], span: Span
) -> AirplayReport:
    """Compare what was planned with what was played.

    Args:
        root: of the workspace.
        names: ids of the stations that are looked at.
        stations: those that the workspace has, by id; a station that it has no more is still
            told of, without its silent languages.
        span: which days.

    Raises:
        ProductionError: something that is kept is damaged.
    """
    judge = _Judge(Ledger(root))
    counts = _Counts()
    silent: list[tuple[str, LanguageTag]] = []
    missing: list[MissingPlays] = []
    wrong: list[tuple[WrongPlay | None, WrongPlay | None]] = []
    unknown: list[tuple[str, int]] = []
    days: set[date] = set()
    for name in names:
        played = _within(read_airplay(root, name), span)
        plans = list(
            kept_days(root, name, first=span.first or date.min, last=span.last or date.max)
        )
        told = [day for day in plans if day.day in played.days]
        days |= {*played.days, *(day.day for day in plans)}
        counts.add(name, told, played.lines)
        missing += _missing(name, told, played.lines)
        wrong += [(_late(name, line), judge.withdrawn(name, line)) for line in played.lines]
        if played.days:
            silent += _silent(name, stations.get(name), told, played.lines)
        if len(told) < len(plans):
            unknown.append((name, len(plans) - len(told)))
    return AirplayReport(
        first=min(days, default=None),
        last=max(days, default=None),
        stations=counts.tallies(counts.stations),
        languages=counts.tallies(counts.languages),
        topics=counts.tallies(counts.topics),
        silent=tuple(silent),
        missing=tuple(missing),
        late=tuple(late for late, _ in wrong if late is not None),
        withdrawn=tuple(taken for _, taken in wrong if taken is not None),
        unknown=tuple(unknown),
    )


class _Counts:
    """Planned and played by station, language and topic."""

    def __init__(self) -> None:
        self.stations: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self.languages: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self.topics: tuple[Counter[str], Counter[str]] = (Counter(), Counter())

    def add(self, station: str, days: Iterable[KeptDay], lines: Iterable[PlayedLine]) -> None:
        for day in days:
            for play in day.plays:
                self._count(0, station, play.language, play.topics)
        for line in lines:
            self._count(1, station, line.language, line.topics)

    def _count(self, side: int, station: str, language: str, topics: Sequence[str]) -> None:
        self.stations[side][station] += 1
        self.languages[side][language] += 1
        self.topics[side].update(topics or (NO_TOPIC,))

    @staticmethod
    def tallies(pair: tuple[Counter[str], Counter[str]]) -> tuple[Tally, ...]:
        """Give the figures, what was planned most first."""
        planned, played = pair
        names = sorted({*planned, *played}, key=lambda one: (-planned[one], -played[one], one))
        return tuple(Tally(name=n, planned=planned[n], played=played[n]) for n in names)


class _Judge:
    """Knows which words were taken back, and since when."""

    def __init__(self, ledger: Ledger) -> None:
        self._histories = Histories(ledger)
        self._taken: dict[tuple[EditionKey, str], tuple[datetime, str]] = {}
        for one in self._histories.all_withdrawn():
            if one.withdrawal is None:
                continue
            key = (one.release.edition, version_of(one.release.words_digest))
            earlier = self._taken.get(key)
            if earlier is None or one.withdrawal.at < earlier[0]:
                self._taken[key] = (one.withdrawal.at, one.withdrawal.reason)

    def withdrawn(self, station: str, line: PlayedLine) -> WrongPlay | None:
        """Give a play of words that were taken back before its day."""
        taken = self._taken.get((line.key, line.version))
        if taken is None and not line.version:
            last = self._histories.last_withdrawn(line.key)
            if last is not None and last.withdrawal is not None:
                taken = (last.withdrawal.at, last.withdrawal.reason)
        # A station's clock is its own, the ledger's is UTC: the day itself accuses nobody.
        if taken is None or line.at.date() <= taken[0].date():
            return None
        return WrongPlay(station=station, line=line, since=taken[0].date(), reason=taken[1])


def _within(known: StationAirplay, span: Span) -> StationAirplay:
    return StationAirplay(
        lines=tuple(one for one in known.lines if span.holds(one.at.date())),
        days=frozenset(day for day in known.days if span.holds(day)),
    )


def _missing(
    station: str, days: Iterable[KeptDay], lines: Iterable[PlayedLine]
) -> Iterable[MissingPlays]:
    played = Counter((line.at.date(), line.key) for line in lines)
    for day in days:
        planned = Counter(play.key for play in day.plays)
        titles = {play.key: play.title for play in day.plays}
        for key, count in planned.items():
            if played[day.day, key] < count:
                yield MissingPlays(
                    station=station,
                    day=day.day,
                    edition=key,
                    title=titles[key],
                    planned=count,
                    played=played[day.day, key],
                )


def _late(station: str, line: PlayedLine) -> WrongPlay | None:
    if not line.is_late:
        return None
    return WrongPlay(station=station, line=line, since=line.expires)


def _silent(
    name: str,
    station: Station | None,
    days: Iterable[KeptDay],
    lines: Iterable[PlayedLine],
) -> Iterable[tuple[str, LanguageTag]]:
    wanted = dict.fromkeys(station.languages if station is not None else ())
    wanted |= dict.fromkeys(play.language for day in days for play in day.plays)
    heard = {line.language for line in lines}
    return [(name, tag) for tag in wanted if tag not in heard]


def _tallies(rows: Iterable[Tally]) -> list[Plain]:
    return [{"name": one.name, "planned": one.planned, "played": one.played} for one in rows]


def _edition(key: EditionKey) -> dict[str, Plain]:
    return {"series": key[0], "episode": key[1], "language": key[2]}


def _wrong(one: WrongPlay, since: str) -> dict[str, Plain]:
    row: dict[str, Plain] = {
        "station": one.station,
        "at": one.line.at.isoformat(timespec="seconds"),
        **_edition(one.line.key),
        "title": one.line.title,
        since: one.since.isoformat(),
    }
    return row | ({"reason": one.reason} if one.reason else {})
