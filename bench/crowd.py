"""Words to be understood and noise to be understood through, the same on every run.

The noise is made of other sentences than those that are judged, by other voices too.
"""

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy import signal

from audio.voices.espeak import EspeakVoice
from bench.listeners import RATE, Signal
from programme.profiles import words_per_minute
from programme.units import LanguageTag

VOICES = {"es": "es-419", "en": "en", "fr": "fr", "ar": "ar", "pt": "pt-br"}
_CROWD = (
    ("es", "+f2"), ("en", "+m2"), ("fr", "+f4"), ("ar", "+m4"),
    ("es", "+m1"), ("en", "+f5"), ("fr", "+m5"), ("ar", "+f1"),
)  # fmt: skip
"""Eight people who talk at once."""
_SHAPES = ("", "+f2", "+m2")
_GAP_S = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said, and by whom."""

    language: str
    voice: str
    which: str
    """``tuned`` or ``aside``."""


@cache
def sentences() -> dict[str, dict[str, list[str]]]:
    """Read bench/intelligibility.toml."""
    text = Path(__file__).with_suffix("").with_name("intelligibility.toml")
    return tomllib.loads(text.read_text(encoding="utf-8"))


def spoken(words: Words, count: int | None = None) -> NDArray[np.float32]:
    """Speak sentences with a third of a second after each, at the loudspeaker's pace."""
    gap = np.zeros(round(_GAP_S * RATE), dtype=np.float32)
    pace = words_per_minute("loudspeaker", LanguageTag(words.language))
    parts = [gap]
    for text in sentences()[words.language][words.which][:count]:
        parts += [_speak(words.voice, words.language, text, pace), gap]
    return np.concatenate(parts)


@lru_cache(maxsize=2)
def speech_shaped(language: str, samples: int) -> NDArray[np.float64]:
    """Give steady noise with the long-term spectrum of a language's speech; RMS 1."""
    material = np.concatenate(_noise_sentences(language))
    hz, power = signal.welch(material, RATE, nperseg=2048)
    white = np.random.default_rng(1).standard_normal(samples)
    shape = np.sqrt(np.interp(np.fft.rfftfreq(samples, 1 / RATE), hz, power))
    return unit(np.fft.irfft(np.fft.rfft(white) * shape, samples))


@lru_cache(maxsize=2)
def babble(samples: int) -> NDArray[np.float64]:
    """Give eight people who talk at once in four languages; RMS 1."""
    whole = np.zeros(samples)
    for number, (language, variant) in enumerate(_CROWD):
        texts = sentences()[language]["noise"]
        at = number % len(texts)
        said = np.concatenate(
            [
                _speak(VOICES[language] + variant, language, text, 150)
                for text in texts[at:] + texts[:at]
            ]
        )
        whole += np.resize(np.roll(unit(said), -7919 * number), samples)
    return unit(whole)


def unit(sound: Signal) -> NDArray[np.float64]:
    """Bring a sound to RMS 1."""
    return np.asarray(sound / np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


def _noise_sentences(language: str) -> list[NDArray[np.float32]]:
    return [
        _speak(VOICES[language] + shape, language, text, 140)
        for shape in _SHAPES
        for text in sentences()[language]["noise"]
    ]


@cache
def _speak(voice: str, language: str, text: str, pace: int) -> NDArray[np.float32]:
    said = EspeakVoice(voice, LanguageTag(language)).speak(text, words_per_minute=pace)
    sound = said.pcm.astype(np.float32) / 32768
    return np.asarray(soxr.resample(sound, said.rate_hz, RATE, quality="HQ"), dtype=np.float32)
