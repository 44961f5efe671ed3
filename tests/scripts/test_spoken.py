"""Numbers as they are said, judged by tables written out by hand for each language."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.facts import Phone
from programme.units import LanguageTag
from scripts import spoken
from scripts.spoken_tables import languages, table

MEXICO = Phone(groups=("800", "55", "33", "000"), number="+528005533000")
UNITED_STATES = Phone(groups=("1", "888", "373", "7888"), number="+18883737888")

PHONES = {
    "es-419": "ocho cero cero, cinco cinco, tres tres, cero cero cero",
    "en": "eight zero zero, five five, three three, zero zero zero",
    "fr": "huit zéro zéro, cinq cinq, trois trois, zéro zéro zéro",
    "pt-BR": "oito zero zero, cinco cinco, três três, zero zero zero",
    "ar": "ثمانية صفر صفر، خمسة خمسة، ثلاثة ثلاثة، صفر صفر صفر",
    "ht": "uit zewo zewo, senk senk, twa twa, zewo zewo zewo",
}

DATES = [
    ("es-419", date(2026, 12, 1), "primero de diciembre de dos mil veintiséis"),
    ("es-419", date(2027, 1, 31), "treinta y uno de enero de dos mil veintisiete"),
    ("es-419", date(1999, 9, 16), "dieciséis de septiembre de mil novecientos noventa y nueve"),
    ("en", date(2026, 12, 1), "December first, two thousand twenty-six"),
    ("en", date(2027, 1, 31), "January thirty-first, two thousand twenty-seven"),
    ("en", date(1999, 3, 22), "March twenty-second, nineteen ninety-nine"),
    ("en", date(1905, 3, 3), "March third, nineteen oh five"),
    ("en", date(1900, 5, 12), "May twelfth, nineteen hundred"),
    ("fr", date(2026, 12, 1), "premier décembre deux mille vingt-six"),
    ("fr", date(2027, 8, 21), "vingt et un août deux mille vingt-sept"),
    ("fr", date(1980, 2, 11), "onze février mille neuf cent quatre-vingts"),
    ("pt-BR", date(2026, 12, 1), "primeiro de dezembro de dois mil e vinte e seis"),
    ("pt-BR", date(2027, 3, 31), "trinta e um de março de dois mil e vinte e sete"),
    ("pt-BR", date(1999, 6, 16), "dezesseis de junho de mil novecentos e noventa e nove"),
    ("ar", date(2026, 12, 1), "الأول من ديسمبر عام ألفين وستة وعشرين"),
    ("ar", date(2027, 1, 31), "الحادي والثلاثين من يناير عام ألفين وسبعة وعشرين"),
    ("ar", date(2024, 8, 12), "الثاني عشر من أغسطس عام ألفين وأربعة وعشرين"),
    ("ht", date(2026, 12, 1), "premye desanm de mil vennsis"),
    ("ht", date(2027, 1, 31), "tranteyen janvye de mil vennsèt"),
    ("ht", date(2028, 8, 22), "vennde out de mil ventuit"),
]

PRINTED = [
    ("es-419", "1 de diciembre de 2026", "noviembre de 2026"),
    ("en", "December 1, 2026", "November 2026"),
    ("fr", "1er décembre 2026", "novembre 2026"),
    ("pt-BR", "1º de dezembro de 2026", "novembro de 2026"),
    ("ar", "1 ديسمبر 2026", "نوفمبر 2026"),
    ("ht", "1ye desanm 2026", "novanm 2026"),
]

MONTHS = [
    ("es-419", "noviembre de dos mil veintiséis"),
    ("en", "November two thousand twenty-six"),
    ("fr", "novembre deux mille vingt-six"),
    ("pt-BR", "novembro de dois mil e vinte e seis"),
    ("ar", "نوفمبر عام ألفين وستة وعشرين"),
    ("ht", "novanm de mil vennsis"),
]

NUMBERS = {
    "es": {
        0: "cero", 16: "dieciséis", 21: "veintiuno", 22: "veintidós", 31: "treinta y uno",
        100: "cien", 101: "ciento uno", 500: "quinientos", 777: "setecientos setenta y siete",
        999: "novecientos noventa y nueve", 1000: "mil", 1100: "mil cien", 2001: "dos mil uno",
        9999: "nueve mil novecientos noventa y nueve",
    },
    "en": {
        0: "zero", 13: "thirteen", 21: "twenty-one", 40: "forty", 100: "one hundred",
        101: "one hundred one", 1000: "one thousand", 1100: "one thousand one hundred",
        9999: "nine thousand nine hundred ninety-nine",
    },
    "fr": {
        21: "vingt et un", 31: "trente et un", 70: "soixante-dix", 71: "soixante et onze",
        72: "soixante-douze", 80: "quatre-vingts", 81: "quatre-vingt-un", 90: "quatre-vingt-dix",
        91: "quatre-vingt-onze", 99: "quatre-vingt-dix-neuf", 100: "cent", 101: "cent un",
        200: "deux cents", 201: "deux cent un", 280: "deux cent quatre-vingts", 1000: "mille",
        2200: "deux mille deux cents",
    },
    "pt": {
        16: "dezesseis", 21: "vinte e um", 100: "cem", 101: "cento e um",
        121: "cento e vinte e um", 200: "duzentos", 1000: "mil", 1001: "mil e um",
        1100: "mil e cem", 1101: "mil cento e um", 1500: "mil e quinhentos",
        2026: "dois mil e vinte e seis", 9999: "nove mil novecentos e noventa e nove",
    },
    "ar": {
        0: "صفر", 11: "أحد عشر", 12: "اثني عشر", 15: "خمسة عشر", 20: "عشرين",
        21: "واحد وعشرين", 99: "تسعة وتسعين", 100: "مئة", 101: "مئة وواحد", 200: "مئتين",
        1000: "ألف", 2000: "ألفين", 3000: "ثلاثة آلاف", 2026: "ألفين وستة وعشرين",
        1999: "ألف وتسعمئة وتسعة وتسعين",
    },
    "ht": {
        0: "zewo", 1: "en", 10: "dis", 18: "dizuit", 21: "venteyen", 22: "vennde", 28: "ventuit",
        33: "tranntwa", 55: "senkannsenk", 70: "swasanndis", 71: "swasannonz", 80: "katreven",
        81: "katrevenen", 99: "katrevendiznèf", 100: "san", 200: "desan", 600: "sisan",
        1000: "mil", 2026: "de mil vennsis", 6000: "si mil",
    },
}  # fmt: skip


@pytest.mark.parametrize(("language", "said"), PHONES.items())
def test_a_telephone_number_is_said_digit_by_digit_in_its_stored_groups(
    language: str, said: str
) -> None:
    assert spoken.spell_phone(MEXICO, LanguageTag(language)) == said


def test_the_longest_number_of_the_example_is_said_in_its_four_groups() -> None:
    assert spoken.spell_phone(UNITED_STATES, LanguageTag("es")) == (
        "uno, ocho ocho ocho, tres siete tres, siete ocho ocho ocho"
    )


@pytest.mark.parametrize(("language", "day", "said"), DATES)
def test_a_date_is_said_as_on_air(language: str, day: date, said: str) -> None:
    assert spoken.spell_date(day, LanguageTag(language)) == said


@pytest.mark.parametrize(("language", "said"), MONTHS)
def test_a_month_is_said_with_its_year(language: str, said: str) -> None:
    assert spoken.spell_month(date(2026, 11, 22), LanguageTag(language)) == said


@pytest.mark.parametrize(("language", "day", "month"), PRINTED)
def test_dates_are_printed_as_readers_expect(language: str, day: str, month: str) -> None:
    assert spoken.print_date(date(2026, 12, 1), LanguageTag(language)) == day
    assert spoken.print_month(date(2026, 11, 22), LanguageTag(language)) == month


def test_only_the_first_of_a_month_is_printed_as_an_ordinal() -> None:
    assert spoken.print_date(date(2026, 12, 2), LanguageTag("fr")) == "2 décembre 2026"


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [(tag, number, said) for tag, row in NUMBERS.items() for number, said in row.items()],
)
def test_numbers_are_said_in_words(language: str, number: int, said: str) -> None:
    assert spoken.spell_number(number, LanguageTag(language)) == said


def test_a_number_is_isolated_where_text_runs_from_right_to_left() -> None:
    assert spoken.print_phone(MEXICO, LanguageTag("ar")) == "\u2066800 55 33 000\u2069"
    assert spoken.print_phone(MEXICO, LanguageTag("es")) == "800 55 33 000"


def test_six_languages_speak_and_k_iche_does_not() -> None:
    assert languages() == ("ar", "en", "es", "fr", "ht", "pt")
    assert not spoken.speaks(LanguageTag("quc"))
    with pytest.raises(spoken.NoSpokenFormError):
        spoken.spell_phone(MEXICO, LanguageTag("quc"))


@pytest.mark.parametrize("groups", [(), ("",), ("80a",), ("٨٠٠",), ("+52",), ("8 0",)])
def test_groups_that_are_not_plain_digits_are_refused(groups: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="groups of digits"):
        spoken.spell_phone(Phone(groups=groups), LanguageTag("es"))


@pytest.mark.parametrize("number", [-1, 1_000_000_000])
def test_numbers_without_words_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="0 to 999999999"):
        spoken.spell_number(number, LanguageTag("es"))


@given(
    groups=st.lists(st.text("0123456789", min_size=1, max_size=4), min_size=1, max_size=5),
    language=st.sampled_from(languages()),
)
def test_the_stored_digits_can_be_heard_again_in_every_language(
    groups: list[str], language: LanguageTag
) -> None:
    words = table(language)
    assert words is not None
    heard = spoken.spell_phone(Phone(groups=tuple(groups)), language)
    back = [
        "".join(str(words.digits.index(word)) for word in group.split())
        for group in heard.split(words.group_pause)
    ]
    assert back == groups


@pytest.mark.parametrize("language", languages())
def test_every_number_has_words_of_its_own(language: LanguageTag) -> None:
    said = [spoken.spell_number(number, language) for number in range(10_000)]
    assert len(set(said)) == 10_000
    assert not any(char.isdigit() for words in said for char in words)


@given(
    days=st.integers(min_value=0, max_value=365 * 400),
    language=st.sampled_from(languages()),
)
def test_a_date_is_said_without_figures_and_without_holes(days: int, language: LanguageTag) -> None:
    day = date(1900, 1, 1) + timedelta(days=days)
    for said in (spoken.spell_date(day, language), spoken.spell_month(day, language)):
        assert not any(char.isdigit() or char in "{}" for char in said)
        assert said == " ".join(said.split())


@pytest.mark.parametrize("language", languages())
def test_tables_are_whole(language: LanguageTag) -> None:
    words = table(language)
    assert words is not None
    assert len(words.digits) == len(set(words.digits)) == 10
    for form in words.numbers.forms.values():
        assert len(form.under_hundred) == len(set(form.under_hundred)) == 100
        assert len(set(form.hundreds)) == len(set(form.exact_hundreds)) == 9
    assert len(words.dates.months) == len(set(words.dates.months)) == 12
    assert len(words.dates.days) == len(set(words.dates.days)) == 31
