"""A sentence that is passed over for the words beside its tokens says no phrase."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.units import LanguageTag
from scripts.house_style import built_in_style
from scripts.phrases import Phrase, PhraseTable, phrase_forms
from scripts.plain_words import plain_words
from scripts.rules_words import folded_words
from scripts.term_words import words_and_signs

LANGUAGES = ("es", "en", "fr", "pt", "ar", "ht")
TERMS = {tag: built_in_style().terms.of(LanguageTag(tag)) for tag in LANGUAGES}
TABLES = {tag: words.phrases for tag in LANGUAGES if (words := plain_words(tag)) is not None}
BETWEEN = st.sampled_from((" ", " ", " ", "-", "'", "–", ", ", " — ", " \u0640 ", ' "', '" '))
"""What stands between two words: of a token of signs or of a stretch alone nothing is left."""


def table_of_one_phrase(pattern: str) -> PhraseTable:
    return PhraseTable(phrase_forms([(pattern, Phrase("cost"))]))


def written(data: st.DataObject, forms: list[tuple[str, ...]]) -> str:
    """Give some phrases, whole and cut, with signs between and inside their words."""
    form = st.sampled_from(forms).map(list)
    cut = st.tuples(form, st.integers(0, 2)).map(lambda pair: pair[0][pair[1] :])
    words = [word for part in data.draw(st.lists(form | cut, max_size=4)) for word in part]
    return "".join(part for word in words for part in (word, data.draw(BETWEEN))).strip()


@pytest.mark.parametrize("tag", [tag for tag in LANGUAGES if TERMS[tag] is not None])
@given(data=st.data())
def test_a_sentence_that_says_a_term_is_not_passed_over(tag: str, data: st.DataObject) -> None:
    table = TERMS[tag]
    assert table is not None
    text = written(data, [one.words for one in table.phrases])
    whole = table._judge(words_and_signs(text), text)
    assert table.find_all((text,)).get(0, table._judge([], "")) == whole


@pytest.mark.parametrize("tag", sorted(TABLES))
@given(data=st.data())
def test_a_sentence_that_says_a_phrase_is_not_passed_over(tag: str, data: st.DataObject) -> None:
    table = TABLES[tag]
    text = written(data, table.every_form)
    row = text.split()
    folded = [word for token in row for word in folded_words(token)]
    telling = {token for token in row if table.may_find(folded_words(token))}
    assert table.may_say(row, telling) or not table.find(folded, text)


@pytest.mark.parametrize(
    ("line", "may_say"),
    [
        ("Va a pagar mañana", False),
        ("Va a pagar dinero", True),
        ("Va a pagar, dinero", True),
        ("Va a pagar-dinero", True),
        ("Va a pagar — dinero", True),  # the word beside it may stand behind the dash
        ("dinero pagar", False),
        ("pagar", False),
        ("dinero", False),
    ],
)
def test_the_words_beside_a_token_decide(line: str, *, may_say: bool) -> None:
    table = table_of_one_phrase("pagar dinero")
    row = line.split()
    telling = {token for token in row if table.may_find(folded_words(token))}
    assert table.may_say(row, telling) is may_say


def test_a_phrase_of_one_word_needs_nothing_beside_it() -> None:
    table = table_of_one_phrase("gratis")
    assert table.may_say(["Es", "gratis."], {"gratis."})
    assert not table.may_say(["Es", "gratis."], set())
