"""The data of plain and safe speech: every row finds its bad example and leaves its good one."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.phrases import Phrase, PhraseTable, phrase_forms
from scripts.plain_words import plain_words
from scripts.rules_words import fold_words, words_of
from scripts.term_words import expand
from tests.scripts.checking import check_lines

DATA = Path(__file__).parents[2] / "scripts" / "data"
LANGUAGES = ("es", "en", "fr", "pt")
GROUPS = {"hard": "hard-word", "idioms": "idiom"}
FEWEST = {"es": 80, "en": 40, "fr": 40, "pt": 40}


def plain(language: str) -> dict[str, Any]:
    return tomllib.loads((DATA / "plain" / f"{language}.toml").read_text(encoding="utf-8"))


def rows() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for language in LANGUAGES:
        for table, group in GROUPS.items():
            for row in plain(language)[table]["rows"]:
                yield language, group, row


ROWS = [pytest.param(*row, id=f"{row[0]}-{row[2]['avoid'][0]}") for row in rows()]


def found(language: str, group: str, text: str) -> list[str]:
    words = plain_words(language)
    assert words is not None
    return [
        hit.words
        for hit in words.phrases.find(fold_words(words_of(text)), text)
        if hit.group == group
    ]


@pytest.mark.parametrize(("language", "group", "row"), ROWS)
def test_a_row_finds_its_bad_example_once_and_leaves_its_good_one(
    language: str, group: str, row: dict[str, Any]
) -> None:
    own = {" ".join(fold_words(words_of(form))) for p in row["avoid"] for form in expand(p)}
    hits = found(language, group, row["bad"])
    assert len(hits) == 1
    assert hits[0] in own
    assert found(language, group, row["good"]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_advice_is_itself_a_hard_word(language: str) -> None:
    for row in plain(language)["hard"]["rows"]:
        for advice in row["say"].replace(";", ",").split(","):
            assert found(language, "hard-word", advice) == [], row


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_enough_rows(language: str) -> None:
    assert len(plain(language)["hard"]["rows"]) >= FEWEST[language]
    assert len(plain(language)["idioms"]["rows"]) >= 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_stands_in_two_rows(language: str) -> None:
    seen: dict[str, str] = {}
    for row in plain(language)["hard"]["rows"]:
        for form in {form for pattern in row["avoid"] for form in expand(pattern)}:
            key = " ".join(fold_words(words_of(form)))
            assert seen.setdefault(key, row["say"]) == row["say"], key


@pytest.mark.parametrize(
    "path", sorted((DATA / "safety").glob("*.toml")), ids=lambda path: path.stem
)
def test_every_safety_phrase_is_found_unless_denied(path: Path) -> None:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    for group in ("asylum", "consulate", "consulate_condition", "confidential", "route", "cost"):
        for pattern in data.get(group, ()):
            for form in expand(pattern):
                assert found(path.stem, group, form), (group, form)


def test_a_language_without_words_is_left_alone() -> None:
    assert plain_words("zh") is None
    assert plain_words("quc") is None


def test_an_elision_hides_no_word() -> None:
    assert found("fr", "hard-word", "Prévenez l’autorité compétente.") == ["l' autorite competente"]


def test_the_longest_phrase_of_a_group_is_told_and_groups_do_not_hide_each_other() -> None:
    rows = [("uno dos", Phrase("a")), ("uno dos tres", Phrase("a")), ("dos", Phrase("b"))]
    table = PhraseTable(phrase_forms(rows))
    hits = table.find(("uno", "dos", "tres"), "uno dos tres")
    assert [(hit.group, hit.words) for hit in hits] == [("a", "uno dos tres"), ("b", "dos")]


def test_a_denial_silences_only_what_follows_it_closely() -> None:
    table = PhraseTable(
        phrase_forms([("cruce", Phrase("route"))]), denials={"route": {"no"}}, joins={"y"}
    )

    def count(text: str) -> int:
        return len(table.find(fold_words(words_of(text)), text))

    assert [count(text) for text in ("No cruce", "No, por favor, no cruce")] == [0, 0]
    assert [count(text) for text in ("Cruce, no", "No a b c d cruce")] == [1, 1]
    for text in ("No tema, cruce", "No espere más: cruce", "No tema — cruce", "No hay y cruce"):
        assert count(text) == 1, text
    # the comma before the denial parts nothing
    assert count("Por eso, no cruce, por favor") == 0


# Ordinary sentences in which a word looks like one that is flagged.
@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es-419", "Este trámite es gratis."),
        ("es-419", "Ya lo he dicho dos veces."),
        ("es-419", "Camine a través del parque."),
        ("es-419", "No hay vigilancia de noche."),
        ("es-419", "La señora tiene cuidado."),
        ("es-419", "Guarde su comprobante de pago."),
        ("en", "She made a document for you."),
        ("en", "The issue is simple."),
        ("en", "I need help with my papers."),
        ("fr", "Le client est content."),
        ("fr", "Vous êtes en sécurité ici."),
        ("pt-BR", "Guarde o comprovante."),
        ("pt-BR", "Desde que cheguei, estou bem."),
        ("pt-BR", "A senhora tem cuidado."),
    ],
)
def test_ordinary_words_stay_in_peace(language: str, line: str) -> None:
    assert [finding.rule for finding in check_lines(line, language=language)] == []


@pytest.mark.parametrize(
    ("title", "language", "rule"),
    [
        ("Puede interponer una queja", "es", "plain.hard-word"),
        ("Staying pursuant to the law", "en", "plain.hard-word"),
        ("Puede presentar una queja", "es", ""),
    ],
)
def test_a_title_is_judged_like_a_sentence_as_feeds_show_it(
    title: str, language: str, rule: str
) -> None:
    found = check_lines("Aquí.", title=title, language=language)
    assert [(f.rule, f.line) for f in found] == ([(rule, 1)] if rule else [])
