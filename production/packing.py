"""Packing: a ZIP per station from built editions, with a serial that the ledger remembers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from production.building import BUILD_FOLDER, BuildReport, BuiltEdition, Workshop
from production.consent_notes import note_pack, open_private
from production.ledger import Ledger
from production.notices import Unspoken
from production.pack_notices import PACKED, earlier_packs, make_pack_notices, peers_of
from production.pack_overrides import overrides_in
from production.pack_recall import Histories, find_recalls, held_plain, may_be_packed
from production.planner import PLAN_VERSION
from production.progress import SILENT
from production.records import plain_edition, plain_value
from production.runner import Progress
from production.selection import LeftOut
from programme.digests import Plain, digest_file, fingerprint
from programme.errors import ProductionError
from programme.left_out import Cause
from programme.network import Network
from programme.stations import Station
from programme.storage import storage_errors
from programme.units import Digest, LanguageTag
from scripts.station_facts import own_editions
from scripts.workspace import Workspace
from stations.pack_naming import pack_name, station_needs
from stations.pack_plan import (
    PACK_VERSION,
    PackEdition,
    PackRequest,
    pick_rendition,
    plan_pack,
)
from stations.pack_plan import LeftOut as PackLeftOut
from stations.pack_zip import write_pack
from stations.recall import Recall


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPack:
    """A finished pack."""

    station: str
    path: Path
    serial: int
    issued: date
    valid_until: date
    digest: Digest
    length_bytes: int
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


def pack_stations(workspace: Workspace) -> tuple[Station, ...]:
    """Give the stations that take packs, by id."""
    return tuple(s for s in workspace.stations.values() if s.takes_packs)


def find_station(workspace: Workspace, name: str) -> Station:
    """Give one station that takes packs.

    Raises:
        ProductionError: there is no such station, or it takes a feed.
    """
    station = workspace.stations.get(name)
    if station is None:
        known = ", ".join(sorted(workspace.stations)) or "none"
        raise ProductionError(
            f"there is no station {name}",
            where="stations/",
            remedy=f"name one of: {known}",
        )
    if not station.takes_packs:
        raise ProductionError(
            f"{name} takes a feed, not packs",
            where=station.file,
            remedy="give it the feed's address, or set delivery: pack in its file",
        )
    return station


def build_pack(
    workshop: Workshop,
    workspace: Workspace,
    station: Station,
    editions: Sequence[BuiltEdition],
    left_out: Sequence[LeftOut],
    *,
    ledger: Ledger,
    today: date,
    jobs: int,
    progress: Progress,
) -> BuiltPack:
    """Make a station's pack, or find that the same one is there already.

    Nothing that was withdrawn goes into it. What earlier packs of this station held and nobody
    may play any more stands in its papers, and is said aloud by the first files of its folders.

    What a station says with a fact of its own comes from editions made for it alone, and never
    from everybody's. The serial counts up when the content differs from the pack of this id that
    was made last; the same content keeps its serial and date of issue, and so its bytes. Private
    stations that take the same things share one pack and its serial.

    Raises:
        ProductionError: there is nothing to pack, or the disk refuses.
    """
    histories = Histories(ledger)
    chosen = _editions_of(workspace, station, editions, histories)
    request = PackRequest(
        station=station,
        network=workspace.network,
        series={name: workspace.series[name] for name in station.series},
        editions=chosen,
        serial=1,
        issued=today,
        left_out=_left_out_of(workspace, station, left_out),
        overrides=overrides_in(workspace, station, chosen),
    )
    pack_id = pack_name(request)
    earlier = earlier_packs(workshop.root, ledger, peers_of(workspace, station), pack_id)
    recalled = find_recalls(earlier, histories, chosen, station=station, today=today)
    notices = make_pack_notices(
        workshop, workspace, station, recalled, jobs=jobs, progress=progress
    )
    request = replace(
        request,
        editions=(*chosen, *notices.editions),
        recalls=tuple(one.recall for one in recalled),
    )
    # Refused today where something in it is past its date, even if the same pack was made before.
    plan_pack(request)
    content = _content(workspace, request)
    last = max(
        ledger.events("pack", pack=pack_id), key=lambda e: int(e.facts["serial"]), default=None
    )
    if last is not None and last.facts["content"] == content:
        serial, issued = int(last.facts["serial"]), date.fromisoformat(last.facts["issued"])
    else:
        serial, issued = (int(last.facts["serial"]) if last else 0) + 1, today
    request = replace(request, serial=serial, issued=issued)
    plan = plan_pack(request)
    held: dict[str, Plain] = {
        "pack": pack_id,
        "serial": serial,
        "valid_until": plan.valid_until.isoformat(),
        "segments": sorted({name for one in chosen for name in one.edition.segments}),
        "facts": sorted({name for one in chosen for name in one.edition.facts}),
    }
    # The serial is spent before the file is there: after a crash the same serial must not be
    # given to other content.
    if last is None or last.facts["content"] != content:
        items = held_plain(plan, own_editions(workspace, station))
        noted = {"issued": issued.isoformat(), "content": content, "items": items}
        ledger.append("pack", {**held, **noted})
    note_pack(workspace, pack_id, serial, {s for one in chosen for s in one.edition.segments})
    _note_packed(ledger, station, {**held, "on": today.isoformat()}, root=workshop.root)
    path = workshop.root / BUILD_FOLDER / "packs" / station.id / plan.file_name
    unchanged = _is_current(workshop, path, content)
    if not unchanged:
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_pack(request, path)
            about = path.stat()
        name = path.relative_to(workshop.root).as_posix()
        workshop.journal.see(name, _stamp(about.st_size, about.st_mtime_ns), Digest(content))
    _remove_older(path, workspace.network, station)
    _remove_others(workshop, path)
    return BuiltPack(
        station=station.id,
        path=path,
        serial=serial,
        issued=issued,
        valid_until=plan.valid_until,
        digest=digest_file(path),
        length_bytes=path.stat().st_size,
        editions=len(chosen),
        languages=plan.languages,
        unchanged=unchanged,
        recalls=request.recalls,
        notices=len(notices.editions),
        unspoken=notices.unspoken,
    )


def _remove_older(path: Path, network: Network, station: Station) -> None:
    """Take away the packs that this station was given under another name.

    The name of a private station's pack follows what it takes, so that a pack with an old number
    would lie beside the new one, and somebody would carry it out.
    """
    made = re.compile(rf"{re.escape(network.id)}_([0-9a-f]{{12}}|{re.escape(station.id)})\.zip")
    with storage_errors(path.parent):
        for other in sorted(path.parent.iterdir()):
            if other.name != path.name and made.fullmatch(other.name):
                other.unlink()


def _remove_others(workshop: Workshop, pack: Path) -> None:
    """Take away what was packed for the same station under another name; nothing else.

    Whoever copies the folder to a stick must not take a number along that is no longer said.
    """
    with storage_errors(pack.parent):
        for other in sorted(pack.parent.glob("*.zip")):
            name = other.relative_to(workshop.root).as_posix()
            if other != pack and workshop.journal.seen(name) is not None:
                other.unlink()


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


def _stamp(size: int, mtime_ns: int) -> str:
    return f"{size} {mtime_ns}"


def _is_current(workshop: Workshop, path: Path, content: str) -> bool:
    if not path.is_file():
        return False
    about = path.stat()
    known = workshop.journal.seen(path.relative_to(workshop.root).as_posix())
    return known == (_stamp(about.st_size, about.st_mtime_ns), content)


def _editions_of(
    workspace: Workspace,
    station: Station,
    editions: Sequence[BuiltEdition],
    histories: Histories,
) -> tuple[PackEdition, ...]:
    chosen = []
    own = own_editions(workspace, station)
    general = {one.edition.key: one.edition.words_digest for one in editions if not one.station}
    for built in editions:
        edition = built.edition
        key = edition.key
        if built.station != (station.id if key in own else ""):
            continue
        if (
            edition.profile != station.profile
            or edition.series not in station.series
            or edition.language not in station.languages
        ):
            continue
        if not may_be_packed(histories, edition, general):
            continue
        rendition = pick_rendition(edition.renditions, station.format)
        chosen.append(
            PackEdition(
                edition=edition,
                rendition=rendition,
                audio=built.objects[rendition.id],
                segment_titles=_titles(workspace, edition.segments, edition.language),
            )
        )
    return tuple(chosen)


def _titles(workspace: Workspace, segments: Sequence[str], tag: LanguageTag) -> Mapping[str, str]:
    scripts = {name: workspace.translations[(name, tag)].script for name in segments}
    return {name: script.title for name, script in scripts.items() if script is not None}


def _left_out_of(
    workspace: Workspace, station: Station, left_out: Sequence[LeftOut]
) -> tuple[PackLeftOut, ...]:
    found: dict[PackLeftOut, None] = {}
    own = own_editions(workspace, station)
    for item in left_out:
        if item.station != (
            station.id if (item.series, item.episode, item.language) in own else ""
        ):
            continue
        if item.series not in station.series or item.language not in station.languages:
            continue
        # That somebody took a consent back is nobody's business but theirs.
        if item.cause in {Cause.REQUIRED, Cause.EMPTY, Cause.CONSENT}:
            continue
        found[
            PackLeftOut(
                language=item.language,
                title=_title(workspace, item),
                reason=item.cause,
            )
        ] = None
    return tuple(found)


def _title(workspace: Workspace, item: LeftOut) -> str:
    for tag in (item.language, workspace.network.source_language):
        script = workspace.translations[(item.segment, tag)].script
        if script is not None:
            return script.title
    return item.segment


def _content(workspace: Workspace, request: PackRequest) -> str:
    """Give the fingerprint of everything but the serial and date that decides a pack's bytes."""
    station = request.station
    public = {"id": station.id, "name": station.name} if station.publish_identity else {}
    own = [
        plain_value({n: v for n, v in asdict(one).items() if n != "reason" or public})
        for one in request.overrides
    ]
    recalls = [plain_value(asdict(one)) for one in request.recalls]
    return str(
        fingerprint(
            {
                **({"overrides": own} if own else {}),
                **({"recalls": recalls} if recalls else {}),
                "version": [PLAN_VERSION, PACK_VERSION],
                "network": _told(workspace.network, {"voices", "targets", "reviews"}),
                # Nothing else of a station is in its pack: twins must give the same bytes.
                "station": station_needs(station) | public,
                "series": [
                    [*map(list, workspace.series[name].title.items())] for name in station.series
                ],
                "editions": [
                    [plain_edition(e.edition), e.rendition.id, dict(e.segment_titles)]
                    for e in request.editions
                ],
                "left_out": [[m.language, m.title, m.reason] for m in request.left_out],
                "papers": [[one.file.path, one.file.digest] for one in request.papers],
                "signer": request.signer.public.text if request.signer else "",
            }
        )
    )


def _told(value: Network, without: set[str]) -> dict[str, Plain]:
    return {name: item for name, item in asdict(value).items() if name not in without}


def build_packs(
    workshop: Workshop,
    workspace: Workspace,
    report: BuildReport,
    *,
    names: Sequence[str],
    today: date,
    jobs: int = 1,
    progress: Progress = SILENT,
) -> list[BuiltPack]:
    """Make the packs of some stations, or of all that take packs.

    Raises:
        ProductionError: a name is no station that takes packs, or a pack cannot be made.
    """
    stations = [find_station(workspace, name) for name in names] or pack_stations(workspace)
    ledger = Ledger(workshop.root)
    return [
        build_pack(
            workshop,
            workspace,
            station,
            report.editions,
            report.left_out,
            ledger=ledger,
            today=today,
            jobs=jobs,
            progress=progress,
        )
        for station in stations
    ]
