"""The few words of the pages themselves, by language; data in labels.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from programme.languages import language
from programme.tables import package_file, read_toml
from programme.units import LanguageTag


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The words of one language, and how its lines run."""

    tag: LanguageTag
    direction: str
    """``ltr`` or ``rtl``."""
    endonym: str
    words: Mapping[str, str]
    foreign: bool
    """Whether the words are English because there are none in this language."""


@cache
def labels(tag: LanguageTag) -> Labels:
    """Give the words for a language.

    Raises:
        KeyError: the language is not listed in languages.toml.
    """
    known = language(tag)
    rows = _rows()
    own = rows.get(tag.partition("-")[0])
    return Labels(
        tag=tag,
        direction="rtl" if known.rtl else "ltr",
        endonym=known.endonym,
        words=own or rows["en"],
        foreign=own is None,
    )


@cache
def _rows() -> Mapping[str, Mapping[str, str]]:
    return read_toml(package_file("feeds", "labels.toml"))
