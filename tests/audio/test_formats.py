"""Every format of every profile as its players meet it: length, size, chapters, tags, level."""

import json
import math
import resource
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
import pytest
from mutagen import File
from numpy.typing import NDArray

from audio.chains import active_level
from audio.editions import write_rendition
from audio.m4a import FRAME
from programme.digests import digest_file
from programme.errors import ExitCode, ProductionError
from programme.profiles import RenditionSpec, profiles
from programme.sound import MIX_RATE
from programme.units import Dbtp
from tests.audio.finished import TITLES, Small, small
from tests.audio.slot_material import ebur128, lag
from tests.strict import ToolFinder

PROFILES = ("podcast", "stream", "phone-line", "low-data", "share", "old-player")
EVERY = [(name, spec) for name in PROFILES for spec in profiles()[name].renditions]
FORMATS = [pytest.param(name, spec, id=f"{name}-{spec.id}") for name, spec in EVERY]
EXACT = [
    pytest.param(name, spec, id=f"{name}-{spec.id}")
    for name, spec in EVERY
    if not spec.plain and spec.codec != "aac"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An edition in every profile."""

    small: dict[str, Small]
    files: dict[tuple[str, str], Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    editions, files = {}, {}
    for name in PROFILES:
        folder = tmp_path_factory.mktemp(name)
        editions[name] = small(folder, name)
        for spec in profiles()[name].renditions:
            files[name, spec.id] = editions[name].write(spec.id, folder)
    return Made(small=editions, files=files)


def samples_of(small: Small, spec: RenditionSpec) -> int:
    """Give the true length in samples as players count them."""
    rate = MIX_RATE if spec.codec == "opus" else spec.rate_hz
    return small.samples * rate // MIX_RATE


def played(path: Path) -> NDArray[np.float64]:
    """Decode a file with FFmpeg's library, full scale 1."""
    parts = []
    with av.open(str(path)) as source:
        for frame in source.decode(audio=0):
            part = frame.to_ndarray()[0]
            parts.append(part / 2.0**15 if part.dtype == np.int16 else part)
    return np.concatenate(parts).astype(np.float64)


def shown(path: Path, tool: ToolFinder) -> dict[str, list[dict[str, str]]]:
    """Give what ffprobe says."""
    found = subprocess.run(
        [
            *(tool("ffprobe"), "-v", "error", "-of", "json"),
            *("-show_streams", "-show_chapters", "-show_format", path),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    told: dict[str, list[dict[str, str]]] = json.loads(found.stdout)
    return told


# --- length ------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "spec"), FORMATS)
def test_lengths_are_exact_where_the_format_can_tell_them(
    made: Made, name: str, spec: RenditionSpec
) -> None:
    path, wanted = made.files[name, spec.id], samples_of(made.small[name], spec)
    rate = MIX_RATE if spec.codec == "opus" else spec.rate_hz
    decoded = len(played(path)) - wanted
    told = round((File(str(path)).info.length - wanted / rate) * rate)
    if spec.plain:
        # Nothing in the file tells a player to drop the coder's delay: it plays two frames more,
        # 48 ms. Readers that guess from the size count the tags at both ends as sound too.
        assert decoded == 1_152
        assert 1_152 <= told <= 1_152 + 0.1 * rate
    elif spec.codec == "aac":
        # The last frame is filled up. mutagen counts the delay before the sound; FFmpeg does not.
        assert 0 <= decoded < FRAME
        assert told == FRAME
    else:
        assert decoded == 0
        assert told == 0


@pytest.mark.parametrize(("name", "spec"), EXACT)
def test_ffmpeg_and_ffprobe_agree_on_the_length(
    made: Made, name: str, spec: RenditionSpec, tool: ToolFinder
) -> None:
    path, wanted = made.files[name, spec.id], samples_of(made.small[name], spec)
    raw = subprocess.run(
        [tool("ffmpeg"), "-v", "error", "-i", path, "-f", "s16le", "-"],
        check=True,
        capture_output=True,
    ).stdout
    assert len(raw) == 2 * wanted
    rate = MIX_RATE if spec.codec == "opus" else spec.rate_hz
    # ffprobe counts what is coded: the closing frame of MP3, the pre-skip of Opus.
    beside = {"mp3": 1_152, "opus": 312}.get(spec.codec, 0)
    told = float(shown(path, tool)["streams"][0]["duration"])
    assert round(told * rate) == wanted + beside


@pytest.mark.parametrize(("name", "spec"), FORMATS)
def test_no_format_is_late(made: Made, name: str, spec: RenditionSpec) -> None:
    path = made.files[name, spec.id]
    sound = played(path)
    rate = MIX_RATE if spec.codec == "opus" else spec.rate_hz
    reference = played(made.files["podcast", "mp3"])
    if name in {"podcast", "low-data", "old-player"}:
        # The same pauses, so the same times.
        late = lag(np.abs(sound[: 3 * rate]), np.abs(reference[: 3 * MIX_RATE : MIX_RATE // rate]))
        # Players of the simplest kind begin 1105 samples of silence late: 46 ms.
        assert late == pytest.approx(1_105 if spec.plain else 0, abs=3)
    first = int(np.flatnonzero(np.abs(sound) > 0.01)[0]) / rate
    assert first < 0.3


def test_ffprobe_reads_the_edit_list_of_m4a_to_the_sample(made: Made, tool: ToolFinder) -> None:
    told = shown(made.files["share", "m4a"], tool)
    assert int(told["streams"][0]["duration_ts"]) == made.small["share"].samples // 3
    assert float(told["streams"][0]["start_time"]) == 0.0
    gapless = File(str(made.files["share", "m4a"]))["----:com.apple.iTunes:iTunSMPB"][0]
    _, delay, padding, samples, *_ = bytes(gapless).split()
    assert int(delay, 16) == FRAME
    assert int(samples, 16) == made.small["share"].samples // 3
    assert (int(delay, 16) + int(padding, 16) + int(samples, 16)) % FRAME == 0


# --- M4A -----------------------------------------------------------------------------


def test_m4a_has_chapters_tags_and_language_and_no_trace_of_when_it_was_made(
    made: Made, tool: ToolFinder
) -> None:
    path = made.files["share", "m4a"]
    told = shown(path, tool)
    assert [one["tags"]["title"] for one in told["chapters"]] == list(TITLES)  # type: ignore[index]
    starts = [round(float(one["start_time"]) * 1000) for one in told["chapters"]]
    assert starts == [one.start_ms for one in made.small["share"].tags.chapters]
    assert told["streams"][0]["tags"]["language"] == "spa"  # type: ignore[index]
    found = File(str(path))
    assert found["\xa9nam"] == ["Tus documentos: qué llevar"]
    assert found["trkn"] == [(12, 0)]
    assert bytes(found["----:com.apple.iTunes:EXPIRES"][0]) == b"2026-12-06"
    gain = float(bytes(found["----:com.apple.iTunes:REPLAYGAIN_TRACK_GAIN"][0]).split()[0])
    heard = ebur128(played(path), 16_000).integrated
    assert gain == pytest.approx(-18.0 - heard, abs=0.11)
    data = path.read_bytes()
    assert b"Lavf" not in data
    assert b"Lavc" not in data
    # moov stands before the sound, so that a phone can begin while it still loads.
    assert data.index(b"moov") < data.index(b"mdat")


def test_m4a_is_the_same_again_and_measured_as_it_is_decoded(made: Made, tmp_path: Path) -> None:
    edition = made.small["share"]
    job = edition.job("m4a", tmp_path / "again.m4a")
    loudness = write_rendition(job)
    assert digest_file(job.out) == digest_file(made.files["share", "m4a"])
    assert sorted(tmp_path.iterdir()) == [job.out]
    judge = ebur128(played(job.out), 16_000)
    assert loudness.integrated == pytest.approx(judge.integrated, abs=0.1)
    assert loudness.true_peak == pytest.approx(judge.true_peak, abs=0.2)


def test_where_aac_peaks_too_high_it_gives_way_and_keeps_its_loudness(
    made: Made, tmp_path: Path
) -> None:
    job = made.small["share"].job("m4a", tmp_path / "low.m4a")
    free = write_rendition(job)
    # The coder is held 0.1 dB below, so that its highest moments are over.
    low = replace(job, max_dbtp=Dbtp(free.true_peak + 0.02))
    held = write_rendition(low)
    assert held.true_peak <= low.max_dbtp - 0.1
    assert held.true_peak < free.true_peak
    assert held.integrated == pytest.approx(free.integrated, abs=0.2)


def test_a_peak_that_stays_is_an_error_and_leaves_nothing(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audio.m4a._ROUNDS", 1)
    job = replace(made.small["share"].job("m4a", tmp_path / "no.m4a"), max_dbtp=Dbtp(-9.0))
    with pytest.raises(ProductionError, match="under its ceiling") as caught:
        write_rendition(job)
    assert caught.value.code is ExitCode.SOUND
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("part", [0.0, 0.5, 0.99, 0.999])
def test_a_full_disk_is_told_as_such_wherever_it_ends(
    made: Made, tmp_path: Path, part: float
) -> None:
    size = made.files["share", "m4a"].stat().st_size
    job = made.small["share"].job("m4a", tmp_path / "full.m4a")
    job.out.write_bytes(b"earlier")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file may grow beyond this: the moment of the failure moves through every stage.
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size * part), hard))
    try:
        with pytest.raises(ProductionError) as caught:
            write_rendition(job)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.code is ExitCode.STORAGE
    assert list(tmp_path.iterdir()) == [job.out]
    assert job.out.read_bytes() == b"earlier"


# --- sizes, old players, telephone lines ---------------------------------------------


def test_a_minute_to_share_is_small_and_four_minutes_have_a_play_button(made: Made) -> None:
    edition = made.small["share"]
    seconds = edition.samples / MIX_RATE
    for name, most in (("voice", 4 * 60), ("m4a", 40 * 60)):
        spec = next(one for one in edition.profile.renditions if one.id == name)
        size = made.files["share", name].stat().st_size
        assert size / seconds * most <= spec.max_bytes, name
    assert made.files["share", "voice"].suffix == ".ogg"


@pytest.mark.parametrize("name", [("share", "voice"), ("low-data", "opus-16")])
def test_opus_of_16_kbit_is_what_a_voice_message_is(
    made: Made, name: tuple[str, str], tool: ToolFinder
) -> None:
    found = subprocess.run(
        [tool("opusinfo"), made.files[name]], check=True, capture_output=True, text=True
    )
    told = found.stdout + found.stderr
    assert "WARNING" not in told
    assert "Channels: 1" in told
    assert "Original sample rate: 16000 Hz" in told
    assert "Packet duration:   60.0ms (max),   60.0ms (avg),   60.0ms (min)" in told
    # The band is that of 16 kHz: above is only what the decoder's own filter lets through.
    spectrum = np.abs(np.fft.rfft(played(made.files[name])))
    hertz = np.fft.rfftfreq(2 * len(spectrum) - 2, 1 / MIX_RATE)
    below, above = spectrum[hertz < 8_000], spectrum[hertz > 8_500]
    assert 10 * math.log10((above**2).sum() / (below**2).sum()) < -35


def test_an_old_player_finds_the_first_frame_within_a_kilobyte_and_nothing_strange(
    made: Made, tool: ToolFinder
) -> None:
    path = made.files["old-player", "mp3-old-player"]
    data = path.read_bytes()
    size = int.from_bytes(data[6:10], "big")
    first = 10 + sum((size >> 8 * byte & 0x7F) << 7 * byte for byte in range(4))
    assert first < 1_024
    # MPEG-2 layer III, 32 kbit/s, 24 kHz, mono; the very first frame is sound, no Info frame.
    assert data[first : first + 2] == b"\xff\xf3"
    assert data[first + 2] == 0x44
    assert b"Info" not in data[:4_096]
    assert b"APIC" not in data
    frames = (len(data) - first - 128) / 96
    assert frames == made.small["old-player"].samples // 1_152 + 2
    for command in ((tool("mp3val"), path), (tool("mpg123"), "-q", "-t", path)):
        told = subprocess.run(command, check=True, capture_output=True, text=True)
        assert "WARNING" not in told.stdout + told.stderr
        assert "rror" not in told.stderr


def test_a_telephone_hears_its_band_at_16_db_below_full_scale(made: Made) -> None:
    edition = made.small["phone-line"]
    sound = played(made.files["phone-line", "wav"])
    # The last slot is speech alone.
    speech = sound[-edition.results[-1].samples // 6 :]
    upsampled = np.repeat(speech, 6).astype(np.float32)
    assert active_level([upsampled]).rms == pytest.approx(-16.0, abs=1.0)
    spectrum = np.abs(np.fft.rfft(speech)) ** 2
    hertz = np.fft.rfftfreq(len(speech), 1 / 8_000)
    whole = spectrum.sum()
    for outside in (hertz < 200, hertz > 3_600):
        assert 10 * math.log10(spectrum[outside].sum() / whole) < -40
