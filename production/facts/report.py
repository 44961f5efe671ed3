"""Facts and contacts as a desk looks at them: what there is, and what falls due."""

import calendar
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from production.facts.card import kind_of
from production.records import plain_row
from production.tables import Table
from programme.digests import Plain
from programme.facts import Contact, Fact, FactStatus
from programme.units import LanguageTag
from programme.wording import shortened
from scripts.factbook import short_value
from scripts.workspace import Workspace

_PERIOD = re.compile(r"([0-9]{1,4})([dwm])\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One fact or contact in a list."""

    id: str
    kind: str
    """``fact``, or the contact's own kind, such as hotline."""
    country: str
    value: str
    """The first number as printed, else the statement or organisation in the source language."""
    sources: tuple[str, ...]
    verified_on: date
    review_by: date | None
    expires: date
    owner: str
    status: FactStatus
    segments: int
    """How many segments speak it, in any language."""
    place: str
    """``file:line``."""

    def plain(self) -> dict[str, Plain]:
        """Give the row for --json."""
        return plain_row(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """One thing that must be looked at by a day."""

    id: str
    kind: str
    """``segment``, ``fact``, ``override`` for a station's own values, or the contact's kind."""
    day: date
    why: str
    """``expired``, ``expires`` or ``verify again``."""
    owner: str
    place: str
    segments: int
    """How many segments speak it; 1 for a segment."""

    def plain(self) -> dict[str, Plain]:
        """Give the row for --json."""
        return plain_row(self)


def list_facts(
    workspace: Workspace, *, country: str = "", owner: str = "", status: str = ""
) -> list[FactRow]:
    """Give every fact and contact by id, those of one country, owner or status where named.

    A thing without a country holds everywhere, and is listed with any. The owner is compared
    without regard to case.
    """
    counts = _segments_by_fact(workspace)
    rows = [
        _row(thing, workspace.network.source_language, counts[thing.id])
        for thing in _things(workspace)
        if (not country or thing.country in {"", country.upper()})
        and (not owner or thing.validity.owner.casefold() == owner.casefold())
        and (not status or thing.validity.status.value == status)
    ]
    return sorted(rows, key=lambda row: row.id)


def list_due(workspace: Workspace, *, today: date, until: date) -> list[DueRow]:
    """Give what falls due up to and on a day, what is overdue included, the earliest first.

    Withdrawn facts need no review any more and are passed over.
    """
    rows = [
        DueRow(
            id=one.id,
            kind=one.kind,
            day=day,
            why=why,
            owner=one.owner,
            place=one.place,
            segments=one.segments,
        )
        for one in _dated(workspace)
        for day, why in _dates(one.review_by, one.expires, today, until)
    ]
    return sorted(rows, key=lambda row: (row.day, row.id, row.why))


class _Dated(NamedTuple):
    """Something that somebody must look at before a day."""

    id: str
    kind: str
    owner: str
    place: str
    segments: int
    review_by: date | None
    expires: date | None


def _dated(workspace: Workspace) -> Iterator[_Dated]:
    counts = _segments_by_fact(workspace)
    for thing in _things(workspace):
        yield from _valid(thing.id, kind_of(thing), thing, counts[thing.id], thing.line)
    for station in workspace.stations.values():
        for one in station.overrides:
            if not one.instead:  # another fact's own dates are listed with it
                name = f"{one.replaces} at {station.id}"
                yield from _valid(name, "override", one.value, counts[one.replaces], one.line)
    for segment in workspace.segments.values():
        yield _Dated(segment.id, "segment", "", segment.file, 1, segment.review_by, segment.expires)


def _valid(
    name: str, kind: str, thing: Fact | Contact, segments: int, line: int
) -> Iterator[_Dated]:
    validity = thing.validity
    if validity.status is not FactStatus.WITHDRAWN:
        place = f"{thing.file}:{line}"
        dates = (validity.review_by, validity.expires)
        yield _Dated(name, kind, validity.owner, place, segments, *dates)


def _dates(
    review_by: date | None, expires: date | None, today: date, until: date
) -> Iterator[tuple[date, str]]:
    """Give what is due; once a thing has expired its review is no news."""
    if expires is not None and expires < today:
        yield expires, "expired"
        return
    if expires is not None and expires <= until:
        yield expires, "expires"
    if review_by is not None and review_by <= until:
        yield review_by, "verify again"


def parse_until(text: str, today: date) -> date:
    """Give the last day of a period such as 30d, 6w or 2m, or of a date such as 2026-12-31.

    A month ends on the same day of a later one, or on its last day: 2026-12-31 and 2m is
    2027-02-28.

    Raises:
        ValueError: it is neither, or beyond the calendar.
    """
    period = _PERIOD.match(text)
    try:
        if period is not None:
            return _after(today, int(period[1]), period[2])
        return date.fromisoformat(text if _DAY.match(text) else "")
    except (ValueError, OverflowError) as error:
        raise ValueError(f"no period and no day: {text}") from error


def _after(day: date, count: int, unit: str) -> date:
    """Give the day so many days (d), weeks (w) or months (m) later."""
    if unit != "m":
        return day + timedelta(days=count * (7 if unit == "w" else 1))
    years, month = divmod(day.month - 1 + count, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def facts_table(rows: list[FactRow]) -> Table:
    """Give one row per fact or contact."""
    return Table(
        columns=(
            *("id", "kind", "says", "source", "verified", "review", "expires", "owner", "status"),
            "segments",
        ),
        rows=tuple(
            (
                row.id,
                row.kind,
                shortened(row.value, 48),
                shortened(row.sources[0], 40)
                + (f" (+{len(row.sources) - 1})" if len(row.sources) > 1 else ""),
                row.verified_on.isoformat(),
                row.review_by.isoformat() if row.review_by else "-",
                row.expires.isoformat(),
                row.owner or "-",
                row.status.value,
                str(row.segments),
            )
            for row in rows
        ),
        right=frozenset({9}),
    )


def due_table(rows: list[DueRow]) -> Table:
    """Give one row per thing that is due."""
    return Table(
        columns=("date", "what", "kind", "why", "owner", "segments", "file"),
        rows=tuple(
            (
                row.day.isoformat(),
                row.id,
                row.kind,
                row.why,
                row.owner or "-",
                str(row.segments),
                row.place,
            )
            for row in rows
        ),
        right=frozenset({5}),
    )


def _things(workspace: Workspace) -> tuple[Fact | Contact, ...]:
    return (*workspace.factbook.facts.values(), *workspace.factbook.contacts.values())


def _segments_by_fact(workspace: Workspace) -> Counter[str]:
    speaking = {
        (one.segment, fact) for one in workspace.summaries.values() for fact, _ in one.spoken
    }
    return Counter(fact for _, fact in speaking)


def _row(thing: Fact | Contact, source_language: LanguageTag, segments: int) -> FactRow:
    validity = thing.validity
    return FactRow(
        id=thing.id,
        kind=kind_of(thing),
        country=thing.country,
        value=short_value(thing, source_language),
        sources=tuple(dict.fromkeys(source.title for source in validity.sources)),
        verified_on=validity.verified_on,
        review_by=validity.review_by,
        expires=validity.expires,
        owner=validity.owner,
        status=validity.status,
        segments=segments,
        place=f"{thing.file}:{thing.line}",
    )
