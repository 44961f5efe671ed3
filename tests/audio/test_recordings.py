"""What people record becomes a take: trimmed, levelled, without a trace of where it was made."""

from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream

from audio.jobs import RecordingJob
from audio.recordings import import_recording
from audio.takes import read_take_blocks
from audio.voices.espeak import EspeakVoice
from programme.errors import ExitCode, ProductionError
from programme.sound import MIX_RATE
from programme.units import LanguageTag

CANARY = "Ixchel-7d1f"


def speech(seconds_before: float = 1.0, seconds_after: float = 2.0, gain: float = 1.0) -> Any:
    """Give somebody speaking Spanish between two silences, at 22,050 Hz."""
    voice = EspeakVoice(name="es-419", language=LanguageTag("es-419"))
    text = "Si viaja con niñas o niños, no los deje solos."
    pcm = voice.speak(text, words_per_minute=140).pcm / 32_768 * gain
    before, after = (np.zeros(int(s * 22_050)) for s in (seconds_before, seconds_after))
    return np.concatenate((before, pcm, after)).astype(np.float32)


SPOKEN = len(speech(0, 0)) / 22_050


def record(path: Path, sound: Any, codec: str = "pcm_s16le", form: str = "wav") -> Path:
    with av.open(str(path), "w", format=form) as out:
        out.metadata.update({"title": CANARY, "artist": CANARY, "comment": CANARY})
        rate = 48_000 if codec == "libopus" else 22_050
        stream = cast("AudioStream", out.add_stream(codec, rate=rate, layout="mono"))
        clipped = np.clip(sound, -1, 1)
        pcm = np.rint(clipped * 32_767).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.sample_rate = 22_050
        for part in av.AudioResampler(
            format=stream.codec_context.format, layout="mono", rate=rate
        ).resample(frame):
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return path


def job(source: Path) -> RecordingJob:
    return RecordingJob(
        source=source, where="recordings/agua/quc/1.wav", out=source.with_name("take.flac")
    )


def take(source: Path) -> Any:
    info = import_recording(job(source))
    sound = np.concatenate(list(read_take_blocks(job(source).out)))
    assert (info.rate_hz, info.samples, info.words) == (MIX_RATE, len(sound), ())
    return sound


def refusal(source: Path) -> ProductionError:
    with pytest.raises(ProductionError) as caught:
        import_recording(job(source))
    assert caught.value.where == "recordings/agua/quc/1.wav"
    assert caught.value.remedy
    assert not job(source).out.exists()
    return caught.value


