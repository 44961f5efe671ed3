"""The sheet that goes to a translator and comes back: one row for each line of the source.

Pure values; CSV, XLSX and PO are ways to carry them. A row is known by its id, the segment and a
digest of the source line, so that rows may be sorted, filtered and deleted on the way.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from programme.digests import digest_text
from programme.findings import Findings, Severity
from programme.languages import canonical
from programme.units import LanguageTag
from programme.words import TranslationState
from scripts.translation_lines import normal_line
from scripts.wording import listed, shown

JOINED = "^"
"""In a translation cell: this line is said together with the one before it."""

MOST_ROWS = 100_000
"""In one sheet; a network of 2,000 segments has some 20,000 lines."""

COLUMNS = (
    "segment",
    "line",
    "source",
    "last translation",
    "translation",
    "source before",
    "note",
    "seconds",
    "state",
    "id",
)
"""The headers; «source», «last translation» and «translation» are followed by a language tag."""

_ID = re.compile(r"(?P<segment>[a-z0-9][a-z0-9_-]{0,63})/(?P<digest>[0-9a-f]{12})(?:\.[0-9]+)?\Z")
_HEADER_WITHIN = 20
"""Rows from the top among which the header is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the source as a translator gets it."""

    id: str
    segment: str
    place: int
    """0 is the title."""
    line: int
    """Line of the source file, counted from 1."""
    source: str
    last: str
    """The present translation: several lines where one became several; JOINED where it is said
    with the line before; empty where there is none."""
    before: str
    """The source line as it was when it was translated, where it changed since."""
    note: str
    seconds: float
    """How long the source line takes; 0 for a title, which is not spoken."""
    state: TranslationState


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One row as it came back."""

    number: int
    """Its row in the file, counted from 1; for PO the line."""
    id: str
    source: str
    target: str
    last: str | None
    """cell_digest of the translation when the sheet went out; None where the file says nothing."""
    unsure: bool = False
    """Marked by the translator as not finished (PO: fuzzy)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedSheet:
    """A sheet that came back."""

    file: str
    """As the operator named it, for messages."""
    language: LanguageTag | None
    """As its header says; None where it says nothing."""
    rows: tuple[Returned, ...]
    confirms: bool = False
    """Whether a row that was left as it was counts as looked at (PO: what is not fuzzy does)."""


def row_ids(segment: str, title: str, sentences: Sequence[str]) -> list[str]:
    """Give the ids of a segment's lines, title first; a line said again gets a number."""
    seen: dict[str, int] = {}
    ids = []
    for text in [f"# {title}", *sentences]:
        name = f"{segment}/{digest_text(normal_line(text))[:12]}"
        seen[name] = seen.get(name, 0) + 1
        ids.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return ids


def segment_of(row_id: str) -> str:
    """Give the segment of a row's id; empty when it is no id."""
    match = _ID.match(row_id)
    return match["segment"] if match else ""


def is_id_of(row_id: str, source: str) -> bool:
    """Tell whether an id was made from this source line, as a title or as a sentence."""
    match = _ID.match(row_id)
    texts = (source, f"# {source}")
    return bool(match) and any(
        digest_text(normal_line(text))[:12] == row_id.partition("/")[2][:12] for text in texts
    )


def table_of(rows: Iterable[Row], *, source: LanguageTag, target: LanguageTag) -> list[list[str]]:
    """Give the sheet's cells, header first."""
    tags = {"source": source, "last translation": target, "translation": target}
    header = [f"{name} {tags[name]}" if name in tags else name for name in COLUMNS]
    return [header, *(_cells(row) for row in rows)]


def _cells(row: Row) -> list[str]:
    return [
        row.segment,
        str(row.line),
        row.source,
        row.last,
        row.last,
        row.before,
        row.note,
        f"{row.seconds:.1f}" if row.seconds else "",
        row.state.value,
        row.id,
    ]


