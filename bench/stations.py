"""Measure what planning costs for 500 stations of every kind over one catalogue, and its disk.

    python bench/stations.py            500 stations
    python bench/stations.py --quick    50

Six languages, 40 episodes; radios with automation, loudspeaker points with loops, shelters with
small files to pass on, radios on the feed; a tenth of them with a number of their own, half of
them private. The sound is built once, cheaply. Then, each in a process of its own, the commands
plan every pack and every folder with a week of lists, and write nothing. At last the packs and
folders of fifty stations are written, and held against what they would take one by one.

Times are CPU seconds (user and system) of whole commands, the median of several. Memory is that of
the command alone: what its processes share is counted once, looked at ten times a second.
"""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.machine import machine  # noqa: E402 - after the path
from bench.options import Size, run_benchmark  # noqa: E402
from bench.process import Cost, measure  # noqa: E402
from bench.stations_workload import write_stations_workload  # noqa: E402

MOST_S = 10.0
"""What is promised of planning everything for 500 stations, in CPU seconds."""

COMMANDS = {
    "every pack": ("pack", "--unsigned", "--dry-run"),
    "every folder, 7 days": ("deliver", "--dry-run"),
    "every folder, 1 day": ("deliver", "--dry-run", "--days", "1"),
}
TOGETHER = ("every pack", "every folder, 7 days")
"""What is promised."""


def stage(name: str, place: Path, work: Path) -> dict[str, float]:
    """Run a stage of ``bench.stations_stages``; give its figures."""
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv[0] = 'stage'; "
    start += "from bench.stations_stages import main; main()"
    measure([sys.executable, "-c", start, name, str(place)], cwd=work)
    said: dict[str, float] = json.loads((work / "bench-output.txt").read_text(encoding="utf-8"))
    return said


def run(work: Path, *, seed: int, stations: int, repeats: int) -> dict[str, object]:
    """Measure everything and print as it goes; give what the JSON file holds."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a user's Python keeps what it compiled
    place = work / "workspace"
    workload = write_stations_workload(place, seed=seed, stations=stations)
    built = stage("prepare", place, work)
    print(f"{workload.stations} stations, {workload.private} of them private, ", end="")
    print(f"{workload.overriding} with a number of their own; ", end="")
    print(f"{built['editions']} editions, {built['packs']} packs\n")
    print(f"{'':<24}{'CPU s':>8}{'wall s':>9}{'peak MB':>9}")
    altavoz = Path(sys.executable).with_name("altavoz")
    costs: dict[str, Cost] = {}
    for name, words in COMMANDS.items():
        ask: list[str | Path] = [altavoz, *words, "--json", "-w", place]
        runs = [measure(ask, cwd=work) for _ in range(repeats)]
        costs[name] = cost = sorted(runs, key=lambda one: one.cpu_s)[repeats // 2]
        print(f"{name:<24}{cost.cpu_s:8.2f}{cost.wall_s:9.2f}{_memory(cost):>9}")
    together = sum(costs[name].cpu_s for name in TOGETHER)
    print(f"{'together':<24}{together:8.2f}   (promised for 500: {MOST_S:.0f})\n")
    used = stage("disk", place, work)
    for what in ("packs", "folders"):
        whole, disk = used[f"{what}_bytes"] / 1e6, used[f"{what}_disk_bytes"] / 1e6
        print(f"{used[what]} {what} of {whole:.1f} MB take {disk:.1f} MB")
    print(
        f"the store: {used['store_bytes'] / 1e6:.1f} MB; {used['different_packs']} different packs"
    )
    return {
        "machine": machine(),
        "workload": {**asdict(workload), "folder": "", "seed": seed},
        "built": built,
        "costs": {name: asdict(cost) for name, cost in costs.items()},
        "together_s": together,
        "disk": used,
        "promised": {"together_s": MOST_S, "stations": 500},
    }


def _memory(cost: Cost) -> str:
    """Give what a command held; the kernel's own figure counts this process too, which began it."""
    return "" if cost.peak_tree_mb is None else f"{cost.peak_tree_mb:.0f}"


def _measured(work: Path, given: argparse.Namespace, stations: int) -> dict[str, object]:
    return run(work, seed=given.seed, stations=stations, repeats=given.repeats)


def main() -> int:
    """Read the options, measure, write the JSON."""
    return run_benchmark(__doc__, Size(name="stations", whole=500, quick=50), _measured)


if __name__ == "__main__":
    sys.exit(main())
