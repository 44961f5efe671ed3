"""What stations say they played, as canonical lines in private/airplay/played.

One file for each station, in order of time, whole or not at all: the same log twice changes
nothing. A line of its own says of each day that a log told of it, so that a day without any play
is known to be silent rather than unknown.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from production.airplay.kept_plans import AIRPLAY, kept_days, planned_stations
from production.ledger.ledger import Ledger
from production.packs.recall import held_in
from production.releases.values import RELEASED, read_release
from programme.digests import canonical_json
from programme.editions import EditionKey, version_of
from programme.errors import ExitCode, ProductionError
from programme.identifiers import is_id
from programme.storage import storage_errors, write_beside
from programme.units import LanguageTag
from scripts.tree import PRIVATE
from stations.airing import AirItem
from stations.airplay import KnownItem, PlayedLine
from stations.airplay_matching import new_lines
from stations.play_history import KeptPlay

_TAIL_BYTES = 500_000
"""Read at once from the end of a file: two weeks of a busy station."""
_MOMENT = re.compile(rb'\{"(?:at|day)":"(\d{4}-\d{2}-\d{2})')


@dataclass(frozen=True, slots=True, kw_only=True)
class StationAirplay:
    """Everything that a station's logs told."""

    lines: tuple[PlayedLine, ...] = ()
    """In order of time."""
    days: frozenset[date] = frozenset()
    """Those of which any log told."""


def read_airplay(root: Path, station: str) -> StationAirplay:
    """Read what is noted of a station; nothing where nothing is.

    Raises:
        ProductionError: the disk refuses, or a line is damaged.
    """
    path = _path(root, station)
    if not path.is_file():
        return StationAirplay()
    with storage_errors(path):
        data = path.read_bytes()
    lines: list[PlayedLine] = []
    days: set[date] = set()
    for day, line in _rows(path, data, root):
        if line is not None:
            lines.append(line)
        elif day is not None:
            days.add(day)
    return StationAirplay(lines=tuple(sorted(lines)), days=frozenset(days))


def add_airplay(
    root: Path, station: str, found: Iterable[PlayedLine], days: Iterable[date]
) -> tuple[int, bytes, Path]:
    """Join what a log told with what is noted.

    Returns:
        How many plays are new, and the bytes of the file and where they belong; nothing is
        written here.

    Raises:
        ProductionError: what is noted is damaged.
    """
    known = read_airplay(root, station)
    fresh = new_lines(known.lines, list(found))
    rows: list[dict[str, Any]] = [{"day": day.isoformat()} for day in {*known.days, *days}]
    rows += [_plain(one) for one in sorted([*known.lines, *fresh])]
    rows.sort(key=lambda row: str(row.get("day") or row["at"]))
    text = "".join(f"{canonical_json(row)}\n" for row in rows)
    return len(fresh), text.encode(), _path(root, station)


def write_airplay(root: Path, path: Path, data: bytes) -> None:
    """Write a station's file, whole or not at all; nothing where it is the same.

    Raises:
        ProductionError: the disk refuses.
    """
    with storage_errors(path):
        (root / PRIVATE).mkdir(mode=0o700, exist_ok=True)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == data:
            return
    write_beside(path, data, mode=0o600)


def plays_by_day(
    root: Path, station: str, *, first: date
) -> Mapping[date, Mapping[EditionKey, int]]:
    """Count what a station played from a day on, on days of which a log told.

    Only the end of a long file is read: a plan needs the last week.

    Raises:
        ProductionError: the disk refuses, or a line is damaged.
    """
    path = _path(root, station)
    if not path.is_file():
        return {}
    counts: dict[date, Counter[EditionKey]] = {}
    for day, line in _rows(path, _tail(path, first), root, number_from=None):
        if line is not None:
            counts.setdefault(line.at.date(), Counter())[line.key] += 1
        elif day is not None:
            counts.setdefault(day, Counter())
    return {day: heard for day, heard in counts.items() if day >= first}


