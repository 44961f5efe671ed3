"""Played logs as station programs and people write them; every row is read or reported.

A table with a row of column names: our own schedule with a column "played", LibreTime's playout
history, AzuraCast's song history, mAirList's logs, a ticked sheet typed off; or Rivendell's text
report, which cuts titles at 23 characters. A log is a stranger's file: its size, its rows and its
cells are bounded, and nothing in it is run.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from programme.spreadsheets import unguard
from programme.tables import package_file, read_toml
from stations.airplay import LogFault, LoggedPlay, ParsedLog
from stations.airplay_times import DateOrder, order_of, read_day, read_moment, read_time
from stations.plain_text import one_line

MOST_BYTES = 20_000_000
"""A year of a busy station is a third of it."""
MOST_ROWS = 200_000
MOST_CELL = 1_000
"""Characters of a cell that are read."""
_MOST_COLUMNS = 100
_HEAD_LINES = 20
"""The names of the columns stand in one of so many first rows."""

_TICKED = frozenset(
    {"x", "✓", "✔", "☑", "✅", "1", "yes", "y", "si", "s", "true", "oui", "o", "sim", "wi", "نعم"}
    | {"ok", "[x]", "done", "played", "hecho", "fait", "feito"}
)
_EMPTY = frozenset({"", "0", "no", "n", "non", "nao", "false", "لا", "[ ]", "[]", "☐", "-"})
_NO_FILES = frozenset({"text", "open"})
"""What a schedule as CSV says of presenter texts and of the station's own time."""
_REPORT = re.compile(r"\s*Rivendell RDAirPlay Playout Report for (\d\d/\d\d/\d{4})( - )?")
_RIVENDELL = re.compile(r"(\d\d:\d\d:\d\d)  (.{6,})\Z")
RIVENDELL_TITLE = 23
"""Characters of a title in Rivendell's text report."""


class UnreadableLogError(ValueError):
    """The file is no log at all; the message says why."""


def parse_log(data: bytes, *, day: date | None = None, order: DateOrder | None = None) -> ParsedLog:
    """Read a log.

    Args:
        data: the file.
        day: of the rows, where they give a time alone; None where they say their day.
        order: of day and month; None to see it from the rows.

    Raises:
        UnreadableLogError: too large, no text, or no row that names the columns.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableLogError(f"it is larger than {MOST_BYTES // 1_000_000} MB")
    text = _decode(data)
    if not text.strip():
        raise UnreadableLogError("it is empty")
    report = next((m for m in map(_REPORT.match, text.split("\n")[:5]) if m), None)
    if report is not None:
        return _parse_report(text, report, day)
    return _parse_table(text, day, order)


def plain_word(text: str) -> str:
    """Give a word for comparing: small letters, no accents, single spaces."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in spread if not unicodedata.combining(c)).split())


