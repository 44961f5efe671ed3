"""Explaining: whatever stands in a finding can be asked for, in the reader's language."""

import pytest

from scripts.explaining import explain_text
from scripts.house_style import built_in_style
from scripts.rule_catalogue import READERS, rules


def told(text: str, reader: str = "en") -> str:
    entries, _ = explain_text(text, reader=reader, style=built_in_style())
    return "\n".join(line for entry in entries for line in entry.lines())


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", rules())
def test_every_rule_is_explained_with_reason_and_source(name: str, reader: str) -> None:
    text = told(name, reader)
    assert rules()[name].reason[reader] in text
    assert rules()[name].source in text


def test_a_group_gives_every_rule_of_it() -> None:
    text = told("allow")
    assert all(name in text for name in rules() if name.startswith("allow."))


@pytest.mark.parametrize(
    ("asked", "reader", "says"),
    [
        ("trata de blancas", "es", "trata de personas"),
        ("TRATA DE BLANCAS", "en", "a border"),
        ("terms.promises", "pt", "Ninguém pode prometer"),
        ("interponer", "es", "presentar"),
        ("tirar la toalla", "fr", "rendirse"),
    ],
)
def test_words_that_a_finding_quotes_are_explained(asked: str, reader: str, says: str) -> None:
    assert says in told(asked, reader)


def test_a_reader_whose_language_explains_nothing_gets_english() -> None:
    assert told("words.aside", "ht") == told("words.aside", "en")


def test_what_nobody_knows_is_not_explained_and_a_near_rule_is_offered() -> None:
    assert explain_text("xyzzy", reader="en", style=built_in_style()) == ([], "")
    assert explain_text("plain.sentence-lenght", reader="en", style=built_in_style()) == (
        [],
        "did you mean plain.sentence-length? ",
    )
