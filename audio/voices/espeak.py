"""The voice in the box: espeak-ng 1.52 through ctypes, the same bytes for ever.

Functions and structures are those of espeak-ng's ``speak_lib.h``. All of the engine's
state is global and a second synthesis in one process differs from the first, whatever is
reset; so every sentence loads the library anew and unloads it (3 ms in all). That makes
the sound independent of what was spoken before, and of the process that speaks.

The wheel of espeakng-loader carries the library and its data, and needs nothing else.
"""

import ctypes
import importlib
import locale
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import espeakng_loader
import numpy as np

from audio.voices.base import Spoken, quoted, refuse_unspeakable, trimmed
from audio.voices.catalogue import engine_rate, voice_version
from programme.errors import ExitCode, ProductionError
from programme.sound import WordTime
from programme.units import DurationMs, Hz, LanguageTag

VOLUME = 80
"""Of 100; from about 85 the engine's own limiter works."""

PITCH = 50
RANGE = 50
WORD_GAP = 0
"""The engine's defaults, set before every sentence because text can change them."""

LONGEST_DATA_PATH = 158
"""Bytes; at 160 the engine overflows its buffer and says only that it failed."""

_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_CHARACTERS_UTF8 = 1
_POSITION_IS_CHARACTER = 1
_RATE, _VOLUME, _PITCH, _RANGE, _WORD_GAP = 1, 2, 3, 4, 7
_WORD = 1
_LIST_TERMINATED = 0
_OK = 0

_lock = threading.Lock()
# A fork waits for the sentence in hand: a child that inherited a loaded library could not
# load it anew, and would speak differently.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release
    )


class _EventId(ctypes.Union):
    _fields_ = (
        ("number", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("string", ctypes.c_char * 8),
    )


class _Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    )


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))
"""int callback(short *samples, int count, espeak_EVENT *events); samples may be NULL."""

_SIGNATURES: dict[str, tuple[list[object], object]] = {
    "espeak_Initialize": (
        [ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int],
        ctypes.c_int,
    ),
    "espeak_Info": ([ctypes.POINTER(ctypes.c_char_p)], ctypes.c_char_p),
    "espeak_SetSynthCallback": ([_CALLBACK], None),
    "espeak_SetVoiceByName": ([ctypes.c_char_p], ctypes.c_int),
    "espeak_SetParameter": ([ctypes.c_int, ctypes.c_int, ctypes.c_int], ctypes.c_int),
    "espeak_Synth": (
        [
            ctypes.c_char_p,
            ctypes.c_size_t,
            ctypes.c_uint,
            ctypes.c_int,
            ctypes.c_uint,
            ctypes.c_uint,
            ctypes.POINTER(ctypes.c_uint),
            ctypes.c_void_p,
        ],
        ctypes.c_int,
    ),
    "espeak_Synchronize": ([], ctypes.c_int),
    "espeak_Terminate": ([], ctypes.c_int),
}


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
        with _lock:
            raw = _synthesise(self.name, text, rate)
        pcm, cut_ms = trimmed(np.frombuffer(raw.pcm, np.int16), raw.rate_hz, text)
        return Spoken(pcm=pcm, rate_hz=raw.rate_hz, words=_word_times(raw.words, cut_ms, text))


@dataclass(frozen=True, slots=True)
class _Raw:
    """What the engine gave: s16 native, and (text position from 1, ms) of each word."""

    pcm: bytes
    rate_hz: Hz
    words: tuple[tuple[int, int], ...]


def _synthesise(name: str, text: str, rate: int) -> _Raw:
    sound: list[bytes] = []
    words: list[tuple[int, int]] = []

    def take(samples: int | None, count: int, events: "ctypes.Array[_Event]") -> int:
        if samples and count > 0:
            sound.append(ctypes.string_at(samples, 2 * count))
        words.extend(_events(events))
        return 0

    callback = _CALLBACK(take)  # kept alive here as long as the engine may call it
    with _engine() as (library, rate_hz):
        library.espeak_SetSynthCallback(callback)
        _set(library, name, rate, text)
        encoded = text.encode("utf-8")
        status = library.espeak_Synth(
            encoded,
            len(encoded) + 1,
            0,
            _POSITION_IS_CHARACTER,
            0,
            _CHARACTERS_UTF8,
            None,
            None,
        )
        if status != _OK or library.espeak_Synchronize() != _OK:
            raise _failed(f"espeak-ng could not speak the sentence (status {status})", text)
    return _Raw(b"".join(sound), rate_hz, tuple(words))


