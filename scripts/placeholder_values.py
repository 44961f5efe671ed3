"""Placeholders that hold their value: numbers, counted things, money, times, ordinals, days.

Figures are plain ASCII digits with a point before decimals, the same in every language, so that a
translator keeps the placeholder as it is; each language prints and says them its own way.
"""

import re
from datetime import date, time
from decimal import Decimal

from programme.units import LanguageTag
from scripts import spoken
from scripts.counted import currencies, unit_names
from scripts.currency_names import currencies_named
from scripts.late_pattern import LatePattern
from scripts.placeholder_marks import Placeholder, PlaceholderError, cut
from scripts.spoken_files import GENDERS
from scripts.spoken_numbers import LARGEST, MOST_DECIMALS
from scripts.wording import maybe_meant

WEEKDAY = "weekday"
"""The word that has a date said with its day of the week."""

_DAY = LatePattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_TIME = LatePattern(r"([0-9]{2}):([0-9]{2})\Z")
_NUMBER = LatePattern(rf"(?:0|[1-9][0-9]{{0,8}})(?:\.[0-9]{{1,{MOST_DECIMALS}}})?\Z")
_GROUPED = LatePattern(r"[0-9]{1,3}(?:[.,'\u2019_][0-9]{3}){1,2}\Z")
"""A number as people type it for readers: one language's thousand is another one's decimals."""
_AMOUNT = LatePattern(r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{2})?\Z")
_WHOLE = LatePattern(r"[1-9][0-9]{0,3}\Z")


def fill_value(mark: Placeholder, language: LanguageTag) -> tuple[str, str]:
    """Give what is read and what is said for one placeholder of VALUE_KINDS.

    Raises:
        PlaceholderError: the value is none, or the language has no words for it.
    """
    need_spoken(mark, language)
    if mark.kind == "number":
        return _fill_number(mark, language)
    if mark.kind == "money":
        return _fill_money(mark, language)
    if mark.kind == "time":
        return _fill_time(mark, language)
    if mark.kind == "ordinal":
        return _fill_ordinal(mark, language)
    return _fill_date(mark, language)


def need_spoken(mark: Placeholder, language: LanguageTag) -> None:
    """Refuse a number in a language that has no words for numbers.

    Raises:
        PlaceholderError: with what to do instead.
    """
    if spoken.speaks(language):
        return
    raise PlaceholderError(
        "spoken.language",
        f"{mark.written}: Altavoz has no words for numbers in {language}",
        f"let a speaker write the number in words as the {language} statement of a fact, and use "
        f"{{{{fact:ID}}}}; numbers are said in {', '.join(spoken.spoken_languages())}",
    )


def lacks_words(mark: Placeholder, what: str, language: LanguageTag) -> PlaceholderError:
    """Give the fault of a language that has words for numbers, but not for this."""
    return PlaceholderError(
        "spoken.word",
        f"{mark.written}: Altavoz has no words for {what} in {language}",
        "let a speaker write it in words in the sentence; docs/placeholders.md lists what is there",
    )


def no_more(mark: Placeholder, rule: str, remedy: str, *, variant: bool, word: bool) -> None:
    """Refuse what follows a slash, or a space, where the kind takes none.

    Raises:
        PlaceholderError: with what to write instead.
    """
    if mark.variant and not variant:
        raise PlaceholderError(rule, f"{cut(mark.written)}: nothing follows a slash here", remedy)
    if mark.word and not word:
        raise PlaceholderError(rule, f"{cut(mark.written)}: no word follows here", remedy)


def _fill_number(mark: Placeholder, language: LanguageTag) -> tuple[str, str]:
    if not _NUMBER.match(mark.id):
        raise PlaceholderError("placeholder.number", *_not_a_number(mark))
    number = Decimal(mark.id)
    if number == int(number):
        number = Decimal(int(number))
    if not mark.word:
        _check_gender(mark)
        said = spoken.spell_number(number, language, mark.variant)
        return spoken.print_number(number, language), said
    plain = f"{{{{number:{mark.id} {mark.word}}}}}"
    no_more(
        mark,
        "placeholder.gender",
        f"a unit brings its gender: write {plain}",
        variant=False,
        word=True,
    )
    units = unit_names()
    if mark.word not in units:
        raise PlaceholderError(
            "placeholder.unit",
            f"{cut(mark.written)}: there is no unit {cut(mark.word)}",
            _unit_meant(mark.word, language)
            + f"write the number alone and the word after it, {{{{number:{mark.id}}}}}, with /f "
            "before a feminine word; or one of " + ", ".join(units),
        )
    if not number:
        raise PlaceholderError(
            "placeholder.number",
            f"{mark.written}: nobody counts to nought",
            "say in words that there are none",
        )
    try:
        said = spoken.spell_counted(number, mark.word, language)
    except spoken.NoSpokenFormError as error:
        raise lacks_words(mark, units[mark.word], language) from error
    return spoken.print_counted(number, mark.word, language), said


def _unit_meant(word: str, language: LanguageTag) -> str:
    meant = spoken.units_by_word(language).get(word.casefold())
    return f"did you mean {meant}? " if meant else maybe_meant(word, unit_names())


