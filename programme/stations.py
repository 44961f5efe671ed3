"""A station: a radio or a loudspeaker point that editions are delivered to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from programme.facts import Contact, Fact
from programme.schedules import LoopSettings, Schedule
from programme.units import LanguageTag


class StationKind(StrEnum):
    """Where the sound comes out."""

    RADIO = "radio"
    LOUDSPEAKER = "loudspeaker"
    SHELTER = "shelter"
    TRANSIT = "transit"


class Delivery(StrEnum):
    """How a station gets its editions."""

    FEED = "feed"
    PACK = "pack"
    """As a ZIP."""
    FOLDER = "folder"
    """As files where its automation program looks for them."""
    USB = "usb"
    """As a pack's files straight on a stick or card."""


class Automation(StrEnum):
    """The program that plays at a station; files, tags and lists follow its rules."""

    NONE = "none"
    """By hand, or a cheap player."""
    LIBRETIME = "libretime"
    AZURACAST = "azuracast"
    RIVENDELL = "rivendell"
    LIQUIDSOAP = "liquidsoap"
    ZARARADIO = "zararadio"
    RADIODJ = "radiodj"
    MAIRLIST = "mairlist"
    MPD = "mpd"
    VLC = "vlc"

    @property
    def is_windows(self) -> bool:
        """Whether it runs on Windows only."""
        return self in {Automation.ZARARADIO, Automation.RADIODJ, Automation.MAIRLIST}

    @property
    def needs_drive_path(self) -> bool:
        """Whether its lists name files from the root: relative names are not found by it."""
        return self.is_windows or self is Automation.LIQUIDSOAP


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationSettings:
    """What a program at the station needs to know; empty where it needs nothing."""

    drive_path: str = ""
    """Where the folder lies on the station's own computer, as that writes it, such as
    ``D:\\Altavoz``; for programs whose lists need whole paths."""
    group: str = ""
    """Rivendell's group, at most 10 characters."""
    first_cart: int = 0
    last_cart: int = 0
    """Rivendell's range of carts for us; 0 for as it likes."""


NOT_IN_DRIVE_PATH = frozenset("\"'`$#|<>*?;&{}[]!%^\t\r\n")
"""What ends a text or begins a command in some list, script or shell."""

NO_SETTINGS = AutomationSettings()
NO_SCHEDULE = Schedule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What one station says in the place of a fact or contact that everybody else hears."""

    replaces: str
    """Id of the fact or contact; scripts go on to refer to it."""
    value: Fact | Contact
    """What is said instead, under the id that it replaces, with its own sources, dates and status;
    its file and line are where it is written."""
    instead: str
    """Id of the fact or contact of the workspace that the value is; empty for the station's own."""
    reason: str
    """Why it is another here."""
    line: int
    """In the station's file."""

    @property
    def told(self) -> str:
        """What the papers of an edition call it: the other fact's id, else own: and the replaced.

        A private station is not named.
        """
        return self.instead or f"own:{self.replaces}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One station as its file describes it; private unless it says otherwise."""

    id: str
    name: str
    kind: StationKind
    languages: tuple[LanguageTag, ...]
    """In the order in which they are needed; kept everywhere."""
    series: tuple[str, ...]
    """Ids of the series it takes."""
    profile: str
    format: str = ""
    """Id of a rendition of the profile; empty for what any player of its kind plays."""
    delivery: Delivery
    automation: Automation = Automation.NONE
    settings: AutomationSettings = NO_SETTINGS
    share: bool = False
    """Whether its packs also hold small files to pass on from phone to phone."""
    schedule: Schedule = NO_SCHEDULE
    loop: LoopSettings | None = None
    """None where it plays the editions as they are; else its pack holds loops of them."""
    contact: str = ""
    """How to reach who answers for the station: a role, a desk, a number; never published."""
    publish_identity: bool = False
    country: str = ""
    place: str = ""
    overrides: tuple[Override, ...] = ()
    """By the id that each replaces; only packs can speak them: a feed is the same for everybody."""
    file: str
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    """Where each key of its file is written; counted from 1."""

    @property
    def takes_packs(self) -> bool:
        """Whether it is given a pack: as a ZIP or straight on a stick."""
        return self.delivery in {Delivery.PACK, Delivery.USB}

    @property
    def has_own_files(self) -> bool:
        """Whether files are made for it, which may say other facts than the feed does."""
        return self.delivery is not Delivery.FEED
