"""What went out: list it, compare it, and correct, replace, mend, withdraw or end it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from commands.building import build_all, end_on_failures
from commands.later import LaterGroup
from commands.release_words import print_diffs, print_order
from commands.sending import read_publisher, sending, sending_options
from commands.terminal import out, print_json, print_table, progress, talk
from commands.workspace import (
    dry_run_option,
    jobs_option,
    json_option,
    look_at,
    look_closely,
    now,
    read,
    today,
    workspace_option,
)
from programme.errors import ExitCode

if TYPE_CHECKING:
    from scripts.workspace import Workspace

F = TypeVar("F", bound=Callable[..., object])

_target_option = click.option(
    "--target", default=None, metavar="NAME", help="A table [targets.NAME]; without it, the first."
)
_full_option = click.option(
    "--full", is_flag=True, help="With --dry-run, show every line that would differ."
)
_reason_option = click.option(
    "--reason",
    "reasons",
    multiple=True,
    metavar="LANG=TEXT",
    help="Why, for listeners, in one language; may be given again.",
)
_fact_option = click.option(
    "--fact", default="", metavar="ID", help="Everything live that speaks this fact or contact."
)


def _order_options(command: F) -> F:
    """Give a command what every order takes."""
    for option in (
        click.argument("names", nargs=-1, metavar="[SERIES/EPISODE[/LANG]]..."),
        _full_option,
        dry_run_option,
        sending_options,
        _target_option,
        json_option,
        jobs_option,
        workspace_option,
    ):
        command = option(command)
    return command


@click.group(
    cls=LaterGroup,
    later={
        "log": "commands.release_log:release_log",
        "rebuild": "commands.release_rebuild:release_rebuild",
    },
)
def release() -> None:
    """List, compare, correct, mend, withdraw and end what was published.

    Episodes are named SERIES/EPISODE, for all languages, or SERIES/EPISODE/LANG. Each command
    writes the ledger, speaks the notice in each language, and brings every feed and page to what
    it says. Whatever is interrupted goes on when the same command is run again.

    \b
    Example:
      altavoz release list
      altavoz release log spots/spots-1
      altavoz release correct --fact cr-911 --dry-run
    """


@release.command("list")
@workspace_option
@json_option
@_target_option
@click.option("--all", "everything", is_flag=True, help="Older revisions too.")
def release_list(folder: Path, as_json: bool, target: str | None, everything: bool) -> None:
    """Show how everything that was published stands.

    Live, corrected and by what, withdrawn, or past its day; how long it is valid; and which live
    editions speak a fact that says something else by now.

    \b
    Example:
      altavoz release list
      altavoz release list --all --json
    """
    from commands.release_log import tell_problems
    from production.ledger.ledger import Ledger
    from production.ledger.merging import find_problems
    from production.publish.publishing import choose_target
    from production.releases.history import read_history
    from production.releases.listing import list_releases, releases_table

    workspace = look_at(folder, today=today())
    settings = choose_target(workspace, target)
    ledger = Ledger(workspace.root)
    history = read_history(ledger, settings.name)
    rows = list_releases(workspace, history, today=today(), everything=everything)
    if as_json:
        print_json([row.plain() for row in rows])
    elif rows:
        print_table(releases_table(rows))
    else:
        out(f"Nothing was published to {settings.name} yet.")
    tell_problems(find_problems(ledger, settings.name))


@release.command("diff")
@workspace_option
@jobs_option
@json_option
@_target_option
@click.option("--full", is_flag=True, help="Show every line that would differ.")
@click.argument("only", nargs=-1, metavar="[SERIES|EPISODE]...")
def release_diff(  # noqa: PLR0917 - options
    folder: Path, jobs: int, as_json: bool, target: str | None, full: bool, only: tuple[str, ...]
) -> None:
    """Build, and show what a publish would change in every feed, item by item.

    \b
    Example:
      altavoz release diff
      altavoz release diff spots-1 --full
    """
    from production.building import Workshop
    from production.publish.publishing import choose_target, publish, read_again, refuse_planned
    from production.releases.work import announcer

    workspace = read(folder, today=today())
    settings = choose_target(workspace, target)
    named = frozenset(only)
    with Workshop(workspace.root).open() as workshop:
        plan = workshop.plan(workspace, today=today(), only=named)
        refuse_planned(workspace, plan, settings, today=today())
        built = build_all(workshop, workspace, plan, jobs, partial=bool(named))
        end_on_failures(built)
        if built.run.total:
            workspace = read_again(workshop, workspace, plan, today=today(), only=named)
        with progress() as bar:
            report = publish(
                workshop,
                workspace,
                built.editions,
                settings,
                publisher=read_publisher(workspace.root, None, dry_run=True),
                take_over=True,
                now=now(),
                today=today(),
                dry_run=True,
                announce=announcer(workshop, workspace, jobs=jobs, progress=bar),
            )
    if as_json:
        print_json([diff.plain() for diff in report.diffs])
    elif report.diffs:
        print_diffs(report.diffs, full=full)
    else:
        out("No feed would change.")


@release.command("fix-text")
@_order_options
@_reason_option
def release_fix_text(names: tuple[str, ...], reasons: tuple[str, ...], **options: object) -> None:
    """Put out better titles, descriptions and transcripts, and leave the sound as it is.

    The same item, the same sound: no podcast program loads it again. Refused where other words
    are spoken now.

    \b
    Example:
      altavoz release fix-text spots/spots-1/en
    """
    _run("fix-text", names, "", reasons, options)


@release.command("replace")
@_order_options
def release_replace(names: tuple[str, ...], **options: object) -> None:
    """Put out better sound of the same words, in the same item.

    Nothing in it was wrong: who has the old sound may keep it. Refused where other words are
    spoken now.

    \b
    Example:
      altavoz release replace spots/spots-1
    """
    _run("replace", names, "", (), options)


@release.command("correct")
@_order_options
@_reason_option
@_fact_option
def release_correct(
    names: tuple[str, ...], reasons: tuple[str, ...], fact: str, **options: object
) -> None:
    """Put out a new item that says it rightly, and withdraw the old one.

    Builds what is needed first. The title says that it is corrected; the old item stays 90 days,
    says that it is withdrawn and why, and speaks a short notice. With --fact, everything that
    speaks another value of it than it has now, in all languages.

    \b
    Example:
      altavoz release correct --fact cr-911 --reason es="Cambió el número."
      altavoz release correct spots/spots-1 --dry-run
    """
    _run("correct", names, fact, reasons, options)


@release.command("retract")
@_order_options
@_reason_option
@_fact_option
def release_retract(
    names: tuple[str, ...], reasons: tuple[str, ...], fact: str, **options: object
) -> None:
    """Withdraw, without anything in its place: the old item says so, and a new notice item too.

    Nothing is built. Feeds change first, then the sound is taken away. It stays withdrawn until
    somebody corrects it by order.

    \b
    Example:
      altavoz release retract spots/spots-1 --reason en="The office has closed."
      altavoz release retract --fact cr-911
    """
    _run("retract", names, fact, reasons, options)


@release.command("expire")
@_order_options
@_reason_option
def release_expire(names: tuple[str, ...], reasons: tuple[str, ...], **options: object) -> None:
    """Take out what is past its day, or end what is named now.

    The old item says that it is out of date and speaks a short notice; its sound is taken away.

    \b
    Example:
      altavoz release expire
      altavoz release expire spots/storm-alert
    """
    _run("expire", names, "", reasons, options)


def _run(
    action_name: str,
    names: tuple[str, ...],
    fact: str,
    reasons: tuple[str, ...],
    options: "dict[str, object]",
) -> None:
    folder, jobs = options["folder"], options["jobs"]
    target, dry_run = options["target"], bool(options["dry_run"])
    if not isinstance(folder, Path) or not isinstance(jobs, int):
        raise TypeError("the options of an order are missing")
    if options["full"] and not dry_run:
        raise click.UsageError("--full goes with --dry-run")
    from production.building import Workshop
    from production.ledger.ledger import Ledger
    from production.publish.publishing import choose_target
    from production.releases.history import read_history
    from production.releases.orders import Action, Order, parse_reasons, untold
    from production.releases.work import BUILDS, carry_out, named_editions

    action = Action(action_name)
    workspace = _workspace(folder, builds=action in BUILDS)
    settings = choose_target(workspace, target if isinstance(target, str) else None)
    with Workshop(workspace.root).open() as workshop:
        history = read_history(Ledger(workspace.root), settings.name)
        if action not in BUILDS:
            from production.releases.work import refuse_partly_read

            refuse_partly_read(workspace, history)
        editions = named_editions(workspace, history, action, names, fact, today=today())
        told = parse_reasons(reasons, workspace.network.languages)
        order = Order(action=action, editions=editions, reasons=told)
        if not editions:
            talk(f"nothing that is out {_NOTHING[action_name] if fact else 'is past its date'}")
        for tag in untold(order):
            talk(f"{tag}: no reason is given in this language; its listeners are told none")
        label = options["label"] if isinstance(options["label"], str) else None
        publisher = read_publisher(workspace.root, label, dry_run=dry_run)
        with progress() as bar, sending(options) as sends:
            report = carry_out(
                workshop,
                workspace,
                settings,
                order,
                jobs=jobs,
                progress=bar,
                now=now(),
                today=today(),
                dry_run=dry_run,
                publisher=publisher,
                sending=sends,
                take_over=bool(options["take_over"]),
            )
    if options["as_json"]:
        from production.reports import publish_report

        print_json({**report.plain(), **publish_report(report.published, workspace.root)})
    else:
        print_order(report, workspace, full=bool(options["full"]))
    if not report.is_done:
        raise click.exceptions.Exit(ExitCode.INPUT)


_NOTHING = {
    "correct": "speaks another value of it than it has now",
    "retract": "speaks it",
}
"""Why an order with --fact does nothing."""


def _workspace(folder: Path, *, builds: bool) -> "Workspace":
    """Read the workspace: sound where something is built; as far as it can be read elsewhere."""
    if builds:
        return read(folder, today=today())
    return look_closely(folder, today=today())[0]
