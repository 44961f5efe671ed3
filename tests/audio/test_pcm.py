"""Samples as slots hold them: against G.711 as SoX and FFmpeg have it, and rounding by hand."""

import subprocess
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.pcm import Linear, Mulaw, PcmSlotCoder, read_coded
from programme.errors import ProductionError
from programme.sound import EDGE
from programme.units import Dbtp, Samples
from tests.audio.slot_material import spec_of, tone
from tests.strict import ToolFinder

EVERY = np.arange(-32_768, 32_768, dtype=np.int16)


def test_mulaw_is_that_of_sox(tmp_path: Path, tool: ToolFinder) -> None:
    raw, coded = tmp_path / "in.raw", tmp_path / "out.raw"
    raw.write_bytes(bytes(range(256)))
    form = ["-r", "8000", "-c", "1"]
    subprocess.run([tool("sox"), "-D", "-t", "ul", *form, raw, "-t", "s16", coded], check=True)
    judge = np.frombuffer(coded.read_bytes(), dtype="<i2")
    ours = np.round(Mulaw().decode(bytes(range(256))) * 32_768).astype(np.int16)
    assert (ours == judge).all()


def test_mulaw_of_every_sample_is_that_of_ffmpeg() -> None:
    decoder = av.CodecContext.create("pcm_mulaw", "r")
    decoder.sample_rate, decoder.layout = 8000, "mono"
    coded = Mulaw().code((EVERY / 32_768).astype(np.float32))
    (frame,) = decoder.decode(av.Packet(coded))
    assert (frame.to_ndarray()[0] == np.round(Mulaw().decode(coded) * 32_768)).all()
    # No other code is nearer by more than the curve's own cut: half a step above, one below.
    values = np.sort(np.round(Mulaw().decode(bytes(range(256))) * 32_768))
    found = np.round(Mulaw().decode(coded) * 32_768)
    nearest = np.abs(values[:, None] - EVERY[::37][None, :]).min(axis=0)
    error = np.abs(found[::37] - EVERY[::37])
    assert (error <= nearest + np.maximum(4, np.abs(EVERY[::37].astype(int)) / 32)).all()


def test_silence_stays_silence() -> None:
    assert Mulaw().code(np.zeros(3, np.float32)) == b"\xff\xff\xff"
    assert Linear(24).code(np.zeros(3, np.float32)) == bytes(9)


@pytest.mark.parametrize("bits", [16, 24])
@given(value=st.floats(-1, 1, width=32))
def test_linear_samples_are_the_nearest_steps(bits: int, value: float) -> None:
    code = Linear(bits)
    data = code.code(np.array([value], np.float32))
    full = 2 ** (bits - 1)
    whole = int.from_bytes(data, "little", signed=True)
    assert whole == min(round(value * full), full - 1)
    assert code.decode(data)[0] == pytest.approx(whole / full, abs=0)


def test_full_scale_is_held_and_never_wraps() -> None:
    loud = np.array([1.0, 1.5, -1.0, -2.0], np.float32)
    assert Linear(16).code(loud) == b"\xff\x7f\xff\x7f\x00\x80\x00\x80"
    assert list(Mulaw().decode(Mulaw().code(loud)) * 32_768) == [32_124, 32_124, -32_124, -32_124]


def test_other_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="20 bits"):
        Linear(20)


@pytest.mark.parametrize(
    ("profile", "number", "rate"),
    [("broadcast", 1, 48_000), ("phone-line", 0, 8_000), ("phone-line", 1, 8_000)],
)
def test_a_slot_does_not_depend_on_its_blocks(profile: str, number: int, rate: int) -> None:
    spec = spec_of(profile, number)
    sound = np.zeros(57_600, np.float32)
    sound[EDGE:-EDGE] = tone(440, 1, 0.3)[: 57_600 - 2 * EDGE]
    results = []
    for size in (57_600, 14_400, 997):
        file = BytesIO()
        coder = PcmSlotCoder(spec, Samples(len(sound)), file, most=Dbtp(-1.0))
        for start in range(0, len(sound), size):
            coder.push(sound[start : start + size])
        decoded = coder.finish()
        results.append(file.getvalue())
        assert decoded.true_peak == pytest.approx(20 * np.log10(0.3), abs=0.3)
        assert len(decoded.energies) == 12
    assert results[0] == results[1] == results[2]
    code = Mulaw() if spec.codec == "mulaw" else Linear(spec.bits)
    assert len(results[0]) == 57_600 * rate // 48_000 * code.size
    # The slot joins: its ends are silent, to the last bit.
    ends = results[0][: 100 * code.size] + results[0][-100 * code.size :]
    assert not code.decode(ends).any()


def test_a_slot_that_was_cut_short_is_a_mistake_of_ours() -> None:
    coder = PcmSlotCoder(spec_of("broadcast", 1), Samples(57_600), BytesIO(), most=Dbtp(-1.0))
    coder.push(np.zeros(28_800, np.float32))
    with pytest.raises(ValueError, match="28800 samples of the slot are missing"):
        coder.finish()


def test_lengths_that_do_not_add_up_are_refused(tmp_path: Path) -> None:
    slot = tmp_path / "slot"
    slot.write_bytes(bytes(9_600))
    with pytest.raises(ProductionError, match="4800 samples, the edition has 9600"):
        list(read_coded(spec_of("phone-line"), [slot], Samples(57_600)))
