"""Which languages have words for numbers, and the table of each.

One file for each in data/spoken/; what it holds is told in scripts/spoken_files.py.
"""

from functools import cache
from pathlib import Path

from programme.tables import package_file, read_toml
from programme.units import LanguageTag
from scripts.spoken_files import table_of
from scripts.spoken_words import SpokenTable


@cache
def languages() -> tuple[LanguageTag, ...]:
    """Give the tags that have spoken forms, sorted."""
    names = (entry.name for entry in _folder().iterdir())
    return tuple(sorted(LanguageTag(n.removesuffix(".toml")) for n in names if n.endswith(".toml")))


@cache
def table(language: LanguageTag) -> SpokenTable | None:
    """Give the words for a tag: its own, else those of its language (es for es-419).

    None where there are none: another language's words are never taken.
    """
    known = languages()
    for tag in (language, LanguageTag(language.partition("-")[0])):
        if tag in known:
            return _own_table(tag)
    return None


@cache
def _own_table(tag: LanguageTag) -> SpokenTable:
    data = read_toml(_folder().joinpath(f"{tag}.toml"))
    return table_of(data, f"scripts/data/spoken/{tag}.toml")


def _folder() -> Path:
    return package_file("scripts", "data/spoken")
