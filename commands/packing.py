"""The command pack: what a station gets, as a ZIP, as a folder, or straight on a stick."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.building import build_all, end_on_failures
from commands.deltas import deltas_report, make_deltas, print_deltas
from commands.key_places import ask_password, user_folder
from commands.terminal import out, out_wrapped, print_json, print_table, progress, talk_wrapped
from commands.workspace import (
    dry_run_option,
    jobs_option,
    json_option,
    read,
    today,
    workspace_option,
)
from programme.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from production.building import BuildReport, Workshop
    from production.packs.packing import BuiltPack, PackOrder, PreparedPack, UnmadePack
    from scripts.workspace import Workspace
    from stations.minisign import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What was asked for."""

    stations: tuple[str, ...]
    stick: Path | None
    replace: bool
    unzipped: bool
    as_json: bool
    since: int | None
    """Serial of the earlier pack that an update is made from; None for no update."""
    earlier: Path | None
    carrier: str
    """How what is copied to a stick travels."""


@click.command()
@workspace_option
@jobs_option
@json_option
@dry_run_option
@click.option("--unsigned", is_flag=True, help="Make packs that nobody signs, and that say so.")
@click.option(
    "--rehearsal",
    is_flag=True,
    help="Make packs that say they are an example: demo facts and unreviewed texts may be in them.",
)
@click.option(
    "--folder",
    "unzipped",
    is_flag=True,
    help="Make folders in place of ZIPs; their sound takes no room on the disk.",
)
@click.option(
    "--to",
    "stick",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Also copy the pack of one station to a stick or card, such as /media/me/STICK.",
)
@click.option(
    "--replace",
    is_flag=True,
    help="With --to, delete foreign files that stand in the pack's place or between its files.",
)
@click.option(
    "--carrier",
    type=click.Choice(["usb", "sd", "phone"]),
    default="usb",
    show_default=True,
    help="With --to, what it is: noted in the shipment register.",
)
@click.option(
    "--delta",
    "since",
    type=click.IntRange(1),
    metavar="SERIAL",
    help="Also make the update from that earlier pack.",
)
@click.option(
    "--from",
    "earlier",
    type=click.Path(path_type=Path),
    metavar="PACK",
    help="With --delta, the earlier pack, where it is not kept here any more.",
)
@click.argument("stations", nargs=-1)
def pack(  # noqa: PLR0917 - options
    folder: Path,
    jobs: int,
    as_json: bool,
    dry_run: bool,
    unsigned: bool,
    rehearsal: bool,
    unzipped: bool,
    stick: Path | None,
    replace: bool,
    carrier: str,
    since: int | None,
    earlier: Path | None,
    stations: tuple[str, ...],
) -> None:
    """Build, and make a ZIP for each station that takes packs.

    STATIONS names some of them; without it, all. What may not be published may not be packed: a
    pack cannot be called back. With --to, the files of one pack are copied to a stick in play
    order and read back; a stick is never formatted, and nothing foreign on it is touched.

    \b
    Example:
      altavoz pack
      altavoz pack terminal
      altavoz pack terminal --to /media/me/STICK
      altavoz pack terminal --delta 41
    """
    from production.building import Workshop
    from production.packs.packing import PackOrder
    from production.publish.checks import read_again

    wanted = _Wanted(
        stations=stations,
        stick=stick,
        replace=replace,
        unzipped=unzipped,
        as_json=as_json,
        since=since,
        earlier=earlier,
        carrier=carrier,
    )
    _check_options(wanted)
    workspace = read(folder, today=today())
    if stick is not None:
        _check_stick(workspace, stations, stick)
    signer = None if unsigned else _signer(workspace)
    order = PackOrder(today=today(), jobs=jobs, signer=signer, rehearsal=rehearsal)
    with Workshop(workspace.root, dry=dry_run).open() as workshop:
        plan = workshop.plan(workspace, today=today())
        if dry_run:
            if steps := workshop.needs(plan).count:
                _print_steps(steps, as_json=as_json)
            else:
                _look(workshop, workspace, workshop.look(plan), order, wanted)
            return
        report = build_all(workshop, workspace, plan, jobs)
        end_on_failures(report)
        if report.run.total:
            workspace = read_again(workshop, workspace, plan, today=today())
        _make(workshop, workspace, report, order, wanted)


def _check_options(wanted: _Wanted) -> None:
    """Refuse what does not go together."""
    if wanted.replace and wanted.stick is None:
        raise click.UsageError("--replace goes with --to")
    if wanted.unzipped and wanted.stick is not None:
        raise click.UsageError("--folder and --to do not go together")
    if wanted.since and (wanted.unzipped or wanted.stick is not None):
        raise click.UsageError("--delta goes with ZIPs")
    if wanted.earlier and not wanted.since:
        raise click.UsageError("--from goes with --delta")


def _print_steps(steps: int, *, as_json: bool) -> None:
    if as_json:
        print_json({"steps_to_run_first": steps})
    else:
        out(f"{counted(steps, 'step')} would run first: see altavoz build --dry-run")


def _look(
    workshop: "Workshop",
    workspace: "Workspace",
    report: "BuildReport",
    order: "PackOrder",
    wanted: _Wanted,
) -> None:
    """Show what would be packed, from what is built; make and note nothing."""
    from production.packs.packing import PreparedPack, look_at_packs

    packs = list(look_at_packs(workshop, workspace, report, names=wanted.stations, order=order))
    if wanted.stick is None or not isinstance(packs[0], PreparedPack):
        _print_looked(packs, as_json=wanted.as_json)
        return
    from production.sticks.planning import plan_stick
    from production.sticks.report import plain_plan, plan_lines
    from stations.pack_members import gather_members

    members = gather_members(packs[0].request, packs[0].plan)
    plan = plan_stick(members, wanted.stick, replace=wanted.replace)
    if wanted.as_json:
        print_json(plain_plan(plan))
    else:
        _print_lines(plan_lines(plan))


