"""Where the CPU of one slot goes, stage by stage, against its own floor.

    python bench/slot.py             a slot of about a minute in each of three languages
    python bench/slot.py --quick     in one

Speech over a bed with a sting, as the podcast profile codes it. Each stage is timed without what it
calls of another; the best of the repeats counts. The floor is what the two encoders took within it
(bench/floor.py measures them apart, and a meter's pass).
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from audio import coding, lame, libopus, limiter, loudness, mp3_slots, opus_slots, peaks, slots  # noqa: E402  # noqa: E402 - after the path
from audio.jobs import Line, SlotJob, SpeakJob  # noqa: E402
from audio.voices.speaking import say  # noqa: E402
from bench.options import Size, run_benchmark  # noqa: E402
from bench.workload import read_phrases, write_sounds  # noqa: E402
from programme.profiles import profiles  # noqa: E402
from programme.sound import MIX_RATE  # noqa: E402
from programme.units import DurationMs, LanguageTag  # noqa: E402

VOICES = {"es-419": "es-419", "en": "en-us", "fr": "fr"}
SENTENCES = 12
WORDS_PER_MINUTE = 150
CODECS = ("LAME", "libopus")
STAGES: tuple[tuple[object, str, str], ...] = (
    (lame.LameEncoder, "__init__", "LAME"),
    (lame.LameEncoder, "encode", "LAME"),
    (lame.LameEncoder, "flush", "LAME"),
    (libopus.LibopusCodec, "encode", "libopus"),
    (libopus.LibopusCodec, "decode", "decode Opus"),
    (mp3_slots, "_decoded", "decode MP3"),
    (mp3_slots.Mp3SlotCoder, "push", "frames"),
    (opus_slots.OpusSlotCoder, "push", "packets"),
    (loudness.EnergyMeter, "push", "loudness"),
    (peaks.PeakMeter, "push", "true peaks"),
    (limiter, "outline_of", "limiter: look"),
    (limiter.Limiter, "kept", "limiter: gain"),
    (limiter, "_limited", "limiter: limit"),
    (slots, "read_take_blocks", "takes"),
    (slots, "read_sound", "sounds"),
    (slots, "lay", "mix"),
    (slots, "bed_blocks", "mix"),
    (slots, "mix", "mix"),
    (slots, "mixed_energies", "mix"),
    (slots, "write_energies", "files"),
    (coding, "beside", "files"),
)


class Clock:
    """CPU seconds of stages, each without what it called of another."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._open = ["rest"]
        self._since = time.process_time()

    def restart(self) -> None:
        """Forget what was measured."""
        self.spent = defaultdict(float)
        self._since = time.process_time()

    def turn(self) -> None:
        """Give the time since the last turn to the innermost stage."""
        now = time.process_time()
        self.spent[self._open[-1]] += now - self._since
        self._since = now

    def within(self, stage: str, step: Callable[[], Any]) -> Any:  # noqa: ANN401 - passed through
        """Take a step of a stage."""
        self.turn()
        self._open.append(stage)
        try:
            return step()
        finally:
            self.turn()
            self._open.pop()

    def watch(self, owner: object, name: str, stage: str) -> None:
        """Count a function's time, and that of the stream it gives, as a stage's."""
        function = getattr(owner, name)

        @wraps(function)
        def watched(*args: object, **kwargs: object) -> object:
            result = self.within(stage, lambda: function(*args, **kwargs))
            return self._steps(result, stage) if isinstance(result, Iterator) else result

        setattr(owner, name, watched)

    def _steps(self, stream: Iterator[object], stage: str) -> Iterator[object]:
        nothing = object()
        while (one := self.within(stage, lambda: next(stream, nothing))) is not nothing:
            yield one


def _job(folder: Path, language: str, seed: int) -> SlotJob:
    """Speak a minute, into memory as a build does, and lay it over the workload's bed."""
    phrases = read_phrases()[language]
    shape = [len(parts) for parts in (phrases.openings, phrases.statements, phrases.endings)]
    lines = []
    for number in range(SENTENCES):
        first, second, third = (
            (seed + number * step) % size for step, size in zip((5, 7, 3), shape, strict=True)
        )
        take, info = say(
            SpeakJob(
                engine="espeak",
                voice=VOICES[language],
                language=LanguageTag(language),
                text=phrases.sentence((first, second, third)),
                words_per_minute=WORDS_PER_MINUTE,
            )
        )
        pause_ms = DurationMs(900 if number % 4 == 3 else 450)
        lines.append(Line(take=take, info=info, pause_ms=pause_ms))
    profile = profiles()["podcast"]
    return SlotJob(
        lines=tuple(lines),
        sting=folder / "sting.wav",
        bed=folder / "bed.wav",
        profile=profile,
        coded={spec.id: folder / f"{language}.{spec.id}" for spec in profile.renditions},
        energies={spec.id: folder / f"{language}.{spec.id}.e" for spec in profile.renditions},
    )


def _run(work: Path, given: argparse.Namespace, count: int) -> dict[str, object]:
    write_sounds(work)
    jobs = [_job(work, language, given.seed) for language in list(VOICES)[:count]]
    clock = Clock()
    for owner, name, stage in STAGES:
        clock.watch(owner, name, stage)
    slots.render_slot(jobs[0])
    whole: dict[str, float] = defaultdict(float)
    minutes = 0.0
    for job in jobs:
        runs = []
        minutes += slots.plan_of(job).total / MIX_RATE / 60
        for _ in range(given.repeats):
            clock.restart()
            slots.render_slot(job)
            clock.turn()
            runs.append(clock.spent)
        for stage in runs[0]:
            whole[stage] += min(run[stage] for run in runs)
    codecs = sum(whole[name] for name in CODECS)
    print(f"{minutes:.1f} minutes of sound\n{'':<16}{'ms a minute':>12}{'of the codecs':>15}")
    for stage, spent in sorted(whole.items(), key=lambda one: -one[1]):
        print(f"{stage:<16}{spent / minutes * 1000:12.1f}{spent / codecs:15.1%}")
    print(f"\nall of it against its codecs: {sum(whole.values()) / codecs:.2f}")
    return {
        "minutes": minutes,
        "cpu_s": dict(whole),
        "to_codecs": sum(whole.values()) / codecs,
    }


def main() -> int:
    """Read the options, measure, write the JSON."""
    size = Size(name="languages", whole=len(VOICES), quick=1)
    return run_benchmark(__doc__, size, _run, repeats="of each slot; the best of each stage taken")


if __name__ == "__main__":
    sys.exit(main())
