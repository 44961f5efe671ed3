"""Transcripts as their formats' readers see them.

The judges: a strict parser written from the WebVTT specification, ffmpeg's demuxers, and
figures worked out by hand.
"""

import html
import io
import json
import re
import unicodedata

import av
import pytest
from hypothesis import given

from feeds.transcript_json import render_json
from feeds.transcripts import render_srt, render_text, render_vtt
from programme.editions import Caption
from programme.errors import ProductionError
from programme.units import LanguageTag
from tests.feeds.caption_material import caption, caption_lists
from tests.feeds.reading_captions import parse_srt, parse_vtt

ES, AR, FR, AM = (LanguageTag(tag) for tag in ("es-419", "ar", "fr", "am"))


# --- By ffmpeg -----------------------------------------------------------------------------


@given(captions=caption_lists())
def test_ffmpeg_reads_the_same_cues_from_webvtt(captions: list[Caption]) -> None:
    text = render_vtt(captions, ES, notes={"Valid until": "2026-12-01"})
    expected = [(cue.start_ms, cue.end_ms, list(cue.lines)) for cue in parse_vtt(text)]
    assert demuxed(text, "webvtt") == expected


@given(captions=caption_lists())
def test_ffmpeg_reads_the_same_cues_from_srt(captions: list[Caption]) -> None:
    text = render_srt(captions, ES)
    if not captions:
        assert text == ""
        return
    expected = [(cue.start_ms, cue.end_ms, list(cue.lines)) for cue in parse_srt(text)]
    assert demuxed(text, "srt") == expected


def demuxed(text: str, container_format: str) -> list[tuple[int, int, list[str]]]:
    found = []
    with av.open(io.BytesIO(text.encode()), mode="r", format=container_format) as container:
        for packet in container.demux():
            if packet.pts is None or packet.duration is None:  # the end of the file
                continue
            start, length = (
                int(n * packet.time_base * 1000) for n in (packet.pts, packet.duration)
            )
            body = bytes(packet).decode()
            body = re.sub(r"^<v [^>]*>", "", body)
            lines = html.unescape(body) if container_format == "webvtt" else body
            found.append((start, start + length, lines.rstrip("\n").split("\n")))
    return found


# --- By hand -------------------------------------------------------------------------------


def test_a_short_sentence_is_one_cue_with_its_own_time() -> None:
    assert render_vtt([caption(3_661_042, 3_663_000, "Hola & adiós <b>.")], ES) == (
        "WEBVTT\nKind: captions\nLanguage: es-419\n\n"
        "01:01:01.042 --> 01:01:03.000\nHola &amp; adiós &lt;b&gt;.\n"
    )


def test_a_long_sentence_is_cut_at_its_clause_and_shares_its_time_by_letters() -> None:
    first = "Si no contesta nadie en el número de la oficina de refugio,"  # 59 letters
    second = "vuelva a llamar mañana temprano o pida ayuda en el albergue."  # 60 letters
    cues = parse_vtt(render_vtt([caption(1000, 12_900, f"{first} {second}")], ES))
    assert [" ".join(cue.lines) for cue in cues] == [first, second]
    # 60 of 120 letters, the space between them counted; two frames are left dark before a cue
    assert [(cue.start_ms, cue.end_ms) for cue in cues] == [(1000, 6870), (6950, 12_900)]


def test_no_space_within_a_number_ends_a_line_or_a_cue() -> None:
    for filler in range(60):
        text = f"{'x ' * filler}llame al +502 24 10 94 00 hoy, o al 9 1 1 desde {'y ' * 30}"
        lines = [
            line
            for cue in parse_vtt(render_vtt([caption(0, 60_000, text)], ES))
            for line in cue.lines
        ]
        assert sum("+502 24 10 94 00" in line for line in lines) == 1
        assert sum("9 1 1" in line for line in lines) == 1


def test_a_no_break_space_holds() -> None:
    text = "Le centre d’accueil est ouvert à partir de\u00a09 heures « sans\u202frendez-vous »."
    cues = parse_vtt(render_vtt([caption(0, 5000, text)], FR))
    assert any("de\u00a09" in line for cue in cues for line in cue.lines)


