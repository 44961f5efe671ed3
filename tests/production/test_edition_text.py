"""Captions and chapters lie on the clock in order, whatever an edition holds."""

import json
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.edition_text import (
    EditionWords,
    LaidOut,
    SlotWords,
    describe,
    lay_out_edition,
    said_digest,
)
from production.phrases import Phrases
from production.records import plain_edition, read_edition
from programme.digests import canonical_json
from programme.editions import Rendition
from programme.facts import Source
from programme.sound import GRID, MIX_RATE, Loudness, Span
from programme.units import Dbtp, Digest, DurationMs, LanguageTag, Lu, Lufs, Samples

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
LOUDNESS = st.builds(
    Loudness,
    integrated=st.floats(-70, 0).map(Lufs),
    range_lu=st.floats(0, 40).map(Lu),
    momentary_max=st.floats(-70, 0).map(Lufs),
    short_term_max=st.floats(-70, 0).map(Lufs),
    true_peak=st.floats(-120, 3).map(Dbtp),
)
PHRASES = Phrases(
    language=LanguageTag("en"),
    demo="An example.",
    valid_until="Valid until 15 January 2027.",
    synthetic_voice="A synthetic voice.",
    draft_voice="On trial.",
    sources="Sources",
)


@st.composite
def slots(draw: st.DrawFn) -> tuple[SlotWords, Samples, tuple[Span, ...]]:
    """Give one slot as a rundown may hold it: a sound, sentences, or one recording of them all."""
    texts = draw(st.lists(WORDS, max_size=4))
    if not texts:
        sound = SlotWords(title="", sentences=(), lines=(), spoken=(), segment="")
        return sound, Samples(GRID * draw(st.integers(1, 20))), ()
    breaks = draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    paragraphs = [sum(breaks[1 : n + 1]) for n in range(len(texts))]
    every = tuple(range(len(texts)))
    once = draw(st.sampled_from([(every,), tuple((n,) for n in every)]))
    lines = once * draw(st.integers(1, 3))
    spans, at = [], 0
    for line in lines:
        at += draw(st.integers(0, 2000))
        end = at + draw(st.integers(max(1, len(line)), 20_000))
        spans.append(Span(start_ms=DurationMs(at), end_ms=DurationMs(end)))
        at = end
    length = Samples(GRID * -(-(at * MIX_RATE // 1000 + 1) // GRID))
    words = SlotWords(
        title=draw(st.sampled_from(["", "Water"])),
        sentences=tuple(zip(texts, paragraphs, strict=True)),
        lines=lines,
        spoken=tuple(texts),
        segment=draw(st.sampled_from(["agua", "ayuda"])),
    )
    return words, length, tuple(spans)


def edition_words(
    *given_slots: SlotWords, synthetic: bool = True, demo: bool = True
) -> EditionWords:
    return EditionWords(
        label="edition",
        series="corta",
        series_title="Short",
        episode="corta-1",
        number=1,
        language=LanguageTag("en"),
        profile="podcast",
        dated=date(2026, 11, 22),
        title="Water and help",
        description="Two messages.",
        network="Small",
        website="https://radio.example.org/",
        licence="cc-by-4.0",
        expires=date(2027, 1, 15),
        synthetic_voice=synthetic,
        demo=demo,
        sources=(Source(title="PANI", url="https://pani.go.cr/", retrieved=date(2026, 11, 22)),),
        slots=given_slots,
        phrases=PHRASES,
    )


def lay_out(parts: list[tuple[SlotWords, Samples, tuple[Span, ...]]]) -> LaidOut:
    return lay_out_edition(
        edition_words(*(words for words, _, _ in parts)),
        samples=tuple(samples for _, samples, _ in parts),
        spans=tuple(spans for _, _, spans in parts),
    )


def mp3(loudness: Loudness) -> Rendition:
    return Rendition(
        id="mp3",
        suffix=".mp3",
        media_type="audio/mpeg",
        kbps=64,
        digest=Digest("0" * 64),
        length_bytes=1,
        loudness=loudness,
    )


@given(st.lists(slots(), min_size=1, max_size=5))
def test_captions_are_in_order_inside_the_sound_and_say_every_line(
    parts: list[tuple[SlotWords, Samples, tuple[Span, ...]]],
) -> None:
    laid = lay_out(parts)
    said = [w.sentences[i][0] for w, _, _ in parts for line in w.lines for i in line]
    assert [caption.text for caption in laid.captions] == said
    total = sum(samples for _, samples, _ in parts)
    assert laid.samples == total
    times = [t for caption in laid.captions for t in (caption.start_ms, caption.end_ms)]
    assert times == sorted(times)
    assert all(0 <= t <= total * 1000 / MIX_RATE for t in times)
    # A transcript holds each word once for each time that it is said, and no paragraph is empty.
    assert laid.tags.transcript.count("\n\n") >= len({c.paragraph for c in laid.captions}) - 1
    assert laid.tags.transcript.replace("\n\n", " ") == " ".join(
        c.text
        for number in dict.fromkeys(c.paragraph for c in laid.captions)
        for c in laid.captions
        if c.paragraph == number
    )


@given(st.lists(slots(), min_size=1, max_size=5))
def test_chapters_cover_the_sound_without_gap_or_overlap(
    parts: list[tuple[SlotWords, Samples, tuple[Span, ...]]],
) -> None:
    laid = lay_out(parts)
    titled = sum(bool(words.title) for words, _, _ in parts)
    chapters = laid.chapters
    if not titled:
        assert chapters == ()
        return
    opening = not parts[0][0].title
    assert len(chapters) == titled + opening
    assert chapters[0].start_ms == 0
    assert chapters[0].title == ("Short" if opening else "Water")
    assert chapters[-1].end_ms == laid.samples * 1000 // MIX_RATE
    assert all(a.end_ms == b.start_ms for a, b in pairwise(chapters))
    # A slot is whole grid steps of 600 ms, so that no chapter begins inside a frame.
    assert all(c.start_ms % 600 == 0 and c.start_ms < c.end_ms for c in chapters)


@given(st.lists(slots(), min_size=1, max_size=5), LOUDNESS)
def test_an_edition_reads_back_as_it_was_written_down(
    parts: list[tuple[SlotWords, Samples, tuple[Span, ...]]], loudness: Loudness
) -> None:
    edition = lay_out(parts).edition((mp3(loudness),))
    assert read_edition(json.loads(canonical_json(plain_edition(edition)))) == edition


def test_silence_can_be_written_down() -> None:
    silent = Loudness(
        integrated=Lufs(-70.0),
        range_lu=Lu(0.0),
        momentary_max=Lufs(-70.0),
        short_term_max=Lufs(-70.0),
        true_peak=Dbtp(float("-inf")),
    )
    sound = SlotWords(title="", sentences=(), lines=(), spoken=(), segment="")
    rendition = mp3(silent)
    edition = lay_out([(sound, GRID, ())]).edition((rendition,))
    plain = json.loads(canonical_json(plain_edition(edition)))
    (read,) = read_edition(plain).renditions
    assert read.loudness.true_peak == -200.0


def test_the_description_says_what_a_listener_must_know() -> None:
    assert describe(edition_words()) == (
        "Two messages.\n\nAn example.\n\nValid until 15 January 2027.\n\nA synthetic voice.\n\n"
        "Sources:\n- PANI https://pani.go.cr/"
    )
    spoken_by_people = describe(edition_words(synthetic=False, demo=False))
    assert "synthetic" not in spoken_by_people
    assert "example." not in spoken_by_people


@pytest.mark.parametrize("change", ["words", "order", "repeat of a line"])
def test_listeners_are_told_when_what_is_said_changes(change: str) -> None:
    def slot(*spoken: str) -> SlotWords:
        return SlotWords(title="x", sentences=(), lines=(), spoken=spoken, segment="agua")

    before = said_digest(edition_words(slot("one", "two"), slot("three")))
    after = {
        "words": edition_words(slot("one", "2"), slot("three")),
        "order": edition_words(slot("three"), slot("one", "two")),
        "repeat of a line": edition_words(slot("one", "two", "two"), slot("three")),
    }[change]
    assert said_digest(after) != before
