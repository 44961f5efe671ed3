"""Commands for facts and contacts: list them, what falls due, what one says, what it reaches."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from commands.terminal import out, print_json, print_table
from commands.workspace import json_option, look_at, read, today, workspace_option

if TYPE_CHECKING:
    from production.facts.card import Card
    from production.facts.impact import Impact

F = TypeVar("F", bound=Callable[..., object])

_STATUSES = ("active", "demo", "withdrawn")


def _list_options(command: F) -> F:
    for option in (
        click.option("--due", default="", metavar="PERIOD", help="What falls due: 30d, 6w, 2m."),
        click.option("--status", type=click.Choice(_STATUSES), default=None, help="Of one status."),
        click.option("--owner", default="", help="Of one owner."),
        click.option("--country", default="", metavar="MX", help="Of one country, or of all."),
        json_option,
        workspace_option,
    ):
        command = option(command)
    return command


@click.group(invoke_without_command=True)
@_list_options
@click.pass_context
def facts(  # noqa: PLR0917 - options
    context: click.Context,
    folder: Path,
    as_json: bool,
    country: str,
    owner: str,
    status: str | None,
    due: str,
) -> None:
    """List facts and contacts: source, dates, owner, and how many segments speak them.

    --due takes days, weeks, months or a date, and shows segments too; what is overdue comes first.

    \b
    Example:
      altavoz facts --country MX
      altavoz facts --due 30d
      altavoz facts impact mx-lnctp
    """
    if context.invoked_subcommand is None:
        _list(folder, as_json, country, owner, status, due)
        return
    given = click.core.ParameterSource.COMMANDLINE
    if any(context.get_parameter_source(name) is given for name in context.params):
        raise click.UsageError(f"write the options after {context.invoked_subcommand}")


@facts.command("list")
@_list_options
def facts_list(  # noqa: PLR0917 - options
    folder: Path, as_json: bool, country: str, owner: str, status: str | None, due: str
) -> None:
    """List facts and contacts, as altavoz facts does.

    \b
    Example:
      altavoz facts list --status active
    """
    _list(folder, as_json, country, owner, status, due)


def _list(  # noqa: PLR0917 - options
    folder: Path, as_json: bool, country: str, owner: str, status: str | None, due: str
) -> None:
    from production.facts import report as facts_report
    from production.tables import Table

    workspace = look_at(folder, today=today())
    table: Table
    if due:
        if country or owner or status:
            raise click.UsageError("--due goes with --json only: it shows everything that is due")
        try:
            until = facts_report.parse_until(due, today())
        except ValueError as error:
            raise click.UsageError(
                f"--due {due}: write days, weeks or months, or a date: 30d, 6w, 2m, 2026-12-31"
            ) from error
        due_rows = facts_report.list_due(workspace, today=today(), until=until)
        plain = [row.plain() for row in due_rows]
        table, none = facts_report.due_table(due_rows), f"Nothing falls due up to {until}."
    else:
        rows = facts_report.list_facts(workspace, country=country, owner=owner, status=status or "")
        plain = [row.plain() for row in rows]
        table, none = facts_report.facts_table(rows), "There is no such fact or contact."
    if as_json:
        print_json(plain)
    elif table.rows:
        print_table(table)
    else:
        out(none)


@facts.command("show")
@workspace_option
@json_option
@click.argument("name", metavar="ID")
def facts_show(folder: Path, as_json: bool, name: str) -> None:
    """Show one fact or contact: how it is printed and said in every language, and where.

    \b
    Example:
      altavoz facts show mx-lnctp
    """
    from production.facts.card import fact_card

    card = fact_card(look_at(folder, today=today()), name)
    if as_json:
        print_json(card.plain())
    else:
        _print_card(card)


def _print_card(card: "Card") -> None:
    from production.facts.card import place_lines

    for label, text in card.about:
        out(f"{label + ':':<12} {text}")
    out("\nprinted and said:")
    for form in card.forms:
        out(f"  {form.language:<7} {form.placeholder}")
        out(f"          {form.fault or form.printed}")
        if form.spoken != form.printed:
            out(f"          {form.spoken}")
    out("\nspoken in:" if card.spoken else "\nspoken nowhere")
    for line in place_lines(card.spoken):
        out(f"  {line}")
    if card.overrides:
        out("\nstations that say otherwise:")
    for one in card.overrides:
        out(f"  {one.line()}")


@facts.command("impact")
@workspace_option
@json_option
@click.argument("name", metavar="ID")
def facts_impact(folder: Path, as_json: bool, name: str) -> None:
    """Say what a change of one fact reaches, before anything is built.

    Segments, languages, recordings, editions, feeds and packs that speak it; the steps that would
    run again; and what was published with it, and when.

    \b
    Example:
      altavoz facts impact mx-lnctp
    """
    from production.facts.impact import fact_impact

    impact = fact_impact(read(folder, today=today()), name, today=today())
    if as_json:
        print_json(impact.plain())
    else:
        _print_impact(impact)


def _print_impact(impact: "Impact") -> None:
    from production.facts.lines import impact_lines

    for line in impact_lines(impact):
        out(line)
