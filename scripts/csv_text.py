"""CSV as spreadsheets write and read it: RFC 4180, UTF-8 with a mark, every cell quoted.

What comes back may be in whatever encoding, delimiter and line ends Excel chose. The id of a row
holds a digest of its source line, and so proves which encoding is the right one.

No cell is run as a formula, see ``programme.spreadsheets``.
"""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from programme.findings import Findings
from programme.languages import language as known_language
from programme.spreadsheets import guard, unguard
from programme.units import LanguageTag
from scripts.translation_sheet import MOST_ROWS, ReturnedSheet, is_id_of, parse_table
from scripts.wording import shown

MOST_BYTES = 20_000_000
"""A sheet of a hundred thousand lines is smaller."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PAGES = {
    "Arab": "cp1256",
    "Hebr": "cp1255",
    "Cyrl": "cp1251",
    "Grek": "cp1253",
    "Thai": "cp874",
}
_LATIN_PAGES = {
    **dict.fromkeys(("bs", "cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq"), "cp1250"),
    **dict.fromkeys(("az", "ku", "kmr", "tr"), "cp1254"),
    **dict.fromkeys(("et", "lt", "lv"), "cp1257"),
    "vi": "cp1258",
}
_OTHERS = (
    *("cp1252", "cp1250", "cp1256", "cp1251", "cp1253", "cp1254", "cp1255", "cp1257", "cp1258"),
    *("cp874", "mac_roman"),
)
_DELIMITERS = (",", ";", "\t")
_SAID = re.compile(r"\"?sep=(.)\"?\r?\n")
"""A first line by which Excel can be told the delimiter."""
_INSIDE = re.compile(r"[^\W\d_](?:[–—‹›‡†ˆ˜˙·¸™]|(?<=[a-zß-öø-ÿœžš])[A-ZÀ-ÖØ-ÞŒŽŠŸ])", re.UNICODE)
"""Signs and capitals inside a word: what one 8-bit encoding looks like read as another."""


def render_csv(cells: Sequence[Sequence[str]]) -> bytes:
    """Write a table: UTF-8 with byte order mark, commas, every cell quoted, CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([guard(cell) for cell in row] for row in cells)
    return out.getvalue().encode("utf-8-sig")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One way to read the bytes."""

    encoding: str
    sheet: ReturnedSheet | None
    findings: Findings
    proven: int
    """Rows whose id was made from their source cell as it reads here."""
    odd: int
    """Places in the translations that look like another encoding."""

    @property
    def targets(self) -> list[str]:
        return [row.target for row in self.sheet.rows] if self.sheet else []


def read_csv(
    data: bytes, *, file: str, findings: Findings, encoding: str = ""
) -> ReturnedSheet | None:
    """Read a sheet that came back as CSV or as Excel's Unicode text; None where it is none.

    Args:
        data: at most MOST_BYTES.
        file: as the operator named it.
        findings: takes the findings.
        encoding: what the operator says it is in; empty to find out.
    """
    found = [
        _read(data, name, file=file) for name in ([encoding] if encoding else _encodings(data))
    ]
    readings = [reading for reading in found if reading is not None]
    if not readings:
        findings.add(
            file=file,
            line=0,
            rule="translation.sheet-encoding",
            problem="these bytes are no text" + (f" in {encoding}" if encoding else ""),
            remedy="save the sheet as XLSX, or as CSV UTF-8",
        )
        return None
    best = _choose(readings, file=file, findings=findings)
    if best is None:
        return None
    findings.extend(best.findings.items)
    return best.sheet


def _encodings(data: bytes) -> list[str]:
    """Give the encodings that the bytes may be in, a certain one alone."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return [name]
    head = data[:400]
    if b"\0" in head:
        return ["utf-16-le"] if head[1:2] == b"\0" else ["utf-16-be"]
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return list(_OTHERS)
    return ["utf-8"]


def _read(data: bytes, encoding: str, *, file: str) -> _Reading | None:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    findings = Findings()
    sheet = _parse(text, file=file, findings=findings)
    rows = sheet.rows if sheet else ()
    return _Reading(
        encoding=encoding,
        sheet=sheet,
        findings=findings,
        proven=sum(is_id_of(row.id, row.source) for row in rows),
        odd=sum(len(_INSIDE.findall(row.target)) for row in rows),
    )


def _parse(text: str, *, file: str, findings: Findings) -> ReturnedSheet | None:
    first = 1
    said = _SAID.match(text)
    if said:
        text, first = text[said.end() :], 2
    delimiter = said[1] if said else _delimiter(text)
    cells: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            cells.append([unguard(cell) for cell in row])
            if len(cells) > MOST_ROWS:
                break
    except csv.Error as error:
        findings.add(
            file=file,
            line=len(cells) + first,
            rule="translation.sheet",
            problem=f"this is no table: {shown(str(error))}",
            remedy="save the sheet as XLSX, or as CSV UTF-8",
        )
        return None
    numbers = range(first, first + len(cells))
    return parse_table(cells, file=file, numbers=numbers, findings=findings)


def _delimiter(text: str) -> str:
    """Give the sign between the cells: the one that parts the row with the column id best."""
    head = text[:20_000].split("\n")[:20]
    lines = [line for line in head if "id" in line.lower() and "translation" in line.lower()]
    line = lines[0] if lines else head[0]
    return max(_DELIMITERS, key=line.count)


def _choose(readings: list[_Reading], *, file: str, findings: Findings) -> _Reading | None:
    """Give the reading that the ids prove; where they prove several, the likeliest of them."""
    most = max(reading.proven for reading in readings)
    proven = [reading for reading in readings if reading.proven == most]
    sheet = proven[0].sheet
    usual = _usual(sheet.language if sheet else None)
    likely = [reading for name in usual for reading in proven if reading.encoding == name]
    candidates = likely or proven
    least = min(reading.odd for reading in candidates)
    best = [reading for reading in candidates if reading.odd == least]
    differing = [reading for reading in best[1:] if reading.targets != best[0].targets]
    if not differing:
        return best[0]
    one, other = next(
        (a, b) for a, b in zip(best[0].targets, differing[0].targets, strict=True) if a != b
    )
    findings.add(
        file=file,
        line=0,
        rule="translation.sheet-encoding",
        problem=f"nothing in the file tells whether it says «{shown(one)}» ({best[0].encoding}) or "
        f"«{shown(other)}» ({differing[0].encoding})",
        remedy="save the sheet as XLSX or as CSV UTF-8, or say which with --encoding",
    )
    return None


def _usual(tag: LanguageTag | None) -> list[str]:
    """Give the 8-bit encodings in which Excel writes a language: Windows first, then Mac."""
    if tag is None:
        return ["cp1252", "mac_roman"]
    try:
        script = known_language(tag).script
    except KeyError:
        script = "Latn"
    if script != "Latn":
        return [_PAGES[script]] if script in _PAGES else []
    return [_LATIN_PAGES.get(tag.partition("-")[0], "cp1252"), "mac_roman"]
