"""The files of data/spoken/: whole, and widened by a file alone; a person is told what lacks."""

import tomllib
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.counted import spell_counted
from scripts.spoken_files import read_table
from scripts.spoken_numbers import spell_whole
from scripts.spoken_shelf import SpokenFileError
from scripts.spoken_tables import languages

SPOKEN = Path(str(resources.files("scripts").joinpath("data/spoken")))

CATALAN = """
digits = ["zero", "u", "dos", "tres", "quatre", "cinc", "sis", "set", "vuit", "nou"]
group_pause = ", "
[plural]
one = "i = 1 and v = 0"
[figures]
group = " "
group_from = 10000
decimal_sign = ","
[numbers]
under_hundred = [UNDER]
hundreds = [HUNDREDS]
exact_hundreds = [HUNDREDS]
after_hundreds = " "
between = " "
after_million = " de "
decimals = "{whole} coma {decimals}"
decimals_as = "number"
[numbers.forms.m]
under_hundred = {1 = "un", 21 = "vint-i-un"}
[numbers.forms.f]
under_hundred = {1 = "una", 2 = "dues", 21 = "vint-i-una", 22 = "vint-i-dues"}
hundreds = {2 = "dues-centes"}
exact_hundreds = {2 = "dues-centes"}
[numbers.forms.thousand]
like = "m"
[numbers.forms.thousand_f]
like = "f"
[numbers.forms.million]
like = "m"
[numbers.thousand]
one = "mil"
other = "{count} mil"
[numbers.million]
one = "un milió"
other = "{count} milions"
[units.days]
gender = "m"
one = "dia"
other = "dies"
[units.weeks]
gender = "f"
one = "setmana"
other = "setmanes"
[dates]
months = ["gener", "febrer", "març", "abril", "maig", "juny", "juliol", "agost", "setembre",
  "octubre", "novembre", "desembre"]
days = [DAYS]
spoken_date = "{day} de {month} de {year}"
spoken_month = "{month} de {year}"
printed_date = "{day} de {month} de {year}"
printed_month = "{month} de {year}"
printed_first = "1"
"""
"""A language that Altavoz does not have, as somebody would add it: optional sections left out."""


_ONES = """zero u dos tres quatre cinc sis set vuit nou deu onze dotze tretze catorze quinze setze
disset divuit dinou vint"""


def catalan() -> str:
    ones = _ONES.split()
    twenties = [f"vint-i-{one}" for one in ones[1:10]]
    tens = ["trenta", "quaranta", "cinquanta", "seixanta", "setanta", "vuitanta", "noranta"]
    rest = [ten + (f"-{one}" if n else "") for ten in tens for n, one in enumerate(ones[:10])]
    hundreds = ["cent", *(f"{one}-cents" for one in ones[2:10])]
    under = [*ones, *twenties, *rest]
    quoted = {
        "[UNDER]": under,
        "[HUNDREDS]": hundreds,
        "[DAYS]": under[1:32],
    }
    text = CATALAN
    for mark, words in quoted.items():
        text = text.replace(mark, "[" + ", ".join(f'"{word}"' for word in words) + "]")
    return text


def test_a_language_is_added_by_a_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "ca.toml"
    path.write_text(catalan(), encoding="utf-8")
    words = read_table(path.read_text(encoding="utf-8"), path.name)
    assert spell_whole(21, words) == "vint-i-u"
    assert spell_whole(21_200, words, "f") == "vint-i-una mil dues-centes"
    assert spell_counted(Decimal(22), words.units["weeks"], words) == "vint-i-dues setmanes"
    assert spell_counted(Decimal(1), words.units["days"], words) == "un dia"
    assert spell_counted(Decimal(1_000_000), words.units["days"], words) == "un milió de dies"
    assert words.times is None
    assert not words.ordinals
    assert not words.twice
    assert not words.dates.weekdays


