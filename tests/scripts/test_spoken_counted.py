"""Counted things and money, judged by phrases that were written out by hand."""

from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from programme.units import LanguageTag
from scripts import spoken
from scripts.counted import currencies, unit_names
from scripts.spoken_numbers import LARGEST
from scripts.spoken_tables import languages, table

COUNTED = [
    ("es", "1", "people", "una persona", "1 persona"),
    ("es", "21", "people", "veintiuna personas", "21 personas"),
    ("es", "200", "people", "doscientas personas", "200 personas"),
    ("es", "200", "men", "doscientos hombres", "200 hombres"),
    ("es", "1", "times", "una vez", "1 vez"),
    ("es", "30", "working-days", "treinta días hábiles", "30 días hábiles"),
    ("es", "31", "working-days", "treinta y un días hábiles", "31 días hábiles"),
    ("es", "1000000", "people", "un millón de personas", "1 000 000 de personas"),
    ("es", "1200000", "people", "un millón doscientas mil personas", "1 200 000 personas"),
    ("es", "100", "percent", "cien por ciento", "100 %"),
    ("es", "21", "percent", "veintiuno por ciento", "21 %"),
    ("es", "1.5", "litres", "uno punto cinco litros", "1.5 litros"),
    ("en", "1", "children", "one child", "1 child"),
    ("en", "21", "children", "twenty-one children", "21 children"),
    ("en", "1.5", "litres", "one point five liters", "1.5 liters"),
    ("en", "1000000", "people", "one million people", "1,000,000 people"),
    ("fr", "1", "hours", "une heure", "1 heure"),
    ("fr", "21", "hours", "vingt et une heures", "21 heures"),
    ("fr", "81", "women", "quatre-vingt-une femmes", "81 femmes"),
    ("fr", "80", "days", "quatre-vingts jours", "80 jours"),
    ("fr", "1.5", "litres", "un virgule cinq litre", "1,5 litre"),
    ("fr", "1000000", "people", "un million de personnes", "1 000 000 de personnes"),
    ("fr", "2000000", "children", "deux millions d’enfants", "2 000 000 d’enfants"),
    ("fr", "200000", "children", "deux cent mille enfants", "200 000 enfants"),
    ("pt", "2", "people", "duas pessoas", "2 pessoas"),
    ("pt", "2", "days", "dois dias", "2 dias"),
    ("pt", "1", "working-days", "um dia útil", "1 dia útil"),
    ("pt", "2000", "people", "duas mil pessoas", "2.000 pessoas"),
    ("pt", "202", "families", "duzentas e duas famílias", "202 famílias"),
    ("pt", "3000000", "people", "três milhões de pessoas", "3.000.000 de pessoas"),
    ("ar", "1", "days", "يوم واحد", "يوم واحد"),
    ("ar", "1", "hours", "ساعة واحدة", "ساعة واحدة"),
    ("ar", "2", "days", "يومين", "يومين"),
    ("ar", "3", "days", "ثلاثة أيام", "\u20663\u2069 أيام"),
    ("ar", "3", "hours", "ثلاث ساعات", "\u20663\u2069 ساعات"),
    ("ar", "10", "people", "عشرة أشخاص", "\u206610\u2069 أشخاص"),
    ("ar", "8", "women", "ثماني نساء", "\u20668\u2069 نساء"),
    ("ar", "11", "days", "أحد عشر يومًا", "\u206611\u2069 يومًا"),
    ("ar", "11", "hours", "إحدى عشرة ساعة", "\u206611\u2069 ساعة"),
    ("ar", "12", "weeks", "اثني عشر أسبوعًا", "\u206612\u2069 أسبوعًا"),
    ("ar", "15", "minutes", "خمس عشرة دقيقة", "\u206615\u2069 دقيقة"),
    ("ar", "21", "months", "واحد وعشرين شهرًا", "\u206621\u2069 شهرًا"),
    ("ar", "30", "working-days", "ثلاثين يوم عمل", "\u206630\u2069 يوم عمل"),
    ("ar", "100", "days", "مئة يوم", "\u2066100\u2069 يوم"),
    ("ar", "101", "days", "مئة يوم ويوم واحد", "\u2066101\u2069 يوم"),
    ("ar", "102", "days", "مئة يوم ويومين", "\u2066102\u2069 يوم"),
    ("ar", "103", "days", "مئة وثلاثة أيام", "\u2066103\u2069 أيام"),
    ("ar", "200", "people", "مئتي شخص", "\u2066200\u2069 شخص"),
    ("ar", "1001", "nights", "ألف ليلة وليلة واحدة", "\u20661,001\u2069 ليلة"),
    ("ar", "2000", "people", "ألفي شخص", "\u20662,000\u2069 شخص"),
    ("ar", "3000", "people", "ثلاثة آلاف شخص", "\u20663,000\u2069 شخص"),
    ("ar", "15000", "people", "خمسة عشر ألف شخص", "\u206615,000\u2069 شخص"),
    ("ar", "1000000", "people", "مليون شخص", "\u20661,000,000\u2069 شخص"),
    ("ar", "5", "percent", "خمسة بالمئة", "\u20665\u2069%"),
    ("ar", "2.5", "kilometres", "اثنين فاصلة خمسة كيلومتر", "\u20662.5\u2069 كيلومتر"),
    ("ht", "1", "people", "yon moun", "1 moun"),
    ("ht", "6", "months", "si mwa", "6 mwa"),
    ("ht", "8", "days", "ui jou", "8 jou"),
    ("ht", "10", "minutes", "di minit", "10 minit"),
]

