"""The floor of a workload: speech, one loudness pass, one MP3 and one Opus, each alone."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.plain import SPEECH_RATE, digits, engine_voice
from bench.process import CommandFailedError
from bench.workload import RATE_HZ, Workload

FLOOR = Path(__file__).with_name("floor.py")
SAMPLE_S = 300
"""Seconds of speech on which the meter and the coders are timed, then reckoned up to the whole."""
CODERS = ("mp3", "opus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """CPU seconds for the workload's sound, each alone."""

    speech_s: float
    loudness_s: float
    mp3_s: float
    opus_s: float
    crowded: float
    """What the coders cost with two running at once, against one alone."""

    @property
    def sum_s(self) -> float:
        """Everything that cannot be left out."""
        return self.speech_s + self.loudness_s + self.mp3_s + self.opus_s


def make_sample(work: Path, workload: Workload) -> Path:
    """Speak the first language, and write its first minutes as the coders are given them."""
    language = workload.languages[0]
    spoken, pcm = _speak(work, workload, language)
    sample = work / "sample.pcm"
    sample.write_bytes(_at_mix_rate(pcm.read_bytes(), spoken["rate_hz"]))
    pcm.unlink()
    return sample


def coders_s(sample: Path) -> float:
    """Give the CPU seconds of both coders over the sample, one after the other."""
    return sum(_floor(kind, sample)["cpu_s"] for kind in CODERS)


def measure_floor(work: Path, workload: Workload, sample: Path, sound_s: float) -> Floor:
    """Measure speech on every sentence, the rest on a sample, and reckon up to the sound.

    Args:
        work: a folder to work in.
        workload: whose sentences are spoken.
        sample: what ``make_sample`` wrote.
        sound_s: length of all editions together, which is what meter and coders are given.

    Raises:
        CommandFailedError: one of them failed.
    """
    speech_s = 0.0
    for language in workload.languages:
        spoken, pcm = _speak(work, workload, language)
        speech_s += spoken["cpu_s"]
        pcm.unlink()
    costs = {kind: _floor(kind, sample) for kind in ("loudness", *CODERS)}
    rate = {kind: cost["cpu_s"] / cost["sound_s"] for kind, cost in costs.items()}
    alone_s = sum(costs[kind]["cpu_s"] for kind in CODERS)
    crowded_s = sum(cost["cpu_s"] for kind in CODERS for cost in _two_at_once(kind, sample)) / 2
    return Floor(
        speech_s=speech_s,
        loudness_s=rate["loudness"] * sound_s,
        mp3_s=rate["mp3"] * sound_s,
        opus_s=rate["opus"] * sound_s,
        crowded=crowded_s / alone_s,
    )


def _speak(work: Path, workload: Workload, language: str) -> tuple[dict[str, float], Path]:
    text, pcm = work / f"{language}.txt", work / f"{language}.pcm"
    lines = [digits(line) for lines in workload.texts[language] for line in lines]
    text.write_text("\n".join(lines) + "\n", encoding="utf-8")
    spoken = _floor("speak", engine_voice(language), str(SPEECH_RATE), text, pcm)
    text.unlink()
    return spoken, pcm


def _floor(*arguments: str | Path) -> dict[str, float]:
    return _told(_begun(*arguments))


def _two_at_once(*arguments: str | Path) -> list[dict[str, float]]:
    """Measure the same twice at the same time, as two workers do it."""
    both = [_begun(*arguments) for _ in range(2)]
    return [_told(one) for one in both]


def _begun(*arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, FLOOR, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _told(process: subprocess.Popen[str]) -> dict[str, float]:
    told, complaints = process.communicate()
    if process.returncode:
        raise CommandFailedError(f"{process.args!r}:\n{complaints}")
    result: dict[str, float] = json.loads(told)
    return result


def _at_mix_rate(pcm: bytes, rate_hz: float) -> bytes:
    import numpy as np
    import soxr

    sound = np.frombuffer(pcm, dtype="<i2")[: round(SAMPLE_S * rate_hz)]
    mixed = soxr.resample(sound.astype(np.float32), rate_hz, RATE_HZ)
    return bytes(np.rint(np.clip(mixed, -32768, 32767)).astype("<i2").tobytes())
