"""Commands for consent: what stands, where a testimony went, and taking a consent back."""

from datetime import datetime
from pathlib import Path

import click

from commands.terminal import out, print_json, print_table
from commands.workspace import dry_run_option, json_option, look_at, today, workspace_option


@click.group()
def consent() -> None:
    """Consents of people who speak of their own lives; the records stay in private/.

    \b
    Example:
      altavoz consent list
    """


@consent.command("list")
@workspace_option
@json_option
def consent_list(folder: Path, as_json: bool) -> None:
    """List consents by id: whether they are live, until when, and what uses them.

    \b
    Example:
      altavoz consent list
    """
    from production.consent_reach import consents_table

    table = consents_table(look_at(folder, today=today()), today=today())
    if as_json:
        print_json(table.plain())
    elif table.rows:
        print_table(table)
    else:
        out("No consent records in private/consent/, and no segment names one.")


@consent.command("show")
@workspace_option
@json_option
@click.argument("name", metavar="ID")
def consent_show(folder: Path, as_json: bool, name: str) -> None:
    """Show whether a consent is live, and where what it covers was published and packed.

    Says nothing of what stands in the record itself.

    \b
    Example:
      altavoz consent show c-7
    """
    from production.consent_reach import find_reach, known_consent, states

    workspace = look_at(folder, today=today())
    reach = find_reach(workspace, known_consent(workspace, name))
    stands = states(workspace, today=today()).get(name) or "live"
    if as_json:
        print_json({**reach.plain(), "stands": stands})
        return
    out(f"{name}: {stands}")
    for line in reach.lines():
        out(line)


@consent.command("revoke")
@workspace_option
@dry_run_option
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="The day on which the person took it back; today by default.",
)
@click.argument("name", metavar="ID")
def consent_revoke(folder: Path, dry_run: bool, on: datetime | None, name: str) -> None:
    """Take a consent back: the next build leaves out what it covers.

    Prints where it was published and packed, and what to do next.

    \b
    Example:
      altavoz consent revoke c-7
    """
    from production.consent_reach import find_reach
    from scripts.consent_edit import revoke_consent

    day = on.date() if on else today()
    root = folder.resolve()
    if not dry_run:
        # First of all, whatever may be wrong with the rest.
        path = revoke_consent(root, name, on=day)
        out(f"Noted in {path.relative_to(root)}: revoked on {day}")
    reach = find_reach(look_at(folder, today=today()), name)
    for line in (*reach.lines(), *reach.next_steps()):
        out(line)
    if dry_run:
        out(f"Would be noted: {name} revoked on {day}.")
