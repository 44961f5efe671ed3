"""A folder of takes with files made to break what reads them: each is refused, the rest goes on."""

from pathlib import Path

import pytest

from production.takes.adding import add_takes
from production.takes.importing import import_takes
from programme.bounded import Bounds
from programme.errors import ExitCode, ProductionError
from programme.units import LanguageTag
from tests.audio.hostile_bytes import encoded, manifest, opus_bomb
from tests.audio.take_material import band_noise, speech, write_wav
from tests.production.running import read, tree
from tests.production.small import write_small

EN = LanguageTag("en")

WATCH = """
import ctypes, sys, time

def watch(event, arguments):
    name = str(arguments[0]) if event == "open" else ""
    if name.endswith("crash.wav"):
        ctypes.string_at(0)
    if name.endswith("hang.wav"):
        time.sleep(100)
    if name.endswith("lies.wav"):
        sys.stdout.write('{"length_s": {"__class__": "os.system"}}')
        sys.stdout.flush()
        import os
        os._exit(0)
    if name.endswith("greedy.wav"):
        bytearray(10**11)

sys.addaudithook(watch)
"""
"""In the place of a decoder with a hole: what a file makes of the process that opens it."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_small(tmp_path / "small")


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/sitecustomize.py").write_text(WATCH, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    bounds = Bounds(seconds=8, memory_bytes=1_500_000_000, file_bytes=200_000_000)
    monkeypatch.setattr("audio.take_intake.BOUNDS", bounds)


def spoken(path: Path, text: str) -> Path:
    sound = speech(text, language="en", words_per_minute=120)
    return write_wav(path, sound + band_noise(sound.size) * 1e-3)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("crash", "crashes the program that reads it"),
        ("hang", "cannot be read within 8 seconds"),
        ("lies", "crashes the program that reads it"),
        ("greedy", "takes more memory than it may"),
    ],
)
@pytest.mark.usefixtures("broken")
def test_a_file_that_breaks_a_decoder_is_refused_by_name(
    root: Path, tmp_path: Path, fault: str, says: str
) -> None:
    source = spoken(tmp_path / f"{fault}.wav", "Carry water with you")
    before = tree(root)
    with pytest.raises(ProductionError, match=says) as caught:
        add_takes(read(root), "agua", "en", [source])
    assert caught.value.where == str(source)
    assert "save it anew" in caught.value.remedy
    assert caught.value.code is ExitCode.INPUT
    assert tree(root) == before


def test_the_rest_of_a_folder_comes_in(root: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    spoken(home / "agua_en_002.wav", "Drink little by little")
    (home / "agua_en_001.wav").write_bytes(manifest("ffconcat", "agua_en_002.wav"))
    (home / "ayuda_en_001.opus").write_bytes(opus_bomb(3))
    (home / "ayuda_en_002.m4a").write_bytes(encoded("m4a")[:5000])
    done = import_takes(read(root), home, languages=(EN,))
    assert [take.name.stem for take in done.takes] == ["agua_en_002"]
    assert {one.name: one.problem for one in done.arrivals.refused} == {
        "agua_en_001.wav": "this is not a sound file",
        "ayuda_en_001.opus": "the file is longer than 10 minutes",
        "ayuda_en_002.m4a": "the file is not readable as M4A",
    }
