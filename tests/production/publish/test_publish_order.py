"""Stopped anywhere, a publish leaves every feed whole, and the next one comes to the same end."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from production.building import BuiltEdition
from programme.errors import ExitCode, ProductionError
from tests.production.published import (
    NOON,
    Made,
    Watch,
    altered,
    faults,
    fresh,
    made_once,
    make,
    of,
    send,
    swap,
    watched,
)
from tests.production.running import environment, tree

LATER = NOON + timedelta(hours=2)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(made_once(tmp_path_factory))


PAGES = (".html", "/episodes.json", "site.json", "sw.js", ".css")


def place(key: str) -> int:
    """Give the rank of what is sent, in the order that listeners need."""
    if key.startswith("m/") and not key.startswith("m/site-"):
        return 0 if key.endswith((".mp3", ".opus")) else 1
    if key.startswith("m/") or key.endswith(PAGES):
        return 3
    if key.startswith("ledger/"):
        return 2
    return {"feed+released": 2, "removed": 6, "publish.json": 7}.get(key, 4)


def refused() -> ProductionError:
    return ProductionError("the server refuses", remedy="wait", code=ExitCode.TARGET)


def full() -> OSError:
    return OSError(28, "No space left on device")


def test_sound_goes_first_then_texts_then_the_ledger_then_pages_then_feeds(
    made: Made, tmp_path: Path
) -> None:
    with watched() as watch:
        send(tmp_path, made)
    claim, *keys = watch.of("put_new", "put", "swap", "ledger")
    assert claim == "publish.json"
    ranks = [place(key) for key in keys]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2, 3, 4, 7}


def test_each_object_is_read_back_before_anything_names_it(made: Made, tmp_path: Path) -> None:
    with watched() as watch:
        send(tmp_path, made)
    steps = watch.steps
    assert len([key for verb, key in steps if verb == "put_new"]) > 5
    for number, (verb, key) in enumerate(steps):
        if verb == "put_new":
            assert steps[number + 1] == ("verify", key)


def test_what_was_corrected_is_removed_after_the_feeds_and_then_noted(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    new = altered(of(made, "en"), tmp_path, words="x")
    with watched() as watch:
        send(tmp_path, made, swap(made, new), now=LATER)
    verbs = [verb for verb, _ in watch.steps]
    keys = [key for _, key in watch.steps]
    last_feed = max(n for n, key in enumerate(keys) if key.endswith(".xml") and verbs[n] == "swap")
    assert verbs.index("remove") > last_feed
    noted = watch.steps.index(("ledger", "removed"))
    assert verbs.index("remove") < noted
    changing = [step for step in watch.steps[noted + 1 :] if step[0] in {"put", "swap", "remove"}]
    assert changing == [("swap", "publish.json")]


def test_what_reads_back_as_other_bytes_stops_the_publish_before_any_feed(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from production.targets.folder import FolderTarget

    monkeypatch.setattr(FolderTarget, "verify", lambda *_: False)
    with pytest.raises(ProductionError, match="reads back as other bytes") as caught:
        send(tmp_path, made)
    assert caught.value.code is ExitCode.TARGET
    assert not list(tmp_path.rglob("*.xml"))
    assert not (tmp_path / "releases.jsonl").exists()


def test_a_publish_with_nothing_new_only_looks(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    before = tree(tmp_path)
    with watched() as watch:
        report = send(tmp_path, made, now=LATER)
    assert not any((report.sent, report.removed, report.changes, report.stale))
    assert tree(tmp_path) == before
    # One list tells of all that was sent; only who publishes and the list of pages are read.
    assert watch.steps == [("read", "publish.json"), ("listing", ""), ("read", "site.json")]


def test_where_the_notes_of_a_target_are_lost_it_is_read_once(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    (tmp_path / ".altavoz" / "targets" / "public.json").unlink()
    with watched() as watch:
        report = send(tmp_path, made, now=LATER)
    assert not any((report.sent, report.removed, report.changes, report.stale))
    assert watch.of("put", "put_new", "swap", "remove", "ledger", "verify", "size") == []
    documents = watch.of("read")
    assert len(documents) == len(set(documents))
    assert {"corta/es-419.xml", "corta/en.json", "feeds.opml", "site.json"} <= set(documents)
    with watched() as watch:
        send(tmp_path, made, now=LATER)
    assert watch.of("read") == ["publish.json", "site.json"]


def test_looking_at_corrected_sound_is_not_repeated_for_ever(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    editions = swap(made, altered(of(made, "en"), tmp_path, words="x"))
    send(tmp_path, made, editions, now=LATER)
    with watched() as watch:
        send(tmp_path, made, editions, now=LATER)
    assert watch.of("remove", "ledger") == []


def test_a_dry_run_says_what_would_be_sent_and_touches_nothing(made: Made, tmp_path: Path) -> None:
    with watched() as watch:
        promised = send(tmp_path, made, dry_run=True)
    assert watch.of("put", "put_new", "swap", "ledger", "remove") == []
    assert list(tmp_path.iterdir()) == []
    sent = send(tmp_path, made)
    assert sorted(sent.sent) == sorted(promised.sent)
    assert promised.feeds == sent.feeds
    assert [release for _, release in promised.changes] == [r for _, r in sent.changes]


@pytest.mark.parametrize(
    ("scenario", "answer_lost"),
    [
        pytest.param("first", True, marks=pytest.mark.slow),
        pytest.param("correction", False, marks=pytest.mark.slow),
        pytest.param("first", False, marks=pytest.mark.slow),
        pytest.param("correction", True, marks=pytest.mark.slow),
    ],
)
def test_stopped_at_any_step_feeds_stay_whole_and_a_rerun_comes_to_the_same_end(
    made: Made, tmp_path: Path, scenario: str, answer_lost: bool
) -> None:
    before = fresh(tmp_path)
    editions, now = made.editions, NOON
    if scenario == "correction":
        send(before, made)
        editions = swap(
            made,
            altered(of(made, "es-419"), tmp_path, words="x"),
            altered(of(made, "en"), tmp_path, sound="y"),
        )
        now = LATER
    whole = fresh(tmp_path, before)
    with watched() as watch:
        send(whole, made, editions, now=now)
    assert faults(whole / "public") == []
    errors: tuple[Callable[[], BaseException], ...] = (refused, full, KeyboardInterrupt)
    for step in range(1, len(watch.steps) + 1):
        error = errors[step % len(errors)]
        root = fresh(tmp_path, before)
        failing = Watch(fail_at=step, error=error, done_first=answer_lost)
        with watched(failing), pytest.raises(type(error())):
            send(root, made, editions, now=now)
        assert faults(root / "public") == [], watch.steps[step - 1]
        send(root, made, editions, now=now)
        assert tree(root) == tree(whole), watch.steps[step - 1]


_KILLED = """
import os, signal, sys
from pathlib import Path
root, runs, built = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
from tests.production.published import Watch, make, send, watched
from tests.production.publish.test_publish_order import LATER as now, corrected
made = make(built)
editions = corrected(made, root)

