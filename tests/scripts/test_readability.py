"""Readability: the formulas as their authors give them, and what a script is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.findings import Severity
from scripts.readability import MEASURES, Counts, add
from scripts.rules_readability import count_sentence, count_words, standard
from scripts.syllables import count_all
from tests.scripts.checking import check_lines

TEXT = Counts(words=120, sentences=12, syllables=240, letters=600, letters_squared=3600)
"""Ten words a sentence, two syllables and five letters a word; variance 3600/120 - 25 = 5."""


@pytest.mark.parametrize(
    ("measure", "score"),
    [
        ("fernandez-huerta", 206.84 - 60 * 2 - 1.02 * 10),
        ("inflesz", 206.835 - 62.3 * 2 - 10),
        ("crawford", -0.205 * 10 + 0.049 * 200 - 3.407),
        ("mu", 120 / 119 * 5 / 5 * 100),
        ("gutierrez", 95.2 - 9.7 * 5 - 0.35 * 10),
        ("flesch", 206.835 - 1.015 * 10 - 84.6 * 2),
        ("flesch-kincaid", 0.39 * 10 + 11.8 * 2 - 15.59),
        ("kandel-moles", 207 - 1.015 * 10 - 73.6 * 2),
        ("martins", 248.835 - 1.015 * 10 - 84.6 * 2),
    ],
)
def test_scores_are_those_of_the_formulas(measure: str, score: float) -> None:
    assert MEASURES[measure](TEXT) == pytest.approx(score)


def test_every_formula_is_tested_and_every_standard_names_formulas() -> None:
    for language in ("es", "en", "fr", "pt"):
        judged_by = standard(language)
        assert judged_by is not None
        named = [gate.measure for gate in judged_by.gates] + [key for key, _ in judged_by.shows]
        assert set(named) <= set(MEASURES)
    assert standard("ht") is None


def test_words_of_one_length_have_no_mu() -> None:
    assert MEASURES["mu"](Counts(2, 1, 4, 8, 32)) == 0
    assert MEASURES["mu"](Counts(1, 1, 2, 4, 16)) == 0


def test_a_sentence_is_counted_without_its_figures() -> None:
    # l'asile: 6 letters; 800 is no word
    assert count_sentence(["l'asile", "800", "est"], [2, 1, 1]) == Counts(2, 1, 3, 9, 45)
    assert count_sentence(["800"], [1]) == Counts(0, 0, 0, 0, 0)


@given(
    words=st.lists(st.sampled_from(["l'asile", "800", "est", "covid-19", "a", "día"]), max_size=5),
    language=st.sampled_from(["es", "en", "fr", "pt"]),
)
def test_words_that_came_before_count_as_they_did(words: list[str], language: str) -> None:
    assert count_words(words, language) == count_sentence(words, count_all(words, language))


def test_a_text_is_the_sum_of_its_sentences() -> None:
    parts = [Counts(2, 1, 3, 9, 45), Counts(3, 1, 4, 10, 40)]
    assert add(parts) == Counts(5, 2, 7, 19, 85)
    assert add(parts).without(parts[0]) == parts[1]
    assert add([]) == Counts(0, 0, 0, 0, 0)


OFFICE = {
    "es": "Las autoridades administrativas competentes determinarán la admisibilidad.",
    "en": "Administrative authorities determine individual admissibility accordingly.",
    "fr": "Les autorités administratives détermineront la recevabilité individuelle.",
    "pt": "Autoridades administrativas determinarão individualmente a admissibilidade.",
}
PLAIN = {
    "es": "Pida ayuda si alguien le cobra por su papel.",
    "en": "Ask for help if someone wants money from you.",
    "fr": "Cherche de l’aide si on veut de l’argent pour ça.",
    "pt": "Peça ajuda se alguém cobra pelo seu papel.",
}


def told(lines: list[str], language: str) -> list[tuple[int, Severity]]:
    found = check_lines("\n".join(lines), language=language)
    return [(f.line, f.severity) for f in found if f.rule == "plain.readability"]


@pytest.mark.parametrize("language", OFFICE)
def test_the_language_of_offices_is_called_hard(language: str) -> None:
    severity = Severity.ERROR if language == "es" else Severity.WARNING
    assert told([OFFICE[language]] * 20, language) == [(3, severity)]
    assert told([PLAIN[language]] * 20, language) == []


def test_under_a_hundred_words_no_score_is_given() -> None:
    assert told([OFFICE["es"]] * 14, "es") == []
    assert told([OFFICE["es"]] * 15, "es") != []


def test_the_sentence_that_pulls_the_score_down_is_named_with_its_line() -> None:
    lines = ["Las niñas necesitan documentación."] * 30
    lines[17] = OFFICE["es"]
    (finding,) = [
        f for f in check_lines("\n".join(lines), language="es") if f.rule == "plain.readability"
    ]
    assert finding.line == 20
    assert "hardest: line 20 «Las autoridades" in finding.problem
