"""How wide the columns of a table are on a terminal, and what is shown where they do not fit."""

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from production.tables import Table

_BETWEEN = 3
"""Characters from one column to the next, as the drawn table has them."""
_EDGES = 2
_INDENT = "    "


def column_widths(
    table: "Table", *, room: int, width_of: Callable[[str], int]
) -> tuple[int, ...] | None:
    """Give each column's width so that no word is broken; None where they cannot all fit.

    Args:
        table: what is to be drawn.
        room: the characters of a line of the terminal.
        width_of: the characters that a text takes on it.
    """
    cells = [[name, *column] for name, *column in zip(table.columns, *table.rows, strict=True)]
    widths = [max(map(width_of, column)) for column in cells]
    least = [
        max((width_of(word) for cell in column for word in cell.split()), default=0)
        for column in cells
    ]
    room -= _BETWEEN * (len(widths) - 1) + _EDGES
    if sum(least) > room:
        return None
    while sum(widths) > room:
        # the column with most to spare gives one character
        widest = max(range(len(widths)), key=lambda n: widths[n] - least[n])
        widths[widest] -= 1
    return tuple(widths)


def filled_columns(table: "Table") -> "Table":
    """Give the table without the columns that are empty in every row."""
    kept = [n for n in range(len(table.columns)) if any(row[n] for row in table.rows)]
    return replace(
        table,
        columns=tuple(table.columns[n] for n in kept),
        rows=tuple(tuple(row[n] for n in kept) for row in table.rows),
        right=frozenset(at for at, n in enumerate(kept) if n in table.right),
    )


def card_lines(table: "Table", *, room: int) -> Iterator[str]:
    """Give each row as a heading, and lines of its other cells with their names.

    The heading is the first cell, or as many of the first as tell the rows apart.
    """
    heads = 1
    while heads < len(table.columns) and len({r[:heads] for r in table.rows}) < len(table.rows):
        heads += 1
    for row in table.rows:
        yield "   ".join(cell for cell in row[:heads] if cell)
        named = zip(table.columns[heads:], row[heads:], strict=True)
        line = ""
        for part in (f"{name}: {cell}" for name, cell in named if cell):
            joined = f"{line}   {part}" if line else part
            if line and len(_INDENT) + len(joined) > room:
                yield from _wrapped(line, room)
                joined = part
            line = joined
        yield from _wrapped(line, room)


def _wrapped(line: str, room: int) -> Iterator[str]:
    yield from wrapped_lines(line, room=room, indent=_INDENT, later=_INDENT + "  ")


def wrapped_lines(text: str, *, room: int, indent: str = "", later: str = "") -> list[str]:
    """Break a line at spaces; a word longer than the line, such as an address, stays whole.

    Args:
        text: one line.
        room: the characters of a line; 0 breaks nothing.
        indent: what the first line begins with.
        later: what the others begin with.
    """
    if not room or len(indent) + len(text) <= room:
        return [indent + text]
    return textwrap.wrap(
        text,
        width=max(room, 40),
        initial_indent=indent,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
