"""What Altavoz must know of a program that plays at a station."""

from collections.abc import Mapping
from string import Template
from typing import Protocol

from programme.errors import ProductionError
from programme.stations import NOT_IN_DRIVE_PATH
from programme.tables import package_file
from stations.deliveries import StationFolder

Widths = Mapping[str, int]
"""Tags by our names for them, and how many characters the program keeps; 0 for all."""


class Program(Protocol):
    """One program: what it plays, what it reads, and the lists that it takes.

    Every one of them is held by one suite of tests, tests/stations/test_automation.py.
    """

    @property
    def title(self) -> str:
        """Its name, as its makers write it."""
        ...

    @property
    def plays(self) -> frozenset[str]:
        """Endings of the files that it plays, and of which it reads tags."""
        ...

    @property
    def reads(self) -> Widths:
        """The tags that it shows or works with; all others are lost on it."""
        ...

    @property
    def latest(self) -> bool:
        """Whether a file of a fixed name that gets new sound serves it."""
        ...

    @property
    def by_date(self) -> bool:
        """Whether it plays a file that is called after the day."""
        ...

    @property
    def keeps_copies(self) -> bool:
        """Whether it copies sound into a library of its own: what is withdrawn stays there."""
        ...

    @property
    def takes_files(self) -> bool:
        """Whether a file that it has imported is gone from the folder, and must not come back."""
        ...

    def lists(self, folder: StationFolder) -> Mapping[str, bytes]:
        """Give its lists, sidecars and settings by path.

        Raises:
            ProductionError: the station's file lacks what they need.
        """
        ...

    def setup(self, folder: StationFolder) -> str:
        """Say how it is set up once, step by step, in plain text; lines end with a newline."""
        ...


def own_text(name: str) -> str:
    """Give a text that lies beside this module."""
    return package_file("stations.automation", name).read_text("utf-8")


def setup_text(name: str, folder: StationFolder, **values: str) -> str:
    """Fill the steps of one program, which lie beside this module.

    Args:
        name: of the text.
        folder: whose places are filled in.
        values: what else is to be filled in.

    Raises:
        KeyError: the text asks for something else.
    """
    text = own_text(f"{name}.txt")
    station = folder.station
    places = {
        "folder": station.settings.drive_path or "FOLDER",
        "series": " ".join(station.series),
        "example": folder.media[0].path if folder.media else "media/es/NAME.mp3",
        "latest": folder.latest[0].path if folder.latest else "",
    }
    return Template(text).substitute(places | values)


def shown(reads: Widths, tags: Mapping[str, str]) -> dict[str, str]:
    """Give what a program shows of a file's tags, cut as it cuts them."""
    return {
        name: tags[name][:width] if width else tags[name]
        for name, width in reads.items()
        if tags.get(name)
    }


def drive_path(folder: StationFolder, encoding: str = "utf-8") -> str:
    """Give where the folder lies at the station.

    Raises:
        ProductionError: nobody said, or it is no path that a list can hold.
    """
    station = folder.station
    path = station.settings.drive_path
    if not path:
        raise ProductionError(
            f"nobody says where the folder lies on the computer of {station.id}",
            where=station.file,
            remedy="add drive_path to its automation: its lists must name files from the root",
        )
    rooted = path[1:3] == ":\\" or path.startswith(("\\\\", "/"))
    whole = path.isprintable() and not NOT_IN_DRIVE_PATH & set(path)
    try:
        path.encode(encoding)
    except UnicodeEncodeError:
        whole = False
    if not rooted or not whole or ".." in path.replace("\\", "/").split("/"):
        raise ProductionError(
            f"drive_path {path!r} is no folder that a list can name",
            where=station.file,
            remedy="give it from the root, such as D:\\Altavoz or /srv/altavoz, in plain letters",
        )
    return path
