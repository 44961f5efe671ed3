"""When a station plays what: quiet hours, day parts, clocks and rotation, from its file.

Example::

    quiet_hours: 22:00-06:00
    day_parts:
      morning: {time: 06:00-10:00, days: weekdays, languages: [quc, es-419], clock: news-hour}
    clocks:
      news-hour:
        - {at: 00:00-10:00, kind: episode, series: camino-seguro}
        - {at: 28:00-30:00, kind: spots, back_timed: yes}
    rotation:
      camino-breves: {plays_per_day: 6, minutes_apart: 45, day_parts: [morning]}
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from programme.findings import Severity
from programme.identifiers import ID_RULE, is_id
from programme.schedules import (
    DAY,
    ClockWindow,
    DayPart,
    HourClock,
    Schedule,
    SpotRule,
    TimeSpan,
    WindowKind,
)
from programme.series import Series, SeriesKind
from programme.units import LanguageTag
from scripts.day_times import check_day_span, hour_span, weekdays
from scripts.fields import Fields
from scripts.language_maps import language_list
from scripts.nodes import Items, Refused
from scripts.schedule_faults import check_overlaps, check_quiet, check_rotation
from scripts.station_words import check_heard, spoken_map
from scripts.wording import did_you_mean, listed, shown

T = TypeVar("T")

MOST_PLAYS = 288
"""Of one spot in a day: every five minutes."""
MOST_OF_A_KIND = 120
"""Day parts, clocks, or windows of one clock: a window for every half minute."""
TEXT_LETTERS = 1000
"""Of what a presenter says in a window: about a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a station takes, to hold its schedule against."""

    languages: tuple[LanguageTag, ...]
    """Empty where they could not be read: then none is missed."""
    series: tuple[str, ...]
    known: Mapping[str, Series]
    """Every series that is sound."""
    network: Sequence[LanguageTag] | None
    """Languages of altavoz.toml; None where that could not be read."""


def read_schedule(fields: Fields, heard: Heard) -> Schedule:
    """Give what a station's file says about time; what is wrong is reported."""
    quiet = _quiet(fields)
    clocks = _clocks(fields, heard)
    day_parts = _day_parts(fields, heard, clocks)
    schedule = Schedule(
        quiet=quiet,
        day_parts=day_parts,
        clocks=clocks,
        rotation=_rotation(fields, heard),
    )
    check_quiet(fields, schedule)
    check_overlaps(fields, day_parts)
    check_rotation(fields, schedule)
    _note_unused(fields, schedule)
    return schedule


def _quiet(fields: Fields) -> tuple[TimeSpan, ...]:
    spans = [check_day_span(fields, "quiet_hours", text) for text in fields.texts("quiet_hours")]
    return tuple(sorted({span for span in spans if span is not None}))


def _day_parts(
    fields: Fields, heard: Heard, clocks: Mapping[str, HourClock]
) -> tuple[DayPart, ...]:
    found = []
    remedy = "write its name, and below it time: 06:00-10:00"
    named = fields.named_tables("day_parts", rule="station.day-part", remedy=remedy)
    for name, line, table in _bounded(fields, named, "day parts"):
        _check_name(fields, name, line)
        part = fields.part(table)
        time = part.written("time", required=True)
        span = None if time is None else check_day_span(part, "time", time)
        one = DayPart(
            id=name,
            span=span or TimeSpan(DAY, DAY),
            days=weekdays(part, "days"),
            languages=_languages(part, heard),
            clock=_clock_of(part, fields, clocks),
            line=line,
        )
        fields.close(part)
        if span is not None:
            found.append(one)
    return tuple(found)


def _bounded(fields: Fields, found: list[T], things: str) -> list[T]:
    """Give no more of a thing than anybody plans; a file with thousands is none of a person."""
    if len(found) > MOST_OF_A_KIND:
        problem = f"there are {len(found)} {things} here; {MOST_OF_A_KIND} are read"
        remedy = "let several days or hours share one"
        fields.fault(fields.table.line, "station.time", problem, remedy)
    return found[:MOST_OF_A_KIND]


def _check_name(fields: Fields, name: str, line: int) -> None:
    if not is_id(name):
        fields.fault(line, "not-id", f"{shown(name)} is no id", ID_RULE)


def _languages(part: Fields, heard: Heard) -> tuple[LanguageTag, ...]:
    found = language_list(part, "languages", heard.network)
    for tag in found:
        check_heard(part, part.line("languages"), tag, heard.languages)
    return found


def _clock_of(part: Fields, top: Fields, clocks: Mapping[str, HourClock]) -> str:
    found = part.written("clock")
    name = "" if found is None else found.value.strip()
    table = top.table.entries.get("clocks")
    there = {*clocks, *getattr(table, "entries", ())}  # also one that has faults of its own
    if found is not None and name not in there:
        remedy = did_you_mean(name, there, f"clocks there are: {listed(there)}")
        part.fault(found.line, "station.clock", f"there is no clock {shown(name)}", remedy)
        return ""
    return name


