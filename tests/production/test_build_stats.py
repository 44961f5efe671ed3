"""Where the time of a build went: counted from what was made, and no part of what is made."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from production.building import Workshop
from production.journal import Journal, Result
from production.store import Store
from production.timed_work import timed
from programme.stopwatch import Spent, Timing, stage
from programme.units import Digest, Fingerprint
from tests.production.running import (
    TINY,
    TODAY,
    Quiet,
    build,
    built_once,
    copy_of,
    edit,
    read,
    run_here,
    run_process,
    tree,
)
from tests.production.small import write_small


def stats_of(root: Path, *options: str) -> Any:
    done = run_process("build", "--json", "--stats", *options, cwd=root)
    assert done.code == 0, done.err
    return json.loads(done.out)["stats"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_build_tells_where_its_time_went(jobs: int, tmp_path: Path) -> None:
    root = write_small(tmp_path / "workspace", TINY)
    began = time.perf_counter()
    found = stats_of(root, f"-j{jobs}")
    took = time.perf_counter() - began
    steps = found["steps"]
    made = {kind: (one["planned"], one["hits"], one["made"]) for kind, one in steps.items()}
    assert made == {"take": (6, 0, 6), "slot": (4, 0, 4), "edition": (1, 0, 1)}
    assert list(found["stages"]) == ["speaking", "mixing", "coding", "joining", "writing", "other"]
    # every moment of a step is told once
    for unit in ("wall_s", "cpu_s"):
        whole = sum(one[unit] for one in steps.values())
        assert sum(one[unit] for one in found["stages"].values()) == pytest.approx(whole, abs=0.01)
    # and every moment of the command
    phases = found["phases"]
    assert next(iter(phases)) == "start-up"
    assert sum(one["wall_s"] for one in phases.values()) == pytest.approx(
        found["whole"]["wall_s"], abs=0.1
    )
    assert found["whole"]["wall_s"] < took
    assert found["whole"]["cpu_s"] >= sum(one["cpu_s"] for one in steps.values())
    assert found["jobs"] == (jobs if found["workers_start_cpu_s"] else 1)
    assert 0 < found["busy"] <= 1
    # what was written is what lies in the store now
    stored = sum(path.stat().st_size for path in (root / ".altavoz/store").rglob("*/*"))
    assert sum(one["written_bytes"] for one in steps.values()) == stored
    longest = [one["wall_s"] for one in found["slowest"]]
    assert longest == sorted(longest, reverse=True)


@pytest.fixture
def finished(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """Give a workspace in which everything was made."""
    return copy_of(built_once(tmp_path_factory, "tiny", TINY), tmp_path / "finished")


def test_what_was_there_counts_as_such(finished: Path) -> None:
    root = finished
    edit(root / "scripts/agua/es-419.md", "poco a poco", "despacio")
    steps = stats_of(root, "-j1")["steps"]
    made = {kind: (one["planned"], one["hits"], one["made"]) for kind, one in steps.items()}
    assert made == {"take": (6, 5, 1), "slot": (4, 3, 1), "edition": (1, 0, 1)}
    again = stats_of(root, "-j1")
    assert [one["made"] for one in again["steps"].values()] == [0, 0, 0]
    assert (again["stages"], again["slowest"], again["busy"]) == ({}, [], 0)


def test_what_failed_is_neither_made_nor_there(tmp_path: Path) -> None:
    root = write_small(tmp_path / "workspace", TINY)
    (root / "sounds/tono.wav").write_bytes(b"RIFF no sound")
    done = run_process("build", "--json", "--stats", "-j1", cwd=root)
    assert done.code
    steps = json.loads(done.out)["stats"]["steps"]
    # one slot cannot be made; the others, which only this edition wants, are not begun
    for kind, one in steps.items():
        assert one["hits"] == 0, kind
        assert one["made"] + one["failed"] == one["planned"], kind
    assert steps["edition"]["failed"] == 1
    assert steps["slot"]["failed"] >= 1


def test_a_person_reads_it_as_tables(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(finished / "episodes/corta-1.yml", "Agua y ayuda", "Agua")
    plain = run_here("build", "-j1", "-w", finished, capture=capsys)
    assert "Made 1 edition. Ready: 1 edition." in plain.out
    told = run_here("build", "-j1", "--stats", "-w", finished, capture=capsys)
    assert "coding" not in plain.out
    assert told.out.startswith("Nothing to do: 1 edition up to date.\n")
    for words in ("planned", "slots", "start-up", "reading", "in all"):
        assert words in told.out


def test_times_are_no_part_of_what_is_made(finished: Path, tmp_path: Path) -> None:
    # slow and quick work give the same bytes, the same journal, and results that are equal
    root = write_small(tmp_path / "workspace", TINY)
    build(root)
    assert tree(root / ".altavoz/store") == tree(finished / ".altavoz/store")
    quick = Result(outputs={}, facts={})
    slow = Result(outputs={}, facts={}, timing=Timing(whole=Spent(wall_s=9.0)))
    assert quick == slow
    journal = Journal(tmp_path / "journal.sqlite")
    journal.record(Fingerprint("a"), "a step", {}, slow)
    kept = journal.result(Fingerprint("a"))
    journal.close()
    assert kept == slow
    assert kept is not None
    assert kept.timing is None


def test_work_is_timed_with_its_stages_and_bytes(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.prepare()

    @timed
    def work(root: Path, data: bytes) -> Result:
        file = Store(root).scratch / "file"
        with stage("writing"):
            file.write_bytes(data)
        return Result(
            outputs={"file": store.adopt(file), "again": Digest(store.adopt(copied(file)))}
        )

    def copied(file: Path) -> Path:
        other = file.with_name("other")
        other.write_bytes(b"1234")
        return other

    timing = work(tmp_path, b"123").timing
    assert timing is not None
    assert timing.written_bytes == 7
    assert set(timing.stages) == {"", "writing"}


def test_progress_never_changes_what_is_made(tmp_path: Path) -> None:
    root = write_small(tmp_path / "workspace", TINY)
    bar = Quiet()
    workspace = read(root)
    with Workshop(root).open() as shop:
        plan = shop.plan(workspace, today=TODAY)
        shop.build(workspace, plan, jobs=1, progress=bar, partial=False)
    assert [total for _, total in bar.begun] == [6, 4, 1]
    assert (root / "build").is_dir()
