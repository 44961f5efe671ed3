"""What a pack that nobody signs needs is loaded, and nothing of feeds, pages' codes and keys."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LISTED = """
import json, sys
{statement}
print(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize(
    "statement",
    [
        "import production.packs.packing, production.publish.checks",
        "import production.packs.delta",
    ],
)
def test_packing_loads_no_library_of_feeds_or_signatures(statement: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LISTED.format(statement=statement)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(json.loads(done.stdout))
    assert not loaded & {"cryptography", "feedgen", "lxml", "segno", "resvg_py", "ssl", "numpy"}


def test_pages_load_the_library_of_codes_only_where_one_is_drawn() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LISTED.format(statement="import production.publish.publishing")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not set(json.loads(done.stdout)) & {"segno", "ssl", "urllib.request", "numpy"}
