"""Files that feeds name, held against what feeds say: real sound, pictures, captions, chapters."""

import hashlib
import json
import struct
import zlib
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import av
import numpy as np
import pytest

from feeds.judging import FeedFile, judge_feeds
from feeds.picture_headers import probe_picture
from feeds.sound_headers import probe_sound
from production.catalogue.feed_shelves import FolderShelf
from programme.findings import Finding

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BASE = "https://radio.example.org/"
SECONDS = 7
FORMS = {
    "mp3": ("mp3", "mp3", "libmp3lame", 44_100, "audio/mpeg"),
    "opus": ("ogg", "ogg", "libopus", 48_000, "audio/ogg"),
    "m4a": ("ipod", "mp4", "aac", 44_100, "audio/x-m4a"),
    "flac": ("flac", "flac", "flac", 44_100, "audio/flac"),
    "wav": ("wav", "wav", "pcm_s16le", 44_100, "audio/wav"),
}


def write_sound(path: Path, suffix: str) -> None:
    """Write a tone of ``SECONDS``."""
    container, _, codec, rate_hz, _ = FORMS[suffix]
    with av.open(str(path), "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate_hz, layout="mono")
        assert isinstance(stream, av.AudioStream)
        tone = np.sin(np.arange(SECONDS * rate_hz) * 440 * 2 * np.pi / rate_hz) * 8000
        for at in range(0, len(tone), 960):
            part = tone[at : at + 960].astype(np.int16)[None, :]
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate_hz, at
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


class BytesOf:
    """Reads from bytes as from a file."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __call__(self, at: int, length: int) -> bytes:
        return self.data[at : at + length]


def png(width: int, height: int, colour: int = 2) -> bytes:
    """Give the beginning of a picture; nothing reads its pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    crc = struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + crc


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("sounds")
    for suffix in FORMS:
        write_sound(folder / f"a.{suffix}", suffix)
    return {suffix: (folder / f"a.{suffix}").read_bytes() for suffix in FORMS}


@pytest.mark.parametrize("suffix", FORMS)
def test_kind_and_duration_of_a_sound_are_read_from_its_head(
    sounds: dict[str, bytes], suffix: str
) -> None:
    data = sounds[suffix]
    found = probe_sound(lambda at, length: data[at : at + length], len(data))
    assert found.kind == FORMS[suffix][1]
    assert found.duration_s == pytest.approx(SECONDS, abs=0.15)


@pytest.mark.parametrize("suffix", FORMS)
def test_a_sound_that_is_cut_anywhere_is_probed_without_failing(
    sounds: dict[str, bytes], suffix: str
) -> None:
    for length in (0, 1, 3, 4, 11, 27, 60, 200, len(sounds[suffix]) // 2):
        data = sounds[suffix][:length]
        found = probe_sound(BytesOf(data), len(data))
        assert found.kind in {"", FORMS[suffix][1]}
        assert found.duration_s is None or 0 <= found.duration_s < 2 * SECONDS


def test_pictures_tell_their_pixels_and_colours() -> None:
    data = png(3000, 1400, 6)
    found = probe_picture(lambda at, length: data[at : at + length])
    assert found is not None
    assert (found.kind, found.width, found.height, found.is_rgb) == ("png", 3000, 1400, False)
    jpeg = (
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 10
        + b"\xff\xc2\x00\x11\x08" + struct.pack(">HHB", 1500, 1600, 4)
    )  # fmt: skip
    found = probe_picture(lambda at, length: jpeg[at : at + length])
    assert found is not None
    assert (found.kind, found.width, found.height, found.is_rgb) == ("jpeg", 1600, 1500, False)


VTT = "WEBVTT\n\n00:00.000 --> 00:03.000\nUno\n\n00:03.000 --> 00:06.500\nDos\n"
CHAPTERS = {
    "version": "1.2.0",
    "chapters": [{"startTime": 0, "title": "Uno"}, {"startTime": 3, "endTime": 7, "title": "Dos"}],
}


class Site:
    """A folder with one feed of one item and its files, to be broken."""

    def __init__(self, folder: Path, sounds: dict[str, bytes]) -> None:
        self.folder = folder
        self.files: dict[str, bytes] = {
            "m/a.mp3": sounds["mp3"],
            "m/a.opus": sounds["opus"],
            "m/a.vtt": VTT.encode(),
            "m/a.srt": b"1\n00:00:00,000 --> 00:00:03,000\nUno\n",
            "m/a.json": json.dumps(CHAPTERS, indent=1).encode(),
            "m/a.png": png(3000, 3000),
        }
        sealed = b64encode(hashlib.sha256(sounds["opus"]).digest()).decode()
        self.feed = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:podcast="https://podcastindex.org/namespace/1.0">
<channel>
<title>Camino</title>
<itunes:image href="{BASE}m/a.png"/>
<item>
<enclosure url="{BASE}m/a.mp3" length="{len(sounds["mp3"])}" type="audio/mpeg"/>
<itunes:duration>{SECONDS}</itunes:duration>
<podcast:transcript url="{BASE}m/a.vtt" type="text/vtt"/>
<podcast:transcript url="{BASE}m/a.srt" type="application/x-subrip"/>
<podcast:chapters url="{BASE}m/a.json" type="application/json+chapters"/>
<podcast:alternateEnclosure type="audio/ogg" length="{len(sounds["opus"])}">
<podcast:source uri="{BASE}m/a.opus"/>
<podcast:integrity type="sri" value="sha256-{sealed}"/>
</podcast:alternateEnclosure>
</item>
</channel>
</rss>
"""

    def judge(self) -> list[Finding]:
        """Give what only the files can tell."""
        for name, data in self.files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        document = FeedFile(name="feed.xml", data=self.feed.encode())
        judged = judge_feeds([document], now=NOW, shelf=FolderShelf(self.folder, BASE))
        groups = (
            "feed-file",
            "feed-image.s",
            "feed-image.c",
            "feed-image.f",
            "feed-transcript",
            "feed-chapters",
            "feed-text.script",
        )
        return [one for one in judged.findings if one.rule.startswith(groups)]

    def line(self, text: str) -> int:
        return next(n for n, row in enumerate(self.feed.split("\n"), 1) if text in row)


@pytest.fixture
def site(tmp_path: Path, sounds: dict[str, bytes]) -> Site:
    return Site(tmp_path, sounds)


def test_files_that_are_what_the_feed_says_have_no_findings(site: Site) -> None:
    assert site.judge() == []


CAPTIONS = "00:00.000 --> 00:03.000\nUno"


def vtt(old: str, new: str) -> bytes:
    assert old in VTT
    return VTT.replace(old, new).encode()


def chapters(*rows: dict[str, object], version: str = "1.2.0") -> bytes:
    return json.dumps({"version": version, "chapters": rows}).encode()


EARLY: dict[str, object] = {"startTime": 1, "title": "a"}
LATE: dict[str, object] = {"startTime": 3, "title": "b"}
BROKEN = [
    ("feed-file.missing", "a.mp3", b""),
    ("feed-file.length", "a.mp3", None),
    ("feed-file.type", "a.mp3", b"<html>404</html>"),
    ("feed-file.type", "a.mp3", "wav"),
    ("feed-file.hash", "a.opus", "flip"),
    ("feed-image.format", "a.png", b"GIF89a......."),
    ("feed-image.size", "a.png", png(1399, 1399)),
    ("feed-image.size", "a.png", png(3000, 2999)),
    ("feed-image.size", "a.png", png(3001, 3001)),
    ("feed-image.colour", "a.png", png(3000, 3000, 0)),
    ("feed-transcript.empty", "a.vtt", b"WEBVTT\n"),
    ("feed-transcript.syntax", "a.vtt", f"{CAPTIONS}\n".encode()),
    ("feed-transcript.syntax", "a.vtt", vtt("00:03.000 --> 00:06", "00:03,000 --> 00:06")),
    ("feed-transcript.syntax", "a.vtt", vtt("\n\n00:03", "\n00:03")),
    ("feed-transcript.syntax", "a.vtt", VTT.encode("utf-16")),
    ("feed-transcript.order", "a.vtt", vtt("00:06.500", "00:02.000")),
    ("feed-transcript.overlap", "a.vtt", vtt("00:03.000 --> 00:06", "00:02.000 --> 00:06")),
    ("feed-transcript.longer", "a.vtt", vtt("00:06.500", "00:09.000")),
    ("feed-transcript.syntax", "a.srt", b"1\n00:00:00.000 --> 00:00:03.000\nUno\n"),
    ("feed-transcript.syntax", "a.srt", b"uno\n00:00:00,000 --> 00:00:03,000\nUno\n"),
    ("feed-chapters.syntax", "a.json", b"{"),
    ("feed-chapters.syntax", "a.json", b'{"version": "1.2.0", "chapters": []}'),
    ("feed-chapters.version", "a.json", chapters({"startTime": 0, "title": "a"}, version="2")),
    ("feed-chapters.order", "a.json", chapters(LATE, EARLY)),
    ("feed-chapters.range", "a.json", chapters({"startTime": 7000, "title": "a"})),
    ("feed-chapters.syntax", "a.json", chapters({"startTime": "1", "title": "a"})),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "name", "what"), BROKEN)
def test_a_file_that_is_not_what_the_feed_says_is_told(
    site: Site, sounds: dict[str, bytes], rule: str, name: str, what: bytes | str | None
) -> None:
    key, good = f"m/{name}", site.files[f"m/{name}"]
    if isinstance(what, bytes):
        site.files[key] = what
    else:
        site.files[key] = {
            None: good + b"\0",
            "wav": sounds["wav"],
            "flip": good[:-1] + bytes([good[-1] ^ 1]),
        }[what]
    found = [
        finding for finding in site.judge() if finding.rule != "feed-file.length" or what is None
    ]
    assert [finding.rule for finding in found] == [rule]
    if rule.startswith(("feed-file", "feed-image")) or rule == "feed-transcript.longer":
        assert found[0].file == "feed.xml"
        assert found[0].line == site.line(name)
    else:
        assert found[0].file.endswith(name)


def test_a_file_that_is_not_there_is_told_where_it_is_named(site: Site) -> None:
    del site.files["m/a.vtt"]
    [found] = site.judge()
    assert (found.rule, found.line) == ("feed-file.missing", site.line("a.vtt"))


def test_a_sound_of_another_duration_is_told(site: Site) -> None:
    site.feed = site.feed.replace(f"<itunes:duration>{SECONDS}", "<itunes:duration>61")
    assert {one.rule for one in site.judge()} == {"feed-file.duration"}


def test_an_address_that_leads_out_of_the_folder_opens_nothing(site: Site) -> None:
    (site.folder.parent / "secret.vtt").write_text("x", encoding="utf-8")
    site.feed = site.feed.replace(f"{BASE}m/a.vtt", f"{BASE}m/../../secret.vtt")
    [found] = site.judge()
    assert found.rule == "feed-file.missing"


def test_a_transcript_of_a_type_that_no_player_reads_is_told(site: Site) -> None:
    site.feed = site.feed.replace("application/x-subrip", "application/pdf")
    [found] = site.judge()
    assert (found.rule, found.line) == ("feed-transcript.type", site.line("a.srt"))


def test_a_file_elsewhere_in_the_world_is_left_alone(site: Site) -> None:
    site.feed = site.feed.replace(f"{BASE}m/a.vtt", "https://elsewhere.example/a.vtt")
    assert site.judge() == []


def test_a_page_of_words_that_runs_is_told(site: Site) -> None:
    site.files["m/a.html"] = b"<meta charset=utf-8><p>Uno</p>\n<script>alert(1)</script>"
    site.feed = site.feed.replace("m/a.srt", "m/a.html").replace(
        "application/x-subrip", "text/html"
    )
    [found] = site.judge()
    assert (found.rule, found.line) == ("feed-text.script", 2)
