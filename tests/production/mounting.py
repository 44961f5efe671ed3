"""A small disk of its own for tests that fill one, or make it read-only."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

WAIT_S = 30
"""For processes that have just been ended and still hold a file."""


@contextmanager
def mounted_disk(place: Path, size: str) -> Iterator[Path]:
    """Mount a disk in memory at a new folder, and take it away again whatever happens.

    A disk that stayed mounted could not be deleted by the runs of the tests that come after.
    """
    place.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={size}", "tmpfs"]
    mounted = subprocess.run(["mount", *options, str(place)], check=False, capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("mounting is not permitted here")
    try:
        yield place
    finally:
        _unmount(place)


def _unmount(place: Path) -> None:
    ends = time.monotonic() + WAIT_S
    while True:
        done = subprocess.run(["umount", place], check=False, capture_output=True, text=True)
        if done.returncode == 0:
            return
        if time.monotonic() > ends:
            break
        time.sleep(0.1)
    holders = _holders(place)
    subprocess.run(["umount", "--lazy", place], check=True)
    pytest.fail(f"{done.stderr.strip()}; held by {holders}")


def _holders(place: Path) -> list[str]:
    """Name the processes that work in a folder or have a file of it open."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            links = [process / "cwd", *(process / "fd").iterdir()]
            open_there = [one.readlink() for one in links]
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if any(one.is_relative_to(place) for one in open_there):
            found.append(f"{process.name} ({words.strip()})")
    return found


def remount(place: Path, option: str) -> None:
    """Change what a mounted disk allows."""
    subprocess.run(["mount", "-o", f"remount,{option}", str(place)], check=True)
