"""The index of phrases finds what trying each phrase at each place finds, and reads no more."""

from hypothesis import given
from hypothesis import strategies as st

from scripts.phrase_index import Form, PhraseIndex

WORDS = st.sampled_from(("uno", "dos", "tres"))
PHRASES = st.lists(st.lists(WORDS, min_size=1, max_size=3).map(tuple), max_size=8, unique=True)


@given(phrases=PHRASES, sentence=st.lists(WORDS, max_size=10), data=st.data())
def test_every_phrase_is_found_wherever_it_stands(
    phrases: list[tuple[str, ...]], sentence: list[str], data: st.DataObject
) -> None:
    kept: dict[str, list[Form[str]]] = {}
    for number, words in enumerate(phrases):
        at = data.draw(st.integers(0, len(words) - 1))
        kept.setdefault(words[at], []).append(Form(number, words, at, " ".join(words)))
    index = PhraseIndex(kept, kept.__getitem__)
    found = sorted((start, end, form.number) for start, end, form in index.find(sentence))
    assert found == sorted(
        (at, at + len(words), number)
        for number, words in enumerate(phrases)
        for at in range(len(sentence))
        if tuple(sentence[at : at + len(words)]) == words
    )


def test_only_words_that_are_said_are_taken_out_and_each_once() -> None:
    read: list[str] = []

    def forms(word: str) -> list[Form[None]]:
        read.append(word)
        return [Form(0, (word, "aquí"), 0, None)]

    index = PhraseIndex({"agua", "pan"}, forms)
    for _ in range(2):
        assert [start for start, _, _ in index.find(("hay", "agua", "aquí"))] == [1]
    assert read == ["agua"]
    assert index.kept("vino") is None
    kept = index.kept("pan")
    assert kept is not None
    assert (kept.alone, kept.before, list(kept.after)) == ([], {}, ["aquí"])
