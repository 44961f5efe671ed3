"""The embedded voice: same bytes anywhere, right words, heard pace, hostile text."""

import ctypes
import hashlib
import locale
import multiprocessing
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import espeakng_loader
import numpy as np
import pytest

from audio.voices import espeak, espeak_library
from audio.voices.base import FLOOR, Spoken
from audio.voices.catalogue import engine_row, voice_row
from audio.voices.espeak import EspeakVoice
from audio.voices.versions import voice_version
from programme.errors import ExitCode, ProductionError
from programme.profiles import words_per_minute
from programme.units import LanguageTag

SPANISH = EspeakVoice(name="es-419", language=LanguageTag("es-419"))
A = "Si viaja con niñas o niños, no los deje solos."
B = "Pedir refugio es gratis."

# Not the sentences that the catalogue's rate factors were measured on.
UNSEEN = {
    "es-419": (
        "es-419",
        [
            "Usted tiene derecho a pedir ayuda.",
            "La línea atiende todos los días, a toda hora.",
            "No tiene que decir su nombre.",
            "Si está en peligro, busque primero un lugar seguro.",
            "Una persona le escucha y le explica qué puede hacer.",
            "Lleve agua, ropa abrigada y su medicina.",
            "Nadie debe pagar por entrar a un albergue.",
            "Pregunte siempre quién dirige el lugar.",
        ],
    ),
    "en": (
        "en-us",
        [
            "You have the right to ask for help.",
            "The line is open every day, at any hour.",
            "You do not have to give your name.",
            "If you are in danger, first look for a safe place.",
            "Someone listens to you and explains what you can do.",
            "Carry water, warm clothes and your medicine.",
            "Nobody has to pay to enter a shelter.",
            "Always ask who runs the place.",
        ],
    ),
    "fr": (
        "fr",
        [
            "Vous avez le droit de demander de l'aide.",
            "La ligne répond tous les jours, à toute heure.",
            "Vous ne devez pas donner votre nom.",
            "Si vous êtes en danger, cherchez d'abord un lieu sûr.",
            "Une personne vous écoute et vous explique quoi faire.",
            "Prenez de l'eau, des vêtements chauds et vos médicaments.",
            "Personne ne doit payer pour entrer dans un refuge.",
            "Demandez toujours qui dirige le lieu.",
        ],
    ),
    "pt-BR": (
        "pt-br",
        [
            "Você tem direito a pedir ajuda.",
            "A linha atende todos os dias, a qualquer hora.",
            "Você não precisa dizer o seu nome.",
            "Se estiver em perigo, procure primeiro um lugar seguro.",
            "Uma pessoa escuta e explica o que você pode fazer.",
            "Leve água, roupa quente e os seus remédios.",
            "Ninguém deve pagar para entrar em um abrigo.",
            "Pergunte sempre quem dirige o lugar.",
        ],
    ),
    "ar": (
        "ar",
        [
            "لديك الحق في طلب المساعدة.",
            "الخط مفتوح كل يوم وفي كل ساعة.",
            "لست مضطرا إلى ذكر اسمك.",
            "إذا كنت في خطر فابحث أولا عن مكان آمن.",
            "يستمع إليك شخص ويشرح لك ما يمكنك أن تفعله.",
            "خذ معك الماء والملابس الدافئة ودواءك.",
            "لا يدفع أحد مالا لدخول المأوى.",
            "اسأل دائما من يدير المكان.",
        ],
    ),
}


def digest(spoken: Spoken) -> str:
    return hashlib.sha256(spoken.pcm.tobytes()).hexdigest()


def say(text: str) -> str:
    """Speak in a worker: importable by name under every way to start one."""
    return digest(SPANISH.speak(text, words_per_minute=140))


class Voice(ctypes.Structure):
    """The first fields of espeak_VOICE of speak_lib.h."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
    )


def file_of(name: str) -> str:
    """Ask the engine itself which file it takes for a voice's name."""
    places = espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
    with espeak_library.running(*map(Path, places)) as (library, _):
        assert library.espeak_SetVoiceByName(name.encode()) == espeak_library.OK
        library.espeak_GetCurrentVoice.restype = ctypes.POINTER(Voice)
        identifier: bytes = library.espeak_GetCurrentVoice().contents.identifier
        return identifier.decode()


def test_a_sentence_sounds_the_same_whatever_was_spoken_before() -> None:
    alone = [say(A), say(B)]
    assert [say(B), say(B), say(A), say(B), say(A)] == [
        alone[1],
        alone[1],
        alone[0],
        alone[1],
        alone[0],
    ]
    assert alone[0] != alone[1]


