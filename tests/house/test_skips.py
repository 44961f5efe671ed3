"""No test is passed over where CI asks for everything: whatever skips is counted as failed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

STRICT = Path(__file__).parents[1] / "strict.py"
WAYS = {
    "a mark": "@pytest.mark.skipif(True, reason='no fork')\ndef test_it():\n    assert not 'run'\n",
    "a call": "def test_it():\n    pytest.skip('no mount')\n",
    "a fixture": "@pytest.fixture\ndef disk():\n    pytest.skip('no mount')\n\n"
    "def test_it(disk):\n    assert not 'run'\n",
    "a missing program": "def test_it(tool):\n    name = 'no-such-program'\n    tool(name)\n",
    "a module": "pytest.skip('no system', allow_module_level=True)\n",
}


def run(folder: Path, *, ci: bool, more: tuple[str, ...] = ()) -> tuple[int, dict[str, str]]:
    """Run a test for each way at once; give the exit code, and what became of each."""
    shutil.copy(STRICT, folder / "conftest.py")
    for way, lines in WAYS.items():
        (folder / f"test_{_word(way)}.py").write_text(f"import pytest\n\n{lines}", encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if key != "CI"}
    report = folder / "report.xml"
    quiet = ["-p", "no:cacheprovider", "--continue-on-collection-errors"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *quiet, f"--junitxml={report}", *more, str(folder)],
        cwd=folder,
        env=environment | ({"CI": "true"} if ci else {}),
        capture_output=True,
        check=False,
    )
    cases = list(etree.parse(report).iter("testcase"))
    became = {}
    for way in WAYS:
        names = {f"test_{_word(way)}"}
        (case,) = [one for one in cases if {one.get("name"), one.get("classname")} & names]
        (outcome,) = case
        became[way] = outcome.tag
    return done.returncode, became


def _word(way: str) -> str:
    return way.replace(" ", "_")


@pytest.mark.parametrize("more", [(), ("-n", "2", "--dist", "loadfile")], ids=["alone", "beside"])
def test_a_skip_fails_where_ci_is_set_and_is_one_on_a_laptop(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    code, strict = run(tmp_path, ci=True, more=more)
    assert code != 0
    assert set(strict.values()) <= {"failure", "error"}
    _, laptop = run(tmp_path, ci=False, more=more)
    assert set(laptop.values()) == {"skipped"}
