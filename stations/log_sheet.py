"""The log sheet of a day: what a presenter plays and says, when, with a box to tick.

In the language of the station's staff, as values for a printed page and as plain text. A sheet
names the station only where its maker says what to call it: private stations stay unnamed in
what travels.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from programme.schedules import WindowKind
from programme.tables import package_file, read_toml
from programme.units import LanguageTag
from programme.wording import time_of_day
from stations.airing import AirItem
from stations.day_plan import DayPlan, NotPlaced, PlannedPlay, PresenterText, Unplaced
from stations.phrases import Phrases, direction, language_name, phrases_in
from stations.plain_text import crlf, directed, isolate, length, one_line
from stations.script_text import RULE, wrapped

Pronounce = Callable[[str, LanguageTag], tuple[tuple[str, str], ...]]
"""Gives the words of a text that are said otherwise than they look: as written, as said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One row of the sheet."""

    time: str
    """``06:00:30``."""
    title: str
    """Of what is played, or the words that somebody says; empty for the station's own time."""
    is_text: bool
    """Whether somebody says it live."""
    urgent: bool
    language: LanguageTag | None
    """None for the station's own time."""
    length: str
    notes: tuple[str, ...]
    """First and last words, its last day, when a back-timed one ends: one line each."""
    pronunciations: tuple[tuple[str, str], ...]
    """As written, as said."""
    file: str
    """What its file is called; empty for what is no file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPart:
    """The rows of a part of the day."""

    name: str
    """Empty where the station has no day parts."""
    lines: tuple[LogLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSheet:
    """A day, ready to be printed."""

    words: Phrases
    """In the reader's language."""
    station: str
    """What the station is called; empty where the sheet does not say."""
    network: str
    day: str
    valid_until: str
    """Empty where nothing in it has a last day."""
    parts: tuple[LogPart, ...]
    missing: tuple[str, ...]
    """What found no place, one line each."""


def sheet_words(languages: tuple[LanguageTag, ...]) -> Phrases:
    """Give the words of a sheet for readers of languages: the first that has any, else English."""
    for tag in languages:
        first = tag.partition("-")[0]
        if first in _tables() and phrases_in(first) is not None:
            return Phrases(language=first, table=_tables()[first])
    return Phrases(language="en", table=_tables()["en"])


def log_sheet(
    plan: DayPlan,
    *,
    languages: tuple[LanguageTag, ...],
    network: str,
    station: str = "",
    pronounce: Pronounce = lambda _text, _language: (),
) -> LogSheet:
    """Make the sheet of a day.

    Args:
        plan: the day.
        languages: in which it is read, the first that has words is taken.
        network: who publishes.
        station: what it is called; empty leaves it unnamed.
        pronounce: what the lexicon says of presenter texts, titles and first words.
    """
    say = sheet_words(languages)
    weekday = say("weekdays").split()[plan.day.weekday()]
    until = plan.valid_until
    return LogSheet(
        words=say,
        station=one_line(station),
        network=one_line(network),
        day=say("day", weekday=weekday, date=say.day(plan.day)),
        valid_until=say("valid_until", date=say.day(until)) if until else "",
        parts=tuple(_parts(plan, say, pronounce)),
        missing=tuple(missing_lines(plan.unplaced, say)),
    )


def _parts(plan: DayPlan, say: Phrases, pronounce: Pronounce) -> Iterator[LogPart]:
    lines: list[LogLine] = []
    name = plan.plays[0].day_part if plan.plays else ""
    for play in plan.plays:
        if play.day_part != name:
            yield LogPart(name=name, lines=tuple(lines))
            lines, name = [], play.day_part
        lines.append(_line(play, say, pronounce))
    if lines:
        yield LogPart(name=name, lines=tuple(lines))


def _line(play: PlannedPlay, say: Phrases, pronounce: Pronounce) -> LogLine:
    airs = play.airs
    text, language, file = "", None, ""
    if isinstance(airs, AirItem):
        text, language, file = one_line(airs.title), airs.language, airs.file_name
    elif isinstance(airs, PresenterText):
        text, language = one_line(airs.text), airs.language
    told = text
    if isinstance(airs, AirItem):
        told = f"{text} {airs.first_words}"
    return LogLine(
        time=time_of(play.at_ms),
        title=text,
        is_text=isinstance(airs, PresenterText),
        urgent=isinstance(airs, AirItem) and airs.urgent,
        language=language,
        length=length(play.length_ms),
        notes=tuple(_notes(play, say)),
        pronunciations=pronounce(told, language) if language else (),
        file=file,
    )


