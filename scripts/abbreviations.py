"""The built-in short forms and pronunciations: data/abbreviations.toml and data/lexicon/."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from programme.tables import package_file, read_toml
from scripts.word_table import Habits


@dataclass(frozen=True, slots=True, kw_only=True)
class Builtin:
    """One built-in entry, as scripts.lexicon.Pronunciation describes it."""

    written: str
    say: str = ""
    one: str = ""
    voices: tuple[str, ...] = ()
    kind: str
    exact: bool = False
    full: tuple[str, ...] = ()


@cache
def builtin_entries(base: str) -> tuple[Builtin, ...]:
    """Give every built-in entry of a language, named by its two or three letters."""
    return (*_short_forms(base), *_pronunciations(base))


@cache
def habits_of(base: str) -> Habits:
    """Give how words lean on one another in a language."""
    row = _rows().get(base, {})
    return Habits(
        ones=frozenset(row.get("ones", ())),
        elisions=tuple(row.get("elisions", ())),
        endings=tuple(row.get("endings", ())),
        accepted=frozenset(row.get("accepted", ())),
    )


@cache
def letter_names(base: str) -> Mapping[str, str]:
    """Give the names of the capital letters in a language; empty where they are not listed."""
    return MappingProxyType(dict(_rows().get(base, {}).get("letters", {})))


def spelled(letters: str, base: str) -> str:
    """Give capitals as the names of their letters, with spaces between.

    Raises:
        KeyError: a letter has no listed name in the language.
    """
    names = letter_names(base)
    return " ".join(names[letter] for letter in letters if letter not in ". ")


def _short_forms(base: str) -> Iterator[Builtin]:
    row = _rows().get(base, {})
    for written, given in row.get("short", {}).items():
        entry = {"say": given} if isinstance(given, str) else given
        yield Builtin(
            written=written,
            say=entry.get("say", ""),
            one=entry.get("one", ""),
            kind="abbreviation",
            full=(entry["write"],) if "write" in entry else (),
        )
    for written, entry in row.get("acronyms", {}).items():
        full = entry.get("full", ())
        yield Builtin(
            written=written,
            say=entry["say"] if "say" in entry else spelled(entry.get("letters", written), base),
            kind="acronym",
            exact=True,
            full=(full,) if isinstance(full, str) else tuple(full),
        )


def _pronunciations(base: str) -> Iterator[Builtin]:
    file = package_file("scripts", f"data/lexicon/{base}.toml")
    if not file.is_file():
        return
    for voice, words in read_toml(file).items():
        for written, say in words.items():
            voices = () if voice == "everybody" else (voice,)
            yield Builtin(written=written, say=say, voices=voices, kind="name")


@cache
def _rows() -> Mapping[str, Any]:
    file = package_file("scripts", "data/abbreviations.toml")
    return MappingProxyType(read_toml(file))
