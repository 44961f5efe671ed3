"""The voice in the box: espeak-ng 1.52 through ctypes, the same bytes for ever.

Every sentence is spoken by a library loaded anew (audio/voices/espeak_library.py), so its
sound does not depend on what was spoken before, nor on the process that speaks.

The wheel of espeakng-loader carries the library and its data, and needs nothing else.
"""

import ctypes
import os
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import espeakng_loader
import numpy as np

from audio.voices import espeak_library
from audio.voices.base import Spoken, quoted, refuse_unspeakable, trimmed
from audio.voices.catalogue import engine_rate, voice_row
from audio.voices.versions import voice_version
from programme.errors import ExitCode, ProductionError
from programme.sound import WordTime
from programme.units import DurationMs, Hz, LanguageTag

VOLUME = 80
"""Of 100; from about 85 the engine's own limiter works."""

PITCH = 50
RANGE = 50
WORD_GAP = 0
"""The engine's defaults, set before every sentence because text can change them."""

NOISE_SEED = 1
"""Of the noise in a voice's breath, such as that of ``f3``: the engine takes the clock's second."""

_lock = threading.Lock()
# A fork waits for the sentence in hand: a child that inherited a loaded library could not
# load it anew, and would speak differently.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release
    )


@dataclass(frozen=True, slots=True)
class EspeakVoice:
    """One voice of espeak-ng, opened for one language; safe in any thread or process."""

    name: str
    language: LanguageTag
    engine: str = "espeak"

    @property
    def version(self) -> str:
        """Program, data and settings, from the catalogue."""
        return voice_version(self.engine, self.name)

    def speak(self, text: str, *, words_per_minute: int) -> Spoken:
        """Speak one sentence; see ``Voice.speak``. One sentence at a time in each process."""
        refuse_unspeakable(text)
        rate = engine_rate(self.engine, self.name, words_per_minute)
        name, plus, variant = self.name.partition("+")
        file = voice_row(self.engine, name)["file"]
        with _lock:
            raw = _synthesise(f"{file}{plus}{variant}", text, rate)
        pcm, cut_ms = trimmed(np.frombuffer(raw.pcm, np.int16), raw.rate_hz, text)
        return Spoken(pcm=pcm, rate_hz=raw.rate_hz, words=_word_times(raw.words, cut_ms, text))


@dataclass(frozen=True, slots=True)
class _Raw:
    """What the engine gave: s16 native, and (text position from 1, ms) of each word."""

    pcm: bytes
    rate_hz: Hz
    words: tuple[tuple[int, int], ...]


def _synthesise(file: str, text: str, rate: int) -> _Raw:
    sound: list[bytes] = []
    words: list[tuple[int, int]] = []

    def take(samples: int | None, count: int, events: "ctypes.Array[espeak_library.Event]") -> int:
        if samples and count > 0:
            sound.append(ctypes.string_at(samples, 2 * count))
        words.extend(espeak_library.word_events(events))
        return 0

    callback = espeak_library.CALLBACK(take)  # kept alive here as long as the engine may call it
    with _running() as (library, rate_hz):
        library.espeak_SetSynthCallback(callback)
        _set(library, file, rate, text)
        encoded = text.encode("utf-8")
        status = library.espeak_Synth(
            encoded,
            len(encoded) + 1,
            0,
            espeak_library.POSITION_IS_CHARACTER,
            0,
            espeak_library.CHARACTERS_UTF8,
            None,
            None,
        )
        if status != espeak_library.OK or library.espeak_Synchronize() != espeak_library.OK:
            raise _failed(f"espeak-ng could not speak the sentence (status {status})", text)
    return _Raw(b"".join(sound), rate_hz, tuple(words))


def _set(library: ctypes.CDLL, file: str, rate: int, text: str) -> None:
    """Set the voice and every parameter: nothing is left to what was before, nor to the clock."""
    if library.espeak_SetVoiceByName(file.encode("ascii")) != espeak_library.OK:
        raise _failed(f'espeak-ng does not know the voice "{file}"', text)
    if library.espeak_ng_SetRandSeed(NOISE_SEED) != espeak_library.OK:
        raise _failed(f"espeak-ng refused {NOISE_SEED} as seed of its noise", text)
    wanted = {
        espeak_library.RATE: rate,
        espeak_library.VOLUME: VOLUME,
        espeak_library.PITCH: PITCH,
        espeak_library.RANGE: RANGE,
        espeak_library.WORD_GAP: WORD_GAP,
    }
    for parameter, value in wanted.items():
        if library.espeak_SetParameter(parameter, value, 0) != espeak_library.OK:
            raise _failed(f"espeak-ng refused setting {parameter} = {value}", text)


def _word_times(
    words: tuple[tuple[int, int], ...], cut_ms: DurationMs, text: str
) -> tuple[WordTime, ...]:
    """Keep advancing positions: a long number gives several events at one place."""
    times: list[WordTime] = []
    for position, at_ms in words:
        offset = position - 1
        start_ms = max(0, at_ms - cut_ms)
        if not 0 <= offset < len(text):
            continue
        if times and (offset <= times[-1].offset or start_ms < times[-1].start_ms):
            continue
        times.append(WordTime(offset=offset, start_ms=DurationMs(start_ms)))
    return tuple(times)


def _running() -> AbstractContextManager[tuple[ctypes.CDLL, Hz]]:
    return espeak_library.running(
        Path(espeakng_loader.get_library_path()), Path(espeakng_loader.get_data_path())
    )


def program() -> str:
    """Ask the library itself for its version: a costly check on the catalogue's word."""
    with _lock, _running() as (library, _rate_hz):
        return f"espeak-ng {library.espeak_Info(None).decode('ascii')}"


def _failed(problem: str, text: str) -> ProductionError:
    return ProductionError(
        problem,
        where=quoted(text),
        remedy="choose a voice that `altavoz voices` lists, or record the sentence",
        code=ExitCode.VOICE,
    )
