"""A station: a radio or a loudspeaker point that editions are delivered to."""

from dataclasses import dataclass
from enum import StrEnum

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
    delivery: Delivery
    publish_identity: bool = False
    country: str = ""
    place: str = ""
    file: str
