"""What is imported when: help answers at once because nothing heavy is loaded for it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = {
    *("cli", "commands"),
    *("programme", "scripts", "audio", "feeds", "stations", "production"),
}
PACKAGES = (
    "programme",
    "scripts",
    "audio",
    "audio.voices",
    "audio.jobs",
    "feeds",
    "stations",
    "production",
    "production.airplay",
    "production.artwork",
    "production.catalogue",
    "production.cluster",
    "production.delivery",
    "production.facts",
    "production.keys",
    "production.ledger",
    "production.notices",
    "production.packs",
    "production.preview",
    "production.publish",
    "production.releases",
    "production.shared",
    "production.stations",
    "production.sticks",
    "production.takes",
    "production.targets",
    "commands",
)

LIST_MODULES = """
import json, sys
before = set(sys.modules)
try:
    {statement}
finally:
    print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)
"""


def loaded_by(statement: str) -> set[str]:
    """Give the top-level names of outside libraries that a statement loads."""
    done = subprocess.run(
        [sys.executable, "-c", LIST_MODULES.format(statement=statement)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    names = {name.partition(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}
    return names - sys.stdlib_module_names - OURS


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_package_loads_no_outside_library(package: str) -> None:
    assert loaded_by(f"import {package}") == set()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["build", "--help"]])
def test_help_loads_click_and_nothing_else_from_outside(arguments: list[str]) -> None:
    call = f"import cli; sys.argv = ['altavoz', *{arguments!r}]; cli.main()"
    assert loaded_by(call) <= {"click"}
