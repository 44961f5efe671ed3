"""Plans of earlier days, kept in private/airplay/plans: what was asked of a station, day by day.

Tomorrow's fairness and every airplay report need them. Which station plays what, and when, is
nobody else's business, so that they lie in private/ whatever the station says of its identity.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from programme.digests import Plain, canonical_json
from programme.editions import EditionKey
from programme.errors import ExitCode, ProductionError
from programme.identifiers import is_id
from programme.storage import storage_errors, write_beside
from programme.units import DurationMs, LanguageTag
from scripts.tree import PRIVATE
from stations.day_plan import DayPlan
from stations.play_history import REMEMBERED_DAYS, DaySummary, KeptDay, KeptPlay, keep_day

T = TypeVar("T")

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
        if _NAME.fullmatch(name) and wanted[0] <= name <= wanted[1]:
            yield _read(folder / name, parse_kept)


def days_before(root: Path, station: str, day: date) -> list[DaySummary]:
    """Give the days that the plan of a day must know of.

    Raises:
        ProductionError: a kept plan is damaged.
    """
    days = (day - timedelta(days=count) for count in range(REMEMBERED_DAYS, 0, -1))
    paths = (_path(root, station, one) for one in days)
    return [_read(path, parse_summary) for path in paths if path.is_file()]


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
    value: dict[str, Plain] = {
        "format": "altavoz-plan",
        "version": _VERSION,
        "station": kept.station,
        "day": kept.day.isoformat(),
        "items": rows,
        "plays": plays,
        "short": [[*key, count] for key, count in sorted(kept.short.items())],
    }
    return f"{canonical_json(value)}\n".encode()


def _read(path: Path, parse: Callable[[bytes], T]) -> T:
    with storage_errors(path), path.open("rb") as file:
        data = file.read(_LARGEST + 1)
    try:
        return parse(data)
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
    value = _value(data)
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
        short=_short(value),
    )


def parse_summary(data: bytes) -> DaySummary:
    """Read the summary of what ``render_kept`` wrote; a tenth of the work of reading all of it.

    Raises:
        ValueError, TypeError, KeyError, IndexError: it is something else.
    """
    value = _value(data)
    keys = [(str(row[0]), str(row[1]), LanguageTag(row[2])) for row in value["items"]]
    plays = value["plays"]
    planned: dict[EditionKey, int] = {}
    # An edition of which two versions were planned that day has two rows.
    for number, count in Counter(play[1] for play in plays).items():
        planned[keys[number]] = planned.get(keys[number], 0) + count
    windows = Counter(play[1] for play in plays if play[2])
    by_language: Counter[tuple[str, LanguageTag]] = Counter()
    for number, count in windows.items():
        by_language[keys[number][0], keys[number][2]] += count
    last = {number: int(at) for at, number, _ in plays}
    return DaySummary(
        day=date.fromisoformat(value["day"]),
        planned=planned,
        windows=by_language,
        short=_short(value),
        last_at_ms={
            keys[number]: at for number, at in sorted(last.items(), key=lambda one: one[1])
        },
        last=(keys[plays[-1][1]], int(plays[-1][0])) if plays else None,
    )


def _value(data: bytes) -> dict[str, Any]:
    if len(data) > _LARGEST:
        raise ValueError("too large for a plan")
    value: dict[str, Any] = json.loads(data)
    if value["format"] != "altavoz-plan" or value["version"] != _VERSION:
        raise ValueError("not a plan of this version")
    return value


def _short(value: dict[str, Any]) -> dict[EditionKey, int]:
    return {
        (str(series), str(episode), LanguageTag(language)): int(count)
        for series, episode, language, count in value["short"]
    }


def _path(root: Path, station: str, day: date) -> Path:
    return root / AIRPLAY / "plans" / station / f"{day.isoformat()}.json"
