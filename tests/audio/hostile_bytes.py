"""The bytes of sound files, right and wrong, each made by code."""

import ctypes
import io
import json
import struct
import subprocess
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.audio.stream import AudioStream

RATE = 48_000
TONE_HZ = 440
LEVEL = 0.3

ENCODERS = {
    "wav": ("wav", "pcm_s16le", 48_000),
    "flac": ("flac", "flac", 48_000),
    "mp3": ("mp3", "libmp3lame", 48_000),
    "opus": ("ogg", "libopus", 48_000),
    "ogg": ("ogg", "flac", 48_000),
    "m4a": ("ipod", "aac", 48_000),
    "aac": ("adts", "aac", 48_000),
    "3gp": ("3gp", "libopencore_amrnb", 8_000),
    "amr": ("amr", "libopencore_amrnb", 8_000),
    "webm": ("webm", "libopus", 48_000),
    "caf": ("caf", "pcm_s16be", 48_000),
    "aiff": ("aiff", "pcm_s16be", 48_000),
    "wma": ("asf", "wmav2", 48_000),
}
"""Every kind of file that is taken: FFmpeg's container and encoder, and a rate that it takes."""


def tone(seconds: float = 2.0, rate: int = RATE) -> Any:
    times = np.arange(round(seconds * rate)) / rate
    return (LEVEL * np.sin(2 * np.pi * TONE_HZ * times)).astype(np.float32)


def encoded(kind: str, sound: Any = None, *, channels: int = 1, rate: int = 0) -> bytes:
    """Encode a tone, or a sound that stands in every channel."""
    container, codec, own_rate = ENCODERS[kind]
    rate = rate or own_rate
    sound = tone(rate=rate) if sound is None else sound
    file = io.BytesIO()
    layout = {1: "mono", 2: "stereo", 8: "7.1"}[channels]
    with av.open(file, "w", format=container) as out:
        stream = cast("AudioStream", out.add_stream(codec, rate=rate, layout=layout))
        if codec == "wmav2":
            stream.bit_rate = 64_000
        if codec == "vorbis":
            stream.codec_context.options = {"strict": "experimental"}
        _encode(out, stream, np.tile(sound, (channels, 1)), rate, layout)
    return file.getvalue()


def _encode(out: Any, stream: AudioStream, sound: Any, rate: int, layout: str) -> None:
    pcm = np.ascontiguousarray((sound * 32_767).astype(np.int16))
    resampler = av.AudioResampler(format=stream.format, layout=layout, rate=rate)
    frame = av.AudioFrame.from_ndarray(pcm.T.reshape(1, -1), format="s16", layout=layout)
    frame.sample_rate = rate
    frame.pts = 0
    for part in [*resampler.resample(frame), *resampler.resample(None)]:
        out.mux(stream.encode(part))
    out.mux(stream.encode(None))


def wav(
    data: bytes,
    *,
    form: int = 1,
    channels: int = 1,
    rate: int = RATE,
    bits: int = 16,
    sizes: tuple[int, int] | None = None,
    before: bytes = b"",
) -> bytes:
    """Write a WAV by hand; ``sizes`` are what RIFF and data claim."""
    block = channels * bits // 8
    head = struct.pack("<HHIIHH", form, channels, rate, (rate * block) & 0xFFFFFFFF, block, bits)
    body = b"WAVEfmt " + struct.pack("<I", 16) + head + before
    riff, length = sizes or (len(body) + 8 + len(data), len(data))
    return b"RIFF" + struct.pack("<I", riff) + body + b"data" + struct.pack("<I", length) + data


def pcm(sound: Any = None, dtype: str = "<i2", scale: float = 32_767, offset: float = 0) -> bytes:
    sound = tone() if sound is None else sound
    return bytes((sound * scale + offset).astype(dtype).tobytes())


def pcm24() -> bytes:
    whole = (tone() * 8_388_607).astype("<i4")
    return b"".join(int(one).to_bytes(3, "little", signed=True) for one in whole)


def mu_law(sound: Any) -> bytes:
    """Code by the table of ITU-T G.711 (11/88), 2b: sign, segment, step."""
    out = bytearray()
    for one in (sound * 32_767).astype(int):
        size = min(abs(int(one)), 32_635) + 132
        segment = size.bit_length() - 8
        step = (size >> (segment + 3)) & 15
        out.append(~((0x80 if one < 0 else 0) | segment << 4 | step) & 0xFF)
    return bytes(out)


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def in_box(data: bytes, name: bytes) -> int:
    """Give where the contents of the first box of a name begin."""
    return data.index(name) + 4


