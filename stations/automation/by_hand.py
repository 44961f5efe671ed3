"""No program that we know: every list that most programs take, hours and days by their names.

Days and hours are named as PlayIt Live and others look for them: ``261123.m3u`` with a line
``# Hour: 06:00`` before what belongs to it, and ``26112306.m3u`` (field.md, section 2).
"""

from collections.abc import Mapping
from itertools import groupby

from stations.automation.common_lists import (
    day_tables,
    hour_lists,
    hours_of,
    plain_lists,
    yymmddhh,
)
from stations.automation.program import Widths, setup_text
from stations.deliveries import StationFolder
from stations.delivery_names import LISTS
from stations.plain_text import crlf
from stations.playlists import m3u_lines

READS: Mapping[str, int] = dict.fromkeys(
    (
        "title",
        "artist",
        "album",
        "track",
        "year",
        "language",
        "genre",
        "comment",
        "copyright",
        "publisher",
        "expires",
        "gain",
    ),
    0,
)


class ByHand:
    """A person, or a program that nobody named."""

    title: str = "any program"
    plays: frozenset[str] = frozenset({".mp3", ".ogg", ".opus", ".m4a", ".flac", ".wav"})
    reads: Widths = READS
    latest: bool = True
    by_date: bool = True
    keeps_copies: bool = False
    takes_files: bool = False

    def lists(self, folder: StationFolder) -> Mapping[str, bytes]:
        """Give playlists, each planned hour, each planned day, and day tables."""
        found = dict(plain_lists(folder))
        found |= hour_lists(folder, lambda hour: f"{yymmddhh(hour)}.m3u")
        for day, hours in groupby(hours_of(folder), key=lambda hour: hour.day):
            path = f"{LISTS}/{day:%y%m%d}.m3u"
            lines = ["#EXTM3U"]
            for hour in hours:
                lines += [f"# Hour: {hour.hour:02d}:00", *m3u_lines(hour.entries, path)]
            found[path] = crlf(lines)
        return {**found, **day_tables(folder)}

    def setup(self, folder: StationFolder) -> str:
        """Say what there is."""
        return setup_text("none", folder)
