"""Strangers' files: bounded, alone, whole, and finite, or refused with a remedy."""

import io
import resource
import struct
import subprocess
import tempfile
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from hypothesis import given
from hypothesis import strategies as st

from audio.containers import sniff
from audio.decode import Limits, decode_blocks, probe
from audio.resampling import resampled_length
from programme.errors import ExitCode, ProductionError
from programme.units import Hz, Samples

RATE = 48_000
SECONDS = 4

KINDS = {
    "wav": ("wav", "pcm_s16le", "s16"),
    "flac": ("flac", "flac", "s16"),
    "mp3": ("mp3", "libmp3lame", "s16p"),
    "opus": ("ogg", "libopus", "s16"),
    "m4a": ("ipod", "aac", "fltp"),
    "webm": ("webm", "libopus", "s16"),
    "aiff": ("aiff", "pcm_s16be", "s16"),
}


def tone(seconds: float = SECONDS, rate: int = RATE, hz: float = 440.0) -> Any:
    # Rising a little, so that no stretch of the file equals another.
    at = np.arange(int(seconds * rate)) / rate
    return (0.3 * np.sin(2 * np.pi * (hz + 20 * at) * at)).astype(np.float32)


def encode(path: Path, sound: Any, kind: str, *, rate: int = RATE, **tags: str) -> Path:
    """Write a mono file of a kind with PyAV."""
    container, codec, form = KINDS[kind]
    with av.open(str(path), "w", format=container) as out:
        out.metadata.update(tags)
        stream = cast("AudioStream", out.add_stream(codec, rate=rate, layout="mono"))
        pcm = (sound * 32_767).astype(np.int16).reshape(1, -1)
        resampler = av.AudioResampler(format=form, layout="mono", rate=rate)
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.sample_rate = rate
        frame.pts = 0
        for part in resampler.resample(frame):
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return path


def write_wav(path: Path, data: bytes, *, form: int, channels: int, rate: int, bits: int) -> Path:
    """Write a WAV by hand: format 1 is integers, 3 is floating point."""
    block = channels * bits // 8
    head = struct.pack("<HHIIHH", form, channels, rate, rate * block, block, bits)
    body = b"WAVEfmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", len(data))
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body) + len(data)) + body + data)
    return path


def decoded(path: Path, **kwargs: Any) -> Any:
    return np.concatenate(list(decode_blocks(path, **kwargs)))


def refusal(path: Path, **kwargs: Any) -> ProductionError:
    with pytest.raises(ProductionError) as caught:
        list(decode_blocks(path, where="recordings/x", **kwargs))
    assert caught.value.where == "recordings/x"
    assert caught.value.remedy
    assert caught.value.code is ExitCode.INPUT
    return caught.value


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_goes_in_comes_out(tmp_path: Path, kind: str) -> None:
    sound = tone()
    path = encode(tmp_path / f"a.{kind}", sound, kind)
    back = decoded(path)
    assert len(back) == pytest.approx(len(sound), abs=2_500)  # encoders' padding
    middle = slice(RATE, 3 * RATE)
    spectrum = np.fft.rfft(back[: RATE * 3], 8 * RATE) * np.conj(
        np.fft.rfft(sound[middle], 8 * RATE)
    )
    best = float(np.fft.irfft(spectrum).max())
    energy = float(np.dot(sound[middle], sound[middle]))
    # LAME itself takes 5 % off.
    assert best == pytest.approx(energy, rel=0.06 if kind == "mp3" else 0.02)


@pytest.mark.parametrize("kind", ["wav", "flac", "aiff"])
def test_lossless_files_come_out_to_the_bit(tmp_path: Path, kind: str) -> None:
    sound = tone()
    pcm = (sound * 32_767).astype(np.int16)
    back = decoded(encode(tmp_path / "a", sound, kind))
    assert np.array_equal((back * 32_768).astype(np.int16), pcm)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("rate", [16_000, 24_000, 48_000])
def test_the_length_is_known_exactly(tmp_path: Path, kind: str, rate: int) -> None:
    path = encode(tmp_path / "a", tone(1.234), kind)
    own = probe(path).rate_hz
    length = resampled_length(Samples(len(decoded(path, rate_hz=own))), own, Hz(rate))
    assert len(decoded(path, rate_hz=Hz(rate))) == length