def test_a_voice_with_breath_sounds_the_same_in_every_second() -> None:
    # The engine takes the clock's second as seed of the noise in it.
    breathy = [
        EspeakVoice(name=f"es-419+{variant}", language=LanguageTag("es-419"))
        for variant in ("f2", "f3", "f5", "Alicia")
    ]
    spoken = [digest(voice.speak(B, words_per_minute=140)) for voice in breathy]
    time.sleep(1.1)
    assert [digest(voice.speak(B, words_per_minute=140)) for voice in breathy] == spoken


def test_each_voice_is_the_file_that_the_engine_finds_by_its_name() -> None:
    rows = engine_row("espeak")["voices"]
    assert {name: file_of(name) for name in rows} == {n: row["file"] for n, row in rows.items()}


def test_a_voice_whose_file_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(voice_row("espeak", "es-419"), "file", "roa/none")
    with pytest.raises(ProductionError, match='does not know the voice "roa/none"'):
        say(A)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("start", ["fork", "spawn", "forkserver"])
def test_a_worker_however_started_gives_the_same_bytes(start: str) -> None:
    here = [say(A), say(B)]
    context = multiprocessing.get_context(start)
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        assert list(pool.map(say, [A, B, A, B])) == here * 2


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_fork_in_the_middle_of_a_sentence_neither_hangs_nor_changes_the_next() -> None:
    alone = say(B)
    long = " ".join([A] * 15)
    with ThreadPoolExecutor(1) as threads:
        busy = threads.submit(SPANISH.speak, long, words_per_minute=100)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, say(B).encode())
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert os.read(reading, 64).decode() == alone
        busy.result()
    os.close(reading)
    os.close(writing)


def test_threads_give_the_same_bytes() -> None:
    alone = [say(A), say(B)]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(say, [A, B] * 10)) == alone * 10


def test_a_library_that_somebody_else_keeps_loaded_does_not_change_the_sound() -> None:
    alone = [say(A), say(B)]
    held = ctypes.CDLL(espeakng_loader.get_library_path())
    try:
        assert [say(A), say(B), say(A)] == [*alone, alone[0]]
    finally:
        espeak_library.unload(held)
    assert say(B) == alone[1]


@pytest.mark.parametrize("name", ["C", "C.UTF-8"])
def test_the_locale_neither_changes_the_sound_nor_is_changed(name: str) -> None:
    code = (
        "import locale, sys; from tests_of_espeak import say, A; "
        "before = locale.setlocale(locale.LC_ALL); sys.stdout.write(say(A)); "
        "assert locale.setlocale(locale.LC_ALL) == before"
    )
    here = Path(__file__)
    run = (
        "import importlib.util, sys; "
        f"spec = importlib.util.spec_from_file_location('tests_of_espeak', {str(here)!r}); "
        "module = importlib.util.module_from_spec(spec); sys.modules['tests_of_espeak'] = module; "
        f"spec.loader.exec_module(module); {code}"
    )
    environment = {**os.environ, "LC_ALL": name, "PYTHONCOERCECLOCALE": "0"}
    result = subprocess.run(
        [sys.executable, "-c", run],
        cwd=here.parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == say(A)


def test_the_process_keeps_its_locale() -> None:
    before = locale.setlocale(locale.LC_ALL)
    say(A)
    assert locale.setlocale(locale.LC_ALL) == before


def test_a_data_folder_with_a_long_path_is_reached_by_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = say(A)
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 8)
    deep.mkdir(parents=True)
    data = deep / "espeak-ng-data"
    data.symlink_to(espeakng_loader.get_data_path(), target_is_directory=True)
    assert len(os.fsencode(data)) > espeak_library.LONGEST_DATA_PATH
    monkeypatch.setattr(espeakng_loader, "get_data_path", lambda: str(data))
    assert say(A) == alone


def test_missing_voice_data_is_told_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(espeakng_loader, "get_data_path", lambda: str(tmp_path / "none"))
    with pytest.raises(ProductionError, match="does not start") as caught:
        say(A)
    assert caught.value.code is ExitCode.VOICE
    monkeypatch.undo()
    assert say(A)  # and the next sentence is spoken


def test_a_library_that_cannot_be_loaded_is_told_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "libespeak-ng.so"
    broken.write_bytes(b"not a library")
    monkeypatch.setattr(espeakng_loader, "get_library_path", lambda: str(broken))
    with pytest.raises(ProductionError, match="cannot be loaded"):
        say(A)


def test_every_word_is_timed_in_the_order_of_the_text() -> None:
    spoken = SPANISH.speak(A, words_per_minute=140)
    starts = [i for i, letter in enumerate(A) if i == 0 or A[i - 1] == " "]
    assert [word.offset for word in spoken.words] == starts
    times = [word.start_ms for word in spoken.words]
    assert times == sorted(times)
    assert times[0] <= 10
    assert times[-1] * spoken.rate_hz < len(spoken.pcm) * 1000


