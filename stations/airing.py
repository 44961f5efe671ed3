"""What a station can play: one finished edition, as schedules, lists, logs and reports know it.

Pure values: no file is touched here. Who builds them from editions is production, which alone
knows what was withdrawn; an item that must not be played never becomes one.
"""

from dataclasses import dataclass
from datetime import date

from programme.editions import NEVER, EditionKey
from programme.series import SeriesKind
from programme.units import DurationMs, LanguageTag

Message = tuple[str, str]
"""Series and episode: what is said, in whatever language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AirItem:
    """One edition that a station may play."""

    series: str
    """Id of its series."""
    episode: str
    """Id of its episode."""
    number: int
    """Of the episode in its series, from 1."""
    language: LanguageTag
    version: str
    """Changes with what is said and with nothing else: the first 16 characters of the digest of
    its words, as in the tag CONTENT_VERSION; empty where the edition is not built yet."""
    title: str
    """In its language, as in its tags."""
    artist: str
    """As in its tags."""
    kind: SeriesKind
    topics: tuple[str, ...] = ()
    """Of its segments, once each, in their order."""
    urgent: bool = False
    """Whether a segment of it is an alert: it is played first and more often."""
    duration_ms: DurationMs
    """Of the file as it is decoded; greater than 0."""
    dated: date
    """Of its episode: it is not played before."""
    expires: date
    """The last day on which it may be played; NEVER where it has none."""
    stem: str
    """What its file is called at the station, without the ending; unique over all languages."""
    suffix: str = ".mp3"
    """How its file's name ends."""
    first_words: str = ""
    """With which it begins, for who announces it; empty where nobody knows."""
    last_words: str = ""
    """With which it ends (outcue), for who speaks after it; empty where nobody knows."""

    @property
    def key(self) -> EditionKey:
        """What feeds, packs and the ledger know it by."""
        return (self.series, self.episode, self.language)

    @property
    def message(self) -> Message:
        """What is said, in whatever language: two of these one after the other bore everybody."""
        return (self.series, self.episode)

    @property
    def file_name(self) -> str:
        """What its file is called at the station."""
        return self.stem + self.suffix

    @property
    def has_last_day(self) -> bool:
        """Whether it is past its date one day."""
        return self.expires != NEVER

    def may_be_played(self, day: date) -> bool:
        """Tell whether a day is neither before its date nor after its last day."""
        return self.dated <= day <= self.expires
