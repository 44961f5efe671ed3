"""Times, ordinals and days of the week, judged by words that were written out by hand."""

from datetime import date, time

import pytest

from programme.units import LanguageTag
from scripts import spoken
from scripts.spoken_tables import languages

TIMES = [
    ("es", time(0, 0), "las doce de la noche", "las 0:00"),
    ("es", time(0, 30), "las doce y media de la noche", "las 0:30"),
    ("es", time(1, 5), "la una y cinco de la madrugada", "la 1:05"),
    ("es", time(2, 30), "las dos y media de la madrugada", "las 2:30"),
    ("es", time(8, 0), "las ocho de la mañana", "las 8:00"),
    ("es", time(12, 0), "las doce del mediodía", "las 12:00"),
    ("es", time(13, 0), "la una de la tarde", "las 13:00"),
    ("es", time(14, 30), "las dos y media de la tarde", "las 14:30"),
    ("es", time(15, 45), "las tres y cuarenta y cinco de la tarde", "las 15:45"),
    ("es", time(19, 15), "las siete y cuarto de la noche", "las 19:15"),
    ("es", time(21, 21), "las nueve y veintiuno de la noche", "las 21:21"),
    ("en", time(0, 0), "midnight", "midnight"),
    ("en", time(0, 30), "twelve thirty at night", "12:30 a.m."),
    ("en", time(8, 0), "eight o’clock in the morning", "8 a.m."),
    ("en", time(12, 0), "noon", "noon"),
    ("en", time(12, 30), "twelve thirty in the afternoon", "12:30 p.m."),
    ("en", time(14, 5), "two oh five in the afternoon", "2:05 p.m."),
    ("en", time(14, 30), "two thirty in the afternoon", "2:30 p.m."),
    ("en", time(20, 0), "eight o’clock in the evening", "8 p.m."),
    ("fr", time(0, 0), "minuit", "0 h"),
    ("fr", time(0, 30), "minuit et demi", "0 h 30"),
    ("fr", time(1, 0), "une heure du matin", "1 h"),
    ("fr", time(12, 0), "midi", "12 h"),
    ("fr", time(12, 30), "midi et demi", "12 h 30"),
    ("fr", time(14, 30), "deux heures et demie de l’après-midi", "14 h 30"),
    ("fr", time(14, 21), "deux heures vingt et une de l’après-midi", "14 h 21"),
    ("fr", time(20, 15), "huit heures et quart du soir", "20 h 15"),
    ("pt", time(0, 0), "meia-noite", "0h"),
    ("pt", time(0, 30), "meia-noite e meia", "0h30"),
    ("pt", time(1, 0), "uma da madrugada", "1h"),
    ("pt", time(8, 0), "oito da manhã", "8h"),
    ("pt", time(12, 0), "meio-dia", "12h"),
    ("pt", time(12, 30), "meio-dia e meia", "12h30"),
    ("pt", time(14, 30), "duas e meia da tarde", "14h30"),
    ("pt", time(21, 22), "nove e vinte e dois da noite", "21h22"),
    ("ar", time(0, 0), "منتصف الليل", "الساعة \u20660:00\u2069"),
    ("ar", time(0, 30), "الساعة الثانية عشرة والنصف بعد منتصف الليل", "الساعة \u20660:30\u2069"),
    ("ar", time(8, 0), "الساعة الثامنة صباحًا", "الساعة \u20668:00\u2069"),
    ("ar", time(12, 0), "الساعة الثانية عشرة ظهرًا", "الساعة \u206612:00\u2069"),
    ("ar", time(14, 30), "الساعة الثانية والنصف بعد الظهر", "الساعة \u206614:30\u2069"),
    ("ar", time(14, 5), "الساعة الثانية وخمس دقائق بعد الظهر", "الساعة \u206614:05\u2069"),
    ("ar", time(14, 1), "الساعة الثانية ودقيقة واحدة بعد الظهر", "الساعة \u206614:01\u2069"),
    ("ar", time(23, 15), "الساعة الحادية عشرة والربع مساءً", "الساعة \u206623:15\u2069"),
    ("ht", time(12, 0), "midi", "12:00"),
    ("ht", time(14, 30), "dezè edmi nan apremidi", "14:30"),
    ("ht", time(8, 0), "uitè nan maten", "8:00"),
]

