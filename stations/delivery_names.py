"""Names of a station's files: unique over all languages, another when other words are said.

``camino-breves_es-419_003_2026-11-22_v1a2b3c``: series, language, number, date, and what tells
one wording from the next. LibreTime cuts a stem at 48 characters, AzuraCast finds files by their
base name alone, and several programs never read a tag again: a corrected edition must be a new
file to them (field.md, sections 2 and 4).
"""

import re
from datetime import date

from programme.digests import digest_text
from programme.units import LanguageTag
from stations.names import MAX_STEM

MEDIA, LATEST, BY_DATE, LISTS, PAPERS = "media", "latest", "bydate", "lists", "papers"
"""Folders of a delivery."""

_VERSION = 6
"""Characters of the version: one wording in 16 million looks like another of its own edition."""
_LONGEST_LANGUAGE = 16
_OTHER = re.compile(r"[^a-z0-9]+")


def language_folder(language: LanguageTag) -> str:
    """Give a language's folder: its tag, in small letters."""
    return _OTHER.sub("-", language.lower()).strip("-")


def air_stem(series: str, language: LanguageTag, number: int, dated: date, version: str) -> str:
    """Name an edition's file, without its ending: ``[a-z0-9_-]``, at most 48 characters.

    Args:
        series: its id.
        language: its tag.
        number: of the episode.
        dated: of the episode.
        version: changes with what is said; its first six characters are used.
    """
    mark = _OTHER.sub("", version.lower())[:_VERSION] or "0"
    tail = f"_{_short(language_folder(language), _LONGEST_LANGUAGE)}"
    tail += f"_{number:03d}_{dated.isoformat()}_v{mark}"
    return _short(series, MAX_STEM - len(tail)) + tail


def latest_stem(series: str, language: LanguageTag) -> str:
    """Name what always holds the newest edition of a series in a language, without the ending."""
    tail = f"_{_short(language_folder(language), _LONGEST_LANGUAGE)}"
    return _short(series, MAX_STEM - len(tail)) + tail


def _short(text: str, longest: int) -> str:
    """Cut a name; four characters of its digest stand for what is lost, so that two stay two."""
    plain = _OTHER.sub("-", text.lower()).strip("-")
    if len(plain) <= longest:
        return plain
    return f"{plain[: longest - 5].rstrip('-')}-{digest_text(text)[:4]}"
