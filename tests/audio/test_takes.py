"""Takes on disk: lossless, the same bytes, lengths known without sound, failures clean."""

import errno
import hashlib
import io
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audio.jobs import SpeakJob
from audio.resampling import reblocked, resample_blocks, resampled_length
from audio.takes import read_take_blocks, write_take, write_take_blocks
from audio.takes import resampled_length as take_length
from audio.voices.speaking import say, speak
from programme.errors import ExitCode, ProductionError
from programme.units import Hz, LanguageTag, Samples

RATES = [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000]


def noise(samples: int, seed: int = 1) -> np.ndarray[Any, np.dtype[np.int16]]:
    return np.random.default_rng(seed).integers(-20_000, 20_000, samples).astype(np.int16)


def test_a_take_is_lossless(tmp_path: Path) -> None:
    pcm = noise(50_001)
    write_take(tmp_path / "a.flac", pcm, Hz(48_000))
    back = np.concatenate(list(read_take_blocks(tmp_path / "a.flac")))
    assert np.array_equal((back * 32_768).astype(np.int16), pcm)


@pytest.mark.tools
def test_the_reference_decoder_accepts_a_take_and_gives_the_same_samples(
    tmp_path: Path, tool: Callable[[str], str]
) -> None:
    flac = tool("flac")
    pcm = noise(30_000)
    path = tmp_path / "a.flac"
    write_take(path, pcm, Hz(22_050))
    subprocess.run([flac, "--test", "--silent", "--warnings-as-errors", path], check=True)
    raw = subprocess.run(
        [
            flac,
            "--decode",
            "--silent",
            "--stdout",
            "--force-raw-format",
            "--endian=little",
            "--sign=signed",
            path,
        ],
        check=True,
        capture_output=True,
    ).stdout
    assert raw == pcm.astype("<i2").tobytes()


def test_the_same_sound_gives_the_same_bytes_however_it_is_cut(tmp_path: Path) -> None:
    pcm = noise(100_000)
    digests = set()
    for number, size in enumerate((100_000, 4_096, 1_000, 77_777)):
        path = tmp_path / f"{number}.flac"
        cut = (pcm[start : start + size] for start in range(0, len(pcm), size))
        assert write_take_blocks(path, cut, Hz(22_050)) == 100_000
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_take_names_no_version_and_no_date(tmp_path: Path) -> None:
    write_take(tmp_path / "a.flac", noise(5_000), Hz(22_050))
    data = (tmp_path / "a.flac").read_bytes()
    assert b"Lavf" not in data
    assert b"Lavc" not in data
    # STREAMINFO, then an empty VORBIS_COMMENT as the last block, then the first frame.
    assert data[4] == 0
    assert data[42] == 0x84
    assert int.from_bytes(data[43:46], "big") == 4 + len(b"ffmpeg") + 4


