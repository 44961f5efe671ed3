"""Plans of earlier days, kept in private/airplay/plans: what was asked of a station, day by day.

Tomorrow's fairness and every airplay report need them. Which station plays what, and when, is
nobody else's business, so that they lie in private/ whatever the station says of its identity.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from programme.errors import ExitCode, ProductionError
from programme.identifiers import is_id
from programme.storage import storage_errors, write_beside
from programme.units import DurationMs, LanguageTag
from scripts.tree import PRIVATE
from stations.day_plan import DayPlan
from stations.play_history import REMEMBERED_DAYS, KeptDay, KeptPlay, keep_day

AIRPLAY = f"{PRIVATE}/airplay"
"""Folder of the workspace for what stations play."""

_NAME = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
_VERSION = 1
_LARGEST = 4_000_000
"""Bytes of a kept plan; a day of a thousand plays takes a tenth of it."""


def keep_plans(root: Path, plans: Iterable[DayPlan]) -> None:
    """Write plans down, one file for each station and day; a later plan of a day replaces it.

    Raises:
        ProductionError: the disk refuses.
    """
    for plan in plans:
        path = _path(root, plan.station, plan.day)
        with storage_errors(path):
            (root / PRIVATE).mkdir(mode=0o700, exist_ok=True)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        data = render_kept(keep_day(plan))
        if not path.is_file() or path.read_bytes() != data:
            write_beside(path, data, mode=0o600)


def kept_days(
    root: Path, station: str, *, first: date = date.min, last: date = date.max
) -> Iterator[KeptDay]:
    """Give what was planned for a station from one day to another, both included, in order.

    Raises:
        ProductionError: a kept plan is damaged.
    """
    folder = _path(root, station, date.min).parent
    if not folder.is_dir():
        return
    wanted = f"{first.isoformat()}.json", f"{last.isoformat()}.json"
    for name in sorted(one.name for one in folder.iterdir()):
        if not _NAME.fullmatch(name) or not wanted[0] <= name <= wanted[1]:
            continue
        path = folder / name
        with storage_errors(path), path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        yield _parse(data, path)


def days_before(root: Path, station: str, day: date) -> list[KeptDay]:
    """Give the days that the plan of a day must know of."""
    first, last = day - timedelta(days=REMEMBERED_DAYS), day - timedelta(days=1)
    return list(kept_days(root, station, first=first, last=last))


def planned_stations(root: Path) -> list[str]:
    """Give the ids of the stations of which a plan is kept, in order."""
    folder = root / AIRPLAY / "plans"
    if not folder.is_dir():
        return []
    return sorted(one.name for one in folder.iterdir() if one.is_dir() and is_id(one.name))


def render_kept(kept: KeptDay) -> bytes:
    """Write a day as canonical JSON; what is played often is written once."""
    items: dict[tuple[str, ...], int] = {}
    rows: list[list[Any]] = []
    plays: list[list[int]] = []
    for play in kept.plays:
        mark = (*play.key, play.version, play.stem)
        if mark not in items:
            items[mark] = len(items)
            rows.append([*mark, play.title, play.expires.isoformat(), list(play.topics)])
        plays.append([play.at_ms, items[mark], int(play.in_window)])
    value = {
        "format": "altavoz-plan",
        "version": _VERSION,
        "station": kept.station,
        "day": kept.day.isoformat(),
        "items": rows,
        "plays": plays,
        "short": [[*key, count] for key, count in sorted(kept.short.items())],
    }
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{text}\n".encode()


def _parse(data: bytes, path: Path) -> KeptDay:
    try:
        return parse_kept(data)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise ProductionError(
            "this kept plan is damaged",
            where=str(path),
            remedy="take the file away; the day then counts as one that nobody planned",
            code=ExitCode.STORAGE,
        ) from error


def parse_kept(data: bytes) -> KeptDay:
    """Read what ``render_kept`` wrote.

    Raises:
        ValueError, TypeError, KeyError, IndexError: it is something else.
    """
    if len(data) > _LARGEST:
        raise ValueError("too large for a plan")
    value = json.loads(data)
    if value["format"] != "altavoz-plan" or value["version"] != _VERSION:
        raise ValueError("not a plan of this version")
    items: list[dict[str, Any]] = [
        {
            "series": str(series),
            "episode": str(episode),
            "language": LanguageTag(language),
            "version": str(version),
            "stem": str(stem),
            "title": str(title),
            "expires": date.fromisoformat(expires),
            "topics": tuple(map(str, topics)),
        }
        for series, episode, language, version, stem, title, expires, topics in value["items"]
    ]
    return KeptDay(
        station=str(value["station"]),
        day=date.fromisoformat(value["day"]),
        plays=tuple(
            KeptPlay(at_ms=DurationMs(int(at)), in_window=bool(in_window), **items[int(number)])
            for at, number, in_window in value["plays"]
        ),
        short={
            (str(series), str(episode), LanguageTag(language)): int(count)
            for series, episode, language, count in value["short"]
        },
    )


def _path(root: Path, station: str, day: date) -> Path:
    return root / AIRPLAY / "plans" / station / f"{day.isoformat()}.json"
