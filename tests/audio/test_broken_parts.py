"""Whatever breaks on disk, the part is named and nothing half-made stays."""

import dataclasses
import wave
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from audio.coders import CODERS
from audio.decoded import Decoded
from audio.editions import write_rendition
from audio.jobs import Line, SlotJob
from audio.pcm import PcmSlotCoder
from audio.slots import render_slot
from programme.errors import ExitCode, ProductionError
from programme.profiles import RenditionSpec, profiles
from programme.units import Dbtp, Samples
from tests.audio.finished import Small, small
from tests.audio.slot_material import RATE, music, slot_job, take, tone

Damage = Callable[[Path], None]


def floats(path: Path, signal: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
    """Write a signal as a WAV of 32-bit floats, which holds whatever a float holds."""
    data = signal.astype("<f4").tobytes()
    size = len(data)
    head = b"RIFF" + (36 + size).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    head += (3).to_bytes(2, "little") + (1).to_bytes(2, "little")
    head += RATE.to_bytes(4, "little") + (4 * RATE).to_bytes(4, "little")
    head += (4).to_bytes(2, "little") + (32).to_bytes(2, "little")
    path.write_bytes(head + b"data" + size.to_bytes(4, "little") + data)


def with_one(value: float) -> Damage:
    """Give a damage that leaves a sound with one sample of a value."""

    def damage(path: Path) -> None:
        signal = tone(440, 2.0)
        signal[RATE] = value
        floats(path, signal)

    return damage


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def text(path: Path) -> None:
    path.write_text("ffconcat version 1.0\nfile /etc/hostname\n", encoding="utf-8")


def silence(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(bytes(4 * RATE))


DAMAGES: dict[str, Damage] = {
    "missing": Path.unlink,
    "empty": empty,
    "cut": cut,
    "text": text,
    "silent": silence,
    "not a number": with_one(float("nan")),
    "infinite": with_one(float("inf")),
    "far above full scale": with_one(1e30),
}


@pytest.fixture
def slot(tmp_path: Path) -> SlotJob:
    """Give a slot of every kind of part, each in a file of its own."""
    folder = tmp_path / "parts"
    folder.mkdir()
    sounds = music(folder)
    speech = tone(300, 2) * np.abs(tone(3, 2, 1.0))
    line: Line = take(folder / "take.flac", speech)
    return slot_job(
        tmp_path,
        "slot",
        lines=[line],
        sound=sounds["jingle"],
        sting=sounds["sting"],
        bed=sounds["bed"],
    )


def part(job: SlotJob, name: str) -> Path:
    """Give the file of a part."""
    path = {"sound": job.sound, "sting": job.sting, "bed": job.bed}.get(name, job.lines[0].take)
    assert isinstance(path, Path)
    return path


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["take", "sound", "sting", "bed"])
def test_a_broken_part_is_refused_by_its_name(slot: SlotJob, name: str, damage: str) -> None:
    path = part(slot, name)
    DAMAGES[damage](path)
    with pytest.raises(ProductionError) as caught:
        render_slot(slot)
    assert caught.value.where == str(path)
    folder = next(iter(slot.coded.values())).parent
    assert [one.name for one in folder.iterdir()] == ["parts"]


class Broken(PcmSlotCoder):
    """A coder whose decoder gives something else."""

    factor = 1.0

    def finish(self) -> Decoded:
        decoded = super().finish()
        with np.errstate(invalid="ignore"):
            return dataclasses.replace(decoded, energies=decoded.energies * self.factor)


@pytest.mark.parametrize("factor", [0.0, float("nan"), float("inf")])
def test_a_codec_that_gives_silence_or_no_numbers_is_refused(
    slot: SlotJob, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Coder(Broken):
        pass

    Coder.factor = factor

    def opened(
        spec: RenditionSpec, samples: Samples, file: BinaryIO, *, most: Dbtp
    ) -> PcmSlotCoder:
        return Coder(spec, samples, file, most=most)

    monkeypatch.setitem(CODERS, "pcm", opened)
    phone = profiles()["phone-line"]
    job = slot_job(next(iter(slot.coded.values())).parent, "slot", profile=phone, lines=slot.lines)
    with pytest.raises(ProductionError, match="silent or not numbers") as caught:
        render_slot(job)
    assert (caught.value.code, caught.value.where) == (ExitCode.SOUND, str(slot.lines[0].take))
    assert not any(path.exists() for path in job.coded.values())


FILES = [
    ("podcast", "mp3"),
    ("podcast", "opus"),
    ("share", "m4a"),
    ("phone-line", "wav"),
    ("phone-line", "mulaw"),
    ("broadcast", "bwf"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Small]:
    names = dict(FILES)
    return {name: small(tmp_path_factory.mktemp(name), name) for name in names}


@pytest.mark.parametrize("damage", ["missing", "cut by a byte", "empty"])
@pytest.mark.parametrize(("profile", "rendition"), FILES)
def test_a_broken_coded_slot_is_refused_by_its_name(
    made: dict[str, Small], tmp_path: Path, profile: str, rendition: str, damage: str
) -> None:
    job = made[profile].job(rendition, tmp_path / "out")
    broken = tmp_path / "broken"
    whole = job.slots[1].read_bytes()
    if damage != "missing":
        broken.write_bytes(whole[:-1] if damage == "cut by a byte" else b"")
    job.out.write_bytes(b"earlier")
    with pytest.raises(ProductionError) as caught:
        write_rendition(dataclasses.replace(job, slots=(job.slots[0], broken, *job.slots[2:])))
    # A byte of mu-law is a sample: that one is missing is seen only in the sum of all slots.
    whole_samples = rendition == "mulaw" and damage == "cut by a byte"
    assert caught.value.where == str(job.slots[0].parent if whole_samples else broken)
    assert job.out.read_bytes() == b"earlier"
    broken.unlink(missing_ok=True)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
