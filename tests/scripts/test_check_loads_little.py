"""What a check with nothing to judge never loads: counted, because each module costs a start."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.scripts.sample_workspace import TODAY, write_workspace

TICK_S = 0.02
PROGRAM = (
    "import sys, datetime, json, pathlib, scripts.kept_file\n"
    f"scripts.kept_file._TICK_NS = {int(TICK_S * 1e9)}\n"
    "from scripts.workspace import read_workspace\n"
    "day = datetime.date.fromisoformat(sys.argv[2])\n"
    "read_workspace(pathlib.Path(sys.argv[1]), today=day, keep=True)\n"
    "print(json.dumps(sorted(sys.modules)))"
)
JUDGING = {
    *("scripts.segment_check", "scripts.rules", "scripts.rules_letters", "scripts.plain_words"),
    *("scripts.phrases", "scripts.termbase", "scripts.lexicon"),
}
OF_STATIONS = {"scripts.read_stations", "scripts.read_schedules", "programme.stations"}
OF_TAKES = {"scripts.read_recordings", "scripts.cross_recordings"}
RARE = {"difflib", "scripts.review_board", "scripts.read_terms", "scripts.rule_catalogue"}
TOGETHER = {"scripts.cross_checks", "scripts.cross_consent", "scripts.cross_reach"}
OF_NOTHING_HERE = {"scripts.artwork_checks", "scripts.read_consent", "scripts.cross_overrides"}


def loaded(root: Path) -> set[str]:
    time.sleep(2 * TICK_S)  # what was just written is not trusted
    command = [sys.executable, "-c", PROGRAM, str(root), TODAY.isoformat()]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return set(json.loads(told))


def without(root: Path, *folders: str) -> Path:
    for folder in folders:
        shutil.rmtree(root / folder, ignore_errors=True)
    return root


def test_a_check_of_what_was_checked_loads_no_rule_and_nothing_of_what_is_not_there(
    tmp_path: Path,
) -> None:
    root = without(write_workspace(tmp_path / "w"), "stations", "recordings", "terms", "lexicon")
    first = loaded(root)
    assert first >= JUDGING | TOGETHER
    assert first.isdisjoint(OF_STATIONS | OF_TAKES | OF_NOTHING_HERE)
    rest = JUDGING | OF_STATIONS | OF_TAKES | OF_NOTHING_HERE | TOGETHER | RARE
    assert loaded(root).isdisjoint(rest)


def test_stations_and_takes_are_read_wherever_there_are_some(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "w")
    (root / "recordings").mkdir(exist_ok=True)
    (root / "recordings" / "notes.txt").write_text("to do\n", encoding="utf-8")
    assert loaded(root) >= OF_STATIONS | {"scripts.read_recordings"}


def test_the_rules_bring_no_words_for_numbers_until_a_text_says_one() -> None:
    program = "import sys, scripts.segment_check; print(*sorted(sys.modules))"
    command = [sys.executable, "-c", program]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert {*told} >= JUDGING
    assert {"scripts.spoken_words", "scripts.raw_figures", "scripts.counted"}.isdisjoint(told)
