"""docs/placeholders.md says what Altavoz says."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_of_placeholders_is_as_altavoz_prints_and_says_them() -> None:
    tool = ROOT / "tools" / "placeholder_table.py"
    done = subprocess.run(
        [sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
