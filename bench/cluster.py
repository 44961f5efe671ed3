"""Measure a build on a Dask cluster of this machine against the local pool, by turns.

    python bench/cluster.py              W: 24 segments in six languages
    python bench/cluster.py --quick      Wq: a quarter of it

Two worker processes at a scheduler on 127.0.0.1, and a shared folder, against ``--jobs 2``. Wall
seconds of whole commands, imports and connecting included; each build is cold, and both kinds
must give the same bytes. Run it when the machine is quiet: a third process shares its cores.
"""

import argparse
import hashlib
import json
import os
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
def dask(folder: Path) -> Iterator[str]:
    """Run a scheduler and workers; give the address."""
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
            yield address
        finally:
            for one in running:
                one.terminate()
            for one in running:
                one.wait(timeout=60)


def digest(folder: Path) -> str:
    """Give one SHA-256 of all files below a folder."""
    running = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            running.update(path.relative_to(folder).as_posix().encode())
            running.update(path.read_bytes())
    return running.hexdigest()


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
    seen = set()
    with dask(work) as address:
        for turn in range(repeats + 1):
            shutil.rmtree(share, ignore_errors=True)
            share.mkdir()
            options = ("--cluster", address, "--store", str(share))
            for times, more in ((local, ("--jobs", str(WORKERS))), (cluster, options)):
                wall_s, what = build(place, *more)
                seen.add(what)
                if turn:  # the first warms disks and workers
                    times.append(wall_s)
                    print(f"{'cluster' if times is cluster else 'local':<8}{wall_s:8.1f} s")
    if len(seen) != 1:
        raise SystemExit("the builds differ in their bytes")
    ratio = statistics.median(cluster) / statistics.median(local)
    print(f"cluster / local, wall: {ratio:.2f} (bound 1.15); the same bytes each time")
    return {"local_s": local, "cluster_s": cluster, "ratio": ratio, "machine": machine()}


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a quarter of the work")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    asked = parser.parse_args()
    segments = 6 if asked.quick else 24
    with tempfile.TemporaryDirectory() as folder:
        found = run(
            Path(folder), segments=segments, languages=6, repeats=asked.repeats, seed=asked.seed
        )
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1, default=str) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