@pytest.mark.parametrize("language", languages())
def test_every_file_is_whole_and_holds_nothing_unknown(language: str) -> None:
    path = SPOKEN / f"{language}.toml"
    words = read_table(path.read_text(encoding="utf-8"), path.name)
    assert words.times is not None
    assert words.ordinals
    assert words.twice
    assert len(words.dates.weekdays) == 7


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('group_pause = ", "', "", "group_pause is lacking"),
        ('other = "dies"', "", "units.days.other is lacking"),
        ('other = "{count} mil"', 'other = "mil"', "numbers.thousand.other lacks {count}"),
        ('decimals_as = "number"', 'decimals_as = "x"', "numbers.decimals_as is «x»"),
        ('gender = "f"', 'gender = "w"', "units.weeks.gender is «w»"),
        ("group_from = 10000", 'group_from = "a"', "figures.group_from is not a whole number"),
        ('one = "i = 1 and v = 0"', 'one = "i is 1"', "plural «i is 1» is no condition"),
        ('1 = "una", 2', '100 = "una", 2', "numbers.forms.f.under_hundred has «100»"),
        ('like = "m"', 'like = "x"', "numbers.forms.thousand.like is «x»"),
        ("[dates]", 'colour = "red"\n[dates]', "units.weeks.colour is not known here"),
        ('"{whole} coma {decimals}"', '"{whole} coma"', "numbers.decimals lacks {decimals}"),
        ('"{whole} coma {decimals}"', '"{whole} {x} {decimals}"', "numbers.decimals holds {x}"),
        ('"gener", ', "", "dates.months has 11 words, and 12 are needed"),
        ('group_pause = ", "', "group_pause = 3", "group_pause is not text"),
        ('[plural]\none = "i = 1 and v = 0"', "plural = 3", "plural is not a table"),
    ],
)
def test_what_lacks_or_is_wrong_is_told_by_its_place(old: str, new: str, told: str) -> None:
    text = catalan()
    assert old in text
    with pytest.raises(SpokenFileError) as caught:
        read_table(text.replace(old, new, 1), "ca.toml")
    assert any(told in fault for fault in caught.value.faults)
    assert str(caught.value).startswith("ca.toml: ")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[units]", "[units]\nx = 3\n[unit]", "times.minute_form is empty"),
        ('"{hour} والنصف {part}"', '"والنصف"', "times.at.30 lacks {hour}"),
        ('"{hour} {part}"', '"{part}"', "times.exact lacks {hour}"),
        ('"الساعة {figures}"', '"الساعة"', "times.printed lacks {figures}"),
        ('minor = "cent"', 'minor = "cents"', "currencies.USD.minor is «cents»"),
        ('alone = ["one", "two"]', 'alone = ["dual"]', "numbers.alone holds «dual»"),
        ("apart = true", "apart = 1", "numbers.apart is neither true nor false"),
        ('"{major} و{minor}"', '"{major}"', "money.with_minor lacks {minor}"),
    ],
)
def test_what_is_wrong_in_times_and_money_is_told_by_its_place(
    old: str, new: str, told: str
) -> None:
    text = (SPOKEN / "ar.toml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(SpokenFileError) as caught:
        read_table(text.replace(old, new, 1), "ar.toml")
    assert any(fault.startswith(told) for fault in caught.value.faults)


def test_everything_that_lacks_is_told_at_once() -> None:
    with pytest.raises(SpokenFileError) as caught:
        read_table("", "xx.toml")
    told = {fault.partition(" ")[0] for fault in caught.value.faults}
    assert {"digits", "group_pause", "plural", "numbers", "figures", "dates"} <= told
    assert {"numbers.under_hundred", "dates.months", "figures.decimal_sign"} <= told


def test_what_is_no_toml_is_told_with_its_line() -> None:
    with pytest.raises(SpokenFileError, match="line 2"):
        read_table("digits = []\n= 3", "xx.toml")


@given(language=st.sampled_from(languages()), data=st.data())
def test_a_file_without_one_of_its_keys_is_refused_or_says_less(
    language: str, data: st.DataObject
) -> None:
    text = (SPOKEN / f"{language}.toml").read_text(encoding="utf-8")
    sections = [key for key, value in tomllib.loads(text).items() if not isinstance(value, dict)]
    key = data.draw(st.sampled_from(sections))
    lines = [line for line in text.splitlines() if not line.startswith(f"{key} = ")]
    less = "\n".join(lines)
    if key == "twice":
        assert not read_table(less, "x.toml").twice
    else:
        with pytest.raises(SpokenFileError, match=key.partition("_")[0]):
            read_table(less, "x.toml")
