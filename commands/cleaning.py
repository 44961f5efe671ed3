"""The command gc: removes from a target what no release needs any more."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.grace import agreed, grace_option, yes_option
from commands.terminal import out, out_wrapped, print_json, print_table, talk_wrapped
from commands.workspace import (
    dry_run_option,
    json_option,
    now,
    read,
    today,
    workspace_option,
)
from programme.errors import ExitCode
from programme.wording import counted

if TYPE_CHECKING:
    from datetime import timedelta

    from production.targets.cleaning import TargetCleaning
    from production.targets.unneeded import Unneeded

_MOST_SHOWN = 20
"""Objects shown; --json has all."""


@click.command()
@workspace_option
@json_option
@dry_run_option
@grace_option
@yes_option
@click.option("--take-over", is_flag=True, help="Even where a publish seems to go on.")
@click.option(
    "--as",
    "label",
    metavar="TEXT",
    envvar="ALTAVOZ_PUBLISHER",
    show_envvar=True,
    help="Who cleans, as others who publish there see it; a role, never a name.",
)
@click.argument("target", required=False)
def gc(  # noqa: PLR0917 - options
    folder: Path,
    as_json: bool,
    dry_run: bool,
    grace: "timedelta",
    yes: bool,
    take_over: bool,
    label: str | None,
    target: str | None,
) -> None:
    """Remove from a target what no release needs any more.

    Sound, pictures, styles and pages that were replaced stay for --grace, because somebody may
    still have a feed or a page that names them. What was withdrawn goes at once. All of it is
    listed first. What Altavoz does not know is never touched, nor what any feed, page or list
    there names. TARGET is a table [targets.NAME] of altavoz.toml; without it, the first.

    \b
    Example:
      altavoz gc public --dry-run
      altavoz gc public --grace 14d --yes
    """
    from commands.sending import read_publisher
    from production.building import Workshop
    from production.publish.publishing import choose_target
    from production.targets import open_target
    from production.targets.cleaning import clean_target, plan_cleaning
    from production.targets.target_view import TargetView

    # Of what cannot be read nobody can say whether it is needed.
    workspace = read(folder, today=today())
    settings = choose_target(workspace, target)
    refused = False
    with Workshop(workspace.root).open() as workshop:
        view = TargetView(
            workshop=workshop, workspace=workspace, settings=settings, now=now(), today=today()
        )
        opened = open_target(settings, workshop.root)
        try:
            planned = plan_cleaning(view, opened, grace=grace)
            if not as_json:
                _print_planned(planned)
            done = None
            if planned.count and not dry_run:
                refused = not agreed(planned.count, yes=yes)
            if (planned.count or planned.waiting) and not dry_run and not refused:
                publisher = read_publisher(workspace.root, label)
                done = clean_target(
                    view, opened, planned, publisher, grace=grace, take_over=take_over
                )
        finally:
            opened.close()
    if as_json:
        removed: list[Unneeded] = [] if done is None else done.doomed
        print_json({**planned.plain(), "removed": [one.key for one in removed]})
    elif done is not None:
        _print_done(done)
    if refused:
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def _print_planned(planned: "TargetCleaning") -> None:
    from production.tables import Table, size

    rows = tuple(
        (one.key, size(one.length_bytes), f"{one.since:%Y-%m-%d}", one.why)
        for one in planned.doomed[:_MOST_SHOWN]
    )
    if rows:
        columns = ("what", "bytes", "since", "why")
        print_table(Table(columns=columns, rows=rows, right=frozenset({1})))
    if len(planned.doomed) > _MOST_SHOWN:
        out(f"and {len(planned.doomed) - _MOST_SHOWN} more; see them with --json")
    for upload in planned.uploads:
        began = f", begun {upload.began_at:%Y-%m-%d}" if upload.began_at else ""
        out(f"broken upload of {upload.name}{began}")
    for one, by in planned.mentioned[:_MOST_SHOWN]:
        talk_wrapped(f"{one.key} stays: {by} names it. Publish first, if that should not be.")
    for one in planned.not_ours[:_MOST_SHOWN]:
        talk_wrapped(f"{one.key} stays: it is called like ours and holds other bytes.")
    out(
        f"{planned.place}: {planned.count} of {counted(planned.standing, 'object')} can go, "
        f"{size(planned.length_bytes)}."
    )
    if planned.waiting:
        total = sum(one.length_bytes for one in planned.waiting)
        out_wrapped(
            f"{counted(len(planned.waiting), 'object')} more, {size(total)}, nothing needs either, "
            "and their time is not over."
        )


def _print_done(done: "TargetCleaning") -> None:
    from production.tables import size

    if done.count:
        out(f"{counted(done.count, 'object')} removed, {size(done.length_bytes)}.")
