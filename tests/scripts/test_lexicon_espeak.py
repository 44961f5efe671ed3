"""What the voice in the box makes of our spellings, read from its own phonemes.

The judge is espeak-ng itself: a letter's name must sound as the bare letter does, and a
respelling as the word that it stands for is known to sound.
"""

import ctypes
import re
from functools import cache
from pathlib import Path

import espeakng_loader
import pytest

from audio.voices import espeak_library
from programme.units import LanguageTag
from scripts.abbreviations import letter_names
from scripts.lexicon import Lexicon

_STRESS = re.compile("[ˈˌ |_]")
# open and closed e and o are one sound in Spanish; Portuguese reduces them at a word's end
_VOWELS = str.maketrans(
    {"ɛ": "e", "ɔ": "o", "y": "i", "β": "b", "ð": "d", "ɣ": "ɡ", "ʊ": "u", "ɪ": "i", "ː": ""}
)


@cache
def phonemes(voice: str, text: str) -> str:
    """Give what espeak-ng would say, in IPA, without stress and with vowels made even."""
    library_path = Path(espeakng_loader.get_library_path())
    with espeak_library.running(library_path, Path(espeakng_loader.get_data_path())) as (
        library,
        _,
    ):
        assert library.espeak_SetVoiceByName(voice.encode()) == espeak_library.OK
        read = library.espeak_TextToPhonemes
        read.argtypes = [ctypes.POINTER(ctypes.c_void_p), ctypes.c_int, ctypes.c_int]
        read.restype = ctypes.c_char_p
        buffer = ctypes.create_string_buffer(text.encode())
        place = ctypes.c_void_p(ctypes.addressof(buffer))
        parts = []
        while place.value:
            parts.append(read(ctypes.byref(place), 1, 2).decode())
    return _STRESS.sub("", "".join(parts)).translate(_VOWELS)


VOICES = {"es": "es-419", "en": "en-us", "fr": "fr", "pt": "pt-br"}
# espeak-ng says y as the word for and; i griega is heard beside ye.
OWN_WORD = {("es", "Y")}


@pytest.mark.parametrize("base", VOICES)
def test_the_name_of_a_letter_sounds_as_the_bare_letter(base: str) -> None:
    voice = VOICES[base]
    wrong = {
        letter: (name, phonemes(voice, name), phonemes(voice, letter))
        for letter, name in letter_names(base).items()
        if (base, letter) not in OWN_WORD
        and phonemes(voice, name).rstrip("ie") != phonemes(voice, letter).rstrip("ie")
    }
    assert wrong == {}


SOUNDS = [
    # language, voice, as written, a spelling that is known to sound right
    ("es-419", "es-419", "Oaxaca", "Oajaca"),
    ("es-419", "es-419", "Texas", "Tejas"),
    ("es-419", "es-419", "Kʼicheʼ", "quiché"),
    ("es-419", "es-419", "K'iche'", "quiché"),
    ("es-419", "es-419", "Qʼeqchiʼ", "quekchí"),
    ("es-419", "es-419", "OIM", "o i eme"),
    ("es-419", "es-419", "EE. UU.", "Estados Unidos"),
    ("es-419", "es-419", "km", "kilómetros"),
    ("en", "en-us", "UNHCR", "U N H C R"),
    ("en", "en-us", "IOM", "I O M"),
    ("en", "en-us", "NGO", "N G O"),
    ("fr", "fr", "OIM", "O I M"),
    ("fr", "fr", "HCR", "H C R"),
    ("pt-BR", "pt-br", "CPF", "C P F"),
]


@pytest.mark.parametrize(("tag", "voice", "written", "right"), SOUNDS)
def test_a_word_sounds_as_it_should(tag: str, voice: str, written: str, right: str) -> None:
    language = LanguageTag(tag)
    said = Lexicon().spoken(written, language)
    given = Lexicon().for_voice(said, language, "espeak", voice)
    assert phonemes(voice, given).rstrip("ie") == phonemes(voice, right).rstrip("ie")


@pytest.mark.parametrize(
    ("voice", "written", "spelled_out"),
    [("es-419", "Kʼicheʼ", "dʒekti"), ("es-419", "EE. UU.", "eeuu"), ("es-419", "km", "kaeme")],
)
def test_without_the_lexicon_the_voice_does_misread_it(
    voice: str, written: str, spelled_out: str
) -> None:
    assert spelled_out in phonemes(voice, written)


def test_every_built_in_respelling_changes_what_espeak_says() -> None:
    from scripts.lexicon import builtin

    for base, voice in VOICES.items():
        for one in builtin(LanguageTag(base)):
            if "espeak" in one.voices:
                assert phonemes(voice, one.written) != phonemes(voice, one.say), one
