"""What each public station takes, and since when: so that its feed shows nothing back-dated.

LibreTime and AntennaPod pass over an item that is older than the newest they know. Where a station
begins to take a series or a language, what was published before comes to its feed on that day.
The ledger keeps a line for each change; its first says what was taken from the beginning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from programme.digests import Plain
from programme.series import SeriesKind
from programme.stations import Station
from programme.units import LanguageTag
from scripts.workspace import Workspace

TAKES = "takes"
"""Name of the ledger's lines about it."""

Taken = frozenset[tuple[str, LanguageTag]]
"""Series and languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationTakes:
    """What a station takes from a moment on, at one target."""

    target: str
    station: str
    at: datetime
    taken: Taken

    def plain(self) -> dict[str, Plain]:
        """Write it down for the ledger."""
        return {
            "target": self.target,
            "station": self.station,
            "at": self.at.isoformat(),
            "taken": [list(pair) for pair in sorted(self.taken)],
        }


def read_takes(facts: Mapping[str, Any]) -> StationTakes:
    """Read a line back from the ledger."""
    return StationTakes(
        target=facts["target"],
        station=facts["station"],
        at=datetime.fromisoformat(facts["at"]),
        taken=frozenset((series, LanguageTag(tag)) for series, tag in facts["taken"]),
    )


def taken_by(station: Station, workspace: Workspace) -> Taken:
    """Give what a station takes today, of all that has a feed."""
    found = (workspace.series[name] for name in station.series if name in workspace.series)
    return frozenset(
        (series.id, tag)
        for series in found
        if series.kind is not SeriesKind.LOOP
        for tag in series.languages
        if tag in station.languages
    )


def came_at(
    lines: Sequence[StationTakes], pair: tuple[str, LanguageTag], published_at: datetime
) -> datetime | None:
    """Give when an item came to a station's feed: on publication, or later; None for never.

    Args:
        lines: of the station, oldest first; what the first says held before it too.
        pair: the item's series and language.
        published_at: when it was published.
    """
    last = len([line for line in lines if line.at <= published_at]) - 1
    if lines and pair in lines[max(last, 0)].taken:
        return published_at
    later = lines[max(last, 0) + 1 :]
    return next((line.at for line in later if pair in line.taken), None)
