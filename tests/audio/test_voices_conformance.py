"""What every engine must hold; a new one is added to the list and passes, or is not added.

Held by all but the online one, which is told wherever it differs: it has two paces only, and
nobody can promise that a service gives the same bytes tomorrow.
"""

import hashlib
import multiprocessing
import os
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from audio.voices import catalogue
from audio.voices.base import FLOOR, KEPT_MS, LONGEST_TEXT, Voice
from audio.voices.catalogue import engines, offer_for
from audio.voices.gtts import GttsVoice
from audio.voices.measuring import calibration_sentences, heard_pace, measure_pacing
from audio.voices.pacing import keep_pacing
from audio.voices.patience import Patience
from audio.voices.piper_install import install
from audio.voices.speaking import open_paced, open_voice
from audio.voices.versions import program_of, voice_version
from programme.errors import ExitCode, ProductionError
from programme.units import LanguageTag
from tests.audio.speech_service import speech_service
from tests.audio.test_espeak import UNSEEN
from tests.audio.voice_package import forget_engines, write_package
from tests.audio.voice_programs import install_programs

A = "Si viaja con niñas o niños, no los deje solos."
B = "Pedir refugio es gratis."
SPANISH = LanguageTag("es-419")
TINY = Path(__file__).parent / "piper"

VOICES = {
    "espeak": ("es-419", SPANISH),
    "gtts": ("es", SPANISH),
    "piper": ("es_MX-tiny-low", SPANISH),
    "pico": ("es-ES", SPANISH),
    "mbrola": ("mb-mx2", SPANISH),
    "rhvoice": ("Leticia-F123", LanguageTag("pt-BR")),
    "acme": ("una", SPANISH),
}
PROGRAMS = ("mbrola", "pico", "rhvoice")


@dataclass
class Bench:
    """A machine that has every engine."""

    stack: ExitStack

    def open(self, engine: str) -> Voice:
        name, language = VOICES[engine]
        if engine != "gtts":
            return open_voice(engine, name, language)
        service = self.stack.enter_context(speech_service())
        patience = Patience(sleep=lambda _seconds: None)
        return GttsVoice(name=name, language=language, address=service.address, patience=patience)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Install every engine, and measure the pace of those that are not built in."""
    tool = shutil.which("espeak-ng")
    folder = tmp_path_factory.mktemp("voices")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALTAVOZ_VOICES", str(folder / "home"))
        install("es_MX-tiny-low", source=TINY)
        patch.syspath_prepend(write_package(folder))
        forget_engines()
        measured = ["acme"]
        if tool is not None:
            (folder / "system").mkdir()
            programs, data = install_programs(folder / "system", tool)
            patch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
            for engine in PROGRAMS:
                patch.setitem(catalogue._table()[engine], "roots", [str(data)])
            measured += PROGRAMS
        for engine in measured:
            name, language = VOICES[engine]
            speaker = open_paced(engine, name, language)
            sentences = calibration_sentences(language)
            pacing = measure_pacing(speaker.at_speed, sentences, where=name)
            keep_pacing(engine, name, program_of(engine, name), pacing)
        yield Bench(stack)
    forget_engines()


@pytest.fixture(
    params=[
        pytest.param(engine, marks=pytest.mark.tools if engine in PROGRAMS else ())
        for engine in VOICES
    ]
)
def voice(request: pytest.FixtureRequest, bench: Bench, tool: Callable[[str], str]) -> Voice:
    if request.param in PROGRAMS:
        tool("espeak-ng")
    return bench.open(request.param)


def test_every_engine_of_the_catalogue_is_tried() -> None:
    assert set(VOICES) == {*engines(), "acme"}


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
    assert 0.8 < len(spoken.pcm) / spoken.rate_hz < 4.5


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


ARABIC = "طلب اللجوء مجاني."
EMOJI = "Pida ayuda 🙂 siempre."


@pytest.mark.parametrize("text", [ARABIC, EMOJI, "¿Qué?", "٢٠٢٦", "a", "x" * 40, "- 5"])
def test_strange_text_is_spoken_or_refused_in_words(voice: Voice, text: str) -> None:
    refused: ProductionError | None = None
    spoken = None
    try:
        spoken = voice.speak(text, words_per_minute=140)
    except ProductionError as error:
        refused = error
    if spoken is None:
        assert refused is not None
        assert refused.code is ExitCode.VOICE
        assert refused.remedy
    else:
        assert len(spoken.pcm) > spoken.rate_hz // 25


def test_a_text_that_looks_like_an_option_is_spoken_as_words(voice: Voice) -> None:
    for text in ("-w pasos", "--version dos"):
        assert len(voice.speak(text, words_per_minute=140).pcm)


def test_the_longest_text_is_spoken_to_its_end(voice: Voice) -> None:
    text = " ".join([A] * (LONGEST_TEXT // len(A) - 1))
    words = len(text.split())
    spoken = voice.speak(text, words_per_minute=140)
    seconds = len(spoken.pcm) / spoken.rate_hz
    slowest = 40 if voice.engine == "gtts" else 100
    assert words / 220 * 60 < seconds < words / slowest * 60


@pytest.mark.parametrize("wanted", [110, 140])
def test_the_pace_asked_for_is_heard(voice: Voice, wanted: int) -> None:
    if voice.engine == "gtts":
        assert "pace cannot be set" in offer_for("gtts", voice.name, voice.language).reason
        return
    # Not the sentences that it was measured on.
    _name, sentences = UNSEEN[voice.language]
    heard = heard_pace(lambda text: voice.speak(text, words_per_minute=wanted), sentences)
    assert heard == pytest.approx(wanted, rel=0.10)


def say_in_worker(engine: str, text: str) -> str:
    """Speak in another process: importable by name."""
    name, language = VOICES[engine]
    spoken = open_voice(engine, name, language).speak(text, words_per_minute=140)
    return hashlib.sha256(spoken.pcm.tobytes()).hexdigest()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_two_processes_at_once_give_the_same_bytes(voice: Voice) -> None:
    if voice.engine == "gtts":
        return  # no service promises it: what it said is kept for ever instead
    here = [say_in_worker(voice.engine, text) for text in (A, B)]
    # The stand-ins' data lie where only this process and its forks look.
    start = "fork" if voice.engine in PROGRAMS else "spawn"
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(start)) as pool:
        again = list(pool.map(say_in_worker, [voice.engine] * 4, [A, B, A, B]))
    assert again == here * 2
