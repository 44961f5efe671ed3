"""Tags are read back by mutagen and by FFmpeg; chapters must come in time order in both."""

import struct
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen import File
from mutagen.id3 import ID3

from audio.rdxl import CutMarks, render_rdxl
from audio.tags import id3v1, id3v2, opus_comments
from programme.editions import NEVER, Chapter, EditionTags
from programme.units import DurationMs
from tests.audio.slot_material import LOUDNESS, edition_tags, spec_of

PODCAST, OLD = spec_of("podcast"), spec_of("loudspeaker")
CHAPTERS = (
    Chapter(start_ms=DurationMs(60_000), end_ms=DurationMs(90_000), title="C"),
    Chapter(start_ms=DurationMs(0), end_ms=DurationMs(30_000), title="Un título muy largo, él"),
    Chapter(start_ms=DurationMs(30_000), end_ms=DurationMs(60_000), title="لا تدفع"),
)
IN_ORDER = ["Un título muy largo, él", "لا تدفع", "C"]


def written(tags: EditionTags, folder: Path, *, old: bool = False) -> Path:
    """Put tags around a few silent frames, as a finished file has them."""
    spec = OLD if old else PODCAST
    header = bytes.fromhex("fff344c4") if old else bytes.fromhex("fffb54c4")
    frame = header + bytes((96 if old else 192) - 4)
    path = folder / "tagged.mp3"
    path.write_bytes(id3v2(tags, spec, LOUDNESS) + 200 * frame + id3v1(tags))
    return path


def test_mutagen_reads_every_field(tmp_path: Path) -> None:
    found = ID3(str(written(edition_tags(chapters=CHAPTERS), tmp_path)), translate=False)
    assert found.version == (2, 3, 0)
    texts = {
        "TIT2": "Tus documentos: qué llevar",
        "TPE1": "Red Camino",
        "TALB": "Camino seguro",
        "TRCK": "12/12",
        "TYER": "2026",
        "TDAT": "2211",
        "TLAN": "spa",
        "TCON": "Speech",
        "TCOP": "2026 cc-by-4.0",
        "TXXX:BCP47": "es-419",
        "TXXX:EXPIRES": "2026-12-06",
        "TXXX:REPLAYGAIN_TRACK_GAIN": "-1.80 dB",
        "TXXX:REPLAYGAIN_TRACK_PEAK": "0.794328",
    }
    assert {key: str(found[key]) for key in texts} == texts
    assert str(found["COMM::eng"]) == "[en] Valid until 2026-12-06. With a synthetic voice."
    assert found["USLT::spa"].text.startswith("Hoy hablamos.\n\nPedir asilo")
    assert found["WOAF"].url == "https://example.org/camino/"
    assert "synthetic voice" in str(found["TXXX:SYNTHETIC_VOICE"])
    assert not found.getall("APIC")


def test_the_tag_ends_where_the_sound_begins(tmp_path: Path) -> None:
    path = written(edition_tags(chapters=CHAPTERS), tmp_path)
    data = path.read_bytes()
    size = int.from_bytes(data[6:10], "big")
    plain = (size >> 24 & 0x7F) << 21 | (size >> 16 & 0x7F) << 14 | (size >> 8 & 0x7F) << 7
    assert data[10 + (plain | size & 0x7F) :][:2] == b"\xff\xfb"


def test_chapters_come_in_time_order_for_ffmpeg(tmp_path: Path) -> None:
    with av.open(str(written(edition_tags(chapters=CHAPTERS), tmp_path))) as source:
        found = source.chapters()
    assert [chapter["metadata"]["title"] for chapter in found] == IN_ORDER
    starts = [float(chapter["start"] * (chapter["time_base"] or 0)) for chapter in found]
    assert starts == [0.0, 30.0, 60.0]


def test_chapters_are_listed_in_the_table_of_contents(tmp_path: Path) -> None:
    found = ID3(str(written(edition_tags(chapters=CHAPTERS), tmp_path)), translate=False)
    names = found["CTOC:toc"].child_element_ids
    assert [str(found[f"CHAP:{name}"].sub_frames["TIT2"]) for name in names] == IN_ORDER


def test_ffmpeg_reads_the_fields(tmp_path: Path) -> None:
    with av.open(str(written(edition_tags(), tmp_path))) as source:
        found = {key.lower(): value for key, value in source.metadata.items()}
    assert found["title"] == "Tus documentos: qué llevar"
    assert found["artist"] == "Red Camino"
    assert found["album"] == "Camino seguro"
    assert found["genre"] == "Speech"
    assert found["replaygain_track_gain"] == "-1.80 dB"
    assert found["expires"] == "2026-12-06"


@pytest.mark.parametrize(("title", "encoding"), [("Qué llevar", 0), ("لا تدفع", 1), ("Kʼicheʼ", 1)])
def test_what_fits_latin_1_is_written_so(tmp_path: Path, title: str, encoding: int) -> None:
    found = ID3(str(written(edition_tags(title=title), tmp_path)), translate=False)
    assert found["TIT2"].encoding == encoding
    assert str(found["TIT2"]) == title