def replaced(data: bytes, at: int, by: bytes) -> bytes:
    return data[:at] + by + data[at + len(by) :]


def m4a_elsewhere(url: str) -> bytes:
    """Give an M4A whose samples lie in another file (ISO 14496-12, 8.7.2: flag 1 is not set)."""
    data = encoded("m4a")
    at = data.index(b"url ")
    old = data[at - 4 : at + 8]
    new = struct.pack(">I", 12 + len(url) + 1) + b"url " + bytes(4) + url.encode() + b"\0"
    grown = len(new) - len(old)
    out = data[: at - 4] + new + data[at + 8 :]
    for name in (b"dref", b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        start = out.index(name) - 4
        (size,) = struct.unpack(">I", out[start : start + 4])
        out = replaced(out, start, struct.pack(">I", size + grown))
    return out


def m4a_alias(name: str) -> bytes:
    """Give the same as QuickTime writes it: an alias record with the other file's path in it."""
    data = m4a_elsewhere("x" * 200)
    at = data.index(b"url ")
    path = f"/{name}".encode()
    path += bytes(len(path) % 2)
    # one level up from the film, one down to the file; record 2 is the whole path
    alias = bytes(10 + 28 + 12 + 64 + 16) + struct.pack(">hh", 1, 1) + bytes(16)
    alias += struct.pack(">hH", 2, len(path)) + path + struct.pack(">hH", -1, 0)
    return replaced(data, at, b"alis" + bytes(4) + alias.ljust(201, b"\0"))


def film(width: int, height: int) -> bytes:
    """Give a film with a tone."""
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as out:
        video = out.add_stream("mpeg4", rate=5)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        sound = out.add_stream("libopus", rate=RATE, layout="mono")
        picture = np.zeros((height, width, 3), np.uint8)
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 5)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        _encode(out, sound, tone()[None, :], RATE, "mono")
    return file.getvalue()


def disc_sound() -> bytes:
    """Give film sound (AC-3) as discs have it: as samples of a WAV, which are noise if played."""
    file = io.BytesIO()
    with av.open(file, "w", format="spdif") as out:
        sound = out.add_stream("ac3", rate=RATE, layout="stereo")
        _encode(out, sound, np.vstack([tone(), tone()]), RATE, "stereo")
    return wav(file.getvalue(), channels=2)


def two_tracks() -> bytes:
    """Give a file of two sounds; the first counts."""
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as out:
        streams = [out.add_stream("flac", rate=RATE, layout="mono") for _ in "12"]
        for stream, level in zip(streams, (1.0, 0.1), strict=True):
            _encode(out, stream, level * tone()[None, :], RATE, "mono")
    return file.getvalue()


def ogg_crc(page: bytes) -> int:
    """Reckon the checksum of a page (RFC 3533, 6)."""
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return crc


def ogg_page(packet: bytes, *, granule: int, number: int, flags: int = 0, serial: int = 7) -> bytes:
    table = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, granule, serial, number, 0, len(table))
    page = head + table + packet
    return page[:22] + struct.pack("<I", ogg_crc(page)) + page[26:]


