"""What every benchmark asks on its command line, and how it writes its figures down."""

import argparse
import compileall
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.machine import machine, workplace
from bench.process import CommandFailedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a benchmark has more or less of."""

    name: str
    """In the plural, as the option is called."""
    whole: int
    quick: int
    """With ``--quick``."""


class DifferentOutcomeError(Exception):
    """Two ways to the same outcome gave different ones; figures would mean nothing."""


ROOT = Path(__file__).parents[1]
PACKAGES = ("commands", "production", "scripts", "audio", "feeds", "stations", "programme")


def compile_program() -> None:
    """Compile the program, as installing it does: no figure is of that.

    What is compiled already and did not change stays as it is.
    """
    for package in PACKAGES:
        compileall.compile_dir(ROOT / package, quiet=1)
    compileall.compile_file(ROOT / "cli.py", quiet=1)


Run = Callable[[Path, argparse.Namespace, int], dict[str, object]]
"""Measures in a folder, with the options and the size; gives what the JSON file holds."""


def run_benchmark(
    about: str | None,
    size: Size,
    run: Run,
    *,
    repeats: str = "of the short runs; median taken",
    more: Callable[[argparse.ArgumentParser], object] = lambda _: None,
) -> int:
    """Read the options, measure, write the JSON; give the exit code.

    Args:
        about: the benchmark's docstring; its first line is its help.
        size: how much of what.
        run: does the work.
        repeats: what is repeated, and which of the figures counts.
        more: adds options of its own.
    """
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    quick = f"{size.quick:,} {size.name} instead of {size.whole:,}"
    parser.add_argument("--quick", action="store_true", help=quick)
    parser.add_argument("--seed", type=int, default=1)
    instead = f"instead of {size.whole:,}, or of {size.quick:,} with --quick"
    parser.add_argument(f"--{size.name}", type=int, help=instead, dest="size")
    parser.add_argument("--repeats", type=int, default=3, help=repeats)
    parser.add_argument("--work", type=Path, help="a new folder that is kept")
    parser.add_argument("--json", type=Path, help="write the figures here")
    more(parser)
    given = parser.parse_args()
    here = machine()
    print(f"{here['processor']}, {here['cores']} cores, {here['system']}, Python {here['python']}")
    compile_program()
    try:
        with workplace(given.work) as work:
            wanted = given.size or (size.quick if given.quick else size.whole)
            figures = run(work.resolve(), given, wanted)
    except (CommandFailedError, DifferentOutcomeError) as error:
        print(error, file=sys.stderr)
        return 1
    if given.json is not None:
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        print(f"written: {given.json}")
    return 0
