"""CSV: what goes out comes back in every encoding, and nothing in it can be run."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.findings import Findings
from programme.spreadsheets import guard, unguard
from programme.units import LanguageTag
from scripts.csv_text import read_csv, render_csv
from scripts.translation_sheet import ReturnedSheet
from tests.scripts.carrying import CELLS, back, row, sheet_of
from tests.scripts.translating import AR


def from_csv(data: bytes, encoding: str = "") -> ReturnedSheet | None:
    findings = Findings()
    found = read_csv(data, file="x.csv", findings=findings, encoding=encoding)
    assert found is None or not len(findings)
    return found


def saved(cells: list[list[str]], delimiter: str, encoding: str, mark: bytes = b"") -> bytes:
    """Give a table as Excel saves it: quotes only where they are needed."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(cells)
    return mark + out.getvalue().encode(encoding)


@given(CELLS)
def test_a_guarded_cell_is_never_run_and_comes_back_exactly(text: str) -> None:
    guarded = guard(text)
    assert not re.match("[ \u00a0\u200b\u2003\u3000\ufeff]*[=+\\-@\t\r＝＋－＠﹦\u2212]", guarded)
    assert unguard(guarded) == text


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("-5", "'-5"),
        ("'=1", "''=1"),
        ("'hola'", "'hola'"),
        (" @x", " '@x"),
        ("＝1", "'＝1"),
        ("a;=1", "a;'=1"),
        ("a\n+1", "a\n'+1"),
        ("\u200b=1", "\u200b'=1"),
        ("\ufeff\u3000＝1", "\ufeff\u3000'＝1"),
        ("\x0b@SUM(A1)", "\x0b'@SUM(A1)"),
        ("\u22125", "'\u22125"),
        ("﹦1", "'﹦1"),
        ("a - b", "a - b"),
        ("", ""),
    ],
)
def test_what_is_guarded_and_how(cell: str, written: str) -> None:
    assert (guard(cell), unguard(written)) == (written, cell)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4))
def test_any_words_come_back_from_csv(pairs: list[tuple[str, str]]) -> None:
    rows = [row(source, target) for source, target in pairs]
    expected = [(r.id, r.source, r.last) for r in rows]
    assert back(from_csv(render_csv(sheet_of(*rows)))) == expected


def test_csv_is_what_rfc_4180_and_excel_want() -> None:
    data = render_csv(sheet_of(row("Vaya.", 'Dites "oui", puis\npartez.')))
    assert data.startswith(b'\xef\xbb\xbf"segment","line",')
    assert data.endswith(b"\r\n")
    cells = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert cells[1][4] == 'Dites "oui", puis\npartez.'


SPANISH = ["¿Está herida?", "Llame a su compañía.", "Pida refugio."]
EXCEL = [
    ("utf-8", ",", b"\xef\xbb\xbf"),
    ("utf-8", ";", b""),
    ("utf-16-le", "\t", b"\xff\xfe"),
    ("utf-16-be", "\t", b"\xfe\xff"),
    ("utf-16-le", "\t", b""),
    ("cp1252", ";", b""),
    ("cp1252", ",", b""),
    ("cp1252", "\t", b""),
    ("mac_roman", ";", b""),
]


@pytest.mark.parametrize(("encoding", "delimiter", "mark"), EXCEL)
def test_french_comes_back_in_every_encoding_that_excel_writes(
    encoding: str, delimiter: str, mark: bytes
) -> None:
    rows = [row(text, f"Déjà vu, {text[0]} «à l’été» ; çà") for text in SPANISH]
    data = saved(sheet_of(*rows), delimiter, encoding, mark)
    assert back(from_csv(data)) == [(r.id, r.source, r.last) for r in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "cp1256"])
def test_arabic_comes_back_in_every_encoding_that_excel_writes(encoding: str) -> None:
    # cp1256 has no í ó ú ñ ¿: Excel writes a question mark, and the line proves nothing by itself
    rows = [row(text, "اذهبوا اليوم، يا أصدقاء") for text in ["Pida refugio.", "Déle agua."]]
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    data = saved(sheet_of(*rows, target=AR), ";", encoding, mark)
    assert back(from_csv(data)) == [(r.id, r.source, r.last) for r in rows]


@pytest.mark.parametrize(
    ("tag", "encoding", "target"),
    [
        ("pl", "cp1250", "Proszę iść dziś."),
        ("tr", "cp1254", "Bugün gidin, çağrı ücretsiz, ışık."),
        ("ru", "cp1251", "Идите сегодня."),
        ("he", "cp1255", "לכו היום"),
    ],
)
def test_a_source_of_plain_letters_leaves_the_page_to_the_language(
    tag: str, encoding: str, target: str
) -> None:
    cells = sheet_of(row("Pida refugio.", target), target=LanguageTag(tag))
    assert back(from_csv(saved(cells, ";", encoding)))[0][2] == target


@given(
    st.text("abcdeáéíóúñ¿¡üàèçêôœ’ ,;\"'\n=-", min_size=1, max_size=30),
    st.sampled_from(["cp1252", "utf-8", "utf-16-le"]),
    st.sampled_from([",", ";", "\t"]),
)
def test_the_source_proves_the_encoding(target: str, encoding: str, delimiter: str) -> None:
    rows = [row(text, target) for text in SPANISH]
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    cells = [[guard(cell) for cell in line] for line in sheet_of(*rows)]
    assert back(from_csv(saved(cells, delimiter, encoding, mark))) == [
        (r.id, r.source, target) for r in rows
    ]


def test_where_nothing_proves_the_encoding_somebody_must_say_it() -> None:
    # The byte 0x8E is é on a Mac and Ž on Windows; a source of plain letters tells nothing.
    data = saved(sheet_of(row("Pida refugio.", "état")), ";", "mac_roman")
    findings = Findings()
    assert read_csv(data, file="x.csv", findings=findings) is None
    assert [f.rule for f in findings] == ["translation.sheet-encoding"]
    assert "état" in findings.items[0].problem
    assert back(from_csv(data, "mac_roman"))[0][2] == "état"


def test_a_delimiter_that_excel_was_told_counts_and_rows_keep_their_numbers() -> None:
    cells = sheet_of(row("Vaya.", "Allez."))
    sheet = from_csv(b"sep=;\r\n" + saved(cells, ";", "utf-8"))
    assert sheet is not None
    assert [r.number for r in sheet.rows] == [3]


def test_columns_may_be_moved_and_rows_put_above() -> None:
    cells = sheet_of(row("Vaya.", "Allez."))
    moved = [["", "my notes"], *([line[9], "mine", line[4], line[2]] for line in cells)]
    sheet = from_csv(saved(moved, ",", "utf-8"))
    assert sheet is not None
    assert sheet.language == "fr"
    assert [(r.number, r.source, r.target, r.last) for r in sheet.rows] == [
        (3, "Vaya.", "Allez.", None)
    ]


@given(st.binary(max_size=300))
def test_no_bytes_make_the_csv_reader_stumble(data: bytes) -> None:
    findings = Findings()
    sheet = read_csv(data, file="x.csv", findings=findings)
    assert sheet is not None or findings.has_errors


@given(st.text(max_size=200))
def test_no_header_makes_the_reader_stumble(tail: str) -> None:
    findings = Findings()
    data = ("id,source es,translation fr\r\n" + tail).encode("utf-8", "replace")
    sheet = read_csv(data, file="x.csv", findings=findings)
    assert sheet is not None or findings.has_errors
