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

    @property
    def entries(self) -> list[Entry]:
        """As a playlist names them; paths from the root of the folder."""
        return [entry(placed) for _, placed in self.plays]


def hours_of(folder: StationFolder) -> Iterator[HourList]:
    """Give each hour of the planned days in which something of ours is played."""
    places = places_of(folder)
    for plan in folder.request.plans:
        found: dict[int, list[tuple[PlannedPlay, Placed]]] = {}
        for play, air in plan.spoken:
            if air.stem in places:
                found.setdefault(play.at_s // 3600, []).append((play, places[air.stem]))
        for hour, plays in found.items():
            yield HourList(day=plan.day, hour=hour, plays=tuple(plays))


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
    return {
        f"{LISTS}/{plan.day.isoformat()}.csv": _table(folder, plan) for plan in folder.request.plans
    }


def _table(folder: StationFolder, plan: DayPlan) -> bytes:
    lines = [_row(COLUMNS)]
    known: dict[tuple[str, str, str], str] = {}
    places = places_of(folder)
    for play in plan.plays:
        airs = play.airs
        if isinstance(airs, AirItem):
            # A spot is played again and again: its cells are written once.
            key = (airs.stem, play.day_part, play.why.value)
            if key not in known:
                known[key] = _row(_air_cells(airs, places.get(airs.stem), play))
            cells = known[key]
        elif isinstance(airs, PresenterText):
            text = safe(one_line(airs.text))
            cells = _row([airs.language, *[""] * 6, play.day_part, play.why.value, text])
        else:
            cells = _row([*[""] * 7, play.day_part, play.why.value, ""])
        lines.append(f"{time_of_day(play.at_s)},{play.length_ms / 1000:.1f},{cells}")
    return b"\xef\xbb\xbf" + "".join(lines).encode("utf-8")


def _air_cells(air: AirItem, placed: Placed | None, play: PlannedPlay) -> list[str]:
    path = placed.path if placed else ""
    about = [air.language, safe(air.artist), safe(air.title), path]
    return [*about, air.series, air.episode, air.version, play.day_part, play.why.value, ""]


def _row(cells: Iterable[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


@lru_cache(maxsize=4096)
def safe(text: str) -> str:
    """Keep a text from being run as a formula by the spreadsheet that opens it."""
    return guard(label(text))
