"""Coded slots and joined MP3 files are judged by a frame parser here, FFmpeg, mpg123 and mp3val."""

import io
import subprocess
from pathlib import Path

import av
import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.lame import LibavEncoder, mp3_encoder
from audio.loudness import energies_of, integrated
from audio.mp3 import check_frames, frame_layout, info_frame, join_mp3
from audio.mp3_slots import Mp3SlotCoder
from programme.errors import ExitCode, ProductionError
from programme.profiles import RenditionSpec
from programme.sound import GRID
from programme.units import Dbtp, Hz, Samples
from tests.audio.slot_material import Signal, decoded, lag, spec_of
from tests.strict import ToolFinder

PODCAST, BROADCAST, OLD = spec_of("podcast"), spec_of("broadcast"), spec_of("loudspeaker")
SPECS = pytest.mark.parametrize("spec", [PODCAST, BROADCAST, OLD], ids=lambda spec: spec.id)


def material(steps: int, seed: int) -> Signal:
    """Give a slot of smooth noise with syllables, in silence at both ends."""
    length = steps * GRID
    noise = np.random.default_rng(seed).standard_normal(length)
    smooth = np.convolve(noise, np.hanning(16) / 8, mode="same")
    slot = 0.25 * smooth * np.abs(np.sin(np.arange(length) / 6_000))
    slot[:5_760] = slot[-5_760:] = 0.0
    result: Signal = slot.astype(np.float32)
    return result


def coded(spec: RenditionSpec, slot: Signal, path: Path, block: int = 14_400) -> Path:
    with path.open("wb") as file:
        coder = Mp3SlotCoder(spec, Samples(len(slot)), file, most=Dbtp(0.0))
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


def joined(spec: RenditionSpec, files: list[Path], slots: list[Signal], out: Path) -> Path:
    samples = Samples(sum(map(len, slots)))
    out.write_bytes(b"".join(join_mp3(spec, files, samples)))
    return out


@SPECS
def test_a_slot_is_exactly_its_frames_and_none_leans_on_another(
    spec: RenditionSpec, files: list[Path], slots: list[Signal]
) -> None:
    size = {"mp3": 192, "mp3-128": 384, "mp3-old-player": 96}[spec.id]
    for path, slot in zip(files, slots, strict=True):
        data = path.read_bytes()
        # 24 ms a frame at either rate.
        assert len(data) == len(slot) // 1152 * size
        for start in range(0, len(data), size):
            assert data[start : start + 2] in {b"\xff\xfb", b"\xff\xf3"}
            side = data[start + 4 : start + 6]
            begin = side[0] << 1 | side[1] >> 7 if spec.rate_hz == 48_000 else side[0]
            assert begin == 0


@SPECS
def test_a_joined_file_has_the_exact_length_and_lies_in_time(
    spec: RenditionSpec, files: list[Path], slots: list[Signal], tmp_path: Path
) -> None:
    out = joined(spec, files, slots, tmp_path / "joined.mp3")
    whole = np.concatenate(slots)
    sound, rate = decoded(out)
    assert rate == spec.rate_hz
    expected = whole if rate == 48_000 else soxr.resample(whole, 48_000, rate)
    assert len(sound) == len(expected)
    assert lag(sound, expected) == 0


@SPECS
def test_each_slot_of_a_joined_file_lies_in_time(
    spec: RenditionSpec, files: list[Path], slots: list[Signal], tmp_path: Path
) -> None:
    sound, rate = decoded(joined(spec, files, slots, tmp_path / "joined.mp3"))
    start = 0
    for slot in slots:
        length = len(slot) * rate // 48_000
        expected = slot if rate == 48_000 else soxr.resample(slot, 48_000, rate)
        assert lag(sound[start : start + length], expected) == 0
        start += length


@SPECS
def test_sound_comes_out_as_loud_as_it_went_in(
    spec: RenditionSpec, files: list[Path], slots: list[Signal], tmp_path: Path
) -> None:
    # LAME turns mono down by 0.45 dB at these bit rates unless it is made up for; at 32 kbit/s
    # the codec's own noise adds a little.
    near = 0.4 if spec is OLD else 0.1
    sound, rate = decoded(joined(spec, files, slots, tmp_path / "joined.mp3"))
    back = sound if rate == 48_000 else soxr.resample(sound, rate, 48_000)
    before = integrated(energies_of(slots))
    assert integrated(energies_of([back])) == pytest.approx(before, abs=near)


