"""RadioDJ: tracks of variable duration, files by date, and an M3U for each hour, with whole paths.

Names of hours are ``yyMMdd.HH.m3u`` and of files by date ``yyyy-MM-dd``, as its documents have
them (field.md, section 2).
"""

from collections.abc import Mapping

from stations.automation.common_lists import NAME, day_tables, entry, hours_of
from stations.automation.program import Widths, drive_path, setup_text
from stations.deliveries import StationFolder
from stations.delivery_names import LISTS, language_folder
from stations.playlists import render_m3u

READS: Mapping[str, int] = {
    "title": 250,
    "artist": 250,
    "album": 250,
    "genre": 0,
    "year": 4,
    "track": 0,
    "copyright": 250,
    "publisher": 250,
    "comment": 0,
}


class RadioDJ:
    """Automation for Windows with a database of tracks."""

    title: str = "RadioDJ"
    plays: frozenset[str] = frozenset({".mp3", ".wav", ".ogg", ".m4a", ".flac"})
    reads: Widths = READS
    latest: bool = True
    by_date: bool = True
    keeps_copies: bool = False
    takes_files: bool = False

    def lists(self, folder: StationFolder) -> Mapping[str, bytes]:
        """Give an M3U of everything, of each language, of each planned hour, and day tables."""
        drive_path(folder)
        written = folder.absolute
        whole = [entry(one) for one in folder.now]
        found = {f"{NAME}.m3u": render_m3u(whole, f"{NAME}.m3u", written=written)}
        for tag in dict.fromkeys(one.item.air.language for one in folder.now):
            name = f"{NAME}_{language_folder(tag)}.m3u"
            own = [entry(one) for one in folder.now if one.item.air.language == tag]
            found[name] = render_m3u(own, name, written=written)
        for hour in hours_of(folder):
            path = f"{LISTS}/{hour.day:%y%m%d}.{hour.hour:02d}.m3u"
            found[path] = render_m3u(hour.entries, path, written=written)
        return {**found, **day_tables(folder)}

    def setup(self, folder: StationFolder) -> str:
        """Say how to make tracks and events."""
        return setup_text("radiodj", folder)
