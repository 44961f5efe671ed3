"""Played logs of stations: taken in, and compared with what was planned."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal import out, print_json, print_table, talk
from commands.workspace import dry_run_option, json_option, look_at, today, workspace_option

if TYPE_CHECKING:
    from production.airplay.report import AirplayReport
    from programme.stations import Station
    from scripts.workspace import Workspace
    from stations.airing import AirItem

_day = click.DateTime(["%Y-%m-%d"])


@click.group()
def airplay() -> None:
    """What stations played: take their logs in, and compare them with what was planned.

    Logs and reports stay in private/: which station plays what is nobody else's business.

    \b
    Example:
      altavoz airplay import radio history.csv
      altavoz airplay report --html report.html
    """


@airplay.command("import")
@workspace_option
@click.option("--date", "day", type=_day, default=None, help="Of rows that give a time alone.")
@click.option(
    "--dates",
    "order",
    type=click.Choice(["dmy", "mdy"]),
    default=None,
    help="Whether 03/04/2026 is 3 April (dmy) or 4 March (mdy), where no row shows it.",
)
@json_option
@dry_run_option
@click.argument("station")
@click.argument("log", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_(
    *,
    folder: Path,
    day: datetime | None,
    order: str | None,
    as_json: bool,
    dry_run: bool,
    station: str,
    log: Path,
) -> None:
    """Take in what a station played.

    LOG is a CSV with columns of date, time, and title or file: the playout history of LibreTime,
    the song history of AzuraCast, a log of mAirList, the schedule as CSV with a column "played"
    that somebody ticked; or Rivendell's text report. The same log twice counts once. Every row
    that is not understood is named with its line.

    \b
    Example:
      altavoz airplay import radio history.csv
      altavoz airplay import radio sheet.csv --date 2026-11-23 --dry-run
    """
    from production.airplay.importing import import_log
    from stations.airplay_times import DateOrder

    workspace = look_at(folder, today=today())
    wanted = _station(workspace, station)
    items = _items(workspace, wanted)
    found = import_log(
        workspace,
        wanted,
        log,
        items=items,
        day=day.date() if day is not None else None,
        order=DateOrder(order) if order else None,
        dry_run=dry_run,
    )
    if as_json:
        print_json(found.plain())
        return
    for line in found.lines(log.name):
        out(line)


@airplay.command()
@workspace_option
@click.option("--station", "stations", multiple=True, help="Of this station; all by default.")
@click.option("--from", "first", type=_day, default=None, help="The first day.")
@click.option("--to", "last", type=_day, default=None, help="The last day.")
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print every row as CSV.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Write the report as a page with plots, to print.",
)
@click.option(
    "--png",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Write the plots as pictures into this folder.",
)
def report(
    *,
    folder: Path,
    stations: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    as_json: bool,
    as_csv: bool,
    html: Path | None,
    png: Path | None,
) -> None:
    """Compare what was played with what was planned, by language, topic and station.

    Names silent languages, missing plays, what was played after its last day, and what was played
    though it was withdrawn. Only days of which a log tells are compared.

    \b
    Example:
      altavoz airplay report --from 2026-11-01 --to 2026-11-30
      altavoz airplay report --station radio --html report.html
    """
    from production.airplay.report import Span, airplay_report
    from production.airplay.store import airplay_stations

    workspace = look_at(folder, today=today())
    names = [_station(workspace, name).id for name in stations]
    span = Span(first=_date(first), last=_date(last))
    found = airplay_report(
        workspace.root, names or airplay_stations(workspace.root), workspace.stations, span
    )
    _write(found, workspace.network.name, html=html, png=png)
    _show(found, as_json=as_json, as_csv=as_csv)


def _write(found: "AirplayReport", network: str, *, html: Path | None, png: Path | None) -> None:
    from production.airplay.pages import render_report_page
    from production.airplay.pictures import write_plots
    from programme.storage import write_beside

    if html is not None:
        write_beside(html, render_report_page(found, network=network))
        talk(f"Look at it: {html}")
    if png is not None:
        for path in write_plots(found, png):
            talk(f"Look at it: {path}")


def _show(found: "AirplayReport", *, as_json: bool, as_csv: bool) -> None:
    from production.airplay.pages import report_csv, report_lines, report_parts, span_of

    if as_json:
        print_json(found.plain())
        return
    if as_csv:
        sys.stdout.buffer.write(report_csv(found))
        return
    out(f"{span_of(found)}:")
    for part in report_parts(found):
        if part.tallies:
            print_table(part.table)
    for line in report_lines(found):
        out(line)


def _date(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None


def _station(workspace: "Workspace", name: str) -> "Station":
    from production.stations.known import known_station

    return known_station(workspace, name)


def _items(workspace: "Workspace", station: "Station") -> "tuple[AirItem, ...]":
    from production.building import Workshop
    from production.delivery.air_items import planned_items
    from production.ledger.ledger import Ledger
    from production.packs.recall import Histories

    with Workshop(workspace.root).open() as workshop:
        plan = workshop.plan(workspace, today=today())
        histories = Histories(Ledger(workspace.root))
        return planned_items(workshop, workspace, station, plan, histories).items
