"""Packing: a pack per station from built editions, with a serial that the ledger remembers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from production.announced import Remark
from production.building import BuildReport, NotMadeError, Workshop
from production.consent_notes import note_pack, open_private
from production.ledger.ledger import Ledger
from production.ledger.merging import last_pack
from production.notices.notices import Unspoken
from production.packs.files import disk_use, put_folder, put_zip
from production.packs.gates import refuse_packs
from production.packs.made import PACKED, Given, Peers, earlier_packs, packs_given
from production.packs.news import news_since
from production.packs.notices import make_pack_notices
from production.packs.overrides import overrides_in
from production.packs.recall import Histories, find_recalls, held_plain
from production.packs.request import PackShelf, content_of, left_out_for
from production.packs.shares import ShareTexts, share_papers
from production.packs.sound import complete_sound
from production.progress import SILENT
from production.publish.doors import rehearses
from production.runner import Progress
from production.selection import LeftOut
from production.stations.known import known_station
from programme.digests import Plain
from programme.errors import ProductionError
from programme.stations import Station
from programme.units import Digest, LanguageTag
from scripts.station_facts import own_editions
from scripts.workspace import Workspace
from stations.minisign import Signer
from stations.pack_naming import pack_name
from stations.pack_plan import PackEdition, PackPlan, PackRequest, plan_pack
from stations.recall import Recall


@dataclass(frozen=True, slots=True, kw_only=True)
class PackOrder:
    """How packs are to be made."""

    today: date
    jobs: int = 1
    progress: Progress = SILENT
    signer: Signer | None = None
    """Who signs them; None for packs that nobody signs."""
    rehearsal: bool = False
    """Whether they are only examples, and say so: what a publish refuses may be in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedPack:
    """All that decides a pack's bytes, before any of it is written."""

    request: PackRequest
    plan: PackPlan
    content: str
    """Fingerprint of what decides its bytes but the serial and the day of issue."""
    chosen: int
    """How many editions it plays."""
    unspoken: tuple[Unspoken, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmadePack:
    """A pack of which a dry run cannot say more, because its sound is not made yet."""

    station: Station
    steps: tuple[str, ...]
    """What would be made first; more may follow from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPack:
    """A finished pack."""

    station: str
    path: Path
    serial: int
    issued: date
    valid_until: date
    digest: Digest
    """Of the ZIP; of ``pack.json`` where the pack is a folder."""
    length_bytes: int
    """Of the ZIP, or of all files of the folder."""
    editions: int
    languages: tuple[LanguageTag, ...]
    unchanged: bool
    """Whether the very same pack was already there."""
    recalls: tuple[Recall, ...] = ()
    """What its papers say must be deleted of earlier packs."""
    notices: int = 0
    """How many of these it speaks of aloud."""
    unspoken: tuple[Unspoken, ...] = ()
    """What nobody can say aloud yet, and what to record."""
    remarks: tuple[Remark, ...] = ()
    """What its sound does not say, or says at too great a length."""
    signed_by: str = ""
    """Id of the key that signed it; empty for a pack that nobody signed."""


def pack_stations(workspace: Workspace) -> tuple[Station, ...]:
    """Give the stations that take packs, by id."""
    return tuple(s for s in workspace.stations.values() if s.takes_packs)


def find_pack_station(workspace: Workspace, name: str) -> Station:
    """Give one station that takes packs.

    Raises:
        ProductionError: there is no such station, or it takes a feed.
    """
    station = known_station(workspace, name)
    if not station.takes_packs:
        raise ProductionError(
            f"{name} takes a feed, not packs",
            where=station.file,
            remedy="give it the feed's address, or set delivery: pack in its file",
        )
    return station


class PackGround:
    """What all packs of a run rest on, read once."""

    def __init__(self, workshop: Workshop, workspace: Workspace, report: BuildReport) -> None:
        """Read the ledger of a workspace from which something was built."""
        self.ledger = Ledger(workshop.root)
        self.histories = Histories(self.ledger)
        self.given: Given = packs_given(workshop.root, self.ledger)
        """What each station was given before this run."""
        self.peers = Peers(workspace)
        self.left_out: Sequence[LeftOut] = report.left_out
        self.shelf = PackShelf(workspace, report.editions, self.histories)
        self.shares = ShareTexts(workspace.network)


def prepare_pack(
    workshop: Workshop,
    workspace: Workspace,
    station: Station,
    chosen: tuple[PackEdition, ...],
    *,
    ground: PackGround,
    order: PackOrder,
    note: bool = True,
) -> PreparedPack:
    """Decide all of a station's pack, and note its serial; no file of it is written yet.

    Nothing that was withdrawn goes into it. What earlier packs of this station held and nobody
    may play any more stands in its papers, and is said aloud by the first files of its folders.

    What a station says with a fact of its own comes from editions made for it alone, and never
    from everybody's. The serial counts up when the content differs from the pack of this id that
    was made last; the same content keeps its serial and date of issue, and so its bytes. Private
    stations that take the same things share one pack and its serial.

    Args:
        workshop: of the workspace.
        workspace: as read.
        station: who gets it.
        chosen: the editions that it takes, none of which the gates refuse.
        ground: what was built, what was not, and what was given before.
        order: how to make it.
        note: False to look only: no serial is spent, and nobody was given anything.

    Raises:
        ProductionError: there is nothing to pack, or the disk refuses.
        NotMadeError: this is a dry run, and some of its sound is not made yet.
    """
    today = order.today
    ledger, histories = ground.ledger, ground.histories
    rehearsal = order.rehearsal or rehearses(workspace.network)
    request = PackRequest(
        station=station,
        network=workspace.network,
        series={name: workspace.series[name] for name in station.series},
        editions=chosen,
        serial=1,
        issued=today,
        left_out=left_out_for(workspace, station, ground.left_out),
        overrides=overrides_in(workspace, station, chosen),
        papers=share_papers(station, ground.shelf, ground.shares),
        signer=order.signer,
        rehearsal=rehearsal,
    )
    pack_id = pack_name(request)
    earlier = earlier_packs(ground.given, ledger, ground.peers.of(station), pack_id)
    recalled = find_recalls(earlier, histories, chosen, station=station, today=today)
    notices = make_pack_notices(
        workshop,
        workspace,
        station,
        recalled,
        present={one.edition.key for one in chosen},
        jobs=order.jobs,
        progress=order.progress,
    )
    request = replace(
        request,
        editions=(*chosen, *notices.editions),
        recalls=tuple(one.recall for one in recalled),
    )
    # Refused today where something in it is past its date, even if the same pack was made before.
    sound = complete_sound(workshop, workspace, request, jobs=order.jobs, progress=order.progress)
    request = replace(request, editions=sound.editions)
    content = content_of(workspace, request, ground.shelf)
    made = list(ledger.events("pack", pack=pack_id))
    last, disputed = last_pack(made)
    known = last is not None and last.facts["content"] == content and not disputed
    if last is not None and known:
        serial, issued = int(last.facts["serial"]), date.fromisoformat(last.facts["issued"])
    else:
        serial, issued = (int(last.facts["serial"]) if last else 0) + 1, today
    request = replace(request, serial=serial, issued=issued)
    plan = plan_pack(request)
    request = replace(request, news=news_since(made, plan, serial))
    held: dict[str, Plain] = {
        "pack": pack_id,
        "serial": serial,
        "valid_until": plan.valid_until.isoformat(),
        "segments": sorted({name for one in chosen for name in one.edition.segments}),
        "facts": sorted({name for one in chosen for name in one.edition.facts}),
    }
    # The serial is spent before the file is there: after a crash the same serial must not be
    # given to other content.
    if note and not known:
        items = held_plain(plan, own_editions(workspace, station))
        noted = {"issued": issued.isoformat(), "content": content, "items": items}
        ledger.append("pack", {**held, **noted})
    if note:
        segments = {s for one in chosen for s in one.edition.segments}
        note_pack(workspace, pack_id, serial, segments)
        _note_packed(ledger, station, {**held, "on": today.isoformat()}, root=workshop.root)
    return PreparedPack(
        request=request,
        plan=plan,
        content=content,
        chosen=len(chosen),
        unspoken=notices.unspoken,
        remarks=sound.remarks,
    )


def write_pack(workshop: Workshop, pack: PreparedPack, *, unzipped: bool = False) -> BuiltPack:
    """Write a pack's ZIP or folder, or find that the same one is there already.

    Raises:
        ProductionError: the disk refuses, or sound is not what was built.
    """
    request, plan = pack.request, pack.plan
    put = (put_folder if unzipped else put_zip)(workshop, request, plan, pack.content)
    return BuiltPack(
        station=request.station.id,
        path=put.path,
        serial=request.serial,
        issued=request.issued,
        valid_until=plan.valid_until,
        digest=put.digest,
        length_bytes=disk_use([put.path])[0],
        editions=pack.chosen,
        languages=plan.languages,
        unchanged=put.unchanged,
        recalls=request.recalls,
        notices=sum(one.notice is not None for one in request.editions),
        unspoken=pack.unspoken,
        remarks=pack.remarks,
        signed_by=request.signer.public.name if request.signer else "",
    )


def _note_packed(
    ledger: Ledger, station: Station, pack: Mapping[str, Plain], *, root: Path
) -> None:
    """Note once which station a pack was made for; in private/ where it does not want to be named.

    Who takes a consent back, or finds a mistake, must be told who has it; but the ledger is as
    public as the workspace.
    """
    if not station.publish_identity:
        ledger = open_private(root)
    _note_once(ledger, {**pack, "station": station.id})


def _note_once(ledger: Ledger, facts: Mapping[str, Plain]) -> None:
    key = {name: str(facts[name]) for name in ("pack", "station")}
    if all(event.facts["serial"] != facts["serial"] for event in ledger.events(PACKED, **key)):
        ledger.append(PACKED, facts)


def prepare_packs(
    workshop: Workshop,
    workspace: Workspace,
    report: BuildReport,
    *,
    names: Sequence[str],
    order: PackOrder,
) -> Iterator[PreparedPack]:
    """Prepare the packs of some stations, or of all that take packs, one after the other.

    Raises:
        ProductionError: a name is no station that takes packs, a pack would hold what may not go
            out, of which all is named, or cannot be made.
    """
    ground = PackGround(workshop, workspace, report)
    for station, chosen in _fit(workspace, names, ground, order):
        yield prepare_pack(workshop, workspace, station, chosen, ground=ground, order=order)


def _fit(
    workspace: Workspace, names: Sequence[str], ground: PackGround, order: PackOrder
) -> list[tuple[Station, tuple[PackEdition, ...]]]:
    """Give stations with what they take; all that may not go out is told before any is packed."""
    stations = [find_pack_station(workspace, name) for name in names] or pack_stations(workspace)
    chosen = {one.id: ground.shelf.choose(one) for one in stations}
    rehearsal = order.rehearsal or rehearses(workspace.network)
    refuse_packs(workspace, chosen, rehearsal=rehearsal, today=order.today)
    return [(one, chosen[one.id]) for one in stations]


def look_at_packs(
    workshop: Workshop,
    workspace: Workspace,
    report: BuildReport,
    *,
    names: Sequence[str],
    order: PackOrder,
) -> Iterator[PreparedPack | UnmadePack]:
    """Say which packs there would be; nothing is made, noted or spent.

    Args:
        workshop: dry.
        workspace: as read.
        report: what is built.
        names: of stations; empty for all that take packs.
        order: how to make them.

    Raises:
        ProductionError: as ``prepare_packs``.
    """
    ground = PackGround(workshop, workspace, report)
    for station, chosen in _fit(workspace, names, ground, order):
        try:
            yield prepare_pack(
                workshop, workspace, station, chosen, ground=ground, order=order, note=False
            )
        except NotMadeError as error:
            yield UnmadePack(station=station, steps=error.labels)


def build_packs(
    workshop: Workshop,
    workspace: Workspace,
    report: BuildReport,
    *,
    names: Sequence[str],
    order: PackOrder,
    unzipped: bool = False,
) -> list[BuiltPack]:
    """Prepare packs and write them, see ``prepare_packs`` and ``write_pack``."""
    return [
        write_pack(workshop, one, unzipped=unzipped)
        for one in prepare_packs(workshop, workspace, report, names=names, order=order)
    ]
