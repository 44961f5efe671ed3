"""What telephones make is decoded, and nothing of it but its sound is kept."""

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audio.chains import through
from audio.clean_takes import clean_recording
from audio.decode import decode_blocks, probe
from audio.jobs import RecordingJob
from audio.mixer import BLOCK, Replay
from audio.pauses import frames_of
from audio.recordings import import_recording
from audio.speech_level import measure_speech
from audio.take_quality import measure_take
from audio.takes import read_take_blocks
from programme.units import Hz, Samples
from tests.audio.take_material import RATE, band_noise, speech, write_wav

CANARY = "Ixchel-7d1f"
PLACE = "+14.6349-090.5069/"
FORMATS = {
    "m4a": "-c:a aac -b:a 64k",
    "opus": "-c:a libopus -b:a 24k",
    "ogg": "-c:a libvorbis",
    "mp3": "-b:a 64k",
    "webm": "-c:a libopus -b:a 32k",
    "caf": "-c:a pcm_s16le",
    "flac": "-c:a flac",
    "wav": "-c:a pcm_s24le",
    "aiff": "-c:a pcm_s16be",
}


def kept(source: Path) -> tuple[Path, Any]:
    out = source.with_name("kept.flac")
    quality = clean_recording(source, where=source.name, out=out)
    assert quality.length_s == pytest.approx(len(heard(out)) / RATE, abs=0.01)
    return out, quality


def heard(path: Path) -> Any:
    return np.concatenate(list(decode_blocks(path)))


