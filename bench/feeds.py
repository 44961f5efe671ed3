"""Measure a catalogue with a feed of 10,000 items: everything made anew, and one new episode.

    python bench/feeds.py            10,000 releases
    python bench/feeds.py --quick    a tenth

A workspace's ledger of one series in one language is read, and all that the world sees is made:
RSS and JSON Feed in pages, the publisher's feed, the list of feeds, and every HTML page. That is
the small network: the feeds of the series and of its language. Then one more episode is published
to a folder where the others are: what is written, and what finding that out costs. The wide
catalogue has feeds of five topics and a station too, so each item stands in four feeds; of it, the
feeds alone are made. Beside them, in the same run, stands the floor: feedgen alone that writes the
same items once, in one RSS without any of the rest.

Times are CPU seconds (user and system) of whole processes without what they import, the best of
several that take turns; compare the ratios, because machines differ.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.feeds_workload import write_feeds_workload  # noqa: E402 - after the path
from bench.machine import machine  # noqa: E402
from bench.options import Size, run_benchmark  # noqa: E402
from bench.process import Cost, measure  # noqa: E402

RELEASES = 10_000
MOST_S, MOST_MB = 3.0, 150.0
"""What is promised of a rebuild, without what it imports: CPU seconds; and resident megabytes."""

STAGES = ("imports", "rebuild", "wide", "send", "one-more", "floor", "releases")
"""Processes that are measured, in the order in which they take turns."""


class _Runner:
    """Runs stages in processes of their own, and keeps the best cost of each."""

    def __init__(self, work: Path, *, seed: int, releases: int) -> None:
        self._work = work
        self._given = [str(releases), str(seed)]
        self.costs: dict[str, Cost] = {}
        self.figures: dict[str, dict[str, float]] = {}
        for name in ("small", "wide"):
            place = work / name
            write_feeds_workload(place, seed=seed, releases=releases, wide=name == "wide")

    def run(self, stage: str) -> None:
        place, code = ("wide", "feeds") if stage == "wide" else ("small", stage)
        # Its root comes as text: a process in another folder finds our modules by it.
        start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv[0] = 'stage'; "
        start += "from bench.feeds_stages import main; main()"
        command = [sys.executable, "-c", start, code, str(self._work / place), *self._given]
        cost = measure(command, cwd=self._work)
        if stage not in self.costs or cost.cpu_s < self.costs[stage].cpu_s:
            said = (self._work / "bench-output.txt").read_text(encoding="utf-8")
            self.costs[stage], self.figures[stage] = cost, json.loads(said)

    def cpu_s(self, stage: str, without: str = "imports") -> float:
        """Give what a stage takes besides another that it includes."""
        return self.costs[stage].cpu_s - self.costs[without].cpu_s


def run(work: Path, *, seed: int, releases: int, repeats: int) -> dict[str, object]:
    """Measure everything and print as it goes; give what the JSON file holds."""
    runner = _Runner(work, seed=seed, releases=releases)
    runner.run("imports")  # compile once
    for _ in range(repeats):
        for stage in STAGES:
            runner.run(stage)
    made, wide, new = (runner.figures[one] for one in ("rebuild", "wide", "one-more"))
    floor_s = runner.cpu_s("floor", "releases")  # making its releases is not feedgen's work
    print(f"{releases:,} releases: {made['documents']:,} documents and {made['pages']:,} pages,")
    print(f"{(made['documents_bytes'] + made['pages_bytes']) / 1e6:.0f} MB; wide: ", end="")
    print(f"{wide['documents']:,} documents, {wide['documents_bytes'] / 1e6:.0f} MB\n")
    print(f"{'':<28}{'CPU s':>8}{'peak MB':>9}{'/ floor':>9}")
    rows = {
        "everything anew": "rebuild",
        "feeds of the wide catalogue": "wide",
        "one new episode": "one-more",
    }
    for said, stage in rows.items():
        cpu_s, peak_mb = runner.cpu_s(stage), runner.costs[stage].peak_process_mb
        print(f"{said:<28}{cpu_s:8.2f}{peak_mb:9.0f}{cpu_s / floor_s:9.2f}")
    peak_mb = runner.costs["floor"].peak_process_mb
    print(f"{'feedgen alone, once':<28}{floor_s:8.2f}{peak_mb:9.0f}{1:9.2f}")
    print(f"{'imports':<28}{runner.costs['imports'].cpu_s:8.2f}")
    print(f"\npromised of everything anew: {MOST_S:.0f} s, {MOST_MB:.0f} MB, for {RELEASES:,}")
    parts = ", ".join(
        f"{name} {made[f'{name}_s']:.2f} s" for name in ("read", "documents", "pages")
    )
    print(f"of which: {parts}")
    print(f"one new episode writes {new['documents']:.0f} documents and {new['pages']:.0f} pages")
    return {
        "machine": machine(),
        "releases": releases,
        "figures": runner.figures,
        "rebuild_s": runner.cpu_s("rebuild"),
        "wide_s": runner.cpu_s("wide"),
        "one_more_s": runner.cpu_s("one-more"),
        "floor_s": floor_s,
        "ratio": runner.cpu_s("rebuild") / floor_s,
        "costs": {stage: asdict(cost) for stage, cost in runner.costs.items()},
        "promised": {"rebuild_s": MOST_S, "peak_mb": MOST_MB, "releases": RELEASES},
    }


def _measured(work: Path, given: argparse.Namespace, releases: int) -> dict[str, object]:
    return run(work, seed=given.seed, releases=releases, repeats=given.repeats)


def main() -> int:
    """Read the options, measure, write the JSON."""
    size = Size(name="releases", whole=RELEASES, quick=RELEASES // 10)
    return run_benchmark(__doc__, size, _measured, repeats="the best is taken")


if __name__ == "__main__":
    sys.exit(main())
