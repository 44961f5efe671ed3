"""The benchmark of checking measures what it says: the workload is fixed, the counts are true."""

import re
from datetime import date
from pathlib import Path

import pytest

from bench.check import (
    DifferentFindingsError,
    change_one_fact,
    change_one_line,
    check,
    compare,
    forget,
)
from bench.check_workload import COPIES, LANGUAGES, read_units, write_check_workload
from programme.digests import digest_file
from scripts.workspace import read_workspace

SEGMENTS = 12


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): digest_file(path) for path in files}


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_check_workload(tmp_path / name, seed=seed, segments=3)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert digests(tmp_path / "a") != digests(tmp_path / "c")


def test_the_example_has_hundreds_of_sentences_that_stand_in_every_language() -> None:
    units = read_units()
    assert len(units) > 300
    assert {len(unit) for unit in units} == {len(LANGUAGES)}


def test_the_counts_are_those_of_the_files(tmp_path: Path) -> None:
    workload = write_check_workload(tmp_path / "w", seed=1, segments=SEGMENTS)
    texts = list((tmp_path / "w" / "scripts").glob("*/*.md"))
    lines = [line for path in texts for line in path.read_text(encoding="utf-8").splitlines()]
    spoken = [line for line in lines if line and not line.startswith("#")]
    assert len(texts) == workload.texts == SEGMENTS * 6
    assert len(spoken) == workload.lines == 600
    assert workload.faults == workload.lines // 100
    assert len(list((tmp_path / "w" / "facts").iterdir())) == workload.facts
    assert workload.facts % COPIES == 0


def test_hardly_a_line_is_there_twice_so_that_no_cache_shortens_the_work(tmp_path: Path) -> None:
    write_check_workload(tmp_path / "w", seed=1, segments=200)
    for tag in LANGUAGES:
        texts = (tmp_path / "w" / "scripts").glob(f"*/{tag}.md")
        lines = [line for path in texts for line in path.read_text().splitlines()[2:] if line]
        assert len(set(lines)) > 0.98 * len(lines)


def test_the_workload_has_the_faults_that_were_put_in_and_is_sound_else(tmp_path: Path) -> None:
    write_check_workload(tmp_path / "w", seed=1, segments=60)
    workspace, findings = read_workspace(tmp_path / "w", today=date(2026, 11, 22))
    assert workspace is not None
    assert len(workspace.segments) == 60
    rules = {finding.rule for finding in findings}
    assert rules > {"words.raw-digits", "placeholder.id", "words.markup", "translation.stale"}
    assert not {rule for rule in rules if rule.startswith(("file.", "yaml.", "series."))}


@pytest.mark.slow
def test_what_is_kept_finds_the_same_after_one_line_and_after_one_fact(tmp_path: Path) -> None:
    workload = write_check_workload(tmp_path / "w", seed=1, segments=SEGMENTS)
    before = digests(workload.folder)
    cold = check(workload.folder, tmp_path)
    assert cold.findings
    assert (workload.folder / ".altavoz").exists()
    compare("again", check(workload.folder, tmp_path).findings, cold.findings)
    line, fact = change_one_line(workload, 0), change_one_fact(workload)
    kept = check(workload.folder, tmp_path).findings
    forget(workload.folder)
    assert {name for name in before if digests(workload.folder)[name] != before[name]} == {
        line,
        fact,
    }
    compare("changed", kept, check(workload.folder, tmp_path).findings)


def test_different_findings_are_told() -> None:
    with pytest.raises(DifferentFindingsError, match=re.escape("w: 1 and 1 findings")):
        compare("w", [{"line": 1}], [{"line": 2}])
    with pytest.raises(DifferentFindingsError, match="2 and 1"):
        compare("w", [{"line": 1}, {"line": 2}], [{"line": 1}])
