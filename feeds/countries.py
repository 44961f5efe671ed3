"""Countries that items are about, as ``podcast:location`` names them; data in countries.toml."""

from dataclasses import dataclass
from functools import cache

from programme.tables import package_file, read_toml
from programme.units import LanguageTag


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """One country as a listener reads it, and as OpenStreetMap knows it."""

    name: str
    """In the listener's language; its English name, or its code, where that is not known."""
    osm: str
    """OpenStreetMap's relation, such as ``R1521463``; empty where the table has none."""


@cache
def country(code: str, language: LanguageTag) -> Country:
    """Give a country's name and place.

    Args:
        code: ISO 3166-1 alpha-2.
        language: in which it is to be named.
    """
    row = _rows().get(code, {})
    name = row.get(language.partition("-")[0]) or row.get("en") or code
    return Country(name=name, osm=row.get("osm", ""))


@cache
def _rows() -> dict[str, dict[str, str]]:
    return read_toml(package_file("feeds", "countries.toml"))
