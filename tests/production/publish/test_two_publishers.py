"""Two at once: in one workspace, and in two clones that publish to one place."""

import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from programme.errors import ExitCode
from tests.production.publish.crashing import CALLS, LATER, PUBLISH, Lab, leavings, traced
from tests.production.publish.listener import visit_folder
from tests.production.running import Done, copy_of, edit, tree
from tests.production.stage import Running, Stage, staged

A, B = "Tapachula office", "San José desk"
EPISODE = """
series: corta
number: {number}
dated: "2026-11-22"
title: {{es-419: "Ayuda {number}"}}
rundown:
  - segment: ayuda
    required: yes
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with staged() as stage:
        yield Lab(
            stage, tmp_path_factory.mktemp("lab"), strace=shutil.which("strace") or "not installed"
        )


@pytest.mark.slow
@pytest.mark.parametrize("other", [PUBLISH, ("build", "-j1")])
@pytest.mark.parametrize("name", ["first", "correction"])
def test_of_two_at_once_in_one_workspace_one_works_and_nothing_is_hurt(
    lab: Lab, name: str, other: tuple[str, ...]
) -> None:
    scenario = lab.scenario(name)
    root = lab.fresh(scenario)
    commands = (scenario.command, other)
    pair = [lab.stage.begin(root, *one, now=scenario.now, held=True) for one in commands]
    for one in pair:
        one.go()
    ends = [one.end() for one in pair]
    assert {end.code for end in ends} <= {ExitCode.OK, ExitCode.BUSY}
    assert ExitCode.OK in {end.code for end in ends}
    for end in ends:
        said = "another Altavoz is working in this workspace" if end.code else ""
        assert said in end.err
        assert "Traceback" not in end.err
    lab.rerun(scenario, root)


class Clones:
    """Two git clones of a workspace that was published, and the folder that both publish to."""

    def __init__(self, lab: Lab, folder: Path) -> None:
        scenario = lab.scenario("first")
        self.stage: Stage = lab.stage
        self.folder = folder
        self.origin = copy_of(scenario.after, folder / "origin")
        shutil.move(self.origin / "public", folder / "site")
        edit(self.origin / "altavoz.toml", 'path = "public"', 'path = "../site"')
        (self.origin / ".gitignore").write_text(".altavoz/\nbuild/\n", encoding="utf-8")
        union = "releases.jsonl merge=union\n"
        (self.origin / ".gitattributes").write_text(union, encoding="utf-8")
        self.git(self.origin, "init", "-q", "-b", "main")
        self.commit(self.origin)
        self.git(self.origin, "config", "receive.denyCurrentBranch", "updateInstead")
        self.a = self._clone("a", 2)
        self.b = self._clone("b", 3)

    @property
    def site(self) -> Path:
        return self.folder / "site"

    def _clone(self, name: str, number: int) -> Path:
        root = self.folder / name
        self.git(self.folder, "clone", "-q", str(self.origin), str(root))
        shutil.copytree(self.origin / ".altavoz", root / ".altavoz")
        (root / ".altavoz/publisher-id").unlink(missing_ok=True)  # what no clone has
        episode = root / f"episodes/corta-{number}.yml"
        episode.write_text(EPISODE.format(number=number).lstrip(), encoding="utf-8")
        self.commit(root)
        return root

    def git(self, root: Path, *words: str) -> None:
        """Run git as somebody."""
        who = ("-c", "user.name=Desk", "-c", "user.email=desk@example.org")
        subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True)

    def commit(self, root: Path) -> None:
        self.git(root, "add", "-A")
        self.git(root, "commit", "-q", "-m", "Work")

    def pull(self, root: Path) -> None:
        """Bring what the other one pushed, as both do every day."""
        self.git(root, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")

    def push(self, root: Path) -> None:
        self.git(root, "push", "-q", "origin", "HEAD:main")

    def begin(self, root: Path, *, now: datetime = LATER, more: tuple[str, ...] = ()) -> Running:
        """Start a publish by whoever works in a clone."""
        label = {"ALTAVOZ_PUBLISHER": A if root == self.a else B}
        return self.stage.begin(root, *PUBLISH, *more, now=now, env=label, held=True)

    def publish(self, root: Path, *, now: datetime = LATER) -> Done:
        running = self.begin(root, now=now)
        running.go()
        return running.end()

    def titles(self) -> set[str]:
        found = visit_folder(self.site)
        assert found.faults == []
        assert found.early == []
        return {guid.rpartition("/corta-")[2] for guid in found.guids if "/corta-" in guid}


@pytest.fixture
def clones(lab: Lab, tmp_path: Path) -> Clones:
    return Clones(lab, tmp_path)


def by_git(clones: Clones) -> None:
    clones.commit(clones.a)
    clones.push(clones.a)
    clones.pull(clones.b)


def by_rebuild(clones: Clones) -> None:
    done = clones.stage.run(clones.b, "release", "rebuild", "public", now=LATER)
    assert done.code == 0, done.said
    # The episode itself is in git alone; here it is handed over like any file.
    for path in clones.a.glob("episodes/*.yml"):
        shutil.copy2(path, clones.b / "episodes" / path.name)


@pytest.mark.parametrize("bring", [by_git, pytest.param(by_rebuild, marks=pytest.mark.slow)])
def test_the_second_clone_is_refused_with_who_and_when_and_publishes_once_it_knows(
    clones: Clones, bring: Callable[[Clones], None]
) -> None:
    assert clones.publish(clones.a).code == 0
    stands = tree(clones.site)
    ledger = (clones.b / "releases.jsonl").read_bytes()
    refused = clones.publish(clones.b)
    assert (refused.code, refused.out) == (ExitCode.TARGET, "")
    for told in (A, f"{LATER:%Y-%m-%d %H:%M}", "from git", "altavoz release rebuild public"):
        assert told in refused.err
    assert tree(clones.site) == stands
    assert (clones.b / "releases.jsonl").read_bytes() == ledger
    bring(clones)
    done = clones.publish(clones.b, now=LATER + timedelta(hours=1))
    assert done.code == 0, done.said
    assert clones.titles() == {"1/es-419/1", "2/es-419/1", "3/es-419/1"}
    by_git_back(clones)
    again = clones.publish(clones.a, now=LATER + timedelta(hours=2))
    assert again.code == 0, again.said
    assert clones.titles() == {"1/es-419/1", "2/es-419/1", "3/es-419/1"}
    assert leavings(clones.a) == leavings(clones.b) == []


def by_git_back(clones: Clones) -> None:
    clones.commit(clones.b)
    clones.pull(clones.b)
    clones.push(clones.b)
    clones.commit(clones.a) if dirty(clones.a) else None
    clones.pull(clones.a)


def dirty(root: Path) -> bool:
    words = ["git", "status", "--porcelain"]
    return bool(subprocess.run(words, cwd=root, check=True, capture_output=True).stdout)


@pytest.mark.slow
@pytest.mark.tools
def test_who_comes_while_another_publishes_is_told_who_and_since_when(
    lab: Lab, clones: Clones
) -> None:
    first = clones.begin(clones.a)
    slow = (f"trace={CALLS['rename']}", f"inject={CALLS['rename']}:delay_enter=60000")
    with traced(lab.strace, first, "-o", "/dev/null", "-e", slow[0], "-e", slow[1]):
        while visit_folder(clones.site).serial and '"claim":null' in head(clones.site):
            time.sleep(0.01)
        second = clones.publish(clones.b, now=LATER + timedelta(minutes=1))
        assert not first.is_over()
        assert (second.code, second.out) == (ExitCode.TARGET, "")
        assert f"{A} publishes here since {LATER:%Y-%m-%d %H:%M}" in second.err
        assert "--take-over" in second.err
        assert first.end().code == 0
    by_git(clones)
    assert clones.publish(clones.b, now=LATER + timedelta(hours=1)).code == 0
    assert clones.titles() == {"1/es-419/1", "2/es-419/1", "3/es-419/1"}


def head(site: Path) -> str:
    path = site / "publish.json"
    return path.read_text("utf-8") if path.exists() else '"claim":null'


@pytest.mark.parametrize(
    "pause_ms", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(10, 400, 30))]
)
def test_of_two_clones_that_publish_at_once_exactly_one_goes_first(
    clones: Clones, pause_ms: int
) -> None:
    pair = [clones.begin(root) for root in (clones.a, clones.b)]
    pair[0].go()
    time.sleep(pause_ms / 1000)
    pair[1].go()
    ends = [one.end() for one in pair]
    assert sorted(end.code for end in ends) == [ExitCode.OK, ExitCode.TARGET], ends
    winner = 0 if ends[0].code == 0 else 1
    label = (A, B)[winner]
    assert label in ends[1 - winner].err
    found = clones.titles()
    assert found == {"1/es-419/1", f"{2 + winner}/es-419/1"}


@pytest.mark.slow
def test_a_publisher_who_was_killed_blocks_the_other_for_an_hour_or_until_it_takes_over(
    clones: Clones,
) -> None:
    running = clones.begin(clones.a)
    running.go()
    while '"claim":null' in head(clones.site):
        time.sleep(0.001)
    running.signal(signal.SIGKILL)
    assert running.end().code == -signal.SIGKILL
    soon, late = LATER + timedelta(minutes=59), LATER + timedelta(minutes=61)
    assert clones.publish(clones.b, now=soon).code == ExitCode.TARGET
    taking = clones.begin(clones.b, now=soon, more=("--take-over",))
    taking.go()
    done = taking.end()
    assert (done.code, A in done.said) == (0, True), done.said
    assert "3/es-419/1" in clones.titles()
    # Whoever was stopped learns of it, and nothing of theirs is lost.
    refused = clones.publish(clones.a, now=late)
    assert refused.code == ExitCode.TARGET
    assert B in refused.err
    clones.commit(clones.b)
    clones.push(clones.b)
    if dirty(clones.a):
        clones.commit(clones.a)
    clones.pull(clones.a)
    assert clones.publish(clones.a, now=late).code == 0
    assert clones.titles() == {"1/es-419/1", "2/es-419/1", "3/es-419/1"}