MONEY = [
    ("es", "1", "USD", "un dólar estadounidense", "1 dólar estadounidense"),
    ("es", "2.50", "USD", "dos dólares estadounidenses con cincuenta centavos",
     "2.50 dólares estadounidenses"),
    ("es", "21", "MXN", "veintiún pesos mexicanos", "21 pesos mexicanos"),
    ("es", "1000000", "COP", "un millón de pesos colombianos",
     "1 000 000 de pesos colombianos"),
    ("es", "0.25", "GTQ", "veinticinco centavos de quetzal", "0.25 quetzales"),
    ("es", "1.01", "CRC", "un colón con un céntimo", "1.01 colones"),
    ("en", "1.01", "USD", "one United States dollar and one cent", "1.01 United States dollars"),
    ("en", "0.50", "EUR", "fifty cents of one euro", "0.50 euros"),
    ("fr", "21", "HTG", "vingt et une gourdes", "21 gourdes"),
    ("fr", "1000000", "EUR", "un million d’euros", "1 000 000 d’euros"),
    ("fr", "0.25", "EUR", "vingt-cinq centimes d’euro", "0,25 euro"),
    ("fr", "0.25", "USD", "vingt-cinq centimes de dollar américain", "0,25 dollar américain"),
    ("fr", "2.50", "USD", "deux dollars américains et cinquante centimes",
     "2,50 dollars américains"),
    ("pt", "1500", "BRL", "mil e quinhentos reais", "1.500 reais"),
    ("pt", "2.00", "HNL", "duas lempiras", "2 lempiras"),
    ("pt", "2.50", "BRL", "dois reais e cinquenta centavos", "2,50 reais"),
    ("ar", "1", "USD", "دولار أمريكي واحد", "دولار أمريكي واحد"),
    ("ar", "2", "USD", "دولارين أمريكيين", "دولارين أمريكيين"),
    ("ar", "5", "USD", "خمسة دولارات أمريكية", "\u20665\u2069 دولارات أمريكية"),
    ("ar", "50", "USD", "خمسين دولارًا أمريكيًا", "\u206650\u2069 دولارًا أمريكيًا"),
    ("ar", "150.50", "USD", "مئة وخمسين دولارًا أمريكيًا وخمسين سنتًا",
     "\u2066150.50\u2069 دولار أمريكي"),
    ("ar", "500", "MXN", "خمسمئة بيزو مكسيكي", "\u2066500\u2069 بيزو مكسيكي"),
    ("ht", "500", "HTG", "senksan goud", "500 goud"),
    ("ht", "2.50", "USD", "de dola ameriken ak senkant santim", "2,50 dola ameriken"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "number", "unit", "said", "printed"), COUNTED)
