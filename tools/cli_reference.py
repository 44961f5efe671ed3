"""Write docs/cli.md from the commands' own help; with ``--check``, say whether it is stale."""

import argparse
import difflib
import sys
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "cli.md"
WIDTH = 88
"""Columns of the help text, whatever the terminal that the page is made in."""

HEAD = """# The `altavoz` command

Made from the commands' own help by `make reference`; do not edit it here.
"""


def find_command() -> click.Command:
    """Give the command that the `altavoz` script runs.

    Raises:
        LookupError: cli.py has no click command, or more than one that could be it.
    """
    sys.path.insert(0, str(ROOT))
    import cli

    if isinstance(cli.main, click.Command):
        return cli.main
    groups = [thing for thing in vars(cli).values() if isinstance(thing, click.Group)]
    children = {id(child) for group in groups for child in group.commands.values()}
    roots = [group for group in groups if id(group) not in children]
    if len(roots) != 1:
        raise LookupError(f"cli.py should have one group of commands, it has {len(roots)}")
    return roots[0]


def pages(command: click.Command, parent: click.Context | None = None) -> Iterator[str]:
    """Give a heading and the help of a command, then of every command under it, by name."""
    name = "altavoz" if parent is None else command.name
    context = click.Context(
        command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH
    )
    yield f"## `{context.command_path}`\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for child in sorted(command.list_commands(context)):
            found = command.get_command(context, child)
            if found is not None and not found.hidden:
                yield from pages(found, context)


def render() -> str:
    """Give the whole page."""
    lines = "\n".join([HEAD, *pages(find_command())]).splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def main() -> int:
    """Write or check the page; give the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="only say whether it is stale")
    wanted = render()
    if not parser.parse_args().check:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    present = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    if present == wanted:
        return 0
    changes = difflib.unified_diff(
        present.splitlines(), wanted.splitlines(), "docs/cli.md", "the commands' help", lineterm=""
    )
    print("\n".join(changes))
    print("docs/cli.md is stale: run make reference")
    return 1


if __name__ == "__main__":
    sys.exit(main())
