"""A set of takes against its words, whatever is changed, moved, doubled or taken away."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from programme.digests import digest_text
from programme.takes import TakeReview, Verdict
from programme.units import Digest, LanguageTag
from programme.words import Script, Sentence
from scripts.read_recordings import RecordedFile, RecordedTake
from scripts.review_digests import sentence_digest
from scripts.take_names import WHOLE
from scripts.take_standing import Standing, spoken_by, stand

QUC = LanguageTag("quc")
WORDS = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6)


def script(words: list[str]) -> Script:
    sentences = tuple(
        Sentence(line=n, raw=word, text=word, spoken=word, paragraph=0)
        for n, word in enumerate(words, start=3)
    )
    digest = digest_text("\n".join(["title", *words]))
    return Script(
        segment="s", language=QUC, title="t", sentences=sentences, file="s.md", words_digest=digest
    )


def take(words: list[str], *, whole: bool = False, digest: str = "") -> RecordedTake:
    read = script(words)
    texts = [sentence_digest(sentence) for sentence in read.sentences]
    rows = [(WHOLE, tuple(texts))] if whole else [(n, (text,)) for n, text in enumerate(texts, 1)]
    return RecordedTake(
        segment="s",
        language=QUC,
        rows=tuple(
            RecordedFile(
                path=Path(f"{line}.flac"),
                line=line,
                texts=said,
                verdict=Verdict.GOOD,
                review=TakeReview.NEW,
            )
            for line, said in rows
        ),
        words_digest=Digest(digest),
        file="take.yml",
    )


def standing(read: list[str], now: list[str], *, whole: bool = False) -> Standing:
    return stand(take(read, whole=whole), script(now), must_be_heard=False)


@given(WORDS, WORDS)
def test_lines_air_exactly_where_every_sentence_was_read(read: list[str], now: list[str]) -> None:
    found = standing(read, now)
    assert bool(found.files) == (set(now) <= set(read))
    if found.files:
        assert len(found.files) == len(now)
    else:
        unread = {n for n, word in enumerate(now, start=1) if word not in read}
        assert set(found.missing) | set(found.stale) == unread == set(found.to_record)


@given(WORDS, WORDS)
def test_a_whole_airs_only_while_its_words_are_the_same_in_the_same_order(
    read: list[str], now: list[str]
) -> None:
    found = standing(read, now, whole=True)
    assert bool(found.files) == (read == now)
    assert bool(found.stale) == (read != now)


@given(WORDS, WORDS)
def test_each_sentence_is_spoken_by_a_take_of_its_own_words(
    read: list[str], now: list[str]
) -> None:
    for number, row in spoken_by(take(read), script(now)).items():
        assert row.texts == (sentence_digest(script(now).sentences[number - 1]),)


@given(WORDS)
def test_nothing_airs_before_it_was_heard_where_that_is_asked_for(words: list[str]) -> None:
    found = stand(take(words), script(words), must_be_heard=True)
    assert not found.files
    assert found.waiting == tuple(range(1, len(words) + 1))
