"""XLSX: what goes out comes back letter by letter, and nothing in it can be run."""

import io
import re

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.errors import ProductionError
from programme.findings import Findings
from programme.units import LanguageTag
from scripts.sheet_reading import read_workbook
from scripts.sheet_writing import MOST_CHARACTERS, render_xlsx
from scripts.translation_sheet import ReturnedSheet, Row
from tests.scripts.carrying import CELLS, back, row, sheet_of
from tests.scripts.translating import AR, ES, FR


def from_workbook(data: bytes) -> ReturnedSheet | None:
    return read_workbook(data, file="x.xlsx", findings=Findings())


def workbook(*rows: Row, target: LanguageTag = FR) -> bytes:
    return render_xlsx(
        sheet_of(*rows, target=target), source=ES, target=target, instructions=["Write here."]
    )


NASTY = [
    "=1+1",
    "'x",
    "'=x",
    "https://example.org/",
    "mailto:a@example.org",
    "{=1}",
    "_x0041_ _x000D_",
    "a\nb",
    "tab\there",
    "Kʼicheʼ 😀",
    " spaces ",
    "اذهبوا",
    "1/2",
    "001",
    "1e5",
    "TRUE",
    "#N/A",
    "\\",
    'a & b < c > "d"',
]


def test_any_words_come_back_from_xlsx_and_openpyxl_reads_the_same() -> None:
    rows = [row(text, text) for text in NASTY]
    data = workbook(*rows)
    assert back(from_workbook(data)) == [(r.id, r.source, r.last) for r in rows]
    cells = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    for number, text in enumerate(NASTY, start=2):
        cell = cells.cell(row=number, column=5)
        assert (cell.data_type, cell.hyperlink) == ("s", None)
        # openpyxl leaves the escape of an escape as it is
        assert str(cell.value).replace("_x005F_", "_") == text


@settings(max_examples=12)  # each reads a workbook in a process of its own
@given(st.lists(CELLS, min_size=1, max_size=60))
def test_random_words_come_back_from_xlsx(texts: list[str]) -> None:
    rows = [row("Vaya.", text) for text in texts]
    found = [target for _, _, target in back(from_workbook(workbook(*rows)))]
    # XML has no carriage return and no U+FFFE; a spreadsheet has no use for either
    assert [_kept(text) for text in found] == [_kept(row.last) for row in rows]


def test_every_row_is_high_enough_for_all_its_words() -> None:
    note = "título\n" + "una explicación de varias palabras " * 4
    data = workbook(row("Vaya.", "Allez."), row("Vaya. " * 40, ""), row(note, ""))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    heights = [sheet.row_dimensions[number].height for number in range(1, 5)]
    # 52 characters to a line of the source, and a third more of them in the translation
    assert heights[:3] == [None, None, 15.0 * 6]  # None is one line
    assert heights[3] == 15.0 * (1 + 4)
    assert sheet.page_setup.orientation == "landscape"


def _kept(text: str) -> str:
    return re.sub("\r\n?", "\n", text).translate({0xFFFE: None, 0xFFFF: None})


def test_a_workbook_is_made_for_people() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(row("Vaya.", "اذهبوا"), target=AR)))
    sheet = book.worksheets[0]
    assert [one.title for one in book.worksheets] == ["ar", "README"]
    assert sheet.freeze_panes == "A2"
    assert sheet.sheet_view.rightToLeft
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    locked = {cell.column: cell.protection.locked for cell in sheet[2]}
    assert [column for column, lock in locked.items() if not lock] == [5]
    assert sheet.cell(row=2, column=5).alignment.wrap_text
    assert sheet.cell(row=2, column=5).alignment.readingOrder == 2
    assert sheet.cell(row=2, column=3).alignment.readingOrder == 1
    assert sheet.column_dimensions["E"].width > 40
    assert book.worksheets[1]["A1"].value == "Write here."


def test_a_latin_sheet_runs_from_left_to_right() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(row("Vaya.", "Allez."))))
    assert not book.worksheets[0].sheet_view.rightToLeft


def test_equal_sheets_are_equal_files() -> None:
    assert workbook(row("Vaya.", "Allez.")) == workbook(row("Vaya.", "Allez."))


def test_a_line_too_long_for_a_cell_is_refused_and_not_left_out() -> None:
    with pytest.raises(ProductionError, match="does not fit into a cell"):
        workbook(row("Vaya.", "x" * (MOST_CHARACTERS + 1)))


def test_what_openpyxl_writes_is_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in sheet_of(row("Vaya.", "Allez ʼ 😀\n=non"), row("Pida.", "")):
        sheet.append(line)
    sheet.cell(row=3, column=5, value=5).number_format = "0"
    out = io.BytesIO()
    book.save(out)
    assert [target for _, _, target in back(from_workbook(out.getvalue()))] == [
        "Allez ʼ 😀\n=non",
        "5",
    ]