def test_number_and_noun_agree(
    language: str, number: str, unit: str, said: str, printed: str
) -> None:
    tag, count = LanguageTag(language), Decimal(number)
    assert spoken.spell_counted(count, unit, tag) == said
    assert spoken.print_counted(count, unit, tag) == printed


@pytest.mark.parametrize(("language", "amount", "currency", "said", "printed"), MONEY)
def test_an_amount_is_said_with_its_currency_in_full(
    language: str, amount: str, currency: str, said: str, printed: str
) -> None:
    tag = LanguageTag(language)
    assert spoken.spell_money(Decimal(amount), currency, tag) == said
    assert spoken.print_money(Decimal(amount), currency, tag) == printed


@pytest.mark.parametrize("language", [tag for tag in languages() if tag != "ht"])
def test_five_languages_have_every_unit_and_every_currency(language: LanguageTag) -> None:
    words = table(language)
    assert words is not None
    assert set(words.units) == set(unit_names())
    assert set(words.money.currencies) == set(currencies())
    with_coins = {code for code, one in currencies().items() if one.decimals}
    assert set(words.money.minors) == with_coins


def test_creole_has_no_unit_or_currency_that_the_list_does_not_know() -> None:
    words = table(LanguageTag("ht"))
    assert words is not None
    assert set(words.units) < set(unit_names())
    assert set(words.money.currencies) < set(currencies())


def test_what_creole_lacks_is_never_said_otherwise() -> None:
    with pytest.raises(spoken.NoSpokenFormError):
        spoken.spell_counted(Decimal(3), "hours", LanguageTag("ht"))
    with pytest.raises(spoken.NoSpokenFormError):
        spoken.spell_money(Decimal(3), "GTQ", LanguageTag("ht"))
    with pytest.raises(spoken.NoSpokenFormError):
        spoken.print_money(Decimal(3), "GTQ", LanguageTag("ht"))


def test_currencies_have_the_decimals_of_iso_4217() -> None:
    # CLDR has none where coins fell out of use; the list keeps those of ISO 4217 that a price
    # may still be written with, so it never has fewer.
    for code, currency in currencies().items():
        assert currency.decimals >= get_currency_precision(code)
        assert currency.decimals == (0 if code in {"CLP", "PYG"} else 2)


@pytest.mark.parametrize("language", languages())
def test_no_two_currencies_of_a_language_sound_alike(language: LanguageTag) -> None:
    words = table(language)
    assert words is not None
    said = [noun.words["other"] for noun in words.money.currencies.values()]
    assert len(set(said)) == len(said)


@given(
    number=st.integers(min_value=1, max_value=LARGEST),
    language=st.sampled_from(languages()),
    unit=st.sampled_from([*unit_names()]),
)
def test_everything_counted_is_said_without_figures(
    number: int, language: LanguageTag, unit: str
) -> None:
    words = table(language)
    if words is None or unit not in words.units:
        return
    said = spoken.spell_counted(Decimal(number), unit, language)
    assert not any(char.isdigit() or char in "{}" for char in said)
    assert said == " ".join(said.split())
    assert "{" not in spoken.print_counted(Decimal(number), unit, language)


@given(
    hundredths=st.integers(min_value=1, max_value=10**9),
    language=st.sampled_from(languages()),
    data=st.data(),
)
def test_every_amount_is_said_without_figures(
    hundredths: int, language: LanguageTag, data: st.DataObject
) -> None:
    words = table(language)
    assert words is not None
    code = data.draw(st.sampled_from([*words.money.minors]))
    said = spoken.spell_money(Decimal(hundredths) / 100, code, language)
    assert not any(char.isdigit() or char in "{}" for char in said)
    assert said == " ".join(said.split())
