"""What stations say they played, as canonical lines in private/airplay/played.

One file for each station, in order of time, whole or not at all: the same log twice changes
nothing. A line of its own says of each day that a log told of it, so that a day without any play
is known to be silent rather than unknown.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from production.kept_plans import AIRPLAY, kept_days, planned_stations
from production.ledger import Ledger
from production.pack_recall import held_in
from production.release_values import RELEASED, read_release
from programme.editions import EditionKey
from programme.errors import ExitCode, ProductionError
from programme.identifiers import is_id
from programme.storage import storage_errors, write_beside
from programme.units import LanguageTag
from scripts.tree import PRIVATE
from stations.airing import AirItem
from stations.airplay import KnownItem, PlayedLine
from stations.airplay_matching import new_lines

_VERSION_LENGTH = 16


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
    for number, row in enumerate(data.splitlines(), start=1):
        try:
            value = json.loads(row)
            if "day" in value:
                days.add(date.fromisoformat(value["day"]))
            else:
                lines.append(_line(value))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise ProductionError(
                "this line is damaged",
                where=f"{path.relative_to(root).as_posix()}:{number}",
                remedy="take the line away, or give the station's logs to "
                "`altavoz airplay import` again after moving the file away",
                code=ExitCode.STORAGE,
            ) from error
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
    rows: list[dict[str, Any]] = [{"day": day.isoformat()} for day in sorted({*known.days, *days})]
    rows += [_plain(one) for one in sorted([*known.lines, *fresh])]
    text = "".join(
        json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
        for row in rows
    )
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


def plays_by_day(root: Path, station: str) -> Mapping[date, Mapping[EditionKey, int]]:
    """Count what a station played, on every day of which a log told; see ``play_history``."""
    known = read_airplay(root, station)
    counts: dict[date, Counter[EditionKey]] = {day: Counter() for day in known.days}
    for line in known.lines:
        counts.setdefault(line.at.date(), Counter())[line.key] += 1
    return counts


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
                version=release.words_digest[:_VERSION_LENGTH],
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
                version=held.words[:_VERSION_LENGTH],
                title=held.title,
                stem=Path(held.path).stem,
                expires=held.expires,
            )
        )
    for day in kept_days(root, station):
        for play in day.plays:
            add(
                KnownItem(
                    series=play.series,
                    episode=play.episode,
                    language=play.language,
                    version=play.version,
                    title=play.title,
                    stem=play.stem,
                    expires=play.expires,
                    topics=play.topics,
                )
            )
    for item in items:
        add(
            KnownItem(
                series=item.series,
                episode=item.episode,
                language=item.language,
                version=item.version,
                title=item.title,
                stem=item.stem,
                expires=item.expires,
                topics=item.topics,
            )
        )
    return list(found.values())


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
