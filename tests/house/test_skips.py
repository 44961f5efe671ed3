"""No test is passed over where CI asks for everything: whatever skips is counted as failed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
WAYS = {
    "a mark": "@pytest.mark.skipif(True, reason='no fork')\ndef test_it():\n    assert not 'run'\n",
    "a call": "def test_it():\n    pytest.skip('no mount')\n",
    "a fixture": "@pytest.fixture\ndef disk():\n    pytest.skip('no mount')\n\n"
    "def test_it(disk):\n    assert not 'run'\n",
    "a missing program": "def test_it(tool):\n    name = 'no-such-program'\n    tool(name)\n",
    "a module": "pytest.skip('no system', allow_module_level=True)\n",
}


def run(
    folder: Path, way: str, *, ci: bool, more: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    shutil.copy(CONFTEST, folder / "conftest.py")
    (folder / "test_it.py").write_text(f"import pytest\n\n{WAYS[way]}", encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if key != "CI"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *more, folder],
        cwd=folder,
        env=environment | ({"CI": "true"} if ci else {}),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("way", WAYS)
def test_a_skip_fails_where_ci_is_set_and_is_one_on_a_laptop(tmp_path: Path, way: str) -> None:
    strict = run(tmp_path, way, ci=True)
    assert strict.returncode != 0, strict.stdout
    assert "skipped where nothing may be" in strict.stdout
    laptop = run(tmp_path, way, ci=False)
    assert "1 skipped" in laptop.stdout
    assert "failed" not in laptop.stdout


@pytest.mark.parametrize("way", WAYS)
def test_a_skip_fails_in_the_processes_of_make_test_too(tmp_path: Path, way: str) -> None:
    strict = run(tmp_path, way, ci=True, more=("-n", "2", "--dist", "loadfile"))
    assert strict.returncode != 0, strict.stdout
    assert "skipped where nothing may be" in strict.stdout
