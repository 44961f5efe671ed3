"""What to write in place of figures that somebody typed: the placeholder, ready to be copied.

Only a proposal: the person who wrote the sentence knows whether 2:30 is at night. It is asked for
when a figure was found, so it may look closely.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache

from programme.facts import Contact
from programme.units import LanguageTag
from scripts.counted import currencies
from scripts.factbook import FactBook
from scripts.placeholder_marks import PLACEHOLDER
from scripts.spoken import units_by_word
from scripts.spoken_tables import table

_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_SHORT_DAY = re.compile(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2}(?:[0-9]{2})?\Z")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[., \u00a0][0-9]{3}){1,2}\Z")
_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,5})[.,]([0-9]{1,2})\Z")
_WHOLE = re.compile(r"(?:0|[1-9][0-9]{0,5})\Z")
"""Longer ones without signs between thousands are telephone numbers more often than not."""
_HOUR = re.compile(r"[0-9]{1,2}\Z")
_HOUR_SIGN = re.compile(r"\s?h\s?(?:([0-5][0-9])\b)?(?![a-z])", re.IGNORECASE)
_HALF = re.compile(r"\s*([ap])\.?\s?m\b", re.IGNORECASE)
_ORDINAL = re.compile(r"\.?\s?([ºª°])|(?:st|nd|rd|th|er|re|ère|e|ème)\b")
_MONEY_BEFORE = re.compile(r"(?:[$€£₡]|\b[A-Z]{3})\s*\Z")
_MONEY_AFTER = re.compile(r"\s*[$€£]")
_CODE_AFTER = re.compile(r"\s*([A-Z]{3})\b")
_NOT_DIGIT = re.compile(r"[^0-9]")
_WORD = re.compile(r"[^\s.,;:!?¡¿«»\"()]+")
_MOST_WORDS = 5
"""Of a unit's or a currency's name."""


def instead_of(figure: str, line: str, language: LanguageTag, book: FactBook) -> str:
    """Say which placeholder says a figure; empty where nothing can be proposed.

    Args:
        figure: what was typed, with the signs inside it.
        line: the sentence around it, as written.
        language: of the script.
        book: where a telephone number may be found by its digits.
    """
    contacts = book.contacts_with_digits(_NOT_DIGIT.sub("", figure))
    if contacts:
        return "write " + ", or ".join(map(_phone, contacts))
    before, _, after = PLACEHOLDER.sub(" ", line).partition(figure)
    plain = "".join(str(unicodedata.decimal(c, c)) for c in figure)
    for proposal in (_time(plain, after), _day(plain)):
        if proposal:
            return proposal
    value = _value(plain)
    if value and not value.strip("0."):
        return "say in words that there are none, or that it is free"
    return _number(value, before, after, language) if value else ""


def _phone(contact: Contact) -> str:
    """Propose a contact's number; with whom it may harm, as it is copied without a look."""
    barred = f" (not for {', '.join(contact.not_for)})" if contact.not_for else ""
    return f"{{{{phone:{contact.id}}}}}{barred}"


def _time(figure: str, after: str) -> str:
    match = _TIME.match(figure)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return _bare_hour(figure, after)
    hour, minutes = int(match[1]), match[2]
    half = _HALF.match(after)
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half[1] in "pP" else 0)
    elif 1 <= hour < 12 and not match[1].startswith("0"):
        return (
            f"write {{{{time:{hour:02}:{minutes}}}}}, or {{{{time:{hour + 12}:{minutes}}}}} where "
            "it is after noon"
        )
    return f"write {{{{time:{hour:02}:{minutes}}}}}"


def _bare_hour(figure: str, after: str) -> str:
    """Propose a time for 9 h, 9h30 and 9 a. m.; 24 h is how long, never when."""
    if not _HOUR.match(figure) or int(figure) > 23:
        return ""
    half, sign = _HALF.match(after), _HOUR_SIGN.match(after)
    if half and 1 <= int(figure) <= 12:
        return _time(f"{figure}:00", after)
    if sign is None:
        return ""
    at = f"write {{{{time:{int(figure):02}:{sign[1] or '00'}}}}}"
    return at if sign[1] else f"{at}, or {{{{number:{int(figure)} hours}}}} for how long"


def _day(figure: str) -> str:
    if _DAY.match(figure):
        try:
            return f"write {{{{date:{date.fromisoformat(figure)}}}}}"
        except ValueError:
            return ""
    if _SHORT_DAY.match(figure):
        return "write year, month and day as in {{date:2026-12-01}}"
    return ""


def _value(figure: str) -> str:
    """Give the number as a placeholder writes it; empty where it is none, or could be two."""
    if _GROUPED.match(figure):
        bare = re.sub(r"[^0-9]", "", figure)
        return bare if not bare.startswith("0") else ""
    decimal = _DECIMAL.match(figure)
    if decimal:
        return f"{decimal[1]}.{decimal[2]}"
    return figure if _WHOLE.match(figure) else ""


def _number(value: str, before: str, after: str, language: LanguageTag) -> str:
    ordinal = _ORDINAL.match(after)
    if ordinal and "." not in value:
        return f"write {{{{ordinal:{value}{'/f' if ordinal[1] == 'ª' else ''}}}}}"
    if after.lstrip().startswith(("%", "٪")):
        return f"write {{{{number:{value} percent}}}}, and delete the sign"
    noun = _noun_after(after, language)
    money = _money(value, before, after, _currencies(language).get(noun, ""))
    if money:
        return money
    if noun:
        unit = units_by_word(language)[noun]
        return f"write {{{{number:{value} {unit}}}}} in place of figures and word"
    return (
        f"write {{{{number:{value}}}}}, with its unit as in {{{{number:21 days}}}}; "
        "or {{fact:ID}} for what may change; or the number in words"
    )


def _money(value: str, before: str, after: str, named: str) -> str:
    code = _CODE_AFTER.match(after)
    if code and code[1] in currencies():
        named = code[1]
    if named:
        return f"write {{{{money:{_amount(value)} {named}}}}} in place of figures and name"
    if _MONEY_BEFORE.search(before) or _MONEY_AFTER.match(after):
        return f"write the amount with its currency's code: {{{{money:{_amount(value)} USD}}}}"
    return ""


def _amount(value: str) -> str:
    whole, point, decimals = value.partition(".")
    return f"{whole}.{decimals:0<2}" if point else whole


def _noun_after(after: str, language: LanguageTag) -> str:
    """Give the longest name of a unit or currency with which the rest of the line begins."""
    words = [word.casefold() for word in _WORD.findall(after)[:_MOST_WORDS]]
    if not words or not after[:1].isspace():
        return ""
    units, money = units_by_word(language), _currencies(language)
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        if name in money or name in units:
            return name
    return ""


@cache
def _currencies(language: LanguageTag) -> Mapping[str, str]:
    words = table(language)
    return {
        form.casefold(): code
        for code, noun in (words.money.currencies.items() if words else ())
        for form in noun.words.values()
    }
