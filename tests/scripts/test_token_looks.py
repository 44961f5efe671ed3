"""A look at tokens says that nothing is to be found only where the closer looks find nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.units import LanguageTag
from scripts.house_style import built_in_style
from scripts.rules_forms import may_hold_two, second_sentence
from scripts.rules_letters import Sieve
from scripts.token_looks import TokenLooks, token_looks

LANGUAGES = [LanguageTag(tag) for tag in ("es", "en", "ar", "ja", "quc")]
LEXICON = built_in_style().lexicon
PIECES = st.sampled_from(
    [
        *("Pida", "ayuda.", "ACNUR", "Sr.", "EE.", "UU.", "9", "d'ACNUR", "«hola»", "#", "**", "/"),
        *("لا", "طلب،", "WhatsApp", "Жук", "paЖ", "a\u0302\u0302\u0302\u0302\u0302", "\u0302"),
        *("難民", "k'iche'", "\u200b", "\u200d", "\u00a0", "\t", "\x1c", "\x85", "\u2028", "…"),
        *(" ", "  ", "\n", ".", "? ", "x", "{{", "{{time:08:00}}", "}}", "ª", "\ud800", "٣"),
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=30)


@given(TEXTS, st.sampled_from(LANGUAGES))
def test_what_is_clean_and_silent_by_its_tokens_is_so_line_by_line(
    text: str, language: LanguageTag
) -> None:
    table = LEXICON.table(language)
    look = token_looks(language, table).over(text)
    assert look.is_silent == table.is_silent(text)
    if look.is_clean:
        sieve = Sieve.over(text, language)
        assert [found for line in text.split("\n") for found in sieve.faults(line)] == []


@pytest.mark.parametrize(
    ("text", "clean", "silent"),
    [
        ("Pida ayuda gratis.", True, True),
        ("Pida ayuda a ACNUR.", True, False),
        ("Pida 9 gratis.", False, True),
        ("Pida\u200bayuda.", False, True),
        ("Pida\x1cayuda.", False, True),
        ("# Pida", False, True),
    ],
)
def test_a_token_seen_again_says_the_same(text: str, clean: bool, silent: bool) -> None:
    language = LanguageTag("es")
    looks = TokenLooks(language, LEXICON.table(language))
    for _ in range(3):
        look = looks.over(text)
        assert (look.is_clean, look.is_silent) == (clean, silent)


def test_more_tokens_than_are_kept_change_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.token_looks._MOST_KEPT", 3)
    language = LanguageTag("es")
    looks = TokenLooks(language, LEXICON.table(language))
    for text in ("uno dos tres cuatro", "cinco 6 siete", "8 9 10 11 12", "uno cinco", "uno 9"):
        assert looks.over(text).is_clean == text.replace(" ", "").isalpha()


@given(st.lists(TEXTS, max_size=4), st.sampled_from(LANGUAGES))
def test_no_line_of_a_calm_text_holds_two_sentences(
    lines: list[str], language: LanguageTag
) -> None:
    lines = [line.replace("\n", " ") for line in lines]
    if not may_hold_two("\n".join(lines)):
        assert [second_sentence(line, language, LEXICON) for line in lines] == [""] * len(lines)
