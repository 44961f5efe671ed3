"""Series, episodes and rundowns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from programme.profiles import Output
from programme.units import LanguageTag


class SeriesKind(StrEnum):
    """What a series is made for."""

    PROGRAMME = "programme"
    SPOTS = "spots"
    LOOP = "loop"
    """For a loudspeaker: short announcements that repeat; no feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place in a rundown: a segment with its sting and bed, or a sound alone."""

    id: str
    """Unique in its rundown."""
    segment: str = ""
    """Id of the segment spoken here; empty when the slot is a sound alone."""
    sound: str = ""
    """Name of a sound played alone (jingle, chime); empty when a segment speaks."""
    sting: str = ""
    """Sound that opens the slot before the words; empty for none."""
    bed: str = ""
    """Music under the words; empty for none."""
    repeat: int = 1
    """How often the words are said, with a pause between."""
    required: bool = False
    """Without it the edition is not made; otherwise it is left out and reported."""
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A run of episodes, one feed per language."""

    id: str
    kind: SeriesKind
    title: Mapping[LanguageTag, str]
    description: Mapping[LanguageTag, str]
    languages: tuple[LanguageTag, ...]
    profile: str
    """Id of the profile that its editions are mastered in, and its feed carries."""
    also: tuple[Output, ...] = ()
    """What is made of every edition besides; it goes into the build folder, into no feed."""
    category: tuple[str, ...] = ("News",)
    """Podcast category and subcategory, in the directories' English words."""
    artwork: str = ""
    """Image inside the workspace, square JPG or PNG; empty for none."""
    min_s: int = 0
    max_s: int = 0
    """Bounds on an edition's length; 0 for none."""
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One instalment of a series, in every language of it."""

    id: str
    series: str
    number: int
    dated: date
    title: Mapping[LanguageTag, str]
    description: Mapping[LanguageTag, str] = field(default_factory=dict)
    slots: tuple[Slot, ...]
    file: str
