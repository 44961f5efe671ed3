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


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """CPU seconds for the workload's sound, each alone."""

    speech_s: float
    loudness_s: float
    mp3_s: float
    opus_s: float

    @property
    def sum_s(self) -> float:
        """Everything that cannot be left out."""
        return self.speech_s + self.loudness_s + self.mp3_s + self.opus_s


def measure_floor(work: Path, workload: Workload, sound_s: float) -> Floor:
    """Measure speech on every sentence, the rest on a sample, and reckon up to the sound.

    Args:
        work: a folder to work in.
        workload: whose sentences are spoken.
        sound_s: length of all editions together, which is what meter and coders are given.

    Raises:
        CommandFailedError: one of them failed.
    """
    speech_s, sample = 0.0, b""
    for language, segments in workload.texts.items():
        text, pcm = work / f"{language}.txt", work / f"{language}.pcm"
        lines = [digits(line) for lines in segments for line in lines]
        text.write_text("\n".join(lines) + "\n", encoding="utf-8")
        spoken = _floor("speak", engine_voice(language), str(SPEECH_RATE), text, pcm)
        speech_s += spoken["cpu_s"]
        if not sample:
            sample = _at_mix_rate(pcm.read_bytes(), spoken["rate_hz"])
        pcm.unlink()
        text.unlink()
    heard = work / "sample.pcm"
    heard.write_bytes(sample)
    costs = {kind: _floor(kind, heard) for kind in ("loudness", "mp3", "opus")}
    rate = {kind: cost["cpu_s"] / cost["sound_s"] for kind, cost in costs.items()}
    return Floor(
        speech_s=speech_s,
        loudness_s=rate["loudness"] * sound_s,
        mp3_s=rate["mp3"] * sound_s,
        opus_s=rate["opus"] * sound_s,
    )


def _floor(*arguments: str | Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, FLOOR, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CommandFailedError(f"floor.py {arguments[0]}:\n{done.stderr}")
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _at_mix_rate(pcm: bytes, rate_hz: float) -> bytes:
    import numpy as np
    import soxr

    sound = np.frombuffer(pcm, dtype="<i2")[: round(SAMPLE_S * rate_hz)]
    mixed = soxr.resample(sound.astype(np.float32), rate_hz, RATE_HZ)
    return bytes(np.rint(np.clip(mixed, -32768, 32767)).astype("<i2").tobytes())
