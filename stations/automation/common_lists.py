"""Lists that many programs take: M3U8, .m3u, PLS, lists by the hour, and a day as a table."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from programme.spreadsheets import guard
from programme.wording import time_of_day
from stations.airing import AirItem
from stations.day_plan import DayPlan, PlannedPlay, PresenterText
from stations.deliveries import Placed, StationFolder
from stations.delivery_names import LISTS, language_folder
from stations.plain_text import one_line
from stations.playlists import Entry, label, render_m3u, render_pls

NAME = "altavoz"
"""How our lists are called."""


def entry(placed: Placed, path: str = "") -> Entry:
    """Give an item as a playlist names it; ``path`` stands for its own where it is given."""
    air = placed.item.air
    return Entry(
        path=path or placed.path,
        artist=air.artist,
        title=air.title,
        duration_ms=air.duration_ms,
    )


def plain_lists(folder: StationFolder) -> dict[str, bytes]:
    """Give the playlists of everything, at the root of the folder, and one for each language.

    Paths are relative, so that they hold wherever the folder is put.
    """
    entries = [entry(one) for one in folder.now]
    found = {
        f"{NAME}.m3u8": render_m3u(entries, f"{NAME}.m3u8"),
        f"{NAME}.m3u": render_m3u(entries, f"{NAME}.m3u"),
        f"{NAME}.pls": render_pls(entries, f"{NAME}.pls"),
    }
    languages = dict.fromkeys(one.item.air.language for one in folder.now)
    if len(languages) > 1:
        for tag in languages:
            own = [entry(one) for one in folder.now if one.item.air.language == tag]
            name = f"{NAME}_{language_folder(tag)}.m3u8"
            found[name] = render_m3u(own, name)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class HourList:
    """What is planned to begin in one hour."""

    day: date
    hour: int
    plays: tuple[tuple[PlannedPlay, Placed], ...]
    entries: tuple[Entry, ...]
    """As a playlist names them; paths from the root of the folder."""


def hours_of(folder: StationFolder) -> Iterator[HourList]:
    """Give each hour of the planned days in which something of ours is played."""
    # A spot is played again and again: what lists say of it is gathered once.
    places = {stem: (one, entry(one)) for stem, one in places_of(folder).items()}
    for plan in folder.request.plans:
        found: dict[int, tuple[list[tuple[PlannedPlay, Placed]], list[Entry]]] = {}
        for play, air in plan.spoken:
            known = places.get(air.stem)
            if known is not None:
                plays, entries = found.setdefault(play.at_s // 3600, ([], []))
                plays.append((play, known[0]))
                entries.append(known[1])
        for hour, (plays, entries) in found.items():
            yield HourList(day=plan.day, hour=hour, plays=tuple(plays), entries=tuple(entries))


def places_of(folder: StationFolder) -> dict[str, Placed]:
    """Give every item by its stem."""
    return {one.item.air.stem: one for one in folder.media}


def hour_lists(folder: StationFolder, name: Callable[[HourList], str]) -> dict[str, bytes]:
    """Give an M3U for each planned hour, with relative paths."""
    found = {}
    for hour in hours_of(folder):
        path = f"{LISTS}/{name(hour)}"
        found[path] = render_m3u(hour.entries, path)
    return found


def yymmddhh(hour: HourList) -> str:
    """Name an hour as most programs do: ``26112306``."""
    return f"{hour.day:%y%m%d}{hour.hour:02d}"


COLUMNS = (
    "time",
    "length_s",
    "language",
    "artist",
    "title",
    "file",
    "series",
    "episode",
    "version",
    "day_part",
    "why",
    "text",
)
"""Of a day's table; ``text`` is what a presenter says, and then there is no file."""


def day_tables(folder: StationFolder) -> dict[str, bytes]:
    """Give each planned day as CSV for spreadsheets: UTF-8 with BOM, CRLF, with a heading."""
    rows = _Rows(folder)
    return {
        f"{LISTS}/{plan.day.isoformat()}.csv": _table(rows, plan) for plan in folder.request.plans
    }


def _table(rows: "_Rows", plan: DayPlan) -> bytes:
    lines = [_row(COLUMNS)]
    lines += [
        f"{_time(one.at_s)},{one.length_ms / 1000:.1f},{rows.without_time(one)}"
        for one in plan.plays
    ]
    return b"\xef\xbb\xbf" + "".join(lines).encode("utf-8")


class _Rows:
    """The rows of one folder's tables behind the times; the same thing has the same on all days."""

    def __init__(self, folder: StationFolder) -> None:
        self._places = places_of(folder)
        self._known: dict[tuple[str, ...], str] = {}

    def without_time(self, play: PlannedPlay) -> str:
        """Give all cells of a play but when it begins and how long it is, with the line's end."""
        airs = play.airs
        if isinstance(airs, AirItem):
            key: tuple[str, ...] = ("file", airs.stem, play.day_part, play.why)
        elif isinstance(airs, PresenterText):
            key = ("text", airs.language, airs.text, play.day_part, play.why)
        else:
            key = ("open", play.day_part, play.why)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _row(self._cells(play))
        return found

    def _cells(self, play: PlannedPlay) -> list[str]:
        airs = play.airs
        if isinstance(airs, AirItem):
            return _air_cells(airs, self._places.get(airs.stem), play)
        if isinstance(airs, PresenterText):
            text = safe(one_line(airs.text))
            return [airs.language, *[""] * 6, play.day_part, play.why.value, text]
        return [*[""] * 7, play.day_part, play.why.value, ""]


def _air_cells(air: AirItem, placed: Placed | None, play: PlannedPlay) -> list[str]:
    path = placed.path if placed else ""
    about = [air.language, safe(air.artist), safe(air.title), path]
    return [*about, air.series, air.episode, air.version, play.day_part, play.why.value, ""]


def _row(cells: Iterable[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


_time = lru_cache(maxsize=4096)(time_of_day)


@lru_cache(maxsize=4096)
def safe(text: str) -> str:
    """Keep a text from being run as a formula by the spreadsheet that opens it."""
    return guard(label(text))
