"""What somebody hears in the browser is the take as it will air, and nothing else of the file."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from audio.listening import listening_copy
from programme.errors import ExitCode, ProductionError
from tests.audio.test_recordings import CANARY, SPOKEN, record, speech


def decoded(mp3: bytes, folder: Path) -> Any:
    path = folder / "heard.mp3"
    path.write_bytes(mp3)
    with av.open(str(path)) as file:
        assert file.streams.audio[0].rate == 24_000
        return np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])


@pytest.mark.parametrize(
    ("codec", "form", "ending"),
    [("pcm_s16le", "wav", "wav"), ("libopus", "webm", "webm"), ("aac", "ipod", "m4a")],
)
def test_a_take_is_heard_trimmed_and_levelled_whatever_made_it(
    tmp_path: Path, codec: str, form: str, ending: str
) -> None:
    source = record(tmp_path / f"a.{ending}", speech(gain=0.05), codec, form)
    heard = listening_copy(source)
    assert heard.may_air
    assert heard.length_ms / 1000 == pytest.approx(SPOKEN, abs=0.4)
    sound = decoded(heard.mp3, tmp_path)
    assert len(sound) / 24_000 == pytest.approx(heard.length_ms / 1000, abs=0.15)
    assert CANARY.encode() not in heard.mp3
    # what was measured is the recording as it came: some 26 dB softer than it is heard
    assert 20 * np.log10(np.abs(sound).max()) - heard.quality.peak_db > 15
    assert max(heard.shape) == pytest.approx(np.abs(sound).max(), abs=0.1)


def test_the_shape_shows_where_it_is_loud(tmp_path: Path) -> None:
    heard = listening_copy(record(tmp_path / "a.wav", np.zeros(48_000, dtype=np.float32)))
    assert not heard.may_air
    assert set(heard.shape) == {0.0}
    # untouched: two seconds and a bit of silence, a column each 20 ms up to 160
    assert heard.length_ms == pytest.approx(48_000 / 22.05, abs=2)
    assert len(heard.shape) == 109
    long = listening_copy(record(tmp_path / "b.wav", speech(0, 0)), columns=40)
    assert len(long.shape) == 40
    assert max(long.shape[:20]) > 0.1


def test_the_same_recording_gives_the_same_bytes(tmp_path: Path) -> None:
    source = record(tmp_path / "a.wav", speech())
    assert listening_copy(source) == listening_copy(source)


def test_a_damaged_file_is_named_as_the_producer_knows_it(tmp_path: Path) -> None:
    source = tmp_path / "a.m4a"
    whole = record(tmp_path / "b.m4a", speech(), "aac", "ipod").read_bytes()
    source.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ProductionError) as refused:
        listening_copy(source, where="recordings/agua/quc/001.m4a")
    assert refused.value.code is ExitCode.INPUT
    assert refused.value.where == "recordings/agua/quc/001.m4a"


@pytest.mark.tools
def test_mpg123_plays_it_without_a_warning(tmp_path: Path, tool: Callable[[str], str]) -> None:
    path = tmp_path / "heard.mp3"
    path.write_bytes(listening_copy(record(tmp_path / "a.wav", speech())).mp3)
    played = subprocess.run(
        [tool("mpg123"), "-q", "-t", str(path)], capture_output=True, text=True, check=True
    )
    assert played.stderr == ""
