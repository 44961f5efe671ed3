"""What the command line shows: tables, findings, progress and errors; the only user of rich."""

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import TextIOWrapper
from typing import TYPE_CHECKING

import click

from commands.columns import card_lines, column_widths, filled_columns, wrapped_lines
from programme.errors import ProductionError
from programme.storage import storage_error

if TYPE_CHECKING:
    from production.runner import Progress
    from production.tables import Table
    from programme.findings import Findings

_PIPE = 240
"""Characters of a row where no terminal limits it."""
_BELOW, _LATER = "    ", "      "


def speak_any_terminal() -> None:
    """Show what the terminal's encoding, or a file name's, does not have as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def show_error(error: ProductionError) -> None:
    """Say what is wrong, where, and what to do."""
    place = f"{error.where}: " if error.where else ""
    for line in f"Error: {place}{error.problem}\n  {error.remedy}".split("\n"):
        talk_wrapped(line)


def out(text: str = "") -> None:
    """Print a line of the result.

    Raises:
        ProductionError: code STORAGE; it goes into a file, and the disk is full or refuses.
    """
    try:
        click.echo(text)
    except BrokenPipeError:  # whoever read it has seen enough, which click knows how to end
        raise
    except OSError as error:
        raise storage_error(error, "what this command prints") from error


def talk(text: str) -> None:
    """Say something that is not the result."""
    click.echo(text, err=True)


def out_wrapped(text: str) -> None:
    """Print a line of the result; on a terminal in rows that break no word."""
    for row in _rows(text):
        out(row)


def talk_wrapped(text: str) -> None:
    """Say something that is not the result, as ``out_wrapped`` prints it."""
    for row in _rows(text):
        talk(row)


def _rows(text: str) -> list[str]:
    words = text.lstrip(" ")
    indent = text[: len(text) - len(words)]
    return wrapped_lines(words, room=room(), indent=indent, later=indent + _BELOW)


def speaks_utf8() -> bool:
    """Tell whether the terminal or pipe takes every letter as it is."""
    return sys.stdout.encoding.lower().replace("-", "") == "utf8"


def print_json(value: object) -> None:
    """Print the result for a program."""
    out(json.dumps(value, ensure_ascii=not speaks_utf8(), indent=2))


def room() -> int:
    """Give the characters of a line of the terminal; 0 in a pipe, where lines stay whole."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def print_table(table: "Table") -> None:
    """Draw a table, in a pipe as wide as it needs to be; cards where a terminal is too narrow."""
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table as Drawn
    from rich.text import Text

    widths = column_widths(table, room=room() or _PIPE, width_of=cell_len)
    if widths is None and room():
        # what no row has anything to say of gives its room to the others
        table = filled_columns(table)
        widths = column_widths(table, room=room(), width_of=cell_len)
    if widths is None and room():
        out("\n".join(card_lines(table, room=room())))
        return
    drawn = Drawn(box=SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(table.columns):
        side = "right" if number in table.right else "left"
        width = widths[number] if widths else None
        drawn.add_column(name, justify=side, overflow="fold", width=width)  # type: ignore[arg-type]
    for row in table.rows:
        drawn.add_row(*(Text(cell) for cell in row))
    Console(width=room() or _PIPE, highlight=False).print(drawn)


def print_findings(findings: "Findings", *, infos: bool = False, result: bool = False) -> None:
    """Print findings as a compiler does; to stdout where they are the result."""
    say = out if result else talk
    for finding in findings:
        if infos or finding.severity != "info":
            place = f"{finding.place}: {finding.severity}: {finding.problem}"
            remedy = f"{finding.remedy} [{finding.rule}]"
            for line in wrapped_lines(place, room=room(), later=_LATER):
                say(line)
            for line in wrapped_lines(remedy, room=room(), indent=_BELOW, later=_LATER):
                say(line)


@contextmanager
def progress(planned: Mapping[str, int] | None = None) -> "Iterator[Progress]":
    """Show progress while something runs.

    Args:
        planned: how many steps of each kind there are, made or not, so that it can be said how
            many were there already.
    """
    from commands.progress import BuildProgress

    shown = BuildProgress(planned or {}, say=talk)
    try:
        yield shown
    finally:
        shown.close()
