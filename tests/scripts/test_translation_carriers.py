"""CSV, XLSX and PO: what goes out comes back, letter by letter, and nothing in it can be run."""

import csv
import io
import re
import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.findings import Findings
from programme.units import LanguageTag
from programme.words import TranslationState
from scripts.csv_text import guard, read_csv, render_csv, unguard
from scripts.po_text import read_po_sheet, render_po
from scripts.sheet_reading import read_workbook
from scripts.sheet_writing import MOST_CHARACTERS, render_xlsx
from scripts.translation_sheet import ReturnedSheet, Row, row_ids, table_of
from tests.conftest import ToolFinder
from tests.scripts.translating import AR, ES, FR

TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("=+-@＝＋－＠'\";,\t\r\n^ʼ«» 😀يا\u200f\u2066#\\{}"),
    ),
    max_size=40,
)
LEADING = st.sampled_from(
    ["", "=", "+", "-", "@", "'", "'=", "''-", "\t", "\r", " =", "＝", ";=", "\n="]
)
CELLS = st.tuples(LEADING, TEXTS).map("".join)


def row(source: str, target: str, place: int = 1, state: str = "fresh") -> Row:
    ids = row_ids("asilo", source, [source])
    return Row(
        id=ids[min(place, 1)],
        segment="asilo",
        place=place,
        line=3,
        source=source,
        last=target,
        before="",
        note="for: refugees",
        seconds=1.5,
        state=TranslationState(state),
    )


def sheet_of(*rows: Row, target: LanguageTag = FR) -> list[list[str]]:
    return table_of(rows, source=ES, target=target)


def back(sheet: ReturnedSheet | None) -> list[tuple[str, str, str]]:
    assert sheet is not None
    return [(r.id, r.source, r.target) for r in sheet.rows]


def from_csv(data: bytes, encoding: str = "") -> ReturnedSheet | None:
    findings = Findings()
    found = read_csv(data, file="x.csv", findings=findings, encoding=encoding)
    assert found is None or not len(findings)
    return found


def from_workbook(data: bytes) -> ReturnedSheet | None:
    return read_workbook(data, file="x.xlsx", findings=Findings())