def active_rms_db(sound: Any) -> float:
    frames = sound[: len(sound) // 960 * 960].reshape(-1, 960)
    power = (frames.astype(np.float64) ** 2).mean(axis=1)
    return float(10 * np.log10(power[power > power.max() / 300].mean()))


@pytest.mark.parametrize("gain", [0.05, 0.3, 1.0])
def test_a_soft_and_a_loud_recording_come_out_equally_loud(tmp_path: Path, gain: float) -> None:
    sound = take(record(tmp_path / "a.wav", speech(gain=gain)))
    assert active_rms_db(sound) == pytest.approx(-20, abs=2)
    assert np.abs(sound).max() <= 10 ** (-1 / 20) + 1e-4


@pytest.mark.parametrize("noise_db", [None, -60, -45])
def test_the_silence_around_the_words_goes_and_the_words_stay(
    tmp_path: Path, noise_db: int | None
) -> None:
    sound = speech()
    if noise_db is not None:
        hiss = np.random.default_rng(1).normal(0, 10 ** (noise_db / 20), len(sound))
        sound = sound + hiss
    seconds = len(take(record(tmp_path / "a.wav", sound))) / MIX_RATE
    # 60 ms are kept before and 150 after, in steps of 10 ms; soft ends may drown in noise.
    assert SPOKEN + 0.10 < seconds < SPOKEN + 0.26


def test_a_pause_between_words_stays(tmp_path: Path) -> None:
    sound = np.concatenate((speech(0, 1.5), speech(0, 0)))
    seconds = len(take(record(tmp_path / "a.wav", sound))) / MIX_RATE
    assert seconds == pytest.approx(2 * SPOKEN + 1.5, abs=0.25)


def test_a_take_begins_and_ends_softly(tmp_path: Path) -> None:
    hiss = np.random.default_rng(1).normal(0, 0.005, len(speech()))
    sound = take(record(tmp_path / "a.wav", speech() + hiss))
    assert abs(sound[0]) < 1e-3
    assert abs(sound[-1]) < 1e-3


def test_a_constant_offset_is_taken_away(tmp_path: Path) -> None:
    sound = take(record(tmp_path / "a.wav", 0.5 * speech() + 0.2))
    assert abs(sound.mean()) < 0.01
    assert len(sound) / MIX_RATE < SPOKEN + 0.3


@pytest.mark.parametrize(
    ("codec", "form"),
    [("libmp3lame", "mp3"), ("libopus", "ogg"), ("aac", "ipod"), ("flac", "flac")],
)
def test_what_phones_send_becomes_the_same_take(tmp_path: Path, codec: str, form: str) -> None:
    wanted = take(record(tmp_path / "a.wav", speech()))
    sound = take(record(tmp_path / "b", speech(), codec, form))
    assert len(sound) == pytest.approx(len(wanted), abs=0.06 * MIX_RATE)
    assert active_rms_db(sound) == pytest.approx(active_rms_db(wanted), abs=1)


@pytest.mark.parametrize("form", ["wav", "flac"])
def test_nothing_of_the_sources_tags_reaches_the_take(tmp_path: Path, form: str) -> None:
    codec = "pcm_s16le" if form == "wav" else "flac"
    source = record(tmp_path / "a", speech(), codec, form)
    assert CANARY.encode() in source.read_bytes()
    take(source)
    assert CANARY.encode() not in job(source).out.read_bytes()


def test_the_same_recording_gives_the_same_bytes(tmp_path: Path) -> None:
    source = record(tmp_path / "a.wav", speech())
    take(source)
    first = job(source).out.read_bytes()
    take(source)
    assert job(source).out.read_bytes() == first


def test_a_silent_recording_is_refused(tmp_path: Path) -> None:
    error = refusal(record(tmp_path / "a.wav", np.zeros(44_100, np.float32)))
    assert error.problem == "nothing is heard in the recording"
    assert error.code is ExitCode.SOUND


def test_a_recording_from_inside_a_pocket_is_refused(tmp_path: Path) -> None:
    error = refusal(record(tmp_path / "a.wav", speech(gain=0.002)))
    assert error.problem == "nothing is heard in the recording"


@pytest.mark.parametrize("gain", [20, 60])
def test_what_a_person_accepted_is_built_however_it_measures(tmp_path: Path, gain: float) -> None:
    sound = take(record(tmp_path / "a.wav", np.clip(speech(gain=gain), -1, 1)))
    assert np.abs(sound).max() <= 10 ** (-1 / 20) + 1e-4


def test_a_few_clipped_peaks_are_taken(tmp_path: Path) -> None:
    sound = speech()
    loudest = float(np.quantile(np.abs(sound), 0.9995))
    take(record(tmp_path / "a.wav", np.clip(sound, -loudest, loudest)))


@pytest.mark.parametrize("hz", [100, 440, 3_000])
def test_a_pure_tone_is_not_called_overdriven(tmp_path: Path, hz: int) -> None:
    tone = np.sin(2 * np.pi * hz * np.arange(44_100) / 22_050).astype(np.float32)
    assert len(take(record(tmp_path / "a.wav", 0.9 * tone)))


def test_a_click_is_no_recording(tmp_path: Path) -> None:
    sound = np.zeros(22_050, np.float32)
    sound[10_000:10_200] = 0.5 * np.sin(np.arange(200))
    error = refusal(record(tmp_path / "a.wav", sound))
    assert error.problem == "the recording is shorter than a word"


def test_a_few_samples_are_no_recording(tmp_path: Path) -> None:
    error = refusal(record(tmp_path / "a.wav", np.full(100, 0.5, np.float32)))
    assert error.code is ExitCode.SOUND


def test_a_damaged_file_is_refused_under_its_own_name(tmp_path: Path) -> None:
    source = record(tmp_path / "a.wav", speech())
    source.write_bytes(source.read_bytes()[:30_000])
    assert refusal(source).code is ExitCode.INPUT


def test_eleven_minutes_are_refused(tmp_path: Path) -> None:
    source = record(tmp_path / "a.flac", np.zeros(661 * 22_050, np.float32), "flac", "flac")
    assert "longer than 10 minutes" in refusal(source).problem
