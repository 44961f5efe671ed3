"""The C side of espeak-ng: loading its library fresh, its functions and its events.

Functions and structures are those of espeak-ng 1.52's ``speak_lib.h`` and ``espeak_ng.h``. All of
the engine's state is global and a second synthesis in one process differs from the first, whatever
is reset; so every sentence loads the library anew and unloads it (3 ms in all).
"""

import ctypes
import importlib
import locale
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from programme.errors import ExitCode, ProductionError
from programme.units import Hz

LONGEST_DATA_PATH = 158
"""Bytes; at 160 the engine overflows its buffer and says only that it failed."""

OK = 0
CHARACTERS_UTF8 = 1
POSITION_IS_CHARACTER = 1
RATE, VOLUME, PITCH, RANGE, WORD_GAP = 1, 2, 3, 4, 7
"""Parameters of espeak_SetParameter."""

_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_WORD = 1
_LIST_TERMINATED = 0


class _EventId(ctypes.Union):
    _fields_ = (
        ("number", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("string", ctypes.c_char * 8),
    )


class Event(ctypes.Structure):
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


CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(Event))
"""int callback(short *samples, int count, espeak_EVENT *events); samples may be NULL."""

_SIGNATURES: dict[str, tuple[list[object], object]] = {
    "espeak_Initialize": (
        [ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int],
        ctypes.c_int,
    ),
    "espeak_Info": ([ctypes.POINTER(ctypes.c_char_p)], ctypes.c_char_p),
    "espeak_SetSynthCallback": ([CALLBACK], None),
    "espeak_SetVoiceByName": ([ctypes.c_char_p], ctypes.c_int),
    "espeak_ng_SetRandSeed": ([ctypes.c_long], ctypes.c_int),
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


def word_events(events: "ctypes.Array[Event]") -> Iterator[tuple[int, int]]:
    """Give (text position from 1, ms) of each word; the list ends with an event of type 0."""
    index = 0
    while events[index].type != _LIST_TERMINATED:
        if events[index].type == _WORD:
            yield events[index].text_position, events[index].audio_position
        index += 1


@contextmanager
def running(library_file: Path, data_folder: Path) -> Iterator[tuple[ctypes.CDLL, Hz]]:
    """Load the library anew, start it, give it and its sample rate, and unload it again.

    One at a time in a process: the caller holds the lock.

    Raises:
        ProductionError: the library or its data is missing or damaged; code VOICE.
    """
    with ExitStack() as stack:
        stack.enter_context(_own_locale())
        data = stack.enter_context(_short_path(data_folder))
        library = stack.enter_context(_fresh_library(library_file))
        rate_hz = library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT)
        if rate_hz <= 0:
            raise ProductionError(
                "espeak-ng does not start",
                where=str(data_folder),
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
        stack.callback(unload, library)
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
    unload(held)
    return True


def unload(library: ctypes.CDLL) -> None:
    """Close the library; it leaves memory when nobody else holds it."""
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
