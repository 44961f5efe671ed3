"""Reads data/spoken/: how one language says numbers, times, money and dates.

A file is named for a BCP 47 tag and holds words only; a language is added by writing one. Every
fault of a file is told at once. Patterns have their parts in braces. What is optional may be left
out: a script that asks for it is then told so, and no other language takes its place.

``digits``
    0 to 9 as said one by one in a telephone number. ``group_pause``: what stands between two
    groups of it. ``twice`` (optional): pattern with {number} for saying it twice.
``year_pairs``, ``year_pairs_round``, ``year_pairs_below_ten``
    Optional: first and last year said in pairs (nineteen ninety-nine), and the patterns for
    nineteen hundred and nineteen oh five.
``[plural]``
    The CLDR plural rules of the language without other, see scripts/plural_rules.py; empty where
    nouns do not change.
``[figures]``
    How numbers are printed: ``group`` between thousands, ``group_from`` which number on,
    ``decimal_sign``.
``[numbers]``
    ``under_hundred``: 0 to 99 as counted. ``hundreds``: 100 to 900 before more words,
    ``exact_hundreds`` alone. ``after_hundreds`` and ``between`` join what follows hundreds, and
    thousands or millions; ``between_short`` (optional) joins a last part that is below 100 or
    whole hundreds. ``decimals``: pattern with {whole}, {decimals}; ``decimals_as``: number or
    digits. ``after_million``: between whole millions and a noun. ``apart`` (optional): true where
    101 and 102 things are said as a hundred of them and one, and two. ``alone`` (optional): plural
    categories said without a numeral, because the noun says how many.
``[numbers.forms.NAME]``
    What differs from counting in one place: NAME is m, f, n (before a noun of that gender),
    thousand, thousand_f (before the word for thousand, with a feminine noun to follow), million.
    ``under_hundred`` by number, ``hundreds`` and ``exact_hundreds`` by hundred (2 for 200);
    ``like`` (optional) names the form that it begins from.
``[numbers.thousand]``, ``[numbers.million]``
    By plural category of the count: whole words, or a pattern with {count}. ``before_noun``
    (optional): what differs when a noun follows at once.
``[units.ID]``, ``[currencies.CODE]``, ``[minors.NAME]``
    Nouns: ``gender`` (m, f, n, or empty where the number is said as if alone), and a word for each
    plural category; ``all`` where they are the same. Optional: ``after_million``; ``printed``, a
    sign for print. A currency names its ``minor``. Ids stand in data/counted.toml.
``[money]``
    ``with_minor``: {major}, {minor}. ``only_minor``: {minor}, {currency}; {of} (optional) is
    what stands between millions and the currency: centimes d’euro.
``[times]`` (optional)
    The fields of TimeWords in scripts/spoken_words.py.
``[ordinals]`` (optional)
    ``plain``: first and onwards, as many as the language has words for; ``f``, ``m``, ``n``: lists
    as long, or tables of what differs.
``[dates]``
    ``months``; ``days``: 1 to 31 as said in a date; patterns with {day}, {month}, {year} for what
    is said and what is printed; ``printed_first``: how the first of a month is printed. Optional:
    ``weekdays`` from Monday, patterns with {weekday} and {date}.
"""

import tomllib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from scripts.plural_rules import CATEGORIES, PluralRuleError, PluralRules, parse_rules
from scripts.spoken_shelf import Shelf, SpokenFileError
from scripts.spoken_words import (
    DateWords,
    Figures,
    MoneyWords,
    Noun,
    NumberForm,
    NumberWords,
    Scale,
    SpokenTable,
    TimeWords,
    YearPairs,
)

GENDERS = ("m", "f", "n")
"""What a number or an ordinal may agree with."""

_FORMS = ("m", "f", "n", "thousand", "thousand_f", "million")
_FALLS_TO = {"thousand_f": "thousand"}
"""The form that stands in for one that a language does not have; else plain."""


