"""Whole numbers and decimals in words, judged by tables that were written out by hand.

Sources: RAE and ASALE, Diccionario panhispánico de dudas (cardinales); Académie française,
Questions de langue; Cunha and Cintra, Nova gramática, chapter 9; Ryding, A Reference Grammar of
Modern Standard Arabic, chapter 15.
"""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.units import LanguageTag
from scripts import spoken
from scripts.spoken_numbers import LARGEST
from scripts.spoken_tables import languages

ALONE = {
    "es": {
        10_000: "diez mil", 15_016: "quince mil dieciséis", 21_000: "veintiún mil",
        21_021: "veintiún mil veintiuno", 31_000: "treinta y un mil", 100_000: "cien mil",
        100_100: "cien mil cien", 101_000: "ciento un mil", 121_000: "ciento veintiún mil",
        200_000: "doscientos mil", 500_500: "quinientos mil quinientos",
        701_900: "setecientos un mil novecientos", 1_000_000: "un millón",
        1_000_001: "un millón uno", 1_100_000: "un millón cien mil",
        2_000_000: "dos millones", 21_000_000: "veintiún millones",
        31_000_031: "treinta y un millones treinta y uno", 100_000_000: "cien millones",
        101_000_101: "ciento un millones ciento uno", 201_000: "doscientos un mil",
        999_999_999: "novecientos noventa y nueve millones novecientos noventa y nueve mil "
        "novecientos noventa y nueve",
    },
    "en": {
        10_000: "ten thousand", 15_016: "fifteen thousand sixteen",
        21_021: "twenty-one thousand twenty-one", 40_040: "forty thousand forty",
        100_000: "one hundred thousand", 100_100: "one hundred thousand one hundred",
        101_000: "one hundred one thousand", 112_012: "one hundred twelve thousand twelve",
        1_000_000: "one million", 1_000_001: "one million one",
        1_100_000: "one million one hundred thousand", 2_000_000: "two million",
        21_000_000: "twenty-one million", 100_000_000: "one hundred million",
        500_000_005: "five hundred million five",
        999_999_999: "nine hundred ninety-nine million nine hundred ninety-nine thousand "
        "nine hundred ninety-nine",
    },
    "fr": {
        10_000: "dix mille", 21_000: "vingt et un mille", 71_000: "soixante et onze mille",
        80_000: "quatre-vingt mille", 80_080: "quatre-vingt mille quatre-vingts",
        81_000: "quatre-vingt-un mille", 91_091: "quatre-vingt-onze mille quatre-vingt-onze",
        100_000: "cent mille", 180_000: "cent quatre-vingt mille", 200_000: "deux cent mille",
        200_200: "deux cent mille deux cents", 200_201: "deux cent mille deux cent un",
        1_000_000: "un million", 1_000_080: "un million quatre-vingts",
        2_000_000: "deux millions", 80_000_000: "quatre-vingts millions",
        200_000_000: "deux cents millions", 200_200_000: "deux cents millions deux cent mille",
        999_999_999: "neuf cent quatre-vingt-dix-neuf millions neuf cent quatre-vingt-dix-neuf "
        "mille neuf cent quatre-vingt-dix-neuf",
    },
    "pt": {
        10_000: "dez mil", 16_016: "dezesseis mil e dezesseis", 21_000: "vinte e um mil",
        21_121: "vinte e um mil cento e vinte e um", 100_000: "cem mil",
        100_100: "cem mil e cem", 101_000: "cento e um mil", 200_000: "duzentos mil",
        200_500: "duzentos mil e quinhentos", 235_720: "duzentos e trinta e cinco mil setecentos "
        "e vinte", 1_000_000: "um milhão", 1_000_001: "um milhão e um",
        1_001_000: "um milhão e mil", 1_200_000: "um milhão e duzentos mil",
        1_230_000: "um milhão duzentos e trinta mil",
        1_200_300: "um milhão duzentos mil e trezentos", 2_000_000: "dois milhões",
        2_000_150: "dois milhões cento e cinquenta", 100_000_000: "cem milhões",
        22_000_022: "vinte e dois milhões e vinte e dois",
        999_999_999: "novecentos e noventa e nove milhões novecentos e noventa e nove mil "
        "novecentos e noventa e nove",
    },
    "ar": {
        10_000: "عشرة آلاف", 11_000: "أحد عشر ألفًا", 12_000: "اثني عشر ألفًا",
        15_200: "خمسة عشر ألفًا ومئتين", 20_000: "عشرين ألفًا", 21_000: "واحد وعشرين ألفًا",
        99_000: "تسعة وتسعين ألفًا", 100_000: "مئة ألف", 101_000: "مئة ألف وألف",
        102_000: "مئة ألف وألفين", 103_000: "مئة وثلاثة آلاف", 111_000: "مئة وأحد عشر ألفًا",
        200_000: "مئتي ألف", 250_000: "مئتين وخمسين ألفًا", 300_000: "ثلاثمئة ألف",
        1_000_000: "مليون", 2_000_000: "مليونين", 2_000_002: "مليونين واثنين",
        3_000_000: "ثلاثة ملايين", 11_000_000: "أحد عشر مليونًا", 100_000_000: "مئة مليون",
        200_000_000: "مئتي مليون", 1_002_003: "مليون وألفين وثلاثة",
    },
    "ht": {
        10_000: "di mil", 16_000: "sèz mil", 18_000: "dizui mil", 20_000: "ven mil",
        26_000: "vennsi mil", 70_000: "swasanndi mil", 100_000: "san mil", 200_000: "desan mil",
        1_000_000: "yon milyon", 2_000_000: "de milyon", 8_000_000: "ui milyon",
    },
}  # fmt: skip
"""As one counts; those below ten thousand are in test_spoken."""

