"""MPD: a music folder, and playlists whose paths begin at its top, wherever the list itself lies.

M3U and PLS; cue points and last days are not known to it (field.md, section 4).
"""

from collections.abc import Mapping

from stations.automation.common_lists import (
    NAME,
    day_tables,
    entry,
    hours_of,
    plain_lists,
    yymmddhh,
)
from stations.automation.program import Widths, setup_text
from stations.deliveries import StationFolder
from stations.delivery_names import LISTS, language_folder
from stations.playlists import render_m3u

READS: Mapping[str, int] = {
    "title": 0,
    "artist": 0,
    "album": 0,
    "track": 0,
    "genre": 0,
    "year": 0,
    "publisher": 0,
}
"""Its usual set of tags (mpd.conf: metadata_to_use)."""


class Mpd:
    """A player without a window, on Linux and small boards."""

    title: str = "MPD"
    plays: frozenset[str] = frozenset({".mp3", ".ogg", ".opus", ".m4a", ".flac", ".wav"})
    reads: Widths = READS
    latest: bool = True
    by_date: bool = True
    keeps_copies: bool = False
    takes_files: bool = False

    def lists(self, folder: StationFolder) -> Mapping[str, bytes]:
        """Give playlists beside the sound, and stored ones in the folder for lists."""
        found = dict(plain_lists(folder))
        # In MPD's own playlist folder a path begins at the music folder.
        found[f"{LISTS}/{NAME}.m3u"] = _stored(folder, None)
        for tag in dict.fromkeys(one.item.air.language for one in folder.now):
            found[f"{LISTS}/{NAME}_{language_folder(tag)}.m3u"] = _stored(folder, tag)
        for hour in hours_of(folder):
            name = f"{LISTS}/{yymmddhh(hour)}.m3u"
            found[name] = render_m3u(hour.entries, name, written=str)
        return {**found, **day_tables(folder)}

    def setup(self, folder: StationFolder) -> str:
        """Say what to write into mpd.conf, and how lists are loaded."""
        return setup_text("mpd", folder)


def _stored(folder: StationFolder, language: str | None) -> bytes:
    own = [entry(one) for one in folder.now if language in {None, one.item.air.language}]
    return render_m3u(own, "", written=str)