@pytest.mark.parametrize(
    ("form", "dtype", "scale"),
    [(1, "u1", 128), (1, "<i2", 32_768), (1, "<i4", 2**31), (3, "<f4", 1), (3, "<f8", 1)],
)
@pytest.mark.parametrize("channels", [1, 2, 6, 8])
def test_every_sample_format_and_channel_count_has_the_same_scale(
    tmp_path: Path, form: int, dtype: str, scale: int, channels: int
) -> None:
    bits = 8 * np.dtype(dtype).itemsize
    levels = np.linspace(-0.5, 0.5, channels)
    wide = np.tile(levels, (RATE, 1)) if channels > 1 else np.full((RATE, 1), 0.25)
    raw = wide * scale + (128 if bits == 8 else 0)
    whole = np.rint(raw) if form == 1 else raw
    data = whole.astype(dtype).tobytes()
    path = write_wav(tmp_path / "a.wav", data, form=form, channels=channels, rate=RATE, bits=bits)
    assert probe(path).channels == channels
    back = decoded(path)
    assert len(back) == RATE
    assert back == pytest.approx(np.full(RATE, wide[0].mean()), abs=0.004 if bits == 8 else 2e-5)


def test_a_24_bit_file_keeps_its_bits(tmp_path: Path) -> None:
    value = 0x123456
    data = value.to_bytes(3, "little") * RATE
    path = write_wav(tmp_path / "a.wav", data, form=1, channels=1, rate=RATE, bits=24)
    assert decoded(path)[0] == np.float32(value / 2**23)


def test_a_probe_tells_what_the_file_claims(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp3", tone(), "mp3")
    claim = probe(path)
    assert (claim.container, claim.rate_hz, claim.channels) == ("MP3", 48_000, 1)
    assert claim.declared_s == pytest.approx(SECONDS, abs=0.06)
    assert claim.length_bytes == path.stat().st_size


# A list that FFmpeg would follow to the neighbour, under each name and behind each door.


def listing(neighbour: str) -> bytes:
    return f"ffconcat version 1.0\nfile {neighbour}\nfile {neighbour}\n".encode()


@pytest.mark.parametrize("name", ["guest.wav", "guest.mp3", "guest.ffconcat", "guest"])
def test_a_list_in_disguise_reads_no_neighbour(tmp_path: Path, name: str) -> None:
    encode(tmp_path / "private.wav", tone(), "wav")
    guest = tmp_path / name
    guest.write_bytes(listing("private.wav"))
    assert refusal(guest).problem == "this is not a sound file"


def test_the_list_would_have_read_its_neighbour(tmp_path: Path) -> None:
    # Without our guard PyAV follows it: the test above can fail.
    encode(tmp_path / "private.wav", tone(), "wav")
    guest = tmp_path / "guest.wav"
    guest.write_bytes(listing("private.wav"))
    with av.open(str(guest)) as opened:
        assert sum(frame.samples for frame in opened.decode(audio=0)) > RATE


@pytest.mark.parametrize(
    "head",
    [b"RIFF\x00\x00\x00\x00WAVE", b"fLaC", b"OggS", b"\x00\x00\x00\x20ftyp", b"ID3", b"\xff\xfb"],
)
def test_a_list_behind_a_sound_files_first_bytes_reads_no_neighbour(
    tmp_path: Path, head: bytes
) -> None:
    encode(tmp_path / "private.wav", tone(), "wav")
    guest = tmp_path / "guest.wav"
    guest.write_bytes(head + b"\n" + listing("private.wav"))
    refusal(guest)


def test_only_the_demuxer_of_the_first_bytes_may_open_a_file(tmp_path: Path) -> None:
    # The second lock: even where the sniffing is fooled, FFmpeg itself refuses a list.
    encode(tmp_path / "private.wav", tone(), "wav")
    data = listing("private.wav")
    options = {"format_whitelist": "wav", "protocol_whitelist": "file"}
    with pytest.raises(av.error.FFmpegError):
        av.open(io.BytesIO(data), options=options)


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body>404</body></html>",
        b"#EXTM3U\nhttp://127.0.0.1:9/a.ts\n",
        b"PK\x03\x04" + bytes(100),
        b"\x7fELF" + bytes(100),
        b"a",
    ],
)
def test_what_is_no_sound_is_called_so(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    assert refusal(path).problem == "this is not a sound file"


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    assert refusal(tmp_path / "a.wav").problem == "the file is empty"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "none.wav").problem


def test_a_folder_is_no_sound(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path).problem


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_half_a_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = encode(tmp_path / "a", tone(20), kind)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    refusal(path)


@pytest.mark.parametrize("kind", ["wav", "flac", "mp3", "opus", "m4a"])
def test_a_file_that_lost_its_last_second_is_refused(tmp_path: Path, kind: str) -> None:
    path = encode(tmp_path / "a", tone(20), kind)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 19 // 20])
    refusal(path)


