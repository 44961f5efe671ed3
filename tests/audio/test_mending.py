"""Where a codec would be over, only that moment is coded again: what was written is decoded."""

import dataclasses
import io
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import av
import numpy as np
import pytest
from av.audio.codeccontext import AudioCodecContext

from audio import libopus, mending, mp3_slots
from audio.decoded import Decoded, samples_of
from audio.dips import Dip, dipped, dips_for
from audio.lame import Mp3Encoder, mp3_encoder
from audio.libopus import (
    LibavOpusCodec,
    LibopusCodec,
    OpusSettings,
    opus_codec,
    uses_speech_modes,
)
from audio.loudness import energies_of
from audio.mp3 import frame_layout
from audio.mp3_slots import Mp3SlotCoder
from audio.opus import PRE_SKIP, join_opus, opus_head, read_packets
from audio.opus_slots import OpusSlotCoder
from audio.peaks import Over, PeakMeter
from programme.errors import ProductionError
from programme.profiles import RenditionSpec
from programme.sound import GRID
from programme.units import Dbtp, Hz, Samples
from tests.audio.slot_material import Signal, decoded_for_reading, spec_of

MP3, OLD = spec_of("podcast"), spec_of("loudspeaker")
OPUS, VOICE = spec_of("podcast", 1), spec_of("share")
NO_LIMIT = Dbtp(40.0)


def below(found: Decoded) -> Dbtp:
    """Give a peak that a few moments of a coded slot are over."""
    return Dbtp(found.true_peak - 0.6)


def material(steps: int = 20) -> Signal:
    """Give voice-like sound with sharp moments that lie within -3 dBFS, some barely."""
    length = steps * GRID
    at = np.arange(length) / 48_000
    pitch = 2 * np.pi * 118 * at + 3 * np.sin(2 * np.pi * 0.7 * at)
    voice = sum(np.sin(number * pitch + number) / number for number in range(1, 30))
    slot = voice * np.abs(np.sin(2 * np.pi * 1.9 * at)) ** 2
    noise = np.random.default_rng(5).standard_normal(length)
    slot += 0.3 * noise * np.abs(np.sin(2 * np.pi * 0.8 * at)) ** 8
    slot *= 10 ** (-3.1 / 20) / np.abs(slot).max()
    slot[:5_760] = slot[-5_760:] = 0.0
    result: Signal = slot.astype(np.float32)
    return result


def coded(
    coder: type[Mp3SlotCoder | OpusSlotCoder],
    spec: RenditionSpec,
    slot: Signal,
    most: Dbtp,
    block: int = 14_400,
) -> tuple[bytes, Decoded]:
    file = io.BytesIO()
    open_coder = coder(spec, Samples(len(slot)), file, most=most)
    for start in range(0, len(slot), block):
        open_coder.push(slot[start : start + block])
    found = open_coder.finish()
    return file.getvalue(), found


def mp3_samples(data: bytes, size: int = 192) -> Signal:
    """Decode bare frames one by one, from the first to the last, with nothing left out."""
    decoder = cast("AudioCodecContext", av.CodecContext.create("mp3float", "r"))
    frames = [data[start : start + size] for start in range(0, len(data), size)]
    return np.concatenate(
        [samples_of(one) for frame in frames for one in decoder.decode(av.Packet(frame))]
    )


def true_peak(signal: Signal) -> Dbtp:
    meter = PeakMeter()
    meter.push(signal)
    return meter.finish()


class _Spoiling:
    """LAME, whose twenty-first frame has a good head and nothing sound behind it."""

    def __init__(self, size: int, whole: Mp3Encoder) -> None:
        self._at = 20 * size + 4
        self._end = 21 * size
        self._whole = whole
        self._given = 0

    def encode(self, block: Signal) -> bytes:
        return self._spoilt(self._whole.encode(block))

    def flush(self) -> bytes:
        return self._spoilt(self._whole.flush())

    def _spoilt(self, data: bytes) -> bytes:
        start, self._given = self._given, self._given + len(data)
        return bytes(
            # The first two bytes behind the head say that the frame stands for itself.
            0xFF if self._at + 2 <= start + place < self._end else byte
            for place, byte in enumerate(data)
        )


def test_a_frame_that_no_decoder_takes_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoiling(rate_hz: Hz, kbps: int) -> _Spoiling:
        return _Spoiling(frame_layout(rate_hz, kbps).size, mp3_encoder(rate_hz, kbps))

    monkeypatch.setattr(mp3_slots, "mp3_encoder", spoiling)
    with pytest.raises(ProductionError, match="cannot be decoded") as caught:
        coded(Mp3SlotCoder, MP3, material(), NO_LIMIT)
    # Nothing was kept: no folder needs to be deleted for it.
    assert "report" in caught.value.remedy
    assert ".altavoz" not in caught.value.remedy


