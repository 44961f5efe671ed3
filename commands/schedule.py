"""What a station plays when: the plan of its days, as a table, a log sheet and a file."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal import out, print_json, print_table, talk
from commands.workspace import dry_run_option, json_option, read, today, workspace_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.stations import Station
    from scripts.workspace import Workspace
    from stations.day_plan import DayPlan
    from stations.log_sheet import LogSheet

_MOST_DAYS = 31


@click.command()
@workspace_option
@click.option(
    "--date",
    "first",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="The first day; today by default.",
)
@click.option(
    "--days",
    type=click.IntRange(1, _MOST_DAYS),
    default=1,
    show_default=True,
    help="How many days in a row.",
)
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print the result as CSV.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Write the log sheet as a page to print.",
)
@click.option(
    "--text",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Write the log sheet as plain text.",
)
@click.option("--lang", "language", default="", help="Language of the log sheet, such as es.")
@dry_run_option
@click.argument("station")
def schedule(
    *,
    folder: Path,
    first: datetime | None,
    days: int,
    as_json: bool,
    as_csv: bool,
    html: Path | None,
    text: Path | None,
    language: str,
    dry_run: bool,
    station: str,
) -> None:
    """Plan what a station plays, by the day parts, clocks and rotation in its file.

    Spots come round fairly, alerts first; what came short yesterday is first today. Lengths are
    those of what is built; what is not built yet is reckoned from its words. The plan is kept in
    private/airplay/, so that later days and `altavoz airplay report` know it.

    \b
    Example:
      altavoz schedule radio --days 7
      altavoz schedule radio --date 2026-11-24 --html sheet.html --lang es
    """
    from production.airplay.kept_plans import keep_plans

    workspace = read(folder, today=today())
    wanted = _station(workspace, station)
    day = first.date() if first is not None else today()
    plans = _plan(workspace, wanted, day, days)
    if html is not None or text is not None:
        _write_sheets(workspace, wanted, plans, html=html, text=text, language=language)
    if not dry_run:
        # What was asked of a day that is over is not written anew.
        keep_plans(workspace.root, (plan for plan in plans if plan.day >= today()))
    _show(plans, as_json=as_json, as_csv=as_csv)


def _station(workspace: "Workspace", name: str) -> "Station":
    from production.delivery.scheduling import scheduled_station

    return scheduled_station(workspace, name)


def _plan(
    workspace: "Workspace", station: "Station", first: date, days: int
) -> "Sequence[DayPlan]":
    from production.building import Workshop
    from production.delivery.air_items import planned_items
    from production.delivery.scheduling import plan_days
    from production.ledger.ledger import Ledger
    from production.packs.recall import Histories
    from programme.wording import counted

    with Workshop(workspace.root).open() as workshop:
        plan = workshop.plan(workspace, today=today())
        histories = Histories(Ledger(workspace.root))
        found = planned_items(workshop, workspace, station, plan, histories)
    if found.unbuilt:
        talk(
            f"{counted(len(found.unbuilt), 'edition')} not built yet, with lengths reckoned from "
            "their words; for exact ones run altavoz build"
        )
    return plan_days(workspace.root, station, found.items, first, days)


def _show(plans: "Sequence[DayPlan]", *, as_json: bool, as_csv: bool) -> None:
    from production.delivery.schedule_tables import (
        schedule_csv,
        schedule_lines,
        schedule_plain,
        schedule_table,
    )

    if as_json:
        print_json([schedule_plain(plan) for plan in plans])
        return
    if as_csv:
        sys.stdout.buffer.write(schedule_csv(plans))
        return
    for plan in plans:
        if plan.plays:
            print_table(schedule_table(plan))
        for line in schedule_lines(plan):
            out(line)


def _write_sheets(
    workspace: "Workspace",
    station: "Station",
    plans: "Sequence[DayPlan]",
    *,
    html: Path | None,
    text: Path | None,
    language: str,
) -> None:
    from production.delivery.log_pages import log_sheets, render_log_page
    from programme.storage import write_beside
    from stations.log_sheet import render_text

    sheets: Sequence[LogSheet] = log_sheets(workspace, station, plans, language=language)
    if html is not None:
        write_beside(html, render_log_page(sheets))
        talk(f"Print it: {html}")
    if text is not None:
        write_beside(text, b"\x0c".join(render_text(one) for one in sheets))
        talk(f"Print it: {text}")
