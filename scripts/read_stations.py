"""Stations from stations/*.yml."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from programme.findings import Findings
from programme.profiles import profiles
from programme.stations import Automation, Delivery, Override, Station, StationKind
from programme.units import LanguageTag
from scripts.feed_texts import NAME_LETTERS, check_feed_text
from scripts.fields import Fields
from scripts.language_maps import language_list
from scripts.read_automation import read_settings
from scripts.read_facts import FactFiles
from scripts.read_loops import read_loop
from scripts.read_overrides import read_overrides
from scripts.read_schedules import Heard, read_schedule
from scripts.read_series import SeriesFiles, check_profile, open_named
from scripts.tree import Tree, yaml_files
from scripts.wording import did_you_mean, listed, shown

LINE_LETTERS = 200
"""Of a place, or of how to reach somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationGround:
    """What a station's file may refer to."""

    series: SeriesFiles
    facts: FactFiles
    """Those that it may say otherwise."""
    sounds: Collection[str]
    """Names of sounds, for the chime of a loop."""
    languages: Sequence[LanguageTag] | None
    """The network's; None where altavoz.toml could not be read."""
    today: date


def read_stations(tree: Tree, *, ground: StationGround, findings: Findings) -> dict[str, Station]:
    """Give every station that is sound."""
    found: dict[str, Station] = {}
    for entry in yaml_files(tree, "stations"):
        fields = open_named(entry, findings)
        if fields is None:
            continue
        station = read_station(fields, entry.stem, ground)
        if station is not None:
            found[station.id] = station
    return found


def read_station(fields: Fields, name: str, ground: StationGround) -> Station | None:
    """Give the station that a table describes; None where it has faults, which are reported."""
    overrides = read_overrides(fields, ground.facts, languages=ground.languages, today=ground.today)
    station = _station(fields, name, ground, overrides)
    return station if fields.done() else None


def _name(fields: Fields) -> str:
    name = fields.text("name", required=True)
    check_feed_text(fields, "name", fields.line("name"), name, letters=NAME_LETTERS)
    return name


def _line_of_text(fields: Fields, key: str) -> str:
    """Give a line that papers print; too long a one is a fault."""
    text = fields.text(key)
    check_feed_text(fields, key, fields.line(key), text, letters=LINE_LETTERS)
    return text


def _station(
    fields: Fields, name: str, ground: StationGround, overrides: tuple[Override, ...]
) -> Station:
    profile = check_profile(fields)
    kind = fields.choice("kind", StationKind)
    delivery = fields.choice("delivery", Delivery)
    automation = fields.choice("automation", Automation, default=Automation.NONE)
    languages = _languages(fields, ground)
    series = _series_of(fields, ground.series)
    heard = Heard(
        languages=languages,
        series=series,
        known=ground.series.series,
        network=ground.languages,
    )
    return Station(
        id=name,
        name=_name(fields),
        kind=kind,
        languages=languages,
        series=series,
        profile=profile,
        format=_format(fields, profile),
        delivery=delivery,
        automation=automation,
        settings=read_settings(fields, automation, delivery),
        share=fields.flag("share"),
        schedule=read_schedule(fields, heard),
        loop=read_loop(
            fields,
            kind=kind,
            delivery=delivery,
            languages=languages,
            network=ground.languages,
            sounds=ground.sounds,
            silent=ground.series.silent,
        ),
        contact=_line_of_text(fields, "contact"),
        publish_identity=fields.flag("publish_identity"),
        country=fields.country("country"),
        place=_line_of_text(fields, "place"),
        overrides=overrides,
        file=fields.file,
        lines=dict(fields.table.key_lines),
    )


def _languages(fields: Fields, ground: StationGround) -> tuple[LanguageTag, ...]:
    """Give the station's languages; one that is left with none would get nothing."""
    found = language_list(fields, "languages", ground.languages, required=True)
    if not found and fields.sound:
        fields.fault(
            fields.line("languages"),
            "station.languages",
            "none of its languages is one of this network: the station gets nothing at all",
            f"name one of: {listed(ground.languages or ())}",
        )
    return found


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
