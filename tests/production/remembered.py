"""A workspace that was built, and whose next build has nothing to do; and ways to change it."""

import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import scripts.kept_file
from production.last_build import FILE, LastBuild
from tests.production.running import TINY, TODAY, built_once, copy_of, run_here

TICK_S = 0.02
"""Longer than a tick of any clock of the disks that tests run on."""
RECORD = Path(".altavoz") / FILE
CONSENT = "private/consent/c-1.txt"


def quick_clock(patch: pytest.MonkeyPatch, factory: pytest.TempPathFactory) -> None:
    """Let files count as old soon, and keep the voices of this machine out of it."""
    patch.setattr(scripts.kept_file, "_TICK_NS", int(TICK_S * 1e9))
    patch.setenv("ALTAVOZ_VOICES", str(factory.getbasetemp() / "voices"))


def remembered(
    place: Path, factory: pytest.TempPathFactory, capture: pytest.CaptureFixture[str]
) -> Path:
    """Give such a workspace."""
    root = copy_of(built_once(factory, "last-build", TINY), place / "workspace")
    (root / "private/consent").mkdir(parents=True)
    (root / CONSENT).write_text("id: c-1\n", encoding="utf-8")
    (root / "private/airplay/plans").mkdir(parents=True)
    settle(root, capture)
    return root


def settle(root: Path, capture: pytest.CaptureFixture[str]) -> None:
    """Build, so that the next build has nothing to do and knows it."""
    time.sleep(3 * TICK_S)
    assert run_here("build", "-w", root, capture=capture).code == 0
    assert knows(root)


def knows(root: Path, day: date = TODAY) -> bool:
    """Tell whether a build would say without a look into any file that there is nothing to do."""
    return LastBuild(root.resolve(), today=day).find() is not None


def keep_date(path: Path, change: Callable[[Path], object]) -> None:
    """Change a file as programs do that give it its old date back."""
    before = path.stat()
    change(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert after.st_mtime_ns == before.st_mtime_ns


def rewrite(old: str, new: str) -> Callable[[Path], None]:
    """Give a change to words of equal length, made in place."""
    assert len(old) == len(new)

    def change(path: Path) -> None:
        data = path.read_bytes()
        assert old.encode() in data
        with path.open("r+b") as file:
            file.write(data.replace(old.encode(), new.encode()))

    return change


def an_output(root: Path) -> Path:
    return next((root / "build").rglob("*.mp3"))


def an_object(root: Path) -> Path:
    """Give the object in the store that an edition's file was copied from."""
    data = an_output(root).read_bytes()
    found = [path for path in (root / ".altavoz/store").glob("??/*") if path.read_bytes() == data]
    return found[0]
