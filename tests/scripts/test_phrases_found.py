"""The quick ways to phrases find what looking for each of them at each place finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.units import LanguageTag
from scripts.house_style import built_in_style
from scripts.phrases import PhraseTable, phrase_forms
from scripts.plain_words import plain_words
from scripts.term_matching import TermTable
from scripts.term_words import words_and_signs
from scripts.word_looks import OF_FEW_KINDS

LANGUAGES = ("es", "en", "fr", "pt", "ar", "ht")
TERMS = {tag: built_in_style().terms.of(LanguageTag(tag)) for tag in LANGUAGES}
TABLES = {tag: words.phrases for tag in LANGUAGES if (words := plain_words(tag)) is not None}


def one_by_one(table: TermTable, words: list[str]) -> list[tuple[int, int, tuple[str, ...], str]]:
    return sorted(
        (at, at + len(phrase.words), phrase.words, phrase.concept)
        for phrase in table.phrases
        for at in range(len(words))
        if tuple(words[at : at + len(phrase.words)]) == phrase.words
    )


@pytest.mark.parametrize("tag", [tag for tag in LANGUAGES if TERMS[tag] is not None])
@given(data=st.data())
def test_terms_are_found_wherever_they_stand(tag: str, data: st.DataObject) -> None:
    table = TERMS[tag]
    assert table is not None
    phrase = st.sampled_from(table.phrases).map(lambda one: list(one.words))
    cut = st.tuples(phrase, st.integers(0, 2)).map(lambda pair: pair[0][pair[1] :])
    words = [word for part in data.draw(st.lists(phrase | cut, max_size=4)) for word in part]
    found = sorted(
        (m.start, m.end, m.phrase.words, m.phrase.concept) for m in table._matches(words)
    )
    assert found == one_by_one(table, words)
    text = " ".join(words)
    if words_and_signs(text) == words and found:
        # found in a script, too, whatever its other sentences are
        told = table.find_all(("Nada.", text, "Nada.")).get(1)
        assert told == table._judge(words, text)


@pytest.mark.parametrize("tag", sorted(TABLES))
@given(data=st.data())
def test_a_table_of_some_groups_finds_of_them_what_the_whole_table_finds(
    tag: str, data: st.DataObject
) -> None:
    whole = TABLES[tag]
    several = data.draw(st.lists(st.sampled_from(whole.every_form), max_size=4))
    words = tuple(word for form in several for word in form)
    text = " ".join(words)
    few, others = whole.only(OF_FEW_KINDS), whole.only(whole.groups - OF_FEW_KINDS)
    found = [*few.find(words, text), *others.find(words, text)]
    assert sorted(found) == sorted(whole.find(words, text))
    assert few.may_find({*words}) or not few.find(words, text)


def test_a_table_of_no_group_finds_nothing() -> None:
    assert PhraseTable(phrase_forms(())).find(("uno", "dos"), "uno dos") == []
    assert not PhraseTable(phrase_forms(())).may_find({"uno"})