@pytest.mark.tools
@pytest.mark.parametrize("ending", FORMATS)
def test_a_telephones_file_is_kept_as_clean_sound(tmp_path: Path, ending: str, tool: Any) -> None:
    clean = speech("Pida ayuda en cualquier oficina")
    wav = write_wav(tmp_path / "in.wav", clean + band_noise(clean.size) * 1e-3)
    source = tmp_path / f"{CANARY}.{ending}"
    tags = [
        part
        for key in (
            "title",
            "artist",
            "comment",
            "location",
            "com.apple.quicktime.location.ISO6709",
        )
        for part in ("-metadata", f"{key}={CANARY if 'location' not in key else PLACE}")
    ]
    subprocess.run(
        [tool("ffmpeg"), "-v", "error", "-i", wav, *FORMATS[ending].split(), *tags, source],
        check=True,
    )
    if ending not in {"caf", "aiff"}:
        data = source.read_bytes()
        assert CANARY.encode() in data or PLACE.encode() in data
    out, quality = kept(source)
    data = out.read_bytes()
    for told in (CANARY, PLACE, "Lavf", "Lavc"):
        assert told.encode() not in data
    assert quality.speech_s == pytest.approx(measure_take(clean, Hz(RATE)).speech_s, abs=0.1)
    listed = subprocess.run(
        [tool("ffprobe"), "-v", "error", "-show_entries", "format_tags:stream_tags", out],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "TAG" not in listed


@pytest.mark.tools
@pytest.mark.parametrize("ending", ["amr", "3gp"])
def test_amr_whose_pauses_were_left_out_is_whole(tmp_path: Path, ending: str, tool: Any) -> None:
    # sox leaves pauses out (DTX), as telephones do; FFmpeg's own decoder refuses that
    clean = speech("Pida ayuda en cualquier oficina")
    wav = write_wav(tmp_path / "in.wav", clean)
    amr = tmp_path / "a.amr"
    subprocess.run([tool("sox"), wav, "-r", "8000", "-c", "1", "-t", "amr-nb", amr], check=True)
    source = tmp_path / f"a.{ending}"
    if ending == "3gp":
        subprocess.run([tool("ffmpeg"), "-v", "error", "-i", amr, "-c", "copy", source], check=True)
    _, quality = kept(source)
    assert quality.length_s == pytest.approx(clean.size / RATE, abs=0.06)
    assert quality.speech_s == pytest.approx(measure_take(clean, Hz(RATE)).speech_s, abs=0.15)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
def test_what_was_lossless_stays_so_sample_by_sample(tmp_path: Path, rate: int) -> None:
    sound = speech("Pida ayuda")[:: RATE // rate] if RATE % rate == 0 else speech("Pida ayuda")
    source = write_wav(tmp_path / "a.wav", sound, rate=rate)
    out, _ = kept(source)
    assert (probe(out).rate_hz, probe(out).codec) == (rate, "flac")
    before, after = (
        np.concatenate(list(decode_blocks(p, rate_hz=Hz(rate)))) for p in (source, out)
    )
    assert np.array_equal(before, after)


def test_the_same_recording_is_kept_as_the_same_bytes(tmp_path: Path) -> None:
    source = write_wav(tmp_path / "a.wav", speech("Pida ayuda"))
    first = kept(source)[0].read_bytes()
    assert kept(source)[0].read_bytes() == first


def take_of(path: Path, sound: Any) -> Any:
    source = write_wav(path / "in.wav", sound)
    import_recording(RecordingJob(source=source, where="in.wav", out=path / "take.flac"))
    return np.concatenate(list(read_take_blocks(path / "take.flac")))


def over_noise_db(sound: Any, spoken_in: Any) -> float:
    """Give speech over the noise in pauses, by the pauses of a sound that is easy to judge."""
    found = measure_speech(spoken_in, Hz(RATE))
    assert found is not None
    frames = frames_of(sound.astype(np.float32), Hz(RATE), found.active)
    noise = np.median(frames.power[frames.is_pause])
    return float(10 * np.log10(frames.power[~frames.is_pause].mean() / noise - 1))


@pytest.mark.parametrize("snr_db", [45, 30, 20, 15])
@pytest.mark.parametrize("language", ["es-419", "fr"])
def test_no_chain_brings_the_noise_of_a_recording_up_by_6_db(
    tmp_path: Path, snr_db: int, language: str
) -> None:
    clean = speech(language=language)
    level = measure_speech(clean, Hz(RATE))
    assert level is not None
    noise = band_noise(clean.size) * 10 ** ((level.active_db - snr_db) / 20)
    take = take_of(tmp_path, clean + noise)
    blocks = [take[start : start + BLOCK] for start in range(0, take.size, BLOCK)]
    carried = through(
        "loudspeaker", Replay(lambda: iter(blocks), Samples(take.size)), Samples(take.size)
    )
    for sound in (take, np.concatenate(list(carried))):
        assert over_noise_db(sound, take) > snr_db - 6


@pytest.mark.parametrize("noise_db", [None, -70])
def test_words_that_fade_in_and_out_survive_the_trim(tmp_path: Path, noise_db: int | None) -> None:
    # a vowel that rises and falls by 45 dB over half a second at both ends
    times = np.arange(2 * RATE) / RATE
    vowel = sum(np.sin(2 * np.pi * 150 * n * times) / n for n in range(1, 9))
    fade_db = np.minimum(0.0, 90 * np.minimum(times, 2 - times) - 45)
    word = (0.1 * vowel * 10 ** (fade_db / 20)).astype(np.float32)
    silence = np.zeros(RATE, np.float32)
    sound = np.concatenate((silence, word, silence))
    if noise_db is not None:
        sound = sound + band_noise(sound.size) * 10 ** (noise_db / 20)
    take = take_of(tmp_path, sound)
    lost_s = 2.0 - take.size / RATE
    assert lost_s < 0.0
    # its fades are as they were: the middle of the fade stands 22 dB under the vowel
    gain = np.abs(take).max() / np.abs(word).max()
    at = int(np.argmax(np.correlate(np.abs(take[::48]), np.abs(word[::48]), "valid"))) * 48
    middle = slice(at + RATE // 4 - 480, at + RATE // 4 + 480)
    own = slice(RATE // 4 - 480, RATE // 4 + 480)
    ratio = np.sqrt((take[middle] ** 2).mean() / (word[own] ** 2).mean()) / gain
    assert ratio == pytest.approx(1.0, abs=0.2)
