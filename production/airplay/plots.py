"""Plots of what was planned and what was played; the one home of pygal.

A plot is a drawing (SVG) without script, outside address, comment or date: the same figures give
the same bytes. Its two greys stay apart on paper. A table with the same figures stands beside
each plot, for who cannot see it.
"""

import base64
import sys
from collections.abc import Iterator, Sequence
from typing import Protocol

import pygal
from pygal.style import Style

from production.artwork.drawing import FAMILY

# pygal leaves a finder of maps among the program's own, in a form that Python has given up: each
# import that finds nothing would be warned of, and no map is drawn here.
sys.meta_path[:] = [one for one in sys.meta_path if type(one).__module__ != "pygal"]

WIDTH, LEAST_HEIGHT, ROW_HEIGHT = 900, 180, 44
"""Pixels."""
MOST_BARS = 40
"""Names in one plot; more are told by the table alone."""

_STYLE = Style(
    background="#ffffff",
    plot_background="#ffffff",
    foreground="#000000",
    foreground_strong="#000000",
    foreground_subtle="#555555",
    opacity="1",
    opacity_hover="1",
    transition="0s",
    colors=("#b5b5b5", "#222222"),
    font_family=FAMILY,
    label_font_size=16,
    major_label_font_size=16,
    legend_font_size=16,
    title_font_size=20,
    value_font_size=14,
    value_label_font_size=14,
)


def bar_plot(title: str, names: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> str:
    """Draw bars lying beside each other, one group for each name.

    Args:
        title: above the plot.
        names: of the groups, at least one and MOST_BARS at most.
        rows: what the bars of a group are, two at most, with one figure for each name.

    Raises:
        ValueError: there are no names, too many, or figures do not match them.
    """
    if not 0 < len(names) <= MOST_BARS or any(len(row) != len(names) for _, row in rows):
        raise ValueError("the names and figures of a plot do not match")
    chart = pygal.HorizontalBar(
        style=_STYLE,
        width=WIDTH,
        height=LEAST_HEIGHT + ROW_HEIGHT * len(names),
        explicit_size=True,
        js=[],
        no_prefix=True,
        disable_xml_declaration=True,
        title=title,
        print_values=True,
        print_values_position="center",
        show_legend=True,
        legend_at_bottom=True,
        truncate_label=-1,
        range=(0, max(1, *(figure for _, row in rows for figure in row))),
        value_formatter=lambda figure: f"{figure:g}",
        formatter=lambda figure: f"{figure:g}",
    )
    # pygal draws from below; people read from above.
    chart.x_labels = list(reversed(names))
    for name, row in rows:
        chart.add(name, list(reversed(row)))
    chart.add_xml_filter(_plain)
    drawn: str = chart.render()
    return drawn


def image_address(svg: str) -> str:
    """Give a drawing as an address that holds it whole, for an ``img``: nothing in it can run."""
    data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return f"data:image/svg+xml;base64,{data}"


class _Node(Protocol):
    """An element, comment or instruction of a drawing."""

    tag: object

    def iter(self) -> "Iterator[_Node]": ...
    def get(self, name: str, default: str) -> str: ...
    def getparent(self) -> "_Node | None": ...
    def remove(self, child: "_Node") -> None: ...


def _plain(root: _Node) -> _Node:
    """Take out what runs, what changes with the day, and what only a pointer would find."""
    for node in list(root.iter()):
        parent = node.getparent()
        if parent is not None and not _is_drawn(node):
            parent.remove(node)
    return root


def _is_drawn(node: _Node) -> bool:
    if not isinstance(node.tag, str):
        return False
    name = node.tag.rpartition("}")[2]
    return name not in {"script", "desc"} and "tooltip" not in node.get("class", "").split()
