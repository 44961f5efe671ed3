"""Terms as a spreadsheet: one line for a concept, each of its languages, and each row to avoid.

Lists stand in one cell, one below the other. A cell that a spreadsheet would run is guarded, see
scripts.csv_text.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from itertools import islice

from programme.findings import Findings
from programme.spreadsheets import unguard
from scripts.csv_text import render_csv
from scripts.nodes import Table
from scripts.term_concepts import Concept
from scripts.term_nodes import (
    LANGUAGE_LISTS,
    ROW_LISTS,
    ROW_TEXTS,
    Gathered,
    Part,
    plain_language,
    plain_row,
)
from scripts.wording import did_you_mean, listed, shown

COLUMNS = (
    *("concept", "language", "row", "definition", "reason", "sources", "confusable_with"),
    *("use", "audience_words", "also", "patterns", "say", "severity", "unless", "negatable"),
    *("ambiguous", "bad", "good", "off"),
)
_MOST_ROWS = 100_000
_DELIMITERS = (",", ";", "\t")


def render_terms_csv(concepts: Iterable[Concept]) -> bytes:
    """Write concepts as CSV: UTF-8 with its mark, every cell quoted, CRLF."""
    return render_csv([list(COLUMNS), *(_cells(row) for one in concepts for row in _rows(one))])


def _rows(concept: Concept) -> Iterable[dict[str, object]]:
    yield {
        "concept": concept.id,
        "sources": list(concept.sources),
        "confusable_with": list(concept.confusable_with),
    }
    for tag, terms in concept.terms.items():
        own = plain_language(terms)
        own.pop("avoid", None)
        head = {"concept": concept.id, "language": tag}
        yield {**head, "definition": terms.definition, "reason": terms.reason, **own}
        for row in terms.avoid:
            yield {**head, **plain_row(row)}


def _cells(row: Mapping[str, object]) -> list[str]:
    cells = [row.get(column, "") for column in COLUMNS]
    return ["\n".join(cell) if isinstance(cell, list) else str(cell) for cell in cells]


def parse_terms_csv(data: bytes, *, file: str, findings: Findings) -> Table | None:
    """Give a table as scripts.read_terms reads it; None where this is no such sheet.

    Lines of findings are rows of the sheet, its header the first.
    """
    text = _decoded(data, file=file, findings=findings)
    if text is None:
        return None
    head = text[:5000].split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        rows = list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), _MOST_ROWS + 1))
    except csv.Error as error:
        _note(findings, file, 0, f"this is no table: {shown(str(error))}")
        return None
    if not rows or len(rows) > _MOST_ROWS:
        what = f"the sheet has more than {_MOST_ROWS} rows" if rows else "the sheet is empty"
        _note(findings, file, 0, what)
        return None
    columns = [cell.strip().lower() for cell in rows[0]]
    if not _check_columns(columns, file=file, findings=findings):
        return None
    gathered = Gathered()
    for number, row in enumerate(rows[1:], start=2):
        if any(row):
            cells = {c: unguard(cell) for c, cell in zip(columns, row, strict=False)}
            _take(cells, number, gathered, file=file, findings=findings)
    return gathered.table()


def _decoded(data: bytes, *, file: str, findings: Findings) -> str | None:
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        _note(findings, file, line, "the bytes are not UTF-8", "save the sheet as CSV UTF-8")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_columns(columns: list[str], *, file: str, findings: Findings) -> bool:
    sound = True
    for column in columns:
        if column and column not in COLUMNS:
            remedy = did_you_mean(column, COLUMNS, f"columns: {listed(COLUMNS, most=30)}")
            _note(findings, file, 1, f"nobody knows the column {shown(column)}", remedy)
            sound = False
    if "concept" not in columns or len(set(columns)) < len(columns):
        _note(findings, file, 1, "the first row must name the columns once, concept among them")
        sound = False
    return sound


def _take(
    cells: Mapping[str, str], line: int, gathered: Gathered, *, file: str, findings: Findings
) -> None:
    id_, tag, name = (cells.get(key, "").strip() for key in ("concept", "language", "row"))
    if not id_ or (name and not tag):
        _note(findings, file, line, "concept is empty" if not id_ else "language is empty")
        return
    concept = gathered.concept(id_, line)
    for key in ("sources", "confusable_with"):
        concept.add(key, _list(cells.get(key, "")), line)
    if not tag:
        return
    language = gathered.language(id_, tag, line)
    for key in ("definition", "reason"):
        gathered.told(id_, key, tag, cells.get(key, "").strip(), line)
    if not name and cells.get("patterns"):
        name = str(len(language.rows.get("avoid", {})) + 1)
    if name:
        _take_row(cells, name, line, language)
    else:
        for key in LANGUAGE_LISTS:
            language.add(key, _list(cells.get(key, "")), line)


def _take_row(cells: Mapping[str, str], name: str, line: int, language: Part) -> None:
    row = language.row("avoid", name, line)
    row.text("row", name, line)
    for key in ROW_LISTS:
        row.add(key, _list(cells.get(key, "")), line)
    for key in ROW_TEXTS:
        row.text(key, cells.get(key, "").strip(), line)


def _list(cell: str) -> list[str]:
    return [item.strip() for item in cell.split("\n") if item.strip()]


def _note(
    findings: Findings,
    file: str,
    line: int,
    problem: str,
    remedy: str = "export the terms again, and change that sheet",
) -> None:
    findings.add(file=file, line=line, rule="terms.sheet", problem=problem, remedy=remedy)
