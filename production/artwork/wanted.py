"""Which picture each feed needs, and who gives it; nothing is drawn here.

Apart from what draws: feeds are made without it ten thousand at a time.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from programme.network import Network
from programme.series import Series
from programme.units import LanguageTag

NO_LANGUAGE = LanguageTag("mul")
"""Several languages (ISO 639-2): nothing is known of direction and script."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtWanted:
    """A picture that a feed or a page needs; the same values give the same picture."""

    id: str
    """Of the series, or of the network: gives colours, shape and pattern."""
    title: str
    """As it stands in the picture."""
    language: LanguageTag
    """``mul`` for none."""
    given: str = ""
    """Image inside the workspace that is used as it is, in every language; empty for none."""


def series_art(network: Network, series: Series, tag: LanguageTag) -> ArtWanted:
    """Say which picture the feed of a series has in a language."""
    title = series.title.get(tag, network.name)
    return ArtWanted(id=series.id, title=title, language=tag, given=series.artwork)


def network_art(network: Network, tag: LanguageTag = NO_LANGUAGE) -> ArtWanted:
    """Say which picture every other feed has: of a language, a topic, a station, the publisher.

    They share one in each language: a picture takes a second or two, and there may be a feed for
    every topic.
    """
    return ArtWanted(id=network.id, title=network.name, language=tag)


class Pictures(Protocol):
    """Gives the picture of a feed."""

    def key(self, wanted: ArtWanted) -> str:
        """Give the key of the object at the target; empty where the feed has no picture."""
        ...


class GivenPictures:
    """Only pictures that lie in the workspace; every other feed goes without."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def key(self, wanted: ArtWanted) -> str:
        """Give the key of a picture that a producer gave; empty for one that would be drawn.

        Raises:
            ProductionError: the image cannot be read.
        """
        if not wanted.given:
            return ""
        # What draws and keeps pictures is loaded where there is one.
        from production.artwork.artwork import given_art

        return given_art(self._root, wanted).media.key
