"""Coded slots and joined Opus files are judged by FFmpeg, mutagen and opusinfo."""

import dataclasses
import io
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.oggopus import OggOpus

from audio.loudness import energies_of, integrated
from audio.opus import join_opus, ogg_checksum, packet_samples, read_packets
from audio.opus_slots import OpusSlotCoder
from programme.errors import ExitCode, ProductionError
from programme.profiles import RenditionSpec
from programme.sound import GRID
from programme.units import Dbtp, Samples
from tests.audio.slot_material import Signal, decoded, lag, spec_of
from tests.strict import ToolFinder

PODCAST = spec_of("podcast", 1)
PACK = dataclasses.replace(PODCAST, id="opus-16", kbps=16)
SPECS = pytest.mark.parametrize("spec", [PODCAST, PACK], ids=lambda spec: spec.id)


def material(steps: int, seed: int) -> Signal:
    """Give a slot of voice-like sound: harmonics with syllables, in silence at both ends."""
    at = np.arange(steps * GRID) / 48_000
    pitch = 2 * np.pi * (120 + 5 * seed) * at + np.sin(2 * np.pi * 3 * at)
    voice = sum(np.sin(number * pitch) / number for number in range(1, 20))
    slot = 0.15 * voice * np.abs(np.sin(2 * np.pi * 2.1 * at + seed)) ** 2
    slot[:5_760] = slot[-5_760:] = 0.0
    result: Signal = slot.astype(np.float32)
    return result


def coded(spec: RenditionSpec, slot: Signal, path: Path, block: int = 14_400) -> Path:
    with path.open("wb") as file:
        coder = OpusSlotCoder(spec, Samples(len(slot)), file, most=Dbtp(0.0))
        for start in range(0, len(slot), block):
            coder.push(slot[start : start + block])
        coder.finish()
    return path


@pytest.fixture(scope="module")
def slots() -> list[Signal]:
    return [material(5, 1), material(9, 2), material(1, 3)]


@pytest.fixture
def files(slots: list[Signal], tmp_path: Path, request: pytest.FixtureRequest) -> list[Path]:
    spec: RenditionSpec = request.getfixturevalue("spec")
    return [coded(spec, slot, tmp_path / f"slot-{number}") for number, slot in enumerate(slots)]


COMMENTS = [("TITLE", "Préstamos: Kʼicheʼ"), ("LYRICS", "palabra " * 20_000)]


def joined(spec: RenditionSpec, files: list[Path], slots: list[Signal], out: Path) -> Path:
    samples = Samples(sum(map(len, slots)))
    out.write_bytes(b"".join(join_opus(spec, files, samples, COMMENTS)))
    return out


@SPECS
def test_a_joined_file_has_the_exact_length_and_lies_in_time(
    spec: RenditionSpec, files: list[Path], slots: list[Signal], tmp_path: Path
) -> None:
    sound, rate = decoded(joined(spec, files, slots, tmp_path / "joined.opus"))
    whole = np.concatenate(slots)
    assert rate == 48_000
    assert len(sound) == len(whole)
    assert abs(lag(sound, whole)) <= 1
    start = 0
    for slot in slots:
        assert abs(lag(sound[start : start + len(slot)], slot)) <= 1
        start += len(slot)


@SPECS
def test_mutagen_reads_length_and_long_comments(
    spec: RenditionSpec, files: list[Path], slots: list[Signal], tmp_path: Path
) -> None:
    found: Any = OggOpus(str(joined(spec, files, slots, tmp_path / "joined.opus")))
    assert found.info.length == pytest.approx(sum(map(len, slots)) / 48_000, abs=1e-9)
    assert [(key.upper(), value) for key, value in found.tags] == COMMENTS


@SPECS
@pytest.mark.tools
def test_opusinfo_finds_nothing_to_warn_of(
    spec: RenditionSpec, files: list[Path], slots: list[Signal], tmp_path: Path, tool: ToolFinder
) -> None:
    out = joined(spec, files, slots, tmp_path / "joined.opus")
    found = subprocess.run([tool("opusinfo"), str(out)], capture_output=True, text=True, check=True)
    report = found.stdout + found.stderr
    assert "WARNING" not in report
    assert "ERROR" not in report
    assert "Pre-skip: 312" in report
    packet_ms = packet_samples(spec) / 48
    assert f"{packet_ms:.1f}ms (max)" in report


