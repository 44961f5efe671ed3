"""Measure all documents of a catalogue with a feed of 10,000 items.

    python bench/feeds.py            10,000 releases
    python bench/feeds.py --quick    a tenth

A workspace's ledger of one series is read, and every document is made: the feeds of the series,
its language, five topics and a station, in pages, each with its JSON Feed, the publisher's feed
and the list. So each item stands in four feeds, in two formats. Beside it, in the same run, stands
the floor: feedgen alone that writes the same items once, in one RSS without any of the rest. Times
are CPU seconds (user and system) of whole processes, with what they import; compare the ratios,
because machines differ.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.feeds_workload import write_feeds_workload  # noqa: E402 - after the path
from bench.process import CommandFailedError, Cost, measure  # noqa: E402
from bench.run import machine, workplace  # noqa: E402

RELEASES = 10_000
MOST_S, MOST_MB = 3.0, 150.0
"""What is promised of a rebuild, without what it imports: CPU seconds; and resident megabytes."""

IMPORTS = """
import sys
sys.path.insert(0, sys.argv[1])
import bench.feeds_workload, production.catalogue_documents, production.ledger, scripts.workspace
"""

REBUILD = (
    IMPORTS
    + """
from pathlib import Path
from bench.feeds_workload import NOW, TODAY
from production.catalogue import build_catalogue
from production.catalogue_documents import feed_documents
from production.ledger import Ledger
from scripts.workspace import read_workspace

folder = Path(sys.argv[2])
workspace, _ = read_workspace(folder, today=TODAY)
catalogue = build_catalogue(workspace, Ledger(folder), (), target="public", now=NOW)
documents = written = largest = 0
for document in feed_documents(catalogue):
    documents, written = documents + 1, written + len(document.data)
    largest = max(largest, len(document.data))
print(documents, written, largest)
"""
)

FLOOR = (
    IMPORTS
    + """
from pathlib import Path
from bench.feeds_workload import make_release
import feedgen.feed

number = int(sys.argv[3])
feed = feedgen.feed.FeedGenerator()
feed.load_extension("podcast")
feed.title("Avisos")
feed.link(href="https://radio.example.org/")
feed.description("Mensajes cortos.")
for place in range(1, number + 1):
    release = make_release(place, seed=int(sys.argv[4]), of=number)
    main = release.media[0]
    entry = feed.add_entry(order="append")
    entry.title(release.title)
    entry.description(release.description)
    entry.guid(release.guid, permalink=False)
    entry.pubDate(release.published_at)
    url = "https://radio.example.org/" + main.key
    entry.enclosure(url, str(main.length_bytes), main.media_type)
    entry.podcast.itunes_duration(release.duration_ms // 1000)
print(len(feed.rss_str(pretty=True)))
"""
)

RELEASES_ALONE = (
    IMPORTS
    + """
from bench.feeds_workload import make_release
number = int(sys.argv[3])
for place in range(1, number + 1):
    make_release(place, seed=int(sys.argv[4]), of=number)
"""
)


def run(work: Path, *, seed: int, releases: int, repeats: int) -> dict[str, object]:
    """Measure everything and print as it goes; give what the JSON file holds."""
    place = work / "workspace"
    write_feeds_workload(place, seed=seed, releases=releases)
    given = [str(ROOT), str(place), str(releases), str(seed)]

    def best(code: str) -> Cost:
        costs = [measure([sys.executable, "-c", code, *given], cwd=work) for _ in range(repeats)]
        return min(costs, key=lambda cost: cost.cpu_s)

    best(IMPORTS)  # compile once
    imports, rebuild = best(IMPORTS), best(REBUILD)
    said = (work / "bench-output.txt").read_text(encoding="utf-8").split()
    documents, written, largest = (int(figure) for figure in said)
    floor, made = best(FLOOR), best(RELEASES_ALONE)
    rebuild_s = rebuild.cpu_s - imports.cpu_s
    floor_s = floor.cpu_s - made.cpu_s  # making its releases is not feedgen's work
    print(f"{releases:,} releases: {documents:,} documents, {written / 1e6:.0f} MB, the largest")
    print(f"{largest / 1000:.0f} kB\n")
    print(f"{'':<24}{'CPU s':>8}{'peak MB':>9}")
    print(f"{'imports':<24}{imports.cpu_s:8.2f}{imports.peak_process_mb:9.0f}")
    print(f"{'rebuild of everything':<24}{rebuild_s:8.2f}{rebuild.peak_process_mb:9.0f}", end="")
    print(f"   promised: {MOST_S:.0f} s, {MOST_MB:.0f} MB, for {RELEASES:,}")
    print(f"{'feedgen alone, once':<24}{floor_s:8.2f}{floor.peak_process_mb:9.0f}")
    print(f"\nrebuild / feedgen alone: {rebuild_s / floor_s:.2f}")
    return {
        "machine": machine(),
        "releases": releases,
        "documents": documents,
        "written_bytes": written,
        "largest_bytes": largest,
        "rebuild_s": rebuild_s,
        "floor_s": floor_s,
        "ratio": rebuild_s / floor_s,
        "imports": asdict(imports),
        "rebuild": asdict(rebuild),
        "floor": asdict(floor),
        "promised": {"rebuild_s": MOST_S, "peak_mb": MOST_MB, "releases": RELEASES},
    }


def main() -> int:
    """Read the options, measure, write the JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="1,000 releases instead of 10,000")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--releases", type=int, help="instead of 10,000, or of 1,000 with --quick")
    parser.add_argument("--repeats", type=int, default=3, help="the best is taken")
    parser.add_argument("--work", type=Path, help="a new folder that is kept")
    parser.add_argument("--json", type=Path, help="write the figures here")
    given = parser.parse_args()
    releases = given.releases or (RELEASES // 10 if given.quick else RELEASES)
    about = machine()
    print(f"{about['processor']}, {about['cores']} cores, {about['system']}, ", end="")
    print(f"Python {about['python']}")
    try:
        with workplace(given.work) as work:
            figures = run(work.resolve(), seed=given.seed, releases=releases, repeats=given.repeats)
    except CommandFailedError as error:
        print(error, file=sys.stderr)
        return 1
    if given.json is not None:
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        print(f"written: {given.json}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