@settings(max_examples=40)
@given(samples=st.integers(1, 60_000), rate=st.sampled_from(RATES), size=st.integers(1, 50_000))
def test_the_length_at_the_mix_rate_is_known_without_sound(
    samples: int, rate: int, size: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.flac"
        write_take(path, noise(samples), Hz(rate))
        sizes = [block.size for block in read_take_blocks(path, block=size)]
    assert sum(sizes) == take_length(Samples(samples), Hz(rate))
    assert all(one == size for one in sizes[:-1])


@example(cuts=[520], source=24_000, target=44_100)  # 955.5 samples: soxr gives 955
@given(
    cuts=st.lists(st.integers(0, 5_000), min_size=1, max_size=20),
    source=st.sampled_from(RATES),
    target=st.sampled_from([24_000, 44_100, 48_000]),
)
def test_resampling_does_not_depend_on_the_blocks(
    cuts: list[int], source: int, target: int
) -> None:
    sound = (noise(sum(cuts)) / 32_768).astype(np.float32)

    def pieces() -> Iterator[np.ndarray[Any, np.dtype[np.float32]]]:
        start = 0
        for cut in cuts:
            yield sound[start : start + cut]
            start += cut

    def joined(blocks: Iterator[Any]) -> Any:
        return np.concatenate([np.zeros(0, np.float32), *blocks])

    whole = joined(resample_blocks([sound], Hz(source), Hz(target)))
    cut = joined(resample_blocks(pieces(), Hz(source), Hz(target)))
    assert whole.size == resampled_length(Samples(sum(cuts)), Hz(source), Hz(target))
    assert np.array_equal(whole, cut)


def test_a_resampled_tone_stays_that_tone() -> None:
    source = Hz(22_050)
    tone = np.sin(2 * np.pi * 1_000 * np.arange(22_050) / source).astype(np.float32)
    made = np.concatenate(list(resample_blocks([tone], source, Hz(48_000))))
    wanted = np.sin(2 * np.pi * 1_000 * np.arange(48_000) / 48_000)
    middle = slice(4_000, -4_000)
    assert np.abs(made[middle] - wanted[middle]).max() < 1e-4


@given(sizes=st.lists(st.integers(0, 300), max_size=30), size=st.integers(1, 250))
def test_blocks_are_recut_without_loss(sizes: list[int], size: int) -> None:
    sound = np.arange(sum(sizes), dtype=np.float32)
    blocks = np.split(sound, np.cumsum(sizes)[:-1]) if sizes else []
    made = list(reblocked(blocks, size))
    assert [block.size for block in made[:-1]] == [size] * max(0, len(made) - 1)
    assert np.array_equal(np.concatenate([np.zeros(0, np.float32), *made]), sound)


class FullDisk(io.FileIO):
    """A file that has room for so many bytes, as write(2) reports it."""

    room = 0

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > FullDisk.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


@pytest.mark.parametrize("room", [0, 4, 42, 60, 10_000, 60_000])
def test_a_full_disk_leaves_nothing_behind_and_keeps_the_old_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    path = tmp_path / "a.flac"
    write_take(path, noise(1_000), Hz(22_050))
    before = path.read_bytes()
    FullDisk.room = room
    real = Path.open

    def opened(self: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        return FullDisk(self, "w") if mode == "wb" else real(self, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(ProductionError) as caught:
        write_take(path, noise(48_000, 2), Hz(22_050))
    monkeypatch.undo()
    assert caught.value.code is ExitCode.STORAGE
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProductionError) as caught:
        write_take(tmp_path / "none" / "a.flac", noise(1_000), Hz(22_050))
    assert caught.value.code is ExitCode.STORAGE


def test_a_take_without_sound_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="without sound"):
        write_take(tmp_path / "a.flac", noise(0), Hz(22_050))
    assert not list(tmp_path.iterdir())


def test_a_damaged_take_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    write_take(path, noise(48_000), Hz(48_000))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(ProductionError):
        list(read_take_blocks(path))


def test_half_a_take_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    write_take(path, noise(48_000), Hz(48_000))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(ProductionError):
        list(read_take_blocks(path))


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 48_000])
def test_a_sentence_in_memory_sounds_as_its_file_does_to_the_last_sample(
    tmp_path: Path, rate_hz: int
) -> None:
    job = SpeakJob(
        engine="espeak",
        voice="es-419",
        language=LanguageTag("es-419"),
        # Longer than two blocks of either reader.
        text="Lleve agua, " + "y también pan, " * 12 + "para todo el camino.",
        words_per_minute=140,
        out=tmp_path / "take.flac",
    )
    filed = speak(job)
    take, info = say(replace(job, out=None))
    assert (info, take.rate_hz, len(take.pcm)) == (filed, filed.rate_hz, 2 * filed.samples)
    in_file = list(read_take_blocks(tmp_path / "take.flac", rate_hz=Hz(rate_hz)))
    in_memory = list(read_take_blocks(take, rate_hz=Hz(rate_hz)))
    assert info.samples > 2 * 48_000
    assert np.array_equal(np.concatenate(in_memory), np.concatenate(in_file))
    assert str(take).startswith('"Lleve agua')
