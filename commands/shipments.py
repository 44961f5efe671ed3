"""Which pack went where, who has it no more, and who has a withdrawn message still."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal import out, out_wrapped, print_json, print_table, talk
from commands.workspace import (
    dry_run_option,
    json_option,
    look_at,
    today,
    workspace_option,
)
from programme.wording import counted

if TYPE_CHECKING:
    from programme.stations import Station
    from scripts.workspace import Workspace

_on_option = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="The day on which it happened; today by default.",
)
_serial_option = click.option(
    "--serial", type=click.IntRange(1), default=None, help="Of the pack; see below."
)
_note_option = click.option("--note", default="", help="One line; no names of persons.")


@click.command()
@workspace_option
@click.option(
    "--carrier",
    type=click.Choice(["usb", "sd", "phone", "messenger", "download", "mail"]),
    required=True,
    help="How it travels.",
)
@_serial_option
@_on_option
@click.option("--by", default="", help="The role of who handed it out, as field team.")
@_note_option
@json_option
@dry_run_option
@click.argument("station")
def ship(
    *,
    folder: Path,
    carrier: str,
    serial: int | None,
    on: datetime | None,
    by: str,
    note: str,
    as_json: bool,
    dry_run: bool,
    station: str,
) -> None:
    """Note that a pack was handed out to a station.

    Without --serial, it is the pack that was made last. Of a station whose identity is private,
    the public ledger tells the pack alone; private/ has the whole line.

    \b
    Example:
      altavoz ship terminal --carrier usb --by "field team"
      altavoz ship terminal --carrier sd --serial 41 --on 2026-11-20
    """
    from production.building import Workshop
    from production.ledger.ledger import Ledger
    from production.packs.register import Carrier, read_register
    from production.packs.shipment_sheet import shipments_plain
    from production.packs.shipping import ship as note_shipment

    workspace = look_at(folder, today=today())
    with Workshop(workspace.root).open():
        ledger = Ledger(workspace.root)
        found, news = note_shipment(
            workspace.root,
            ledger,
            _station(workspace, station),
            carrier=Carrier(carrier),
            on=_day(on),
            today=today(),
            serial=serial,
            by=by,
            note=note,
            dry_run=dry_run,
        )
        register = read_register(workspace.root, ledger)
    if as_json:
        (plain,) = shipments_plain(register, [found])
        print_json({**plain, "news": news})
        return
    verb = "was noted already" if not news else "would be noted" if dry_run else "noted"
    out(f"{verb}: {found.station} was given {found.pack} number {found.serial} on {found.on}")


@click.group(invoke_without_command=True)
@click.pass_context
def shipments(context: click.Context) -> None:
    """What went to which station, and what stations deleted or gave back.

    Without a word after it, lists what stations have.

    \b
    Example:
      altavoz shipments
      altavoz shipments deleted terminal --serial 41
    """
    if context.invoked_subcommand is None:
        context.invoke(shipments_list, folder=Path())


@shipments.command("list")
@workspace_option
@click.option("--all", "everything", is_flag=True, help="Also what is deleted or given back.")
@json_option
@click.argument("stations", nargs=-1)
def shipments_list(
    folder: Path, stations: tuple[str, ...] = (), everything: bool = False, as_json: bool = False
) -> None:
    """List the packs that stations have; STATIONS names some of them.

    \b
    Example:
      altavoz shipments list --all
    """
    from production.ledger.ledger import Ledger
    from production.packs.register import read_register
    from production.packs.shipment_sheet import shipments_plain, shipments_table

    root = look_at(folder, today=today()).root
    register = read_register(root, Ledger(root))
    shown = [
        one
        for one in (register.shipments if everything else register.still_held())
        if not stations or one.station in stations
    ]
    if as_json:
        print_json(shipments_plain(register, shown))
    elif shown:
        print_table(shipments_table(register, shown))
    else:
        out("Nobody noted that a pack was handed out; note it with: altavoz ship STATION")


@shipments.command("deleted")
@workspace_option
@_serial_option
@_on_option
@_note_option
@dry_run_option
@click.argument("station")
def shipments_deleted(
    *, folder: Path, serial: int | None, on: datetime | None, note: str, dry_run: bool, station: str
) -> None:
    """Note that a station deleted the packs that it had.

    Without --serial, all that it was given up to that day.

    \b
    Example:
      altavoz shipments deleted terminal --on 2026-11-22
    """
    _end("deleted", folder, serial, _day(on), note, dry_run=dry_run, station=station)


@shipments.command("returned")
@workspace_option
@_serial_option
@_on_option
@_note_option
@dry_run_option
@click.argument("station")
def shipments_returned(
    *, folder: Path, serial: int | None, on: datetime | None, note: str, dry_run: bool, station: str
) -> None:
    """Note that a station gave back the stick or card with the packs that it had.

    Without --serial, all that it was given up to that day.

    \b
    Example:
      altavoz shipments returned terminal --serial 41
    """
    _end("returned", folder, serial, _day(on), note, dry_run=dry_run, station=station)


def _end(
    how: str,
    folder: Path,
    serial: int | None,
    on: date,
    note: str,
    *,
    dry_run: bool,
    station: str,
) -> None:
    from production.building import Workshop
    from production.ledger.ledger import Ledger
    from production.packs.register import End
    from production.packs.shipping import end

    workspace = look_at(folder, today=today())
    with Workshop(workspace.root).open():
        ended = end(
            workspace.root,
            Ledger(workspace.root),
            _station(workspace, station),
            how=End(how),
            on=on,
            today=today(),
            serial=serial,
            note=note,
            dry_run=dry_run,
        )
    verb = "would be noted" if dry_run else "noted"
    for one in ended:
        out(f"{verb}: {station} {how} {one.pack} number {one.serial} on {one.on}")
    if not ended:
        out(f"{station} had nothing more: all of it is noted already")


@shipments.command("sheet")
@workspace_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def shipments_sheet(folder: Path, file: Path) -> None:
    """Write what stations have as CSV, on which they confirm what they deleted or gave back.

    \b
    Example:
      altavoz shipments sheet confirm.csv
    """
    from production.ledger.ledger import Ledger
    from production.packs.register import read_register
    from production.packs.shipment_sheet import render_sheet
    from programme.storage import write_beside

    root = look_at(folder, today=today()).root
    held = read_register(root, Ledger(root)).still_held()
    write_beside(file, render_sheet(held))
    out(f"{file}: {counted(len([one for one in held if one.station]), 'row')}")


@shipments.command("import")
@workspace_option
@dry_run_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def shipments_import(folder: Path, dry_run: bool, file: Path) -> None:
    """Note what stations confirmed on a sheet; all of it or, where a row is wrong, nothing.

    \b
    Example:
      altavoz shipments import confirm.csv
    """
    from production.building import Workshop
    from production.ledger.ledger import Ledger
    from production.packs.shipment_sheet import read_sheet
    from production.packs.shipping import end
    from programme.storage import storage_errors

    workspace = look_at(folder, today=today())
    with storage_errors(file):
        data = file.read_bytes()
    rows = read_sheet(data, file=str(file))
    stations = {one.station: _station(workspace, one.station) for one in rows}
    noted = 0
    with Workshop(workspace.root).open():
        # Once to look at every row before the first is noted.
        for really in (False, True) if not dry_run else (False,):
            ledger = Ledger(workspace.root)
            done = [
                ended
                for one in rows
                for ended in end(
                    workspace.root,
                    ledger,
                    stations[one.station],
                    how=one.how,
                    on=one.on,
                    today=today(),
                    serial=one.serial,
                    note=one.note,
                    dry_run=not really,
                )
            ]
            noted = len(done)
    verb = "would be noted" if dry_run else "noted"
    out(f"{counted(noted, 'confirmation')} {verb}, {len(rows) - noted} known already")


@click.command()
@workspace_option
@json_option
@click.option(
    "--to",
    "paper",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Write it to a text file, to print it or to take it along.",
)
@click.argument("name", metavar="ID")
def recall(folder: Path, as_json: bool, paper: Path | None, name: str) -> None:
    """Say who has a message still, and what to tell them.

    ID is an episode, a segment, a fact or the guid of a release. Lists the packs that held it,
    the stations that were given these and neither got a later pack without it nor confirmed that
    they deleted it, how to reach them, words to send in their languages, and the feeds.

    \b
    Example:
      altavoz recall camino-breves-001
      altavoz recall linea-de-ayuda --to recall.txt
    """
    from production.releases.recall_reach import find_message
    from production.releases.recall_report import recall_lines, recall_plain
    from programme.storage import write_beside

    workspace = look_at(folder, today=today())
    reach = find_message(workspace, name)
    lines = list(recall_lines(workspace, reach, today=today()))
    if paper is not None:
        write_beside(paper, ("\n".join(lines) + "\n").encode("utf-8"))
        talk(f"written to {paper}")
    if as_json:
        print_json(recall_plain(workspace, reach))
    elif paper is None:
        letters = next((n for n, line in enumerate(lines) if line.startswith("--- ")), len(lines))
        for line in lines[:letters]:
            out_wrapped(line)
        for line in lines[letters:]:
            # they are copied from here: a row of the terminal would break their sentences
            out(line)


def _day(on: datetime | None) -> date:
    return on.date() if on else today()


def _station(workspace: "Workspace", name: str) -> "Station":
    from production.packs.packing import find_pack_station
    from production.stations.known import known_station
    from programme.stations import Delivery

    station = known_station(workspace, name)
    return station if station.delivery is Delivery.FOLDER else find_pack_station(workspace, name)
