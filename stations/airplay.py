"""What a station says it played: values of its logs, before and after they are understood."""

from dataclasses import dataclass
from datetime import date, datetime

from programme.editions import EditionKey
from programme.units import LanguageTag


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedPlay:
    """One row of a log as the station's program wrote it; texts of one line each."""

    line: int
    """In the file, from 1."""
    at: datetime
    """By the station's own clock, as written; without a zone."""
    title: str = ""
    artist: str = ""
    file: str = ""
    """Its file's name or path, as the program writes it."""
    series: str = ""
    episode: str = ""
    language: str = ""
    is_cut: bool = False
    """Whether the program cuts titles, so that this may be the beginning of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFault:
    """A row that is not understood."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedLog:
    """A log as read, with what of it is not understood."""

    kind: str
    """Which program's: ``rivendell`` for its text report, else ``table``."""
    plays: tuple[LoggedPlay, ...]
    unticked: int
    """Rows of a sheet that nobody ticked: they were not played."""
    days: frozenset[date]
    """On which the log has any row, played or not, ours or not."""
    faults: tuple[LogFault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """An edition that a log may mean, with what a report must know of it."""

    series: str
    episode: str
    language: LanguageTag
    version: str
    """As in AirItem; empty where that is not known."""
    title: str
    stem: str
    """What its file is called, without the ending; empty where that is not known."""
    expires: date
    topics: tuple[str, ...] = ()

    @property
    def key(self) -> EditionKey:
        """What feeds, packs and the ledger know it by."""
        return (self.series, self.episode, self.language)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PlayedLine:
    """One play that is understood: a canonical line of private/airplay/played."""

    at: datetime
    """By the station's own clock, in whole seconds; without a zone."""
    series: str
    episode: str
    language: LanguageTag
    version: str
    title: str
    expires: date
    topics: tuple[str, ...]

    @property
    def key(self) -> EditionKey:
        """What feeds, packs and the ledger know it by."""
        return (self.series, self.episode, self.language)

    @property
    def is_late(self) -> bool:
        """Whether it was played after its last day."""
        return self.at.date() > self.expires
