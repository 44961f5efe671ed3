"""Counted things: twenty-one days, a million people, two and a half kilometres, amounts of money.

A noun takes the form that its number asks for, and the number the gender of its noun. What may be
counted is the same list for every language, data/counted.toml, so that a translator keeps the
placeholder as it is; how it is said is in each language's table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from programme.tables import package_file, read_toml
from scripts.spoken_numbers import fill, print_number, spell_decimal, spell_whole, splits
from scripts.spoken_words import Noun, SpokenTable

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """One currency of the list."""

    code: str
    """ISO 4217."""
    name: str
    decimals: int
    """2, or 0 where nothing smaller is in use."""


@cache
def unit_names() -> Mapping[str, str]:
    """Give the units that a script may count, by id, with what each is in English."""
    return MappingProxyType(dict(_lists()["units"]))


@cache
def currencies() -> Mapping[str, Currency]:
    """Give the currencies that a script may name, by code."""
    rows = _lists()["currencies"]
    return MappingProxyType(
        {
            code: Currency(code=code, name=str(row["name"]), decimals=int(row["decimals"]))
            for code, row in rows.items()
        }
    )


def spell_counted(number: Decimal, noun: Noun, words: SpokenTable) -> str:
    """Say a number, not 0, of a thing.

    Raises:
        ValueError: the number is larger than numbers are said.
    """
    whole = int(number)
    if number != whole or not noun.gender:
        said = spell_decimal(number, words)
        return f"{said} {noun.words[words.plural.category(number)]}"
    if splits(whole, words):
        head = spell_counted(Decimal(whole - whole % 100), noun, words)
        return head + words.numbers.between + spell_counted(Decimal(whole % 100), noun, words)
    category = words.plural.category(number)
    if category in words.alone:
        return noun.words[category]
    said = spell_whole(whole, words, noun.gender)
    return said + _before_noun(whole, noun, words) + noun.words[category]


def print_counted(number: Decimal, noun: Noun, words: SpokenTable) -> tuple[str, str]:
    """Give figures, and what stands after them; the figures are empty where none are written."""
    category = words.plural.category(number)
    if noun.gender and category in words.alone and number == int(number):
        return "", noun.words[category]
    figures = print_number(number, words)
    if category in noun.printed:
        return figures, noun.printed[category]
    return figures, _before_noun(int(number), noun, words) + noun.words[category]


def spell_money(amount: Decimal, code: str, words: SpokenTable) -> str:
    """Say an amount of money, larger than 0, of a currency that the table has.

    Raises:
        KeyError: the table has not this currency, or no hundredth of it where there are any.
        ValueError: the amount is larger than numbers are said.
    """
    money = words.money
    currency = money.currencies[code]
    whole = int(amount)
    hundredths = int((amount - whole) * 100)
    if not hundredths:
        return spell_counted(Decimal(whole), currency, words)
    minor = spell_counted(Decimal(hundredths), money.minors[code], words)
    if not whole:
        one = currency.words[words.plural.category(Decimal(1))]
        of = currency.after_million or words.numbers.after_million
        return fill(money.only_minor, minor=minor, of=of, currency=one)
    major = spell_counted(Decimal(whole), currency, words)
    return fill(money.with_minor, major=major, minor=minor)


def _before_noun(whole: int, noun: Noun, words: SpokenTable) -> str:
    if whole and whole % _MILLION == 0:
        return noun.after_million or words.numbers.after_million
    return " "


@cache
def _lists() -> Mapping[str, Any]:
    return read_toml(package_file("scripts", "data/counted.toml"))
