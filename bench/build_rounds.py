"""What a bench of building measures, one command at a time: ours, the references, the floor."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.build_floor import Floor, coders_s, make_sample, measure_floor
from bench.pace import Pace
from bench.plain import write_plain
from bench.process import CommandFailedError, Cost, measure
from bench.workload import (
    GATHERED,
    SCATTERED,
    STATION_ID,
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
LOOK = "everything looked at, nothing made"
FEED_AND_PAGE = "its feed and page"
PACK = "its pack"
DELTA = "the update from the pack before"
CLICK = (sys.executable, "-c", "import click")
LOADED = "started, with all that makes a slot"
LISTING = """\
import atexit, json, pathlib, sys
place = pathlib.Path(sys.argv.pop(1))
atexit.register(lambda: place.write_text(json.dumps(list(sys.modules)), encoding="utf-8"))
sys.argv[0] = "altavoz"
from cli import main
main()
"""
"""Runs a command, and writes what it loaded to the file that is named before it."""
LOADING = """\
import atexit, contextlib, gc, importlib, json, os, pathlib, sys
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as a build sets it
gc.disable()  # and loads
atexit.register(gc.freeze)
for name in json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")):
    if name not in sys.modules:
        with contextlib.suppress(ImportError):  # names that others gave to modules of theirs
            importlib.import_module(name)
