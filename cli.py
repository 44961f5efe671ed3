"""The command line: options in, one call, words out.

The only module that reads the clock and the terminal. The result goes to stdout, talk goes to
stderr, and nothing heavy is imported before a command needs it.
"""

import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from commands.checking import check, explain
from commands.consent import consent
from commands.facts import facts
from commands.lexicon import languages, lexicon
from commands.listening import listen
from commands.profiles import profiles
from commands.reviews import review
from commands.takes import takes
from commands.takes_kit import TAKES
from commands.terminal import (
    out,
    print_json,
    print_table,
    progress,
    show_error,
    speak_any_terminal,
    talk,
)
from commands.terms import terms
from commands.translate import translate
from commands.voices import voices
from commands.words import doctor, say
from commands.workspace import (
    dry_run_option,
    jobs_option,
    json_option,
    now,
    read,
    today,
    workspace_option,
)
from programme.errors import ExitCode, ProductionError
from programme.wording import counted

if TYPE_CHECKING:
    from production.building import BuildReport, Workshop
    from production.publishing import PublishReport
    from production.steps import Plan
    from scripts.workspace import Workspace


def main() -> NoReturn:
    """Run the command line; every error that an operator can put right ends in words."""
    speak_any_terminal()
    try:
        code = altavoz(prog_name="altavoz", standalone_mode=False)
    except click.Abort:
        click.echo("Stopped. What was finished is kept; run the command again to go on.", err=True)
        code = ExitCode.INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except ProductionError as error:
        show_error(error)
        code = error.code
    sys.exit(code if isinstance(code, int) else ExitCode.OK)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="altavoz")
def altavoz() -> None:
    """Turn written migration information into audio that people can trust.

    Scripts, facts and rundowns in a workspace become episodes in many languages, podcast feeds,
    and packs for radios and loudspeakers.

    \b
    Example:
      altavoz init my-radio
      cd my-radio
      altavoz build
    """


