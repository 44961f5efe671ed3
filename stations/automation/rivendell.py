"""Rivendell: dropboxes and rdimport; the only one of these whose cuts expire by themselves.

It takes titles and dates from RDXL: inside an MP3 or WAV, and from a sidecar ``.xml`` with
``--xml``. The sidecar is what the file itself holds, byte for byte. A dropbox deletes what it has
imported (rdimport(1)), so a file that is gone was taken, not lost.
"""

import shlex
from collections.abc import Mapping
from pathlib import PurePosixPath

from stations.automation.common_lists import day_tables
from stations.automation.program import Widths, drive_path, setup_text
from stations.deliveries import StationFolder

READS: Mapping[str, int] = {
    "title": 191,
    "artist": 191,
    "album": 191,
    "publisher": 64,
    "year": 4,
    "bcp47": 191,
    "dated": 0,
    "expires": 0,
}
"""Fields of its CART and CUTS tables that RDXL fills; ``bcp47`` is its user-defined field."""
GROUP = "ALTAVOZ"
"""Where nobody names one; a group's name has at most 10 characters."""


class Rivendell:
    """Radio automation on Linux, with carts and cuts."""

    title: str = "Rivendell"
    plays: frozenset[str] = frozenset({".mp3", ".wav", ".flac", ".ogg"})
    reads: Widths = READS
    latest: bool = False
    by_date: bool = False
    keeps_copies: bool = True
    takes_files: bool = True

    def lists(self, folder: StationFolder) -> Mapping[str, bytes]:
        """Give an RDXL file beside each sound that holds one, and a table of each planned day."""
        found = dict(day_tables(folder))
        for placed in folder.media:
            text = placed.item.tags.get("rdxl", "")
            if text:
                sidecar = PurePosixPath(placed.path).with_suffix(".xml")
                found[str(sidecar)] = text.encode("utf-8")
        return found

    def setup(self, folder: StationFolder) -> str:
        """Say how to set up the group and the dropbox, with the command to type."""
        settings = folder.station.settings
        root = drive_path(folder) if settings.drive_path else "/srv/altavoz"
        group = (settings.group or GROUP)[:10]
        endings = sorted({one.item.rendition.suffix for one in folder.media}) or [".mp3"]
        command = ["rdimport", "--verbose", "--xml", "--drop-box"]
        commands = "\n".join(
            f"        {shlex.join([*command, group, f'{root}/media/*/*{suffix}'])}"
            for suffix in endings
        )
        carts = (
            f"{settings.first_cart:06d} to {settings.last_cart:06d}"
            if settings.first_cart
            else "a range of your own, at least 500 carts wide"
        )
        return setup_text("rivendell", folder, group=group, commands=commands, carts=carts)
