"""Recordings with known faults: a synthetic voice in the place of a person, and exact noise."""

import wave
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from audio.voices.espeak import EspeakVoice
from programme.units import LanguageTag

RATE = 48_000
SENTENCES = (
    "Si viaja con niñas o niños, no los deje solos",
    "Pida ayuda en cualquier oficina",
    "Llame a la línea de ayuda cuando lo necesite",
)


@cache
def _spoken(language: str, text: str, words_per_minute: int) -> Any:
    voice = EspeakVoice(name=language, language=LanguageTag(language))
    pcm = voice.speak(text, words_per_minute=words_per_minute).pcm / 32_768
    return soxr.resample(pcm.astype(np.float32), 22_050, RATE)


def speech(
    *sentences: str,
    language: str = "es-419",
    around_s: float = 1.0,
    pause_s: float = 0.6,
    level: float = 0.5,
    words_per_minute: int = 140,
) -> Any:
    """Give somebody saying sentences at 48 kHz, with digital silence around and between."""
    parts = [np.zeros(round(around_s * RATE), np.float32)]
    for text in sentences or SENTENCES:
        spoken = _spoken(language, text, words_per_minute)
        parts += [level * spoken, np.zeros(round(pause_s * RATE), np.float32)]
    parts[-1] = np.zeros(round(around_s * RATE), np.float32)
    return np.concatenate(parts).astype(np.float32)


def band_noise(samples: int, *, low_hz: float = 200, high_hz: float = 7_000, seed: int = 1) -> Any:
    """Give noise with an RMS of 1 whose every component lies within a band."""
    rng = np.random.default_rng(seed)
    hz = np.fft.rfftfreq(samples, 1 / RATE)
    inside = (hz >= low_hz) & (hz <= high_hz)
    spectrum = np.zeros(hz.size, complex)
    spectrum[inside] = np.exp(2j * np.pi * rng.random(int(inside.sum())))
    noise = np.fft.irfft(spectrum, samples)
    return (noise / np.sqrt((noise**2).mean())).astype(np.float32)


def tones(samples: int, hz: float, *, amplitudes: tuple[float, ...], rms_db: float) -> Any:
    """Give a tone with its harmonics, at a level over all."""
    times = np.arange(samples) / RATE
    sound = np.zeros(samples)
    for number, amplitude in enumerate(amplitudes, start=1):
        sound += amplitude * np.sin(2 * np.pi * hz * number * times)
    return (sound / np.sqrt((sound**2).mean()) * 10 ** (rms_db / 20)).astype(np.float32)


def rms_db(sound: Any) -> float:
    return float(10 * np.log10(np.square(sound, dtype=np.float64).mean()))


def write_wav(path: Path, sound: Any, *, channels: int = 1, rate: int = RATE) -> Path:
    """Write 16-bit PCM; several channels hold the rows of ``sound``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pcm = np.rint(np.clip(sound, -1, 1) * 32_767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm.T.tobytes() if channels > 1 else pcm.tobytes())
    return path
