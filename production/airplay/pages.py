"""The airplay report as a page to print, as CSV, and as lines for the terminal."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from production.airplay.plots import MOST_BARS, bar_plot, image_address
from production.airplay.report import AirplayReport, MissingPlays, Tally, WrongPlay
from production.page_text import fill, page_part, policy_hash
from production.tables import Table
from programme.languages import language
from programme.units import LanguageTag
from programme.wording import counted
from scripts.csv_text import render_csv

_COUNTS = ("planned", "played", "missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPart:
    """One section of the report."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str
    """What is said where there are no rows."""
    figures: frozenset[int] = frozenset()
    """Numbers of the columns that are set flush right."""
    tallies: tuple[Tally, ...] = ()
    """What is drawn; empty for a table alone."""

    @property
    def table(self) -> Table:
        """The section for the terminal."""
        return Table(columns=self.columns, rows=self.rows, right=self.figures)


def report_parts(report: AirplayReport) -> tuple[ReportPart, ...]:
    """Give the sections of the report, the figures first."""
    silent = tuple((station, _named(tag)) for station, tag in report.silent)
    return (
        _tally_part("By language", "language", _languages(report.languages)),
        _tally_part("By topic", "topic", report.topics),
        _tally_part("By station", "station", report.stations),
        ReportPart(
            title="Silent languages",
            columns=("station", "language"),
            rows=silent,
            empty="Every language that a station takes was heard.",
        ),
        ReportPart(
            title="Missing plays",
            columns=("day", "station", "title", "language", "planned", "played"),
            rows=tuple(_missing(one) for one in report.missing),
            empty="Everything that was planned was played.",
            figures=frozenset({4, 5}),
        ),
        _wrong_part("Played after its last day", "last day", report.late),
        _wrong_part("Played though withdrawn", "withdrawn", report.withdrawn),
        ReportPart(
            title="Planned days of which no log tells",
            columns=("station", "days"),
            rows=tuple((station, str(days)) for station, days in report.unknown),
            empty="There is a log of every planned day.",
            figures=frozenset({1}),
        ),
    )


def span_of(report: AirplayReport) -> str:
    """Say of which days the report tells."""
    if report.first is None or report.last is None:
        return "nothing is planned and nothing was played"
    return f"{report.first} to {report.last}"


def report_lines(report: AirplayReport) -> Iterator[str]:
    """Say what somebody must look at."""
    for station, tag in report.silent:
        yield f"{station}: nothing was heard in {_named(tag)}"
    for one in report.late:
        yield f"{_told(one)}, after its last day, {one.since}"
    for one in report.withdrawn:
        why = f" ({one.reason})" if one.reason else ""
        yield f"{_told(one)}, though it was withdrawn on {one.since}{why}"
    missing = sum(one.planned - one.played for one in report.missing)
    if missing:
        yield f"{counted(missing, 'planned play')} missing; see which with --json, --csv or --html"
    for station, days in report.unknown:
        yield f"{station}: no log of {counted(days, 'planned day')}"


def render_report_page(report: AirplayReport, *, network: str) -> bytes:
    """Render the report as HTML: plots with their tables, nothing fetched, nothing run."""
    style = page_part("airplay.css")
    parts = [
        {
            "title": one.title,
            "columns": one.columns,
            "rows": one.rows,
            "empty": one.empty,
            "figures": one.figures,
            "plot": image_address(plot) if (plot := part_plot(one)) else "",
        }
        for one in report_parts(report)
    ]
    values = {
        "network": network,
        "span": span_of(report),
        "parts": parts,
        "style": style,
        "style_hash": policy_hash(style),
    }
    return fill("airplay.html", values).encode("utf-8")


def part_plot(part: ReportPart) -> str:
    """Draw a section as SVG; empty where it has no figures."""
    shown = part.tallies[:MOST_BARS]
    if not shown:
        return ""
    planned = [one.planned for one in shown]
    played = [one.played for one in shown]
    names = [one.name for one in shown]
    return bar_plot(part.title, names, [("planned", planned), ("played", played)])


def report_csv(report: AirplayReport) -> bytes:
    """Render every row of every section as CSV that a spreadsheet opens and runs nothing of."""
    parts = report_parts(report)
    columns = list(dict.fromkeys(name for part in parts for name in part.columns))
    rows = [["about", *columns]]
    for part in parts:
        for row in part.rows:
            cells = dict(zip(part.columns, row, strict=True))
            rows.append([part.title, *(cells.get(name, "") for name in columns)])
    return render_csv(rows)


def _tally_part(title: str, name: str, rows: Sequence[Tally]) -> ReportPart:
    return ReportPart(
        title=title,
        columns=(name, *_COUNTS),
        rows=tuple((one.name, str(one.planned), str(one.played), str(one.missing)) for one in rows),
        empty="No log tells of any day.",
        figures=frozenset({1, 2, 3}),
        tallies=tuple(rows),
    )


def _languages(rows: Iterable[Tally]) -> tuple[Tally, ...]:
    return tuple(
        Tally(name=_named(LanguageTag(one.name)), planned=one.planned, played=one.played)
        for one in rows
    )


def _named(tag: LanguageTag) -> str:
    try:
        return f"{language(tag).english} ({tag})"
    except KeyError:
        return tag


def _wrong_part(title: str, since: str, rows: Sequence[WrongPlay]) -> ReportPart:
    return ReportPart(
        title=title,
        columns=("moment", "station", "title", "language", since),
        rows=tuple(
            (
                one.line.at.isoformat(sep=" ", timespec="minutes"),
                one.station,
                one.line.title,
                one.line.language,
                one.since.isoformat() + (f" ({one.reason})" if one.reason else ""),
            )
            for one in rows
        ),
        empty="Nothing of that kind is logged.",
    )


def _missing(one: MissingPlays) -> tuple[str, ...]:
    played, planned = str(one.played), str(one.planned)
    return (one.day.isoformat(), one.station, one.title, one.edition[2], planned, played)


def _told(one: WrongPlay) -> str:
    at = one.line.at.isoformat(sep=" ", timespec="minutes")
    return f"{one.station}: «{one.line.title}» ({one.line.language}) was played on {at}"
