"""What every engine must hold; a new one is added to the list and passes, or is not added."""

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import numpy as np
import pytest

from audio.voices.base import FLOOR, KEPT_MS, LONGEST_TEXT, Voice
from audio.voices.catalogue import engines, offer_for, voice_version
from audio.voices.espeak import EspeakVoice
from audio.voices.gtts import GttsVoice
from programme.errors import ExitCode, ProductionError
from programme.units import LanguageTag
from tests.audio.speech_service import speech_service

A = "Si viaja con niñas o niños, no los deje solos."
B = "Pedir refugio es gratis."
SPANISH = LanguageTag("es-419")


def espeak(_stack: ExitStack) -> Voice:
    return EspeakVoice(name="es-419", language=SPANISH)


def online(stack: ExitStack) -> Voice:
    service = stack.enter_context(speech_service())
    return GttsVoice(
        name="es", language=SPANISH, address=service.address, sleep=lambda _seconds: None
    )


ENGINES: dict[str, Callable[[ExitStack], Voice]] = {"espeak": espeak, "gtts": online}


@pytest.fixture(params=sorted(ENGINES))
def voice(request: pytest.FixtureRequest) -> Iterator[Voice]:
    with ExitStack() as stack:
        yield ENGINES[request.param](stack)


def test_every_engine_of_the_catalogue_is_tried() -> None:
    assert set(ENGINES) == set(engines())


def test_a_voice_says_who_it_is(voice: Voice) -> None:
    offer = offer_for(voice.engine, voice.name, voice.language)
    assert offer.voice == voice.name
    assert voice.version == voice_version(voice.engine, voice.name)
    assert voice.name in voice.version


def test_it_gives_mono_sixteen_bit_sound(voice: Voice) -> None:
    spoken = voice.speak(B, words_per_minute=140)
    assert spoken.pcm.dtype == np.int16
    assert spoken.pcm.ndim == 1
    assert 8_000 <= spoken.rate_hz <= 48_000


def test_it_is_never_silent_and_never_clips(voice: Voice) -> None:
    peak = np.abs(voice.speak(B, words_per_minute=140).pcm.astype(int)).max()
    assert 3_000 < peak < 32_767


def test_a_short_sentence_takes_a_second_or_some(voice: Voice) -> None:
    spoken = voice.speak(B, words_per_minute=140)
    assert 0.8 < len(spoken.pcm) / spoken.rate_hz < 4


def test_it_is_trimmed_to_ten_milliseconds(voice: Voice) -> None:
    spoken = voice.speak(B, words_per_minute=140)
    loud = np.flatnonzero(np.abs(spoken.pcm.astype(int)) > FLOOR)
    kept = spoken.rate_hz * KEPT_MS // 1000
    assert loud[0] <= kept
    assert len(spoken.pcm) - 1 - loud[-1] <= kept


def test_the_same_words_give_the_same_bytes_in_any_order(voice: Voice) -> None:
    first = [voice.speak(text, words_per_minute=140).pcm.tobytes() for text in (A, B)]
    again = [voice.speak(text, words_per_minute=140).pcm.tobytes() for text in (B, A)]
    assert again == first[::-1]
    assert first[0] != first[1]


def test_word_times_are_in_order_or_absent(voice: Voice) -> None:
    spoken = voice.speak(A, words_per_minute=140)
    offsets = [word.offset for word in spoken.words]
    starts = [word.start_ms for word in spoken.words]
    assert offsets == sorted(set(offsets))
    assert starts == sorted(starts)
    assert all(0 <= offset < len(A) for offset in offsets)
    assert all(0 <= start <= len(spoken.pcm) * 1000 / spoken.rate_hz for start in starts)


@pytest.mark.parametrize(
    "text",
    ["", " ", "…", "—", "a\x00b", "a\nb", "a\u200eb", "[[a]]", "<a>", "a" * (LONGEST_TEXT + 1)],
)
def test_what_is_no_sentence_is_refused_with_a_remedy(voice: Voice, text: str) -> None:
    with pytest.raises(ProductionError) as caught:
        voice.speak(text, words_per_minute=140)
    assert caught.value.code is ExitCode.VOICE
    assert caught.value.remedy


def test_every_control_character_is_refused(voice: Voice) -> None:
    for code in (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)):
        assert unicodedata.category(chr(code)) in {"Cc", "Cf"}
        with pytest.raises(ProductionError, match=f"U\\+{code:04X}"):
            voice.speak(f"Hola {chr(code)} adiós", words_per_minute=140)
