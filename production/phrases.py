"""The fixed words that editions say about themselves, by language; data in phrases.toml."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from programme.editions import NEVER
from programme.tables import package_file, read_toml
from programme.units import LanguageTag
from scripts.spoken import print_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Ready sentences in one language."""

    language: LanguageTag
    """The language that they are in: the source language, or English, where a table is lacking."""
    demo: str
    valid_until: str
    """Empty where there is no last day."""
    synthetic_voice: str
    draft_voice: str
    sources: str


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return read_toml(package_file("production", "phrases.toml"))


def written_in(tag: LanguageTag, fallback: LanguageTag) -> LanguageTag:
    """Give the language in which phrases for a language are: its own, the fallback, or English."""
    return first_written(_tables(), tag, fallback)


def first_written(tables: Container[str], *tags: LanguageTag) -> LanguageTag:
    """Give the first of some languages for which there is a table, by primary subtag.

    English, where there is none for any: a listener must be told something.
    """
    found = (tag for tag in tags if tag.partition("-")[0] in tables)
    return next(found, LanguageTag("en"))


def phrase(name: str, tag: LanguageTag, fallback: LanguageTag, *, day: date | None = None) -> str:
    """Give one phrase, with the date in the words of its language where it has one."""
    used = written_in(tag, fallback)
    text = _tables()[used.partition("-")[0]][name]
    return text.replace("{date}", print_date(day, used)) if day is not None else text


def phrases_for(tag: LanguageTag, fallback: LanguageTag, expires: date) -> Phrases:
    """Give the phrases of an edition.

    Args:
        tag: the edition's language.
        fallback: the network's source language, for languages without a table.
        expires: the last day on which everything in the edition holds.
    """
    return Phrases(
        language=written_in(tag, fallback),
        demo=phrase("demo", tag, fallback),
        valid_until="" if expires == NEVER else phrase("valid_until", tag, fallback, day=expires),
        synthetic_voice=phrase("synthetic_voice", tag, fallback),
        draft_voice=phrase("draft_voice", tag, fallback),
        sources=phrase("sources", tag, fallback),
    )