def opus_bomb(hours: int, *, says_hours: int | None = None) -> bytes:
    """Give hours of silence in little: packets of one byte, 60 ms each (RFC 6716, 3.1)."""
    head = struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, 312, RATE, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 0) + struct.pack("<I", 0)
    pages = [
        ogg_page(head, granule=0, number=0, flags=2),
        ogg_page(tags, granule=0, number=1),
    ]
    packets, granule = hours * 3600 * 1000 // 60, 0
    for number in range(-(-packets // 250)):
        granule += 250 * 2880 if says_hours is None else 1
        last = 4 if number == -(-packets // 250) - 1 else 0
        page = struct.pack("<4sBBqIIIB", b"OggS", 0, last, granule, 7, number + 2, 0, 250) + bytes(
            [1] * 250 + [0x18] * 250
        )
        pages.append(page)
    return b"".join(_summed(page) for page in pages)


def _summed(page: bytes) -> bytes:
    if page[22:26] != bytes(4):
        return page
    return page[:22] + struct.pack("<I", _fast_crc(page)) + page[26:]


_TABLE = [ogg_crc(bytes([n])) for n in range(256)]


def _fast_crc(page: bytes) -> int:
    crc = 0
    for byte in page:
        crc = (crc << 8 & 0xFFFFFFFF) ^ _TABLE[(crc >> 24) ^ byte]
    return crc


def id3(*frames: bytes, claims: int | None = None) -> bytes:
    body = b"".join(frames)
    size = len(body) if claims is None else claims
    return b"ID3\x03\0\0" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + body


def picture_frame(length: int, claims: int | None = None) -> bytes:
    body = b"\0image/png\0\x03\0" + bytes(length)
    size = len(body) if claims is None else claims
    return b"APIC" + struct.pack(">I", size) + bytes(2) + body


def polyglot_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as folder:
        folder.writestr("evil.html", "<script>0</script>")
    return encoded("mp3") + file.getvalue()


def nested(depth: int) -> bytes:
    """Give boxes in boxes, as deep as one likes."""
    inner = b""
    for _ in range(depth):
        inner = box(b"moov", inner)
    return box(b"ftyp", b"M4A \0\0\0\0") + inner


def flac_claims(samples: int, sound: Any = None, rate: int = 0) -> bytes:
    """Give a FLAC whose STREAMINFO says another number of samples (RFC 9639, 8.2)."""
    data = bytearray(encoded("flac", sound, rate=rate))
    data[21] = data[21] & 0xF0 | samples >> 32
    data[22:26] = (samples & 0xFFFFFFFF).to_bytes(4, "big")
    return bytes(data)


def m4a_claims(samples: int) -> bytes:
    """Give an M4A whose table of sizes has so many samples, all of one size (8.7.3)."""
    data = encoded("m4a")
    at = in_box(data, b"stsz")
    return replaced(data, at + 4, struct.pack(">II", 1, samples))


def m4a_lasts(seconds: int) -> bytes:
    """Give an M4A that claims to last so long."""
    data = encoded("m4a")
    at = in_box(data, b"mdhd")
    (scale,) = struct.unpack(">I", data[at + 12 : at + 16])
    return replaced(data, at + 16, struct.pack(">I", min(seconds * scale, 0xFFFFFFFE)))


def m4a_deltas(count: int) -> bytes:
    """Give an M4A of which one entry of time stands for many samples (8.6.1.2)."""
    data = encoded("m4a")
    at = in_box(data, b"stts")
    return replaced(data, at + 8, struct.pack(">I", count))


def garbled_mp3() -> bytes:
    data = encoded("mp3")
    third = len(data) // 3
    return data[:third] + b"<html>" + bytes(range(256)) * 8 + data[third:]


def manifest(kind: str, neighbour: str) -> bytes:
    """Give a text that FFmpeg would follow to a neighbour or a server."""
    return {
        "ffconcat": f"ffconcat version 1.0\nfile {neighbour}\n",
        "m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{neighbour}\n#EXT-X-ENDLIST\n",
        "m3u8-http": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n",
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
        "m=audio 9 RTP/AVP 0\n",
        "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static">'
        f"<BaseURL>{neighbour}</BaseURL><Period/></MPD>",
        "imf": '<?xml version="1.0"?><AssetMap/>',
        "json": json.dumps({"file": neighbour}),
        "lavfi": "amovie=" + neighbour,
        "image2": "%03d.png",
    }[kind].encode()


def sparse(path: Path, length: int) -> None:
    with path.open("wb") as file:
        file.write(wav(b"", sizes=(0xFFFFFFFF, 0xFFFFFFFF)))
        file.truncate(length)


def wideband_amr(library: str, sound: Any) -> bytes:
    """Code 16 kHz with pauses left out, as telephones do, by VisualOn's library."""
    coder = ctypes.CDLL(library)
    coder.E_IF_init.restype = ctypes.c_void_p
    text, whole_number = ctypes.c_char_p, ctypes.c_int
    coder.E_IF_encode.argtypes = [ctypes.c_void_p, whole_number, text, text, whole_number]
    coder.E_IF_exit.argtypes = [ctypes.c_void_p]
    state = coder.E_IF_init()
    frame = ctypes.create_string_buffer(100)
    parts = [b"#!AMR-WB\n"]
    whole = (sound * 32_767).astype(np.int16)
    for start in range(0, len(whole), 320):
        samples = whole[start : start + 320].tobytes()
        length = coder.E_IF_encode(state, 8, samples, frame, 1)
        parts.append(frame.raw[:length])
    coder.E_IF_exit(state)
    return b"".join(parts)


def by_ffmpeg(program: str, source: bytes, options: str, name: str, folder: Path) -> bytes:
    """Give what ffmpeg makes of a file."""
    (folder / f"{name}.in").write_bytes(source)
    out = folder / name
    command: list[str | Path] = [
        program,
        "-v",
        "error",
        "-y",
        "-i",
        folder / f"{name}.in",
        *options.split(),
        out,
    ]
    subprocess.run(command, check=True, timeout=60)
    (folder / f"{name}.in").unlink()
    return out.read_bytes()
