"""Pictures of feeds as they are drawn: which object each feed names, and where its bytes lie."""

from collections.abc import Mapping
from pathlib import Path

from production.artwork.artwork import art_for
from production.artwork.wanted import ArtWanted
from production.building import Workshop
from production.releases.values import MediaObject
from programme.units import Key


class WorkshopPictures:
    """Pictures that a producer gave, or that are drawn and kept in the store."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._found: dict[ArtWanted, MediaObject] = {}
        self._sources: dict[Key, tuple[MediaObject, Path]] = {}
        self._undrawn: dict[str, str] = {}

    def key(self, wanted: ArtWanted) -> str:
        """Give the key of a picture, made now where the store has none.

        Raises:
            ProductionError: a given image cannot be read, or the disk refuses.
        """
        if wanted not in self._found:
            art = art_for(self._workshop, wanted)
            self._found[wanted] = art.media
            self._sources[art.media.key] = (art.media, art.path)
            if art.undrawn:
                self._undrawn[f"{wanted.id} {wanted.language}"] = art.undrawn
        return self._found[wanted].key

    @property
    def sources(self) -> Mapping[Key, tuple[MediaObject, Path]]:
        """Give every picture that was asked for, to be sent before the feeds that name it."""
        return self._sources

    @property
    def undrawn(self) -> Mapping[str, str]:
        """Give letters for which there is no font, by series and language; mostly nothing."""
        return self._undrawn