def _clocks(fields: Fields, heard: Heard) -> Mapping[str, HourClock]:
    table = fields.table_at("clocks")
    if table is None:
        return {}
    part = fields.part(table)
    found = {}
    for name, line in _bounded(fields, list(table.key_lines.items()), "clocks"):
        _check_name(part, name, line)
        node = table.entries[name]
        if isinstance(node, Refused):
            part.sound = False
        elif not isinstance(node, Items) or not node.items:
            remedy = 'write "- {at: 00:00-05:00, kind: spots}" below it'
            part.fault(line, "station.clock", f"the clock {shown(name)} has no windows", remedy)
        windows = sorted(_windows(part, name, heard), key=lambda one: (one.begin, one.end))
        for first, second in pairwise(windows):
            if second.begin < first.end:
                part.fault(
                    second.line,
                    "station.clock",
                    f"this window begins before the one of line {first.line} ends",
                    "let each begin where the one before it ends, or later",
                )
        found[name] = HourClock(id=name, windows=tuple(windows), line=line)
    part.known |= table.entries.keys()
    fields.close(part)
    return found


def _windows(part: Fields, name: str, heard: Heard) -> list[ClockWindow]:
    found = []
    node = part.table.entries[name]
    tables = part.tables(name) if isinstance(node, Items) else []
    for table in _bounded(part, tables, "windows"):
        window = part.part(table)
        span = hour_span(window, "at")
        kind = window.choice("kind", WindowKind)
        one = ClockWindow(
            kind=kind,
            begin=span[0] if span else 0,  # type: ignore[arg-type]
            end=span[1] if span else 0,  # type: ignore[arg-type]
            series=_window_series(window, kind, heard),
            languages=_languages(window, heard),
            back_timed=window.flag("back_timed"),
            text=_text(window, kind, heard),
            line=table.line,
        )
        part.close(window)
        if span is not None:
            found.append(one)
    return found


def _window_series(window: Fields, kind: WindowKind, heard: Heard) -> tuple[str, ...]:
    """Give what may fill a window; a kind that is filled otherwise has none."""
    texts = window.texts("series")
    if texts and kind in {WindowKind.TEXT, WindowKind.OPEN}:
        problem = f"a window of the kind {kind.value} plays nothing of ours"
        window.fault(texts[0].line, "station.clock", problem, "delete series: or change kind:")
        return ()
    found = [(text.value.strip(), text) for text in texts]
    for name, text in found:
        check_taken(window, text.line, name, heard, spots=kind is WindowKind.SPOTS)
    return window.distinct("series", found)


def check_taken(part: Fields, line: int, name: str, heard: Heard, *, spots: bool) -> None:
    """Report a series that the station does not take, or that cannot be played so."""
    if name not in heard.series:
        remedy = did_you_mean(name, heard.series, f"series it takes: {listed(heard.series)}")
        part.fault(line, "station.series", f"the station does not take {shown(name)}", remedy)
        return
    kind = heard.known[name].kind if name in heard.known else None
    if spots and kind not in {None, SeriesKind.SPOTS}:
        part.fault(
            line,
            "station.series",
            f"{name} is no series of spots",
            "name one whose file says kind: spots, or give it a window of the kind episode",
        )
    elif kind is SeriesKind.LOOP:
        problem = f"{name} is a loudspeaker loop, which no clock plays"
        part.fault(line, "station.series", problem, "name another series")


def _text(window: Fields, kind: WindowKind, heard: Heard) -> Mapping[LanguageTag, str]:
    found = spoken_map(
        window,
        "text",
        languages=heard.languages,
        network=heard.network,
        letters=TEXT_LETTERS,
    )
    if kind is WindowKind.TEXT and "text" not in window.table.entries:
        remedy = 'write "text: {es-419: ...}" with the words'
        window.lack("text", "station.clock", "the presenter has nothing to say here", remedy)
    elif kind is WindowKind.OPEN and found:
        problem = "in an open window the station says what it likes"
        window.fault(window.line("text"), "station.clock", problem, "write kind: text")
    return found


def _rotation(fields: Fields, heard: Heard) -> tuple[SpotRule, ...]:
    node = fields.table_at("day_parts")
    day_parts = () if node is None else tuple(node.entries)
    found = []
    remedy = "write plays_per_day: below it"
    for name, line, table in fields.named_tables(
        "rotation", rule="station.rotation", remedy=remedy
    ):
        check_taken(fields, line, name, heard, spots=True)
        part = fields.part(table)
        one = SpotRule(
            series=name,
            plays_per_day=part.integer("plays_per_day", least=1, most=MOST_PLAYS),
            minutes_apart=part.integer("minutes_apart", least=1, most=DAY, default=30),
            day_parts=_parts_named(part, day_parts),
            line=line,
        )
        fields.close(part)
        found.append(one)
    return tuple(found)


def _parts_named(part: Fields, day_parts: Sequence[str]) -> tuple[str, ...]:
    found = [(text.value.strip(), text) for text in part.texts("day_parts")]
    for name, text in found:
        if name not in day_parts:
            remedy = did_you_mean(name, day_parts, f"day parts there are: {listed(day_parts)}")
            problem = f"there is no day part {shown(name)}"
            part.fault(text.line, "station.day-part", problem, remedy)
    return part.distinct("day_parts", found)


def _note_unused(fields: Fields, schedule: Schedule) -> None:
    """Warn of clocks that no day part names."""
    used = {part.clock for part in schedule.day_parts}
    for name, clock in schedule.clocks.items():
        if name not in used:
            fields.report(
                clock.line,
                "station.clock",
                f"no day part runs by the clock {name}",
                "name it as clock: in a day part, or delete it",
                Severity.WARNING,
            )