def _make(
    workshop: "Workshop",
    workspace: "Workspace",
    report: "BuildReport",
    order: "PackOrder",
    wanted: _Wanted,
) -> None:
    """Prepare, write and show what was asked for."""
    from production.packs.packing import prepare_packs, write_pack

    # nothing is shown while progress is drawn: it would stand in the middle of it
    ready: list[PreparedPack] = []
    packs: list[BuiltPack] = []
    with progress() as bar:
        prepared = prepare_packs(
            workshop,
            workspace,
            report,
            names=wanted.stations,
            order=replace(order, progress=bar),
        )
        if wanted.stick is not None:
            ready = list(prepared)
        else:
            packs = [write_pack(workshop, one, unzipped=wanted.unzipped) for one in prepared]
    if wanted.stick is not None:
        (one,) = ready
        _to_stick(workshop, workspace, one, wanted.stick, wanted)
        return
    deltas = make_deltas(
        workspace.root, packs, wanted.since, old=wanted.earlier, signer=order.signer
    )
    if wanted.as_json and deltas:
        print_json(deltas_report(packs, deltas))
    else:
        _print_packs(packs, workspace, as_json=wanted.as_json)
        print_deltas(deltas)


def _to_stick(
    workshop: "Workshop",
    workspace: "Workspace",
    prepared: "PreparedPack",
    stick: Path,
    wanted: _Wanted,
) -> None:
    """Copy a pack to a stick, beside its ZIP, from which later updates are made."""
    from production.packs.packing import write_pack
    from production.reports import packs_report
    from production.sticks.planning import plan_stick
    from production.sticks.report import plain_plan, plain_report, report_lines
    from production.sticks.writing import write_stick
    from stations.pack_members import gather_members

    members = gather_members(prepared.request, prepared.plan)
    plan = plan_stick(members, stick, replace=wanted.replace)
    built = write_pack(workshop, prepared)
    done = write_stick(plan, issued=prepared.request.issued)
    _note_shipment(workspace.root, prepared, wanted.carrier)
    if wanted.as_json:
        [row] = packs_report([built])
        print_json([row | {"stick": plain_plan(plan) | plain_report(done)}])
        return
    _print_packs([built], workspace, as_json=False)
    _print_lines(report_lines(plan, done))


def _note_shipment(root: Path, prepared: "PreparedPack", carrier: str) -> None:
    """Note that the stick goes to its station: whoever holds a pack must be found again."""
    from production.ledger.ledger import Ledger
    from production.packs.register import Carrier
    from production.packs.shipping import ship

    request = prepared.request
    ship(
        root,
        Ledger(root),
        request.station,
        carrier=Carrier(carrier),
        on=today(),
        today=today(),
        serial=request.serial,
    )


def _check_stick(workspace: "Workspace", names: tuple[str, ...], stick: Path) -> None:
    from production.packs.packing import pack_stations
    from production.sticks.planning import check_stick

    if len(names) > 1 or (not names and len(pack_stations(workspace)) != 1):
        raise click.UsageError("--to takes the pack of one station: name it")
    check_stick(stick)


def _signer(workspace: "Workspace") -> "Signer | None":
    from production.keys.signing import find_signer
    from production.keys.store import KeyStore

    return find_signer(workspace.network, KeyStore(folder=user_folder()), ask_password)


def _print_lines(lines: "Sequence[str]") -> None:
    for line in lines:
        out_wrapped(line)


def _print_looked(packs: "Sequence[PreparedPack | UnmadePack]", *, as_json: bool) -> None:
    from production.packs.packing import PreparedPack, UnmadePack
    from production.tables import Table

    unmade = [one for one in packs if isinstance(one, UnmadePack)]

    table = Table(
        columns=("station", "pack", "serial", "editions", "languages", "valid until"),
        rows=tuple(
            (
                one.request.station.id,
                one.plan.pack_id,
                str(one.request.serial),
                str(one.chosen),
                " ".join(one.plan.languages),
                one.plan.valid_until.isoformat(),
            )
            for one in packs
            if isinstance(one, PreparedPack)
        ),
        right=frozenset({2, 3}),
    )
    if as_json:
        first = [
            {"station": one.station.id, "steps_to_run_first": len(one.steps)} for one in unmade
        ]
        print_json([*table.plain(), *first])
        return
    if table.rows or not unmade:
        print_table(table)
    for one in unmade:
        steps = counted(len(one.steps), "step")
        out(f"{one.station.id}: {steps} would run first, such as {one.steps[0]}")


def _print_packs(packs: "Sequence[BuiltPack]", workspace: "Workspace", *, as_json: bool) -> None:
    from production.keys.signing import NOT_SIGNED
    from production.packs.files import disk_use
    from production.tables import packs_table, recall_lines, remark_lines, size

    if as_json:
        from production.reports import packs_report

        print_json(packs_report(packs))
        return
    print_table(packs_table(packs, workspace.root))
    if len(packs) > 1:
        total, used = disk_use([one.path for one in packs])
        out(f"{counted(len(packs), 'pack')} of {size(total)} in all; on this disk {size(used)}.")
    for line in (*recall_lines(packs), *remark_lines(packs)):
        talk_wrapped(line)
    if any(not one.signed_by for one in packs):
        talk_wrapped("not signed: --unsigned" if workspace.network.signing_keys else NOT_SIGNED)
