"""One writer at a time, and whatever kills it: whole lines, all of a stroke or none of it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from production.ledger.ledger import LEDGER_FILE, Ledger
from production.ledger.strokes import note_path
from programme.digests import digest_bytes
from programme.errors import ProductionError

REPOSITORY = Path(__file__).parents[3]

APPEND = """
import sys, time
from pathlib import Path
from production.building import Workshop
from production.ledger.ledger import Ledger
from programme.errors import ExitCode, ProductionError

root, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
done = 0
while done < count:
    try:
        with Workshop(root).open():
            ledger = Ledger(root)
            serial = 1 + sum(1 for _ in ledger.events("pack"))
            ledger.append_all([("pack", {"by": name, "serial": serial}), ("note", {"of": serial})])
        done += 1
    except ProductionError as error:
        if error.code is not ExitCode.BUSY:
            raise
        time.sleep(0.002)
"""
"""Appends under the workspace's lock, as every command does; a serial follows all before it."""

STROKE = """
import sys
from pathlib import Path
from production.ledger.ledger import Ledger

Ledger(Path(sys.argv[1])).append_all([("pack", {"n": n, "text": "x" * 6000}) for n in range(3)])
"""
LIMITED = """
import resource, sys
from pathlib import Path
from production.ledger.ledger import Ledger

ledger = Ledger(Path(sys.argv[1]))
limit = (Path(sys.argv[1]) / "releases.jsonl").stat().st_size + int(sys.argv[2])
# The note is as long as the stroke: it is written before the file may not grow any more.
import production.ledger.strokes as strokes
add = strokes.append_line
def limited(path, data):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    add(path, data)
strokes.append_line = limited
ledger.append_all([("pack", {"n": n, "text": "x" * 6000}) for n in range(3)])
"""
"""A write that takes only a part, as a disk that fills up does."""


def run(
    script: str, *words: object, before: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*before, sys.executable, "-c", script, *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
        timeout=60,
    )


def test_eight_programs_that_append_at_once_lose_no_line_and_give_no_serial_twice(
    tmp_path: Path,
) -> None:
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", APPEND, str(tmp_path), f"desk-{number}", "5"],
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        )
        for number in range(8)
    ]
    assert [one.wait(timeout=60) for one in begun] == [0] * 8
    ledger = Ledger(tmp_path)
    assert [event.facts["serial"] for event in ledger.events("pack")] == list(range(1, 41))
    assert [event.name for event in ledger.every()] == ["pack", "note"] * 40
    for line in (tmp_path / LEDGER_FILE).read_bytes().splitlines():
        assert set(json.loads(line)) >= {"event", "sha256"}
    assert not note_path(tmp_path / LEDGER_FILE).exists()