def saved(cells: list[list[str]], delimiter: str, encoding: str, mark: bytes = b"") -> bytes:
    """Give a table as Excel saves it: quotes only where they are needed."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(cells)
    return mark + out.getvalue().encode(encoding)


# CSV


@given(CELLS)
def test_a_guarded_cell_is_never_run_and_comes_back_exactly(text: str) -> None:
    guarded = guard(text)
    assert not re.match("[ \u00a0]*[=+\\-@\t\r＝＋－＠]", guarded)
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


# XLSX


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
    from programme.errors import ProductionError

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


# PO


def po(*rows: Row, target: LanguageTag = FR) -> bytes:
    return render_po(rows, source=ES, target=target, project="red", dated=date(2026, 11, 22))


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4))
def test_any_words_come_back_from_po(pairs: list[tuple[str, str]]) -> None:
    # an entry is known by its context; what has no words has no entry
    kept = {f"asilo/{n}": pair for n, pair in enumerate(pairs) if pair[0]}
    rows = [
        Row(
            id=name,
            segment="asilo",
            place=1,
            line=3,
            source=source,
            last=target,
            before="",
            note="",
            seconds=1.0,
            state=TranslationState.FRESH,
        )
        for name, (source, target) in kept.items()
    ]
    found = read_po_sheet(po(*rows), file="x.po", findings=Findings())
    assert back(found) == [(r.id, r.source, r.last) for r in rows]


@pytest.mark.tools
def test_msgfmt_finds_nothing_to_say_and_compiles_the_words(
    tool: ToolFinder, tmp_path: Path
) -> None:
    stale = row("Vaya hasta el {{date:2026-12-01}}.", 'Allez-y\n"vite".', state="stale")
    rows = [
        Row(**{**_fields(stale), "before": 'Vaya "antes" del {{date:2026-11-30}}, ' * 5}),
        row("Pida.", "اطلبوا 😀"),
        row("Llame.", ""),
    ]
    path, out = tmp_path / "x.po", tmp_path / "x.mo"
    path.write_bytes(po(*rows))
    done = subprocess.run(
        [tool("msgfmt"), "--check", "--check-accelerators", "--statistics", "-o", out, path],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C.UTF-8"},
    )
    assert (done.returncode, done.stderr.strip()) == (
        0,
        "1 translated message, 1 fuzzy translation, 1 untranslated message.",
    )
    assert "اطلبوا 😀".encode() in out.read_bytes()


def _fields(one: Row) -> dict[str, object]:
    return {name: getattr(one, name) for name in Row.__slots__}  # type: ignore[attr-defined]


def test_a_stale_line_is_fuzzy_and_shows_what_it_was() -> None:
    stale = Row(**{**_fields(row("Vaya hoy.", "Allez.", state="stale")), "before": "Vaya ayer."})  # type: ignore[arg-type]
    text = po(stale).decode()
    assert '#, fuzzy\n#| msgid "Vaya ayer."\nmsgctxt "asilo/' in text
    assert "#: scripts/asilo/es-419.md:3\n" in text
    assert "#. for: refugees\n#. 1.5 s\n" in text
    found = read_po_sheet(po(stale), file="x.po", findings=Findings())
    assert found is not None
    assert (found.language, found.confirms, found.rows[0].unsure) == ("fr", True, True)


def test_babel_reads_the_same_entries_and_header() -> None:
    catalog = read_po(io.BytesIO(po(row("Vaya.", "اذهبوا"), target=AR)))
    (entry,) = [message for message in catalog if message.id]
    assert (entry.id, entry.string, entry.locations) == (
        "Vaya.",
        "اذهبوا",
        [("scripts/asilo/es-419.md", 3)],
    )
    assert catalog.locale_identifier == "ar"


def test_a_language_with_a_region_is_written_as_gettext_does_and_read_as_a_tag() -> None:
    data = po(row("Vaya.", "Vá."), target=LanguageTag("pt-BR"))
    assert b'"Language: pt_BR\\n"' in data
    found = read_po_sheet(data, file="x.po", findings=Findings())
    assert found is not None
    assert found.language == "pt-BR"


def test_an_entry_that_is_there_twice_is_told_at_its_line() -> None:
    one = po(row("Vaya.", "Allez."))
    entry = one[one.index(b"#. for") :]
    findings = Findings()
    read_po_sheet(one + b"\n" + entry, file="x.po", findings=findings)
    (found,) = findings.items
    assert found.rule == "translation.row-double"
    assert (one + b"\n" + entry).split(b"\n")[found.line - 1].startswith(b"msgctxt")


@given(st.binary(max_size=200))
def test_no_bytes_make_the_po_reader_stumble(tail: bytes) -> None:
    findings = Findings()
    head = po(row("Vaya.", "Allez."))
    sheet = read_po_sheet(head + tail, file="x.po", findings=findings)
    assert sheet is not None or findings.has_errors


@given(
    st.lists(
        st.sampled_from(
            [
                'msgid "a"\n', 'msgstr "b"\n', 'msgctxt "c"\n', 'msgid_plural "x"\n',
                'msgstr[0] "x"\n', 'msgstr[9] "x"\n', "msgstr[x]\n", '"y"\n', '#~ msgid "z"\n',
                "#, fuzzy\n", "#: \u2068a\n", "\n", "msgid\n",
                '"Plural-Forms: x\\n"\n', 'msgid ""\n',
                'msgstr ""\n', '"Content-Type: text/plain; charset=x\\n"\n', '"Language: !\\n"\n',
            ]
        ),
        max_size=12,
    )
)  # fmt: skip
def test_no_broken_po_makes_the_reader_stumble(lines: list[str]) -> None:
    findings = Findings()
    sheet = read_po_sheet("".join(lines).encode(), file="x.po", findings=findings)
    assert sheet is not None or findings.has_errors
