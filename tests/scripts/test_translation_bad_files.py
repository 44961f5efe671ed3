"""Files that are not what they say: a clear finding, no hang, no memory, nothing written."""

import io
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from programme.errors import ProductionError
from programme.findings import Findings
from scripts.csv_text import MOST_BYTES
from scripts.sheet_files import read_sheet
from scripts.sheet_reading import MOST_PARTS, is_workbook, read_workbook
from scripts.translation_import import MOST_MESSAGES, plan_import
from scripts.translation_sheet import MOST_ROWS, ReturnedSheet
from tests.scripts.translating import EN, contents, exported, made, table

HEADER = "segment,line,source es-419,last translation en,translation en,id\r\n"


def refused(path: Path, seconds: float = 20.0) -> str:
    """Read a file that is no sheet; give the one problem that is told."""
    findings = Findings()
    began = time.perf_counter()
    assert read_sheet(path, findings=findings) is None
    assert time.perf_counter() - began < seconds
    (found,) = findings.items
    assert found.file == path.name
    assert found.remedy
    return found.problem


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, data in parts.items():
            folder.writestr(name, data)
    return out.getvalue()


def test_a_file_of_fifty_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with path.open("wb") as out:
        out.truncate(50_000_000)
    assert refused(path, 2.0) == f"the file is larger than {MOST_BYTES // 1_000_000} MB"


def test_a_million_rows_are_too_many(tmp_path: Path) -> None:
    path = saved(tmp_path / "x.csv", HEADER.encode() + b"a,,,,,\r\n" * 1_000_000)
    assert refused(path) == f"more than {MOST_ROWS} rows"


def test_a_million_rows_of_a_workbook_are_too_many(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 1_000_001))
    parts = unpacked(exported(made(tmp_path / "red"), tmp_path / "x.xlsx").read_bytes())
    name = "xl/worksheets/sheet1.xml"
    head, _, tail = parts[name].partition(b"<sheetData>")
    parts[name] = head + b"<sheetData>" + rows.encode() + b"</sheetData>" + tail.partition(
        b"</sheetData>"
    )[2]  # fmt: skip
    path = saved(tmp_path / "y.xlsx", zipped(parts))
    assert refused(path, 5.0) == f"the sheet goes on to row {MOST_ROWS + 2}"


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        return {name: folder.read(name) for name in folder.namelist()}


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    data = zipped({"xl/workbook.xml": b"<a/>", "xl/big.xml": bytes(201_000_000)})
    assert len(data) < 300_000
    problem = refused(saved(tmp_path / "x.xlsx", data), 5.0)
    assert problem == "unpacked the workbook would take more than 200 MB"


def test_a_zip_that_lies_about_its_size_is_not_believed(tmp_path: Path) -> None:
    data = zipped({"xl/workbook.xml": b"<a/>", "xl/big.xml": bytes(50_000_000)})
    small = data.replace((50_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert small != data
    assert "damaged" in refused(saved(tmp_path / "x.xlsx", small), 5.0)


def test_a_zip_of_thousands_of_parts_is_refused(tmp_path: Path) -> None:
    data = zipped({"xl/workbook.xml": b"", **{f"x{n}": b"" for n in range(MOST_PARTS)}})
    assert f"{MOST_PARTS + 1} parts" in refused(saved(tmp_path / "x.xlsx", data))


def test_a_cell_in_the_last_corner_does_not_take_the_memory(tmp_path: Path) -> None:
    # five kilobytes for which the library asks 550 GB and aborts its process
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "id"
    sheet.cell(row=1_048_576, column=16_384, value="x")
    book.save(tmp_path / "x.xlsx")
    assert refused(tmp_path / "x.xlsx", 2.0) == "the sheet goes on to row 1048576"


def test_what_the_library_cannot_hold_ends_its_process_only(tmp_path: Path) -> None:
    # the same in a part of a name that nobody looks into beforehand
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "id"
    sheet.cell(row=1_048_576, column=16_384, value="x")
    book.save(tmp_path / "x.xlsx")
    parts = unpacked((tmp_path / "x.xlsx").read_bytes())
    parts["xl/other/sheet1.xml"] = parts.pop("xl/worksheets/sheet1.xml")
    name = "xl/_rels/workbook.xml.rels"
    parts[name] = parts[name].replace(b"worksheets/sheet1", b"other/sheet1")
    assert "memory" in refused(saved(tmp_path / "y.xlsx", zipped(parts)))


def test_a_renamed_document_is_no_workbook(tmp_path: Path) -> None:
    data = zipped({"word/document.xml": b"<a/>", "[Content_Types].xml": b"<a/>"})
    assert refused(saved(tmp_path / "x.xlsx", data)) == (
        "this is no workbook, whatever it is called"
    )


def test_a_workbook_with_a_password_says_so(tmp_path: Path) -> None:
    # as MS-OFFCRYPTO 2.2 has it: an OLE file whose directory names EncryptedPackage
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    data += "EncryptedPackage".encode("utf-16-le") + bytes(1000)
    assert refused(saved(tmp_path / "x.xlsx", data)) == "the workbook is protected by a password"


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "x.xls", "x.ods"])
def test_garbage_is_refused_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    garbage = bytes((n * 7919) % 251 for n in range(30_000))
    assert refused(saved(tmp_path / name, garbage))


