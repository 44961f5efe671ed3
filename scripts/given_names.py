"""Names that people are given, in whatever language: data/identity.toml."""

from functools import cache

from programme.tables import package_file, read_toml
from scripts.term_words import fold


def is_given_name(text: str) -> bool:
    """Tell whether a word of a text is a name that people are given."""
    return not _given_names().isdisjoint(map(fold, text.split()))


@cache
def _given_names() -> frozenset[str]:
    names = read_toml(package_file("scripts", "data/identity.toml"))["given_names"]
    return frozenset(map(fold, names))