class Telling(Watch):
    def __call__(self, *step):
        os.write(told, b".")
        return super().__call__(*step)

def begin(folder):
    global told
    heard, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(heard)
        with watched(Telling()):
            send(folder, made, editions, now=now)
        os._exit(0)
    os.close(told)
    return pid, heard

pid, heard = begin(root / "whole")
steps = 0
while os.read(heard, 1):
    steps += 1
os.waitpid(pid, 0)
for run in range(runs):
    pid, heard = begin(root / f"run-{run}")
    # By steps and not by time: a loaded machine is slower in one run than in another.
    for _ in range(1 + run * steps // runs):
        os.read(heard, 1)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(heard)
    print(int(os.WIFSIGNALED(status)))
"""


def corrected(made: Made, folder: Path) -> tuple[BuiltEdition, ...]:
    """Give both editions with other words."""
    return swap(
        made,
        altered(of(made, "es-419"), folder, words="x"),
        altered(of(made, "en"), folder, words="y"),
    )


@pytest.mark.slow  # test_publish_crashes.py kills the whole command, some of it every day
def test_killed_outright_feeds_stay_whole_and_a_rerun_comes_to_the_same_end(
    made: Made, tmp_path: Path
) -> None:
    runs = 20
    before = fresh(tmp_path)
    send(before, made)
    editions = corrected(made, tmp_path)
    for name in ("whole", *(f"run-{run}" for run in range(runs))):
        fresh(tmp_path, before).rename(tmp_path / name)
    done = subprocess.run(
        [sys.executable, "-P", "-c", _KILLED, str(tmp_path), str(runs), str(made.workspace.root)],
        env=environment(),
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    killed = [line == "1" for line in done.stdout.split()]
    assert len(killed) == runs
    assert sum(killed) >= runs // 2
    whole = tree(tmp_path / "whole")
    halves = 0
    for run in range(runs):
        root = tmp_path / f"run-{run}"
        assert faults(root / "public") == []
        halves += tree(root) != whole
        send(root, made, editions, now=LATER)
        assert tree(root) == whole
    assert halves
