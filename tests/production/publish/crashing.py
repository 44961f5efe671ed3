"""What a publish is broken in: workspaces that are about to publish, and who breaks it."""

import json
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from production.targets.beside import LOCK
from tests.production.publish.listener import Visit, visit_folder
from tests.production.published import NO_STATIONS
from tests.production.running import TINY, Done, copy_of, edit, tree
from tests.production.small import FILES, write_small
from tests.production.stage import NOON, Running, Stage

LATER = NOON + timedelta(hours=2)
PUBLISH = ("publish", "public", "-j1")
RETRACT = ("release", "retract", "corta/corta-1", "--target", "public", "-j1")

CALLS = {
    "write": "write,writev",
    "pwrite": "pwrite64,pwritev",
    "rename": "?rename,?renameat,renameat2",
    "fsync": "fsync,fdatasync",
    "unlink": "?unlink,unlinkat",
    "mkdir": "?mkdir,mkdirat",
    "copy": "copy_file_range,sendfile",
    "truncate": "truncate,ftruncate",
}
"""System calls that change a disk, by what they do; ? stands before what not every machine has."""


ONE_SENTENCE: Mapping[str, str | None] = {
    **NO_STATIONS,
    **TINY,
    **{name: None for name in FILES if name.startswith(("scripts/agua", "scripts/aviso"))},
    "scripts/ayuda/es-419.md": "# Ayuda\n\nLlame al {{phone:cr-911}}.\n",
    "episodes/corta-1.yml": """
series: corta
number: 1
dated: "2026-11-22"
title: {es-419: "Ayuda"}
rundown:
  - segment: ayuda
    required: yes
""",
}
"""Changes to the small workspace that leave one sentence in one language: quick to make, and with
as many feeds and pages as any."""


class Storage(Protocol):
    """Where workspaces of a laboratory publish to; each has a place of its own."""

    def move(self, source: Path, root: Path) -> None:
        """Give a workspace that was copied a place that holds what its source's holds."""
        ...

    def tree(self, root: Path) -> dict[str, str]:
        """Give the SHA-256 of everything that stands at a workspace's place, by its key."""
        ...

    def visit(self, root: Path) -> Visit:
        """Read everything that stands there and follow every link."""
        ...


class Folders:
    """Each workspace publishes to its own folder ``public``, which is copied with it."""

    def move(self, source: Path, root: Path) -> None:
        del source, root

    def tree(self, root: Path) -> dict[str, str]:
        found = tree(root / "public")
        # Who is killed after the very last rename leaves an empty lock, which nobody holds: the
        # next one who has something to write takes it away.
        found.pop(LOCK, None)
        return found

    def visit(self, root: Path) -> Visit:
        return visit_folder(root / "public")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A workspace before a command, and what it is after the command ran undisturbed."""

    name: str
    before: Path
    """Never changed."""
    after: Path
    command: tuple[str, ...]
    now: datetime
    is_first: bool
    """Nothing was published before."""
    storage: Storage
    seconds: float
    """What a run takes that has nothing to speak."""

    def fresh(self, folder: Path) -> Path:
        """Give a copy that may be broken."""
        copy_of(self.before, folder)
        self.storage.move(self.before, folder)
        return folder

    def assert_whole(self, root: Path, before: Visit | None = None) -> Visit:
        """A listener meets nothing missing and nothing wrong, and no serial falls."""
        found = self.storage.visit(root)
        assert not found.faults, found.faults
        assert self.is_first or not found.early, found.early
        assert before is None or found.serial >= before.serial, (before.serial, found.serial)
        lost = lost_lines(self.before, root)
        assert not lost, lost
        return found

    def assert_like_undisturbed(self, root: Path) -> None:
        """The same bytes everywhere as if nothing had happened, and nothing left over."""
        there, wanted = self.storage.tree(root), self.storage.tree(self.after)
        assert there == wanted, dict(set(there.items()) ^ set(wanted.items()))
        assert noted(root) == noted(self.after)
        left = leavings(root)
        assert not left, left


STEPS: Mapping[str, tuple[tuple[str, ...], datetime]] = {
    "first": (PUBLISH, NOON),
    "correction": (PUBLISH, LATER),
    "retraction": (RETRACT, LATER + timedelta(hours=2)),
}


class Lab:
    """A small workspace through a first publish, a correction and a retraction, to be broken."""

    def __init__(
        self,
        stage: Stage,
        folder: Path,
        *,
        strace: str = "",
        changes: Mapping[str, str | None] = ONE_SENTENCE,
        storage: Storage | None = None,
    ) -> None:
        """Take what runs commands, an empty folder, and the program that breaks them."""
        self.stage = stage
        self.folder = folder
        self.strace = strace
        self.changes = changes
        self.storage = storage or Folders()
        self._made: dict[str, Scenario] = {}
        self._counts: dict[str, dict[str, int]] = {}
        self._copies = 0

    def scenario(self, name: str) -> Scenario:
        """Give one; those that come before it are made first."""
        for each, (command, now) in STEPS.items():
            if each not in self._made:
                self._made[each] = self._make(each, command, now)
            if each == name:
                break
        return self._made[name]

    def _make(self, name: str, command: tuple[str, ...], now: datetime) -> Scenario:
        before = self.folder / f"{name}-before"
        if self._made:
            earlier = list(self._made.values())[-1].after
            self.storage.move(earlier, copy_of(earlier, before))
        else:
            write_small(before, self.changes)
            self.stage.warm(before)
        if name == "correction":
            edit(before / "facts/cr-911.yml", 'groups: ["9", "1", "1"]', 'groups: ["9", "1", "2"]')
        after = copy_of(before, self.folder / f"{name}-after")
        self.storage.move(before, after)
        done = self.stage.run(after, *command, now=now)
        assert done.code == 0, done.said
        keep_work(after, before)
        began = time.monotonic()
        assert self.stage.run(after, *command, now=now).code == 0
        return Scenario(
            name=name,
            before=before,
            after=after,
            command=command,
            now=now,
            is_first=name == "first",
            storage=self.storage,
            seconds=2 * (time.monotonic() - began),
        )

    def fresh(self, scenario: Scenario) -> Path:
        """Give a workspace that is about to do it, and may be broken."""
        self._copies += 1
        return scenario.fresh(self.folder / f"copy-{self._copies}")

    def rerun(self, scenario: Scenario, root: Path) -> None:
        """Run the command again, as whoever was stopped does: all is as if nothing had been."""
        again = self.stage.run(root, *scenario.command, now=scenario.now)
        assert again.code == 0, again.said
        scenario.assert_like_undisturbed(root)

    def broken(self, scenario: Scenario, root: Path, *, call: str, fault: str) -> Done:
        """Run a scenario's command with something injected, such as ``signal=KILL:when=3``."""
        running = self.stage.begin(root, *scenario.command, now=scenario.now, held=True)
        calls = CALLS[call]
        inject = ("-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:{fault}")
        with traced(self.strace, running, *inject):
            return running.end()

    def moments(self, scenario: Scenario, call: str, share: float) -> Iterable[int]:
        """Give the number of the call after a share of all of its kind; with 0, of each of them."""
        last = self.count(scenario, call)
        assert last or not share
        return [max(1, round(share * last))] if share else range(1, last + 1)

    def count(self, scenario: Scenario, call: str) -> int:
        """Give how often the busiest thread of an undisturbed run makes a kind of call."""
        if scenario.name not in self._counts:
            root = scenario.fresh(self.folder / f"{scenario.name}-counted")
            running = self.stage.begin(root, *scenario.command, now=scenario.now, held=True)
            log = self.folder / f"{scenario.name}.trace"
            names = ",".join(CALLS.values())
            quiet = ("-e", f"trace={names}", "-e", "signal=none")
            with traced(self.strace, running, "-o", str(log), *quiet):
                assert running.end().code == 0
            self._counts[scenario.name] = count_calls(log.read_text("utf-8", "replace"))
        return self._counts[scenario.name][call]


