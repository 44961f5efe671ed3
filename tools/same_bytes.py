"""Build a small workspace in every format and write the digest of all that was made.

    python tools/same_bytes.py first.json             with this Python
    other/bin/python tools/same_bytes.py second.json  with another one
    python tools/same_bytes.py --compare first.json second.json

The same versions of our libraries promise the same bytes on every Python of one platform: takes,
coded slots, their loudness, finished files, and what is said of them. --jobs 2 asks for two
processes, and the folder is another one each time.
"""

import argparse
import json
import sqlite3
import sys
import tempfile
from datetime import date
from pathlib import Path

# Behind what is installed: in an environment with the wheel, the wheel is judged.
sys.path.append(str(Path(__file__).parents[1]))

from production.building import Workshop
from production.reasons import Reason
from production.steps import Kind
from programme.profiles import outputs
from scripts.workspace import read_workspace
from tests.production.small import FILES, write_small

TODAY = date(2026, 11, 22)
LANGUAGES = "[es-419, en]"


class Quiet:
    """Draws nothing."""

    def begin(self, kind: Kind, total: int) -> None:
        """Say nothing."""

    def step(self, kind: Kind, label: str, reason: Reason) -> None:
        """Say nothing."""


def workspace_files() -> dict[str, str | None]:
    """Give the small workspace's changes: one series, every format."""
    series = FILES["series/corta.yml"].replace("[es-419, en, ht]", LANGUAGES)
    others = [name for name in outputs() if name != "podcast"]
    dropped = [name for name in FILES if "bucle" in name or name.startswith("stations/")]
    return {
        **dict.fromkeys(dropped),
        "series/corta.yml": f"{series}also: [{', '.join(others)}]\n",
    }


def build(place: Path, jobs: int) -> dict[str, object]:
    """Build and give, for each step, the digests of what it made and what is said of it."""
    root = write_small(place, workspace_files())
    workspace, findings = read_workspace(root, today=TODAY)
    if workspace is None or findings.stops_build:
        raise SystemExit("\n".join(str(finding) for finding in findings))
    with Workshop(root).open() as workshop:
        plan = workshop.plan(workspace, today=TODAY)
        report = workshop.build(workspace, plan, jobs=jobs, progress=Quiet(), partial=False)
    if report.failures:
        raise SystemExit("\n".join(str(failure) for failure in report.failures))
    db = sqlite3.connect(root / ".altavoz/journal.sqlite")
    rows = db.execute(
        "SELECT labels.label, outputs, facts FROM labels JOIN steps USING (fingerprint)"
    )
    made: dict[str, object] = {
        label: {"made": json.loads(files), "said": json.loads(facts)}
        for label, files, facts in rows
    }
    db.close()
    return made


def compare(first: Path, second: Path) -> int:
    """Name every step whose results differ; give how many."""
    one, other = (json.loads(path.read_text(encoding="utf-8")) for path in (first, second))
    differing = 0
    for label in sorted({*one, *other}):
        a, b = one.get(label), other.get(label)
        if a == b:
            continue
        differing += 1
        made, also = (each["made"] if each else {} for each in (a, b))
        names = [name for name in sorted({*made, *also}) if made.get(name) != also.get(name)]
        print(f"{label}: {', '.join(names) or 'what is said of it'}")
    print(f"{len(one)} steps, {differing} differ")
    return differing


def main() -> int:
    """Read the options, build or compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--compare", action="store_true", help="two files that were written")
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    if given.compare:
        return 1 if compare(*given.files) else 0
    with tempfile.TemporaryDirectory(prefix="altavoz-same-") as folder:
        made = build(Path(folder).resolve() / "workspace", given.jobs)
    (out,) = given.files
    out.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
