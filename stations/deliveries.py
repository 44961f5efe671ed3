"""Values of a delivery: what goes into a station's folder, and what must leave it."""

import math
import ntpath
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from programme.editions import Edition, Rendition
from programme.network import Network
from programme.notices import NoticeKind
from programme.series import Series
from programme.stations import Station
from programme.units import Db, DurationMs, LanguageTag
from stations.airing import AirItem
from stations.day_plan import DayPlan

_REPLAYGAIN = -18.0
"""LUFS to which replay gain leads (ReplayGain 2.0)."""
_HEADROOM_DBTP = -1.0
"""No file is raised so far that its peaks pass it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CuePoints:
    """Where a file begins and ends to be heard."""

    cue_in_ms: DurationMs
    cue_out_ms: DurationMs


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryItem:
    """One edition with the one file of it that this station takes."""

    air: AirItem
    edition: Edition
    rendition: Rendition
    audio: Path
    """The rendition's file; it must have the rendition's length and digest."""
    cues: CuePoints
    tags: Mapping[str, str]
    """As another program reads them from the file; see ``audio.file_tags``."""

    @property
    def gain_db(self) -> Db:
        """What leads to -18 LUFS, less where peaks would be cut: a player has no limiter."""
        loudness = self.rendition.loudness
        wanted = _REPLAYGAIN - loudness.integrated
        room = _HEADROOM_DBTP - loudness.true_peak
        return Db(min(wanted, room) if math.isfinite(room) else wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An item and where its file lies."""

    path: str
    """From the root of the folder, with forward slashes."""
    item: DeliveryItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """An edition that the folder held and that must not be played any more."""

    series: str
    episode: str
    language: LanguageTag
    title: str
    kind: NoticeKind
    reason: str
    """The operator's; empty where nobody said."""
    since: date
    files: tuple[str, ...]
    """As they were called, from the root of the folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRequest:
    """All that decides what a station's folder holds."""

    station: Station
    network: Network
    series: Mapping[str, Series]
    items: tuple[DeliveryItem, ...]
    """In any order."""
    today: date
    days: int
    """For how many days, from today on, there are lists and files by date."""
    plans: tuple[DayPlan, ...] = ()
    """Of these days; empty for a station that plans by itself."""
    removed: tuple[Removed, ...] = ()
    rehearsal: bool = False
    """Whether it is an example, whatever it holds: its papers then say so."""

    @property
    def demo(self) -> bool:
        """Whether it is an example: it is a rehearsal, or something in it speaks a demo fact."""
        return self.rehearsal or any(one.edition.demo for one in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationFolder:
    """Where everything lies, as a program's lists need to know it."""

    request: DeliveryRequest
    media: tuple[Placed, ...]
    """Each item once, in play order."""
    now: tuple[Placed, ...]
    """Those of them that may be played today; what is dated later is for planned days alone."""
    latest: tuple[Placed, ...]
    by_date: tuple[Placed, ...]

    @property
    def station(self) -> Station:
        """Whose folder it is."""
        return self.request.station

    def absolute(self, path: str) -> str:
        """Give a path as the station's own computer writes it; as it is where nobody said."""
        root = self.station.settings.drive_path
        if not root:
            return path
        return _absolute(root, path, windows=self.station.automation.is_windows)


@lru_cache(maxsize=4096)
def _absolute(root: str, path: str, *, windows: bool) -> str:
    return ntpath.join(root, *path.split("/")) if windows else posixpath.join(root, path)
