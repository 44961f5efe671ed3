"""The shipment register as a table: what stations have, and the sheet on which they confirm."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from production.packs.register import End, Register, Shipment
from production.tables import Table
from programme.errors import ProductionError
from programme.spreadsheets import unguard
from scripts.csv_text import render_csv

MAX_BYTES = 1_000_000
MAX_ROWS = 10_000

PRIVATE_STATION = "a private station"

_COLUMNS = ("station", "pack", "serial", "given on", "carrier", "deleted on", "returned on", "note")
_ENDS = {"deleted on": End.DELETED, "returned on": End.RETURNED}
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """One row of a sheet that came back."""

    station: str
    serial: int
    how: End
    on: date
    note: str
    row: int
    """Counted from 1, the heading included."""


def shipments_table(register: Register, shipments: Iterable[Shipment]) -> Table:
    """List shipments, and how each stands."""
    rows = []
    for one in shipments:
        end = register.end_of(one)
        rows.append(
            (
                one.station or PRIVATE_STATION,
                one.pack,
                str(one.serial),
                one.on.isoformat(),
                one.carrier.value,
                f"{end.how.value} on {end.on}" if end else "has it",
                one.by,
                one.note,
            )
        )
    columns = ("station", "pack", "serial", "given on", "carrier", "now", "by", "note")
    return Table(columns=columns, rows=tuple(rows), right=frozenset({2}))


def shipments_plain(register: Register, shipments: Iterable[Shipment]) -> list[dict[str, Any]]:
    """Give shipments for --json."""
    told: list[dict[str, Any]] = []
    for one in shipments:
        end = register.end_of(one)
        told.append(
            {
                "station": one.station,
                "pack": one.pack,
                "serial": one.serial,
                "on": one.on.isoformat(),
                "carrier": one.carrier.value,
                "by": one.by,
                "note": one.note,
                "ended": {"how": end.how.value, "on": end.on.isoformat()} if end else None,
            }
        )
    return told


def render_sheet(shipments: Iterable[Shipment]) -> bytes:
    """Give the sheet on which people write when a station deleted or gave back what it had."""
    rows = [
        (one.station, one.pack, str(one.serial), one.on.isoformat(), one.carrier.value, "", "", "")
        for one in shipments
        if one.station
    ]
    return render_csv([_COLUMNS, *rows])


def read_sheet(data: bytes, *, file: str) -> list[Confirmation]:
    """Read a sheet that came back; rows without a day say nothing and are passed over.

    Raises:
        ProductionError: it is no such sheet, or a row cannot be right; nothing is to be noted.
    """
    if len(data) > MAX_BYTES:
        raise _bad(file, "the sheet is larger than 1 MB", "send the rows of the shipments alone")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise _bad(file, f"this is no table ({error})", "save the sheet as CSV UTF-8") from error
    names = [unguard(cell).strip().lower() for cell in rows[0]] if rows else []
    missing = [name for name in ("station", "serial", *_ENDS) if name not in names]
    if missing or len(rows) > MAX_ROWS:
        problem = f"the column {missing[0]} is missing" if missing else "it has too many rows"
        raise _bad(file, problem, "make a new sheet with: altavoz shipments sheet FILE.csv")
    found: list[Confirmation] = []
    for number, cells in enumerate(rows[1:], start=2):
        row = dict(zip(names, (unguard(cell).strip() for cell in cells), strict=False))
        found += _confirmations(row, number, file=file)
    return found


def _confirmations(row: dict[str, str], number: int, *, file: str) -> Iterator[Confirmation]:
    days = {name: row.get(name, "") for name in _ENDS if row.get(name, "")}
    where = f"{file}:{number}"
    if len(days) > 1:
        raise _bad(where, "deleted and returned, both", "write the day in one of the two columns")
    for name, text in days.items():
        serial = row.get("serial", "")
        if not (serial.isascii() and serial.isdigit()):
            raise _bad(where, f"{serial!r} is no serial", "leave that column as it was")
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise _bad(where, f"{text!r} is no day", "write it as 2026-11-22") from error
        yield Confirmation(
            station=row.get("station", ""),
            serial=int(serial),
            how=_ENDS[name],
            on=day,
            note=row.get("note", ""),
            row=number,
        )


def _bad(where: str, problem: str, remedy: str) -> ProductionError:
    return ProductionError(problem, where=where, remedy=remedy)