def _notes(play: PlannedPlay, say: Phrases) -> Iterator[str]:
    airs = play.airs
    if not isinstance(airs, AirItem):
        return
    # Arabic words stand in an Arabic line as they are; those of other scripts run from the left
    way = "ltr" if direction(airs.language) == "rtl" else direction(say.language)
    if airs.first_words:
        yield say("begins", words=isolate(one_line(airs.first_words), way))
    if airs.last_words:
        yield say("ends", words=isolate(one_line(airs.last_words), way))
    if airs.has_last_day:
        yield say("item_until", date=say.day(airs.expires))
    window = play.window
    if window is not None and window.plan.back_timed and play.end_ms == window.end_ms:
        yield say("back_timed", time=time_of(window.end_ms))


def time_of(at_ms: int) -> str:
    """Write a moment of the day as ``06:00:30``; the day's own end is 24:00:00."""
    return time_of_day(at_ms // 1000)


def missing_lines(unplaced: tuple[Unplaced, ...], say: Phrases) -> Iterator[str]:
    """Say what found no place and why; windows that stay empty are gathered by their times."""
    empty: dict[str, None] = {}
    for one in unplaced:
        if one.why is NotPlaced.NOTHING:
            if one.window is not None and one.window.plan.kind is not WindowKind.SPOTS:
                empty[time_of(one.window.begin_ms)[:5]] = None
            continue
        yield f"{_what(one)}: {_why(one, say)}"
    if empty:
        yield f"{' '.join(empty)}: {say('nothing')}"


def _what(one: Unplaced) -> str:
    if one.item is not None:
        return f"{one_line(one.item.title)} ({language_name(one.item.language)})"
    if one.text is not None:
        return f"«{one_line(one.text.text)}» ({language_name(one.text.language)})"
    return ""


def _why(one: Unplaced, say: Phrases) -> str:
    room = length(one.room_ms) if one.room_ms is not None else ""
    if one.text is not None:
        return say("text-no-room", length=length(one.length_ms), room=room)
    return say(
        one.why.value,
        length=length(one.length_ms),
        room=room,
        wanted=str(one.wanted),
        placed=str(one.placed),
    )


def render_text(sheet: LogSheet) -> bytes:
    """Render the sheet as plain text: UTF-8, CRLF, at most 76 characters a line."""
    say = sheet.words
    way = direction(say.language)
    lines = wrapped([part for part in (say("heading"), sheet.station, sheet.network) if part], way)
    lines += [directed(sheet.day, way), RULE]
    lines += wrapped([part for part in (sheet.valid_until, say("how")) if part], way)
    for part in sheet.parts:
        lines += ["", RULE]
        if part.name:
            lines += [directed(say("part", part=part.name), way), ""]
        for line in part.lines:
            lines += _text_lines(line, say, way)
    if not sheet.parts:
        lines += ["", directed(say("nobody"), way)]
    lines += ["", RULE, *wrapped([say("missing")], way)]
    lines += wrapped([f"- {one}" for one in sheet.missing] or [say("nothing_missing")], way)
    lines += ["", RULE, directed(say("checked_by"), way), ""]
    return crlf(lines)


def _text_lines(line: LogLine, say: Phrases, way: str) -> list[str]:
    words = line.title or say("open")
    if line.is_text:
        words = f"{say('say')} {words}"
    if line.urgent:
        words = f"{say('urgent')}: {words}"
    named = f" ({language_name(line.language)})" if line.language else ""
    head = f"[ ] {isolate(line.time, way)}  {isolate(line.length, way)}  {words}{named}"
    told = [head, *(f"    {note}" for note in line.notes)]
    told += [f"    {say('pronounce')} {w} = {s}" for w, s in line.pronunciations]
    if line.file:
        told.append(f"    {isolate(line.file, way)}")
    return wrapped(told, way)


@cache
def _tables() -> dict[str, dict[str, str]]:
    rows = read_toml(package_file("stations", "log_sheet.toml"))
    found: dict[str, dict[str, str]] = {}
    for tag, table in rows.items():
        dates = phrases_in(tag)
        days = {} if dates is None else {key: dates.table[key] for key in ("date", "months")}
        found[tag] = {**days, **table}
    return found
