"""Apple's podcast categories, which every directory takes; data in categories.toml."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from programme.tables import package_file, read_toml


@cache
def categories() -> Mapping[str, frozenset[str]]:
    """Give the subcategories of each category; names are English, and case and signs count."""
    rows = read_toml(package_file("programme", "categories.toml"))
    return MappingProxyType({name: frozenset(inner) for name, inner in rows.items()})
