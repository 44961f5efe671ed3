"""A planned day as rows for the terminal, as JSON and as CSV."""

from collections import Counter
from collections.abc import Iterator, Sequence

from production.tables import Table
from programme.digests import Plain
from programme.wording import counted
from scripts.csv_text import render_csv
from stations.airing import AirItem
from stations.day_plan import DayPlan, NotPlaced, PlannedPlay, PresenterText, Unplaced
from stations.log_sheet import missing_lines, sheet_words, time_of
from stations.plain_text import length, one_line

CSV_COLUMNS = (
    "station", "date", "time", "length_s", "what", "series", "episode", "language", "title",
    "file", "day_part", "clock", "window", "why",
)  # fmt: skip


_OWN = "(the station's own)"


def schedule_table(plan: DayPlan) -> Table:
    """Give one row for each play of a day."""
    rows = tuple(
        (
            time_of(one.at_ms),
            _title(one) or _OWN,
            _language(one),
            length(one.length_ms),
            one.day_part,
            one.why.value,
        )
        for one in plan.plays
    )
    columns = ("time", "what", "language", "length", "day part", "why")
    return Table(columns=columns, rows=rows, right=frozenset({3}))


def schedule_lines(plan: DayPlan) -> Iterator[str]:
    """Say in English how many plays there are and what found no place."""
    heard = Counter(item.language for _, item in plan.spoken)
    languages = ", ".join(f"{tag} {count}" for tag, count in sorted(heard.items()))
    yield f"{plan.day}: {counted(len(plan.spoken), 'play')}" + (f" ({languages})" if heard else "")
    yield from missing_lines(plan.unplaced, sheet_words(()))
    empty = sum(one.why is NotPlaced.NOTHING for one in plan.unplaced)
    if empty:
        yield f"{counted(empty, 'window')} with nothing of ours to play"


def schedule_plain(plan: DayPlan) -> dict[str, Plain]:
    """Give a day for --json."""
    return {
        "station": plan.station,
        "day": plan.day.isoformat(),
        "plays": [_play(one) for one in plan.plays],
        "unplaced": [_unplaced(one) for one in plan.unplaced],
    }


def schedule_csv(plans: Sequence[DayPlan]) -> bytes:
    """Render days as CSV that a spreadsheet opens and runs nothing of.

    With a column ``played`` added it can be given back to `altavoz airplay import`.
    """
    rows: list[list[str]] = [list(CSV_COLUMNS)]
    for plan in plans:
        for one in plan.plays:
            item = one.airs if isinstance(one.airs, AirItem) else None
            window = one.window
            rows.append(
                [
                    plan.station,
                    plan.day.isoformat(),
                    time_of(one.at_ms),
                    f"{one.length_ms / 1000:.3f}",
                    _kind(one),
                    item.series if item else "",
                    item.episode if item else "",
                    _language(one),
                    _title(one),
                    item.file_name if item else "",
                    one.day_part,
                    window.clock if window else "",
                    str(window.number) if window else "",
                    one.why.value,
                ]
            )
    return render_csv(rows)


def _kind(one: PlannedPlay) -> str:
    if isinstance(one.airs, AirItem):
        return "edition"
    return "text" if isinstance(one.airs, PresenterText) else "open"


def _title(one: PlannedPlay) -> str:
    if isinstance(one.airs, AirItem):
        return one_line(one.airs.title)
    return one_line(one.airs.text) if isinstance(one.airs, PresenterText) else ""


def _language(one: PlannedPlay) -> str:
    return one.airs.language if isinstance(one.airs, AirItem | PresenterText) else ""


def _play(one: PlannedPlay) -> dict[str, Plain]:
    row: dict[str, Plain] = {
        "at": time_of(one.at_ms),
        "at_ms": one.at_ms,
        "length_ms": one.length_ms,
        "what": _kind(one),
        "day_part": one.day_part,
        "why": one.why.value,
    }
    if one.window is not None:
        row |= {"clock": one.window.clock, "window": one.window.number}
    if not isinstance(one.airs, AirItem):
        return row | {"text": _title(one), "language": _language(one)}
    return row | _item(one.airs)


def _item(item: AirItem) -> dict[str, Plain]:
    return {
        "series": item.series,
        "episode": item.episode,
        "language": item.language,
        "title": item.title,
        "file": item.file_name,
        "expires": item.expires.isoformat() if item.has_last_day else None,
    }


def _unplaced(one: Unplaced) -> dict[str, Plain]:
    row: dict[str, Plain] = {
        "why": one.why.value,
        "wanted": one.wanted,
        "placed": one.placed,
        "length_ms": one.length_ms,
        "room_ms": one.room_ms,
    }
    if one.window is not None:
        window = one.window
        row |= {"clock": window.clock, "window": window.number, "at": time_of(window.begin_ms)}
    if one.item is not None:
        row |= _item(one.item)
    if one.text is not None:
        row |= {"text": one.text.text, "language": one.text.language}
    return row
