"""What leaves the house: releases to a target."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.building import build_all, end_on_failures
from commands.release_words import print_changes, print_diffs
from commands.terminal import out, print_json, progress, talk_wrapped
from commands.workspace import (
    dry_run_option,
    jobs_option,
    json_option,
    now,
    read,
    today,
    workspace_option,
)

if TYPE_CHECKING:
    from production.publishing import PublishReport


@click.command()
@workspace_option
@jobs_option
@json_option
@dry_run_option
@click.option("--only", multiple=True, help="A series or episode; may be given again.")
@click.option(
    "--reason",
    "reasons",
    multiple=True,
    metavar="LANG=TEXT",
    help="Why something is corrected, for listeners; may be given again.",
)
@click.option("--full", is_flag=True, help="With --dry-run, show every line that would differ.")
@click.argument("target", required=False)
def publish(  # noqa: PLR0917 - options
    folder: Path,
    jobs: int,
    as_json: bool,
    dry_run: bool,
    only: tuple[str, ...],
    reasons: tuple[str, ...],
    full: bool,
    target: str | None,
) -> None:
    """Build, and publish media, transcripts, chapters, pages and feeds to a target.

    TARGET is a table [targets.NAME] of altavoz.toml; without it, the first. With --only, what
    cannot wait goes out alone: everything else stays at the target as it is, and needs no review
    now. What says other words than before is corrected: a new item, and a spoken notice in the
    old one. See altavoz release for more.

    \b
    Example:
      altavoz publish --dry-run
      altavoz publish public
      altavoz publish public --only storm-alert
    """
    from production.building import Workshop
    from production.publishing import choose_target, read_again, refuse_planned
    from production.publishing import publish as send
    from production.release_orders import parse_reasons
    from production.release_work import announcer
    from production.reports import publish_report
    from production.tables import left_out_lines
    from programme.left_out import Cause

    if full and not dry_run:
        raise click.UsageError("--full goes with --dry-run")

    workspace = read(folder, today=today())
    settings = choose_target(workspace, target)
    with Workshop(workspace.root).open() as workshop:
        plan = workshop.plan(workspace, today=today(), only=frozenset(only))
        refuse_planned(workspace, plan, settings, today=today())
        built = build_all(workshop, workspace, plan, jobs, partial=bool(only))
        end_on_failures(built)
        if built.run.total:
            workspace = read_again(workshop, workspace, plan, today=today(), only=frozenset(only))
        told = parse_reasons(reasons, workspace.network.languages)
        with progress() as bar:
            report = send(
                workshop,
                workspace,
                built.editions,
                settings,
                now=now(),
                today=today(),
                dry_run=dry_run,
                reasons=told,
                announce=announcer(workshop, workspace, jobs=jobs, progress=bar),
            )
    if as_json:
        print_json(publish_report(report, workspace.root))
        return
    _print_publish(report, only=only, home=f"{workspace.network.base_url}index.html")
    if dry_run:
        print_diffs(report.diffs, full=full)
    expired = [item for item in built.left_out if item.cause is Cause.EXPIRED]
    for line in left_out_lines(expired):
        out(f"left out: {line}")


def _print_publish(report: "PublishReport", *, only: Collection[str], home: str) -> None:
    print_changes(report)
    for kept in report.stale:
        place = f"{kept.series} {kept.episode} {kept.language}"
        asked = not only or {kept.series, kept.episode} & set(only)
        why = "because it cannot be made today" if asked else "as it was not named"
        out(f"stays as it was, {why}: {place}")
    for past in report.ran_out:
        out(f"past its day, leaves its feeds: {past.series}/{past.episode}/{past.language}")
    if report.ran_out:
        out("those who have it are not told; to tell them: altavoz release expire")
    for key in report.removed:
        out(f"removed {key}")
    for key in report.sent if report.dry_run else ():
        out(f"send {key}")
    verb = "would be sent" if report.dry_run else "sent"
    out(f"{report.place}: {len(report.sent)} objects {verb}, {report.kept} there already.")
    _print_addresses(report, home)
    for where, letters in report.undrawn.items():
        talk_wrapped(
            f"artwork of {where}: there is no font for {letters}, so the words with these letters "
            "are left out. Give the series a picture of its own, see docs/artwork.md."
        )


def _print_addresses(report: "PublishReport", home: str) -> None:
    for address in report.feeds:
        out(f"feed {address}")
    if report.feeds:
        out(f"pages {home}")
