r"""ZaraRadio: ``.lst``, which is a count, then ``<milliseconds>\t<path>``, in cp1252 with CRLF.

Paths are whole Windows paths; names outside cp1252 do not play (field.md, section 2), and ours
are ASCII.
"""

from collections.abc import Mapping, Sequence

from stations.automation.common_lists import NAME, day_tables, hours_of, yymmddhh
from stations.automation.program import Widths, drive_path, setup_text
from stations.deliveries import Placed, StationFolder
from stations.delivery_names import LISTS, language_folder
from stations.plain_text import crlf

READS: Mapping[str, int] = {"title": 0, "artist": 0}


def render_lst(rows: Sequence[str]) -> bytes:
    """Render a list: count, then a line for each file."""
    return crlf([str(len(rows)), *rows], "cp1252")


def _row(one: Placed, folder: StationFolder) -> str:
    return f"{one.item.air.duration_ms}\t{folder.absolute(one.path)}"


class ZaraRadio:
    """Automation for Windows, free of charge and widespread."""

    title: str = "ZaraRadio"
    plays: frozenset[str] = frozenset({".mp3", ".wav", ".ogg", ".wma"})
    reads: Widths = READS
    latest: bool = True
    by_date: bool = True
    keeps_copies: bool = False
    takes_files: bool = False

    def lists(self, folder: StationFolder) -> Mapping[str, bytes]:
        """Give a list of everything, of each language, of each planned hour, and day tables."""
        drive_path(folder, "cp1252")
        rows = {one.path: _row(one, folder) for one in folder.media}
        found = {f"{NAME}.lst": render_lst([rows[one.path] for one in folder.now])}
        for tag in dict.fromkeys(one.item.air.language for one in folder.now):
            own = [rows[one.path] for one in folder.now if one.item.air.language == tag]
            found[f"{NAME}_{language_folder(tag)}.lst"] = render_lst(own)
        for hour in hours_of(folder):
            played = [rows[placed.path] for _, placed in hour.plays]
            found[f"{LISTS}/{yymmddhh(hour)}.lst"] = render_lst(played)
        return {**found, **day_tables(folder)}

    def setup(self, folder: StationFolder) -> str:
        """Say how to make events of the lists."""
        return setup_text("zararadio", folder)
