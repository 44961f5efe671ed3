"""Cue points and tags of finished files, as they are told to stations."""

import math
import struct
import wave
from pathlib import Path

import pytest

from audio.cue_points import find_heard
from audio.file_tags import file_tags
from programme.errors import ProductionError
from tests.audio.finished import small
from tests.audio.slot_material import edition_tags


def write_wave(path: Path, silent_ms: int, heard_ms: int, after_ms: int, level: float) -> Path:
    """Write a tone of 1 kHz at 48 kHz between two silences."""
    samples = [0.0] * (silent_ms * 48)
    # It begins and ends at its full level, so that its edges are known to the sample.
    samples += [level * math.cos(2 * math.pi * at / 48) for at in range(heard_ms * 48)]
    samples += [0.0] * (after_ms * 48)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(b"".join(struct.pack("<h", round(one * 32_767)) for one in samples))
    return path


def test_a_file_is_heard_from_its_first_to_its_last_loud_sample(tmp_path: Path) -> None:
    heard = find_heard(write_wave(tmp_path / "a.wav", 250, 1_000, 500, 0.5))
    assert (heard.start_ms, heard.end_ms, heard.length_ms) == (250, 1_250, 1_750)


def test_what_is_under_60_db_is_not_heard(tmp_path: Path) -> None:
    quiet = find_heard(write_wave(tmp_path / "a.wav", 100, 500, 100, 0.0005))
    assert (quiet.start_ms, quiet.end_ms, quiet.length_ms) == (0, 0, 700)
    loud = find_heard(write_wave(tmp_path / "b.wav", 100, 500, 100, 0.002))
    assert (loud.start_ms, loud.end_ms) == (100, 600)


def test_every_format_tells_the_same_title_series_and_language(tmp_path: Path) -> None:
    for profile, name, suffix in (
        ("podcast", "mp3", ".mp3"),
        ("podcast", "opus", ".opus"),
        ("share", "m4a", ".m4a"),
        ("broadcast", "bwf", ".wav"),
    ):
        (tmp_path / profile).mkdir(exist_ok=True)
        made = small(tmp_path / profile, profile)
        tags = edition_tags(title="وثائقك", language="ar", chapters=made.tags.chapters)
        # In the store a file has no ending.
        path = made.write(name, tmp_path, tags).rename(tmp_path / "object")
        found = file_tags(path, suffix)
        assert (found["title"], found["artist"]) == ("وثائقك", "Red Camino"), name
        assert found["album"] == "Camino seguro"
        assert found["language"] == ("ara" if name == "mp3" else "ar")
        assert found["year"].startswith("2026")
        if name in {"mp3", "bwf"}:
            assert "<endDatetime>2026-12-06T23:59:59</endDatetime>" in found["rdxl"].split("\n")


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    for suffix in (".mp3", ".opus", ".m4a"):
        (tmp_path / "object").write_bytes(b"no sound" * 50)
        with pytest.raises(ProductionError, match="cannot be read") as caught:
            file_tags(tmp_path / "object", suffix)
        assert caught.value.where == str(tmp_path / "object")
