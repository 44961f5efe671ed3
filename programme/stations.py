"""A station: a radio or a loudspeaker point that editions are delivered to."""

from dataclasses import dataclass
from enum import StrEnum

from programme.facts import Contact, Fact
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
    publish_identity: bool = False
    country: str = ""
    place: str = ""
    overrides: tuple[Override, ...] = ()
    """By the id that each replaces; only packs can speak them: a feed is the same for everybody."""
    file: str
