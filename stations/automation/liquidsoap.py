"""Liquidsoap: a list of annotated files, and a script that plays it as it should be played.

The script honours cue points and gain, skips what is past its last day, takes a new list up when
it is replaced, keeps quiet hours and falls back safely. Behind ``annotate:`` a path must begin at
the root: a relative one is looked for in the working directory and else skipped without a word
(field.md, section 4).
"""

from collections.abc import Iterable, Mapping
from string import Template

from programme.schedules import TimeSpan
from stations.automation.common_lists import (
    NAME,
    HourList,
    day_tables,
    hours_of,
    plain_lists,
    yymmddhh,
)
from stations.automation.program import Widths, drive_path, own_text, setup_text
from stations.deliveries import Placed, StationFolder
from stations.delivery_names import LISTS
from stations.plain_text import crlf
from stations.playlists import label

READS: Mapping[str, int] = {
    "title": 0,
    "artist": 0,
    "album": 0,
    "track": 0,
    "genre": 0,
    "year": 0,
    "comment": 0,
    "publisher": 0,
    "expires": 0,
    "gain": 0,
}
ANNOTATED = f"{LISTS}/liquidsoap.m3u"
SCRIPT = f"{NAME}.liq"


class Annotated:
    """The lines of one folder: each file with its title, cue points, gain and last day, once."""

    def __init__(self, folder: StationFolder) -> None:
        """Write down every file of the folder."""
        self._lines = {one.path: _annotated(one, folder) for one in folder.media}

    def render(self, placed: Iterable[Placed]) -> bytes:
        """Render a list of files."""
        return crlf(self._lines[one.path] for one in placed)

    def render_plan(self, hour: HourList) -> bytes:
        """Render when what is played: seconds after the hour, a tab, and the annotated file.

        With LF alone: Liquidsoap gives the lines of a file with what is before it.
        """
        begin = hour.hour * 3600
        rows = [f"{play.at_s - begin}\t{self._lines[one.path]}\n" for play, one in hour.plays]
        return "".join(rows).encode("utf-8")


def _annotated(one: Placed, folder: StationFolder) -> str:
    air, cues = one.item.air, one.item.cues
    values = {
        "title": label(air.title),
        "artist": label(air.artist),
        "language": air.language,
        "liq_cue_in": f"{cues.cue_in_ms / 1000:.3f}",
        "liq_cue_out": f"{cues.cue_out_ms / 1000:.3f}",
        "replay_gain": f"{one.item.gain_db:.2f} dB",
    }
    if air.has_last_day:
        values["expires"] = air.expires.isoformat()
    told = ",".join(f'{name}="{_quoted(text)}"' for name, text in values.items())
    return f"annotate:{told}:{folder.absolute(one.path)}"


def _quoted(text: str) -> str:
    """Write a text between quotes; its reader takes ``#{`` for a command and drops the line."""
    return text.replace("#{", "# {").replace("\\", "\\\\").replace('"', '\\"')


def render_script(folder: StationFolder) -> bytes:
    """Render the script, with the station's folder and quiet hours in it."""
    text = own_text("altavoz.liq")
    values = {
        "folder": drive_path(folder),
        "list": ANNOTATED,
        "lists": LISTS,
        "quiet": _quiet(folder.station.schedule.quiet),
        "ours": "altavoz_hours()" if folder.request.plans else "altavoz()",
    }
    return Template(text).substitute(values).encode("utf-8")


def _quiet(spans: Iterable[TimeSpan]) -> str:
    """Write quiet hours as Liquidsoap tells times; ``false`` where there are none."""
    return " or ".join(f"({_time(one.begin)}-{_time(one.end)})" for one in spans) or "false"


def _time(minute: int) -> str:
    return f"{minute // 60 % 24}h{minute % 60:02d}m"


class Liquidsoap:
    """The engine under LibreTime and AzuraCast, used by itself."""

    title: str = "Liquidsoap"
    plays: frozenset[str] = frozenset({".mp3", ".ogg", ".opus", ".m4a", ".flac", ".wav"})
    reads: Widths = READS
    latest: bool = True
    by_date: bool = False
    keeps_copies: bool = False
    takes_files: bool = False

    def lists(self, folder: StationFolder) -> Mapping[str, bytes]:
        """Give the script, the annotated list, each planned hour, plain lists and day tables."""
        drive_path(folder)
        lines = Annotated(folder)
        found = {SCRIPT: render_script(folder), ANNOTATED: lines.render(folder.now)}
        for hour in hours_of(folder):
            played = [placed for _, placed in hour.plays]
            found[f"{LISTS}/{yymmddhh(hour)}.m3u"] = lines.render(played)
            found[f"{LISTS}/{yymmddhh(hour)}.plan"] = lines.render_plan(hour)
        return {**found, **plain_lists(folder), **day_tables(folder)}

    def setup(self, folder: StationFolder) -> str:
        """Say how the script is included."""
        return setup_text("liquidsoap", folder)
