"""Measure `altavoz check` on 2,000 segments in six languages, some 100,000 lines.

    python bench/check.py            all of them
    python bench/check.py --quick    a tenth

It is run cold, again with nothing changed, after one changed line, and after one changed fact;
at last without what was kept, which must find exactly the same. Beside it, in the same run,
stands the floor: plain Python that opens every file and splits its words. Times are CPU
seconds (user and system) and wall seconds; compare the ratios, because machines differ.
"""

import argparse
import json
import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.check_workload import CheckWorkload, write_check_workload  # noqa: E402 - after the path
from bench.machine import machine  # noqa: E402
from bench.options import DifferentOutcomeError, Size, run_benchmark  # noqa: E402
from bench.process import Cost, measure  # noqa: E402

SEGMENTS = 2_000
FINDINGS_CODE = 3
"""What `altavoz check` returns where there are errors, as there are here."""
COLD_S, AGAIN_S, MOST_MB = 8.0, 0.5, 300.0
"""What is promised, in CPU seconds and resident megabytes."""

FLOOR = """
import pathlib, sys
words = 0
for path in pathlib.Path(sys.argv[1]).rglob("*"):
    if path.suffix in {".md", ".from", ".yml"}:
        words += sum(len(line.split()) for line in path.read_text(encoding="utf-8").splitlines())
"""
"""Plain Python that reads the same files and splits their words."""

Finding = dict[str, object]


class DifferentFindingsError(DifferentOutcomeError):
    """A check that kept something found other things than one that did not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One run of the command."""

    cost: Cost
    findings: list[Finding]


def check(workspace: Path, work: Path) -> Checked:
    """Run the command once and read what it found."""
    altavoz = Path(sys.executable).with_name("altavoz")
    report = work / "findings.json"
    command: list[str | Path] = [
        altavoz,
        "check",
        "-w",
        workspace,
        "--format",
        "json",
        "-o",
        report,
    ]
    cost = measure(command, cwd=work, returns=FINDINGS_CODE)
    return Checked(cost=cost, findings=json.loads(report.read_text(encoding="utf-8")))


def median(times: int, run: Callable[[], Checked]) -> Checked:
    """Give the run with the median CPU time."""
    runs = sorted((run() for _ in range(times)), key=lambda one: one.cost.cpu_s)
    return runs[len(runs) // 2]


def compare(name: str, kept: Sequence[Finding], fresh: Sequence[Finding]) -> None:
    """Hold two lists of findings against each other.

    Raises:
        DifferentFindingsError: they are not equal; the first difference is in the message.
    """
    if kept == fresh:
        return
    pairs = zip(kept, fresh, strict=False)
    first = next((pair for pair in pairs if pair[0] != pair[1]), None)
    raise DifferentFindingsError(f"{name}: {len(kept)} and {len(fresh)} findings: {first}")


def change_one_line(workload: CheckWorkload, turn: int) -> str:
    """Change one line of one translation, another at each turn; give its file."""
    number = (workload.segments // 2 + turn) % workload.segments + 1
    path = workload.folder / "scripts" / f"notice-{number:04d}" / "en.md"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[2] = "Today the library keeps water for everyone."
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path.relative_to(workload.folder).as_posix()


def change_one_fact(workload: CheckWorkload) -> str:
    """Change how a contact's number is grouped, as it is said; give its file."""
    for path in sorted((workload.folder / "facts").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        new = re.sub(r'(groups: \["\d)(\d+)"', r'\1", "\2"', text, count=1)
        if new != text:
            path.write_text(new, encoding="utf-8")
            return path.relative_to(workload.folder).as_posix()
    raise LookupError("no fact of the workload has a telephone number")


def forget(workspace: Path) -> None:
    """Throw away what was kept."""
    shutil.rmtree(workspace / ".altavoz", ignore_errors=True)


def _show(name: str, one: Checked, floor: Cost, most_s: float | None = None) -> None:
    cost = one.cost
    line = f"{name:<22}{cost.cpu_s:9.2f}{cost.wall_s:9.2f}{cost.peak_process_mb:9.0f}"
    line += f"{cost.cpu_s / floor.cpu_s:9.2f}{len(one.findings):10,}"
    print(line + ("" if most_s is None else f"{most_s:9.1f}"), flush=True)


def run(work: Path, *, seed: int, segments: int, repeats: int) -> dict[str, object]:
    """Measure everything once and print as it goes; give what the JSON file holds.

    Raises:
        DifferentFindingsError: what was kept made the command find other things.
    """
    place = work / "workspace"
    workload = write_check_workload(place, seed=seed, segments=segments)
    print(
        f"{workload.segments:,} segments, {workload.texts:,} texts, {workload.lines:,} lines, "
        f"{workload.facts} facts, {workload.bytes / 1e6:.1f} MB, {workload.faults} lines made "
        "faulty on purpose"
    )
    measure([sys.executable, "-c", "import cli, scripts.workspace"], cwd=work)  # compile once
    floor = measure([sys.executable, "-c", FLOOR, place], cwd=work)
    print(f"floor: {floor.cpu_s:.2f} CPU s\n")
    columns = ("CPU s", "wall s", "peak MB", "/ floor")
    print(f"{'':<22}" + "".join(f"{name:>9}" for name in columns) + f"{'findings':>10}{'most':>9}")

    cold = check(place, work)
    _show("cold", cold, floor, COLD_S)
    again = median(repeats, lambda: check(place, work))
    _show("nothing changed", again, floor, AGAIN_S)
    compare("nothing changed", again.findings, cold.findings)
    turns = count()
    changed_files: list[str] = []

    def after_one_line() -> Checked:
        changed_files.append(change_one_line(workload, next(turns)))
        return check(place, work)

    one_line = median(repeats, after_one_line)
    _show("one line changed", one_line, floor, AGAIN_S)
    changed_fact = change_one_fact(workload)
    one_fact = check(place, work)
    _show("one fact changed", one_fact, floor)
    forget(place)
    fresh = check(place, work)
    _show("cold once more", fresh, floor, COLD_S)
    compare("after both changes", one_fact.findings, fresh.findings)
    print(f"\nchanged: {', '.join(changed_files)}, {changed_fact}")
    print("what was kept found the same as a check without it, before and after both changes")
    runs = {
        "cold": cold,
        "again": again,
        "one_line": one_line,
        "one_fact": one_fact,
        "cold_once_more": fresh,
    }
    return {
        "machine": machine(),
        "workload": {**asdict(workload), "folder": "", "seed": seed},
        "floor": asdict(floor),
        "runs": {
            name: {**asdict(one.cost), "findings": len(one.findings)} for name, one in runs.items()
        },
        "rules": dict(Counter(str(finding["rule"]) for finding in cold.findings).most_common()),
        "promised": {"cold_s": COLD_S, "again_s": AGAIN_S, "peak_mb": MOST_MB},
    }


def _measured(work: Path, given: argparse.Namespace, segments: int) -> dict[str, object]:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a user's Python keeps what it compiled
    return run(work, seed=given.seed, segments=segments, repeats=given.repeats)


def main() -> int:
    """Read the options, measure, write the JSON."""
    size = Size(name="segments", whole=SEGMENTS, quick=SEGMENTS // 10)
    return run_benchmark(__doc__, size, _measured)


if __name__ == "__main__":
    sys.exit(main())
