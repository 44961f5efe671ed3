"""XLSX, XLS and ODS that came back: the home of python_calamine.

A workbook of five kilobytes with one cell in its last corner makes the library ask for 550 GB and
abort the process (measured, 0.9.1). So it runs in a process of its own with a bound on its memory
and its time, and a ZIP is unpacked once, to nowhere, before anybody trusts what it says of itself.
"""

import io
import json
import re
import sys
import zipfile
import zlib
from datetime import date, datetime, time

from programme.bounded import Bounds, Fault, ask
from programme.findings import Findings
from scripts.translation_sheet import MOST_ROWS, ReturnedSheet, parse_table

MOST_BYTES = 20_000_000
"""Of the file."""
MOST_UNPACKED = 200_000_000
"""Of a workbook's parts together."""
MOST_PARTS = 2_000
_MOST_COLUMNS = 200
_BOUNDS = Bounds(seconds=60, memory_bytes=2_000_000_000, file_bytes=1_000_000_000)
_CHUNK = 1 << 20

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PLACE = re.compile(rb'\br="([A-Z]{0,3})([0-9]{1,9})"')
"""Where a cell or row of SpreadsheetML says that it stands."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AGAIN = "save the sheet as XLSX again, or as CSV UTF-8"


def is_workbook(data: bytes) -> bool:
    """Tell whether the bytes begin as XLSX, ODS or XLS do, whatever the file is called."""
    return data.startswith((_ZIP, _OLE))


def read_workbook(data: bytes, *, file: str, findings: Findings) -> ReturnedSheet | None:
    """Read the sheet of a workbook that came back; None where it is none.

    Args:
        data: at most MOST_BYTES.
        file: as the operator named it.
        findings: takes the findings.
    """
    if data.startswith(_ZIP):
        fault = _look_into(data)
    else:
        # MS-OFFCRYPTO 2.2: a workbook with a password lies whole in a part of this name
        fault = "the workbook is protected by a password" if _ENCRYPTED in data else ""
    if fault:
        _note(findings, file, fault)
        return None
    answer = _ask(data)
    if "problem" in answer:
        _note(findings, file, str(answer["problem"]))
        return None
    own = Findings()
    for rows in answer["sheets"]:
        first = Findings()
        numbers = range(1, len(rows) + 1)
        sheet = parse_table(rows, file=file, numbers=numbers, findings=first)
        if sheet is not None:
            findings.extend(first.items)
            return sheet
        own = own if len(own) else first
    if not len(own):
        _note(findings, file, "the workbook is empty")
    findings.extend(own.items)
    return None


def _note(findings: Findings, file: str, problem: str) -> None:
    findings.add(file=file, line=0, rule="translation.sheet", problem=problem, remedy=_SAVE_AGAIN)


def _look_into(data: bytes) -> str:
    """Say why a ZIP is not taken; empty when it may be."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as folder:
            parts = folder.infolist()
            names = {part.filename for part in parts}
            if not names & {"xl/workbook.xml", "content.xml"}:
                return "this is no workbook, whatever it is called"
            if len(parts) > MOST_PARTS:
                return f"the workbook has {len(parts)} parts, and {MOST_PARTS} is the most"
            if sum(part.file_size for part in parts) > MOST_UNPACKED:
                return _too_large()
            return _unpack(folder, parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        # RuntimeError: a part that needs a password
        return "the workbook is damaged, or protected by a password"


def _unpack(folder: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> str:
    """Unpack every part in blocks, to nowhere; say what is wrong, empty when nothing is."""
    left = MOST_UNPACKED
    for part in parts:
        is_sheet = part.filename.startswith("xl/worksheets/")
        end = b""
        with folder.open(part) as stream:
            while block := stream.read(_CHUNK):
                left -= len(block)
                far = _far_cell(end + block) if is_sheet else ""
                if left < 0 or far:
                    return far or _too_large()
                end = block[-40:]
    return ""


def _far_cell(text: bytes) -> str:
    """Say what lies too far out: the library reckons with all the cells up to it."""
    for match in _PLACE.finditer(text):
        column = 0
        for letter in match[1]:
            column = column * 26 + letter - 64
        if column > _MOST_COLUMNS or int(match[2]) > MOST_ROWS + 1:
            return f"the sheet goes on to {match[1].decode() or 'row '}{int(match[2])}"
    return ""


def _too_large() -> str:
    return f"unpacked the workbook would take more than {MOST_UNPACKED // 1_000_000} MB"


def _ask(data: bytes) -> dict[str, list[list[list[str]]]] | dict[str, str]:
    """Let a process of its own read the workbook: its sheets as rows of text, or a problem."""
    answer = ask("scripts.sheet_reading", data, bounds=_BOUNDS)
    if answer is Fault.TIME:
        return {"problem": f"the workbook could not be read within {_BOUNDS.seconds} seconds"}
    if isinstance(answer, Fault):
        return {"problem": "the workbook is damaged, or asks for more memory than it may have"}
    sheets: dict[str, list[list[list[str]]]] = json.loads(answer)
    return sheets


def _answer(data: bytes) -> dict[str, object]:
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheets = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.width > _MOST_COLUMNS:
                return {"problem": f"the sheet has {sheet.width} columns"}
            rows = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + 1)
            sheets.append([[_text(cell) for cell in row] for row in rows])
    except python_calamine.PasswordError:
        return {"problem": "the workbook is protected by a password"}
    except python_calamine.CalamineError as error:
        if "password" in str(error).lower():
            return {"problem": "the workbook is protected by a password"}
        return {"problem": "the workbook is damaged, or no workbook"}
    return {"sheets": sheets}


def _text(cell: object) -> str:
    """Give a cell's words; a number that a program made of them stays as it would be shown."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_answer(sys.stdin.buffer.read())))
