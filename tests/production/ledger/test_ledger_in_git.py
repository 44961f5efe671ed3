"""A new workspace tells git how to keep its ledger: both sides of a merge, and no other byte."""

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from production.ledger.ledger import LEDGER_FILE, Ledger
from production.ledger.strokes import note_path
from production.releases.history import read_history
from production.starting import copy_example
from programme.tables import package_file
from tests.production.ledger.ledger_lines import NOON, released, withdrawn, write_all

SKELETON = package_file("production", "skeleton")


@pytest.mark.tools
def test_two_branches_of_a_new_workspace_that_both_published_are_merged_by_git_alone(
    tmp_path: Path, tool: Callable[[str], str]
) -> None:
    git = tool("git")
    root = tmp_path / "our-radio"
    copy_example(root)
    # What altavoz init copies says the same.
    assert (SKELETON / ".gitattributes").read_bytes() == (root / ".gitattributes").read_bytes()
    assert note_path(root / LEDGER_FILE).name in (SKELETON / ".gitignore").read_text()

    def run(*words: str) -> str:
        # Windows and careless settings change the ends of lines.
        own = ["user.name=Desk", "user.email=desk@example.org"]
        own += ["core.autocrlf=true", "core.safecrlf=false"]
        done = subprocess.run(
            [git, *(word for one in own for word in ("-c", one)), *words],
            cwd=root,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def publish(*values: object) -> None:
        write_all(Ledger(root), *values)
        run("commit", "-qam", "published")

    first, second = released(), released(2, minutes=60)
    run("init", "-q", "-b", "main")
    Ledger(root).append("feed", {"guid": "1"})
    note_path(root / LEDGER_FILE).write_text("left by a kill")
    run("add", "-A")
    assert note_path(root / LEDGER_FILE).name not in run("ls-files")
    publish(first)
    run("checkout", "-qb", "field")
    publish(released(tag="ht", minutes=3))
    run("checkout", "-q", "main")
    publish(second, withdrawn(first, minutes=60))
    run("merge", "-q", "field", "-m", "both")
    assert b"\r" not in (root / LEDGER_FILE).read_bytes()
    merged = read_history(Ledger(root), "public")
    assert {key[2]: len(found) for key, found in merged.editions.items()} == {"en": 2, "ht": 1}
    assert merged.newest_change() == NOON + timedelta(minutes=60)
