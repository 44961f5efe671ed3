"""The benchmark measures what it says: the workload is fixed and faultless, children count."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from statistics import mean
from types import SimpleNamespace
from typing import cast

import pytest

from bench.build_rounds import LISTING, LOADED, LOADING, LOOK, Place
from bench.pace import Pace
from bench.plain import write_plain
from bench.process import CommandFailedError, Cost, measure
from bench.run import _change_bounds
from bench.workload import (
    GATHERED,
    SCATTERED,
    change_one_fact,
    change_one_sentence,
    read_phrases,
    write_workload,
)
from programme.digests import digest_file
from scripts.workspace import read_workspace

BURN = """
import subprocess, sys
child = "import time; end = time.process_time() + 0.4\\nwhile time.process_time() < end: pass"
subprocess.run([sys.executable, "-c", child], check=True)
"""
HOLD = """
import subprocess, sys
child = "import time; held = b'x' * 80_000_000; time.sleep(0.6)"
subprocess.run([sys.executable, "-c", child], check=True)
"""


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): digest_file(path) for path in files}


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_workload(tmp_path / name, seed=seed, segments=3)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert digests(tmp_path / "a") != digests(tmp_path / "c")


def test_no_sentence_is_there_twice_so_that_no_cache_shortens_the_work(tmp_path: Path) -> None:
    workload = write_workload(tmp_path / "w", seed=1, segments=240)
    assert len(workload.languages) == 6
    for language, segments in workload.texts.items():
        lines = [line for segment in segments for line in segment]
        assert len(lines) == workload.sentences
        assert len({*lines, workload.spare[language]}) == workload.sentences + 1


def test_each_fact_is_spoken_by_one_sentence_of_twenty(tmp_path: Path) -> None:
    workload = write_workload(tmp_path / "w", seed=1, segments=24)
    for segments in workload.texts.values():
        gathered, scattered = (
            [sum(fact in line for line in segment) for segment in segments]
            for fact in (GATHERED, SCATTERED)
        )
        assert sum(gathered) == sum(scattered) == round(workload.sentences / 20)
        assert sum(map(bool, gathered)) == 2
        assert max(scattered) == 1


def test_a_sentence_that_speaks_a_fact_is_about_as_long_as_others(tmp_path: Path) -> None:
    # With its digits as words, as they are said: otherwise a twentieth of the sentences would be
    # far more than a twentieth of the sound.
    workload = write_workload(tmp_path / "w", seed=1, segments=24)
    lines = [line for segment in workload.texts["en"] for line in segment]
    spoken = [len(line.partition(":")[0] + ": one zero zero one.") for line in lines if "{" in line]
    others = [len(line) for line in lines if "{" not in line]
    assert 0.7 < mean(spoken) / mean(others) < 1.1


def test_a_changed_fact_is_one_line_of_one_file(tmp_path: Path) -> None:
    workload = write_workload(tmp_path / "w", seed=1, segments=2)
    before = digests(tmp_path / "w")
    for fact in (GATHERED, SCATTERED):
        changed = change_one_fact(workload, fact)
        after = digests(tmp_path / "w")
        assert [name for name in before if before[name] != after[name]] == [changed]
        before = after
    _, findings = read_workspace(tmp_path / "w", today=date(2026, 11, 22))
    assert not findings.has_errors, "\n".join(str(finding) for finding in findings)


def test_the_references_are_given_the_words_that_we_are_given(tmp_path: Path) -> None:
    workload = write_workload(tmp_path / "w", seed=1, segments=2, languages=2)
    write_plain(workload, tmp_path / "plain")
    for language, segments in workload.texts.items():
        for number, lines in enumerate(segments, 1):
            path = tmp_path / "plain" / "texts" / language / f"{number:03d}.txt"
            given = path.read_text(encoding="utf-8").splitlines()
            assert [line.partition(":")[0].rstrip(".") for line in given] == [
                line.partition(":")[0].rstrip(".") for line in lines
            ]
            assert not any("{" in line for line in given)
    assert (tmp_path / "plain" / "sounds" / "bed.wav").is_file()


def test_every_language_has_the_same_number_of_parts() -> None:
    shapes = {(len(p.openings), len(p.statements), len(p.endings)) for p in read_phrases().values()}
    assert shapes == {(6, 12, 7)}


@pytest.mark.parametrize(("segments", "languages"), [(2, 6), (90, 2)])
def test_the_workload_is_a_workspace_without_errors(
    tmp_path: Path, segments: int, languages: int
) -> None:
    write_workload(tmp_path / "w", seed=1, segments=segments, languages=languages)
    workspace, findings = read_workspace(tmp_path / "w", today=date(2026, 11, 22))
    assert workspace is not None
    assert not findings.has_errors, "\n".join(str(finding) for finding in findings)


def test_a_change_is_one_line_of_one_file_and_leaves_no_translation_stale(tmp_path: Path) -> None:
    workload = write_workload(tmp_path / "w", seed=1, segments=2)
    before = digests(tmp_path / "w")
    name = change_one_sentence(workload, "en")
    after = digests(tmp_path / "w")
    assert {path for path in before if before[path] != after[path]} == {name}
    assert name.endswith("/en.md")


def test_what_follows_from_a_sentence_is_published_and_packed_after_it_and_before_the_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place.write(tmp_path, seed=1, segments=2, languages=2, pace=Pace(job=lambda: 1.0))
    asked: list[tuple[str, tuple[str, ...]]] = []
    before = digests(place.workload.folder)

    def altavoz(_: Place, *arguments: str) -> Cost:
        now = digests(place.workload.folder)
        changed = [name for name in now if now[name] != before[name]]
        asked.append((changed[0] if changed else "", arguments))
        before.update(now)
        return Cost(cpu_s=1, wall_s=1, peak_tree_mb=1, peak_process_mb=1, written_mb=1)

    monkeypatch.setattr(Place, "altavoz", altavoz)
    place.changes()
    assert asked == [
        ("", ("publish", "public")),
        ("", ("pack", "bench")),
        ("scripts/notice-002/en.md", ("build", "--jobs", "2")),
        ("", ("publish", "public")),
        ("", ("pack", "bench")),
        ("", ("pack", "--delta", "1", "bench")),
        ("facts/line-2.yml", ("build", "--jobs", "2")),
        ("facts/line-1.yml", ("build", "--jobs", "2")),
    ]
    assert [name for name in place.runs if "fact" not in name] == [
        "published from nothing",
        "packed from nothing",
        "one sentence changed",
        "its feed and page",
        "its pack",
        "the update from the pack before",
    ]


def test_start_up_is_what_a_command_loads_and_no_more(tmp_path: Path) -> None:
    loaded = tmp_path / "loaded.json"
    measure([sys.executable, "-c", LISTING, loaded, "build", "--help"], cwd=tmp_path)
    names = json.loads(loaded.read_text(encoding="utf-8"))
    assert {"cli", "click", "commands.building"} <= set(names)
    assert "av" not in names
    told = LOADING + "print(json.dumps(list(sys.modules)))\n"
    again = subprocess.run(
        [sys.executable, "-c", told, loaded], cwd=tmp_path, capture_output=True, check=True
    )
    assert set(names) - set(json.loads(again.stdout)) <= {"__mp_main__"}
    assert "production.building" not in json.loads(again.stdout)


def test_the_bounds_of_ten_times_the_work_are_told_from_those_of_the_work_itself() -> None:
    costs = {
        "cold": 200.0,
        "nothing to do": 1.0,
        LOOK: 1.5,
        LOADED: 0.5,
        "one sentence changed": 3.0,
        "one fact changed, spoken together": 16.0,
        "one fact changed, scattered": 20.0,
    }
    place = SimpleNamespace(cpu=costs.__getitem__)
    bounds = _change_bounds(cast("Place", place), "ten times the work, ")
    sentence = "ten times the work, one sentence changed, CPU less"
    assert [(one.what, one.found, one.most, one.holds) for one in bounds] == [
        (f"{sentence} start-up, against cold", 1.25, 1.0, False),
        (f"{sentence} a build with nothing to do, against cold", 1.0, 1.0, True),
        (f"{sentence} a build that looks and makes nothing, against cold", 0.75, 1.0, True),
        ("ten times the work, one fact changed, spoken together, CPU against cold", 8.0, 8, True),
        ("ten times the work, one fact changed, scattered, CPU against cold", 10.0, 8, False),
    ]


def test_the_cpu_time_of_a_child_counts(tmp_path: Path) -> None:
    cost = measure([sys.executable, "-c", BURN], cwd=tmp_path)
    assert 0.4 <= cost.cpu_s < 5
    assert cost.wall_s >= 0.4


def test_the_memory_of_a_child_counts(tmp_path: Path) -> None:
    cost = measure([sys.executable, "-c", HOLD], cwd=tmp_path)
    assert cost.peak_process_mb > 76
    assert cost.peak_tree_mb is None or cost.peak_tree_mb > 76


def test_a_measured_command_keeps_what_it_compiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Some machines ask for the contrary; then each command would compile all that it loads.
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "loaded.py").write_text("", encoding="utf-8")
    measure([sys.executable, "-c", "import loaded"], cwd=tmp_path)
    assert list((tmp_path / "__pycache__").glob("loaded.*.pyc"))


def test_a_command_that_fails_is_not_measured(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no disk')"]
    with pytest.raises(CommandFailedError, match="no disk"):
        measure(command, cwd=tmp_path)