def test_offsets_count_characters_in_any_script() -> None:
    arabic = EspeakVoice(name="ar", language=LanguageTag("ar"))
    text = "طلب اللجوء مجاني."
    offsets = [word.offset for word in arabic.speak(text, words_per_minute=115).words]
    assert offsets == [0, 4, 11]


def test_a_long_number_gives_no_place_twice() -> None:
    spoken = SPANISH.speak("Son ciento veintitrés mil 123456789 personas.", words_per_minute=140)
    offsets = [word.offset for word in spoken.words]
    assert offsets == sorted(set(offsets))


def test_a_word_is_heard_when_its_time_says() -> None:
    # A comma is a pause: the word after it starts where sound returns.
    spoken = SPANISH.speak("No, no.", words_per_minute=120)
    second = spoken.words[1].start_ms * spoken.rate_hz // 1000
    lead = np.abs(spoken.pcm[second - spoken.rate_hz // 20 : second].astype(int)).max()
    after = np.abs(spoken.pcm[second : second + spoken.rate_hz // 8].astype(int)).max()
    assert after > 10 * max(lead, 1)


def test_a_take_is_trimmed_to_ten_milliseconds_and_not_into_the_sound() -> None:
    spoken = SPANISH.speak(B, words_per_minute=140)
    loud = np.flatnonzero(np.abs(spoken.pcm.astype(int)) > FLOOR)
    kept = spoken.rate_hz // 100
    assert loud[0] <= kept
    assert len(spoken.pcm) - loud[-1] <= kept + 1
    assert max(abs(int(spoken.pcm[0])), abs(int(spoken.pcm[-1]))) <= FLOOR


def test_the_voice_stays_clear_of_the_engines_limiter() -> None:
    for text in (A, B):
        assert np.abs(SPANISH.speak(text, words_per_minute=140).pcm.astype(int)).max() < 32_000


@pytest.mark.parametrize("pace", ["mixed", "loudspeaker"])
@pytest.mark.parametrize("tag", sorted(UNSEEN))
def test_the_rendered_pace_is_within_a_tenth_of_the_pace_asked_for(tag: str, pace: str) -> None:
    name, sentences = UNSEEN[tag]
    voice = EspeakVoice(name=name, language=LanguageTag(tag))
    wanted = words_per_minute(pace, LanguageTag(tag))
    minutes = 0.0
    for sentence in sentences:
        spoken = voice.speak(sentence, words_per_minute=wanted)
        minutes += len(spoken.pcm) / spoken.rate_hz / 60
    heard = sum(len(sentence.split()) for sentence in sentences) / minutes
    assert heard == pytest.approx(wanted, rel=0.10)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "...",
        "¡!",
        "Hola\x00adiós",
        "\x01450SHola",
        "Hola\nadiós",
        "Hola\x1b[2J",
        "Hola [[h'u]] adiós",
        "Hola <break/> adiós",
        "Hola \u202eadiós",
        "Hola {{phone:x}}",
        "Hola \ud800",
        "a" * 1001,
    ],
)
def test_text_that_is_no_plain_sentence_is_refused(text: str) -> None:
    with pytest.raises(ProductionError) as caught:
        SPANISH.speak(text, words_per_minute=140)
    assert caught.value.code is ExitCode.VOICE
    assert caught.value.remedy
    assert all(letter.isprintable() for letter in str(caught.value))


def test_a_refused_sentence_leaves_the_next_as_it_was() -> None:
    alone = say(B)
    with pytest.raises(ProductionError):
        SPANISH.speak("\x01450SHola", words_per_minute=140)
    assert say(B) == alone


def test_joiners_that_persian_needs_are_spoken() -> None:
    persian = EspeakVoice(name="fa", language=LanguageTag("fa"))
    assert len(persian.speak("می\u200cروم", words_per_minute=115).pcm)


def test_a_voice_that_the_catalogue_does_not_know_is_refused() -> None:
    voice = EspeakVoice(name="mb-mx2", language=LanguageTag("es-419"))
    with pytest.raises(ProductionError, match='no voice "mb-mx2"'):
        voice.speak(A, words_per_minute=140)


def test_the_catalogue_names_the_program_that_is_inside() -> None:
    assert voice_version("espeak", "es-419").startswith(espeak.program() + ";")


def test_the_catalogue_names_the_settings_that_are_used() -> None:
    from audio.voices.catalogue import _table

    assert _table()["espeak"]["settings"].startswith(
        f"volume {espeak.VOLUME}, pitch {espeak.PITCH}, range {espeak.RANGE}, "
        f"gap {espeak.WORD_GAP}, noise seed {espeak.NOISE_SEED}, trim -60 dBFS keep 10 ms;"
    )
