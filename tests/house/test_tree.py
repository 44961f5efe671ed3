"""The tracked files: nothing of one machine, no address of an index, no secret, no giant."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 400

# Written so that this file does not hold what it looks for; so are the examples below, in
# which the tilde is taken away before they are tried.
FORBIDDEN = {
    "the address of a package index": re.compile(
        r"index[-]url|find[-]links\b|py[p]i\.org|python[h]osted|/simple/?(?:\s|$)"
    ),
    "a path of one machine": re.compile(r"(?:^|[^\w.$-])/(?:work|farm|root|opt|home|Users)/\w"),
    "an access key": re.compile(r"\bA(?:KIA|SIA)[0-9A-Z]{16}\b"),
    "a token": re.compile(r"\b(?:gh[pousr]_\w{20}|github_pat_\w{20}|xox[abp]-\w{8}|hf_\w{30})"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE [K]EY"),
}
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def tracked() -> list[Path]:
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = done.stdout.decode("utf-8").split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def find_forbidden(name: str, text: str) -> list[str]:
    """Give ``name:line: what`` for each line that holds what must not be in the repository."""
    return [
        f"{name}:{number}: {what}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in FORBIDDEN.items()
        if pattern.search(line)
    ]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("see https://py~pi.org/project/x", "the address of a package index"),
        ("--extra-index~-url https://mirror.example/x", "the address of a package index"),
        ('open("/~root/x")', "a path of one machine"),
        ("cd /~home/ana/altavoz", "a path of one machine"),
        ("AKIA~ABCDEFGHIJKLMNOP", "an access key"),
        ("-----BEGIN OPENSSH PRIVATE ~KEY-----", "a private key"),
    ],
)
def test_the_patterns_find_what_they_are_for(line: str, what: str) -> None:
    assert find_forbidden("a.py", line.replace("~", "")) == [f"a.py:1: {what}"]


@pytest.mark.parametrize(
    "line", ["the network/root of it", "https://example.org/opt/in", "x.index"]
)
def test_the_patterns_leave_ordinary_lines_alone(line: str) -> None:
    assert find_forbidden("a.py", line) == []


def test_no_tracked_file_holds_a_secret_an_index_or_a_path_of_one_machine() -> None:
    found = []
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data:
            name = path.relative_to(ROOT).as_posix()
            found += find_forbidden(name, data.decode("utf-8"))
    assert not found, "\n".join(found)


def test_no_python_file_is_past_400_lines() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in tracked()
        if path.suffix == ".py"
    }
    assert lengths
    assert not {name: lines for name, lines in lengths.items() if lines > MOST_LINES}


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in tracked() if path.suffix == ".py"}
    assert not {
        name for name in names if set(Path(name).with_suffix("").parts) & NAMES_THAT_SAY_NOTHING
    }


def test_no_two_tracked_names_are_one_on_a_disk_that_ignores_case() -> None:
    names = [path.relative_to(ROOT).as_posix().casefold() for path in tracked()]
    assert len(names) == len(set(names))


def test_ci_installs_every_program_that_a_test_asks_for() -> None:
    asked: dict[str, str] = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for name in re.findall(r"\btool\(\s*[\"']([^\"']+)", path.read_text(encoding="utf-8")):
            asked[name] = path.relative_to(ROOT).as_posix()
    packages = (ROOT / "tools" / "ci-packages.txt").read_text(encoding="utf-8")
    brought = {
        program
        for line in packages.splitlines()
        if not line.startswith("#")
        for program in line.partition(":")[2].split()
    }
    assert asked
    assert not {name: file for name, file in asked.items() if name not in brought}
