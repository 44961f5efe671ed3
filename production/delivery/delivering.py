"""Delivering: a folder per station in which its program finds what it plays, kept up to date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from production.airplay.kept_plans import keep_plans
from production.build_folder import BUILD_FOLDER
from production.building import BuildReport, Workshop
from production.delivery.air_items import AirShelf, FoundItem
from production.delivery.folder import Changes, StationDisk
from production.delivery.gates import refuse_delivery
from production.delivery.gone_editions import gone_editions
from production.delivery.notes import DeliveryNotes
from production.delivery.scheduling import SharedPlans, has_schedule
from production.delivery.state import DeliveryState, GoneEdition, read_state
from production.heard_files import look_into
from production.ledger.ledger import Ledger
from production.packs.recall import Histories
from production.publish.doors import rehearses
from production.stamps import stamp
from production.stations.known import known_station
from production.store import DamagedObjectError
from programme.digests import fingerprint
from programme.errors import ExitCode, ProductionError
from programme.stations import Delivery, Station
from programme.storage import storage_errors
from programme.units import Digest
from scripts.station_facts import own_editions
from scripts.workspace import Workspace
from stations.day_plan import DayPlan
from stations.deliveries import CuePoints, DeliveryItem, DeliveryRequest, Removed
from stations.delivery_plan import DeliveryPlan, plan_delivery, program_of

FOLDER = f"{BUILD_FOLDER}/deliveries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What became of one station's folder."""

    station: str
    program: str
    """Its name, as its makers write it."""
    path: Path
    editions: int
    length_bytes: int
    """Of the sound, each edition once."""
    days: int
    """For how many days its lists are; 0 for a station that plans by itself."""
    changes: Changes
    removed: tuple[Removed, ...]
    """What must not be played any more, whatever copies there are."""
    keeps_copies: bool
    """Whether the program has a library of its own, from which a person must delete it."""


def folder_stations(workspace: Workspace) -> tuple[Station, ...]:
    """Give the stations whose files are delivered to a folder, by id."""
    return tuple(one for one in workspace.stations.values() if one.delivery is Delivery.FOLDER)


def find_folder_station(workspace: Workspace, name: str) -> Station:
    """Give one of them.

    Raises:
        ProductionError: there is no such station, or it is served otherwise.
    """
    station = known_station(workspace, name)
    if station.delivery is not Delivery.FOLDER:
        raise ProductionError(
            f"{name} is not served by a folder, but by {station.delivery.value}",
            where=station.file,
            remedy="set delivery: folder in its file, and automation: to the program that plays",
        )
    return station


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryOrder:
    """How folders are to be delivered to."""

    today: date
    """The operator's own day."""
    days: int = 7
    """For how many days, from today on, there are lists."""
    again: bool = False
    """Whether files are put there again that a station's program has taken."""
    rehearsal: bool = False
    """Whether what a publish refuses may be in them; they then say that they are an example."""
    dry_run: bool = False
    """Whether nothing is done, and only told."""


