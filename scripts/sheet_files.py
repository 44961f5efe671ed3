"""Sheets that came back, as files: bounded, and known by what is in them."""

import os
import stat
from pathlib import Path

from programme.errors import ExitCode, ProductionError
from programme.findings import Findings
from scripts.csv_text import MOST_BYTES, read_csv
from scripts.translation_sheet import ReturnedSheet


def read_sheet(path: Path, *, findings: Findings, encoding: str = "") -> ReturnedSheet | None:
    """Read a sheet that came back, by what is in it and not by what it is called.

    Args:
        path: CSV, Excel's Unicode text, XLSX, XLS, ODS or PO.
        findings: takes the findings.
        encoding: of a CSV, where the operator says it; empty to find out.

    Raises:
        ProductionError: there is no such file, or the disk refuses.
    """
    data = _bytes(path, findings)
    if data is None:
        return None
    from scripts.sheet_reading import is_workbook, read_workbook

    if is_workbook(data):
        return read_workbook(data, file=path.name, findings=findings)
    if path.suffix.lower() in {".po", ".pot"} or b'\nmsgid "' in data[:4000]:
        from scripts.po_text import read_po_sheet

        return read_po_sheet(data, file=path.name, findings=findings)
    return read_csv(data, file=path.name, findings=findings, encoding=encoding)


def _bytes(path: Path, findings: Findings) -> bytes | None:
    try:
        # without waiting: a pipe must not stop the reader for ever
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as stream:
            regular = stat.S_ISREG(os.fstat(handle).st_mode)
            data = stream.read(MOST_BYTES + 1) if regular else b""
    except OSError as error:
        raise ProductionError(
            f"the file cannot be read: {(error.strerror or str(error)).lower()}",
            where=str(path),
            remedy="name a file that altavoz translate export made",
            code=ExitCode.INPUT,
        ) from error
    problem = ""
    if not regular:
        problem = "this is not an ordinary file"
    elif len(data) > MOST_BYTES:
        problem = f"the file is larger than {MOST_BYTES // 1_000_000} MB"
    elif not data:
        problem = "the file is empty"
    if not problem:
        return data
    findings.add(
        file=path.name,
        line=0,
        rule="translation.sheet",
        problem=problem,
        remedy="name a file that altavoz translate export made",
    )
    return None
