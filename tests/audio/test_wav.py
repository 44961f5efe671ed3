"""WAV files of an edition, read back by libsndfile, MediaInfo, FFmpeg, SoX, mutagen and wavinfo."""

import json
import re
import struct
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import unescape

import av
import numpy as np
import pytest
from lxml import etree
from mutagen import File
from numpy.typing import NDArray
from wavinfo import WavInfoReader

from audio.editions import write_rendition
from audio.riff import PCM, format_chunk, head, tail
from audio.wav import AUDIBLE
from programme.digests import digest_file
from programme.errors import ExitCode, ProductionError
from programme.units import Dbtp, Hz, LanguageTag, Lufs
from tests.audio.finished import TITLES, Small, small
from tests.strict import ToolFinder

READINGS = {
    "Loudness value": "integrated",
    "Loudness range": "range_lu",
    "Max. true peak level": "true_peak",
    "Max. momentary loudness": "momentary_max",
    "Max. short term loudness": "short_term_max",
}


@pytest.fixture(scope="module")
def broadcast(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return small(tmp_path_factory.mktemp("broadcast"), "broadcast")


@pytest.fixture(scope="module")
def bwf(broadcast: Small, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return broadcast.write("bwf", tmp_path_factory.mktemp("bwf"))


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return small(tmp_path_factory.mktemp("phone"), "phone-line")


def told(*command: str | Path) -> str:
    """Run a program and give what it prints, errors too."""
    found = subprocess.run(
        [str(part) for part in command], check=True, capture_output=True, text=True
    )
    return found.stdout + found.stderr


def fields(text: str) -> dict[str, str]:
    """Read lines of a name, a colon and a value."""
    pairs = (line.partition(":") for line in text.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}


def samples_in(path: Path) -> NDArray[np.float64]:
    """Decode a WAV file with FFmpeg's library."""
    parts = []
    with av.open(str(path)) as source:
        for frame in source.decode(audio=0):
            part = frame.to_ndarray()[0]
            parts.append(part / {"int16": 2.0**15, "int32": 2.0**31}[str(part.dtype)])
    return np.concatenate(parts)


# --- bext --------------------------------------------------------------------------


def test_libsndfile_reads_every_field_of_bext(
    broadcast: Small, bwf: Path, tool: ToolFinder
) -> None:
    found = fields(told(tool("sndfile-info"), "--broadcast", bwf))
    wanted = {
        "Description": "Tus documentos: que llevar; es-419; valid until 2026-12-06; "
        "synthetic voice",
        "Originator": "Red Camino",
        "Origination date": "2026-11-22",
        "Origination time": "00:00:00",
        "Time ref": "0",
        "BWF version": "2",
    }
    assert {name: found[name] for name in wanted} == wanted
    assert re.fullmatch(r"[0-9A-F]{32}", found["Origination ref"])
    assert found["Coding history"].startswith("A=PCM,F=48000,W=24,M=mono,T=Altavoz")
    loudness = broadcast.loudness(broadcast.profile.renditions[1])
    for name, field in READINGS.items():
        assert float(found[name].split()[0]) == pytest.approx(
            getattr(loudness, field), abs=0.0051
        ), name


def test_mediainfo_and_wavinfo_read_the_loudness_that_the_manifest_has(
    broadcast: Small, bwf: Path, tool: ToolFinder
) -> None:
    loudness = broadcast.loudness(broadcast.profile.renditions[1])
    tracks = json.loads(told(tool("mediainfo"), "--Output=JSON", bwf))["media"]["track"]
    sound = tracks[1]
    assert (sound["Format"], sound["Channels"], sound["SamplingRate"]) == ("PCM", "1", "48000")
    assert (sound["BitDepth"], sound["SamplingCount"]) == ("24", str(broadcast.samples))
    assert tracks[0]["extra"]["bext_Version"] == "2"
    assert float(sound["extra"]["LoudnessValue"]) == pytest.approx(loudness.integrated, abs=0.0051)
    assert float(sound["extra"]["MaxTruePeakLevel"]) == pytest.approx(
        loudness.true_peak, abs=0.0051
    )
    found = WavInfoReader(str(bwf)).bext.to_dict()
    assert found["loudness_value"] == pytest.approx(loudness.integrated, abs=0.0051)
    assert found["max_shortterm_loudness"] == pytest.approx(loudness.short_term_max, abs=0.0051)
    # SMPTE ST 330: the label of a basic UMID, its length 13h, then the number.
    assert found["umid"][:13].hex() == "060a2b340101010501010d2013"
    assert found["umid"][32:] == bytes(32)


def test_what_no_meter_could_tell_is_unknown(broadcast: Small, tmp_path: Path) -> None:
    job = broadcast.job("bwf", tmp_path / "short.wav")
    short = replace(job.loudness, short_term_max=Lufs(-70.0), true_peak=Dbtp(float("-inf")))
    write_rendition(replace(job, loudness=short))
    data = job.out.read_bytes()
    at = data.index(b"bext") + 8 + 412
    values = struct.unpack("<5h", data[at : at + 10])
    assert values[2] == values[4] == 0x7FFF
    assert values[0] == round(job.loudness.integrated * 100)


def test_a_reference_follows_the_sound_and_the_edition(
    broadcast: Small, bwf: Path, tmp_path: Path
) -> None:
    again = broadcast.write("bwf", tmp_path)
    assert digest_file(again) == digest_file(bwf)
    other = broadcast.write("bwf", tmp_path, replace(broadcast.tags, reference="camino/other"))
    first, second = (WavInfoReader(str(path)).bext.to_dict() for path in (bwf, other))
    assert first["originator_ref"] != second["originator_ref"]
    assert first["umid"] != second["umid"]


# --- cart --------------------------------------------------------------------------


def test_libsndfile_reads_every_field_of_cart(
    broadcast: Small, bwf: Path, tool: ToolFinder
) -> None:
    text = told(tool("sndfile-info"), "--cart", bwf)
    found = fields(text)
    assert found == found | {
        "Version": "0101",
        "Title": "Tus documentos: que llevar",
        "Artist": "Red Camino",
        "Cut id": "camino-12-es-419",
        "Category": "SPEECH",
        "Classification": "es-419",
        "Out cue": "Hoy hablamos. Pedir asilo es gratis.",
        "Start date": "2026-11-22",
        "Start time": "00:00:00",
        "End date": "2026-12-06",
        "End time": "23:59:59",
        "App id": "Altavoz",
        "Level ref.": "8388608",
        "Url": "https://example.org/camino/",
    }
    assert "synthetic voice" in found["Tag text"]
    # Rivendell: a group has at most 10 characters; a cut id that is a number may overwrite a cart.
    assert len(found["Category"]) <= 10
    assert not found["Cut id"].isdigit()
    marks = dict(re.findall(r"\d\s+(\w{4})\s+(\d+)", text))
    heard = np.flatnonzero(np.abs(samples_in(bwf)) > AUDIBLE)
    assert marks == {
        "AUDs": str(heard[0]),
        "AUDe": str(heard[-1] + 1),
        "SEGs": str(heard[-1] + 1),
        "SEGe": str(broadcast.samples),
    }


def test_a_title_without_latin_letters_is_named_by_its_number_and_kept_in_ixml(
    broadcast: Small, tmp_path: Path
) -> None:
    tags = replace(
        broadcast.tags,
        title="وثائقك: ماذا تحمل",
        language=LanguageTag("ar"),
        transcript="لا تدفع.",
    )
    read = WavInfoReader(str(broadcast.write("bwf", tmp_path, tags)))
    assert read.bext.description.startswith("camino-12-ar 2026-11-22; ar; valid until")
    assert read.ixml.scene == "وثائقك: ماذا تحمل"
    with av.open(str(tmp_path / "edition.wav")) as source:
        assert source.metadata["title"] == "وثائقك: ماذا تحمل"


@pytest.mark.parametrize("hostile", ["a & b <c>", "]]>", "x" * 4000, "\x00\x01\x1b[31m", "ä" * 300])
def test_odd_titles_break_no_chunk(broadcast: Small, tmp_path: Path, hostile: str) -> None:
    tags = replace(broadcast.tags, title=hostile, network=hostile, transcript=hostile)
    read = WavInfoReader(str(broadcast.write("bwf", tmp_path, tags)))
    assert read.data.frame_count == broadcast.samples
    assert read.ixml.scene == (hostile if hostile.isprintable() else "[31m")
    assert len(read.cues.to_dict()) == 3


def read_like_rivendell(text: str) -> dict[str, str]:
    """Go through RDXL line by line, as RDCart::readXml does; give what a cut then has."""
    place, found = "", {}
    for line in (one.strip() for one in text.split("\n")):
        if line in {"<cart>", "<cutList>", "<cut>"}:
            place = line
        elif line in {"</cut>", "</cutList>", "</cart>"}:
            place = ""
        elif place in {"<cart>", "<cut>"}:
            element = re.fullmatch(r"<(\w+)>(.*)</\1>", line)
            assert element, line
            found[element[1]] = unescape(element[2])
    return found


@pytest.mark.parametrize("title", ["Tus documentos: qué llevar", "a <b> & c", "وثائقك"])
def test_rivendell_reads_titles_dates_and_markers_from_rdxl(
    broadcast: Small, tmp_path: Path, title: str
) -> None:
    tags = replace(broadcast.tags, title=title)
    data = broadcast.write("bwf", tmp_path, tags).read_bytes()
    at = data.rindex(b"rdxl")
    size = int.from_bytes(data[at + 4 : at + 8], "little")
    assert size < 2_000
    text = data[at + 8 : at + 8 + size].decode("utf-8")
    etree.fromstring(text.encode("utf-8"))
    found = read_like_rivendell(text)
    assert found["title"] == title
    assert found["startDatetime"] == "2026-11-22T00:00:00"
    assert found["endDatetime"] == "2026-12-06T23:59:59"
    assert int(found["length"]) == broadcast.samples // 48
    heard = np.flatnonzero(np.abs(samples_in(tmp_path / "edition.wav")) > AUDIBLE)
    assert int(found["startPoint"]) == heard[0] // 48
    assert int(found["endPoint"]) == int(found["segueStartPoint"]) == (heard[-1] + 1) // 48


# --- chapters, length, silence -------------------------------------------------------


def test_every_reader_finds_the_same_length_and_the_chapters(
    broadcast: Small, bwf: Path, tool: ToolFinder
) -> None:
    shown = json.loads(
        told(tool("ffprobe"), "-v", "error", "-show_chapters", "-show_streams", "-of", "json", bwf)
    )
    assert [one["tags"]["title"] for one in shown["chapters"]] == list(TITLES)
    starts = [one.start_ms for one in broadcast.tags.chapters]
    assert [round(float(one["start_time"]) * 1000) for one in shown["chapters"]] == starts
    assert shown["streams"][0]["duration_ts"] == broadcast.samples
    assert len(samples_in(bwf)) == broadcast.samples
    assert File(str(bwf)).info.length == broadcast.samples / 48_000
    assert WavInfoReader(str(bwf)).data.frame_count == broadcast.samples
    assert int(told(tool("soxi"), "-s", bwf)) == broadcast.samples
    labels = told(tool("sndfile-info"), bwf)
    assert all(f": {title}" in labels for title in TITLES)


def test_slots_end_and_begin_in_digital_silence(broadcast: Small, bwf: Path) -> None:
    sound = samples_in(bwf)
    at = 0
    for result in broadcast.results:
        assert not sound[at : at + 4_800].any()
        at += result.samples
        assert not sound[at - 4_800 : at].any()


def test_all_24_bits_are_used(bwf: Path) -> None:
    steps = np.round(samples_in(bwf) * 2**23).astype(np.int64)
    assert set(np.unique(np.abs(steps) % 256)) == set(range(256))


# --- telephone lines -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "encoding"), [("wav", "16-bit Signed Integer PCM"), ("mulaw", "8-bit u-law")]
)
def test_sox_plays_what_a_telephone_line_needs(
    phone: Small, tmp_path: Path, tool: ToolFinder, name: str, encoding: str
) -> None:
    path = phone.write(name, tmp_path)
    found = fields(told(tool("soxi"), path))
    assert (found["Channels"], found["Sample Rate"]) == ("1", "8000")
    assert found["Sample Encoding"] == encoding
    assert int(told(tool("soxi"), "-s", path)) == phone.samples // 6
    raw = tmp_path / "played.raw"
    told(tool("sox"), "-D", path, "-t", "raw", "-e", "signed", "-b", "16", raw)
    played = np.frombuffer(raw.read_bytes(), dtype="<i2") / 2**15
    assert np.abs(played - samples_in(path)).max() < 2**-15


def test_a_voice_menu_finds_the_sound_behind_44_bytes(phone: Small, tmp_path: Path) -> None:
    data = phone.write("wav", tmp_path).read_bytes()
    assert data[:4] + data[8:16] == b"RIFFWAVEfmt "
    assert data[36:40] == b"data"
    assert int.from_bytes(data[40:44], "little") == phone.samples // 6 * 2


# --- damage and size -----------------------------------------------------------------


@pytest.mark.parametrize("how", ["missing", "cut", "shorter"])
def test_a_damaged_slot_is_refused_and_leaves_nothing(
    broadcast: Small, tmp_path: Path, how: str
) -> None:
    job = broadcast.job("bwf", tmp_path / "edition.wav")
    bad = tmp_path / "slot"
    data = job.slots[0].read_bytes()
    if how != "missing":
        bad.write_bytes(data[:-1] if how == "cut" else data[:-3])
    with pytest.raises(ProductionError) as caught:
        write_rendition(replace(job, slots=(bad, *job.slots[1:])))
    assert caught.value.code is ExitCode.SOUND
    assert not job.out.exists()


def test_beyond_4_gib_the_file_is_rf64_and_its_length_is_read(
    tmp_path: Path, tool: ToolFinder
) -> None:
    # Twelve hours of silence: a file with a hole, of which the disk holds only both ends.
    samples = 12 * 3600 * 48_000
    before, after = format_chunk(PCM, Hz(48_000), 24), b"JUNK\x02\x00\x00\x00ab"
    path = tmp_path / "long.wav"
    with path.open("wb") as file:
        file.write(head(before, samples * 3, after, samples=samples))
        file.seek(samples * 3, 1)
        file.write(tail(samples * 3, after))
    with path.open("rb") as file:
        assert file.read(4) == b"RF64"
    shown = json.loads(told(tool("ffprobe"), "-v", "error", "-show_streams", "-of", "json", path))
    assert shown["streams"][0]["duration_ts"] == samples
    with path.open("rb") as file:
        assert WavInfoReader(file).data.frame_count == samples


def test_a_file_below_4_gib_is_plain_riff() -> None:
    before = format_chunk(PCM, Hz(48_000), 24)
    most = 2**32 - 1 - 4 - len(before) - 8
    most -= most % 2
    assert head(before, most, b"", samples=0)[:4] == b"RIFF"
    assert head(before, most + 2, b"", samples=0)[:4] == b"RF64"
