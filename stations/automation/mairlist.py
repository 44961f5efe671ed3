"""mAirList: CSV with a heading and cue points, which it takes as UTF-8 only where a BOM says so.

Columns as its documents name them; seconds are written ``s.mmm`` (field.md, section 2).
"""

import csv
import io
from collections.abc import Iterable, Mapping

from stations.automation.common_lists import NAME, day_tables, hours_of, safe, yymmddhh
from stations.automation.program import Widths, drive_path, setup_text
from stations.deliveries import Placed, StationFolder
from stations.delivery_names import LISTS

READS: Mapping[str, int] = {
    "title": 0,
    "artist": 0,
    "album": 0,
    "genre": 0,
    "year": 4,
    "comment": 0,
    "gain": 0,
}
COLUMNS = (
    "ExternalID",
    "Filename",
    "Title",
    "Artist",
    "Comment",
    "EndType",
    "Duration",
    "CueIn",
    "StartNext",
    "FadeOut",
    "CueOut",
    "Amplification",
    "LevelLoudness",
)


def render_csv(rows: Iterable[str]) -> bytes:
    """Render a table: UTF-8 with BOM, CRLF, a heading, whole Windows paths."""
    return b"\xef\xbb\xbf" + "".join([_line(COLUMNS), *rows]).encode("utf-8")


def _row(one: Placed, folder: StationFolder) -> str:
    air, cues = one.item.air, one.item.cues
    until = f"valid until {air.expires.isoformat()}" if air.has_last_day else ""
    return _line(
        (
            air.stem,
            folder.absolute(one.path),
            safe(air.title),
            safe(air.artist),
            until,
            "",
            _seconds(air.duration_ms),
            _seconds(cues.cue_in_ms),
            *[_seconds(cues.cue_out_ms)] * 3,
            f"{one.item.gain_db:.2f}",
            f"{one.item.rendition.loudness.integrated:.2f}",
        )
    )


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _seconds(length_ms: int) -> str:
    return f"{length_ms // 1000}.{length_ms % 1000:03d}"


class MAirList:
    """Playout for Windows."""

    title: str = "mAirList"
    plays: frozenset[str] = frozenset({".mp3", ".wav", ".ogg", ".opus", ".m4a", ".flac"})
    reads: Widths = READS
    latest: bool = True
    by_date: bool = True
    keeps_copies: bool = False
    takes_files: bool = False

    def lists(self, folder: StationFolder) -> Mapping[str, bytes]:
        """Give the table of everything, of each planned hour, and day tables."""
        drive_path(folder)
        rows = {one.path: _row(one, folder) for one in folder.media}
        found = {f"{NAME}.csv": render_csv(rows[one.path] for one in folder.now)}
        for hour in hours_of(folder):
            played = (rows[placed.path] for _, placed in hour.plays)
            found[f"{LISTS}/{yymmddhh(hour)}.csv"] = render_csv(played)
        return {**found, **day_tables(folder)}

    def setup(self, folder: StationFolder) -> str:
        """Say how to import the tables."""
        return setup_text("mairlist", folder)
