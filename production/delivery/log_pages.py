"""Log sheets as one page to print, with what the lexicon says of hard words."""

from collections.abc import Sequence

from production.page_text import fill, page_part, policy_hash
from production.pronunciations import open_lexicon
from programme.stations import Station
from programme.units import LanguageTag
from scripts.lexicon import Lexicon
from scripts.workspace import Workspace
from stations.day_plan import DayPlan
from stations.log_sheet import LogLine, LogPart, LogSheet, Pronounce, log_sheet
from stations.phrases import direction, language_name


def log_sheets(
    workspace: Workspace, station: Station, plans: Sequence[DayPlan], *, language: str = ""
) -> list[LogSheet]:
    """Make a station's own sheets: they name it, and stay with who makes and who plays.

    Args:
        workspace: as read.
        station: whose days they are.
        plans: of its days.
        language: in which they are read; empty for the first of the station's that has words.
    """
    wanted = (LanguageTag(language), *station.languages) if language else station.languages
    desk = open_lexicon(workspace.root)
    pronounce = pronouncing(desk.lexicon)
    return [
        log_sheet(
            plan,
            languages=(*wanted, workspace.network.source_language),
            network=workspace.network.name,
            station=station.name,
            pronounce=pronounce,
        )
        for plan in plans
    ]


def render_log_page(sheets: Sequence[LogSheet]) -> bytes:
    """Render days as HTML for A4: each begins a page; nothing is fetched and nothing runs.

    Raises:
        ValueError: there is no sheet.
    """
    if not sheets:
        raise ValueError("a page without a sheet")
    style = page_part("log_sheet.css")
    values = {
        "sheets": [_sheet(one) for one in sheets],
        "style": style,
        "style_hash": policy_hash(style),
    }
    return fill("log_sheet.html", values).encode("utf-8")


def pronouncing(lexicon: Lexicon) -> Pronounce:
    """Give what says how hard words of a text are pronounced, each word once."""

    def pronounce(text: str, language: LanguageTag) -> tuple[tuple[str, str], ...]:
        table = lexicon.table(language)
        found: dict[str, str] = {}
        for match in table.matches(text.split()):
            entry = match.entry
            if entry is not None and entry.say and entry.say != entry.written:
                found[entry.written] = entry.say
        return tuple(found.items())

    return pronounce


def _sheet(sheet: LogSheet) -> dict[str, object]:
    say = sheet.words
    return {
        "language": say.language,
        "direction": direction(say.language),
        "say": dict(say.table),
        "station": sheet.station,
        "network": sheet.network,
        "day": sheet.day,
        "valid_until": sheet.valid_until,
        "parts": [_part(one, sheet) for one in sheet.parts],
        "missing": sheet.missing,
    }


def _part(part: LogPart, sheet: LogSheet) -> dict[str, object]:
    return {
        "name": part.name,
        "heading": sheet.words("part", part=part.name),
        "lines": [_line(one) for one in part.lines],
    }


def _line(line: LogLine) -> dict[str, object]:
    return {
        "time": line.time,
        "title": line.title,
        "is_text": line.is_text,
        "urgent": line.urgent,
        "language": line.language or "",
        "direction": direction(line.language) if line.language else "ltr",
        "named": language_name(line.language) if line.language else "",
        "length": line.length,
        "notes": line.notes,
        "pronunciations": line.pronunciations,
        "file": line.file,
    }
