"""What a process does that ``bench/stations.py`` measures or prepares: one stage.

Run with STAGE and FOLDER on the command line; it prints its figures as JSON.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import production.runner
from commands.workspace import today
from production.building import Workshop
from production.delivery.delivering import (
    FOLDER,
    Deliverer,
    DeliveryOrder,
    deliver_all,
    folder_stations,
)
from production.journal import Result
from production.packs.files import disk_use
from production.packs.packing import PackOrder, pack_stations, prepare_packs, write_pack
from production.progress import SILENT
from production.publish.publishing import read_again
from production.slot_work import SlotTask, run_slot
from production.speech import Speech
from programme.errors import ProductionError
from programme.stations import Station
from scripts.workspace import Workspace, read_workspace

FIFTY = 50

Figures = dict[str, float]


class _Cheap:
    """Sound that costs next to nothing: one slot a language and profile.

    Editions are joined, tagged and captioned as ever, each with bytes of its own.
    """

    def __init__(self) -> None:
        self._slots: dict[object, Result] = {}

    def slot(self, root: Path, task: SlotTask) -> Result:
        """Mix the first slot of its kind for all of them."""
        take = task.lines[0][0] if task.lines else None
        first = take.language if isinstance(take, Speech) else take
        formats = tuple(one.id for one in task.profile.renditions)
        sounds = tuple(task.sounds.values())
        key = (task.profile.id, formats, len(task.lines), first, sounds, task.silence)
        if key not in self._slots:
            self._slots[key] = run_slot(root, task)
        return self._slots[key]


def prepare(folder: Path) -> Figures:
    """Build everything with cheap sound, and prepare and note every pack once."""
    cheap = _Cheap()
    vars(production.runner).update(run_slot=cheap.slot)
    workspace = _read(folder)
    with Workshop(folder).open() as shop:
        plan = shop.plan(workspace, today=today())
        report = shop.build(workspace, plan, jobs=1, progress=SILENT, partial=False)
        workspace = read_again(shop, workspace, plan, today=today())
        packs = list(prepare_packs(shop, workspace, report, names=(), order=_order()))
        order = DeliveryOrder(today=today(), dry_run=True)
        list(deliver_all(Deliverer(shop, workspace, report, order), (), to=None))
    return {"editions": len(report.editions), "packs": len(packs)}


def disk(folder: Path) -> Figures:
    """Write the packs and folders of fifty stations; give what they take."""
    workspace = _read(folder)
    with Workshop(folder).open() as shop:
        report = shop.look(shop.plan(workspace, today=today()))
        before, _ = disk_use([folder / ".altavoz" / "store"])
        names = [one.id for one in sorted(pack_stations(workspace), key=_alike)[:FIFTY]]
        prepared = prepare_packs(shop, workspace, report, names=names, order=_order())
        packs = [write_pack(shop, one) for one in prepared]
        names = [one.id for one in folder_stations(workspace)[:FIFTY]]
        deliverer = Deliverer(shop, workspace, report, DeliveryOrder(today=today()))
        failed = [one for one in deliver_all(deliverer, names, to=None) if not _is_done(one)]
    if failed:
        raise LookupError(str(failed[0]))
    packed, packs_disk = disk_use([one.path for one in packs])
    store = [folder / ".altavoz" / "store"]
    places = [folder / FOLDER / name for name in names]
    _, alone = disk_use(store)
    given, _ = disk_use(places)
    _, together = disk_use([*store, *places])
    return {
        "store_bytes": before,
        "packs": len(packs),
        "packs_bytes": packed,
        "packs_disk_bytes": packs_disk,
        "different_packs": len({one.digest for one in packs}),
        "folders": len(places),
        "folders_bytes": given,
        "folders_disk_bytes": together - alone,
    }


def _alike(station: Station) -> tuple[object, ...]:
    """Put stations that take the same side by side, private ones first."""
    own = bool(station.overrides)
    form = station.loop.form if station.loop else ""
    kind = (station.kind, station.profile, station.series, station.share, form)
    return station.publish_identity, own, *kind, station.languages, station.id


def _is_done(outcome: object) -> bool:
    return not isinstance(outcome, ProductionError)


def _order() -> PackOrder:
    return PackOrder(today=today())


def _read(folder: Path) -> Workspace:
    workspace, findings = read_workspace(folder, today=today())
    if workspace is None or findings.has_errors:
        raise LookupError("\n".join(map(str, findings)))
    return workspace


STAGES: dict[str, Callable[[Path], Figures]] = {"prepare": prepare, "disk": disk}


def main() -> None:
    """Run one stage."""
    _, stage, folder = sys.argv
    print(json.dumps(STAGES[stage](Path(folder))))
