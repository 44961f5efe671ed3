"""The words in which one language says numbers, times, money and dates, as values.

They come from data/spoken/, one file for each language, whose form scripts/spoken_files.py tells.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from scripts.plural_rules import PluralRules


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberForm:
    """Words for 0 to 999 where a number stands in one place: alone, or before a kind of noun."""

    under_hundred: tuple[str, ...]
    hundreds: tuple[str, ...]
    """One hundred to nine hundred, with more words after them."""
    exact_hundreds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How thousands or millions are said, by the plural category of how many there are."""

    said: Mapping[str, str]
    """Patterns with {count}, or whole words, such as mil and ألفين."""
    before_noun: Mapping[str, str]
    """What differs when the counted noun follows at once, such as ألفي."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberWords:
    """Everything that whole numbers and decimals take."""

    forms: Mapping[str, NumberForm]
    """``plain`` always; ``m``, ``f``, ``n`` before a noun of a gender; ``thousand`` and
    ``thousand_f`` before the word for thousand, ``million`` before that for million."""
    after_hundreds: str
    between: str
    """Joins millions, thousands and the rest."""
    between_short: str
    """The same before a last part that is below a hundred or whole hundreds (Portuguese)."""
    thousand: Scale
    million: Scale
    apart: bool
    """Whether 101 and 102 things are said as a hundred of them and one, and two (Arabic)."""
    after_million: str
    """Between whole millions and their noun: a space, or the word of (a million of people)."""
    decimals: str
    """Pattern with {whole} and {decimals}."""
    decimals_as_number: bool
    """Whether decimals are said as a number (point seventy-five), not digit by digit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How numbers are printed."""

    group: str
    group_from: int
    """The smallest number whose thousands are set apart."""
    decimal_sign: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """One thing that is counted."""

    gender: str
    """m, f or n; empty where the number is said as if it stood alone."""
    words: Mapping[str, str]
    """By plural category. Where the language says a category without its numeral, the word says
    how many: يومين."""
    printed: Mapping[str, str]
    """What is printed after figures where it is not the word, such as %; the sign brings its own
    space."""
    after_million: str
    """In place of the language's own; empty for most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyWords:
    """Currencies, their hundredths, and how the two are joined."""

    currencies: Mapping[str, Noun]
    minors: Mapping[str, Noun]
    """By currency."""
    with_minor: str
    """Pattern with {major} and {minor}."""
    only_minor: str
    """Pattern with {minor} and {currency}, for less than one; {of} is what stands between millions
    and the currency, where that depends on the currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWords:
    """Times of day, with the part of the day so that nobody takes two for fourteen."""

    hours: tuple[str, ...]
    """Hour 0 to 23."""
    parts: tuple[str, ...]
    """What is said of the part of the day, hour 0 to 23; may be empty."""
    exact: str
    minutes: str
    """Pattern with {hour}, {minutes}, {part}; so are the next ones."""
    below_ten: str
    at: Mapping[str, str]
    """Patterns for minutes of their own, such as 15 and 30."""
    special: Mapping[str, str]
    """Whole words for noon and midnight, by 12:00 and 00:00."""
    minute_form: str
    """Form in which the minutes are said; empty where they are counted as minutes (Arabic)."""
    printed: str
    """Pattern with {figures}."""
    printed_one: str
    """The same where the hour is 1, as printed."""
    figures: str
    """Pattern with {h24}, {hh}, {h12}, {mm} and {half}."""
    figures_exact: str
    halves: tuple[str, str]
    """a.m. and p.m., where they are printed."""
    printed_special: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWords:
    """Words and patterns for dates."""

    months: tuple[str, ...]
    days: tuple[str, ...]
    weekdays: tuple[str, ...]
    """Monday first; empty where the language has none yet."""
    spoken_date: str
    spoken_month: str
    spoken_weekday: str
    printed_date: str
    printed_month: str
    printed_weekday: str
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
    twice: str
    """Pattern with {number} for a telephone number said twice; empty where there is none yet."""
    plural: PluralRules
    numbers: NumberWords
    figures: Figures
    alone: frozenset[str]
    """Plural categories that are said without a numeral (Arabic one and two)."""
    units: Mapping[str, Noun]
    money: MoneyWords
    times: TimeWords | None
    """None where the language has none yet; so are the next ones."""
    ordinals: Mapping[str, tuple[str, ...]]
    """By form: plain, m, f, n; each from first onwards."""
    dates: DateWords
    year_pairs: YearPairs | None
    """None where years are said like any number."""