@settings(max_examples=60)
@given(st.integers(0, 2000), st.booleans())
def test_of_a_stroke_that_a_kill_cut_anywhere_nothing_is_read_and_the_next_goes_on(
    cut: int, unended: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        path = root / LEDGER_FILE
        Ledger(root).append("pack", {"n": 1})
        if unended:  # an editor took the end of the last line away
            path.write_bytes(path.read_bytes()[:-1])
        before = path.read_bytes()
        Ledger(root).append_all([("pack", {"n": n, "text": "x" * 200}) for n in (2, 3)])
        stroke = path.read_bytes()[len(before) :]
        cut = min(cut, len(stroke))
        # What a kill in the middle of the write leaves.
        path.write_bytes(before + stroke[:cut])
        data = stroke.removeprefix(b"\n")
        note = note_path(path)
        note.write_bytes(f"{len(before)} {len(data)} {digest_bytes(data)}\n".encode() + data)

        whole = cut == len(stroke)
        expected = [1, 2, 3] if whole else [1]
        assert [event.facts["n"] for event in Ledger(root).events("pack")] == expected
        Ledger(root).append("pack", {"n": 4})
        assert [event.facts["n"] for event in Ledger(root).events("pack")] == [*expected, 4]
        assert not note.exists()


@settings(max_examples=40)
@given(st.integers(0, 500))
def test_a_note_that_was_cut_itself_says_nothing(cut: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        Ledger(root).append("pack", {"n": 1})
        path = root / LEDGER_FILE
        size = path.stat().st_size
        data = b"x" * 300 + b"\n"
        whole = f"{size} {len(data)} {digest_bytes(data)}\n".encode() + data
        note_path(path).write_bytes(whole[: min(cut, len(whole) - 1)])
        assert [event.facts["n"] for event in Ledger(root).events("pack")] == [1]
        Ledger(root).append("pack", {"n": 2})
        assert [event.facts["n"] for event in Ledger(root).events("pack")] == [1, 2]


def test_a_note_of_before_a_power_cut_never_takes_lines_away_that_came_since(
    tmp_path: Path,
) -> None:
    ledger = Ledger(tmp_path)
    ledger.append("pack", {"n": 1})
    size = (tmp_path / LEDGER_FILE).stat().st_size
    data = b'{"event":"pack","n":9,' + b"y" * 5000 + b"\n"
    note = note_path(tmp_path / LEDGER_FILE)
    note.write_bytes(f"{size} {len(data)} {digest_bytes(data)}\n".encode() + data)
    # git took lines of somebody else in, which begin as every line does.
    other = tmp_path / "other"
    other.mkdir()
    Ledger(other).append("pack", {"n": 2})
    with (tmp_path / LEDGER_FILE).open("ab") as file:
        file.write((other / LEDGER_FILE).read_bytes())
    assert [event.facts["n"] for event in Ledger(tmp_path).events("pack")] == [1, 2]
    Ledger(tmp_path).append("pack", {"n": 3})
    assert [event.facts["n"] for event in Ledger(tmp_path).events("pack")] == [1, 2, 3]


def test_a_last_line_that_is_cut_without_a_note_is_an_error_still(tmp_path: Path) -> None:
    Ledger(tmp_path).append_all([("pack", {"n": 1}), ("pack", {"n": 2})])
    path = tmp_path / LEDGER_FILE
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ProductionError, match="edited or cut") as error:
        Ledger(tmp_path)
    assert "altavoz release rebuild TARGET" in error.value.remedy


@pytest.mark.parametrize("room", [0, 1, 5000, 7000, 13000])
def test_a_write_of_which_the_disk_took_a_part_leaves_the_ledger_as_it_was(
    tmp_path: Path, room: int
) -> None:
    Ledger(tmp_path).append("pack", {"n": 100})
    before = (tmp_path / LEDGER_FILE).read_bytes()
    assert run(LIMITED, tmp_path, room).returncode != 0
    assert (tmp_path / LEDGER_FILE).read_bytes() == before
    assert [event.facts["n"] for event in Ledger(tmp_path).events("pack")] == [100]


def killed_at(strace: str, call: str, number: int, root: Path, *words: object) -> int:
    """Kill a stroke at one system call on the workspace; gives how it ended."""
    script = LIMITED if words else STROKE
    inject = ("-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}")
    only = (
        "-P",
        str(root),
        "-P",
        str(root / LEDGER_FILE),
        "-P",
        str(note_path(root / LEDGER_FILE)),
    )
    before = (strace, "-f", "-qq", "-o", "/dev/null", *only, *inject)
    return run(script, root, *words, before=before).returncode


SWEEP = [(call, n) for call in ("openat", "close", "lseek", "write", "fsync") for n in range(1, 9)]


@pytest.mark.tools
@pytest.mark.parametrize(
    ("call", "number"),
    [
        ("write", 1),
        ("write", 2),
        ("fsync", 1),
        ("unlink,unlinkat", 1),
        *(pytest.param(*one, marks=pytest.mark.slow) for one in SWEEP),
    ],
)
def test_killed_at_any_system_call_a_stroke_is_whole_or_not_there(
    tmp_path: Path, tool: Callable[[str], str], call: str, number: int
) -> None:
    Ledger(tmp_path).append("pack", {"n": 100})
    ended = killed_at(tool("strace"), call, number, tmp_path)
    assert ended == -9 or (call, number) in SWEEP  # some calls are fewer than eight
    found = [event.facts["n"] for event in Ledger(tmp_path).events("pack")]
    assert found in ([100], [100, 0, 1, 2])
    assert ended != 0 or found == [100, 0, 1, 2]
    Ledger(tmp_path).append("pack", {"n": 7})
    assert [event.facts["n"] for event in Ledger(tmp_path).events("pack")] == [*found, 7]
    assert not note_path(tmp_path / LEDGER_FILE).exists()


@pytest.mark.tools
def test_killed_with_half_of_its_lines_written_a_stroke_is_not_there(
    tmp_path: Path, tool: Callable[[str], str]
) -> None:
    Ledger(tmp_path).append("pack", {"n": 100})
    before = (tmp_path / LEDGER_FILE).read_bytes()
    # The disk takes a part, and the program is killed before it can cut that off again.
    assert killed_at(tool("strace"), "truncate", 1, tmp_path, 7000) == -9
    assert (tmp_path / LEDGER_FILE).stat().st_size == len(before) + 7000
    assert [event.facts["n"] for event in Ledger(tmp_path).events("pack")] == [100]
    Ledger(tmp_path).append("pack", {"n": 7})
    lines = (tmp_path / LEDGER_FILE).read_bytes().splitlines(keepends=True)
    assert lines[0] == before
    assert len(lines) == 2