def count_calls(trace: str) -> dict[str, int]:
    """Count kinds of calls in what strace wrote of several threads; the most of any thread."""
    counts = Counter(
        (thread, call.strip().partition("(")[0])
        for thread, _, call in (line.partition(" ") for line in trace.splitlines())
    )
    named = {kind: calls.replace("?", "").split(",") for kind, calls in CALLS.items()}
    return {
        kind: max((n for (_, name), n in counts.items() if name in names), default=0)
        for kind, names in named.items()
    }


def keep_work(done: Path, before: Path) -> None:
    """Give a workspace the store of a later one, so that each run speaks no notice anew."""
    for name in ("store", "journal.sqlite"):
        place = before / ".altavoz" / name
        if place.is_dir():
            shutil.rmtree(place)
        copy = shutil.copytree if (done / ".altavoz" / name).is_dir() else shutil.copy2
        copy(done / ".altavoz" / name, place)


def noted(root: Path) -> dict[str, bytes]:
    """Give what a workspace notes for good."""
    return {path.name: path.read_bytes() for path in root.iterdir() if path.suffix == ".jsonl"}


def leavings(root: Path) -> list[str]:
    """Give files that only a running command may have."""
    ends = (".tmp", ".part", ".new")
    scratch = root / ".altavoz/store/tmp"
    left = [path for path in root.rglob("*") if path.name.endswith(ends)]
    left += list(scratch.iterdir()) if scratch.exists() else []
    return sorted(path.relative_to(root).as_posix() for path in left if path != scratch)


def lost_lines(before: Path, after: Path) -> list[bytes]:
    """Give lines of the ledger that were there and are not any more, or were torn."""
    old, new = (
        path.read_bytes().splitlines(keepends=True) if path.exists() else []
        for path in (before / "releases.jsonl", after / "releases.jsonl")
    )
    torn = [line for line in new if not line.endswith(b"\n") or not _is_json(line)]
    return [*(line for line in old if line not in new), *torn]


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


@contextmanager
def traced(strace: str, running: Running, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Let strace follow a held command, and then let it go."""
    words = [strace, "-f", "-qq", "-p", str(running.pid), *options]
    following = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        status = Path(f"/proc/{running.pid}/status")
        while "TracerPid:\t0\n" in status.read_text("ascii"):
            assert following.poll() is None, following.communicate()[1]
            time.sleep(0.001)
        running.go()
        yield following
    finally:
        try:
            following.wait(timeout=60)
        finally:
            following.kill()
            following.communicate()
