"""The documents: commands that exist, links that lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import cli

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")])


def make_targets() -> set[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", text, flags=re.MULTILINE))


def blocks(text: str) -> list[str]:
    """Give the lines of a page's shell blocks."""
    found = re.findall(r"^ *```sh\n(.*?)^ *```", text, flags=re.MULTILINE | re.DOTALL)
    return [line.strip() for block in found for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"https?:|mailto:|#", target):
            path = page.parent / target.partition("#")[0]
            assert path.exists(), f"{page.name} links to {target}"


def test_the_readme_begins_with_the_two_commands() -> None:
    lines = blocks((ROOT / "README.md").read_text(encoding="utf-8"))
    assert lines[:2] == ["make demo", "make test"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"`make ([a-z][a-z-]*)", page.read_text(encoding="utf-8")))
    assert named <= make_targets()


def test_the_readme_names_only_commands_that_altavoz_has() -> None:
    text = "\n".join(blocks((ROOT / "README.md").read_text(encoding="utf-8")))
    named = set(re.findall(r"^(?:\S*/)?altavoz ([a-z]+)", text, flags=re.MULTILINE))
    assert named
    assert named <= set(cli.COMMANDS)


def test_ci_runs_the_readmes_test_command() -> None:
    script = ROOT / ".ci" / "run"
    assert "make test" in script.read_text(encoding="utf-8")
    assert script.stat().st_mode & 0o111


def commands(group: click.Group, path: str = "altavoz") -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


@pytest.mark.parametrize(("path", "command"), list(commands(cli.altavoz)))
def test_the_help_of_every_command_shows_an_example(path: str, command: click.Command) -> None:
    shown = command.get_help(click.Context(command, info_name=path))
    assert "\\b" not in shown
    if not isinstance(command, click.Group):
        lines = [line.strip() for line in shown.splitlines()]
        assert "Example:" in lines
        assert any(line.startswith(path) for line in lines[lines.index("Example:") + 1 :])