def parse_table(
    cells: Sequence[Sequence[str]], *, file: str, numbers: Sequence[int], findings: Findings
) -> ReturnedSheet | None:
    """Read the cells of a sheet that came back; None where it has not the columns that it needs.

    Columns may stand in any order, and others may lie between. Rows without id and words are
    passed over.

    Args:
        cells: rows of cells, the header among the first ones.
        file: as the operator named it.
        numbers: the number of each row in its file, for messages.
        findings: takes the findings.
    """
    if len(cells) > MOST_ROWS:
        findings.add(
            file=file,
            line=0,
            rule="translation.sheet",
            problem=f"more than {MOST_ROWS} rows",
            remedy="this is no sheet of altavoz translate export; keep its rows only",
        )
        return None
    for at, row in enumerate(cells[:_HEADER_WITHIN]):
        columns = _columns(row)
        if {"id", "translation", "source"} <= columns.keys():
            return _body(cells, at, columns, file=file, numbers=numbers, findings=findings)
    found = [name for row in cells[:_HEADER_WITHIN] for name in _columns(row)]
    missing = [name for name in ("id", "source", "translation") if name not in found]
    findings.add(
        file=file,
        line=numbers[0] if numbers else 0,
        rule="translation.sheet-column",
        problem="no header with the columns " + listed(missing or ["id", "source", "translation"]),
        remedy="keep the first row and these columns as altavoz translate export made them",
    )
    return None


def _columns(header: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(header):
        name = " ".join(cell.lower().split())
        for known in ("source before", "last translation", "source", "translation"):
            if name == known or name.startswith(known + " "):
                found.setdefault(known, at)
                break
        else:
            if name == "id":
                found.setdefault("id", at)
    return found


def _body(
    cells: Sequence[Sequence[str]],
    at: int,
    columns: dict[str, int],
    *,
    file: str,
    numbers: Sequence[int],
    findings: Findings,
) -> ReturnedSheet | None:
    header = cells[at]
    language, known = _tag_in(header[columns["translation"]], "translation")
    last = columns.get("last translation")
    if last is not None:
        other, _ = _tag_in(header[last], "last translation")
        known = known and other == language
    if not known:
        findings.add(
            file=file,
            line=numbers[at],
            rule="translation.sheet-language",
            problem=f"the header names no one language: {shown(header[columns['translation']])}",
            remedy="write the header as it was, for example: translation fr",
        )
        return None
    rows = []
    for number, row in zip(numbers[at + 1 :], cells[at + 1 :], strict=True):
        name, source, target = (_cell(row, columns[key]) for key in ("id", "source", "translation"))
        if not name.strip() and not source.strip() and not target.strip():
            continue
        rows.append(
            Returned(
                number=number,
                id=name.strip(),
                source=source,
                target=target,
                last=None if last is None else cell_digest(_cell(row, last)),
            )
        )
    return ReturnedSheet(file=file, language=language, rows=tuple(rows))


def _tag_in(cell: str, name: str) -> tuple[LanguageTag | None, bool]:
    """Give the tag behind a header's name, and whether the header is well formed."""
    words = cell.split()[len(name.split()) :]
    if not words:
        return None, True
    tag = canonical(words[0]) if len(words) == 1 else None
    return tag, tag is not None


def _cell(row: Sequence[str], at: int) -> str:
    return row[at] if at < len(row) else ""


def lines_of_cell(cell: str) -> list[str]:
    """Give the lines of a translation cell: a break begins a new one; none where it is JOINED."""
    if cell.strip() == JOINED:
        return []
    lines = cell.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").split("\n")
    return [line for line in (line.strip(" \t\u00a0") for line in lines) if line]


def cell_digest(cell: str) -> str:
    """Give twelve figures that two translation cells share if they say the same."""
    lines = "\n".join(normal_line(line) for line in lines_of_cell(cell))
    return digest_text(JOINED if cell.strip() == JOINED else lines)[:12]


def same_cell(one: str, other: str) -> bool:
    """Tell whether two translation cells say the same, however they are spaced."""
    return cell_digest(one) == cell_digest(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noter:
    """Notes what is wrong with one row."""

    findings: Findings
    file: str
    row: int

    def __call__(
        self, rule: str, problem: str, remedy: str, severity: Severity = Severity.ERROR
    ) -> None:
        """Note one fault."""
        self.findings.add(
            file=self.file,
            line=self.row,
            rule=rule,
            problem=problem,
            remedy=remedy,
            severity=severity,
        )
