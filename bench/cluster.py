"""Measure a build on a Dask cluster of this machine against the local pool, by turns.

    python bench/cluster.py                  W: 24 segments in six languages
    python bench/cluster.py --segments 2     as many segments as you say
    python bench/cluster.py --quick          Wq: six, a quarter of W

Two worker processes at a scheduler on 127.0.0.1, and a shared folder, against ``--jobs 2``. How it
counts: wall seconds of whole commands, with Python's start, imports, connecting and looking at the
workers; not with the start of scheduler and workers, which run on between builds as they do for a
team, and are warmed by a first turn that is not counted. The local pool begins its processes in
every build. Each build is cold: its store, what is built and the shared folder are deleted before.
The ratio is that of the medians; both kinds must give the same bytes.

A part that is the same for every build (some two seconds of CPU: Dask's import, a test sentence)
weighs less the longer a build is: the bound is for W. CPU seconds are told beside, of the command
with its own processes, and of scheduler and workers: where other programs share the cores, wall
seconds say little. Run it when the machine is quiet: a fourth process shares its cores.
"""

import argparse
import hashlib
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.machine import machine  # noqa: E402 - after the path
from bench.workload import write_workload  # noqa: E402

WORKERS = 2


@contextmanager
def dask(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Run a scheduler and workers; give the address, and the processes' ids."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "ALTAVOZ_WORKER_FOLDER": str(folder)}
    running = []
    with (folder / "dask.log").open("wb") as log:

        def begin(module: str, *arguments: str) -> None:
            command = [sys.executable, "-P", "-m", f"distributed.cli.{module}", *arguments]
            running.append(subprocess.Popen(command, env=env, stderr=log, cwd=folder))

        try:
            begin("dask_scheduler", "--host", address, "--no-dashboard")
            for _ in range(WORKERS):
                begin("dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
            yield address, [one.pid for one in running]
        finally:
            for one in reversed(running):  # the scheduler last: workers take their leave of it
                one.terminate()
                try:
                    one.wait(timeout=20)
                except subprocess.TimeoutExpired:  # Dask's own ending waits for what has gone
                    one.kill()
                    one.wait(timeout=60)


def digest(folder: Path) -> str:
    """Give one SHA-256 of all files below a folder."""
    running = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            running.update(path.relative_to(folder).as_posix().encode())
            running.update(path.read_bytes())
    return running.hexdigest()


def cpu_s(processes: list[int]) -> float:
    """Give the CPU seconds that running processes have used, and that ended children of ours have.

    /proc/PID/stat, fields 14 and 15: proc(5).
    """
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = ended.ru_utime + ended.ru_stime
    for one in processes:
        told = Path(f"/proc/{one}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        spent += (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def build(place: Path, *options: str) -> tuple[float, str]:
    """Build cold; give wall seconds and a digest of what listeners get."""
    for name in (".altavoz", "build"):
        shutil.rmtree(place / name, ignore_errors=True)
    altavoz = [sys.executable, "-P", "-c", "import cli; cli.main()"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    done = subprocess.run(
        [*altavoz, "build", "-w", str(place), *options],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    wall_s = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(done.stderr)
    return wall_s, digest(place / "build")


def run(work: Path, *, segments: int, languages: int, repeats: int, seed: int) -> dict[str, object]:
    """Measure both kinds by turns and print as it goes; give what the JSON file holds."""
    place, share = work / "workspace", work / "share"
    write_workload(place, seed=seed, segments=segments, languages=languages)
    local: list[float] = []
    cluster: list[float] = []
    spent: dict[str, list[float]] = {"local": [], "cluster": []}
    seen = set()
    with dask(work) as (address, processes):
        for turn in range(repeats + 1):
            shutil.rmtree(share, ignore_errors=True)
            share.mkdir()
            options = ("--cluster", address, "--store", str(share))
            for times, more in ((local, ("--jobs", str(WORKERS))), (cluster, options)):
                # Also of a local build: workers that wait use some, too, and share its cores.
                before_s = cpu_s(processes)
                wall_s, what = build(place, *more)
                all_s = cpu_s(processes) - before_s
                seen.add(what)
                if turn:  # the first warms disks and workers
                    kind = "cluster" if times is cluster else "local"
                    times.append(wall_s)
                    spent[kind].append(all_s)
                    print(f"{kind:<8}{wall_s:8.1f} s wall{all_s:8.1f} s CPU", flush=True)
    if len(seen) != 1:
        raise SystemExit("the builds differ in their bytes")
    ratio = statistics.median(cluster) / statistics.median(local)
    print(f"cluster / local, wall: {ratio:.2f} (bound 1.15); the same bytes each time")
    cpu_ratio = statistics.median(spent["cluster"]) / statistics.median(spent["local"])
    print(f"cluster / local, CPU of all processes: {cpu_ratio:.2f}")
    return {
        "segments": segments,
        "languages": languages,
        "local_s": local,
        "cluster_s": cluster,
        "ratio": ratio,
        "local_cpu_s": spent["local"],
        "cluster_cpu_s": spent["cluster"],
        "cpu_ratio": cpu_ratio,
        "machine": machine(),
    }


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="a quarter of W: six segments")
    size.add_argument("--segments", type=int, default=24, help="of each language; W has 24")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    asked = parser.parse_args()
    segments = 6 if asked.quick else asked.segments
    with tempfile.TemporaryDirectory() as folder:
        found = run(
            Path(folder), segments=segments, languages=6, repeats=asked.repeats, seed=asked.seed
        )
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1, default=str) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
