"""Measure Altavoz on workload W: a cold build, a build with nothing to do, one changed sentence.

    python bench/run.py              W: 24 segments in six languages, some two hours of sound
    python bench/run.py --quick      Wq: a quarter of it

Beside it, in the same run, stands the floor: what the voice and the two encoders cost alone
for the same sound. Times are CPU seconds (user and system, every process of the tree) and wall
seconds; compare the ratios, because machines and their other work differ.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.machine import machine  # noqa: E402 - after the path
from bench.options import Size, run_benchmark  # noqa: E402
from bench.process import CommandFailedError, Cost, measure  # noqa: E402
from bench.workload import Workload, change_one_sentence, write_workload  # noqa: E402

CODED_SAMPLE_S = 300
"""Seconds of speech that the encoders' floor is measured on, then reckoned up to the whole."""
SPEECH_RATE = 150
ENGINE_VOICES = {"es-419": "es-419", "en": "en-us", "fr": "fr-fr", "pt-BR": "pt-br"}
CHANGED_LANGUAGE = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """CPU seconds for the workload's sound, each alone."""

    speech_s: float
    mp3_s: float
    opus_s: float

    @property
    def sum_s(self) -> float:
        """Everything that cannot be left out."""
        return self.speech_s + self.mp3_s + self.opus_s


def _floor_step(*arguments: str | Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, ROOT / "bench" / "floor.py", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandFailedError(f"floor.py {arguments[0]}:\n{done.stderr}")
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _at_mix_rate(pcm: bytes, rate_hz: float) -> bytes:
    import numpy as np
    import soxr

    sound = np.frombuffer(pcm, dtype="<i2")[: round(CODED_SAMPLE_S * rate_hz)]
    mixed = soxr.resample(sound.astype(np.float32), rate_hz, 48_000)
    return bytes(np.rint(np.clip(mixed, -32768, 32767)).astype("<i2").tobytes())


def measure_floor(work: Path, workload: Workload, sound_s: float) -> Floor:
    """Measure speech on every sentence, the encoders on a sample, and reckon up to the sound."""
    speech_s, sample = 0.0, b""
    for language, lines in workload.texts.items():
        text, pcm = work / f"{language}.txt", work / f"{language}.pcm"
        text.write_text("\n".join(lines) + "\n", encoding="utf-8")
        voice = ENGINE_VOICES.get(language, language)
        spoken = _floor_step("speak", voice, str(SPEECH_RATE), text, pcm)
        speech_s += spoken["cpu_s"]
        sample = sample or _at_mix_rate(pcm.read_bytes(), spoken["rate_hz"])
        pcm.unlink()
    coded = work / "sample.pcm"
    coded.write_bytes(sample)
    costs = {kind: _floor_step(kind, coded) for kind in ("mp3", "opus")}
    rate = {kind: cost["cpu_s"] / cost["sound_s"] for kind, cost in costs.items()}
    return Floor(speech_s=speech_s, mp3_s=rate["mp3"] * sound_s, opus_s=rate["opus"] * sound_s)


def sound_seconds(workspace: Path) -> float:
    """Give the length of all editions that a build made."""
    from mutagen.mp3 import MP3

    found = [MP3(path) for path in sorted((workspace / "build").rglob("*.mp3"))]
    lengths = [float(about.info.length) for about in found]  # type: ignore[attr-defined]
    if not lengths:
        raise CommandFailedError("the build left no MP3 in the workspace's build folder")
    return sum(lengths)


def _repeat(times: int, run: Callable[[], Cost]) -> Cost:
    """Give the run with the median CPU time."""
    runs = sorted((run() for _ in range(times)), key=lambda cost: cost.cpu_s)
    return runs[len(runs) // 2]


def _show(name: str, cost: Cost, floor: Floor | None = None) -> None:
    memory = cost.peak_tree_mb if cost.peak_tree_mb is not None else cost.peak_process_mb
    line = f"{name:<22}{cost.cpu_s:9.2f}{cost.wall_s:9.2f}{memory:9.0f}"
    if floor is not None:
        line += f"{cost.cpu_s / floor.sum_s:9.2f}"
    print(line, flush=True)


def run(work: Path, *, seed: int, segments: int, languages: int, repeats: int) -> dict[str, object]:
    """Measure everything once and print as it goes; give what the JSON file holds."""
    place = work / "workspace"
    workload = write_workload(place, seed=seed, segments=segments, languages=languages)
    print(
        f"{segments} segments, {workload.sentences} sentences, {len(workload.languages)} languages"
    )
    altavoz = Path(sys.executable).with_name("altavoz")
    build: list[str | Path] = [altavoz, "build", "-w", place]
    cold = measure(build, cwd=work)
    sound_s = sound_seconds(place)
    floor = measure_floor(work, workload, sound_s)
    print(f"{sound_s:.0f} s of sound, each in MP3 and Opus")
    print(f"floor, CPU s: speech {floor.speech_s:.1f}, MP3 {floor.mp3_s:.1f}, ", end="")
    print(f"Opus {floor.opus_s:.1f}, together {floor.sum_s:.1f}\n")
    print(f"{'':<22}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'/ floor':>9}")
    _show("cold build", cold, floor)
    idle = _repeat(repeats, lambda: measure(build, cwd=work))
    _show("nothing to do", idle)
    changed_file = change_one_sentence(workload, CHANGED_LANGUAGE)
    change = measure(build, cwd=work)
    _show("one sentence changed", change)
    asked = _repeat(repeats, lambda: measure([altavoz, "--help"], cwd=work))
    _show("altavoz --help", asked)
    print(
        f"\none sentence costs {change.cpu_s / cold.cpu_s:.1%} of the cold build ({changed_file})"
    )
    return {
        "machine": machine(),
        "workload": {
            "seed": seed,
            "segments": segments,
            "languages": workload.languages,
            "sentences": workload.sentences * len(workload.languages),
            "sound_s": round(sound_s, 1),
        },
        "floor_cpu_s": {**asdict(floor), "sum_s": floor.sum_s},
        "cold": asdict(cold),
        "idle": asdict(idle),
        "one_sentence": asdict(change),
        "help": asdict(asked),
        "ratios": {
            "cold_to_floor": cold.cpu_s / floor.sum_s,
            "one_sentence_to_cold": change.cpu_s / cold.cpu_s,
            "sound_to_cold_wall": sound_s / cold.wall_s,
        },
    }


def _measured(work: Path, given: argparse.Namespace, segments: int) -> dict[str, object]:
    return run(
        work,
        seed=given.seed,
        segments=segments,
        languages=given.languages,
        repeats=given.repeats,
    )


def _languages(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--languages", type=int, default=6, choices=range(2, 7))


def main() -> int:
    """Read the options, measure, write the JSON."""
    size = Size(name="segments", whole=24, quick=6)
    return run_benchmark(__doc__, size, _measured, more=_languages)


if __name__ == "__main__":
    sys.exit(main())
