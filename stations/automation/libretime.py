"""LibreTime: uploads and `libretime-api bulk_import`; sound alone, no lists, no watched folder.

Its analyzer reads tags with mutagen's easy keys and cuts artist, album and stem at 48 where it
files them (field.md, section 2).
"""

from collections.abc import Mapping

from stations.automation.common_lists import day_tables
from stations.automation.program import Widths, setup_text
from stations.deliveries import StationFolder

READS: Mapping[str, int] = {
    "title": 512,
    "artist": 512,
    "album": 512,
    "track": 0,
    "year": 16,
    "language": 512,
    "genre": 64,
    "copyright": 512,
    "gain": 0,
}
"""What its database keeps of what its analyzer reads."""


class LibreTime:
    """A radio's whole automation, on Linux."""

    title: str = "LibreTime"
    # It plays WAV, but reads no tag of it: the title would be the file's name.
    plays: frozenset[str] = frozenset({".mp3", ".ogg", ".opus", ".flac", ".m4a"})
    reads: Widths = READS
    # The same sound under a second name would be imported twice.
    latest: bool = False
    by_date: bool = False
    keeps_copies: bool = True
    takes_files: bool = False

    def lists(self, folder: StationFolder) -> Mapping[str, bytes]:
        """Give a table of each planned day: LibreTime's own shows hold the schedule."""
        return day_tables(folder)

    def setup(self, folder: StationFolder) -> str:
        """Say how to import."""
        return setup_text("libretime", folder)
