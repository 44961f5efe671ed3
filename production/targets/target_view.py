"""What a workspace knows of one of its targets: what must stand there, and what must not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from production.building import Workshop
from production.catalogue.art import WorkshopPictures
from production.catalogue.catalogue import FEED, Catalogue, build_catalogue
from production.catalogue.documents import FeedDocument, feed_documents
from production.catalogue.site import site_pages
from production.ledger.ledger import Ledger
from production.ledger.parts import open_stations, public_lines
from production.publish.refusals import judging_moment
from production.releases.history import ReleaseHistory, last_day_of, read_history
from production.targets.known_objects import KnownObject, OwnNames, Role, known_objects
from production.targets.standing import NOTES_FOLDER
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Fingerprint, Key
from scripts.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class TargetView:
    """One target as the workspace knows it; its ledger is read once."""

    workshop: Workshop
    workspace: Workspace
    settings: TargetSettings
    now: datetime
    today: date
    ledger: Ledger = field(init=False)
    history: ReleaseHistory = field(init=False)

    def __post_init__(self) -> None:
        """Read the ledger.

        Raises:
            ProductionError: it is damaged, or nothing was ever published there.
        """
        ledger = Ledger(self.workshop.root)
        object.__setattr__(self, "ledger", ledger)
        object.__setattr__(self, "history", read_history(ledger, self.settings.name))
        if not self.history.editions:
            raise ProductionError(
                f"the ledger knows of nothing that was published to {self.settings.name}",
                where=str(ledger.path),
                remedy="publish first; if something stands there, take releases.jsonl back from "
                "git, or see: altavoz release rebuild",
                code=ExitCode.TARGET,
            )

    @property
    def base_url(self) -> str:
        """Give the public address of the target's root."""
        return self.workspace.network.base_url

    @property
    def notes(self) -> Path:
        """Give where this workspace keeps what it noted of the target."""
        return self.workshop.folder / NOTES_FOLDER / f"{self.settings.name}.json"

    @cached_property
    def objects(self) -> dict[str, KnownObject]:
        """Give everything that was ever released there."""
        return known_objects(self.ledger, self.settings.name, self.today)

    @property
    def dead(self) -> frozenset[str]:
        """Give the keys of what must not be there any more: withdrawn, or a station's own."""
        gone = {key for key, one in self.objects.items() if one.role is Role.GONE}
        return frozenset(gone | set(self.catalogue.gone))

    @cached_property
    def past(self) -> dict[str, date]:
        """Give the guids of what has left its feeds, with its last day in them."""
        items = {one.release.guid: one.last_day for one in self.history.standings()}
        items |= {one.guid: last_day_of(one) for one in self.history.notices}
        return {guid: day for guid, day in items.items() if day < self.today}

    @property
    def guids(self) -> frozenset[str]:
        """Give the guids of everything that was ever released there."""
        released = {one.release.guid for one in self.history.standings()}
        return frozenset(released | {one.guid for one in self.history.notices})

    @cached_property
    def catalogue(self) -> Catalogue:
        """Give every feed as it is to be today."""
        return self._catalogue(self.today)

    def render(self, day: date) -> Iterator[FeedDocument]:
        """Write every document as it would be on a day."""
        catalogue = self.catalogue if day == self.today else self._catalogue(day)
        return feed_documents(catalogue)

    def _catalogue(self, day: date) -> Catalogue:
        return build_catalogue(
            self.workspace,
            self.ledger,
            (),
            target=self.settings.name,
            now=judging_moment(self.history, self.now),
            today=day,
            pictures=WorkshopPictures(self.workshop),
            history=self.history,
        )

    def pages(self) -> dict[Key, Fingerprint]:
        """Give every page as it is to be today, by what stands in it; none is made."""

        def unread(key: Key) -> bytes:
            raise ValueError(f"{key} is read for a page that nobody makes")

        pages = site_pages(self.catalogue, self.history, today=self.today, words=unread)
        return {page.key: page.fingerprint for page in pages}

    def own_names(self) -> OwnNames:
        """Give the names that our pages and documents may have there."""
        feeds = (str(event.facts["url"]) for event in self.ledger.events(FEED))
        base = self.base_url
        return OwnNames(
            self.history, [url.removeprefix(base) for url in feeds if url.startswith(base)]
        )

    def lines(self) -> list[bytes]:
        """Give the lines of the ledger that the target keeps."""
        stations = open_stations(self.workspace)
        return public_lines(self.ledger, self.settings.name, stations=stations)
