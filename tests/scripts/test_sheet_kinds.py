"""Sheets of other programs: LibreOffice's ODS, and the XLS of old Excel."""

import io
import zipfile
from pathlib import Path

import pytest

from programme.findings import Findings
from scripts.sheet_files import read_sheet
from tests.scripts.translating import (
    FR,
    ID,
    TRANSLATION,
    Cells,
    imported,
    made,
    read,
    table,
    told,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made(tmp_path / "red")
    return tmp_path / "red"


def ods(cells: Cells) -> bytes:
    """Write a sheet as LibreOffice would, in the few parts that a reader needs."""
    from xml.sax.saxutils import escape

    name = "urn:oasis:names:tc:opendocument:xmlns:"
    lines = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            + "".join(f"<text:p>{escape(part)}</text:p>" for part in cell.split("\n"))
            + "</table:table-cell>"
            for cell in line
        )
        + "</table:table-row>"
        for line in cells
    )
    body = (
        f'<office:document-content xmlns:office="{name}office:1.0" xmlns:table="{name}table:1.0" '
        f'xmlns:text="{name}text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="en">{lines}'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        folder.writestr("content.xml", body)
        folder.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>',
        )
    return out.getvalue()


def test_a_sheet_of_libreoffice_is_taken(root: Path) -> None:
    workspace = read(root)
    cells = table(workspace)
    cells[2][TRANSLATION] = "Ask for it.\nDo not pay: “wait”."
    path = root.parent / "sheet.ods"
    path.write_bytes(ods(cells))
    assert told(imported(workspace, path)) == []
    assert "Ask for it.\nDo not pay: “wait”.\n" in (root / "scripts/asilo/en.md").read_text("utf-8")


def test_a_sheet_of_old_excel_is_taken(root: Path) -> None:
    # tests/scripts/data/translation.xls was written by xlwt 1.3.0: BIFF8, as Excel 97 saves it
    path = Path(__file__).parent / "data" / "translation.xls"
    findings = Findings()
    sheet = read_sheet(path, findings=findings)
    assert sheet is not None
    assert sheet.language == "fr"
    assert [(row.number, row.source, row.target) for row in sheet.rows] == [
        (2, "Pida refugio sin pagar.", "Demandez l’asile sans payer."),
        (3, "En México, {{fact:asylum-free}}.", "اذهبوا 😀\nà l’été"),
    ]
    assert [row.id for row in sheet.rows] == [line[ID] for line in table(read(root), FR)[2:4]]