@altavoz.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make a small workspace of your own that builds at once.

    Comments in every file say what to change.

    \b
    Example:
      altavoz init my-radio
    """
    from production.starting import init_workspace

    files = init_workspace(folder, today=today())
    talk(f"Made {len(files)} files in {folder}. README.txt says where to begin. Next:")
    out(f"cd {folder}\naltavoz check\naltavoz build")


@altavoz.command()
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
        report = _build(workshop, workspace, plan, jobs, partial=bool(only), verify=False)
    if as_json:
        print_json(build_report(workspace, report))
    else:
        if explain:
            for label, reason in report.run.reasons:
                out(f"{label}: {reason}")
        _print_build(workspace, report)
    _end_on_failures(report)


def _print_plan(workshop: "Workshop", plan: "Plan", *, as_json: bool, explain: bool) -> None:
    reasons = workshop.reasons(workshop.needs(plan))
    if as_json:
        print_json([{"step": label, "reason": str(reason)} for label, reason in reasons])
        return
    for label, reason in reasons:
        out(f"{label}: {reason}" if explain else label)
    out(f"{len(reasons)} steps would run for {len(plan.editions)} editions.")


def _build(
    workshop: "Workshop",
    workspace: "Workspace",
    plan: "Plan",
    jobs: int,
    *,
    partial: bool = False,
    verify: bool = True,
) -> "BuildReport":
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


def _end_on_failures(report: "BuildReport") -> None:
    for error in report.failures:
        show_error(error)
    if report.failures:
        raise click.exceptions.Exit(report.failures[0].code)


@altavoz.command()
@workspace_option
@jobs_option
@json_option
@click.argument("stations", nargs=-1)
def pack(folder: Path, jobs: int, as_json: bool, stations: tuple[str, ...]) -> None:
    """Build, and make a ZIP for each station that takes packs.

    STATIONS names some of them; without it, all.

    \b
    Example:
      altavoz pack
      altavoz pack terminal
    """
    from production.building import Workshop
    from production.packing import build_packs
    from production.publishing import read_again
    from production.reports import packs_report
    from production.reviewing import open_reviews
    from production.tables import packs_table
    from production.unfit import built_editions

    workspace = read(folder, today=today())
    with Workshop(workspace.root).open() as workshop:
        plan = workshop.plan(workspace, today=today())
        report = _build(workshop, workspace, plan, jobs)
        _end_on_failures(report)
        if report.run.total:
            workspace = read_again(workshop, workspace, plan, today=today())
        packs = build_packs(workshop, workspace, report, names=stations, today=today())
        waiting = open_reviews(workspace, built_editions(report.editions))
    if as_json:
        print_json(packs_report(packs))
    else:
        print_table(packs_table(packs, workspace.root))
    if waiting and any(not target.demo for target in workspace.network.targets.values()):
        talk(
            f"{counted(len(waiting), 'review')} open: see altavoz review list --open. A pack "
            "cannot be called back; send it when they are done."
        )


@altavoz.command()
@workspace_option
@jobs_option
@json_option
@dry_run_option
@click.option("--only", multiple=True, help="A series or episode; may be given again.")
@click.argument("target", required=False)
def publish(  # noqa: PLR0917 - options
    folder: Path,
    jobs: int,
    as_json: bool,
    dry_run: bool,
    only: tuple[str, ...],
    target: str | None,
) -> None:
    """Build, and publish media, transcripts, chapters and feeds to a target.

    TARGET is a table [targets.NAME] of altavoz.toml; without it, the first. With --only, what
    cannot wait goes out alone: everything else stays at the target as it is, and needs no review
    now.

    \b
    Example:
      altavoz publish --dry-run
      altavoz publish public
      altavoz publish public --only storm-alert
    """
    from production.building import Workshop
    from production.publishing import choose_target, read_again, refuse_planned
    from production.publishing import publish as send
    from production.reports import publish_report
    from production.tables import left_out_lines
    from programme.left_out import Cause

    workspace = read(folder, today=today())
    settings = choose_target(workspace, target)
    with Workshop(workspace.root).open() as workshop:
        plan = workshop.plan(workspace, today=today(), only=frozenset(only))
        refuse_planned(workspace, plan, settings, today=today())
        built = _build(workshop, workspace, plan, jobs, partial=bool(only))
        _end_on_failures(built)
        if built.run.total:
            workspace = read_again(workshop, workspace, plan, today=today(), only=frozenset(only))
        report = send(
            workshop,
            workspace,
            built.editions,
            settings,
            now=now(),
            today=today(),
            dry_run=dry_run,
        )
    if as_json:
        print_json(publish_report(report, workspace.root))
        return
    _print_publish(report, only=only)
    expired = [item for item in built.left_out if item.cause is Cause.EXPIRED]
    for line in left_out_lines(expired):
        out(f"left out: {line}")


def _print_publish(report: "PublishReport", *, only: Collection[str]) -> None:
    for change, release in report.changes:
        out(f"{change}: {release.series} {release.episode} {release.language}: {release.title}")
    for kept in report.stale:
        place = f"{kept.series} {kept.episode} {kept.language}"
        asked = not only or {kept.series, kept.episode} & set(only)
        why = "because it cannot be made today" if asked else "as it was not named"
        out(f"stays as it was, {why}: {place}")
    for key in report.removed:
        out(f"removed {key}")
    for key in report.sent if report.dry_run else ():
        out(f"send {key}")
    verb = "would be sent" if report.dry_run else "sent"
    out(f"{report.place}: {len(report.sent)} objects {verb}, {report.kept} there already.")
    for address in report.feeds:
        out(f"feed {address}")


@altavoz.command()
@workspace_option
@json_option
def status(folder: Path, as_json: bool) -> None:
    """Show how every language, edition and date stands.

    \b
    Example:
      altavoz status
    """
    from production.building import Workshop
    from production.status import workspace_status

    workspace = read(folder, today=today())
    with Workshop(workspace.root).open() as workshop:
        plan = workshop.plan(workspace, today=today())
        found = workspace_status(workshop, workspace, plan, today=today())
    if as_json:
        print_json(found.plain())
        return
    for title, table in (
        ("Languages", found.languages),
        ("Editions", found.editions),
        ("Due within 30 days", found.due),
    ):
        out(f"{title}:")
        print_table(table)


@altavoz.command()
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
    _end_on_failures(shown.report)


for command in TAKES:
    takes.add_command(command)
for command in (
    check,
    consent,
    doctor,
    explain,
    facts,
    languages,
    lexicon,
    listen,
    profiles,
    review,
    say,
    takes,
    terms,
    translate,
    voices,
):
    altavoz.add_command(command)
