"""What a bench of building measures, one command at a time: ours, the references, the floor."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.build_floor import Floor, measure_floor
from bench.plain import write_plain
from bench.process import CommandFailedError, Cost, measure
from bench.workload import (
    GATHERED,
    SCATTERED,
    Workload,
    change_one_fact,
    change_one_sentence,
    write_workload,
)

HERE = Path(__file__).parent
ALTAVOZ = Path(sys.executable).with_name("altavoz")
REFERENCES: Mapping[str, tuple[str | Path, ...]] = {
    "pydub": (sys.executable, HERE / "reference_pydub.py"),
    "ffmpeg": ("bash", HERE / "reference_ffmpeg.sh"),
}
NEEDED = ("ffmpeg", "ffprobe", "espeak-ng", "zip")
"""Programs that the references run."""
JOBS = 2
CLICK = (sys.executable, "-c", "import click")


@dataclass(slots=True)
class Place:
    """A workload written to a folder, with all that is run on it."""

    work: Path
    workload: Workload
    runs: dict[str, list[Cost]] = field(default_factory=dict)
    sounds_s: dict[str, float] = field(default_factory=dict)
    """Seconds of sound that a reference made: its pauses and its pace are its own."""
    floors: list[Floor] = field(default_factory=list)

    @classmethod
    def write(cls, work: Path, *, seed: int, segments: int, languages: int) -> "Place":
        """Write the workspace, and the plain texts for the references."""
        work.mkdir(parents=True, exist_ok=True)
        workload = write_workload(
            work / "workspace", seed=seed, segments=segments, languages=languages
        )
        write_plain(workload, work / "plain")
        return cls(work=work, workload=workload)

    def note(self, name: str, cost: Cost) -> Cost:
        """Keep what a run took, and print it."""
        self.runs.setdefault(name, []).append(cost)
        tree = cost.peak_tree_mb if cost.peak_tree_mb is not None else cost.peak_process_mb
        figures = f"{cost.cpu_s:10.2f}{cost.wall_s:10.2f}{tree:10.0f}{cost.written_mb:10.1f}"
        print(f"{name:<34}{figures}", flush=True)
        return cost

    def altavoz(self, *arguments: str | Path) -> Cost:
        """Run a command in the workspace."""
        command = [ALTAVOZ, *arguments, "-w", self.workload.folder]
        return measure(command, cwd=self.work)

    def build(self, name: str, *, jobs: int = JOBS) -> Cost:
        """Build, and keep what it took under a name."""
        return self.note(name, self.altavoz("build", "--jobs", str(jobs)))

    def forget(self) -> None:
        """Take away everything that earlier runs made."""
        for made in (".altavoz", "build", "public", "packs", "releases.jsonl"):
            path = self.workload.folder / made
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def cold(self, *, jobs: int = JOBS) -> Cost:
        """Build from nothing."""
        self.forget()
        return self.build("cold" if jobs == JOBS else f"cold, --jobs {jobs}", jobs=jobs)

    def reference(self, name: str) -> Cost:
        """Run a reference program from nothing."""
        out = self.work / name
        command = [*REFERENCES[name], self.work / "plain", out]
        cost = measure(command, cwd=self.work)
        self.sounds_s[name] = length_of(sorted(out.glob("*.mp3")))
        shutil.rmtree(out)
        return self.note(name, cost)

    def floor(self, sound_s: float) -> Floor:
        """Measure the floor once more."""
        self.floors.append(measure_floor(self.work, self.workload, sound_s))
        return self.floors[-1]

    def idle(self, times: int) -> None:
        """Build with nothing to do, by turns with Python that imports click."""
        for _ in range(times):
            self.note("python -c 'import click'", measure(CLICK, cwd=self.work))
            self.build("nothing to do")

    def changes(self) -> None:
        """Change a sentence, then each fact, and build after each."""
        language = self.workload.languages[1]
        change_one_sentence(self.workload, language)
        self.build("one sentence changed")
        change_one_fact(self.workload, GATHERED)
        self.build("one fact changed, spoken together")
        change_one_fact(self.workload, SCATTERED)
        self.build("one fact changed, scattered")

    def middle(self, name: str, value: Callable[[Cost], float]) -> float:
        """Give the median of a figure over all runs of a name."""
        return median(value(cost) for cost in self.runs[name])

    def cpu(self, name: str) -> float:
        """Give the median of a name's CPU seconds."""
        return self.middle(name, lambda cost: cost.cpu_s)

    def wall(self, name: str) -> float:
        """Give the median of a name's wall seconds."""
        return self.middle(name, lambda cost: cost.wall_s)

    def floor_cpu(self) -> float:
        """Give the median of the floor's sums."""
        return median(floor.sum_s for floor in self.floors)


def sound_seconds(workspace: Path) -> float:
    """Give the length of all editions that a build made.

    Raises:
        CommandFailedError: there are none.
    """
    found = sorted((workspace / "build").rglob("*.mp3"))
    if not found:
        raise CommandFailedError("the build left no MP3 in the workspace's build folder")
    return length_of(found)


def length_of(files: Sequence[Path]) -> float:
    """Give the length of MP3 files together, in seconds."""
    from mutagen.mp3 import MP3

    lengths = [float(MP3(path).info.length) for path in files]  # type: ignore[attr-defined]
    return sum(lengths)


def sound_bytes(workspace: Path) -> int:
    """Give the size of the MP3 and Opus files that a build made: what is published of it."""
    files = [path for path in (workspace / "build").rglob("*") if path.suffix in {".mp3", ".opus"}]
    return sum(path.stat().st_size for path in files)


def missing_programs() -> list[str]:
    """Give the programs of the references that are not installed."""
    return [name for name in NEEDED if shutil.which(name) is None]


def versions(programs: Sequence[str]) -> dict[str, str]:
    """Give the first line of what each program says of its version."""
    found = {}
    for name in programs:
        option = "-version" if name.startswith("ff") else "--version"
        said = subprocess.run([name, option], capture_output=True, text=True, check=False)
        found[name] = (said.stdout or said.stderr).partition("\n")[0].strip()
    return found
