"""A look at a text's tokens leaves out only what no rule would have said anything of."""

from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scripts.word_looks
from programme.units import LanguageTag
from programme.words import Sentence
from scripts.plain_words import plain_words
from scripts.rules_words import SentenceWords, fold_words, words_of
from scripts.word_looks import Use, WordLooks, word_looks
from tests.scripts.checking import check_lines

FAULTY = Path(__file__).parents[1] / "faulty" / "scripts"
LANGUAGES = ("es", "en", "fr", "pt", "ar", "ht", "quc")
PIECES = st.sampled_from(
    [
        *("que", "Que,", "fue", "detenido", "was", "taken", "tú", "realizar", "cruce", "río."),
        *("—", "…", "–Hola", "no—sí", "¿", "...", "-", "l’asile", "États-Unis", "الحدود", "-a-"),
        *("internacionalización", "información", "{x}", "migrantxs", "Ñandú", "a\u0301", "İ"),
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=40)


def sentence(text: str) -> Sentence:
    return Sentence(line=1, raw=text, text=text, spoken=text, paragraph=0)


@given(TEXTS)
def test_a_sentence_by_its_tokens_has_the_words_of_its_text(text: str) -> None:
    one = SentenceWords(sentence(text))
    assert list(one.words) == words_of(text)
    assert list(one.lower) == [word.lower() for word in words_of(text)]
    assert one.folded == fold_words(words_of(text))


@pytest.mark.parametrize("language", LANGUAGES)
@given(text=TEXTS)
def test_what_is_idle_is_one_word_that_nothing_looks_for(language: str, text: str) -> None:
    looks, words = word_looks(language), plain_words(language)
    tokens = {*text.split()}
    idle = tokens - looks.over(tokens)
    for token in idle:
        (word,) = words_of(token)
        assert words is None or not words.phrases.may_find(fold_words([word]))
        shapes = words.shapes if words is not None else None
        if shapes is not None:
            looked_for = shapes.subordinate | shapes.auxiliaries | shapes.nominal_verbs
            assert word.lower() not in looked_for


def findings_of_many_texts() -> list[object]:
    found: list[object] = []
    for path in sorted(FAULTY.rglob("*.md")):
        lines = path.read_text(encoding="utf-8", errors="replace")
        for kind in ("awareness", "procedure", "myth-fact", "testimony"):
            found += check_lines(lines, language=path.stem, kind=kind)
    return found


def test_the_rules_find_the_same_where_every_token_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quick = findings_of_many_texts()

    def everything(_: WordLooks, tokens: AbstractSet[str]) -> AbstractSet[str]:
        return tokens

    def of_any_use(_: WordLooks, _use: Use, loud: AbstractSet[str]) -> AbstractSet[str]:
        return loud

    monkeypatch.setattr(WordLooks, "over", everything)
    monkeypatch.setattr(WordLooks, "used", of_any_use)
    assert len(quick) > 100
    assert findings_of_many_texts() == quick


def test_more_tokens_than_are_kept_change_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts.word_looks, "_MOST_KEPT", 3)
    looks = WordLooks("es")
    tokens = {"Fue", "ayer", "que", "cuando", "no—sí", "—", "agua", "internacionalización"}
    first = looks.over(tokens)
    assert first >= {"Fue", "que", "cuando", "no—sí", "—", "internacionalización"}
    assert "ayer" not in first
    for some in (tokens, {"agua"}, {"que"}, tokens):
        assert looks.over({*some}) == first & some
    assert looks.used(Use.NOT_ONE_WORD, looks.over(tokens)) == {"no—sí", "—"}
    assert looks.used(Use.LONG, looks.over(tokens)) == {"internacionalización"}


def test_a_language_of_which_nothing_is_known_has_words_all_the_same() -> None:
    looks = WordLooks(LanguageTag("quc"))
    assert looks.over({"utz", "—"}) == {"—"}
    assert looks.used(Use.PHRASE, {"utz"}) == set()
