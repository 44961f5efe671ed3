"""A table for a pipe or a file, as the library draws it there, without loading it.

What is drawn is the same to the letter; only where every cell is one line of letters of one column
each, so that nothing has to be measured, broken or coloured. A test compares the two.
"""

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from production.tables import Table

_BETWEEN = "   "
_LINE = "─"
_TOLD_OTHERWISE = ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "DATABRICKS_RUNTIME_VERSION")
"""What makes the library take a pipe for a terminal."""
_MARKED = frozenset("[:\\")
"""What the library takes for more than letters in a heading."""
_SIMPLE_BELOW = "\u0250"
"""Letters before it take one column each, but for those that are no printable letters."""


def plain_lines(table: "Table", *, room: int) -> list[str] | None:
    """Give a table's lines; None where the library has to draw it.

    Args:
        table: what is to be drawn.
        room: characters of a line, which no line needs wholly.
    """
    rows = (table.columns, *table.rows)
    cells = [cell for row in rows for cell in row]
    if not table.rows or not all(map(_is_simple, cells)) or _MARKED & set("".join(table.columns)):
        return None
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    total = sum(widths) + len(_BETWEEN) * (len(widths) - 1) + 2
    if total > room:
        return None
    blank = " " * total
    head, *others = (" " + _BETWEEN.join(_laid(table, row, widths)) + " " for row in rows)
    return [blank, head, f" {_LINE * (total - 2)} ", *others, blank]


def takes_letters() -> bool:
    """Tell whether a pipe takes every letter, and nobody says that it is a terminal."""
    is_utf8 = sys.stdout.encoding.lower().replace("-", "") == "utf8"
    return is_utf8 and not any(name in os.environ for name in _TOLD_OTHERWISE)


def _laid(table: "Table", row: tuple[str, ...], widths: list[int]) -> Iterator[str]:
    for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield cell.rjust(width) if number in table.right else cell.ljust(width)


def _is_simple(cell: str) -> bool:
    return cell.isprintable() and max(cell, default="") < _SIMPLE_BELOW and cell == cell.strip()