BEFORE_NOUN = [
    ("es", 1, "m", "un"), ("es", 1, "f", "una"), ("es", 21, "m", "veintiún"),
    ("es", 21, "f", "veintiuna"), ("es", 31, "m", "treinta y un"),
    ("es", 91, "f", "noventa y una"), ("es", 100, "f", "cien"), ("es", 101, "m", "ciento un"),
    ("es", 101, "f", "ciento una"), ("es", 200, "f", "doscientas"),
    ("es", 521, "f", "quinientas veintiuna"), ("es", 555, "m", "quinientos cincuenta y cinco"),
    ("es", 1001, "f", "mil una"), ("es", 21_000, "m", "veintiún mil"),
    ("es", 21_000, "f", "veintiún mil"), ("es", 200_000, "f", "doscientas mil"),
    ("es", 321_500, "f", "trescientas veintiún mil quinientas"),
    ("es", 1_000_000, "f", "un millón"), ("es", 200_000_000, "f", "doscientos millones"),
    ("es", 1_300_000, "f", "un millón trescientas mil"),
    ("fr", 1, "f", "une"), ("fr", 21, "f", "vingt et une"), ("fr", 61, "f", "soixante et une"),
    ("fr", 71, "f", "soixante et onze"), ("fr", 81, "f", "quatre-vingt-une"),
    ("fr", 91, "f", "quatre-vingt-onze"), ("fr", 101, "f", "cent une"),
    ("fr", 80, "f", "quatre-vingts"), ("fr", 200, "f", "deux cents"),
    ("fr", 1001, "f", "mille une"), ("fr", 21_000, "f", "vingt et un mille"),
    ("pt", 1, "f", "uma"), ("pt", 2, "f", "duas"), ("pt", 12, "f", "doze"),
    ("pt", 22, "f", "vinte e duas"), ("pt", 101, "f", "cento e uma"),
    ("pt", 100, "f", "cem"), ("pt", 200, "f", "duzentas"), ("pt", 502, "f", "quinhentas e duas"),
    ("pt", 1200, "f", "mil e duzentas"), ("pt", 2000, "f", "duas mil"),
    ("pt", 2000, "m", "dois mil"), ("pt", 200_000, "f", "duzentas mil"),
    ("pt", 2_000_000, "f", "dois milhões"),
    ("pt", 2_000_002, "f", "dois milhões e duas"),
    ("ar", 3, "m", "ثلاثة"), ("ar", 3, "f", "ثلاث"), ("ar", 8, "f", "ثماني"),
    ("ar", 10, "m", "عشرة"), ("ar", 10, "f", "عشر"), ("ar", 11, "f", "إحدى عشرة"),
    ("ar", 12, "f", "اثنتي عشرة"), ("ar", 13, "m", "ثلاثة عشر"), ("ar", 13, "f", "ثلاث عشرة"),
    ("ar", 18, "f", "ثماني عشرة"), ("ar", 20, "f", "عشرين"), ("ar", 21, "f", "إحدى وعشرين"),
    ("ar", 22, "f", "اثنتين وعشرين"), ("ar", 28, "f", "ثمانٍ وعشرين"),
    ("ar", 99, "f", "تسع وتسعين"), ("ar", 103, "f", "مئة وثلاث"), ("ar", 200, "m", "مئتي"),
    ("ar", 250, "f", "مئتين وخمسين"), ("ar", 2000, "m", "ألفي"),
    ("ar", 3000, "f", "ثلاثة آلاف"), ("ar", 11_000, "m", "أحد عشر ألف"),
    ("ar", 2_000_000, "f", "مليوني"), ("ar", 11_003, "f", "أحد عشر ألفًا وثلاث"),
    ("en", 21, "f", "twenty-one"), ("ht", 1, "f", "yon"), ("ht", 6, "m", "si"),
    ("ht", 18, "m", "dizui"), ("ht", 21, "m", "venteyen"), ("ht", 90, "m", "katrevendi"),
]  # fmt: skip

