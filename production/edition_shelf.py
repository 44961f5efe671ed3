"""Finished editions by what stations take of them: chosen for each, judged once for all."""

from collections.abc import Iterator, Mapping, Sequence

from production.building import BuiltEdition
from production.packs.recall import Histories, may_be_packed
from programme.editions import Edition
from programme.stations import Station
from programme.units import LanguageTag
from scripts.station_facts import own_editions
from scripts.workspace import Workspace


class EditionShelf:
    """Finished editions, for one state of the workspace and its ledger."""

    def __init__(
        self, workspace: Workspace, editions: Sequence[BuiltEdition], histories: Histories
    ) -> None:
        """Take what was built.

        Args:
            workspace: as read.
            editions: in their order.
            histories: of every target.
        """
        self._workspace = workspace
        self._histories = histories
        self._general = {
            one.edition.key: one.edition.words_digest for one in editions if not one.station
        }
        self._by_take: dict[tuple[str, str, LanguageTag], list[tuple[int, BuiltEdition]]] = {}
        for number, built in enumerate(editions):
            edition = built.edition
            take = (edition.profile, edition.series, edition.language)
            self._by_take.setdefault(take, []).append((number, built))
        self._fit: dict[int, bool] = {}

    def taken(
        self, station: Station, profiles: Mapping[str, str]
    ) -> Iterator[tuple[int, BuiltEdition]]:
        """Give what a station takes and nobody took back, in the order of the editions.

        What it says with a fact of its own comes from editions made for it alone.

        Args:
            station: whose languages are taken.
            profiles: of each of its series, in which profile it takes it.

        Returns:
            The number of each edition among all, and the edition.
        """
        own = own_editions(self._workspace, station)
        found = [
            one
            for series, profile in profiles.items()
            for language in dict.fromkeys(station.languages)
            for one in self._by_take.get((profile, series, language), ())
        ]
        for number, built in sorted(found, key=lambda one: one[0]):
            if built.station != (station.id if built.edition.key in own else ""):
                continue
            if self._may_leave(number, built.edition):
                yield number, built

    def _may_leave(self, number: int, edition: Edition) -> bool:
        if number not in self._fit:
            self._fit[number] = may_be_packed(self._histories, edition, self._general)
        return self._fit[number]
