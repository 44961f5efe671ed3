"""What is seen of a workspace: all that a build reads, and every change of it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.sight import Sight, look
from tests.production.running import ROOT, TODAY, environment
from tests.production.small import FILES, write_small

WATCHED = """
import json, os, sys
from datetime import UTC, date, datetime
root = os.path.realpath(sys.argv.pop(1))
touched = set()
def watch(event, given):
    if event in {"open", "os.scandir", "os.listdir"} and given:
        place = given[0]
        if isinstance(place, int):
            place = os.readlink(f"/proc/self/fd/{place}")
        place = os.path.join(os.getcwd(), os.fsdecode(place or "."))
        if place == root or place.startswith(root + "/"):
            touched.add((event, os.path.relpath(place, root)))
import commands.workspace
commands.workspace.read_clock = lambda: datetime(2026, 11, 22, 12, tzinfo=UTC)
import cli
import production.last_build
production.last_build.look = lambda *given, **more: None  # the walk itself opens folders
sys.addaudithook(watch)
try:
    cli.main()
finally:
    print("TOUCHED" + json.dumps(sorted(touched)), file=sys.stderr)
"""
NAMES = ("scripts/a/es.md", "scripts/a/en.md", "scripts/b.md", "facts/c.yml", "altavoz.toml")
TICK_S = 0.02
"""Longer than a tick of any clock of the disks that tests run on."""

PRIVATE = {
    "private/consent/c-1.yml": "id: c-1\n",
    "private/c-2.yml": "id: c-2\n",
    "private/airplay/plans/a/2026-11-20.json": "{}\n",
    "series/corta.yml": FILES["series/corta.yml"] + "artwork: artwork/camino.jpg\n",
    "reviews/agua.yml": "[]\n",
    "lexicon/es-419.yml": "[]\n",
    "terms/agua.yml": "{}\n",
}
"""More to read than the small workspace has."""

MOUNTED = """
see='import os
from pathlib import Path
from datetime import date
from production.sight import look
print(look(Path(os.environ["ROOT"]), today=date(2026, 11, 22)) is None)'
"$PYTHON" -P -c "$see" && mkdir "$ROOT/facts/more" &&
mount -t tmpfs none "$ROOT/facts/more" && "$PYTHON" -P -c "$see"
"""


def see(root: Path) -> Sight:
    """Look at a workspace that can be seen."""
    sight = look(root, today=TODAY)
    assert sight is not None
    return sight


@pytest.mark.parametrize("which", ["camino", "small"])
def test_whatever_a_build_opens_is_seen(which: str, tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    if which == "camino":
        kept = shutil.ignore_patterns(".altavoz", "build", "public", "releases.jsonl")
        shutil.copytree(ROOT / "examples/camino", root, ignore=kept)
    else:
        write_small(root, PRIVATE)
        shutil.copytree(ROOT / "examples/camino/artwork", root / "artwork")
    done = subprocess.run(
        [sys.executable, "-P", "-c", WATCHED, root, "build", "-w", root, "--dry-run"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    touched = json.loads(done.stderr.rpartition("TOUCHED")[2])
    files = {name for name, _ in see(root).files}
    opened = {name for event, name in touched if event == "open"}
    listed = {name for event, name in touched if event != "open"}
    assert {"altavoz.toml"} < opened
    assert {"scripts"} < opened | listed
    for name in opened | listed:
        if name == "." or name.startswith(".altavoz"):
            continue
        # a folder that is opened or listed and is not there holds nothing
        assert name in files or f"{name}/" in files or not (root / name).exists(), name


@pytest.mark.parametrize(
    "folder", ["build", "public", "spoken", ".git", ".altavoz", "private/airplay"]
)
def test_what_no_edition_follows_from_may_change(folder: str, tmp_path: Path) -> None:
    root = write_small(tmp_path / "workspace", PRIVATE)
    before = see(root)
    (root / folder / "deep").mkdir(parents=True)
    (root / folder / "deep/file").write_text("new", encoding="utf-8")
    assert see(root).key == before.key


@pytest.mark.parametrize("kind", ["link to a file", "link to a folder", "dead link", "pipe"])
def test_what_is_no_file_is_in_doubt(kind: str, tmp_path: Path) -> None:
    root = write_small(tmp_path / "workspace", PRIVATE)
    odd = root / "scripts/odd"
    match kind:
        case "link to a file":
            odd.symlink_to(root / "altavoz.toml")
        case "link to a folder":
            odd.symlink_to(tmp_path)
        case "dead link":
            odd.symlink_to("nowhere")
        case _:
            os.mkfifo(odd)
    assert look(root, today=TODAY) is None


def test_a_folder_on_another_disk_is_in_doubt(tmp_path: Path) -> None:
    other = Path("/dev/shm")  # noqa: S108 - a disk of its own, where there is one
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk at /dev/shm")
    done = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", MOUNTED],
        env=environment(
            {"ROOT": str(write_small(tmp_path / "workspace")), "PYTHON": sys.executable}
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare:" in done.stderr:
        pytest.skip("this user may not mount")
    assert (done.returncode, done.stdout) == (0, "False\nTrue\n"), done.stderr


def test_a_workspace_that_is_not_there_is_in_doubt(tmp_path: Path) -> None:
    assert look(tmp_path / "nowhere", today=TODAY) is None


def everything(root: Path) -> dict[str, bytes]:
    """Give the bytes of every file."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def put(root: Path, name: str, number: int) -> None:
    """Write a file of one byte, in place and at the date that it had."""
    path = root / name
    before = path.stat() if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if before else "wb") as file:
        file.write(bytes([number]))
    if before:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def take_away(root: Path, name: str, number: int) -> None:
    del number
    (root / name).unlink(missing_ok=True)


def swap(root: Path, name: str, number: int) -> None:
    """Give two files each other's name."""
    first, second = root / name, root / NAMES[number % len(NAMES)]
    if first != second and first.exists() and second.exists():
        first.rename(root / "aside")
        second.rename(first)
        (root / "aside").rename(second)


def set_date(root: Path, name: str, number: int) -> None:
    if (root / name).exists():
        os.utime(root / name, (number, number))


DEEDS: tuple[Callable[[Path, str, int], None], ...] = (put, put, take_away, swap, set_date)


@given(
    deeds=st.lists(
        st.tuples(st.sampled_from(DEEDS), st.sampled_from(NAMES), st.integers(0, 3)), max_size=12
    )
)
def test_equal_sights_mean_equal_bytes(
    deeds: list[tuple[Callable[[Path, str, int], None], str, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        seen: dict[str, dict[str, bytes]] = {}
        for deed, name, number in [(put, "altavoz.toml", 0), *deeds]:
            deed(root, name, number)
            sight, held = see(root), everything(root)
            assert seen.setdefault(sight.key, held) == held
            assert see(root).key == sight.key
            # as a build does before it remembers one: until the disk's clock has gone on
            while sight.changed_since(_clock_ns(root)):
                time.sleep(TICK_S / 4)


def _clock_ns(root: Path) -> int:
    """Give the disk's clock, less a tick."""
    place = root / ".clock"
    place.touch()
    now = place.stat().st_ctime_ns
    place.unlink()
    return now - int(TICK_S * 1e9)
