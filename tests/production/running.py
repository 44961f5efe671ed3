"""Runs the real command, in this process or in one of its own, on a fixed day."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import cli
from production.building import BuildReport, Workshop
from production.packs.packing import PackOrder, build_packs
from production.steps import Kind
from scripts.workspace import Workspace, read_workspace
from tests.once import one_at_a_time, run_folder
from tests.production.small import FILES, write_small

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)

_COMMAND = """
import sys
from datetime import UTC, date, datetime
import commands.workspace
day = date.fromisoformat(sys.argv.pop(1))
commands.workspace.read_clock = lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
if {"publish", "release"} & set(sys.argv):
    from tests.drawn_once import keep_drawings
    keep_drawings()
import cli
cli.main()
"""

TINY: Mapping[str, str | None] = {
    **dict.fromkeys(
        name
        for name in FILES
        if "bucle" in name or name.startswith("stations/") or name.split("/")[-1].startswith("en.")
    ),
    "series/corta.yml": FILES["series/corta.yml"].replace("[es-419, en, ht]", "[es-419]"),
}
"""Changes to the small workspace that leave one episode in one language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """All it printed."""
        return self.out + self.err


def command_line(*arguments: str | Path, day: date = TODAY) -> list[str]:
    """Give the argument list that runs the command in a process of its own.

    -P: a workspace has a folder called scripts, and the folder we are in must not be searched.
    """
    return [sys.executable, "-P", "-c", _COMMAND, day.isoformat(), *map(str, arguments)]


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the environment for command_line."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **(changes or {})}


def run_process(
    *arguments: str | Path,
    cwd: Path,
    day: date = TODAY,
    env: Mapping[str, str] | None = None,
    before: Sequence[str] = (),
) -> Done:
    """Run the command in a process of its own; ``before`` is a program that runs it."""
    done = subprocess.run(
        [*before, *command_line(*arguments, day=day)],
        cwd=cwd,
        env=environment(env),
        capture_output=True,
        check=False,
        timeout=300,
    )
    # Not text mode: the bytes are UTF-8 whatever the locale of the test run is.
    return Done(
        code=done.returncode,
        out=done.stdout.decode(errors="replace"),
        err=done.stderr.decode(errors="replace"),
    )


def run_here(
    *arguments: str | Path, day: date = TODAY, capture: pytest.CaptureFixture[str]
) -> Done:
    """Run the command in this process, through the same door as the console script."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    capture.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["altavoz", *map(str, arguments)])
        patch.setattr("commands.workspace.read_clock", lambda: noon)
        with pytest.raises(SystemExit) as ended:
            cli.main()
    printed = capture.readouterr()
    code = ended.value.code
    assert isinstance(code, int)
    return Done(code=int(code), out=printed.out, err=printed.err)


class Quiet:
    """Progress that remembers what was begun and draws nothing."""

    def __init__(self) -> None:
        self.begun: list[tuple[Any, int]] = []

    def begin(self, kind: Any, total: int) -> None:
        self.begun.append((kind, total))

    def step(self, kind: Any, label: str, reason: object) -> None:
        del kind, label, reason


def read(root: Path, day: date = TODAY) -> Workspace:
    """Read a workspace that may be built from, as the command does."""
    workspace, findings = read_workspace(root, today=day)
    assert not findings.stops_build, list(findings)
    assert workspace is not None
    return workspace


def build(
    root: Path, *, day: date = TODAY, jobs: int = 1, only: Sequence[str] = (), verify: bool = False
) -> BuildReport:
    """Build a workspace in this process."""
    workspace = read(root, day)
    with Workshop(workspace.root).open() as workshop:
        plan = workshop.plan(workspace, today=day, only=frozenset(only))
        return workshop.build(
            workspace, plan, jobs=jobs, progress=Quiet(), partial=bool(only), verify=verify
        )


def built_once(
    factory: pytest.TempPathFactory,
    name: str,
    changes: Mapping[str, str | None] | None = None,
    *,
    known: bool = False,
) -> Path:
    """Give a folder with a built small workspace, one for each process of a run: never change it.

    It is built once for all of them; ``known`` begins with ``known_sound``.
    """

    def make(root: Path) -> None:
        write_small(root, changes)
        build(known_sound(root, factory) if known else root)

    return _once(factory, name, make)


def known_sound(root: Path, factory: pytest.TempPathFactory) -> Path:
    """Let a workspace begin with all that was built and spoken for the small one and its packs.

    A build then speaks and codes only what says something else. For tests of what is done with
    sound, not of how it is made. Gives ``root``.
    """

    def make(packed: Path) -> None:
        copy_of(built_once(factory, "small"), packed)
        workspace, order = read(packed), PackOrder(today=TODAY, rehearsal=True)
        with Workshop(packed).open() as workshop:
            plan = workshop.plan(workspace, today=TODAY)
            report = workshop.build(workspace, plan, jobs=1, progress=Quiet(), partial=False)
            build_packs(workshop, workspace, report, names=(), order=order)

    known, place = _once(factory, "sound", make) / ".altavoz", root / ".altavoz"
    shutil.copytree(known / "store", place / "store")
    shutil.copy2(known / "journal.sqlite", place)
    return root


def _once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    root = factory.getbasetemp() / f"built-{name}"
    first = run_folder(factory) / f"first-{name}"
    if root.exists():
        # Only what is built: commands may note in the journal that a copy has other inodes.
        changed = _sizes(root / "build") != _sizes(first / "build")
        assert not changed, f"a test changed {root}, which is shared"
        return root
    with one_at_a_time(first):
        if not first.exists():
            beside = factory.mktemp(name) / "workspace"
            make(beside)
            beside.rename(first)
    return copy_of(first, root)


def _sizes(folder: Path) -> dict[Path, int]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): path.stat().st_size for path in files}


def copy_of(root: Path, target: Path) -> Path:
    """Copy a built workspace, so that a test may change it."""
    shutil.copytree(root, target, symlinks=True)
    return target


def tree(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of every file under a folder, by its path.

    Not of what a workspace notes of its targets: that tells the times of their files.
    """
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent.as_posix() != f"{folder.as_posix()}/.altavoz/targets"
    }


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Give mtime (ns) and inode of every file under a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def edit(path: Path, old: str, new: str) -> None:
    """Change words in a text file; they must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def flip(path: Path, at: int) -> None:
    """Flip one bit of a file in place."""
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= 1
    path.write_bytes(bytes(data))


def ran(report: BuildReport) -> tuple[int, int, int]:
    """Give how many takes, slots and editions a build made."""
    assert not report.failures
    done = report.run.ran
    return done[Kind.TAKE], done[Kind.SLOT], done[Kind.EDITION]
