"""Sound files as strangers make them, by accident or on purpose, and what must become of each."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.audio.hostile_bytes import (
    ENCODERS,
    RATE,
    disc_sound,
    encoded,
    film,
    flac_claims,
    garbled_mp3,
    id3,
    m4a_alias,
    m4a_claims,
    m4a_deltas,
    m4a_elsewhere,
    m4a_lasts,
    manifest,
    mu_law,
    nested,
    opus_bomb,
    pcm,
    pcm24,
    picture_frame,
    polyglot_zip,
    tone,
    two_tracks,
    wav,
)


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file, and what must become of it."""

    make: Callable[[], bytes]
    says: str | None = None
    """A part of the refusal; None where the tone is heard, "" where either is right."""


NEIGHBOUR = "neighbour.wav"
"""Stands beside every file of the corpus; nobody may open it."""


def silence(seconds: float, rate: int = RATE) -> Any:
    return np.zeros(round(seconds * rate), np.float32)


def with_bad_sample(value: float) -> bytes:
    sound = tone()
    sound[1000] = value
    return wav(pcm(sound, "<f4", 1), form=3, bits=32)


CORPUS: dict[str, Hostile] = {
    # whole
    **{f"whole.{kind}": Hostile(lambda kind=kind: encoded(kind)) for kind in ENCODERS},  # type: ignore[misc]
    "u8.wav": Hostile(lambda: wav(pcm(None, "u1", 127, 128), bits=8)),
    "24bit.wav": Hostile(lambda: wav(pcm24(), bits=24)),
    "32bit.wav": Hostile(lambda: wav(pcm(None, "<i4", 2**31 - 200), bits=32)),
    "float.wav": Hostile(lambda: wav(pcm(None, "<f4", 1), form=3, bits=32)),
    "double.wav": Hostile(lambda: wav(pcm(None, "<f8", 1), form=3, bits=64)),
    "mulaw.wav": Hostile(lambda: wav(mu_law(tone()), form=7, bits=8)),
    "7.1.wav": Hostile(lambda: encoded("wav", channels=8)),
    "7.1.flac": Hostile(lambda: encoded("flac", channels=8)),
    "7.1.m4a": Hostile(lambda: encoded("m4a", channels=8)),
    "192k.wav": Hostile(lambda: wav(pcm(tone(rate=192_000)), rate=192_000)),
    "96k.flac": Hostile(lambda: encoded("flac", rate=96_000)),
    "96k.m4a": Hostile(lambda: encoded("m4a", rate=96_000)),
    # in the wrong dress
    **{
        f"{kind}{ending}": Hostile(
            lambda kind=kind: manifest(kind, NEIGHBOUR),  # type: ignore[misc]
            "not a sound file",
        )
        for kind in ("ffconcat", "m3u8", "m3u8-http", "sdp", "dash", "imf", "json", "lavfi")
        for ending in (".wav", ".mp3", ".m4a")
    },
    "image2.wav": Hostile(lambda: manifest("image2", NEIGHBOUR), "not a sound file"),
    "tagged-ffconcat.mp3": Hostile(lambda: id3() + manifest("ffconcat", NEIGHBOUR), ""),
    "tagged-m3u8.mp3": Hostile(lambda: id3() + manifest("m3u8", NEIGHBOUR), ""),
    "tagged-wav.mp3": Hostile(lambda: id3() + wav(pcm()), ""),
    "flac.mp3": Hostile(lambda: encoded("flac")),
    "html.mp3": Hostile(lambda: b"<html>not found</html>" + encoded("mp3"), "not a sound file"),
    "zip.mp3": Hostile(polyglot_zip, "cannot be decoded"),
    "zip.wav": Hostile(lambda: wav(pcm(), before=b"PK\x03\x04" + struct.pack("<I", 0))),
    "disc.wav": Hostile(disc_sound, "cannot be decoded in WAV"),
    "film.webm": Hostile(lambda: film(3840, 2160)),
    "tracks.webm": Hostile(two_tracks),
    # empty and silent
    "empty.wav": Hostile(lambda: b"", "the file is empty"),
    **{
        f"head.{kind}": Hostile(lambda kind=kind: encoded(kind)[:12], "")  # type: ignore[misc]
        for kind in ENCODERS
    },
    "id3-only.mp3": Hostile(lambda: b"ID3", ""),
    "no-samples.wav": Hostile(lambda: wav(b""), "holds no sound"),
    "zeros.wav": Hostile(lambda: bytes(1000), "not a sound file"),
    "silent.wav": Hostile(lambda: wav(pcm(silence(2))), "nothing is heard"),
    "silent.opus": Hostile(lambda: encoded("opus", silence(2)), "nothing is heard"),
    # numbers that are none
    "nan.wav": Hostile(lambda: with_bad_sample(np.nan), "not numbers"),
    "inf.wav": Hostile(lambda: with_bad_sample(-np.inf), "not numbers"),
    "huge.wav": Hostile(lambda: with_bad_sample(1e30), "above full scale"),
    "1hz.wav": Hostile(lambda: wav(pcm(), rate=1), "samples a second"),
    "0hz.wav": Hostile(lambda: wav(pcm(), rate=0), ""),
    "4ghz.wav": Hostile(lambda: wav(pcm(), rate=0xFFFFFFFF), ""),
    "no-channels.wav": Hostile(lambda: wav(pcm(), channels=0), ""),
    "many-channels.wav": Hostile(lambda: wav(pcm(), channels=32_767), ""),
    "no-bits.wav": Hostile(lambda: wav(pcm(), bits=0), ""),
    # sizes that lie
    "riff-0.wav": Hostile(lambda: wav(pcm(), sizes=(0, 0))),
    "riff-max.wav": Hostile(lambda: wav(pcm(), sizes=(0xFFFFFFFF, 0xFFFFFFFF))),
    "riff-long.wav": Hostile(
        lambda: wav(pcm(), sizes=(10**9, 10**9)), "end of the file is missing"
    ),
    "many-chunks.wav": Hostile(lambda: wav(pcm(), before=b"junk\0\0\0\0" * 2_000_000), ""),
    "streaminfo-long.flac": Hostile(lambda: flac_claims(300 * RATE), "ends after"),
    "streaminfo-longest.flac": Hostile(lambda: flac_claims(2**36 - 1), "longer than"),
    "streaminfo-short.flac": Hostile(lambda: flac_claims(1_000), ""),
    "stsz.m4a": Hostile(lambda: m4a_claims(0xFFFFFFFF), ""),
    "stsz-100m.m4a": Hostile(lambda: m4a_claims(100_000_000), ""),
    "stts.m4a": Hostile(lambda: m4a_deltas(0x7FFFFFFF), ""),
    "lasts.m4a": Hostile(lambda: m4a_lasts(80_000), ""),
    "dref-file.m4a": Hostile(lambda: m4a_elsewhere(NEIGHBOUR), ""),
    "dref-http.m4a": Hostile(lambda: m4a_elsewhere("http://127.0.0.1:9/a.m4a"), ""),
    "dref-alias.m4a": Hostile(lambda: m4a_alias(NEIGHBOUR), ""),
    "deep.m4a": Hostile(lambda: nested(20_000), ""),
    "apic-claims.mp3": Hostile(lambda: id3(picture_frame(10, 250_000_000), claims=2**28 - 1), ""),
    "apic.mp3": Hostile(lambda: id3(picture_frame(5_000_000)) + encoded("mp3")),
    "apics.mp3": Hostile(lambda: id3(*[picture_frame(10)] * 500) + encoded("mp3"), ""),
    # long in little
    "hours.opus": Hostile(lambda: opus_bomb(3), "longer than"),
    "hours-unsaid.opus": Hostile(lambda: opus_bomb(3, says_hours=0), "longer than"),
    "minutes-unsaid.flac": Hostile(
        lambda: flac_claims(0, silence(660, 8_000), 8_000), "longer than"
    ),
    "garbled.mp3": Hostile(garbled_mp3, "cannot be decoded"),
    "chained.opus": Hostile(lambda: encoded("opus", tone(0.1)) * 300, "several recordings"),
}
"""By the name of the file; what stands here is small, or made within a second."""
