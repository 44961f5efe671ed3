"""What feeds say about corrections, in the language of who listens."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from production.phrases import phrase, written_in
from programme.units import LanguageTag

ROOT = Path(__file__).parents[2]
RELEASE_TABLES = tomllib.loads(
    (ROOT / "production" / "releases" / "release_words.toml").read_text(encoding="utf-8")
)
TABLES = tomllib.loads((ROOT / "production" / "phrases.toml").read_text(encoding="utf-8"))
DAY = date(2026, 11, 23)


def test_every_language_says_everything() -> None:
    names = set(TABLES["en"])
    assert {"corrected", "withdrawn", "valid_until", "demo"} <= names
    for tag, table in TABLES.items():
        assert set(table) == names, tag
        assert all(text.strip() == text and text for text in table.values()), tag
        dated = {name for name, text in table.items() if "{" in text}
        assert dated == {"corrected", "valid_until"}, tag


def test_every_language_says_everything_of_what_was_withdrawn() -> None:
    assert set(RELEASE_TABLES) == set(TABLES)
    filled = {"notice": {"{date}", "{title}"}, "notice_text": {"{title}"}, "reason": {"{reason}"}}
    for tag, table in RELEASE_TABLES.items():
        assert set(table) == set(RELEASE_TABLES["en"]), tag
        assert all(text.strip() == text and text for text in table.values()), tag
        marks = {name: set(re.findall(r"\{\w+\}", text)) for name, text in table.items()}
        assert {name: found for name, found in marks.items() if found} == filled, tag


def test_no_two_languages_but_kin_share_a_warning() -> None:
    for name in ("corrected_text", "retracted_text", "expired_text"):
        warnings = [table[name] for table in RELEASE_TABLES.values()]
        assert len(set(warnings)) == len(warnings) == len(TABLES)


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("es-419", "CORREGIDO 23 de noviembre de 2026"),
        ("en", "CORRECTED November 23, 2026"),
        ("fr", "CORRIGÉ 23 novembre 2026"),
        ("pt-BR", "CORRIGIDO 23 de novembro de 2026"),
    ],
)
def test_a_correction_is_dated_in_words_of_its_language(tag: str, said: str) -> None:
    assert phrase("corrected", LanguageTag(tag), LanguageTag("es-419"), day=DAY) == said


def test_a_language_without_words_of_its_own_uses_the_sources() -> None:
    quc, source = LanguageTag("quc"), LanguageTag("es-419")
    assert written_in(quc, source) == source
    assert phrase("withdrawn", quc, source) == "RETIRADO"
    assert phrase("corrected", quc, source, day=DAY) == "CORREGIDO 23 de noviembre de 2026"
