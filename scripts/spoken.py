"""Numbers, telephone numbers and dates as they are said, and as they are printed.

Telephone numbers are said digit by digit in the groups that the contact stores, with a pause
between groups: no voice and no library groups them rightly. The words come from data/spoken/.
"""

from datetime import date

from programme.facts import Phone
from programme.languages import language as known_language
from programme.units import LanguageTag
from scripts.spoken_tables import SpokenTable, languages, table

_LRI, _PDI = "\u2066", "\u2069"
"""Left-to-right isolate and its end (Unicode UAX 9): without them the groups of a telephone
number change places on a right-to-left page."""


class NoSpokenFormError(LookupError):
    """A language has no words for numbers here.

    Ask ``speaks`` first; whoever calls without asking has a bug.
    """


def speaks(language: LanguageTag) -> bool:
    """Tell whether numbers and dates can be said in a language."""
    return table(language) is not None


def spoken_languages() -> tuple[LanguageTag, ...]:
    """Give the tags that have words for numbers, for messages."""
    return languages()


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


def print_phone(phone: Phone, language: LanguageTag) -> str:
    """Give a telephone number as printed, isolated where the text runs from right to left."""
    if _runs_left(language):
        return f"{_LRI}{phone.display}{_PDI}"
    return phone.display


def spell_number(number: int, language: LanguageTag) -> str:
    """Say a whole number from 0 to 9999.

    Raises:
        NoSpokenFormError: the language has no words for numbers.
        ValueError: the number is outside 0 to 9999.
    """
    if not 0 <= number <= 9999:
        raise ValueError(f"outside 0 to 9999: {number}")
    words = _words(language).numbers
    thousands, rest = divmod(number, 1000)
    if not thousands:
        return _under_thousand(rest, language)
    head = words.thousands[thousands - 1]
    if not rest:
        return head
    short = rest < 100 or rest % 100 == 0
    joint = words.after_thousands_short if short else words.after_thousands
    return head + joint + _under_thousand(rest, language)


def spell_date(day: date, language: LanguageTag) -> str:
    """Say a full date, as it stands after the article or preposition of its sentence."""
    dates = _words(language).dates
    return _fill(
        dates.spoken_date,
        day=dates.days[day.day - 1],
        month=dates.months[day.month - 1],
        year=spell_year(day.year, language),
    )


def spell_month(day: date, language: LanguageTag) -> str:
    """Say the month and year of a date."""
    dates = _words(language).dates
    return _fill(
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
        return _fill(pairs.round, century=head)
    if rest < 10:
        return _fill(pairs.below_ten, century=head, rest=tail)
    return f"{head} {tail}"


def print_date(day: date, language: LanguageTag) -> str:
    """Give a full date as a reader expects it, with figures."""
    dates = _words(language).dates
    return _fill(
        dates.printed_date,
        day=dates.printed_first if day.day == 1 else str(day.day),
        month=dates.months[day.month - 1],
        year=str(day.year),
    )


def print_month(day: date, language: LanguageTag) -> str:
    """Give the month and year of a date as a reader expects them."""
    dates = _words(language).dates
    return _fill(dates.printed_month, month=dates.months[day.month - 1], year=str(day.year))


def _under_thousand(number: int, language: LanguageTag) -> str:
    words = _words(language).numbers
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return words.under_hundred[rest]
    if not rest:
        return words.exact_hundreds[hundreds - 1]
    return words.hundreds[hundreds - 1] + words.after_hundreds + words.under_hundred[rest]


def _words(language: LanguageTag) -> SpokenTable:
    found = table(language)
    if found is None:
        raise NoSpokenFormError(language)
    return found


def _runs_left(language: LanguageTag) -> bool:
    try:
        return known_language(language).rtl
    except KeyError:
        return False


def _fill(pattern: str, **parts: str) -> str:
    for name, part in parts.items():
        pattern = pattern.replace(f"{{{name}}}", part)
    return pattern
