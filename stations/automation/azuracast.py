"""AzuraCast: a media folder that it scans; playlists come in as M3U or PLS, found by base name.

It reads tags as FFmpeg gives them, and its gain from ``replaygain_track_gain`` (field.md,
section 2). XSPF and EXTINF are ignored.
"""

from collections.abc import Mapping

from stations.automation.common_lists import day_tables, hour_lists, plain_lists, yymmddhh
from stations.automation.program import Widths, setup_text
from stations.deliveries import StationFolder

READS: Mapping[str, int] = {
    "title": 255,
    "artist": 255,
    "album": 200,
    "genre": 255,
    "gain": 0,
}
"""What its media table keeps."""


class AzuraCast:
    """A station on the internet, in containers."""

    title: str = "AzuraCast"
    plays: frozenset[str] = frozenset({".mp3", ".ogg", ".opus", ".flac", ".m4a", ".wav"})
    reads: Widths = READS
    latest: bool = True
    by_date: bool = False
    keeps_copies: bool = False
    takes_files: bool = False

    def lists(self, folder: StationFolder) -> Mapping[str, bytes]:
        """Give playlists to import, and each planned hour and day."""
        hours = hour_lists(folder, lambda hour: f"{yymmddhh(hour)}.m3u")
        return {**plain_lists(folder), **hours, **day_tables(folder)}

    def setup(self, folder: StationFolder) -> str:
        """Say how to bind the folder to playlists."""
        return setup_text("azuracast", folder)
