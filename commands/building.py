"""The commands build and demo, and what every command shows that builds first."""

import atexit
import gc
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.elsewhere import ALONE, Asked, elsewhere_options, shared_with
from commands.spent import BuildWatch
from commands.terminal import out, print_json, print_table, progress, show_error, talk, talk_wrapped
from commands.workspace import (
    counts_told,
    dry_run_option,
    jobs_option,
    json_option,
    read_closely,
    today,
    workspace_option,
)
from production.build_words import nothing_to_do, steps_to_run
from programme.collecting import no_collecting
from programme.stopwatch import stage
from programme.wording import counted

if TYPE_CHECKING:
    from production.build_stats import BuildStats
    from production.building import BuildReport, Workshop
    from production.last_build import LastBuild, Made
    from production.steps import Plan
    from programme.findings import Findings
    from scripts.workspace import Workspace


@click.command()
@workspace_option
@jobs_option
@json_option
@dry_run_option
@elsewhere_options
@click.option("--explain", is_flag=True, help="Say why each step runs.")
@click.option("--stats", is_flag=True, help="Say where the time went.")
@click.argument("only", nargs=-1)
def build(
    *,
    folder: Path,
    jobs: int,
    as_json: bool,
    dry_run: bool,
    cluster: str,
    store: str,
    insecure: bool,
    explain: bool,
    stats: bool,
    only: tuple[str, ...],
) -> None:
    """Speak, mix, master, encode and tag what changed; leave the rest alone.

    ONLY names series or episodes; without it, all of them.

    \b
    Example:
      altavoz build
      altavoz build --explain --dry-run
      altavoz build --stats
      altavoz build --cluster tls://scheduler:8786 --store s3://my-radio-store/altavoz
    """
    # All of it ends with the process: looked through for cycles once more, it takes 0.03 s.
    atexit.register(gc.freeze)
    with BuildWatch() as watch:
        _build(
            _Order(
                folder=folder.resolve(),
                jobs=jobs,
                as_json=as_json,
                dry_run=dry_run,
                elsewhere=Asked(cluster=cluster, store=store, insecure=insecure),
                explain=explain,
                stats=stats,
                only=frozenset(only),
            ),
            watch,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What a build was asked for."""

    folder: Path
    """Resolved."""
    jobs: int
    as_json: bool
    dry_run: bool
    elsewhere: Asked
    explain: bool
    stats: bool
    only: frozenset[str]

    @property
    def is_usual(self) -> bool:
        """Whether it is for everything, made here; then an earlier one can answer for it.

        A build of some episodes says of them alone that they are up to date; other machines that
        are named are looked at; and where the time went is not known of an earlier build.
        """
        return not self.only and not self.stats and self.elsewhere == ALONE


def _build(order: _Order, watch: BuildWatch) -> None:
    from production.last_build import LastBuild

    day = today()
    with stage("looking"):
        last = LastBuild(order.folder, today=day)
        made = last.find() if order.is_usual else None
    if made is not None:
        _print_made(made, as_json=order.as_json, dry_run=order.dry_run)
        return

    with stage("loading"), no_collecting():
        from production.building import Workshop

    with stage("reading"), no_collecting():
        if not order.dry_run:
            last.begin()
        workspace, findings = read_closely(order.folder, today=day, keep=not order.dry_run)
    with Workshop(workspace.root).open() as workshop:
        with stage("planning"), no_collecting():
            plan = workshop.plan(workspace, today=day, only=order.only)
        if order.dry_run:
            _print_plan(workshop, plan, as_json=order.as_json, explain=order.explain)
            return
        report = build_all(
            workshop,
            workspace,
            plan,
            order.jobs,
            partial=bool(order.only),
            verify=False,
            asked=order.elsewhere,
        )
        last.note(workshop, report)
    if not order.only:
        _remember(last, workspace, report, findings)
    stats = watch.stats(report.run, plan, jobs=order.jobs) if order.stats else None
    _print_report(workspace, report, order, stats)
    end_on_failures(report)


def _print_report(
    workspace: "Workspace", report: "BuildReport", order: _Order, stats: "BuildStats | None"
) -> None:
    if order.as_json:
        from production.reports import build_report

        told = {"stats": stats.plain()} if stats else {}
        print_json(build_report(workspace, report) | told)
        return
    if order.explain:
        for label, reason in report.run.reasons:
            out(f"{label}: {reason}")
    _print_build(workspace, report)
    if stats:
        _print_stats(stats)


def _print_stats(stats: "BuildStats") -> None:
    from production.build_stats import slowest_table, stages_table, steps_table

    print_table(steps_table(stats))
    print_table(stages_table(stats))
    if stats.slowest:
        print_table(slowest_table(stats))
        out(f"{counted(stats.jobs, 'job')}, busy {stats.busy:.0%} of the time in which steps ran.")


def _print_made(made: "Made", *, as_json: bool, dry_run: bool) -> None:
    """Print what a build prints that has nothing to do."""
    if made.told:
        talk(made.told)
    if as_json:
        print_json([] if dry_run else json.loads(made.report))
    elif dry_run:
        out(steps_to_run(0, made.editions))
    else:
        for line in made.left_out:
            out(line)
        out(nothing_to_do(made.editions))


def _remember(
    last: "LastBuild", workspace: "Workspace", report: "BuildReport", findings: "Findings"
) -> None:
    """Let the next build know that it has nothing to do, unless something changes."""
    from production.last_build import Made
    from production.reports import build_report
    from production.runner import RunReport
    from production.sight import is_in_sight

    unread = any(one.rule == "file.unreadable" for one in findings)  # the disk may be well again
    if report.failures or unread or not is_in_sight(workspace):
        return
    again = build_report(workspace, replace(report, run=RunReport(), removed=()))
    last.keep(
        Made(
            told=counts_told(findings),
            left_out=_left_out(report),
            editions=len(report.editions),
            report=json.dumps(again),
        )
    )


def _print_plan(workshop: "Workshop", plan: "Plan", *, as_json: bool, explain: bool) -> None:
    reasons = workshop.reasons(workshop.needs(plan))
    if as_json:
        print_json([{"step": label, "reason": str(reason)} for label, reason in reasons])
        return
    for label, reason in reasons:
        out(f"{label}: {reason}" if explain else label)
    out(steps_to_run(len(reasons), len(plan.editions)))


def build_all(
    workshop: "Workshop",
    workspace: "Workspace",
    plan: "Plan",
    jobs: int,
    *,
    partial: bool = False,
    verify: bool = True,
    asked: Asked = ALONE,
) -> "BuildReport":
    """Run a plan's steps and show how far they are; ``asked`` names other machines."""
    if workshop.journal.was_damaged:
        talk_wrapped(
            "The journal in .altavoz was damaged and is begun anew: everything is made again. "
            "If it comes back, test the disk; altavoz store check reads all of it."
        )
    from production.build_stats import planned_steps

    planned = {kind.value: len(steps) for kind, steps in planned_steps(plan).items()}
    sharing = shared_with(workshop, workspace, plan, asked)
    with sharing, progress(planned) as bar, stage("making"):
        return workshop.build(
            workspace, plan, jobs=jobs, progress=bar, partial=partial, verify=verify
        )


def _print_build(workspace: "Workspace", report: "BuildReport", *, whole: bool = False) -> None:
    from production import tables
    from production.speaker_casting import shared_voice_lines

    if not whole and not report.run.total and not report.run.failures:
        for line in (*_left_out(report), tables.build_summary(report)):
            out(line)
        return
    print_table(tables.editions_table(report.editions))
    lines = tables.length_lines(report.editions, workspace)
    lines += shared_voice_lines(workspace)
    for line in (*lines, *tables.pace_lines(report.editions)):
        out(f"Look at: {line}")
    for line in _left_out(report):
        out(line)
    to_record = tables.recording_list(workspace, report.left_out)
    if to_record:
        out("\nTo be recorded by people:")
        print_table(tables.recording_table(to_record))
    out(tables.build_summary(report))
    if any(item.files for item in report.editions):
        out(f"Listen: {workspace.root / 'build'}")


def _left_out(report: "BuildReport") -> tuple[str, ...]:
    """Say what is in no edition: at every build, or the second would pass over it in silence."""
    if not report.left_out:
        return ()
    from production.tables import left_out_lines, refused_editions

    lines = (*refused_editions(report.left_out), *left_out_lines(report.left_out))
    return ("Left out:", *(f"  {line}" for line in lines))


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
