"""A package that declares a voice engine, as another project would publish it."""

import sys
from pathlib import Path

import pytest

from audio.voices import foreign, foreign_voice

MODULE = '''
"""A tone for each word: an engine in the smallest size."""

import math
import struct
from types import SimpleNamespace

name = "acme"
version = "tones 1"
online = False
offers = [
    SimpleNamespace(language="es", voice="una", quality="air", reason="We like it."),
    SimpleNamespace(language="ht", voice="yon", quality="never", reason="It misreads tones."),
]


def open(voice, language):
    return SimpleNamespace(speak=speak)


def speak(text, speed):
    samples, words, at = [], [], 0
    for word in text.split():
        words.append((text.index(word, at), len(samples) * 1000 // 16000))
        at = words[-1][0] + len(word)
        hz = 200 + 7 * (sum(map(ord, word)) % 60)
        for n in range(int(16000 * 0.4 / speed)):
            samples.append(int(9000 * math.sin(2 * math.pi * hz * n / 16000)))
        samples += [0] * int(16000 * 0.05 / speed)
    return struct.pack(f"{len(samples)}h", *samples), 16000, words


engine = __import__("sys").modules[__name__]
'''


def write_package(
    folder: Path, *, name: str = "acme", module: str = MODULE, package: str = "acme-voices"
) -> Path:
    """Write a package with its metadata into a folder that is to be on the path; give it."""
    file = name.replace("-", "_") + "_altavoz"
    (folder / f"{file}.py").write_text(module, encoding="utf-8")
    about = folder / f"{package.replace('-', '_')}-1.2.dist-info"
    about.mkdir()
    text = f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n"
    (about / "METADATA").write_text(text, encoding="utf-8")
    points = f"[altavoz.voices]\n{name} = {file}:engine\n"
    (about / "entry_points.txt").write_text(points, encoding="utf-8")
    return folder


def forget_engines() -> None:
    """Let packages that declare an engine be looked for anew."""
    for cached in (foreign.foreign_names, foreign.foreign_engine, foreign_voice._opened):
        cached.cache_clear()


def only_own_voices(patch: pytest.MonkeyPatch, home: Path) -> None:
    """Give this machine no voices but the built-in ones, and ``home`` for what is installed."""
    patch.setenv("ALTAVOZ_VOICES", str(home))
    forget_engines()
    for name in [name for name in sys.modules if name.endswith("_altavoz")]:
        patch.delitem(sys.modules, name)