ORDINALS = [
    ("es", 1, "", "primero"), ("es", 1, "m", "primer"), ("es", 1, "f", "primera"),
    ("es", 3, "m", "tercer"), ("es", 3, "f", "tercera"), ("es", 7, "f", "séptima"),
    ("es", 10, "m", "décimo"), ("es", 11, "", "undécimo"), ("es", 13, "m", "decimotercer"),
    ("es", 13, "f", "decimotercera"), ("es", 21, "m", "vigésimo primer"),
    ("es", 21, "f", "vigésima primera"), ("es", 30, "f", "trigésima"),
    ("en", 1, "", "first"), ("en", 3, "f", "third"), ("en", 12, "", "twelfth"),
    ("en", 21, "", "twenty-first"), ("en", 31, "", "thirty-first"),
    ("fr", 1, "", "premier"), ("fr", 1, "f", "première"), ("fr", 5, "", "cinquième"),
    ("fr", 9, "", "neuvième"), ("fr", 21, "f", "vingt et unième"), ("fr", 22, "", "vingt-deuxième"),
    ("pt", 1, "f", "primeira"), ("pt", 3, "", "terceiro"), ("pt", 12, "f", "décima segunda"),
    ("pt", 20, "", "vigésimo"), ("pt", 22, "f", "vigésima segunda"),
    ("ar", 1, "", "الأول"), ("ar", 1, "f", "الأولى"), ("ar", 3, "m", "الثالث"),
    ("ar", 3, "f", "الثالثة"), ("ar", 11, "f", "الحادية عشرة"), ("ar", 12, "m", "الثاني عشر"),
    ("ar", 20, "f", "العشرين"), ("ar", 21, "f", "الحادية والعشرين"), ("ar", 31, "m",
     "الحادي والثلاثين"), ("ht", 1, "f", "premye"), ("ht", 10, "", "dizyèm"),
]  # fmt: skip

WEEKDAYS = [
    ("es", "martes primero de diciembre de dos mil veintiséis", "martes 1 de diciembre de 2026"),
    ("en", "Tuesday, December first, two thousand twenty-six", "Tuesday, December 1, 2026"),
    ("fr", "mardi premier décembre deux mille vingt-six", "mardi 1er décembre 2026"),
    ("pt", "terça-feira, primeiro de dezembro de dois mil e vinte e seis",
     "terça-feira, 1º de dezembro de 2026"),
    ("ar", "الثلاثاء الموافق الأول من ديسمبر عام ألفين وستة وعشرين",
     "الثلاثاء الموافق 1 ديسمبر 2026"),
    ("ht", "madi premye desanm de mil vennsis", "madi 1ye desanm 2026"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "at", "said", "printed"), TIMES)
def test_a_time_is_said_with_the_part_of_the_day(
    language: str, at: time, said: str, printed: str
) -> None:
    assert spoken.spell_time(at, LanguageTag(language)) == said
    assert spoken.print_time(at, LanguageTag(language)) == printed


@pytest.mark.parametrize("language", languages())
def test_no_two_minutes_of_a_day_are_said_or_printed_alike(language: LanguageTag) -> None:
    day = [time(hour, minute) for hour in range(24) for minute in range(60)]
    said = [spoken.spell_time(at, language) for at in day]
    assert len(set(said)) == len(day)
    assert len({spoken.print_time(at, language) for at in day}) == len(day)
    assert not any(char.isdigit() or char in "{}" for words in said for char in words)
    assert all(words == " ".join(words.split()) for words in said)


@pytest.mark.parametrize(("language", "number", "gender", "said"), ORDINALS)
def test_an_ordinal_agrees_with_its_noun(
    language: str, number: int, gender: str, said: str
) -> None:
    assert spoken.spell_ordinal(number, LanguageTag(language), gender) == said


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("gender", ["", "m", "f", "n"])
def test_no_two_ordinals_are_said_alike(language: LanguageTag, gender: str) -> None:
    last = spoken.last_ordinal(language)
    assert last == (10 if language == "ht" else 31)
    said = [spoken.spell_ordinal(n, language, gender) for n in range(1, last + 1)]
    assert len(set(said)) == last
    with pytest.raises(spoken.NoSpokenFormError):
        spoken.spell_ordinal(last + 1, language, gender)


@pytest.mark.parametrize(("language", "said", "printed"), WEEKDAYS)
def test_a_date_takes_its_day_of_the_week(language: str, said: str, printed: str) -> None:
    # The first of December 2026 is a Tuesday.
    day = date(2026, 12, 1)
    assert spoken.spell_weekday(day, LanguageTag(language)) == said
    assert spoken.print_weekday(day, LanguageTag(language)) == printed