def _not_a_number(mark: Placeholder) -> tuple[str, str]:
    """Give problem and remedy of what is not written as a number."""
    grouped = _GROUPED.match(mark.id)
    if grouped:
        bare = re.sub(r"[^0-9]", "", mark.id)
        return (
            f"{cut(mark.written)}: a number is written without signs between its thousands",
            f"write {{{{number:{bare}}}}}; each language prints its own signs",
        )
    return (
        f"{cut(mark.written)} is not a number that can be said",
        f"write figures up to {LARGEST}, with a point before {MOST_DECIMALS} decimals at most",
    )


def _fill_money(mark: Placeholder, language: LanguageTag) -> tuple[str, str]:
    form = "write the amount and the currency: {{money:150 USD}}, {{money:2.50 USD}}"
    no_more(mark, "placeholder.money", form, variant=False, word=True)
    known = currencies()
    if mark.word not in known:
        told = f"there is no currency {cut(mark.word)}" if mark.word else "the currency is missing"
        raise PlaceholderError(
            "placeholder.currency",
            f"{cut(mark.written)}: {told}",
            _currency_meant(mark.word, language) + "the currencies are " + ", ".join(known),
        )
    if not _AMOUNT.match(mark.id):
        raise PlaceholderError(
            "placeholder.money",
            f"{cut(mark.written)}: {cut(mark.id)} is not an amount of money",
            "write figures without signs between thousands, and two decimals or none: "
            "{{money:1500 USD}}, {{money:2.50 USD}}",
        )
    amount, currency = Decimal(mark.id), known[mark.word]
    if not amount:
        raise PlaceholderError(
            "placeholder.money", f"{mark.written}: an amount of nothing", "say that it is free"
        )
    if "." in mark.id and not currency.decimals:
        raise PlaceholderError(
            "placeholder.money",
            f"{mark.written}: a {currency.name} has no smaller coin",
            f"write a whole amount: {{{{money:{int(amount)} {mark.word}}}}}",
        )
    try:
        said = spoken.spell_money(amount, mark.word, language)
    except spoken.NoSpokenFormError as error:
        raise lacks_words(mark, f"the {currency.name}", language) from error
    return spoken.print_money(amount, mark.word, language), said


def _currency_meant(word: str, language: LanguageTag) -> str:
    known = currencies()
    named = currencies_named(word, language)
    if not named:
        return maybe_meant(word.upper(), known)
    return f"did you mean {' or '.join(f'{code} ({known[code].name})' for code in named)}? "


def _fill_time(mark: Placeholder, language: LanguageTag) -> tuple[str, str]:
    form = "write hours and minutes of the day in 24 hours: {{time:08:00}}, {{time:14:30}}"
    no_more(mark, "placeholder.time", form, variant=False, word=False)
    match = _TIME.match(mark.id)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise PlaceholderError(
            "placeholder.time", f"{cut(mark.written)} is not a time of the day", form
        )
    at = time(int(match[1]), int(match[2]))
    try:
        return spoken.print_time(at, language), spoken.spell_time(at, language)
    except spoken.NoSpokenFormError as error:
        raise lacks_words(mark, "times of the day", language) from error


def _fill_ordinal(mark: Placeholder, language: LanguageTag) -> tuple[str, str]:
    form = "write a whole number from 1: {{ordinal:3}}, {{ordinal:3/f}} before a feminine word"
    no_more(mark, "placeholder.ordinal", form, variant=True, word=False)
    if not _WHOLE.match(mark.id):
        raise PlaceholderError("placeholder.ordinal", f"{cut(mark.written)} is no ordinal", form)
    _check_gender(mark)
    try:
        said = spoken.spell_ordinal(int(mark.id), language, mark.variant)
    except spoken.NoSpokenFormError as error:
        last = spoken.last_ordinal(language)
        raise PlaceholderError(
            "spoken.word",
            f"{mark.written}: Altavoz has no word for it in {language}"
            + (f", only up to {last}" if last else ""),
            "say it otherwise, as in step number forty: {{number:40}}",
        ) from error
    return said, said


def _fill_date(mark: Placeholder, language: LanguageTag) -> tuple[str, str]:
    form = "write year, month and day as in {{date:2026-12-01}} or {{date:2026-12-01 weekday}}"
    no_more(mark, "placeholder.date", form, variant=False, word=mark.word == WEEKDAY)
    try:
        day = date.fromisoformat(mark.id) if _DAY.match(mark.id) else None
    except ValueError:
        day = None
    if day is None:
        raise PlaceholderError(
            "placeholder.date", f"{cut(mark.written)} is not a day of the calendar", form
        )
    if not mark.word:
        return spoken.print_date(day, language), spoken.spell_date(day, language)
    try:
        return spoken.print_weekday(day, language), spoken.spell_weekday(day, language)
    except spoken.NoSpokenFormError as error:
        raise lacks_words(mark, "the days of the week", language) from error


def _check_gender(mark: Placeholder) -> None:
    if mark.variant and mark.variant not in GENDERS:
        raise PlaceholderError(
            "placeholder.gender",
            f"{cut(mark.written)}: «{cut(mark.variant)}» is no gender",
            f"write /f before a feminine word, /m before a masculine one, or nothing: "
            f"{{{{{mark.kind}:{mark.id}/f}}}}",
        )
