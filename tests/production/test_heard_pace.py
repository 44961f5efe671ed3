"""The pace of an edition, reckoned by hand."""

from types import SimpleNamespace

import pytest

from production.heard_pace import Pace, measure_pace, off_pace
from programme.sound import Span
from programme.units import DurationMs, LanguageTag

TEN = "uno dos tres cuatro cinco seis siete ocho nueve diez"
SPANISH = LanguageTag("es")


def span(start_ms: int, end_ms: int) -> Span:
    return Span(start_ms=DurationMs(start_ms), end_ms=DurationMs(end_ms))


def slot(*lines: tuple[int, ...], spoken: tuple[str, ...] = (TEN, TEN)) -> SimpleNamespace:
    return SimpleNamespace(sentences=tuple((s, 0) for s in spoken), lines=lines, spoken=spoken)


def test_words_are_counted_against_the_time_in_which_they_are_heard() -> None:
    # 20 words in 2 x 4 s of speech, 10 s with the pause between.
    pace = measure_pace(SPANISH, [slot((0,), (1,))], [[span(500, 4_500), span(6_500, 10_500)]])
    assert pace == Pace(speaking=150, overall=120)


def test_what_is_said_twice_counts_twice() -> None:
    spans = [span(0, 4_000), span(4_000, 8_000), span(8_000, 12_000), span(12_000, 16_000)]
    assert measure_pace(SPANISH, [slot((0,), (1,), (0,), (1,))], [spans]).speaking == 150


def test_a_recording_of_the_whole_counts_all_its_words() -> None:
    assert measure_pace(SPANISH, [slot((0, 1))], [[span(0, 10_000)]]).speaking == 120


def test_what_has_no_text_in_its_language_is_not_counted() -> None:
    unwritten = SimpleNamespace(sentences=(), lines=((),), spoken=(TEN, TEN))
    assert measure_pace(SPANISH, [unwritten], [[span(0, 5_000)]]) == Pace()
    mixed = measure_pace(
        SPANISH,
        [unwritten, slot((0,), (1,))],
        [[span(0, 5_000)], [span(0, 4_000), span(4_000, 8_000)]],
    )
    assert mixed.speaking == 150


def test_too_few_words_tell_nothing() -> None:
    assert measure_pace(SPANISH, [slot((0,), spoken=(TEN,))], [[span(0, 4_000)]]) == Pace()
    assert not measure_pace(SPANISH, [], []).known


@pytest.mark.parametrize("tag", ["zh", "zh-TW", "my", "km"])
def test_languages_that_write_no_words_apart_have_no_pace(tag: str) -> None:
    spans = [[span(0, 4_000), span(4_000, 8_000)]]
    assert measure_pace(LanguageTag(tag), [slot((0,), (1,))], spans) == Pace()


@pytest.mark.parametrize(
    ("heard", "asked", "off"),
    [(140, 140, 0), (154, 140, 0), (155, 140, 0.107), (125, 140, -0.107), (0, 140, 0), (99, 0, 0)],
)
def test_a_tenth_is_borne(heard: int, asked: int, off: float) -> None:
    assert off_pace(heard, asked) == pytest.approx(off, abs=0.001)
