"""The words of numbers and dates, language by language; one file each in data/spoken/.

A file is named for a BCP 47 tag and holds words only, no grammar in code:

``digits``
    0 to 9 as said one by one in a telephone number.
``group_pause``
    What stands between two groups of a telephone number: a comma, where a voice pauses.
``year_pairs``, ``year_pairs_round``, ``year_pairs_below_ten``
    Optional: first and last year said in pairs (nineteen ninety-nine), and the patterns for
    nineteen hundred and nineteen oh five.
``[numbers]``
    ``under_hundred``: 0 to 99. ``hundreds``: 100 to 900 before more words, ``exact_hundreds``
    alone. ``thousands``: 1000 to 9000. ``after_hundreds`` and ``after_thousands`` join what
    follows; ``after_thousands_short`` joins what is below 100 or whole hundreds (Portuguese).
``[dates]``
    ``months``; ``days``: 1 to 31 as said in a date; patterns with {day}, {month}, {year} for
    what is said and what is printed; ``printed_first``: how the first of a month is printed.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from programme.units import LanguageTag


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberWords:
    """Words for 0 to 9999; see the module's docstring."""

    under_hundred: tuple[str, ...]
    hundreds: tuple[str, ...]
    exact_hundreds: tuple[str, ...]
    thousands: tuple[str, ...]
    after_hundreds: str
    after_thousands: str
    after_thousands_short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWords:
    """Words and patterns for dates."""

    months: tuple[str, ...]
    days: tuple[str, ...]
    spoken_date: str
    spoken_month: str
    printed_date: str
    printed_month: str
    printed_first: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPairs:
    """Years that are said as two numbers, as English does before 2000."""

    first: int
    last: int
    round: str
    below_ten: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenTable:
    """All words of one language for numbers and dates."""

    digits: tuple[str, ...]
    group_pause: str
    numbers: NumberWords
    dates: DateWords
    year_pairs: YearPairs | None
    """None where years are said like any number."""


@cache
def languages() -> tuple[LanguageTag, ...]:
    """Give the tags that have spoken forms, sorted."""
    names = (entry.name for entry in resources.files("scripts").joinpath("data/spoken").iterdir())
    return tuple(sorted(LanguageTag(n.removesuffix(".toml")) for n in names if n.endswith(".toml")))


@cache
def table(language: LanguageTag) -> SpokenTable | None:
    """Give the words for a tag: its own, else those of its language (es for es-419).

    None where there are none: another language's words are never taken.
    """
    known = languages()
    for tag in (language, LanguageTag(language.partition("-")[0])):
        if tag in known:
            return _load(tag)
    return None


def _load(tag: LanguageTag) -> SpokenTable:
    path = resources.files("scripts").joinpath(f"data/spoken/{tag}.toml")
    data: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    pairs = None
    if "year_pairs" in data:
        first, last = data["year_pairs"]
        pairs = YearPairs(
            first=first,
            last=last,
            round=data["year_pairs_round"],
            below_ten=data["year_pairs_below_ten"],
        )
    return SpokenTable(
        digits=tuple(data["digits"]),
        group_pause=data["group_pause"],
        numbers=NumberWords(**_frozen(data["numbers"])),
        dates=DateWords(**_frozen(data["dates"])),
        year_pairs=pairs,
    )


def _frozen(section: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: tuple(value) if isinstance(value, list) else value for key, value in section.items()
    }
