"""A dry run of a delivery or a pack makes nothing, speaks nothing and notes nothing."""

import json
import re
from pathlib import Path

import pytest

from tests.production.delivery.folder_station import served
from tests.production.running import built_once, copy_of, edit, run_here
from tests.production.running import tree as digests


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(tmp_path_factory, "small")


def kept(root: Path) -> dict[str, str]:
    """Give what must not change: all but the journal, which remembers what was read."""
    return {name: one for name, one in digests(root).items() if ".altavoz/journal" not in name}


def test_a_dry_run_of_a_delivery_builds_nothing_and_says_what_would_run(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = served(copy_of(built, tmp_path / "small"), "vlc")
    real = run_here("deliver", "-w", root, "--rehearsal", "-j", "1", capture=capsys)
    assert real.code == 0, real.err
    edit(root / "scripts/agua/en.md", "Drink little by little.", "Drink slowly.")
    before = kept(root)
    dry = run_here("deliver", "-w", root, "--rehearsal", "--dry-run", capture=capsys)
    assert dry.code == 0, dry.err
    assert "steps would run first: see altavoz build --dry-run" in dry.err
    assert kept(root) == before


def test_a_dry_run_of_packs_speaks_nothing_and_says_what_would_be_spoken(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copy_of(built, tmp_path / "small")
    for path in (root / "scripts").glob("*/segment.yml"):
        text = re.sub(
            r"^expires: .*$", 'expires: "2027-01-09"', path.read_text(), flags=re.MULTILINE
        )
        path.write_text(text)
    run_here("build", "-w", root, "-j", "1", capture=capsys)
    before = kept(root)
    ask: list[str | Path] = ["pack", "packs", "-w", root, "--rehearsal", "--unsigned"]
    dry = run_here(*ask, "--dry-run", "--json", capture=capsys)
    assert dry.code == 0, dry.err
    [row] = json.loads(dry.out)
    assert row["station"] == "packs"
    assert row["steps_to_run_first"] > 0
    told = run_here(*ask, "--dry-run", capture=capsys)
    assert "packs: " in told.out
    assert "would run first, such as" in told.out
    assert kept(root) == before
    run_here(*ask, "-j", "1", capture=capsys)
    [row] = json.loads(run_here(*ask, "--dry-run", "--json", capture=capsys).out)
    assert row["serial"] == "1"
