"""What kits and pages for recordings say to people, by language.

Data in take_kit.toml and take_review.toml.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from programme.languages import language
from programme.tables import package_file, read_toml
from programme.units import LanguageTag

Words = str | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KitWords:
    """The words of one language."""

    language: LanguageTag
    """Primary subtag of the language that they are in."""
    table: Mapping[str, Words]

    def __call__(self, key: str, **values: object) -> str:
        """Give one text with its values in place."""
        text = self.table[key]
        if not isinstance(text, str):
            raise TypeError(key)
        return text.format(**values)

    def several(self, key: str) -> tuple[str, ...]:
        """Give the texts of a list."""
        texts = self.table[key]
        if isinstance(texts, str):
            raise TypeError(key)
        return texts

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        return language(self.language).direction

    def plain(self) -> dict[str, str]:
        """Give every text but the lists, for a page's own program."""
        return {key: text for key, text in self.table.items() if isinstance(text, str)}


KIT = "take_kit.toml"
REVIEW = "take_review.toml"


@cache
def _tables(file: str) -> Mapping[str, Mapping[str, Words]]:
    return MappingProxyType(
        {
            tag: MappingProxyType(
                {k: v if isinstance(v, str) else tuple(v) for k, v in table.items()}
            )
            for tag, table in read_toml(package_file("production.takes", file)).items()
        }
    )


def languages_of_words(file: str = KIT) -> tuple[str, ...]:
    """Give the primary subtags that there are words in."""
    return tuple(_tables(file))


def page_words(file: str, reader: LanguageTag, producer: LanguageTag) -> tuple[KitWords, ...]:
    """Give the words for whoever reads, then for whoever hands over a kit or page.

    One of the two where they are the same or one has none; English where both have none.
    Nothing is invented: a reader of K'iche' gets the producer's Spanish.
    """
    tables = _tables(file)
    found = dict.fromkeys(
        base for tag in (reader, producer) if (base := tag.partition("-")[0]) in tables
    )
    return tuple(
        KitWords(language=LanguageTag(base), table=tables[base]) for base in found or ("en",)
    )


def language_name(tag: LanguageTag, words: KitWords) -> str:
    """Give a language's name for readers of some words: in Spanish, English, or its own."""
    known = language(tag)
    if words.language == "es":
        return known.spanish
    return known.english if words.language == "en" else known.endonym
