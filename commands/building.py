"""The commands build and demo, and what every command shows that builds first."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal import out, print_json, print_table, progress, show_error, talk, talk_wrapped
from commands.workspace import (
    dry_run_option,
    jobs_option,
    json_option,
    read,
    today,
    workspace_option,
)

if TYPE_CHECKING:
    from production.building import BuildReport, Workshop
    from production.steps import Plan
    from scripts.workspace import Workspace


@click.command()
@workspace_option
@jobs_option
@json_option
@dry_run_option
@click.option("--explain", is_flag=True, help="Say why each step runs.")
@click.argument("only", nargs=-1)
def build(  # noqa: PLR0917 - options
    folder: Path, jobs: int, as_json: bool, dry_run: bool, explain: bool, only: tuple[str, ...]
) -> None:
    """Speak, mix, master, encode and tag what changed; leave the rest alone.

    ONLY names series or episodes; without it, all of them.

    \b
    Example:
      altavoz build
      altavoz build --explain --dry-run
    """
    from production.building import Workshop
    from production.reports import build_report

    workspace = read(folder, today=today())
    with Workshop(workspace.root).open() as workshop:
        plan = workshop.plan(workspace, today=today(), only=frozenset(only))
        if dry_run:
            _print_plan(workshop, plan, as_json=as_json, explain=explain)
            return
        report = build_all(workshop, workspace, plan, jobs, partial=bool(only), verify=False)
    if as_json:
        print_json(build_report(workspace, report))
    else:
        if explain:
            for label, reason in report.run.reasons:
                out(f"{label}: {reason}")
        _print_build(workspace, report)
    end_on_failures(report)


def _print_plan(workshop: "Workshop", plan: "Plan", *, as_json: bool, explain: bool) -> None:
    reasons = workshop.reasons(workshop.needs(plan))
    if as_json:
        print_json([{"step": label, "reason": str(reason)} for label, reason in reasons])
        return
    for label, reason in reasons:
        out(f"{label}: {reason}" if explain else label)
    out(f"{len(reasons)} steps would run for {len(plan.editions)} editions.")


def build_all(
    workshop: "Workshop",
    workspace: "Workspace",
    plan: "Plan",
    jobs: int,
    *,
    partial: bool = False,
    verify: bool = True,
) -> "BuildReport":
    """Run a plan's steps and show how far they are."""
    if workshop.journal.was_damaged:
        talk_wrapped(
            "The journal in .altavoz was damaged and is begun anew: everything is made again. "
            "If it comes back, test the disk; altavoz store check reads all of it."
        )
    with progress() as bar:
        return workshop.build(
            workspace, plan, jobs=jobs, progress=bar, partial=partial, verify=verify
        )


def _print_build(workspace: "Workspace", report: "BuildReport", *, whole: bool = False) -> None:
    from production import tables
    from production.speaker_casting import shared_voice_lines

    if not whole and not report.run.total and not report.run.failures:
        out(tables.build_summary(report))
        return
    print_table(tables.editions_table(report.editions))
    lines = tables.length_lines(report.editions, workspace)
    lines += shared_voice_lines(workspace)
    for line in (*lines, *tables.pace_lines(report.editions)):
        out(f"Look at: {line}")
    refused = tables.refused_editions(report.left_out)
    if report.left_out:
        out("Left out:")
        for line in (*refused, *tables.left_out_lines(report.left_out)):
            out(f"  {line}")
    to_record = tables.recording_list(workspace, report.left_out)
    if to_record:
        out("\nTo be recorded by people:")
        print_table(tables.recording_table(to_record))
    out(tables.build_summary(report))
    if any(item.files for item in report.editions):
        out(f"Listen: {workspace.root / 'build'}")


def end_on_failures(report: "BuildReport") -> None:
    """Say what failed, and end the command with the first failure's code."""
    for error in report.failures:
        show_error(error)
    if report.failures:
        raise click.exceptions.Exit(report.failures[0].code)


@click.command()
@jobs_option
@click.argument("folder", type=click.Path(path_type=Path), default=Path("altavoz-demo"))
def demo(folder: Path, jobs: int) -> None:
    """Run the whole road on the example: check, build, pack, publish to a folder.

    The example speaks as of the day on which its facts were read.

    \b
    Example:
      altavoz demo
    """
    from production.demonstration import run_demo

    with progress() as bar:
        shown = run_demo(folder.resolve(), jobs=jobs, progress=bar, talk=talk)
    _print_build(shown.workspace, shown.report, whole=True)
    print_table(shown.packs)
    for line in shown.closing:
        out(line)
    end_on_failures(shown.report)