@SPECS
@pytest.mark.tools
def test_mpg123_and_mp3val_find_nothing_to_warn_of(
    spec: RenditionSpec, files: list[Path], slots: list[Signal], tmp_path: Path, tool: ToolFinder
) -> None:
    out = joined(spec, files, slots, tmp_path / "joined.mp3")
    mpg123 = subprocess.run(
        [tool("mpg123"), "-q", "-t", str(out)], capture_output=True, text=True, check=True
    )
    assert mpg123.stderr == ""
    mp3val = subprocess.run([tool("mp3val"), str(out)], capture_output=True, text=True, check=True)
    warnings = [line for line in mp3val.stdout.splitlines() if "WARNING" in line]
    # Without a tag it always says so; tagged files are judged in test_editions.
    assert [line for line in warnings if "No supported tags" not in line] == []


@SPECS
def test_coding_again_in_other_blocks_gives_the_same_bytes(
    spec: RenditionSpec, slots: list[Signal], tmp_path: Path
) -> None:
    once = coded(spec, slots[0], tmp_path / "once").read_bytes()
    assert coded(spec, slots[0], tmp_path / "again", block=5_000).read_bytes() == once


def test_the_other_lame_gives_frames_of_the_same_layout_and_loudness(
    slots: list[Signal], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The way taken where lameenc does not export LAME, as on Windows.
    monkeypatch.setattr("audio.mp3_slots.mp3_encoder", LibavEncoder)
    files = [coded(PODCAST, slot, tmp_path / str(n)) for n, slot in enumerate(slots)]
    out = joined(PODCAST, files, slots, tmp_path / "joined.mp3")
    sound, _ = decoded(out)
    whole = np.concatenate(slots)
    assert len(sound) == len(whole)
    assert lag(sound, whole) == 0
    assert integrated(energies_of([sound])) == pytest.approx(
        integrated(energies_of([whole])), abs=0.1
    )


def test_without_exported_symbols_the_other_lame_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audio.lame._library", lambda: None)
    assert isinstance(mp3_encoder(Hz(48_000), 64), LibavEncoder)


@pytest.mark.parametrize(("rate_hz", "kbps"), [(44_100, 64), (48_000, 65), (24_000, 320)])
def test_what_is_not_whole_frames_is_refused(rate_hz: int, kbps: int) -> None:
    with pytest.raises(ValueError, match="MP3 at"):
        frame_layout(rate_hz, kbps)


def test_a_slot_off_the_grid_is_refused() -> None:
    with pytest.raises(ValueError, match="whole MP3 frames"):
        Mp3SlotCoder(PODCAST, Samples(1_000), io.BytesIO(), most=Dbtp(0.0))


@given(seconds=st.integers(1, 4 * 3600))
@settings(max_examples=20)
def test_the_info_frame_tells_length_and_is_a_silent_frame(seconds: int) -> None:
    samples = seconds * 48_000 // 28_800 * 28_800 + 28_800
    frames = samples // 1152 + 1
    frame = info_frame(PODCAST, frames=frames, samples=samples)
    layout = frame_layout(48_000, 64)
    assert len(frame) == layout.size
    check_frames(frame, layout, where="")
    tag = frame[4 + 17 :]
    assert tag[:4] == b"Info"
    assert int.from_bytes(tag[8:12], "big") == frames
    assert int.from_bytes(tag[12:16], "big") == (frames + 1) * 192
    points = list(tag[16:116])
    assert points == sorted(points)
    delays = int.from_bytes(tag[141:144], "big")
    assert (delays >> 12, delays & 0xFFF) == (576, frames * 1152 - samples - 576)


def test_seeking_in_a_joined_file_lands_where_asked(slots: list[Signal], tmp_path: Path) -> None:
    files = [coded(PODCAST, slot, tmp_path / str(n)) for n, slot in enumerate(slots)]
    out = joined(PODCAST, files, slots, tmp_path / "joined.mp3")
    with av.open(str(out)) as source:
        source.seek(4_000_000)
        frame = next(source.decode(audio=0))
        assert frame.time == pytest.approx(4.0, abs=0.1)


def refused(files: list[Path], samples: int) -> ProductionError:
    with pytest.raises(ProductionError) as caught:
        b"".join(join_mp3(PODCAST, files, Samples(samples)))
    assert caught.value.code is ExitCode.SOUND
    return caught.value


def test_a_cut_a_missing_and_a_foreign_slot_are_refused_by_name(
    slots: list[Signal], tmp_path: Path
) -> None:
    good = coded(PODCAST, slots[2], tmp_path / "good")
    data = good.read_bytes()
    cut, foreign, leaning = (tmp_path / name for name in ("cut", "foreign", "leaning"))
    cut.write_bytes(data[:-100])
    foreign.write_bytes(bytes(len(data)))
    leaning.write_bytes(data[:196] + b"\x01" + data[197:])
    for path in (cut, foreign, leaning, tmp_path / "missing"):
        assert refused([good, path], 2 * GRID).where == str(path)


def test_slots_that_do_not_add_up_are_refused(slots: list[Signal], tmp_path: Path) -> None:
    good = coded(PODCAST, slots[2], tmp_path / "good")
    assert "25 frames" in refused([good], 2 * GRID).problem
