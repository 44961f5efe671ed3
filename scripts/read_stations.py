"""Stations from stations/*.yml."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from programme.findings import Findings
from programme.profiles import profiles
from programme.stations import Delivery, Override, Station, StationKind
from programme.units import LanguageTag
from scripts.feed_texts import NAME_LETTERS, check_feed_text
from scripts.fields import Fields
from scripts.language_maps import language_list
from scripts.read_facts import FactFiles
from scripts.read_overrides import read_overrides
from scripts.read_series import SeriesFiles, check_profile, open_named
from scripts.tree import Entry, Tree, yaml_files
from scripts.wording import did_you_mean, listed, shown


@dataclass(slots=True)
class StationFiles:
    """What the stations folder holds."""

    stations: dict[str, Station] = field(default_factory=dict)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    """Line of a key in a station's file."""


def read_stations(
    tree: Tree,
    *,
    series: SeriesFiles,
    facts: FactFiles,
    languages: Sequence[LanguageTag] | None,
    today: date,
    findings: Findings,
) -> StationFiles:
    """Give every station that is sound; ``facts`` are those that it may say otherwise."""
    found = StationFiles()
    for entry in yaml_files(tree, "stations"):
        fields = open_named(entry, findings)
        if fields is None:
            continue
        found.lines |= {(entry.stem, key): n for key, n in fields.table.key_lines.items()}
        overrides = read_overrides(fields, facts, languages=languages, today=today)
        station = _station(fields, entry, series, languages, overrides)
        if fields.done():
            found.stations[station.id] = station
    return found


def _name(fields: Fields) -> str:
    name = fields.text("name", required=True)
    check_feed_text(fields, "name", fields.line("name"), name, letters=NAME_LETTERS)
    return name


def _station(
    fields: Fields,
    entry: Entry,
    series: SeriesFiles,
    languages: Sequence[LanguageTag] | None,
    overrides: tuple[Override, ...],
) -> Station:
    profile = check_profile(fields)
    return Station(
        id=entry.stem,
        name=_name(fields),
        kind=fields.choice("kind", StationKind),
        languages=language_list(fields, "languages", languages, required=True),
        series=_series_of(fields, series),
        profile=profile,
        format=_format(fields, profile),
        delivery=fields.choice("delivery", Delivery),
        publish_identity=fields.flag("publish_identity"),
        country=fields.country("country"),
        place=fields.text("place"),
        overrides=overrides,
        file=entry.file,
    )


def _format(fields: Fields, profile: str) -> str:
    """Give the id of a rendition of the station's profile; empty where none is named."""
    if not profile:
        # What formats there are, nobody knows; the profile was reported.
        fields.text("format")
        return ""
    return fields.word("format", [spec.id for spec in profiles()[profile].renditions])


def _series_of(fields: Fields, series: SeriesFiles) -> tuple[str, ...]:
    found = []
    for text in fields.texts("series", required=True):
        name = text.value.strip()
        if name in series.names:
            found.append((name, text))
        else:
            otherwise = f"series there are: {listed(series.names)}"
            remedy = did_you_mean(name, series.names, otherwise)
            fields.fault(text.line, "station.series", f"there is no series {shown(name)}", remedy)
    return fields.distinct("series", found)