@pytest.mark.parametrize("size", [10, 600, 4000])
def test_a_workbook_cut_off_is_refused(size: int, tmp_path: Path) -> None:
    whole = exported(made(tmp_path / "red"), tmp_path / "x.xlsx").read_bytes()
    assert "damaged" in refused(saved(tmp_path / "cut.xlsx", whole[:size]))


def test_a_damaged_byte_anywhere_ends_in_words(tmp_path: Path) -> None:
    whole = exported(made(tmp_path / "red"), tmp_path / "x.xlsx").read_bytes()
    for at in range(40, len(whole), len(whole) // 12):
        damaged = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        findings = Findings()
        sheet = read_workbook(damaged, file="x.xlsx", findings=findings)
        assert sheet is not None or findings.has_errors


def test_an_xml_bomb_ends_in_words(tmp_path: Path) -> None:
    parts = unpacked(exported(made(tmp_path / "red"), tmp_path / "x.xlsx").read_bytes())
    entities = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' if n else '<!ENTITY a0 "aaaaaaaaaa">'
        for n in range(10)
    )
    bomb = f'<?xml version="1.0"?><!DOCTYPE sst [{entities}]><sst><si><t>&a9;</t></si></sst>'
    parts["xl/sharedStrings.xml"] = bomb.encode()
    findings = Findings()
    began = time.perf_counter()
    sheet = read_workbook(zipped(parts), file="x.xlsx", findings=findings)
    assert time.perf_counter() - began < 20
    assert sheet is None
    assert findings.has_errors


def test_an_empty_file_and_a_folder_and_a_missing_one_are_told_apart(tmp_path: Path) -> None:
    assert refused(saved(tmp_path / "x.csv", b"")) == "the file is empty"
    assert refused(Path("/dev/null")) == "this is not an ordinary file"
    for path in (tmp_path, tmp_path / "no.csv"):
        with pytest.raises(ProductionError):
            read_sheet(path, findings=Findings())


def test_a_cell_without_end_is_no_table(tmp_path: Path) -> None:
    path = saved(tmp_path / "x.csv", HEADER.encode() + b'"' + b"x" * 1_000_000)
    assert refused(path).startswith("this is no table")


def test_a_sheet_without_our_columns_says_which_it_needs(tmp_path: Path) -> None:
    path = saved(tmp_path / "x.csv", b"a,b,translation fr\r\n1,2,3\r\n")
    assert refused(path) == "no header with the columns id, source"


def test_a_sheet_full_of_faults_tells_some_and_counts_the_rest(tmp_path: Path) -> None:
    workspace = made(tmp_path / "red")
    before = contents(workspace.root)
    lines = "".join(f"asilo,3,x,y,z,asilo/{n:012x}\r\n" for n in range(2000))
    findings = Findings()
    sheet = read_sheet(saved(tmp_path / "x.csv", (HEADER + lines).encode()), findings=findings)
    assert sheet is not None
    plan = plan_import(workspace, sheet, EN, findings=findings)
    assert len(plan.findings) == MOST_MESSAGES + 1
    assert any("2000 findings" in found.problem for found in plan.findings)
    assert plan.to_write == ()
    assert contents(workspace.root) == before


def test_what_a_file_is_called_does_not_matter(tmp_path: Path) -> None:
    workspace = made(tmp_path / "red")
    data = exported(workspace, tmp_path / "x.xlsx").read_bytes()
    assert is_workbook(data)
    findings = Findings()
    found = read_sheet(saved(tmp_path / "x.csv", data), findings=findings)
    assert isinstance(found, ReturnedSheet)
    assert len(found.rows) == len(table(workspace)) - 1
