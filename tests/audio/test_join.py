"""Joins are inaudible: around them a joined file is as near to the sound as one long encode.

The measure of notes/speed.md: signal to noise in 75 ms around each join, against an encode of
the whole sound in one go. Every join lies in the silence between slots, with a bed before it.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from audio.lame import mp3_encoder
from audio.mixer import Event, lay
from audio.mp3 import info_frame, join_mp3
from audio.mp3_slots import Mp3SlotCoder
from audio.opus import join_opus
from audio.opus_slots import OpusSlotCoder
from audio.takes import read_take_blocks, resampled_length
from audio.timeline import Placed
from programme.sound import EDGE, GRID
from programme.units import Dbtp, Hz, Samples
from tests.audio.slot_material import Signal, decoded, spec_of, spoken

MP3, OPUS = spec_of("podcast"), spec_of("podcast", 1)
WINDOW = 3_600
"""75 ms."""


@pytest.fixture(scope="module")
def slots(tmp_path_factory: pytest.TempPathFactory) -> list[Signal]:
    """Sentences of real synthetic speech over a chord that runs close to both edges."""
    folder = tmp_path_factory.mktemp("slots")
    made = []
    for line in [*spoken(folder), *spoken(folder, "en")]:
        samples = resampled_length(line.info.samples, line.info.rate_hz)
        total = Samples(-(-(samples + 2 * EDGE) // GRID) * GRID)
        placed = Placed(start=Samples(EDGE), samples=samples)
        event = Event(placed=placed, read=partial(read_take_blocks, line.take), where="take")
        speech = np.concatenate(list(lay([event], total)))
        at = np.arange(total)
        chord = 0.02 * np.sin(1400 * at / 48_000) + 0.02 * np.sin(1740 * at / 48_000)
        ramp = np.clip(np.minimum(at, at[::-1]) - EDGE, 0, 2_400) / 2_400
        made.append((3 * speech + chord * ramp).astype(np.float32))
    return made


def edges(slots: list[Signal], sound: NDArray[np.float64]) -> Iterator[tuple[slice, slice]]:
    """Give, for each join, where the sound ends before it and begins after it."""
    joins = np.cumsum([len(slot) for slot in slots])[:-1]
    for join in joins:
        yield (
            slice(join - EDGE - WINDOW, join - EDGE),
            slice(join + EDGE, join + EDGE + WINDOW),
        )
    assert len(sound) == sum(map(len, slots))


def noise_db(sound: NDArray[np.float64], whole: NDArray[np.float64], where: slice) -> float:
    error = sound[where] - whole[where]
    return float(10 * np.log10(np.mean(whole[where] ** 2) / np.mean(error**2)))


def compare(slots: list[Signal], ours: Path, one_go: Path) -> list[float]:
    """Give, for each window at each join, how much worse joined is than one encode, in dB.

    Where one encode happens to be better than it is over all, that is the measure: codec noise.
    """
    whole = np.concatenate(slots).astype(np.float64)
    joined, _ = decoded(ours)
    single, _ = decoded(one_go)
    usual = noise_db(single, whole, slice(0, None))
    return [
        min(usual, noise_db(single, whole, where)) - noise_db(joined, whole, where)
        for pair in edges(slots, joined)
        for where in pair
    ]


def quiet_between(slots: list[Signal], path: Path) -> float:
    """Give the highest sample in the middle of the silence at the joins: a click shows here."""
    sound, _ = decoded(path)
    joins = np.cumsum([len(slot) for slot in slots])[:-1]
    return max(float(np.abs(sound[join - 2_400 : join + 2_400]).max()) for join in joins)


def test_mp3_joins_are_as_good_as_one_encode(slots: list[Signal], tmp_path: Path) -> None:
    files = []
    for number, slot in enumerate(slots):
        files.append(tmp_path / str(number))
        with files[-1].open("wb") as file:
            coder = Mp3SlotCoder(MP3, Samples(len(slot)), file, most=Dbtp(40.0))
            coder.push(slot)
            coder.finish()
    samples = Samples(sum(map(len, slots)))
    ours, one_go = tmp_path / "ours.mp3", tmp_path / "one.mp3"
    ours.write_bytes(b"".join(join_mp3(MP3, files, samples)))
    encoder = mp3_encoder(Hz(48_000), 64)
    frames = encoder.encode(np.concatenate(slots)) + encoder.flush()
    header = info_frame(MP3, frames=len(frames) // 192, samples=samples)
    one_go.write_bytes(header + frames)
    worse = compare(slots, ours, one_go)
    assert np.median(worse) < 0.1
    assert max(worse) < 1.0
    assert quiet_between(slots, ours) < 10 ** (-70 / 20)


def test_opus_joins_are_as_good_as_one_encode(slots: list[Signal], tmp_path: Path) -> None:
    files = []
    for number, slot in enumerate(slots):
        files.append(tmp_path / str(number))
        with files[-1].open("wb") as file:
            coder = OpusSlotCoder(OPUS, Samples(len(slot)), file, most=Dbtp(0.0))
            coder.push(slot)
            coder.finish()
    whole = np.concatenate(slots)
    ours, one_go = tmp_path / "ours.opus", tmp_path / "one.opus"
    ours.write_bytes(b"".join(join_opus(OPUS, files, Samples(len(whole)), [])))
    with one_go.open("wb") as file:
        coder = OpusSlotCoder(OPUS, Samples(len(whole)), file, most=Dbtp(0.0))
        coder.push(whole)
        coder.finish()
    single = tmp_path / "single.opus"
    single.write_bytes(b"".join(join_opus(OPUS, [one_go], Samples(len(whole)), [])))
    worse = compare(slots, ours, single)
    assert np.median(worse) < 0.5
    assert max(worse) < 2.0
    assert quiet_between(slots, ours) < 10 ** (-50 / 20)


def test_a_slot_sounds_the_same_wherever_it_stands(slots: list[Signal], tmp_path: Path) -> None:
    files = []
    for number, slot in enumerate(slots[:3]):
        files.append(tmp_path / str(number))
        with files[-1].open("wb") as file:
            coder = Mp3SlotCoder(MP3, Samples(len(slot)), file, most=Dbtp(40.0))
            coder.push(slot)
            coder.finish()
    a, b, c = files
    found = []
    for order in ([a, b, c], [c, b, a]):
        out = tmp_path / "order.mp3"
        samples = Samples(sum(map(len, slots[:3])))
        out.write_bytes(b"".join(join_mp3(MP3, order, samples)))
        start = len(slots[0] if order[0] is a else slots[2])
        sound, _ = decoded(out)
        found.append(sound[start : start + len(slots[1])])
    # A decoder carries nothing over a join but its filters' memory, and that is silent.
    assert np.abs(found[0] - found[1]).max() < 1e-4


def test_without_run_in_joins_would_be_heard(slots: list[Signal], tmp_path: Path) -> None:
    # The judge above can tell: whole MP3 files one after another are late by their padding.
    whole = np.concatenate(slots)
    data = b""
    for slot in slots:
        encoder = mp3_encoder(Hz(48_000), 64)
        data += encoder.encode(slot) + encoder.flush()
    path = tmp_path / "naive.mp3"
    header = info_frame(MP3, frames=len(data) // 192, samples=len(data) // 192 * 1152 - 1105)
    path.write_bytes(header + data)
    sound, _ = decoded(path)
    assert len(sound) > len(whole)
    last = slice(len(whole) - len(slots[-1]), len(whole))
    assert noise_db(sound, whole.astype(np.float64), last) < 3.0


def test_ffmpeg_decodes_a_join_without_a_word_of_complaint(
    slots: list[Signal], tmp_path: Path
) -> None:
    files = []
    for number, slot in enumerate(slots[:3]):
        files.append(tmp_path / str(number))
        with files[-1].open("wb") as file:
            coder = OpusSlotCoder(OPUS, Samples(len(slot)), file, most=Dbtp(0.0))
            coder.push(slot)
            coder.finish()
    out = tmp_path / "strict.opus"
    samples = Samples(sum(map(len, slots[:3])))
    out.write_bytes(b"".join(join_opus(OPUS, files, samples, [])))
    with av.open(str(out), options={"err_detect": "explode"}) as source:
        found = sum(frame.samples for frame in source.decode(audio=0))
    assert found == samples
