"""VLC: playlists with relative paths, without BOM, which it would open as a file (field.md, 4)."""

from collections.abc import Mapping

from stations.automation.common_lists import day_tables, hour_lists, plain_lists, yymmddhh
from stations.automation.program import Widths, setup_text
from stations.deliveries import StationFolder

READS: Mapping[str, int] = {
    "title": 0,
    "artist": 0,
    "album": 0,
    "track": 0,
    "genre": 0,
    "year": 0,
    "language": 0,
    "comment": 0,
    "copyright": 0,
    "publisher": 0,
    "gain": 0,
}


class Vlc:
    """A player on every system."""

    title: str = "VLC"
    plays: frozenset[str] = frozenset({".mp3", ".ogg", ".opus", ".m4a", ".flac", ".wav"})
    reads: Widths = READS
    latest: bool = True
    by_date: bool = True
    keeps_copies: bool = False
    takes_files: bool = False

    def lists(self, folder: StationFolder) -> Mapping[str, bytes]:
        """Give playlists, each planned hour, and day tables."""
        hours = hour_lists(folder, lambda hour: f"{yymmddhh(hour)}.m3u")
        return {**plain_lists(folder), **hours, **day_tables(folder)}

    def setup(self, folder: StationFolder) -> str:
        """Say how it is started."""
        return setup_text("vlc", folder)