@given(
    title=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80),
    times=st.lists(st.integers(0, 10_000_000), max_size=30),
)
def test_any_title_and_any_chapters_survive(title: str, times: list[int]) -> None:
    chapters = tuple(
        Chapter(start_ms=DurationMs(time), end_ms=DurationMs(time + 1), title=f"{number} {title}")
        for number, time in enumerate(times)
    )
    tag = id3v2(edition_tags(title=title, chapters=chapters), PODCAST, LOUDNESS)
    starts = []
    at = 10
    while at < len(tag):
        size = int.from_bytes(tag[at + 4 : at + 8], "big")
        if tag[at : at + 4] == b"CHAP":
            times_at = tag.index(b"\0", at + 10) + 1
            starts.append(struct.unpack(">I", tag[times_at : times_at + 4])[0])
        at += 10 + size
    assert at == len(tag)
    assert starts == sorted(times)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Tus documentos: qué llevar", "Tus documentos: qué llevar"),
        ("Kʼicheʼ – “lo mismo”…", "K'iche' - \"lo mismo\"..."),
        ("Dokumenty: Łódź, šťastie", "Dokumenty: Lódz, stastie"),
        ("Un título que es mucho más largo que treinta", "Un título que es mucho más lar"),
    ],
)
def test_old_players_get_short_latin_1_texts(tmp_path: Path, title: str, shown: str) -> None:
    path = written(edition_tags(title=title, chapters=CHAPTERS), tmp_path, old=True)
    found = ID3(str(path), translate=False)
    assert str(found["TIT2"]) == shown
    assert all(getattr(frame, "encoding", 0) == 0 for frame in found.values())
    assert not found.getall("CHAP") + found.getall("USLT") + found.getall("CTOC")


def test_an_old_player_meets_sound_within_the_first_kilobyte(tmp_path: Path) -> None:
    tags = edition_tags(title="é" * 200, transcript="palabra " * 5_000, chapters=CHAPTERS)
    data = written(tags, tmp_path, old=True).read_bytes()
    assert data.index(b"\xff\xf3") < 1024


def test_a_title_in_another_script_becomes_language_and_number(tmp_path: Path) -> None:
    path = written(edition_tags(title="لا تدفع", language="ar"), tmp_path, old=True)
    assert str(ID3(str(path), translate=False)["TIT2"]) == "AR 12"


def test_the_v1_tag_is_128_bytes_and_readable(tmp_path: Path) -> None:
    tag = id3v1(edition_tags(title="Kʼicheʼ"))
    assert len(tag) == 128
    only = tmp_path / "v1.mp3"
    only.write_bytes(200 * (bytes.fromhex("fffb54c4") + bytes(188)) + tag)
    found = File(str(only)).tags
    assert str(found["TIT2"]) == "K'iche'"
    assert str(found["TCON"]) == "Speech"
    assert str(found["TRCK"]) == "12"


def test_opus_comments_carry_the_same() -> None:
    comments = dict(opus_comments(edition_tags(chapters=CHAPTERS), LOUDNESS))
    assert comments["TITLE"] == "Tus documentos: qué llevar"
    assert comments["LANGUAGE"] == "es-419"
    assert comments["EXPIRES"] == "2026-12-06"
    # -23 - (-16.2) = -6.8 dB, in 256ths.
    assert comments["R128_TRACK_GAIN"] == str(round(-6.8 * 256))
    names = [comments[f"CHAPTER00{number}NAME"] for number in (1, 2, 3)]
    assert names == IN_ORDER
    assert comments["CHAPTER003"] == "00:01:00.000"


def test_empty_fields_are_left_out() -> None:
    bare = edition_tags(transcript="")
    assert "LYRICS" not in dict(opus_comments(bare, LOUDNESS))
    assert b"USLT" not in id3v2(bare, PODCAST, LOUDNESS)


def test_what_has_no_last_day_tells_of_none(tmp_path: Path) -> None:
    # A spoken notice: "valid until" a day would make players drop it on the next.
    for voice in (True, False):
        tags = replace(edition_tags(), expires=NEVER, synthetic_voice=voice)
        for old in (False, True):
            found = ID3(str(written(tags, tmp_path, old=old)), translate=False)
            assert "TXXX:EXPIRES" not in found
            assert b"2099" not in (tmp_path / "tagged.mp3").read_bytes()
            comments = [str(frame) for frame in found.getall("COMM")]
            assert comments == (["[en] With a synthetic voice."] if voice and not old else [])
        assert "EXPIRES" not in dict(opus_comments(tags, LOUDNESS))
        marks = CutMarks(start_ms=DurationMs(0), end_ms=DurationMs(9), length_ms=DurationMs(9))
        assert "endDatetime" not in render_rdxl(tags, marks)


def test_no_clock_is_read(tmp_path: Path) -> None:
    # Files of the same edition are the same, whenever they are written.
    first = written(edition_tags(chapters=CHAPTERS), tmp_path).read_bytes()
    assert written(edition_tags(chapters=CHAPTERS), tmp_path).read_bytes() == first
    tags = edition_tags()
    assert (tags.expires - tags.dated) == timedelta(days=14)