def _decode(data: bytes) -> str:
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(name)
            except UnicodeDecodeError as error:
                raise UnreadableLogError(f"it begins as {name} and is not") from error
    if b"\0" in data:
        raise UnreadableLogError("it is no text: save the log as CSV")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # What Windows programs write; undefined bytes become a mark, and match no title.
        return data.decode("cp1252", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    line: int
    cells: Mapping[str, str]
    """By what the column means."""


def _parse_table(text: str, day: date | None, order: DateOrder | None) -> ParsedLog:
    faults: list[LogFault] = []
    rows = list(_rows(text, faults))
    names = frozenset(rows[0].cells) if rows else frozenset()
    if order is None:
        order = order_of(row.cells.get("date") or row.cells.get("at", "") for row in rows)
    plays: list[LoggedPlay] = []
    days: set[date] = set()
    unticked = 0
    for row in rows:
        if row.cells.get("what") in _NO_FILES:
            continue
        try:
            at = _moment(row.cells, day, order)
            ticked = _is_ticked(row.cells["played"]) if "played" in names else True
        except ValueError as error:
            faults.append(LogFault(line=row.line, problem=str(error)))
            continue
        days.add(at.date())
        if not ticked:
            unticked += 1
            continue
        plays.append(_play(row, at))
    return ParsedLog(
        kind="table",
        plays=tuple(plays),
        unticked=unticked,
        days=frozenset(days),
        faults=tuple(sorted(faults, key=lambda one: one.line)),
    )


def _play(row: _Row, at: datetime) -> LoggedPlay:
    cell = row.cells.get
    return LoggedPlay(
        line=row.line,
        at=at,
        title=cell("title", ""),
        artist=cell("artist", ""),
        file=cell("file", ""),
        series=cell("series", ""),
        episode=cell("episode", ""),
        language=cell("language", ""),
    )


def _rows(text: str, faults: list[LogFault]) -> Iterator[_Row]:
    """Give the rows under the names of the columns; rows that are none are reported."""
    columns: list[str] | None = None
    for number, (line, cells) in enumerate(_records(text, faults), start=1):
        if columns is not None:
            if any(cell.strip() for cell in cells):
                yield _Row(line=line, cells=_cells(columns, cells))
            continue
        columns = _columns(cells)
        if columns is None and number >= _HEAD_LINES:
            break
    if columns is None:
        raise UnreadableLogError(
            "no row names its columns: the first should say date, time and title or file"
        )


def _records(text: str, faults: list[LogFault]) -> Iterator[tuple[int, list[str]]]:
    """Give each record with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    begin = 1
    for _ in range(MOST_ROWS):
        try:
            cells = next(reader, None)
        except csv.Error as error:
            faults.append(LogFault(line=reader.line_num, problem=f"it cannot be read: {error}"))
            cells = []
        if cells is None:
            return
        yield begin, cells
        begin = reader.line_num + 1
    faults.append(LogFault(line=begin, problem=f"rows after {MOST_ROWS} are not read"))


def _cells(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, cell in zip(columns, cells, strict=False):
        if name:
            found.setdefault(name, one_line(unguard(cell[:MOST_CELL])))
    for name in columns:
        if name:
            found.setdefault(name, "")
    return found


def _columns(cells: Sequence[str]) -> list[str] | None:
    """Give what each column means, empty for others; None where this row names no columns."""
    known = _column_names()
    named = [known.get(plain_word(cell[:MOST_CELL]), "") for cell in cells[:_MOST_COLUMNS]]
    found = set(named)
    if not ({"at", "time"} & found and {"title", "file", "episode"} & found):
        return None
    if {plain_word(cell) for cell in cells} >= {"day_part", "why"} and "played" not in found:
        raise UnreadableLogError(
            "it is a schedule and no log: add a column played, and tick what was played"
        )
    return named


def _moment(cells: Mapping[str, str], day: date | None, order: DateOrder | None) -> datetime:
    if cells.get("at"):
        if day is None or not _is_time(cells["at"]):
            return read_moment(cells["at"], order)
        return datetime.combine(day, read_time(cells["at"]))
    if not cells.get("time"):
        raise ValueError("it says no time")
    if cells.get("date"):
        return datetime.combine(read_day(cells["date"], order), read_time(cells["time"]))
    if day is None:
        raise ValueError("it says no day: name it with --date")
    return datetime.combine(day, read_time(cells["time"]))


def _is_time(text: str) -> bool:
    return text[:3].strip().rstrip(":").isdigit() and ":" in text[:3]


def _is_ticked(cell: str) -> bool:
    word = plain_word(cell)
    if word in _TICKED:
        return True
    if word in _EMPTY:
        return False
    raise ValueError(f"«{cell[:40]}» is neither a tick nor empty")


def _delimiter(text: str) -> str:
    head = text[:20_000].split("\n")[:_HEAD_LINES]
    known = _column_names()

    def named(sign: str) -> int:
        return max(
            sum(plain_word(cell.strip().strip('"')) in known for cell in line.split(sign))
            for line in head
        )

    return max((",", ";", "\t", "|"), key=named)


@cache
def _column_names() -> Mapping[str, str]:
    rows = read_toml(package_file("stations", "airplay_columns.toml"))
    return {plain_word(name): meaning for meaning, names in rows.items() for name in names}


def _parse_report(text: str, report: re.Match[str], day: date | None) -> ParsedLog:
    """Read Rivendell's text report: one day, fixed columns."""
    if report[2] and day is None:
        raise UnreadableLogError("it is a report of several days: export each day by itself")
    first = day or read_day(report[1], DateOrder.MONTH_FIRST)
    plays: list[LoggedPlay] = []
    faults: list[LogFault] = []
    for number, line in enumerate(text.splitlines()[:MOST_ROWS], start=1):
        row = line[:MOST_CELL]
        match = _RIVENDELL.match(row)
        if match is None:
            if number > 3 and row.strip():
                faults.append(LogFault(line=number, problem="it is no row of Rivendell's report"))
            continue
        try:
            at = datetime.combine(first, read_time(match[1]))
        except ValueError as error:
            faults.append(LogFault(line=number, problem=str(error)))
            continue
        # time 8, cart 6, cut 3, title 23; two spaces between them.
        title = one_line(row[23 : 23 + RIVENDELL_TITLE])
        is_cut = len(row[23 : 23 + RIVENDELL_TITLE].rstrip()) >= RIVENDELL_TITLE - 1
        plays.append(LoggedPlay(line=number, at=at, title=title, is_cut=is_cut))
    return ParsedLog(
        kind="rivendell",
        plays=tuple(plays),
        unticked=0,
        days=frozenset({first}),
        faults=tuple(faults),
    )
