"""Taking a station's played log into the workspace: read, understood, noted, and told of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from production.airplay.store import add_airplay, known_items, write_airplay
from production.ledger.ledger import Ledger
from programme.digests import Plain
from programme.errors import ExitCode, ProductionError
from programme.stations import Station
from programme.storage import storage_errors
from programme.wording import counted
from scripts.workspace import Workspace
from stations.airing import AirItem
from stations.airplay import LogFault, PlayedLine
from stations.airplay_log import MOST_BYTES, UnreadableLogError, parse_log
from stations.airplay_matching import Shelf, match_log
from stations.airplay_times import DateOrder

SHOWN = 20
"""Rows that are told of one by one before the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLog:
    """What became of a log."""

    station: str
    found: tuple[PlayedLine, ...]
    """Plays of ours in it."""
    new: int
    """How many of them were not noted before."""
    others: int
    """Rows of other programmes."""
    unticked: int
    days: tuple[date, ...]
    faults: tuple[LogFault, ...]

    def lines(self, file: str) -> Iterator[str]:
        """Say it in lines."""
        days = str(self.days[0]) if self.days else "no day"
        if len(self.days) > 1:
            days += f" to {self.days[-1]}"
        yield f"{counted(len(self.found), 'play')} of ours on {days}, {self.new} of them new"
        if self.others:
            yield f"{counted(self.others, 'row')} of other programmes"
        if self.unticked:
            yield f"{counted(self.unticked, 'row')} that nobody ticked: not played"
        for fault in self.faults[:SHOWN]:
            yield f"{file}:{fault.line}: not understood: {fault.problem}"
        if len(self.faults) > SHOWN:
            yield f"and {counted(len(self.faults) - SHOWN, 'row')} more; see all with --json"

    def plain(self) -> dict[str, Plain]:
        """Give it for --json."""
        return {
            "station": self.station,
            "found": len(self.found),
            "new": self.new,
            "others": self.others,
            "unticked": self.unticked,
            "days": [day.isoformat() for day in self.days],
            "not_understood": [
                {"line": fault.line, "problem": fault.problem} for fault in self.faults
            ],
        }


def import_log(
    workspace: Workspace,
    station: Station,
    path: Path,
    *,
    items: Iterable[AirItem] = (),
    day: date | None = None,
    order: DateOrder | None = None,
    dry_run: bool = False,
) -> ImportedLog:
    """Read a log and note what the station played.

    Args:
        workspace: as read.
        station: whose log it is.
        path: of the log.
        items: what the station may play now; without them only what was planned, published or
            packed is known.
        day: of rows that give a time alone.
        order: of day and month; None to see it from the rows.
        dry_run: note nothing.

    Raises:
        ProductionError: the file cannot be read as a log, or the disk refuses.
    """
    with storage_errors(path), path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    try:
        log = parse_log(data, day=day, order=order)
    except UnreadableLogError as error:
        raise ProductionError(
            str(error),
            where=str(path),
            remedy="export it as CSV with the columns date, time and title or file; `altavoz "
            "airplay import --help` names the programs whose logs are known",
            code=ExitCode.INPUT,
        ) from error
    known = known_items(workspace.root, Ledger(workspace.root), station.id, items)
    found, others, faults = match_log(log, Shelf(known, artist=workspace.network.name))
    new, rows, target = add_airplay(workspace.root, station.id, found, log.days)
    if not dry_run:
        write_airplay(workspace.root, target, rows)
    return ImportedLog(
        station=station.id,
        found=tuple(found),
        new=new,
        others=others,
        unticked=log.unticked,
        days=tuple(sorted(log.days)),
        faults=tuple(faults),
    )
