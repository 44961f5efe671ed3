"""Where somebody begins: a workspace of their own, and how it stands."""

from pathlib import Path

import click

from commands.terminal import out, print_json, print_table, talk
from commands.workspace import json_option, read, today, workspace_option


@click.command()
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


@click.command()
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