def test_nothing_said_gives_a_valid_empty_file() -> None:
    assert parse_vtt(render_vtt([], ES)) == []
    assert render_srt([caption(0, 10, "  ")], ES) == ""


@pytest.mark.parametrize(
    "bad",
    [
        [caption(0, 1000, "a"), caption(999, 2000, "b")],
        [caption(1000, 1000, "a")],
        [caption(2000, 1000, "a")],
    ],
)
def test_captions_out_of_order_are_a_bug(bad: list[Caption]) -> None:
    with pytest.raises(ValueError, match="out of order"):
        render_vtt(bad, ES)


@pytest.mark.parametrize("render", [render_vtt, render_srt])
def test_a_control_character_is_refused_by_name(render: object) -> None:
    assert callable(render)
    with pytest.raises(ProductionError, match=r"U\+0000"):
        render([caption(0, 1000, "uno\x00dos")], ES)


# --- Right to left ---------------------------------------------------------------------


def shown_in_rtl_line(text: str) -> list[str]:
    """Order the digit groups of a line as UAX #9 shows them, left to right.

    Enough of the algorithm for this question: an isolate keeps its inner order; outside one,
    groups of a right-to-left line stand from right to left.
    """
    runs = re.findall(r"\u2066[^\u2069]*\u2069|\d+", text)
    shown: list[str] = []
    for run in reversed(runs):
        shown += re.findall(r"\d+", run)
    return shown


@pytest.mark.parametrize(
    "number", ["800 123 4567", "+962 6 550 2000", "9-1-1", "2345-6789", "2026-12-31", "٨٠٠ ١٢٣ ٤٥٦"]
)
def test_an_arabic_line_shows_the_groups_of_a_number_in_order(number: str) -> None:
    plain = f"اتصل على {number} مجانا"
    groups = re.findall(r"\d+", number)
    assert shown_in_rtl_line(plain) == groups[::-1]  # what goes wrong without help
    [cue] = parse_vtt(render_vtt([caption(0, 4000, plain)], AR))
    assert shown_in_rtl_line(" ".join(cue.lines)) == groups
    assert shown_in_rtl_line(render_text("عنوان", [caption(0, 1, plain)], AR)) == groups


def test_hours_in_an_arabic_line_are_left_to_the_line() -> None:
    [cue] = parse_vtt(render_vtt([caption(0, 4000, "من 8-17 أو 10:30")], AR))
    assert cue.lines == ("من 8-17 أو 10:30",)


@pytest.mark.parametrize(("first", "language"), [("UNHCR تساعدك", AR), ("الله akbar", ES)])
def test_a_line_that_begins_in_the_other_direction_is_marked(
    first: str, language: LanguageTag
) -> None:
    [cue] = parse_vtt(render_vtt([caption(0, 4000, first)], language))
    strong = next(unicodedata.bidirectional(letter) for letter in cue.lines[0])
    assert strong == ("R" if language == AR else "L")


def test_a_line_in_its_own_direction_is_left_alone() -> None:
    [cue] = parse_vtt(render_vtt([caption(0, 4000, "مرحبا بكم")], AR))
    assert cue.lines == ("مرحبا بكم",)


# --- Text --------------------------------------------------------------------------------


def test_the_text_has_a_paragraph_for_each_paragraph() -> None:
    captions = [caption(0, 1, "Uno."), caption(1, 2, "Dos."), caption(2, 3, "Tres.", 1)]
    assert render_text("Título", captions, ES) == "Título\n\nUno. Dos.\n\nTres.\n"


# --- By Python's own writer of JSON ----------------------------------------------------------


@given(captions=caption_lists())
def test_the_words_in_json_are_laid_out_as_python_lays_json_out(captions: list[Caption]) -> None:
    data = render_json(captions, ES)
    again = json.dumps(json.loads(data), ensure_ascii=False, indent=1)
    assert data.decode("utf-8") == f"{again}\n"
