"""XLSX for translators: the home of xlsxwriter.

Every cell is a string: no formula, no link, no number that a program may write differently. The
sheet is protected without a password, so that only the translation is typed into; whoever needs
to may lift it. The file is the same for the same rows: it carries no clock.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import xlsxwriter

from programme.errors import ExitCode, ProductionError
from programme.languages import language as known_language
from programme.units import LanguageTag

MOST_CHARACTERS = 32_000
"""In one cell; Excel takes 32,767, and xlsxwriter leaves a longer one out without a word."""

_WIDTHS: Mapping[str, float] = {
    "segment": 18,
    "line": 6,
    "source": 52,
    "last translation": 40,
    "translation": 52,
    "source before": 36,
    "note": 40,
    "seconds": 9,
    "state": 13,
    "id": 34,
}
_LINE_POINTS = 15.0
_MOST_POINTS = 400.0
"""Excel takes rows of 409 points."""
_GROWS = 1.3
"""How much longer a translation may be than its source, for the room that it is given."""
_OPEN = "translation"
"""The one column that is typed into."""
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""What the file says of its making: a fixed day, so that equal sheets are equal files."""


def render_xlsx(
    cells: Sequence[Sequence[str]],
    *,
    source: LanguageTag,
    target: LanguageTag,
    instructions: Sequence[str],
) -> bytes:
    """Write a table with its header as a workbook, the instructions on a second sheet.

    Raises:
        ProductionError: a cell is longer than a sheet can hold.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties({"created": _MADE, "title": f"{source} - {target}"})
    sheet = book.add_worksheet(target[:31])
    basic = {"text_wrap": True, "valign": "top", "num_format": "@", "quote_prefix": True}
    head = book.add_format({**basic, "bold": True, "bg_color": "#D9E2F3", "border": 1})
    right = _is_rtl(target)
    sides = {
        "source": 2 if _is_rtl(source) else 1,
        "source before": 2 if _is_rtl(source) else 1,
        "last translation": 2 if right else 1,
        "translation": 2 if right else 1,
    }
    names = [_name(title) for title in cells[0]]
    formats = [
        book.add_format(
            {
                **basic,
                "locked": name != _OPEN,
                "reading_order": sides.get(name, 1),
                **({} if name == _OPEN else {"bg_color": "#F2F2F2"}),
            }
        )
        for name in names
    ]
    if right:
        sheet.right_to_left()
    for at, name in enumerate(names):
        sheet.set_column(at, at, _WIDTHS.get(name, 20), formats[at])
    for number, row in enumerate(cells):
        sheet.set_row(number, _height(names, row))
        for at, text in enumerate(row):
            _check(text, row)
            sheet.write_string(number, at, text, formats[at] if number else head)
    sheet.freeze_panes(1, 0)
    # Whoever translates on paper gets all columns on one page, under their names.
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(1, len(cells) - 1), len(names) - 1)
    sheet.protect(
        "",
        {
            "format_columns": True,
            "format_rows": True,
            "format_cells": True,
            "sort": True,
            "autofilter": True,
        },
    )
    help_sheet = book.add_worksheet("README")
    help_sheet.set_column(0, 0, 100, book.add_format(basic))
    for number, line in enumerate(instructions):
        help_sheet.write_string(number, 0, line, book.add_format(basic))
    book.close()
    return out.getvalue()


def _height(names: Sequence[str], row: Sequence[str]) -> float:
    """Give a row's height in points, so that all of it is seen in every spreadsheet program.

    Left to themselves, some show the first line only of a text that takes several.
    """
    most = 1
    for name, text in zip(names, row, strict=True):
        wide = _WIDTHS.get(name, 20) / (_GROWS if name == "source" else 1)
        most = max(most, sum(-(-len(part) // int(wide)) or 1 for part in text.split("\n")))
    return min(most * _LINE_POINTS, _MOST_POINTS)


def _name(title: str) -> str:
    """Give a header's name without the language behind it."""
    for name in ("source before", "last translation", "source", "translation"):
        if title.startswith(name):
            return name
    return title


def _is_rtl(tag: LanguageTag) -> bool:
    try:
        return known_language(tag).rtl
    except KeyError:
        return False


def _check(text: str, row: Sequence[str]) -> None:
    if len(text) > MOST_CHARACTERS:
        raise ProductionError(
            f"a line of {len(text)} characters does not fit into a cell",
            where=f"{row[0]}, line {row[1]}" if len(row) > 1 else "",
            remedy="split it into sentences, or export as CSV or PO",
            code=ExitCode.INPUT,
        )
