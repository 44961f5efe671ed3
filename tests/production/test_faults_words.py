"""Commands that write words, killed or refused at each write: every file is the old or the new.

Real processes under strace, as for builds.
"""

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest

from programme.errors import ExitCode
from tests.production.running import command_line, copy_of, edit, environment, run_process
from tests.production.small import FILES, write_small
from tests.production.test_consent_reach import RECORD
from tests.strict import ToolFinder

TERMS = "concept,language,row,use\r\nreview-water,es,,agua\r\nreview-water,en,,water\r\n".encode(
    "utf-8-sig"
)
COMMANDS: dict[str, tuple[str, ...]] = {
    "sign": ("review", "sign", "agua", "--kind", "editorial", "--role", "editor", "--yes"),
    "sign again": ("review", "sign", "ayuda", "--kind", "editorial", "--role", "editor", "--yes"),
    "revoke": ("consent", "revoke", "c-7"),
    "translate": ("translate", "import", "en.csv"),
    "terms": ("terms", "import", "own.csv"),
    "lexicon": ("lexicon", "add", "Danlí", "--say", "dan li", "--lang", "es-419"),
}
CHANGES = {
    COMMANDS["sign"]: {"reviews/agua.yml"},
    COMMANDS["sign again"]: {"reviews/ayuda.yml"},
    COMMANDS["revoke"]: {"private/consent/c-7.yml"},
    COMMANDS["translate"]: {"scripts/agua/en.md", "scripts/agua/en.from"},
    COMMANDS["terms"]: {"terms/own.yml"},
    COMMANDS["lexicon"]: {"lexicon/es-419.yml"},
}
WRITES = {
    "signal=KILL": ("write", "fsync", "rename,renameat,renameat2"),
    "error=ENOSPC": ("fsync", "rename,renameat,renameat2"),  # what is printed is written too
}


def every_command() -> list[object]:
    """Give commands and faults: some for every day, all for the slow run."""
    quick = {("sign", "signal=KILL"), ("revoke", "error=ENOSPC")}
    pairs = [(name, fault) for name in COMMANDS for fault in WRITES]
    slow = [pytest.param(*one, marks=pytest.mark.slow) for one in pairs if one not in quick]
    return [*sorted(quick), *slow]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with something to sign, revoke and import; never change it."""
    root = write_small(
        tmp_path_factory.mktemp("words") / "small",
        {
            **dict.fromkeys(name for name in FILES if "bucle" in name or "stations/" in name),
            "private/consent/c-7.yml": RECORD,
        },
    )
    (root / "own.csv").write_bytes(TERMS)
    edit(root / "scripts/agua/es-419.md", "Beba poco a poco.", "Beba despacio.")
    for command in (
        ("review", "sign", "ayuda", "--kind", "legal", "--role", "editor", "--yes"),
        ("translate", "export", "--lang", "en", "-o", "en.csv"),
    ):
        done = run_process(*command, cwd=root)
        assert done.code == 0, done.said
    sheet = (root / "en.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sheet, newline="")))
    at = next(n for n, title in enumerate(rows[0]) if title.startswith("translation"))
    for row in rows:
        row[at] = row[at].replace("Drink little by little.", "Drink slowly.")
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    (root / "en.csv").write_text(out.getvalue(), encoding="utf-8", newline="")
    return root


def words(root: Path) -> dict[str, bytes]:
    """Give every file that people wrote, without hidden ones, which no reader looks at."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.parts)
    }


def undisturbed(before: Path, folder: Path, command: tuple[str, ...]) -> dict[str, bytes]:
    root = copy_of(before, folder)
    done = run_process(*command, cwd=root)
    assert done.code == 0, done.said
    after = words(root)
    shutil.rmtree(root)
    old = words(before)
    changed = {file for file in after if after[file] != old.get(file)}
    assert changed == CHANGES[command]
    return after


@pytest.mark.tools
@pytest.mark.parametrize(("name", "fault"), every_command())
def test_a_command_that_is_cut_off_leaves_every_file_old_or_new(
    tool: ToolFinder, before: Path, tmp_path: Path, name: str, fault: str
) -> None:
    strace, command, old = tool("strace"), COMMANDS[name], words(before)
    new = undisturbed(before, tmp_path / "whole", command)
    stopped = 0
    for call in WRITES[fault]:
        for when in (1, 2):
            root = copy_of(before, tmp_path / "cut")
            inject = ["-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={when}"]
            running = [strace, "-f", "-qq", "-o", "/dev/null", *inject]
            done = run_process(*command, cwd=root, before=running)
            assert "Traceback" not in done.said
            found = words(root)
            assert old.keys() <= found.keys() <= old.keys() | new.keys()
            changed = {file for file in found if found[file] != old.get(file)}
            assert all(found[file] == new[file] for file in changed)
            # a text without its copy of the source is stale; the copy alone would vouch for it
            assert "scripts/agua/en.from" not in changed or "scripts/agua/en.md" in changed
            stopped += found != new
            if found == old:
                done = run_process(*command, cwd=root)
                assert done.code == 0, done.said
                assert words(root) == new
            shutil.rmtree(root)
    assert stopped


def test_two_who_sign_at_once_both_keep_their_line(before: Path, tmp_path: Path) -> None:
    root = copy_of(before, tmp_path / "small")
    running = [
        subprocess.Popen(
            command_line(*COMMANDS["sign again"], "--by", f"Office {number}"),
            cwd=root,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for number in range(4)
    ]
    assert [one.wait(timeout=120) for one in running] == [0] * 4
    text = (root / "reviews" / "ayuda.yml").read_text(encoding="utf-8")
    assert [text.count(f'"Office {number}"') for number in range(4)] == [1] * 4
    assert run_process("check", cwd=root).code in {ExitCode.OK, ExitCode.FINDINGS}
