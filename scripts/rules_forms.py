"""Short forms and run-on lines: what a voice reads wrongly although every letter is right.

Works on a line whose placeholders were taken out, so that ids are never taken for words.
Short forms and capitals are data in data/abbreviations.toml.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from programme.units import LanguageTag

STAND_IN = "\n"
"""Takes a placeholder's place in a line; no line can hold one of its own."""

_NAME = "Xx"
"""Stands for a placeholder where sentences are looked for: it may begin one, as a name may."""

_BREAK = re.compile(r"(?<!\S)(\S*)[.!?…؟۔।።。！？][\"»”’)]*(?=\s+[¿¡«“\"‘(—–-]*\s*(\S))")
_EDGES = "\"'«»“”‘’„‹›¿¡()[],;:!?…،؛؟—–-"
_DOTTED = re.compile(r"(?:[^\W\d_]\.){2,}\Z")
_ROMAN = re.compile(r"[IVXLCDM]{2,}\Z")


@dataclass(frozen=True, slots=True)
class ShortForm:
    """A word that must be written in full."""

    written: str
    full: str
    """What to write; empty where it is not listed."""
    acronym: bool
    """Capitals, not an abbreviation."""


@dataclass(frozen=True, slots=True)
class _Forms:
    short: Mapping[str, str]
    acronyms: Mapping[str, str]
    accepted: frozenset[str]


@cache
def _forms(language: LanguageTag) -> _Forms:
    text = resources.files("scripts").joinpath("data/abbreviations.toml").read_text("utf-8")
    row = tomllib.loads(text).get(language.partition("-")[0], {})
    return _Forms(
        short=row.get("short", {}),
        acronyms=row.get("acronyms", {}),
        accepted=frozenset(row.get("accepted", ())),
    )


def short_forms(line: str, language: LanguageTag) -> Iterator[ShortForm]:
    """Give the abbreviations and the words in capitals of a line, once each."""
    for word in dict.fromkeys(line.split()):
        found = _short_form(word, language)
        if found is not None:
            yield found


@lru_cache(maxsize=65536)
def _short_form(word: str, language: LanguageTag) -> ShortForm | None:
    """Judge one word; texts repeat their words, so answers are kept."""
    forms = _forms(language)
    bare = word.strip(_EDGES)
    full = forms.short.get(bare.lower())
    if full is not None:
        return ShortForm(written=bare, full=full, acronym=False)
    if not bare[:1].isupper() or not (_is_capitals(bare) or _DOTTED.match(bare)):
        return None
    core = bare.rstrip(".")
    if core in forms.accepted:
        return None
    full = forms.acronyms.get(bare) or forms.acronyms.get(core, "")
    if not full and _ROMAN.match(core):
        full = "the number as a word"
    return ShortForm(written=bare if _DOTTED.match(bare) else core, full=full, acronym=True)


def _is_capitals(bare: str) -> bool:
    """Tell whether a word is an acronym: two capitals or more, perhaps a plural s."""
    core = bare.rstrip(".")
    if core.endswith("s") and len(core) > 2:
        core = core[:-1]
    return len(core) > 1 and core.isupper() and core.isalpha()


def second_sentence(line: str, language: LanguageTag) -> str:
    """Give the beginning of a second sentence on the line; empty when there is only one.

    Knows abbreviations (Sr. Pérez) and initials (J. Pérez). Letters without case, as in Arabic,
    begin a sentence after any full stop.
    """
    if not any(mark in line for mark in ".!?…؟۔।።。！？"):
        return ""
    forms = _forms(language)
    text = line.replace(STAND_IN, _NAME)
    for match in _BREAK.finditer(text):
        word, first = match[1].strip(_EDGES), match[2]
        ended_by_dot = text[match.end(1)] == "."
        if ended_by_dot and (len(word) == 1 or _takes_dot(word, forms)):
            continue
        if first.isalpha() and not first.islower():
            return text[match.start(2) :].replace(_NAME, "{{…}}")[:40].rstrip()
    return ""


def _takes_dot(word: str, forms: _Forms) -> bool:
    """Tell whether a full stop after the word belongs to it."""
    return f"{word.lower()}." in forms.short or f"{word}." in forms.acronyms
