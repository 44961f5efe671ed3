"""The command deliver: a station's folder, ready for the program that plays there."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.building import build_all, end_on_failures
from commands.terminal import out, print_json, print_table, show_error, talk, talk_wrapped
from commands.workspace import (
    dry_run_option,
    jobs_option,
    json_option,
    read,
    today,
    workspace_option,
)
from programme.errors import ProductionError
from programme.wording import counted

if TYPE_CHECKING:
    from production.delivery.delivering import Delivered


@click.command()
@workspace_option
@jobs_option
@json_option
@dry_run_option
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="The station's folder, on a disk or share; for several stations, a folder with one for "
    "each by its id. Without it: build/deliveries/STATION.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 31),
    default=7,
    show_default=True,
    help="For how many days there are lists and files by date.",
)
@click.option(
    "--again", is_flag=True, help="Put files there again that the station's program has taken."
)
@click.option(
    "--rehearsal",
    is_flag=True,
    help="Deliver files whose README says that they are an example: demo facts and unreviewed "
    "texts may be in them.",
)
@click.argument("stations", nargs=-1)
def deliver(
    *,
    folder: Path,
    jobs: int,
    as_json: bool,
    dry_run: bool,
    to: Path | None,
    days: int,
    again: bool,
    rehearsal: bool,
    stations: tuple[str, ...],
) -> None:
    """Build, and bring the folders of stations with delivery: folder up to date.

    STATIONS names some of them; without it, all. Files, names, lists and cue points follow the
    rules of the program that the station's file names (automation:). What must not be played any
    more is removed, and named in REMOVED.txt. Files of others are never touched.

    \b
    Example:
      altavoz deliver --dry-run
      altavoz deliver radio-cumbre --to /mnt/radio-cumbre
    """
    from production.building import Workshop
    from production.delivery.delivering import (
        Deliverer,
        DeliveryOrder,
        deliver_all,
        find_folder_station,
    )
    from production.publish.publishing import read_again

    workspace = read(folder, today=today())
    for name in stations:
        find_folder_station(workspace, name)
    order = DeliveryOrder(
        today=today(), days=days, again=again, rehearsal=rehearsal, dry_run=dry_run
    )
    with Workshop(workspace.root, dry=dry_run).open() as workshop:
        plan = workshop.plan(workspace, today=today())
        if dry_run:
            report = workshop.look(plan)
            _tell_steps(workshop.needs(plan).count)
        else:
            report = build_all(workshop, workspace, plan, jobs)
        end_on_failures(report)
        if report.run.total:
            workspace = read_again(workshop, workspace, plan, today=today())
        deliverer = Deliverer(workshop, workspace, report, order)
        target = to.resolve() if to else None
        outcomes = list(deliver_all(deliverer, stations, to=target))
    _tell(outcomes, workspace.root, as_json=as_json, dry_run=dry_run)


def _tell_steps(count: int) -> None:
    """Say what a dry run leaves out: what is not built has no files yet."""
    if count:
        talk(
            f"{counted(count, 'step')} would run first: see altavoz build --dry-run. What they "
            "make would be delivered too."
        )


def _tell(
    outcomes: Sequence["Delivered | ProductionError"], root: Path, *, as_json: bool, dry_run: bool
) -> None:
    """Show what was done, then what was not, and end with the code of the first failure."""
    from production.delivery.report import deliveries_report, deliveries_table, delivery_lines

    delivered = [one for one in outcomes if not isinstance(one, ProductionError)]
    failed = [one for one in outcomes if isinstance(one, ProductionError)]
    if as_json:
        print_json(deliveries_report(delivered))
    elif delivered:
        print_table(deliveries_table(delivered, root))
        _print_lines(delivered, dry_run=dry_run)
    if not outcomes:
        talk("No station is served by a folder: set delivery: folder in its file.")
    for line in delivery_lines(delivered):
        talk_wrapped(line)
    for error in failed:
        show_error(error)
    if failed:
        raise click.exceptions.Exit(failed[0].code)


def _print_lines(delivered: Sequence["Delivered"], *, dry_run: bool) -> None:
    for one in delivered if dry_run else ():
        for path in one.changes.removed:
            out(f"{one.station}: remove {path}")
        for path in one.changes.written:
            out(f"{one.station}: write {path}")