DECIMALS = [
    ("es", "2.5", "dos punto cinco", "2.5"), ("es", "21.75", "veintiuno punto setenta y cinco",
     "21.75"), ("es", "0.05", "cero punto cero cinco", "0.05"),
    ("en", "2.75", "two point seven five", "2.75"), ("en", "0.5", "zero point five", "0.5"),
    ("fr", "1.5", "un virgule cinq", "1,5"), ("fr", "80.80",
     "quatre-vingts virgule quatre-vingts", "80,80"),
    ("pt", "2.01", "dois vírgula zero um", "2,01"),
    ("ar", "2.5", "اثنين فاصلة خمسة", "\u20662.5\u2069"), ("ht", "2.5", "de vigil senk", "2,5"),
]  # fmt: skip

PRINTED = [
    ("es", 9999, "9999"), ("es", 12_000, "12 000"), ("es", 1_200_000, "1 200 000"),
    ("en", 999, "999"), ("en", 12_000, "12,000"), ("fr", 12_000, "12 000"),
    ("pt", 1500, "1.500"), ("ar", 12_000, "\u206612,000\u2069"), ("ht", 12_000, "12 000"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [(tag, number, said) for tag, row in ALONE.items() for number, said in row.items()],
)
def test_large_numbers_are_said_in_words(language: str, number: int, said: str) -> None:
    assert spoken.spell_number(number, LanguageTag(language)) == said


@pytest.mark.parametrize(("language", "number", "gender", "said"), BEFORE_NOUN)
def test_a_number_agrees_with_the_noun_that_follows(
    language: str, number: int, gender: str, said: str
) -> None:
    assert spoken.spell_number(number, LanguageTag(language), gender) == said


@pytest.mark.parametrize(("language", "number", "said", "printed"), DECIMALS)
def test_decimals_are_said_and_printed_as_the_language_does(
    language: str, number: str, said: str, printed: str
) -> None:
    assert spoken.spell_number(Decimal(number), LanguageTag(language)) == said
    assert spoken.print_number(Decimal(number), LanguageTag(language)) == printed


@pytest.mark.parametrize(("language", "number", "printed"), PRINTED)
def test_thousands_are_set_apart_as_readers_expect(
    language: str, number: int, printed: str
) -> None:
    assert spoken.print_number(number, LanguageTag(language)) == printed


@given(
    number=st.integers(min_value=0, max_value=LARGEST),
    language=st.sampled_from(languages()),
    gender=st.sampled_from(["", "m", "f", "n"]),
)
def test_every_number_is_said_without_figures_holes_and_braces(
    number: int, language: LanguageTag, gender: str
) -> None:
    said = spoken.spell_number(number, language, gender)
    assert said
    assert not any(char.isdigit() or char in "{}" for char in said)
    assert said == " ".join(said.split())


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("gender", ["", "m", "f"])
def test_different_numbers_are_said_in_different_words(language: LanguageTag, gender: str) -> None:
    # Every pattern of thousands and rest, and of millions and thousands, at every edge.
    parts = [*range(32), 71, 80, 81, 91, 99, 100, 101, 102, 111, 200, 201, 300, 999]
    numbers = {a * 1000 + b for a in parts for b in parts}
    numbers |= {n * 1000 for n in numbers} | {n * 1000 + 1 for n in numbers}
    numbers = {n for n in numbers if n <= LARGEST}
    said = {spoken.spell_number(number, language, gender) for number in numbers}
    assert len(said) == len(numbers)


_UP_TO_29 = """cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce
quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro
veinticinco veintiséis veintisiete veintiocho veintinueve"""
_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_HUNDREDS = """cien doscientos trescientos cuatrocientos quinientos seiscientos setecientos
ochocientos novecientos"""
_SPANISH = {
    **{word: number for number, word in enumerate(_UP_TO_29.split())},
    **{word: number * 10 for number, word in enumerate(_TENS.split(), start=3)},
    **{word: number * 100 for number, word in enumerate(_HUNDREDS.split(), start=1)},
    "ciento": 100, "un": 1, "una": 1, "veintiún": 21, "veintiuna": 21,
}  # fmt: skip


def _hear_spanish(said: str) -> int:
    """Reckon a number from Spanish words by addition, knowing nothing of how they were made."""
    total = group = 0
    for word in said.split():
        if word == "y":
            continue
        if word == "mil":
            total, group = total + max(1, group) * 1000, 0
        elif word in {"millón", "millones"}:
            total, group = total + group * 1_000_000, 0
        else:
            group += _SPANISH[re.sub("(cient|quinient)as$", r"\1os", word)]
    return total + group


@given(number=st.integers(min_value=0, max_value=LARGEST), gender=st.sampled_from(["", "m", "f"]))
def test_spanish_words_are_heard_as_the_number_that_was_said(number: int, gender: str) -> None:
    assert _hear_spanish(spoken.spell_number(number, LanguageTag("es"), gender)) == number