@pytest.mark.parametrize("kind", ["flac", "opus"])
def test_a_flipped_byte_is_found_where_the_format_has_checksums(tmp_path: Path, kind: str) -> None:
    path = encode(tmp_path / "a", tone(20), kind)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x55
    path.write_bytes(data)
    refusal(path)


def test_a_wav_of_unknown_length_is_taken(tmp_path: Path) -> None:
    # As programs write that cannot go back to the header.
    pcm = (tone() * 32_767).astype("<i2").tobytes()
    path = write_wav(tmp_path / "a.wav", pcm, form=1, channels=1, rate=RATE, bits=16)
    data = bytearray(path.read_bytes())
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    assert len(decoded(path)) == SECONDS * RATE


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("form", ["<f4", "<f8"])
def test_samples_that_are_no_numbers_are_refused(tmp_path: Path, bad: float, form: str) -> None:
    sound = tone().astype(form)
    sound[100_000] = bad
    bits = sound.dtype.itemsize * 8
    path = write_wav(tmp_path / "a.wav", sound.tobytes(), form=3, channels=1, rate=RATE, bits=bits)
    assert "not numbers" in refusal(path).problem


@pytest.mark.parametrize("rate", [1, 7_999, 192_001, 384_000])
def test_rates_outside_the_limits_are_refused(tmp_path: Path, rate: int) -> None:
    path = write_wav(tmp_path / "a.wav", bytes(20_000), form=1, channels=1, rate=rate, bits=16)
    assert "samples a second" in refusal(path).problem


def test_nine_channels_are_refused(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", bytes(18_000), form=1, channels=9, rate=RATE, bits=16)
    assert "channels" in refusal(path).problem


def test_a_small_file_of_three_hours_ends_before_it_is_decoded(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.flac", np.zeros(10 * 8_000, np.float32), "flac", rate=8_000)
    data = bytearray(path.read_bytes())
    data[22:26] = (3 * 3600 * 8_000).to_bytes(4, "big")  # STREAMINFO: total samples
    path.write_bytes(data)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    assert "longer than 60 minutes" in refusal(path).problem
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 1


def test_sound_that_goes_on_past_what_the_file_declares_ends_at_the_limit(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.flac", np.zeros(20 * 8_000, np.float32), "flac", rate=8_000)
    data = bytearray(path.read_bytes())
    data[22:26] = bytes(4)  # STREAMINFO: total samples unknown
    path.write_bytes(data)
    assert "longer than 0 minutes" in refusal(path, limits=Limits(longest_s=10)).problem


def test_a_file_too_big_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)  # sparse: takes no room
    assert "more than 1200" in refusal(path).problem


def test_a_picture_in_a_sound_container_holds_no_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    with av.open(str(path), "w", format="mp4") as out:
        stream = out.add_stream("mpeg4", rate=24)
        stream.width = stream.height = 64
        frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    assert "no sound" in refusal(path).problem


def test_a_wav_without_samples_holds_no_sound(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", b"", form=1, channels=1, rate=RATE, bits=16)
    assert "no sound" in refusal(path).problem


@pytest.mark.tools
@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        ("3gp", ["-c:a", "aac"]),
        ("aac", ["-c:a", "aac"]),
        ("ogg", ["-c:a", "libvorbis"]),
        ("wma", ["-c:a", "wmav2"]),
        ("mka", ["-c:a", "flac"]),
        ("caf", ["-c:a", "pcm_s16le"]),
        ("mp4", ["-c:a", "alac"]),
    ],
)
def test_what_phones_and_recorders_write_is_read(
    tmp_path: Path, tool: Callable[[str], str], suffix: str, options: list[str]
) -> None:
    source = encode(tmp_path / "a.wav", tone(), "wav")
    path = tmp_path / f"b.{suffix}"
    subprocess.run(
        [tool("ffmpeg"), "-v", "error", "-i", source, *options, path], check=True, timeout=60
    )
    assert len(decoded(path)) == pytest.approx(SECONDS * RATE, abs=5_000)


def test_reading_agrees_with_the_standard_librarys_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    pcm = np.random.default_rng(1).integers(-30_000, 30_000, (44_100, 2)).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(44_100)
        out.writeframes(pcm.tobytes())
    back = decoded(path, rate_hz=Hz(44_100))
    assert np.array_equal(back, pcm.astype(np.float32).mean(axis=1) / 32_768)


@given(data=st.binary(max_size=400), head=st.sampled_from([b"", b"RIFF", b"OggS", b"ID3", b"fLaC"]))
def test_any_bytes_give_sound_or_a_message(data: bytes, head: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        file.write(head + data)
        file.flush()
        sniff(cast("BinaryIO", file))
        try:
            total = sum(block.size for block in decode_blocks(Path(file.name)))
        except ProductionError:
            return
        assert total