def _events(events: "ctypes.Array[_Event]") -> Iterator[tuple[int, int]]:
    """Read the list that ends with an event of type 0; its length is told nowhere."""
    index = 0
    while events[index].type != _LIST_TERMINATED:
        if events[index].type == _WORD:
            yield events[index].text_position, events[index].audio_position
        index += 1


def _set(library: ctypes.CDLL, name: str, rate: int, text: str) -> None:
    """Set the voice and every parameter: nothing is left to what was before."""
    if library.espeak_SetVoiceByName(name.encode("ascii")) != _OK:
        raise _failed(f'espeak-ng does not know the voice "{name}"', text)
    wanted = {
        _RATE: rate,
        _VOLUME: VOLUME,
        _PITCH: PITCH,
        _RANGE: RANGE,
        _WORD_GAP: WORD_GAP,
    }
    for parameter, value in wanted.items():
        if library.espeak_SetParameter(parameter, value, 0) != _OK:
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


@contextmanager
def _engine() -> Iterator[tuple[ctypes.CDLL, Hz]]:
    """Load the library anew, start it, and unload it again."""
    with ExitStack() as stack:
        stack.enter_context(_own_locale())
        data = stack.enter_context(_short_path(Path(espeakng_loader.get_data_path())))
        library = stack.enter_context(_fresh_library(Path(espeakng_loader.get_library_path())))
        rate_hz = library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT)
        if rate_hz <= 0:
            raise ProductionError(
                "espeak-ng does not start",
                where=espeakng_loader.get_data_path(),
                remedy="install espeakng-loader again: its data is missing or damaged",
                code=ExitCode.VOICE,
            )
        stack.callback(library.espeak_Terminate)
        yield library, Hz(rate_hz)


@contextmanager
def _own_locale() -> Iterator[None]:
    """Give the process its character locale back: starting the engine changes it."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        yield
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


@contextmanager
def _fresh_library(path: Path) -> Iterator[ctypes.CDLL]:
    """Load the library so that nothing remembers an earlier sentence.

    Where something else in this process holds it (another program's module, or a system
    that keeps libraries), a private copy of the file is loaded: the loader knows it by path.
    """
    with ExitStack() as stack:
        if _is_loaded(path):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="altavoz-")))
            path = Path(shutil.copy(path, folder / path.name))
        try:
            library = ctypes.CDLL(str(path))
        except OSError as error:
            raise ProductionError(
                f"the voice program cannot be loaded: {error}",
                where=str(path),
                remedy="install espeakng-loader again, on a system that it has a wheel for",
                code=ExitCode.VOICE,
            ) from error
        stack.callback(_unload, library)
        for name, (arguments, result) in _SIGNATURES.items():
            function = getattr(library, name)
            function.argtypes = arguments
            function.restype = result
        yield library


def _is_loaded(path: Path) -> bool:
    if not hasattr(os, "RTLD_NOLOAD"):
        return False
    try:
        held = ctypes.CDLL(str(path), mode=os.RTLD_NOLOAD)
    except OSError:
        return False
    _unload(held)
    return True


def _unload(library: ctypes.CDLL) -> None:
    # The private module is ctypes' only door to dlclose, and is the same on Linux and macOS.
    importlib.import_module("_ctypes").dlclose(library._handle)  # noqa: SLF001


@contextmanager
def _short_path(data: Path) -> Iterator[bytes]:
    """Give the data folder as a path that the engine can hold; a link where it is too long."""
    whole = os.fsencode(data)
    if len(whole) <= LONGEST_DATA_PATH:
        yield whole
        return
    with tempfile.TemporaryDirectory(prefix="altavoz-") as folder:
        link = Path(folder) / "data"
        link.symlink_to(data, target_is_directory=True)
        short = os.fsencode(link)
        if len(short) > LONGEST_DATA_PATH:
            raise ProductionError(
                "the paths of the voice data and of the temporary folder are both too long",
                where=str(data),
                remedy="set TMPDIR to a folder with a short path, such as /tmp",
                code=ExitCode.VOICE,
            )
        yield short


def program() -> str:
    """Ask the library itself for its version: a costly check on the catalogue's word."""
    with _lock, _engine() as (library, _rate_hz):
        return f"espeak-ng {library.espeak_Info(None).decode('ascii')}"


def _failed(problem: str, text: str) -> ProductionError:
    return ProductionError(
        problem,
        where=quoted(text),
        remedy="choose a voice that `altavoz voices` lists, or record the sentence",
        code=ExitCode.VOICE,
    )
