"""Cues: no word is lost, order and times hold, limits hold or the cue says which does not."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeds.cue_limits import GAP, LONGEST, SHORTEST, CueFault, letters, limits_for
from feeds.cue_words import phrase_starts, split_parts
from feeds.cues import Cue, cues
from feeds.transcripts import caption_cues, render_srt, render_vtt
from programme.editions import Caption
from programme.units import DurationMs, LanguageTag
from tests.feeds.caption_material import caption, caption_lists
from tests.feeds.reading_captions import bare, parse_srt, parse_vtt, said

ES, AR, ZH, HI = (LanguageTag(tag) for tag in ("es-419", "ar", "zh", "hi"))
LIMITS = limits_for(ES)


@given(captions=caption_lists(), language=st.sampled_from([ES, AR, ZH]))
@example(captions=[caption(0, 1, "uno " * 100)], language=ES)
@example(captions=[caption(359_999_000, 360_000_000, "cien horas")], language=ES)
def test_any_captions_give_valid_webvtt_with_every_word_in_its_sentences_time(
    captions: list[Caption], language: LanguageTag
) -> None:
    found = parse_vtt(render_vtt(captions, language, notes={"Title": "a --> b\n\nc"}))
    left = list(found)
    for spoken in captions:
        own = [cue for cue in left if spoken.start_ms <= cue.start_ms < spoken.end_ms]
        assert said(own) == bare(spoken.text)
        assert own[0].start_ms == spoken.start_ms
        assert {cue.speaker for cue in own} == {spoken.speaker}
        left = left[len(own) :]
    assert not left


@given(captions=caption_lists())
def test_any_captions_give_srt_with_every_word_and_who_says_it(captions: list[Caption]) -> None:
    found = parse_srt(render_srt(captions, ES))
    speaker, wanted = "", ""
    for spoken in captions:
        if spoken.speaker and spoken.speaker != speaker:
            wanted += f"{spoken.speaker}: "
        speaker = spoken.speaker
        wanted += spoken.text
    escaped = wanted.translate(str.maketrans("<>{}\\", "‹›()/"))
    assert said(found) == bare(escaped)


@given(captions=caption_lists(), spare_ms=st.integers(0, 9000), width=st.sampled_from([32, 42]))
@example(captions=[caption(0, 1, "\u00ad")], spare_ms=0, width=32)
def test_times_are_in_order_inside_the_sound_and_limits_hold_or_the_cue_says_why(
    captions: list[Caption], spare_ms: int, width: int
) -> None:
    length_ms = DurationMs(spare_ms + (captions[-1].end_ms if captions else 0))
    limits = limits_for(ES, width)
    found = cues(captions, limits, length_ms=length_ms)
    assert all(0 <= cue.start_ms < cue.end_ms <= length_ms for cue in found)
    for one, two in itertools.pairwise(found):
        assert one.end_ms <= two.start_ms
        assert two.start_ms - one.end_ms >= GAP or two.start_ms - one.start_ms <= 2 * GAP
    for cue in found:
        shown = sum(letters(line) for line in cue.lines)
        shown_ms = cue.end_ms - cue.start_ms
        assert 1 <= len(cue.lines) <= 2
        assert (CueFault.WIDE in cue.faults) == any(letters(line) > width for line in cue.lines)
        assert (CueFault.FAST in cue.faults) == (shown * 1000 / shown_ms > limits.letters_per_s)
        assert (CueFault.SHORT in cue.faults) == (shown_ms < SHORTEST)
        assert (CueFault.LONG in cue.faults) == (shown_ms > LONGEST)


def readable(found: list[Cue]) -> bool:
    return not any(cue.faults for cue in found)


def test_speech_at_the_pace_of_radio_keeps_every_limit() -> None:
    # 900 letters a minute is 150 words of six: what the podcast profile asks for in Spanish
    sentence = (
        "Si tiene miedo de volver a su país, puede pedir la condición de refugiado en la oficina "
        "de la COMAR, y el trámite no cuesta nada, tampoco para sus hijas e hijos menores de edad."
    )
    length_ms = len(sentence) * 60_000 // 900
    found = caption_cues([caption(500, 500 + length_ms, sentence)], ES)
    assert readable(found)
    assert len(found) == 3
    assert all(cue.lines[-1].endswith((",", ".")) for cue in found)


def test_a_cue_begins_when_the_voice_says_its_first_word() -> None:
    first = "Si no contesta nadie en el número de la oficina de refugio,"
    second = "vuelva a llamar mañana temprano o pida ayuda en el albergue."
    text = f"{first} {second}"
    told = ((text.index("número"), 1500), (text.index("vuelva"), 4321))
    found = caption_cues([caption(1000, 9000, text, words=told)], ES)
    assert [(cue.start_ms, cue.end_ms) for cue in found] == [(1000, 4241), (4321, 9000)]


def test_a_cue_stays_through_the_pause_until_it_can_be_read_and_never_after_the_sound() -> None:
    quick = [caption(0, 400, "Llame hoy mismo."), caption(3000, 3300, "Es gratis.")]
    found = caption_cues(quick, ES, length_ms=DurationMs(3900))
    assert [(cue.start_ms, cue.end_ms) for cue in found] == [(0, 1000), (3000, 3900)]
    assert [cue.faults for cue in found] == [(), (CueFault.SHORT,)]


def test_speech_quicker_than_reading_is_said_to_be() -> None:
    text = "Esta oración se dice demasiado rápido para leerla."
    (cue,) = caption_cues([caption(0, 1200, text)], ES)
    assert cue.faults == (CueFault.FAST,)


def test_what_stands_for_a_placeholder_is_not_parted_where_it_fits_a_line() -> None:
    value = "1 de marzo de 2026"
    for filler in range(60):
        text = f"{'x ' * filler}venga antes del {value} con sus papeles {'y ' * 30}"
        at = text.index(value)
        found = caption_cues([caption(0, 60_000, text, kept=((at, at + len(value)),))], ES)
        assert sum(value in line for cue in found for line in cue.lines) == 1


def test_a_value_that_is_longer_than_a_line_is_parted_like_other_words() -> None:
    text = "Centro de Atención Integral a Personas Migrantes y Refugiadas de Tapachula"
    (cue,) = caption_cues([caption(0, 6000, text, kept=((0, len(text)),))], ES)
    assert readable([cue])
    assert len(cue.lines) == 2


def test_a_value_of_a_whole_line_is_parted_where_its_full_stop_would_not_fit() -> None:
    value = "Centro de Atención a Personas de Tapachula"
    assert len(value) == 42
    for sign, whole in (("", True), (".", False)):
        text = f"Vaya al {value}{sign}"
        found = caption_cues([caption(0, 5000, text, kept=((8, 50),))], ES)
        assert readable(found)
        assert any(value in line for cue in found for line in cue.lines) == whole


def test_marks_on_letters_take_no_place() -> None:
    assert letters("मुझे मदद चाहिए") == len("मझ मदद चहए")
    assert letters("مُصحَّح") == 4
    assert letters("e\u0301") == 1
    assert letters("\u2066800 123\u2069") == 7


def test_chinese_is_cut_between_signs_never_before_a_full_stop() -> None:
    text = (
        "如果您害怕返回自己的国家,您可以在难民委员会办公室申请难民身份。"
        "手续是免费的,孩子也不用付钱。"
    )
    found = caption_cues([caption(0, 12_000, text)], ZH)
    lines = [line for cue in found for line in cue.lines]
    assert "".join(lines) == text
    assert all(len(line) <= 16 for line in lines)
    assert not any(line[0] in "，。,、" for line in lines)


def test_phrases_begin_behind_commas() -> None:
    text = "Hoy, mañana y siempre: llame."
    assert [text[at:] for at in phrase_starts(text)] == [text, "mañana y siempre: llame.", "llame."]


@pytest.mark.parametrize(
    "text", ["llame al +502 24 10 94 00 hoy", "اتصل على \u2066800 123 4567\u2069 مجانا"]
)
def test_a_number_is_one_part(text: str) -> None:
    parts = [part.text for part in split_parts(text, (), longest=42)]
    assert any(sum(letter.isdigit() for letter in part) >= 10 for part in parts)
