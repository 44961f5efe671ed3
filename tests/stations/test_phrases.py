"""Every phrase stands in every language, says its placeholders, and is never quietly English."""

import string
import tomllib
from datetime import date
from pathlib import Path

import pytest

import stations.phrases
from programme.left_out import Cause
from programme.units import LanguageTag
from stations.phrases import direction, language_name, phrases_for, phrases_in

TABLES = tomllib.loads(
    Path(stations.phrases.__file__).with_name("phrases.toml").read_text(encoding="utf-8")
)
LANGUAGES = sorted(TABLES)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def tag(text: str) -> LanguageTag:
    return LanguageTag(text)


def test_the_languages_of_the_first_network_are_there() -> None:
    assert {"ar", "en", "es", "fr", "ht", "pt"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_phrase_with_its_placeholders(language: str) -> None:
    table, english = TABLES[language], TABLES["en"]
    assert set(table) == set(english)
    for key, text in english.items():
        assert fields(table[key]) == fields(text), key
        assert table[key].strip()
    assert len(table["months"].split()) == 12
    # The HTML page puts these two values behind their label.
    assert table["website"].endswith("{website}")
    assert table["questions"].endswith("{address}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_for_leaving_out_is_worded(language: str) -> None:
    assert {reason.value for reason in Cause} <= set(TABLES[language])


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("es", "6 de diciembre de 2026"),
        ("en", "6 December 2026"),
        ("fr", "6 décembre 2026"),
        ("pt", "6 de dezembro de 2026"),
        ("ht", "6 desanm 2026"),
        ("ar", "6 كانون الأول/ديسمبر 2026"),
    ],
)
def test_dates_name_their_month(language: str, written: str) -> None:
    say = phrases_in(language)
    assert say is not None
    assert say.day(date(2026, 12, 6)) == written


def test_a_language_without_phrases_reads_the_first_of_the_station_that_has_them() -> None:
    station = [tag("quc"), tag("mam"), tag("es-419"), tag("en")]
    assert phrases_for(tag("quc"), station, tag("en")).language == "es"
    assert phrases_for(tag("en"), station, tag("es")).language == "en"


def test_where_no_station_language_has_phrases_the_network_speaks_its_own() -> None:
    assert phrases_for(tag("mam"), [tag("mam")], tag("fr")).language == "fr"
    assert phrases_for(tag("mam"), [tag("mam")], tag("quc")).language == "en"


def test_languages_are_named_in_their_own_words_and_run_as_their_script_does() -> None:
    assert (language_name("ar"), direction("ar")) == ("العربية", "rtl")
    assert (language_name("fr"), direction("fr")) == ("français", "ltr")
    assert direction("uz-Cyrl") == "ltr"
