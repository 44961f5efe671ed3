"""What several files are held against each other for is found again, and never after a change."""

import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scripts.kept_file
import scripts.workspace
from scripts.workspace import read_workspace
from tests.scripts.kept_checks import SECOND, rewrite
from tests.scripts.sample_workspace import EN, NETWORK, SEGMENT, TODAY, write_workspace

TICK_S = 0.02


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust files that are older than 20 ms, as this machine's disk counts far finer."""
    monkeypatch.setattr(scripts.kept_file, "_TICK_NS", int(TICK_S * 1e9))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Gain a word whenever the check of several files is really made."""
    times: list[str] = []
    real = scripts.workspace._check

    def noting(*given: object, **named: object) -> None:
        times.append("made")
        real(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(scripts.workspace, "_check", noting)
    return times


def found(root: Path, *, keep: bool, today: date = TODAY) -> list[object]:
    workspace, findings = read_workspace(root, today=today, keep=keep)
    if workspace is None:
        return list(findings)
    return [*findings, dict(workspace.segments), dict(workspace.summaries)]


def agree(root: Path, *, today: date = TODAY) -> list[object]:
    """Check with what was kept, and hold it against a check with nothing kept."""
    time.sleep(2 * TICK_S)
    kept = found(root, keep=True, today=today)
    aside = root.with_name(f"{root.name}-aside")
    (root / ".altavoz").rename(aside)
    assert found(root, keep=False, today=today) == kept
    aside.rename(root / ".altavoz")
    return kept


def ready(root: Path) -> Path:
    write_workspace(root, SECOND)
    shutil.rmtree(root / "stations")  # where there are some, everything is held against them
    agree(root)
    return root


CHANGES: dict[str, tuple[Callable[[Path], object], bool]] = {
    "nothing": (lambda _: None, False),
    "words of a line": (
        lambda root: rewrite(root / "scripts/asilo/en.md", "without paying", "for free"),
        False,
    ),
    "a line with a fault": (
        lambda root: rewrite(root / "scripts/asilo/en.md", "without paying", "4521"),
        True,  # it has no words that can be read
    ),
    "a line that speaks no fact any more": (
        lambda root: rewrite(root / "scripts/asilo/en.md", "{{phone:linea}}", "us"),
        True,
    ),
    "a source": (lambda root: rewrite(root / "scripts/agua/es-419.md", "limpia", "fría"), False),
    "the last day of a segment": (
        lambda root: rewrite(root / "scripts/agua/segment.yml", "2027-01-31", "2026-11-21"),
        True,
    ),
    "the kind of a segment": (
        lambda root: rewrite(root / "scripts/agua/segment.yml", "procedure", "alert"),
        True,
    ),
    "a consent": (
        lambda root: rewrite(
            root / "scripts/agua/segment.yml", "sensitivity:", "consent: maria\nsensitivity:"
        ),
        True,
    ),
    "a line more in the metadata": (
        lambda root: rewrite(root / "scripts/agua/segment.yml", "kind:", "# a remark\nkind:"),
        True,
    ),
    "a segment less": (lambda root: shutil.rmtree(root / "scripts/agua"), True),
    "a segment of another name": (
        lambda root: (root / "scripts/agua").rename(root / "scripts/agua-2"),
        True,
    ),
    "the last day of a fact": (
        lambda root: rewrite(root / "facts/asylum-free.yml", "2027-01-31", "2026-11-21"),
        True,
    ),
    "an episode": (
        lambda root: rewrite(root / "episodes/uno.yml", "number: 1", "number: 2"),
        True,
    ),
    "no episode": (lambda root: shutil.rmtree(root / "episodes"), True),
    "a speaker": (
        lambda root: (root / "altavoz.toml").write_text(
            f'{NETWORK}\n[speakers.guia]\nes = "GUÍA"\nen = "GUIDE"\n', encoding="utf-8"
        ),
        True,
    ),
    "how long an alert may stay": (
        lambda root: (root / "altavoz.toml").write_text(
            f"{NETWORK}\n[reviews]\nalert_days = 3\n", encoding="utf-8"
        ),
        True,
    ),
    "the languages": (
        lambda root: rewrite(root / "altavoz.toml", '["es-419", "en"]', '["es-419", "en", "fr"]'),
        True,
    ),
}


@pytest.mark.parametrize(("change", "again"), CHANGES.values(), ids=CHANGES.keys())
def test_it_is_made_again_when_anything_that_it_looks_at_changed(
    tmp_path: Path, made: list[str], change: Callable[[Path], object], again: bool
) -> None:
    root = ready(tmp_path / "w")
    change(root)
    made.clear()
    agree(root)
    assert len(made) == 1 + again  # one is the check with nothing kept


def test_another_day_is_another_question(tmp_path: Path, made: list[str]) -> None:
    root = ready(tmp_path / "w")
    made.clear()
    late = agree(root, today=TODAY + timedelta(days=400))
    assert len(made) == 2
    assert any(getattr(one, "rule", "") == "expired" for one in late)


def test_where_there_are_stations_it_is_always_made(tmp_path: Path, made: list[str]) -> None:
    root = write_workspace(tmp_path / "w", SECOND)
    agree(root)
    made.clear()
    agree(root)
    assert len(made) == 2


def test_facts_that_changed_just_now_are_held_against_the_rest_each_time(
    tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = ready(tmp_path / "w")
    monkeypatch.setattr(scripts.kept_file, "_TICK_NS", 10**15)  # nothing is old enough
    rewrite(root / "facts/asylum-free.yml", "2027-01-31", "2026-11-21")
    for _ in range(2):
        made.clear()
        agree(root)
        assert len(made) == 2


def test_what_is_kept_and_damaged_is_found_anew(tmp_path: Path, made: list[str]) -> None:
    root = ready(tmp_path / "w")
    path = root / ".altavoz/folders.jsonl"
    lines = scripts.kept_file.read_kept(path, key=_key(path))
    assert [line.split(" ")[0] for line in lines] == ["facts", "series", "episodes", "together"]
    question = lines[3].split(" ")[1]
    scripts.kept_file.write_kept(path, [*lines[:3], f"together {question} [1]"], key=_key(path))
    made.clear()
    agree(root)
    assert len(made) == 2


def _key(path: Path) -> str:
    return path.read_text(encoding="utf-8").split('"')[1]


EDITS: list[Callable[[Path, int], object]] = [
    lambda root, n: (root / "scripts/asilo/en.md").write_text(EN.replace("Call", f"Call {n}")),
    lambda root, n: (root / "scripts/asilo/en.md").write_text(EN + "Call {{phone:linea}}.\n" * n),
    lambda root, _: (root / "scripts/asilo/en.md").unlink(missing_ok=True),
    lambda root, n: (root / "scripts/asilo/segment.yml").write_text(
        SEGMENT.replace("procedure", ("alert", "drama", "nonsense")[n % 3])
    ),
    lambda root, n: (root / "scripts/agua/segment.yml").write_text(
        SEGMENT.replace("2027-01-31", f"2026-11-2{n}").replace("2026-12-20", "2026-11-20")
    ),
    lambda root, n: (root / "facts/asylum-free.yml").write_text(
        (root / "facts/asylum-free.yml").read_text().replace("2027", f"20{26 + n % 2}")
    ),
    lambda root, n: (root / "episodes/dos.yml").write_text(
        (root / "episodes/uno.yml").read_text().replace("number: 1", f"number: {n}")
    ),
    lambda root, _: shutil.copytree(
        root / "scripts/asilo", root / "scripts/copia", dirs_exist_ok=True
    ),
    lambda root, _: shutil.rmtree(root / "scripts/copia", ignore_errors=True),
]


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, len(EDITS) - 1), st.integers(0, 9)), max_size=5))
def test_after_any_edits_all_is_found_as_if_nothing_were_kept(edits: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = ready(Path(folder) / "w")
        for which, n in edits:
            EDITS[which](root, n)
            agree(root)
