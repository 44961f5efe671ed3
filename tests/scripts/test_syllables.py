"""Syllables as counted by hand: the lists were written before the counters were run."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.units import LanguageTag
from scripts.syllables import count_syllables, counts_syllables

LISTS = Path(__file__).parent / "data" / "syllables"
LANGUAGES = ("es", "en", "fr", "pt")
LEAST = {"es": 1.0, "en": 0.97, "fr": 0.97, "pt": 0.97}
VOWELS = set("aeiouyáéíóúàèìòùâêîôûãõäëïöüœ")


def counted_by_hand(language: str) -> list[tuple[str, int]]:
    lines = (LISTS / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return [(word, int(count)) for word, count in rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_syllables_are_counted_as_by_hand(language: str) -> None:
    words = counted_by_hand(language)
    wrong = [(w, n, count_syllables(w, language)) for w, n in words]
    wrong = [row for row in wrong if row[1] != row[2]]
    assert len(words) >= 100
    assert 1 - len(wrong) / len(words) >= LEAST[language], wrong


@pytest.mark.parametrize(
    ("word", "language", "count"),
    [
        ("Países", "es", 3),
        ("PAÍSES", "es", 3),
        ("lleva-libros", "es", 4),
        ("they’re", "en", 1),
        ("e-mail", "en", 2),
        ("l’asile", "fr", 2),
        ("qu’elle", "fr", 1),
        ("d’abord", "fr", 2),
        ("guarda-chuva", "pt", 4),
    ],
)
def test_case_hyphens_and_apostrophes_do_not_matter(word: str, language: str, count: int) -> None:
    assert count_syllables(word, language) == count


def test_only_four_languages_are_counted() -> None:
    counted = ["es-419", "en-BZ", "fr", "pt-BR", "ht", "ar", "quc", "zh"]
    assert [tag for tag in counted if counts_syllables(LanguageTag(tag))] == counted[:4]


@given(
    st.text(alphabet="abcdefghijklmnñopqrstuvwxyzáéíóúüàâãçêëïôõœ'’-", min_size=1, max_size=30),
    st.sampled_from(LANGUAGES),
)
def test_a_word_has_one_syllable_at_least_and_never_more_than_vowels(
    word: str, language: str
) -> None:
    vowels = sum(char in VOWELS for char in word)
    parts = max(1, len([part for part in word.split("-") if part]))
    # A final -le and -ism have a syllable without a vowel of its own.
    assert 1 <= count_syllables(word, language) <= vowels + 2 * parts