@pytest.mark.parametrize("spec", [MP3, OLD], ids=lambda spec: spec.id)
def test_an_mp3_that_would_be_over_is_mended_and_is_what_it_is_said_to_be(
    spec: RenditionSpec,
) -> None:
    slot = material()
    untouched, before = coded(Mp3SlotCoder, spec, slot, NO_LIMIT)
    most = below(before)
    data, told = coded(Mp3SlotCoder, spec, slot, most)
    assert len(data) == len(untouched)
    size = len(data) // (len(slot) // 1_152)
    changed = sum(
        data[at : at + size] != untouched[at : at + size] for at in range(0, len(data), size)
    )
    # Some frames, not the slot.
    assert 0 < changed < len(slot) // 1_152 / 2
    sound = mp3_samples(data, size)
    assert not told.overs
    assert true_peak(sound) == pytest.approx(told.true_peak, abs=1e-6)
    assert told.true_peak <= most
    if not spec.plain:
        heard = energies_of([sound[1_105:], np.zeros(1_105, dtype=np.float32)], spec.rate_hz)
        np.testing.assert_allclose(heard, told.energies, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("spec", [OPUS, VOICE], ids=lambda spec: spec.id)
def test_an_opus_that_would_be_over_is_mended_and_is_what_it_is_said_to_be(
    spec: RenditionSpec, tmp_path: Path
) -> None:
    slot = material()
    untouched, before = coded(OpusSlotCoder, spec, slot, NO_LIMIT)
    most = below(before)
    data, told = coded(OpusSlotCoder, spec, slot, most)
    assert data != untouched
    assert not told.overs
    slots, out = tmp_path / "slot", tmp_path / "whole.opus"
    slots.write_bytes(data)
    out.write_bytes(b"".join(join_opus(spec, [slots], Samples(len(slot)), [])))
    sound = decoded_for_reading(out)[0].astype(np.float32)
    assert len(sound) == len(slot)
    assert true_peak(sound) == pytest.approx(told.true_peak, abs=0.01)
    assert told.true_peak <= most
    np.testing.assert_allclose(energies_of([sound]), told.energies, rtol=2e-3, atol=1e-8)


@pytest.mark.parametrize("coder", [Mp3SlotCoder, OpusSlotCoder])
def test_what_is_mended_does_not_depend_on_how_sound_is_cut(
    coder: type[Mp3SlotCoder | OpusSlotCoder],
) -> None:
    slot = material(8)
    spec = MP3 if coder is Mp3SlotCoder else OPUS
    untouched, before = coded(coder, spec, slot, NO_LIMIT)
    once, _ = coded(coder, spec, slot, below(before))
    assert once != untouched
    for block in (5_000, len(slot)):
        assert coded(coder, spec, slot, below(before), block)[0] == once


def dips_made(monkeypatch: pytest.MonkeyPatch) -> list[Dip]:
    """Give the list that takes all dips from now on."""
    made: list[Dip] = []

    def remembered(overs: Sequence[Over]) -> list[Dip]:
        dips = dips_for(overs)
        made.extend(dips)
        return dips

    monkeypatch.setattr(mending, "dips_for", remembered)
    return made


def test_a_mended_opus_is_to_the_byte_what_one_go_makes_of_the_sound_with_its_dips(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # At 64 kbit/s nothing is given back for lost bits, so that dips are all that is done to it.
    spec = dataclasses.replace(OPUS, kbps=64)
    slot = material(20)
    untouched, before = coded(OpusSlotCoder, spec, slot, NO_LIMIT)
    made = dips_made(monkeypatch)
    mended, _ = coded(OpusSlotCoder, spec, slot, below(before))
    given = np.concatenate(list(dipped([slot], made)))
    assert len(made) >= 2
    assert mended != untouched
    assert mended == coded(OpusSlotCoder, spec, given, NO_LIMIT)[0]


def seams(one: bytes, other: bytes, size: int) -> list[int]:
    """Give where frames begin and end to be others."""
    differs = [one[at : at + size] != other[at : at + size] for at in range(0, len(one), size)]
    return [n for n in range(1, len(differs)) if differs[n] != differs[n - 1]]


def test_a_mended_mp3_is_as_good_at_its_seams_as_one_encoding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slot = material(40)
    made = dips_made(monkeypatch)
    untouched, before = coded(Mp3SlotCoder, MP3, slot, NO_LIMIT)
    mended, _ = coded(Mp3SlotCoder, MP3, slot, below(before))
    given = np.concatenate(list(dipped([slot], made)))
    one_go, _ = coded(Mp3SlotCoder, MP3, given, NO_LIMIT)
    found, single = mp3_samples(mended), mp3_samples(one_go)
    wanted = np.concatenate([np.zeros(1_105, dtype=np.float32), given])[: len(found)]
    worse = []
    for seam in seams(mended, untouched, 192):
        # 75 ms around, as in notes/speed.md.
        part = slice(max(0, seam * 1_152 - 1_800), seam * 1_152 + 1_800)
        noise = [float(np.square(one[part] - wanted[part]).mean()) for one in (found, single)]
        worse.append(10 * np.log10(noise[0] / noise[1]))
    assert len(worse) >= 6
    assert np.median(worse) < 0.1
    assert max(worse) < 0.5
    # No click: between two samples nothing is steeper than where nothing was joined.
    assert np.abs(np.diff(found - single)).max() < 0.5 * np.abs(np.diff(single)).max()


def test_what_cannot_be_mended_is_told() -> None:
    # A level that nothing can keep: the moments are named, as they were before anything was mended.
    slot = material(4)
    for coder, spec in ((Mp3SlotCoder, MP3), (OpusSlotCoder, OPUS)):
        _, found = coded(coder, spec, slot, Dbtp(-60.0))
        assert found.overs
        assert found.true_peak > -60.0


SETTINGS = [
    OpusSettings(bits_per_second=24_000, packet=960, wide_band=False),
    OpusSettings(bits_per_second=16_000, packet=2_880, wide_band=True),
    OpusSettings(bits_per_second=16_000, packet=2_880, wide_band=False),
]


@pytest.mark.parametrize("settings", SETTINGS)
def test_libopus_and_pyav_give_the_same_packets(settings: OpusSettings) -> None:
    slot = material(8)
    own = opus_codec(settings, head=opus_head(), late=PRE_SKIP)
    assert isinstance(own, LibopusCodec)
    assert own.encode(slot) == LibavOpusCodec(settings, opus_head()).encode(slot)


def test_a_codec_that_went_back_gives_what_it_gave_before() -> None:
    slot = np.split(material(8), 8)
    codec = opus_codec(SETTINGS[0], head=opus_head(), late=PRE_SKIP)
    assert isinstance(codec, LibopusCodec)
    first = codec.encode(slot[0])
    codec.decode(first)
    mark = codec.mark()
    packets = codec.encode(slot[1])
    sound = codec.decode(packets)
    codec.encode(slot[5])
    codec.back(mark)
    assert codec.encode(slot[1]) == packets
    np.testing.assert_array_equal(codec.decode(packets), sound)


def test_without_the_library_a_slot_is_coded_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    slot = material(8)
    own, heard = coded(OpusSlotCoder, OPUS, slot, NO_LIMIT)
    monkeypatch.setattr(libopus, "_library", lambda: None)
    other, found = coded(OpusSlotCoder, OPUS, slot, NO_LIMIT)
    assert other == own
    assert found.true_peak == pytest.approx(heard.true_peak, abs=0.5)
    # It cannot go back: what is over is told, and the slot is coded again from outside.
    _, over = coded(OpusSlotCoder, OPUS, slot, below(found))
    assert over.overs


@pytest.mark.parametrize("settings", SETTINGS)
def test_each_packet_is_decoded_to_its_length_by_either_codec(settings: OpusSettings) -> None:
    slot = material(4)
    own = opus_codec(settings, head=opus_head(), late=PRE_SKIP)
    other = LibavOpusCodec(settings, opus_head())
    packets = own.encode(slot)
    assert len(own.decode(packets)) == len(slot)
    # FFmpeg leaves out the pre-skip.
    assert len(other.decode(packets)) == len(slot) - PRE_SKIP


UNREADABLE = {
    "nothing": b"",
    # RFC 6716 section 3.2.5: so many frames as the second byte says, of which there is none.
    "no frames": b"\xfb\x00",
    # The same: more frames than 120 ms.
    "too many frames": b"\xfb\x3f" + bytes(63),
    # Section 3.2.1: a second frame that is longer than the packet.
    "cut": b"\xfa\xff\xff",
}


@pytest.mark.parametrize("packet", UNREADABLE.values(), ids=UNREADABLE)
def test_a_packet_that_cannot_be_decoded_is_left_out_by_neither_codec(packet: bytes) -> None:
    settings = SETTINGS[0]
    for codec in (
        opus_codec(settings, head=opus_head(), late=PRE_SKIP),
        LibavOpusCodec(settings, opus_head()),
    ):
        good = codec.encode(material(1))
        codec.decode(good[:10])
        with pytest.raises(ProductionError, match="Opus coder failed") as caught:
            codec.decode([packet, *good[10:]])
        assert "report" in caught.value.remedy


def test_the_reference_decoder_and_ffmpegs_agree_but_for_speech_modes(tmp_path: Path) -> None:
    data, _ = coded(OpusSlotCoder, OPUS, material(20), NO_LIMIT)
    path = tmp_path / "slot"
    path.write_bytes(data)
    packets = read_packets(path)
    plain = [not uses_speech_modes(packet) for packet in packets]
    assert any(plain)
    settings = SETTINGS[0]
    own = opus_codec(settings, head=opus_head(), late=PRE_SKIP).decode(packets)
    other = LibavOpusCodec(settings, opus_head()).decode(packets)
    for number in range(3, len(packets) - 1):
        if all(plain[number - 2 : number + 2]):
            part = slice(number * 960, number * 960 + 960)
            assert np.abs(own[PRE_SKIP:][part] - other[part]).max() < 1e-3