@SPECS
def test_sound_comes_out_about_as_loud_as_it_went_in(
    spec: RenditionSpec, files: list[Path], slots: list[Signal], tmp_path: Path
) -> None:
    sound, _ = decoded(joined(spec, files, slots, tmp_path / "joined.opus"))
    before = integrated(energies_of(slots))
    assert integrated(energies_of([sound])) == pytest.approx(before, abs=0.6)


@SPECS
def test_coding_again_in_other_blocks_gives_the_same_bytes(
    spec: RenditionSpec, slots: list[Signal], tmp_path: Path
) -> None:
    once = coded(spec, slots[0], tmp_path / "once").read_bytes()
    assert coded(spec, slots[0], tmp_path / "again", block=5_000).read_bytes() == once


@given(st.binary(max_size=2_000))
def test_the_checksum_is_the_one_of_rfc_3533(page: bytes) -> None:
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1) & 0xFFFFFFFF
    assert ogg_checksum(page) == crc


def test_a_slot_off_the_grid_is_refused() -> None:
    with pytest.raises(ValueError, match="whole Opus packets"):
        OpusSlotCoder(PODCAST, Samples(1_000), io.BytesIO(), most=Dbtp(0.0))


def test_a_cut_an_empty_and_a_missing_slot_are_refused_by_name(
    slots: list[Signal], tmp_path: Path
) -> None:
    data = coded(PODCAST, slots[2], tmp_path / "good").read_bytes()
    for name, content in (("cut", data[:-1]), ("empty", b""), ("zero", b"\0\0" + data)):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(ProductionError, match="is cut") as caught:
            read_packets(path)
        assert caught.value.where == str(path)
        assert caught.value.code is ExitCode.SOUND
    with pytest.raises(ProductionError, match="is missing"):
        read_packets(tmp_path / "none")


def test_slots_that_do_not_add_up_are_refused(slots: list[Signal], tmp_path: Path) -> None:
    good = coded(PODCAST, slots[2], tmp_path / "good")
    with pytest.raises(ProductionError, match="28800 samples, the edition 57600"):
        b"".join(join_opus(PODCAST, [good], Samples(2 * GRID), []))


@given(
    lengths=st.lists(
        st.lists(st.sampled_from([1, 60, 254, 255, 300, 1275, 4_000]), min_size=2, max_size=90),
        min_size=1,
        max_size=4,
    )
)
def test_pages_hold_a_second_or_what_a_segment_table_takes(lengths: list[list[int]]) -> None:
    # RFC 3533 section 6: at most 255 lacing values; a packet of 255 bytes has two
    expected: list[list[int]] = [[]]
    for packet in (length for slot in lengths for length in slot[:-1]):
        laced = sum(one // 255 + 1 for one in [*expected[-1], packet])
        if len(expected[-1]) == 50 or laced > 255:
            expected.append([])
        expected[-1].append(packet)
    tail = lengths[-1][-1]
    if sum(one // 255 + 1 for one in [*expected[-1], tail]) > 255:
        expected.append([])
    expected[-1].append(tail)
    with tempfile.TemporaryDirectory() as folder:
        slots = [Path(folder, str(number)) for number in range(len(lengths))]
        for path, slot in zip(slots, lengths, strict=True):
            path.write_bytes(b"".join(one.to_bytes(2, "little") + bytes(one) for one in slot))
        samples = sum(len(slot) - 1 for slot in lengths) * packet_samples(PODCAST)
        head, tags, *pages = join_opus(PODCAST, slots, Samples(samples), [])
    assert [head[28:36], tags[28:36]] == [b"OpusHead", b"OpusTags"]
    assert [packet_lengths(page) for page in pages] == expected


def packet_lengths(page: bytes) -> list[int]:
    """Read the lengths of a page's packets from its segment table; all of them end in it."""
    table = page[27 : 27 + page[26]]
    ends = [number for number, value in enumerate(table, 1) if value < 255]
    return [sum(table[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