"""
"""Loads the same, in the same order, and does nothing with it."""


@dataclass(slots=True)
class Place:
    """A workload written to a folder, with all that is run on it."""

    work: Path
    workload: Workload
    sample: Path
    """Minutes of speech for the coders."""
    pace: Pace
    runs: dict[str, list[Cost]] = field(default_factory=dict)
    paces_s: dict[str, list[float]] = field(default_factory=dict)
    """The pace of the machine around each run, as the CPU seconds of its one job."""
    sounds_s: dict[str, float] = field(default_factory=dict)
    """Seconds of sound that a reference made: its pauses and its pace are its own."""
    floors: list[Floor] = field(default_factory=list)
    floors_paces_s: list[float] = field(default_factory=list)

    @classmethod
    def write(
        cls, work: Path, *, seed: int, segments: int, languages: int, pace: Pace | None = None
    ) -> "Place":
        """Write the workspace, and the plain texts for the references.

        Args:
            work: a folder to work in.
            seed: of the workload.
            segments: of it.
            languages: of it.
            pace: that of another place with which this one is compared.
        """
        work.mkdir(parents=True, exist_ok=True)
        workload = write_workload(
            work / "workspace", seed=seed, segments=segments, languages=languages
        )
        write_plain(workload, work / "plain")
        sample = make_sample(work, workload)
        pace = pace or Pace(job=lambda: coders_s(sample))
        return cls(work=work, workload=workload, sample=sample, pace=pace)

    def note(self, name: str, run: Callable[[], Cost]) -> Cost:
        """Run something, keep what it took and the machine's pace, and print it."""
        cost, pace_s = self.pace.around(run)
        self.runs.setdefault(name, []).append(cost)
        self.paces_s.setdefault(name, []).append(pace_s)
        tree = cost.peak_tree_mb if cost.peak_tree_mb is not None else cost.peak_process_mb
        figures = f"{cost.cpu_s:10.2f}{cost.wall_s:10.2f}{tree:10.0f}{cost.written_mb:10.1f}"
        print(f"{name:<34}{figures}{pace_s:10.2f}", flush=True)
        return cost

    def altavoz(self, *arguments: str | Path) -> Cost:
        """Run a command in the workspace."""
        command = [ALTAVOZ, *arguments, "-w", self.workload.folder]
        return measure(command, cwd=self.work)

    def publish(self) -> Cost:
        """Publish to the workspace's folder."""
        return self.altavoz("publish", "public")

    def pack(self, *options: str) -> Cost:
        """Make the station's pack."""
        return self.altavoz("pack", *options, STATION_ID)

    def build(self, name: str, *, jobs: int = JOBS) -> Cost:
        """Build, and keep what it took under a name."""
        return self.note(name, lambda: self.altavoz("build", "--jobs", str(jobs)))

    def forget(self) -> None:
        """Take away everything that earlier runs made."""
        for made in (".altavoz", "build", "public", "packs", "private", "releases.jsonl"):
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
        cost = self.note(name, lambda: measure(command, cwd=self.work))
        self.sounds_s[name] = length_of(sorted(out.glob("*.mp3")))
        shutil.rmtree(out)
        return cost

    def floor(self, sound_s: float) -> Floor:
        """Measure the floor once more."""
        floor, pace_s = self.pace.around(
            lambda: measure_floor(self.work, self.workload, self.sample, sound_s)
        )
        self.floors.append(floor)
        self.floors_paces_s.append(pace_s)
        return floor

    def idle(self, times: int) -> None:
        """Build with nothing to do, by turns with Python that imports click."""
        for _ in range(times):
            self.note("python -c 'import click'", lambda: measure(CLICK, cwd=self.work))
            self.build("nothing to do")

    def look(self, times: int) -> None:
        """Build after a change that nothing follows from: all is looked at, and nothing made."""
        for number in range(times):
            note = self.workload.folder / "note.txt"
            note.write_text(f"Nothing of this is spoken. {number}\n", encoding="utf-8")
            self.build(LOOK)

    def start(self, times: int) -> None:
        """Load what a build loads that makes one slot, in the same order, and do no more."""
        workload = self.workload
        change_one_sentence(workload, workload.languages[1], segment=workload.segments - 1)
        loaded = self.work / "loaded.json"
        build: list[str | Path] = ["build", "--jobs", str(JOBS), "-w", workload.folder]
        measure([sys.executable, "-c", LISTING, loaded, *build], cwd=self.work)
        command: list[str | Path] = [sys.executable, "-c", LOADING, loaded]
        for _ in range(times):
            self.note(LOADED, lambda: measure(command, cwd=self.work))

    def changes(self) -> None:
        """Change a sentence in each translation, then each fact, and build after each.

        What was built is published and packed before, so that after the first its feed, its
        page, its pack and the update from the pack before are what is new.
        """
        self.note("published from nothing", self.publish)
        self.note("packed from nothing", self.pack)
        first, *others = self.workload.languages[1:]  # translations, see change_one_sentence
        self._sentence(first)
        self.note(FEED_AND_PAGE, self.publish)
        self.note(PACK, self.pack)
        self.note(DELTA, lambda: self.pack("--delta", "1"))
        for language in others:
            self._sentence(language)
        change_one_fact(self.workload, GATHERED)
        self.build("one fact changed, spoken together")
        change_one_fact(self.workload, SCATTERED)
        self.build("one fact changed, scattered")

    def _sentence(self, language: str) -> None:
        change_one_sentence(self.workload, language)
        self.build("one sentence changed")

    def middle(self, name: str, value: Callable[[Cost], float]) -> float:
        """Give the median of a figure over all runs of a name."""
        return median(value(cost) for cost in self.runs[name])

    def at_middle_pace(self, name: str, value: Callable[[Cost], float]) -> float:
        """Give the median of a figure over a name's runs, each at the machine's middle pace."""
        pairs = zip(self.runs[name], self.paces_s[name], strict=True)
        return median(value(cost) * self.pace.factor(pace_s) for cost, pace_s in pairs)

    def cpu(self, name: str) -> float:
        """Give a name's CPU seconds at the machine's middle pace."""
        return self.at_middle_pace(name, lambda cost: cost.cpu_s)

    def wall(self, name: str) -> float:
        """Give a name's wall seconds at the machine's middle pace."""
        return self.at_middle_pace(name, lambda cost: cost.wall_s)

    def floor_cpu(self) -> float:
        """Give the floor's sum at the machine's middle pace."""
        pairs = zip(self.floors, self.floors_paces_s, strict=True)
        return median(floor.sum_s * self.pace.factor(pace_s) for floor, pace_s in pairs)


def sound_seconds(workload: Workload) -> float:
    """Give the length of all editions that a build made.

    Raises:
        CommandFailedError: a language has none; what is measured would be less than is told.
    """
    build = workload.folder / "build"
    missing = [tag for tag in workload.languages if not any(build.glob(f"*/{tag}/*.mp3"))]
    if missing:
        raise CommandFailedError(f"the build left no MP3 in {', '.join(missing)}")
    return length_of(sorted(build.rglob("*.mp3")))


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