def read_table(text: str, file: str) -> SpokenTable:
    """Read one file.

    Args:
        text: the file's TOML.
        file: what to call it in messages.

    Raises:
        SpokenFileError: the file is no TOML, or something is lacking or wrong; says all of it.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SpokenFileError(file, [str(error)]) from error
    return table_of(data, file)


def table_of(data: dict[str, Any], file: str) -> SpokenTable:
    """Give what the TOML of a file holds.

    Raises:
        SpokenFileError: something is lacking or wrong; says all of it.
    """
    top = Shelf(data, faults=[])
    made = _table(top)
    if top.faults:
        raise SpokenFileError(file, top.faults)
    return made


def _table(top: Shelf) -> SpokenTable:
    plural = _plural(top)
    numbers = top.section("numbers")
    ordinals = top.section("ordinals") if top.has("ordinals") else None
    table = SpokenTable(
        digits=top.words("digits", 10),
        group_pause=top.text("group_pause"),
        twice=top.pattern("twice", "number", optional=True),
        plural=plural,
        numbers=_numbers(numbers, plural),
        figures=_figures(top.section("figures")),
        alone=frozenset(numbers.choices("alone", CATEGORIES)),
        units=_nouns(top, "units", plural),
        money=_money(top, plural),
        times=_times(top.section("times")) if top.has("times") else None,
        ordinals=_ordinals(ordinals) if ordinals else MappingProxyType({}),
        dates=_dates(top.section("dates")),
        year_pairs=_year_pairs(top) if top.has("year_pairs") else None,
    )
    if table.times and not table.times.minute_form and "minutes" not in table.units:
        top.fault("times.minute_form", "is empty, and there is no unit minutes to count with")
    top.end()
    return table


def _plural(top: Shelf) -> PluralRules:
    rules = top.section("plural")
    conditions = {name: rules.text(name) for name in rules.names()}
    try:
        return parse_rules(conditions)
    except PluralRuleError as error:
        rules.fault("", str(error))
        return parse_rules({})


def _figures(shelf: Shelf) -> Figures:
    return Figures(
        group=shelf.text("group"),
        group_from=shelf.whole("group_from"),
        decimal_sign=shelf.text("decimal_sign"),
    )


def _numbers(shelf: Shelf, plural: PluralRules) -> NumberWords:
    plain = NumberForm(
        under_hundred=shelf.words("under_hundred", 100),
        hundreds=shelf.words("hundreds", 9),
        exact_hundreds=shelf.words("exact_hundreds", 9),
    )
    between = shelf.text("between")
    return NumberWords(
        forms=_forms(shelf, plain),
        after_hundreds=shelf.text("after_hundreds"),
        between=between,
        between_short=shelf.text("between_short") if shelf.has("between_short") else between,
        thousand=_scale(shelf.section("thousand"), plural),
        million=_scale(shelf.section("million"), plural),
        apart=shelf.flag("apart"),
        after_million=shelf.text("after_million"),
        decimals=shelf.pattern("decimals", "whole", "decimals"),
        decimals_as_number=shelf.choice("decimals_as", ("number", "digits")) == "number",
    )


def _forms(shelf: Shelf, plain: NumberForm) -> Mapping[str, NumberForm]:
    forms = {"plain": plain}
    found = shelf.section("forms") if shelf.has("forms") else None
    for name in _FORMS:
        falls_to = _FALLS_TO.get(name, "plain")
        if found is None or not found.has(name):
            forms[name] = forms[falls_to]
            continue
        form = found.section(name)
        like = form.choice("like", tuple(forms)) if form.has("like") else falls_to
        base = forms[like]
        forms[name] = NumberForm(
            under_hundred=form.patched("under_hundred", base.under_hundred, first=0),
            hundreds=form.patched("hundreds", base.hundreds, first=1),
            exact_hundreds=form.patched("exact_hundreds", base.exact_hundreds, first=1),
        )
    return MappingProxyType(forms)


def _scale(shelf: Shelf, plural: PluralRules) -> Scale:
    before = shelf.section("before_noun") if shelf.has("before_noun") else None
    said = {name: shelf.text(name) for name in plural.categories}
    if "{count}" not in said["other"]:
        shelf.fault("other", "lacks {count}")
    return Scale(
        said=MappingProxyType(said),
        before_noun=MappingProxyType(
            {name: before.text(name) for name in plural.categories if before.has(name)}
            if before
            else {}
        ),
    )


def _nouns(top: Shelf, name: str, plural: PluralRules) -> Mapping[str, Noun]:
    if not top.has(name):
        return MappingProxyType({})
    shelf = top.section(name)
    return MappingProxyType({one: _noun(shelf.section(one), plural) for one in shelf.names()})


def _noun(shelf: Shelf, plural: PluralRules) -> Noun:
    names = plural.categories
    if shelf.has("all"):
        words = dict.fromkeys(names, shelf.text("all"))
    else:
        words = {name: shelf.text(name) for name in names}
    sign = shelf.text("printed") if shelf.has("printed") else ""
    return Noun(
        gender=shelf.choice("gender", (*GENDERS, "")),
        words=MappingProxyType(words),
        printed=MappingProxyType(dict.fromkeys(names, sign) if sign else {}),
        after_million=shelf.text("after_million") if shelf.has("after_million") else "",
    )


def _money(top: Shelf, plural: PluralRules) -> MoneyWords:
    minors = _nouns(top, "minors", plural)
    shelf = top.section("currencies") if top.has("currencies") else None
    currencies: dict[str, Noun] = {}
    of_currency: dict[str, Noun] = {}
    for code in shelf.names() if shelf else ():
        row = shelf.section(code) if shelf else top
        if row.has("minor"):
            minor = row.choice("minor", tuple(minors))
            if minor in minors:
                of_currency[code] = minors[minor]
        currencies[code] = _noun(row, plural)
    how = top.section("money") if currencies else None
    return MoneyWords(
        currencies=MappingProxyType(currencies),
        minors=MappingProxyType(of_currency),
        with_minor=how.pattern("with_minor", "major", "minor") if how else "",
        only_minor=how.pattern("only_minor", "minor", "currency", maybe=("of",)) if how else "",
    )


def _times(shelf: Shelf) -> TimeWords:
    part, hours = ("part",), ("h24", "hh", "h12", "half")
    minutes = shelf.pattern("minutes", "hour", "minutes", maybe=part)
    own = shelf.table("at")
    for minute, pattern in own.items():
        if "{hour}" not in pattern:
            shelf.fault(f"at.{minute}", "lacks {hour}")
    figures = shelf.pattern("figures", "mm", maybe=hours)
    printed = shelf.pattern("printed", "figures")
    halves = shelf.words("halves", 2) if shelf.has("halves") else ("", "")
    return TimeWords(
        hours=shelf.words("hours", 24),
        parts=shelf.words("parts", 24),
        exact=shelf.pattern("exact", "hour", maybe=part),
        minutes=minutes,
        below_ten=shelf.pattern("below_ten", "hour", "minutes", optional=True, maybe=part)
        or minutes,
        at=own,
        special=shelf.table("special"),
        minute_form=shelf.choice("minute_form", ("plain", *GENDERS, "")),
        printed=printed,
        printed_one=shelf.pattern("printed_one", "figures", optional=True) or printed,
        figures=figures,
        figures_exact=shelf.text("figures_exact") if shelf.has("figures_exact") else figures,
        halves=(halves[0], halves[1]),
        printed_special=shelf.table("printed_special"),
    )


def _ordinals(shelf: Shelf) -> Mapping[str, tuple[str, ...]]:
    plain = shelf.words("plain", 0)
    lists = {"plain": plain}
    for gender in GENDERS:
        if not shelf.has(gender):
            lists[gender] = plain
        elif shelf.is_list(gender):
            lists[gender] = shelf.words(gender, len(plain))
        else:
            lists[gender] = shelf.patched(gender, plain, first=1)
    return MappingProxyType(lists)


def _dates(shelf: Shelf) -> DateWords:
    weekdays = shelf.words("weekdays", 7) if shelf.has("weekdays") else ()
    return DateWords(
        months=shelf.words("months", 12),
        days=shelf.words("days", 31),
        weekdays=weekdays,
        spoken_date=shelf.pattern("spoken_date", "day", "month", "year"),
        spoken_month=shelf.pattern("spoken_month", "month", "year"),
        spoken_weekday=shelf.pattern("spoken_weekday", "weekday", "date", optional=not weekdays),
        printed_date=shelf.pattern("printed_date", "day", "month", "year"),
        printed_month=shelf.pattern("printed_month", "month", "year"),
        printed_weekday=shelf.pattern("printed_weekday", "weekday", "date", optional=not weekdays),
        printed_first=shelf.text("printed_first"),
    )


def _year_pairs(top: Shelf) -> YearPairs:
    years: Any = top.take("year_pairs")
    if not (isinstance(years, list) and len(years) == 2 and all(type(y) is int for y in years)):
        top.fault("year_pairs", "is not two years, such as [1100, 1999]")
        years = [0, 0]
    return YearPairs(
        first=years[0],
        last=years[1],
        round=top.pattern("year_pairs_round", "century"),
        below_ten=top.pattern("year_pairs_below_ten", "century", "rest"),
    )
