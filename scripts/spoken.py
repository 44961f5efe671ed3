"""Numbers, telephone numbers, money, times and dates as they are said, and as they are printed.

Telephone numbers are said digit by digit in the groups that the contact stores, with a pause
between groups: no voice and no library groups them rightly. The words come from data/spoken/.
"""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from functools import lru_cache

from programme.facts import Phone
from programme.languages import language as known_language
from programme.units import LanguageTag
from scripts import counted, spoken_numbers, spoken_times
from scripts.spoken_numbers import fill
from scripts.spoken_tables import languages, table
from scripts.spoken_words import Noun, SpokenTable, TimeWords

_LRI, _PDI = "\u2066", "\u2069"
"""Left-to-right isolate and its end (Unicode UAX 9): without them the groups of a telephone
number change places on a right-to-left page."""


class NoSpokenFormError(LookupError):
    """A language has no words for numbers here, or lacks the one that is asked for."""


def speaks(language: LanguageTag) -> bool:
    """Tell whether numbers and dates can be said in a language."""
    return table(language) is not None


def spoken_languages() -> tuple[LanguageTag, ...]:
    """Give the tags that have words for numbers, for messages."""
    return languages()


@lru_cache(maxsize=4096)
def spell_phone(phone: Phone, language: LanguageTag) -> str:
    """Say a telephone number digit by digit, a comma between its groups.

    Raises:
        NoSpokenFormError: the language has no words for digits.
        ValueError: a group holds anything but the digits 0 to 9, or there is none.
    """
    words = _words(language)
    groups = phone.groups
    if not groups or not all(group.isascii() and group.isdecimal() for group in groups):
        raise ValueError(f"not groups of digits: {groups!r}")
    return words.group_pause.join(
        " ".join(words.digits[int(digit)] for digit in group) for group in groups
    )


def spell_phone_twice(phone: Phone, language: LanguageTag) -> str:
    """Say a telephone number, announce that it is said again, and say it again.

    Raises:
        NoSpokenFormError: the language has no words for that.
        ValueError: as for spell_phone.
    """
    pattern = _words(language).twice
    if not pattern:
        raise NoSpokenFormError(language)
    return fill(pattern, number=spell_phone(phone, language))


def print_phone(phone: Phone, language: LanguageTag) -> str:
    """Give a telephone number as printed, isolated where the text runs from right to left."""
    return _isolated(phone.display, language)


def spell_number(number: Decimal | int, language: LanguageTag, gender: str = "") -> str:
    """Say a number from 0 to 999,999,999.

    Args:
        number: whole, or with decimals as they are to be read.
        language: whose words.
        gender: m, f or n right before a noun of that gender; empty as one counts. A language
            without genders says the same for all, and decimals do not agree.

    Raises:
        NoSpokenFormError: the language has no words for numbers.
        ValueError: the number is outside 0 to 999,999,999.
    """
    words = _words(language)
    if number == int(number):
        return spoken_numbers.spell_whole(int(number), words, gender or "plain")
    return spoken_numbers.spell_decimal(Decimal(number), words)


def print_number(number: Decimal | int, language: LanguageTag) -> str:
    """Give a number in figures."""
    return _isolated(spoken_numbers.print_number(Decimal(number), _words(language)), language)


@lru_cache(maxsize=1024)
def spell_counted(number: Decimal, unit: str, language: LanguageTag) -> str:
    """Say a number, not 0, of one of the units of data/counted.toml.

    Raises:
        NoSpokenFormError: the language has no words for numbers, or not for this unit.
        ValueError: the number is larger than 999,999,999.
    """
    words = _words(language)
    return counted.spell_counted(number, _noun(words.units.get(unit), language), words)


def print_counted(number: Decimal, unit: str, language: LanguageTag) -> str:
    """Give a number of things in figures, with their name."""
    words = _words(language)
    return _print(number, _noun(words.units.get(unit), language), language)


@lru_cache(maxsize=1024)
def spell_money(amount: Decimal, currency: str, language: LanguageTag) -> str:
    """Say an amount of money, more than 0, with its currency's full name.

    Raises:
        NoSpokenFormError: the language has no words for numbers, or not for this currency.
        ValueError: the amount is larger than 999,999,999.
    """
    words = _words(language)
    _noun(words.money.currencies.get(currency), language)
    if amount != int(amount):
        _noun(words.money.minors.get(currency), language)
    return counted.spell_money(amount, currency, words)


def print_money(amount: Decimal, currency: str, language: LanguageTag) -> str:
    """Give an amount in figures, with its currency's full name: a sign would be anybody's peso."""
    shown = Decimal(int(amount)) if amount == int(amount) else amount
    noun = _noun(_words(language).money.currencies.get(currency), language)
    return _print(shown, noun, language)


