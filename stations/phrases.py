"""The fixed phrases of a pack in the languages of its readers, as data.

They stand in phrases.toml and, for the page that opens on a phone, in pages/words.toml.

A language without phrases borrows those of the station's first language that has them, and
the page says so. English is the last resort only where no language of the station, nor the
network's own, has any.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from programme.languages import language
from programme.tables import package_file, read_toml
from programme.units import LanguageTag


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The phrases of one language."""

    language: str
    """Primary subtag of the language that they are in."""
    table: Mapping[str, str]

    def __call__(self, key: str, **values: str) -> str:
        """Give one phrase with its values in place.

        Raises:
            KeyError: no such phrase, or a placeholder without a value.
        """
        return self.table[key].format_map(values)

    def day(self, day: date) -> str:
        """Write a date with the month's name, which no reader takes for the day."""
        month = self.table["months"].split()[day.month - 1].replace("_", " ")
        return self("date", day=str(day.day), month=month, year=str(day.year))


def direction(tag: str) -> str:
    """Give ``rtl`` or ``ltr``: which way the language of a tag is written.

    Raises:
        KeyError: the tag is not in the usual case, or its language is not listed.
    """
    return language(tag).direction


def language_name(tag: str) -> str:
    """Name a language in its own words.

    Raises:
        KeyError: the tag is not in the usual case, or its language is not listed.
    """
    return language(tag).endonym


def phrases_in(tag: str) -> Phrases | None:
    """Give a language's own phrases; None where nobody has written them."""
    first = tag.partition("-")[0]
    tables = _tables()
    if first not in tables:
        return None
    return Phrases(language=first, table=tables[first])


def phrases_for(tag: LanguageTag, station: Sequence[LanguageTag], source: LanguageTag) -> Phrases:
    """Give the phrases for a reader of a language: its own, else what the station reads first.

    Args:
        tag: the reader's language.
        station: the station's languages, in its order.
        source: the network's own language, where none of the station's has phrases.
    """
    for candidate in (tag, *station, source):
        found = phrases_in(candidate)
        if found is not None:
            return found
    return Phrases(language="en", table=_tables()["en"])


def phrased_languages() -> tuple[str, ...]:
    """Give the primary subtags of the languages that have phrases."""
    return tuple(_tables())


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    folder = package_file("stations")
    papers = read_toml(folder.joinpath("phrases.toml"))
    page = read_toml(folder.joinpath("pages", "words.toml"))
    return {tag: {**table, **page[tag]} for tag, table in papers.items()}