def _tail(path: Path, first: date) -> bytes:
    """Give the lines from a day on, some earlier ones among them; lines are in order of time."""
    mark = first.isoformat().encode()
    with storage_errors(path), path.open("rb") as file:
        end = file.seek(0, 2)
        begin = end
        while begin > 0:
            begin = max(begin - _TAIL_BYTES, 0)
            file.seek(begin)
            if begin:
                file.readline()
            head = file.readline()
            found = _MOMENT.match(head)
            if begin == 0 or (found is not None and found[1] < mark):
                break
        file.seek(begin)
        if begin:
            file.readline()
        return file.read()


def _rows(
    path: Path, data: bytes, root: Path, *, number_from: int | None = 1
) -> Iterator[tuple[date | None, PlayedLine | None]]:
    """Read lines: either a day of which a log told, or a play.

    Args:
        path: of the file.
        data: its lines, or the last of them.
        root: of the workspace.
        number_from: number of the first of these lines; None where nobody counted.
    """
    name = path.relative_to(root).as_posix()
    for number, row in enumerate(data.splitlines(), start=number_from or 1):
        try:
            value = json.loads(row)
            if "day" in value:
                yield date.fromisoformat(value["day"]), None
            else:
                yield None, _line(value)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise ProductionError(
                "this line is damaged",
                where=name if number_from is None else f"{name}:{number}",
                remedy="take the line away, or give the station's logs to "
                "`altavoz airplay import` again after moving the file away",
                code=ExitCode.STORAGE,
            ) from error


def airplay_stations(root: Path) -> list[str]:
    """Give the ids of stations of which plans or plays are kept, in order."""
    folder = root / AIRPLAY / "played"
    found = set(planned_stations(root))
    if folder.is_dir():
        found |= {one.stem for one in folder.glob("*.jsonl") if is_id(one.stem)}
    return sorted(found)


def known_items(
    root: Path, ledger: Ledger, station: str, items: Iterable[AirItem]
) -> list[KnownItem]:
    """Give every edition that a station's log may mean, the oldest knowledge first.

    What was published, what packs held, what was planned, and what the station may play now.
    """
    found: dict[tuple[EditionKey, str, str], KnownItem] = {}

    def add(item: KnownItem) -> None:
        found.pop((item.key, item.version, item.stem), None)
        found[item.key, item.version, item.stem] = item

    for event in ledger.events(RELEASED):
        release = read_release(event.facts)
        add(
            KnownItem(
                series=release.series,
                episode=release.episode,
                language=release.language,
                version=version_of(release.words_digest),
                title=release.title,
                stem="",
                expires=release.expires,
                topics=release.topics,
            )
        )
    for held in held_in(ledger.events("pack")):
        add(
            KnownItem(
                series=held.edition[0],
                episode=held.edition[1],
                language=held.edition[2],
                version=version_of(held.words),
                title=held.title,
                stem=Path(held.path).stem,
                expires=held.expires,
            )
        )
    for day in kept_days(root, station):
        for play in day.plays:
            add(_known(play))
    for item in items:
        add(_known(item))
    return list(found.values())


def _known(one: KeptPlay | AirItem) -> KnownItem:
    return KnownItem(
        series=one.series,
        episode=one.episode,
        language=one.language,
        version=one.version,
        title=one.title,
        stem=one.stem,
        expires=one.expires,
        topics=one.topics,
    )


def _path(root: Path, station: str) -> Path:
    return root / AIRPLAY / "played" / f"{station}.jsonl"


def _plain(line: PlayedLine) -> dict[str, Any]:
    return {
        "at": line.at.isoformat(timespec="seconds"),
        "series": line.series,
        "episode": line.episode,
        "language": line.language,
        "version": line.version,
        "title": line.title,
        "expires": line.expires.isoformat(),
        "topics": list(line.topics),
    }


def _line(value: Mapping[str, Any]) -> PlayedLine:
    return PlayedLine(
        at=datetime.fromisoformat(value["at"]),
        series=str(value["series"]),
        episode=str(value["episode"]),
        language=LanguageTag(value["language"]),
        version=str(value["version"]),
        title=str(value["title"]),
        expires=date.fromisoformat(value["expires"]),
        topics=tuple(map(str, value["topics"])),
    )