@lru_cache(maxsize=64)
def units_by_word(language: LanguageTag) -> Mapping[str, str]:
    """Give the unit that each word of a language means, in any of its forms, case folded."""
    words = table(language)
    return {
        form.casefold(): unit
        for unit, noun in (words.units.items() if words else ())
        for form in noun.words.values()
    }


def spell_time(at: time, language: LanguageTag) -> str:
    """Say a time of day, with the part of the day.

    Raises:
        NoSpokenFormError: the language has no words for times.
    """
    words = _words(language)
    return spoken_times.spell_time(at, words, _times(language))


def print_time(at: time, language: LanguageTag) -> str:
    """Give a time of day in figures."""
    figures, pattern = spoken_times.print_time(at, _times(language))
    return fill(pattern, figures=_isolated(figures, language))


def spell_ordinal(number: int, language: LanguageTag, gender: str = "") -> str:
    """Say third, and so on; it is printed in the same words.

    Raises:
        NoSpokenFormError: the language has no words for ordinals up to this one; see
            last_ordinal.
    """
    known = _words(language).ordinals.get(gender or "plain", ())
    if not 1 <= number <= len(known):
        raise NoSpokenFormError(language)
    return known[number - 1]


def last_ordinal(language: LanguageTag) -> int:
    """Give the largest ordinal that a language has a word for; 0 where it has none."""
    return len(_words(language).ordinals.get("plain", ()))


def spell_date(day: date, language: LanguageTag) -> str:
    """Say a full date, as it stands after the article or preposition of its sentence."""
    dates = _words(language).dates
    return fill(
        dates.spoken_date,
        day=dates.days[day.day - 1],
        month=dates.months[day.month - 1],
        year=spell_year(day.year, language),
    )


def spell_weekday(day: date, language: LanguageTag) -> str:
    """Say a full date with its day of the week.

    Raises:
        NoSpokenFormError: the language has no words for the days of the week.
    """
    said = spell_date(day, language)
    return fill(_words(language).dates.spoken_weekday, weekday=_weekday(day, language), date=said)


@lru_cache(maxsize=1024)
def spell_month(day: date, language: LanguageTag) -> str:
    """Say the month and year of a date."""
    dates = _words(language).dates
    return fill(
        dates.spoken_month,
        month=dates.months[day.month - 1],
        year=spell_year(day.year, language),
    )


def spell_year(year: int, language: LanguageTag) -> str:
    """Say a year, in pairs where the language does so (nineteen ninety-nine)."""
    pairs = _words(language).year_pairs
    if pairs is None or not pairs.first <= year <= pairs.last:
        return spell_number(year, language)
    century, rest = divmod(year, 100)
    head, tail = spell_number(century, language), spell_number(rest, language)
    if rest == 0:
        return fill(pairs.round, century=head)
    if rest < 10:
        return fill(pairs.below_ten, century=head, rest=tail)
    return f"{head} {tail}"


def print_date(day: date, language: LanguageTag) -> str:
    """Give a full date as a reader expects it, with figures."""
    dates = _words(language).dates
    return fill(
        dates.printed_date,
        day=dates.printed_first if day.day == 1 else str(day.day),
        month=dates.months[day.month - 1],
        year=str(day.year),
    )


def print_weekday(day: date, language: LanguageTag) -> str:
    """Give a full date with its day of the week, as a reader expects it."""
    shown = print_date(day, language)
    dates = _words(language).dates
    return fill(dates.printed_weekday, weekday=_weekday(day, language), date=shown)


def print_month(day: date, language: LanguageTag) -> str:
    """Give the month and year of a date as a reader expects them."""
    dates = _words(language).dates
    return fill(dates.printed_month, month=dates.months[day.month - 1], year=str(day.year))


def _print(number: Decimal, noun: Noun, language: LanguageTag) -> str:
    figures, after = counted.print_counted(number, noun, _words(language))
    return (_isolated(figures, language) if figures else "") + after


def _weekday(day: date, language: LanguageTag) -> str:
    weekdays = _words(language).dates.weekdays
    if not weekdays:
        raise NoSpokenFormError(language)
    return weekdays[day.weekday()]


def _words(language: LanguageTag) -> SpokenTable:
    found = table(language)
    if found is None:
        raise NoSpokenFormError(language)
    return found


def _times(language: LanguageTag) -> TimeWords:
    found = _words(language).times
    if found is None:
        raise NoSpokenFormError(language)
    return found


def _noun(noun: Noun | None, language: LanguageTag) -> Noun:
    if noun is None:
        raise NoSpokenFormError(language)
    return noun


def _isolated(figures: str, language: LanguageTag) -> str:
    """Keep figures in their order where the text runs from right to left."""
    try:
        rtl = known_language(language).rtl
    except KeyError:
        rtl = False
    return f"{_LRI}{figures}{_PDI}" if rtl else figures
