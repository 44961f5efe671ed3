"""A program of the system that speaks into a WAV file: called with limits, and not trusted.

The words reach it by stdin, or as the last argument after ``--``; it has a folder of its own, an
environment without locale and home, and no longer than LONGEST_S seconds. What it writes is
looked at before it is a take.
"""

import os
import signal
import subprocess
import tempfile
import time
import wave
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio.voices.base import RATES, Spoken, quoted, refuse_unspeakable, trimmed
from audio.voices.catalogue import engine_row
from audio.voices.programs import ENVIRONMENT, find_program
from audio.voices.versions import pacing_of, voice_version
from programme.errors import ExitCode, ProductionError
from programme.units import Hz, LanguageTag

LONGEST_S = 30.0
"""A sentence takes such a program a tenth of a second."""

LARGEST_BYTES = 20_000_000
"""Of sound: a sentence of three minutes. And of whatever else it writes, a hundredth."""

_LOOK_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class SystemVoice:
    """One voice of a program in system.toml; safe in any thread or process."""

    engine: str
    name: str
    language: LanguageTag

    @property
    def version(self) -> str:
        """Digests of the program and its data, and the pace that was measured."""
        return voice_version(self.engine, self.name)

    def speak(self, text: str, *, words_per_minute: int) -> Spoken:
        """Speak one sentence; see ``Voice.speak``. No word times: these programs tell none."""
        speed = pacing_of(self.engine, self.name).speed_for(words_per_minute)
        return self.at_speed(text, speed)

    def at_speed(self, text: str, speed: float) -> Spoken:
        """Speak one sentence at a speed against the program's usual one."""
        refuse_unspeakable(text)
        row = engine_row(self.engine)
        slowest, fastest = row["rate_limits"]
        rate = round(row["nominal"] * speed)
        rate = max(slowest, min(fastest, rate))
        with tempfile.TemporaryDirectory(prefix="altavoz-") as folder:
            out = Path(folder) / "out.wav"
            arguments, stdin = _arguments(row, self.name, rate, out, text)
            run_bounded(arguments, stdin=stdin, folder=Path(folder), text=text)
            pcm, rate_hz = _read_wave(out, arguments[0], text)
        sound, _cut = trimmed(pcm, rate_hz, text)
        return Spoken(pcm=sound, rate_hz=rate_hz, words=())


def _arguments(
    row: Mapping[str, Any], voice: str, rate: int, out: Path, text: str
) -> tuple[list[str], bytes]:
    """Fill in the argument list; give it with what goes to stdin."""
    values = {"voice": voice, "rate": str(rate), "out": str(out), "text": text}
    program = find_program(row["programs"][0])
    if program is None:
        raise _failed(row["programs"][0], "is not installed", text)
    filled = [program]
    for argument in row["arguments"]:
        for name, value in values.items():
            # The text comes last, so that nothing in it is filled in again.
            argument = argument.replace("{" + name + "}", value)  # noqa: PLW2901 - one by one
        filled.append(argument)
    spoken_as_argument = any("{text}" in argument for argument in row["arguments"])
    return filled, b"" if spoken_as_argument else text.encode("utf-8") + b"\n"


def run_bounded(arguments: Sequence[str], *, stdin: bytes, folder: Path, text: str) -> None:
    """Run a program to its end, within time and within what it may write.

    Args:
        arguments: the program's path, and its arguments as they are: no shell reads them.
        stdin: what it reads.
        folder: where it works; nothing else is there.
        text: the sentence, for messages.

    Raises:
        ProductionError: it fails, takes too long or writes too much; code VOICE.
    """
    name = Path(arguments[0]).name
    (folder / "in.txt").write_bytes(stdin)
    told = folder / "told.txt"
    with (folder / "in.txt").open("rb") as source, told.open("wb") as talk:
        try:
            process = subprocess.Popen(
                arguments,
                stdin=source,
                stdout=talk,
                stderr=talk,
                cwd=folder,
                env={**ENVIRONMENT, "PATH": os.environ.get("PATH", ENVIRONMENT["PATH"])},
                start_new_session=True,
            )
        except OSError as error:
            raise _failed(name, f"cannot be started: {error.strerror}", text) from error
        fault = _wait(process, folder)
    if fault:
        raise _failed(name, fault, text)
    if process.returncode:
        said = told.read_bytes()[:2_000].decode("utf-8", "replace").strip().splitlines()
        reason = f": {quoted(said[-1])}" if said else ""
        raise _failed(name, f"failed (status {process.returncode}){reason}", text)


def _wait(process: subprocess.Popen[bytes], folder: Path) -> str:
    """Wait for a program, looking at what it writes; end it and say why where it goes too far."""
    end = time.monotonic() + LONGEST_S
    while True:
        try:
            process.wait(_LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            fault = "took too long" if time.monotonic() > end else _too_much(folder)
        else:
            return _too_much(folder)
        if fault:
            with suppress(ProcessLookupError):  # it ended by itself just now
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return fault


def _too_much(folder: Path) -> str:
    written = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # a file of the program's own that it took away
            written += path.lstat().st_size
    return "wrote more than a sentence can be" if written > LARGEST_BYTES else ""


def _read_wave(path: Path, program: str, text: str) -> tuple[NDArray[np.int16], Hz]:
    """Read what a program wrote: mono or more, 16 bit; the first channel counts.

    Raises:
        ProductionError: it is no such file; code VOICE.
    """
    name = Path(program).name
    if path.is_symlink() or not path.is_file():
        raise _failed(name, "wrote no sound", text)
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate_hz = file.getnchannels(), file.getsampwidth(), file.getframerate()
            data = file.readframes(LARGEST_BYTES)
    except (wave.Error, EOFError, OSError) as error:
        raise _failed(name, "wrote no sound that can be read", text) from error
    if width != 2 or rate_hz not in RATES or len(data) % (2 * channels):
        raise _failed(name, "wrote sound of another kind than mono 16 bit", text)
    pcm = np.frombuffer(data, "<i2").astype(np.int16).reshape(-1, channels)[:, 0]
    return np.ascontiguousarray(pcm), Hz(rate_hz)


def _failed(name: str, what: str, text: str) -> ProductionError:
    return ProductionError(
        f"the program {name} {what}",
        where=quoted(text),
        remedy="try it by hand, install it again, or choose another voice in altavoz.toml",
        code=ExitCode.VOICE,
    )
