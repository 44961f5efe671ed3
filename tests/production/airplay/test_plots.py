"""Plots: what their library must not leave behind."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = """
import production.airplay.plots
try:
    import no_such_module
except ModuleNotFoundError:
    print("quietly not found")
"""


def test_an_import_that_finds_nothing_is_not_warned_of_once_plots_are_there() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error::ImportWarning", "-c", PROGRAM],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "quietly not found\n", done.stderr
