"""Where sentences and words are put in a take: told, measured, or shared out; never guessed."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.quiet import find_pauses
from audio.takes import write_take
from audio.voices.speaking import open_voice
from production.caption_times import HeardLine, WrittenSentence, caption_line, match_pauses
from production.kept_stretches import kept_stretches
from production.word_places import place_words
from programme.editions import Timing
from programme.sound import Span, WordTime
from programme.units import DurationMs, Hz, LanguageTag


def span(start_ms: int, end_ms: int) -> Span:
    return Span(start_ms=DurationMs(start_ms), end_ms=DurationMs(end_ms))


def told(*pairs: tuple[int, int]) -> tuple[WordTime, ...]:
    return tuple(WordTime(offset=at, start_ms=DurationMs(ms)) for at, ms in pairs)


def sentence(text: str) -> WrittenSentence:
    return WrittenSentence(text=text, paragraph=0)


def test_words_that_are_shown_as_they_are_said_keep_their_times() -> None:
    text = "Llame hoy, es gratis."
    heard = told((0, 0), (6, 300), (11, 700), (14, 800))
    assert place_words(text, text, heard) == heard


def test_a_number_begins_with_its_first_digit_said_and_words_after_it_are_found_again() -> None:
    shown = "Llame al 800 123 hoy mismo."
    given_voice = "Llame al ocho cero cero, uno dos tres hoy mismo."
    words = [given_voice.index(w) for w in ("Llame", "ocho", "cero cero", "uno", "hoy", "mismo")]
    heard = told(*zip(words, (0, 500, 900, 1500, 2600, 2900), strict=True))
    places = place_words(shown, given_voice, heard)
    assert places == told(
        (0, 0), (shown.index("800"), 500), (shown.index("hoy"), 2600), (shown.index("mismo"), 2900)
    )


def test_a_word_that_the_voice_runs_into_the_one_before_has_no_time() -> None:
    text = "de la mañana"
    assert place_words(text, text, told((0, 0), (6, 400))) == told((0, 0), (6, 400))


@given(
    shown=st.lists(st.sampled_from(["a", "b", "800", "x,"]), max_size=12).map(" ".join),
    said=st.lists(st.sampled_from(["a", "b", "ocho", "cero", "x"]), max_size=12).map(" ".join),
    data=st.data(),
)
def test_times_rise_and_lie_at_words_whatever_is_said(
    shown: str, said: str, data: st.DataObject
) -> None:
    offsets = sorted(data.draw(st.sets(st.integers(0, max(0, len(said) - 1)))))
    times = sorted(data.draw(st.lists(st.integers(0, 9000), min_size=12, max_size=12)))
    found = place_words(shown, said, told(*zip(offsets, times, strict=False)))
    for one, two in pairwise(found):
        assert one.offset < two.offset
        assert one.start_ms < two.start_ms
    assert all(word.offset == 0 or shown[word.offset - 1] == " " for word in found)


def test_sentences_of_one_recording_are_parted_at_its_longer_pauses() -> None:
    # 30, 10 and 20 letters at 100 ms; commas of 200 ms, and full stops of 600
    sentences = [sentence("x" * 14 + ", " + "x" * 14), sentence("y" * 10), sentence("z" * 20)]
    pauses = (span(1500, 1700), span(3200, 3800), span(4800, 5400))
    heard = HeardLine(pauses=pauses)
    found = caption_line(sentences, span(10_000, 17_400), heard, "")
    assert [(one.start_ms, one.end_ms) for one in found] == [
        (10_000, 13_200),
        (13_800, 14_800),
        (15_400, 17_400),
    ]
    assert {one.timing for one in found} == {Timing.PAUSES}
    assert found[0].words == told((16, 11_700))  # the phrase after the comma
    assert found[2].words == ()


def test_without_pauses_enough_time_is_shared_out_and_said_to_be() -> None:
    found = caption_line([sentence("x" * 10), sentence("y" * 30)], span(0, 4000), HeardLine(), "")
    assert [(one.start_ms, one.end_ms) for one in found] == [(0, 1000), (1000, 4000)]
    assert {one.timing for one in found} == {Timing.LETTERS}
    assert not any(one.words for one in found)


def test_a_sentence_that_was_recorded_alone_begins_and_ends_with_its_take() -> None:
    (found,) = caption_line([sentence("Hola a todas.")], span(500, 2500), HeardLine(), "")
    assert (found.start_ms, found.end_ms, found.timing) == (500, 2500, Timing.PAUSES)


@given(
    counts=st.lists(st.integers(1, 200), min_size=1, max_size=8),
    edges=st.lists(st.integers(1, 60_000), max_size=40, unique=True).map(sorted),
)
def test_chosen_pauses_are_in_order_and_one_less_than_the_sentences(
    counts: list[int], edges: list[int]
) -> None:
    pauses = [span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False)]
    found = match_pauses(counts, pauses, DurationMs(60_001))
    if len(pauses) < len(counts) - 1:
        assert found is None
        return
    assert found is not None
    assert len(found) == len(counts) - 1
    assert all(one.end_ms < two.start_ms for one, two in pairwise(found))
    assert {(p.start_ms, p.end_ms) for p in found} <= {(p.start_ms, p.end_ms) for p in pauses}


@given(
    lengths=st.lists(st.integers(1, 60), min_size=1, max_size=6),
    edges=st.lists(st.integers(0, 30_000), max_size=20, unique=True).map(sorted),
    length_ms=st.integers(6, 30_000),
)
def test_captions_of_a_line_are_in_order_inside_it(
    lengths: list[int], edges: list[int], length_ms: int
) -> None:
    pauses = tuple(span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False))
    sentences = [sentence("x, " * count) for count in lengths]
    found = caption_line(sentences, span(7, 7 + length_ms), HeardLine(pauses=pauses), "")
    assert len(found) == len(lengths)
    assert (found[0].start_ms, found[-1].end_ms) == (7, 7 + length_ms)
    assert all(one.start_ms < one.end_ms for one in found)
    assert all(one.end_ms <= two.start_ms for one, two in pairwise(found))
    assert all(one.start_ms < word.start_ms < one.end_ms for one in found for word in one.words)


@pytest.mark.parametrize("noise_db", [-96, -45])
def test_pauses_are_found_where_they_were_put_in_quiet_and_in_noise(
    tmp_path: Path, noise_db: int
) -> None:
    voice = open_voice("espeak", "es-419", LanguageTag("es-419"))
    parts = [
        voice.speak(text, words_per_minute=130)
        for text in ("Lleve agua con usted.", "Beba poco a poco.", "Descanse a la sombra.")
    ]
    rate = parts[0].rate_hz
    gap = np.zeros(rate * 400 // 1000)
    sound, starts = np.empty(0), []
    for part in parts:
        if sound.size:
            starts.append((sound.size / rate, (sound.size + gap.size) / rate))
            sound = np.concatenate((sound, gap))
        sound = np.concatenate((sound, part.pcm / 32768))
    noise = np.random.default_rng(5).normal(0, 10 ** (noise_db / 20), sound.size)
    pcm = np.round(np.clip(sound + noise, -1, 1) * 32767).astype(np.int16)
    write_take(tmp_path / "take", pcm, Hz(rate))
    long = [p for p in find_pauses(tmp_path / "take") if p.end_ms - p.start_ms >= 300]
    assert len(long) == 2
    for pause, (start, end) in zip(long, starts, strict=True):
        # the end of a word fades into noise before it is over
        assert pause.start_ms / 1000 == pytest.approx(start, abs=0.12)
        assert pause.end_ms / 1000 == pytest.approx(end, abs=0.08)


def test_a_take_of_one_breath_has_no_pauses(tmp_path: Path) -> None:
    at = np.arange(32_000) / 16_000
    write_take(tmp_path / "take", np.round(9000 * np.sin(700 * at)).astype(np.int16), Hz(16_000))
    assert find_pauses(tmp_path / "take") == ()


@pytest.mark.parametrize(
    ("raw", "text", "kept"),
    [
        ("Llame al {{phone:x}}.", "Llame al 800 123.", ["800 123"]),
        ("{{org:x}}, el {{date:2026-03-01}}", "OIM, el 1 de marzo", ["OIM", "1 de marzo"]),
        ("(1) Vaya  a {{org:x}}", "(1) Vaya a la OIM", ["la OIM"]),
        ("Sin nada.", "Sin nada.", []),
        ("{{org:x}} falta", "otra cosa", []),
    ],
)
def test_what_stands_for_a_placeholder_is_found(raw: str, text: str, kept: list[str]) -> None:
    assert [text[start:end] for start, end in kept_stretches(raw, text)] == kept
