"""Words by which a text speaks to its listener, formally or as to a friend; data/address.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from programme.tables import package_file, read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The ways of one language; words in lower case, accents and all."""

    formal: frozenset[str]
    formal_name: str
    informal: frozenset[str]
    informal_name: str


@cache
def addresses() -> Mapping[str, Address]:
    """Give the ways by primary language subtag; a language that makes no difference is missing."""
    file = package_file("scripts", "data/address.toml")
    return {
        language: Address(
            formal=frozenset(row["formal"]),
            formal_name=row["formal_name"],
            informal=frozenset(row["informal"]),
            informal_name=row["informal_name"],
        )
        for language, row in read_toml(file).items()
    }