class Deliverer:
    """Delivers from one build; what several stations take is read once."""

    def __init__(
        self, workshop: Workshop, workspace: Workspace, report: BuildReport, order: DeliveryOrder
    ) -> None:
        """Take what was built; the workshop is open."""
        self.workshop = workshop
        self.workspace = workspace
        self.report = report
        self.order = order
        self.rehearsal = order.rehearsal or rehearses(workspace.network)
        ledger = Ledger(workshop.root)
        self.histories = Histories(ledger)
        self._notes = DeliveryNotes(workspace, ledger)
        self._shelf = AirShelf(workspace, report.editions, self.histories)
        self._plans = SharedPlans(workshop.root)
        self._known: dict[Digest, tuple[CuePoints, dict[str, str]]] = {}
        """Of sound that was read whole."""
        self._made: dict[int, DeliveryItem] = {}
        """By the number (id) of the shelf's item, which lives as long as the shelf does."""

    def deliver(self, station: Station, root: Path | None) -> Delivered:
        """Bring a station's folder up to date.

        Where something new may not go out, nothing new does; but what must not be played any more
        leaves the folder all the same.

        Args:
            station: served by a folder.
            root: its folder, which must exist; None for the one in the build folder.

        Raises:
            ProductionError: the folder is another's, something stands in the way, something may
                not go out, the station's file lacks what its program needs, or the disk refuses.
        """
        place = root or self.workshop.root / FOLDER / station.id
        state = self._state(station, place, given=root is not None)
        found = self._found(station)
        try:
            refuse_delivery(
                self.workspace,
                station,
                [one.built.edition for one in found],
                rehearsal=self.rehearsal,
                today=self.order.today,
            )
        except ProductionError:
            held = {(own.edition, own.words) for own in state.files.values() if own.there}
            kept = [one for one in found if (one.air.key, one.built.edition.words_digest) in held]
            if state.files:
                self._bring(station, place, state, kept, linked=root is None)
            raise
        return self._bring(station, place, state, found, linked=root is None)

    def _bring(
        self,
        station: Station,
        place: Path,
        state: DeliveryState,
        found: Sequence[FoundItem],
        *,
        linked: bool,
    ) -> Delivered:
        items, plans = self._items(station, found)
        gone = gone_editions(state, items, self.histories, today=self.order.today)
        request = DeliveryRequest(
            station=station,
            network=self.workspace.network,
            series=self.workspace.series,
            items=items,
            today=self.order.today,
            days=self.order.days,
            plans=plans,
            removed=tuple(one.removed for one in gone),
            rehearsal=self.rehearsal,
        )
        plan = plan_delivery(request)
        changes = self._write(plan, place, state, gone, linked=linked)
        if not self.order.dry_run:
            keep_plans(self.workshop.root, plans)
            own = own_editions(self.workspace, station)
            today = self.order.today.isoformat()
            self._notes.note(station, plan.folder.media, own, on=today)
        return Delivered(
            station=station.id,
            program=plan.program.title,
            path=place,
            editions=len(items),
            length_bytes=sum(one.rendition.length_bytes for one in items),
            days=len(plans),
            changes=changes,
            removed=request.removed,
            keeps_copies=plan.program.keeps_copies,
        )

    def _state(self, station: Station, place: Path, *, given: bool) -> DeliveryState:
        """Read what the folder holds, and refuse the folder of another station."""
        owner = fingerprint([self.workspace.network.id, station.id])[:16]
        if not place.is_dir():
            if given:
                raise ProductionError(
                    "this folder is not there",
                    where=str(place),
                    remedy="make it, or connect the disk or share on which it lies",
                    code=ExitCode.STORAGE,
                )
            return DeliveryState(owner=owner)
        state = read_state(place)
        if state.owner not in {"", owner}:
            raise ProductionError(
                f"this folder was delivered to for another station than {station.id}",
                where=str(place),
                remedy="name the folder of this station with --to",
            )
        return replace(state, owner=owner)

    def _found(self, station: Station) -> list[FoundItem]:
        """Give what may be played on one of the days."""
        today = self.order.today
        last = today + timedelta(days=self.order.days - 1)
        return [
            one
            for one in self._shelf.items(station)
            if one.air.dated <= last and today <= one.air.expires
        ]

    def _items(
        self, station: Station, found: Sequence[FoundItem]
    ) -> tuple[tuple[DeliveryItem, ...], tuple[DayPlan, ...]]:
        """Give what is delivered, and what is planned with it."""
        today = self.order.today
        plans: tuple[DayPlan, ...] = ()
        if has_schedule(station):
            airs = [one.air for one in found]
            plans = self._plans.of(station, airs, today, self.order.days)
        planned = {air.stem for plan in plans for _, air in plan.spoken}
        early = not program_of(station).keeps_copies
        # What is dated later comes early only where a plan needs it, and never into a library of
        # the station's own, which would play it at once.
        items = [
            self._item(one)
            for one in found
            if one.air.dated <= today or (early and one.air.stem in planned)
        ]
        return tuple(items), plans

    def _item(self, one: FoundItem) -> DeliveryItem:
        item = self._made.get(id(one))
        if item is None:
            rendition = one.rendition
            cues, tags = self._look_into(one)
            item = self._made[id(one)] = DeliveryItem(
                air=one.air,
                edition=one.built.edition,
                rendition=rendition,
                audio=one.built.objects[rendition.id],
                cues=cues,
                tags=tags,
            )
        return item

    def _look_into(self, one: FoundItem) -> tuple[CuePoints, dict[str, str]]:
        rendition = one.rendition
        known = self._known.get(rendition.digest)
        if known is None:
            audio, journal = one.built.objects[rendition.id], self.workshop.journal
            try:
                self.workshop.store.verified(rendition.digest)
            except DamagedObjectError as error:
                # A build that reads what leaves makes it again; a dry run meets it here.
                raise _changed(one) from error
            known = look_into(journal, audio, rendition.digest, rendition.suffix)
            self._known[rendition.digest] = known
        return known

    def _write(
        self,
        plan: DeliveryPlan,
        place: Path,
        state: DeliveryState,
        gone: Sequence[GoneEdition],
        *,
        linked: bool,
    ) -> Changes:
        journal = self.workshop.journal

        def seen(path: Path) -> Digest | None:
            known = journal.seen(f"delivery {path}")
            return known[1] if known and known[0] == stamp(path) else None

        def see(path: Path, digest: Digest) -> None:
            journal.see(f"delivery {path}", stamp(path), digest)

        disk = StationDisk(place, state, seen=seen, see=see)
        again = self.order.again
        if self.order.dry_run:
            return disk.look(plan, again=again)
        with storage_errors(place):
            if linked:
                place.mkdir(parents=True, exist_ok=True)
        return disk.write(plan, replace(state, gone=tuple(gone)), again=again, link=linked)


def _changed(one: FoundItem) -> ProductionError:
    return ProductionError(
        "a finished file is not what was built any more",
        where="/".join(one.built.edition.key),
        remedy="altavoz build makes it again, and so does altavoz deliver",
        code=ExitCode.STORAGE,
    )


def deliver_all(
    deliverer: Deliverer, names: Sequence[str], *, to: Path | None
) -> Iterator[Delivered | ProductionError]:
    """Bring the folders of some stations, or of all that take folders, up to date.

    What stops one station, such as a share that is gone, does not stop the others: it is given in
    the place of what was done.

    Args:
        deliverer: with what was built.
        names: ids of stations; empty for all.
        to: where; of one named station the folder itself, else it holds a folder for each, by its
            id. None for the build folder.

    Raises:
        ProductionError: a name is wrong; nothing is delivered.
    """
    workspace = deliverer.workspace
    stations = [find_folder_station(workspace, name) for name in names]
    stations = stations or list(folder_stations(workspace))
    for one in stations:
        try:
            yield deliverer.deliver(one, to if to is None or len(names) == 1 else to / one.id)
        except ProductionError as error:
            yield error
