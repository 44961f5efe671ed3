"""What a quick build prints, what it leaves alone, and when nothing is remembered."""

import fcntl
import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import scripts.kept_file
from production.building import BuildReport, Workshop
from production.sight import is_in_sight, look
from programme.errors import ExitCode
from scripts.kept_file import write_kept
from tests.production.remembered import (
    RECORD,
    TICK_S,
    keep_date,
    knows,
    quick_clock,
    remembered,
    rewrite,
    settle,
)
from tests.production.running import (
    TODAY,
    command_line,
    edit,
    environment,
    flip,
    read,
    run_here,
    tree,
)
from tests.production.small import FILES, write_small

FORMS: tuple[tuple[str, ...], ...] = (
    (),
    ("--json",),
    ("--explain",),
    ("--dry-run",),
    ("--dry-run", "--json"),
    ("--dry-run", "--explain"),
)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    quick_clock(monkeypatch, tmp_path_factory)


@pytest.fixture
def tiny(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> Path:
    return remembered(tmp_path, tmp_path_factory, capsys)


@pytest.mark.parametrize("form", FORMS, ids=" ".join)
def test_what_is_printed_is_what_a_build_prints_that_looks_at_everything(
    form: tuple[str, ...], tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert knows(tiny)
    quick = run_here("build", "-w", tiny, *form, capture=capsys)
    (tiny / RECORD).unlink()
    whole = run_here("build", "-w", tiny, *form, capture=capsys)
    assert quick == whole
    assert quick.code == 0


def test_what_was_found_is_counted_as_before(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(tiny / "scripts/agua/segment.yml", '"2026-12-20"', '"2026-11-20"')
    settle(tiny, capsys)
    quick = run_here("build", "-w", tiny, capture=capsys)
    assert quick.err == "1 warning; see them with: altavoz check\n"
    (tiny / RECORD).unlink()
    assert run_here("build", "-w", tiny, capture=capsys) == quick


def test_what_is_left_out_is_said_at_every_build(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(tiny / "scripts/agua/segment.yml", '"2027-01-15"', '"2026-11-01"')
    settle(tiny, capsys)
    assert knows(tiny)
    quick = run_here("build", "-w", tiny, capture=capsys)
    assert quick.out == (
        "Left out:\n"
        "  es-419 (Latin American Spanish): the segment expired on 2026-11-01"
        " (scripts/agua/segment.yml)\n"
        "    agua\n"
        "    verify it anew and set its dates, or take it out of the script\n"
        "Nothing to do: 1 edition up to date.\n"
    )
    (tiny / RECORD).unlink()
    assert run_here("build", "-w", tiny, capture=capsys) == quick


def test_a_quick_build_leaves_every_byte_as_it_is(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(tiny)
    assert run_here("build", "-w", tiny, capture=capsys).code == 0
    assert tree(tiny) == before


def test_a_quick_build_loads_nothing_that_reads_plans_or_makes(tiny: Path) -> None:
    list_modules = (
        "import atexit, json, sys\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))\n"
    )
    call = command_line("build", "-w", tiny)
    call[3] = list_modules + call[3]
    time.sleep(2.1)  # a process of its own counts by the true tick of disks
    (tiny / RECORD).unlink()
    loaded: list[set[str]] = []
    for _ in range(2):
        done = subprocess.run(call, env=environment(), capture_output=True, text=True, check=True)
        assert done.stdout == "Nothing to do: 1 edition up to date.\n"
        loaded.append(set(json.loads(done.stderr.splitlines()[-1])))
    whole, quick = loaded
    heavy = {
        "production.building",
        "production.planner",
        "scripts.workspace",
        "sqlite3",
        "filelock",
    }
    assert heavy <= whole
    # of what other builds need, and this one does not
    beside = {"production.elsewhere", "concurrent.futures.process", "numpy", "av"}
    assert not whole & beside
    outside = {"numpy", "av", "lxml", "jinja2", "yaml", "rich", "soxr", "mutagen"}
    assert not quick & (heavy | beside | outside)


def test_another_altavoz_at_work_is_told_of(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (tiny / ".altavoz/lock").open("r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        busy = run_here("build", "-w", tiny, capture=capsys)
    assert busy.code == ExitCode.BUSY
    assert run_here("build", "-w", tiny, capture=capsys).code == 0


def test_a_build_of_some_episodes_remembers_and_believes_nothing(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny / RECORD).unlink()
    done = run_here("build", "-w", tiny, "corta-1", capture=capsys)
    assert done.out == "Nothing to do: 1 edition up to date.\n"
    assert not (tiny / RECORD).exists()
    settle(tiny, capsys)
    assert run_here("build", "-w", tiny, "nada", capture=capsys).code == ExitCode.USAGE


def test_a_dry_run_remembers_nothing(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tiny / RECORD).unlink()
    before = tree(tiny)
    assert run_here("build", "-w", tiny, "--dry-run", capture=capsys).code == 0
    assert tree(tiny) == before


def test_a_build_in_which_something_failed_is_not_remembered(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny / "sounds/tono.wav").write_bytes(b"RIFF no sound")
    time.sleep(3 * TICK_S)
    failed = run_here("build", "-w", tiny, capture=capsys)
    assert failed.code not in {0, None}
    again = run_here("build", "-w", tiny, capture=capsys)
    assert (again.code, again.err) == (failed.code, failed.err)


def test_a_file_that_changes_while_a_build_works_is_not_missed(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tiny / "scripts/agua/es-419.md"
    edit(text, "Beba poco a poco.", "Beba.")
    time.sleep(3 * TICK_S)
    with pytest.MonkeyPatch.context() as patch:
        # after the words were read, and before they are spoken
        begun: list[str] = []
        whole = Workshop.build

        def build_and_edit(shop: Workshop, *given: Any, **options: Any) -> BuildReport:
            keep_date(text, rewrite("Beba", "Coma"))
            begun.append("build")
            return whole(shop, *given, **options)

        patch.setattr(Workshop, "build", build_and_edit)
        run_here("build", "-w", tiny, capture=capsys)
    assert begun
    assert not knows(tiny)
    assert "1 slot" in run_here("build", "-w", tiny, capture=capsys).out


@pytest.mark.parametrize("seconds", [0, 3 * TICK_S])
def test_what_changed_just_now_is_remembered_once_its_clock_has_gone_on(
    seconds: float, tiny: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # a second change within one tick of the disk's clock would not show
    monkeypatch.setattr(scripts.kept_file, "_TICK_NS", 10**12)
    edit(tiny / "scripts/agua/es-419.md", "Beba poco a poco.", "Beba.")
    run_here("build", "-w", tiny, capture=capsys)
    assert not knows(tiny)
    time.sleep(seconds)
    monkeypatch.setattr(scripts.kept_file, "_TICK_NS", int(seconds * 1e9) or 10**12)
    run_here("build", "-w", tiny, capture=capsys)
    assert knows(tiny) is (seconds > 0)


def test_a_link_leaves_everything_to_be_looked_at(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tiny / "scripts/agua/es-419.md"
    text.rename(text.with_name("elsewhere"))
    text.symlink_to("elsewhere")
    for _ in range(2):
        assert run_here("build", "-w", tiny, capture=capsys).code == 0
        assert not knows(tiny)


def test_a_linked_store_is_not_believed(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny / ".altavoz").rename(tmp_path / "elsewhere")
    (tiny / ".altavoz").symlink_to(tmp_path / "elsewhere")
    assert not knows(tiny)
    assert run_here("build", "-w", tiny, capture=capsys).code == 0
    assert not knows(tiny)


@pytest.mark.parametrize(
    ("voice", "is_seen"),
    [('engine = "espeak"', True), ('engine = "none"', True), ('engine = "mbrola"', False)],
)
def test_a_workspace_that_names_a_program_of_the_system_is_not_in_sight(
    voice: str, is_seen: bool, tmp_path: Path
) -> None:
    # its version is what the program says of itself
    network = FILES["altavoz.toml"] + f"\n[voices.en]\n{voice}\n"
    root = write_small(tmp_path / "workspace", {"altavoz.toml": network})
    assert is_in_sight(read(root)) is is_seen


@given(at=st.integers(min_value=0), cut=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_record_is_as_if_it_were_not_there(at: int, cut: bool, tiny: Path) -> None:
    record = tiny / RECORD
    whole = record.read_bytes()
    at %= len(whole)
    try:
        if cut:
            record.write_bytes(whole[:at])
        else:
            flip(record, at)
        assert not knows(tiny)
    finally:
        record.write_bytes(whole)
        assert knows(tiny)


def test_a_record_that_is_none_is_as_if_it_were_not_there(tiny: Path) -> None:
    sight = look(tiny.resolve(), today=TODAY)
    assert sight is not None
    for lines in ([], ["1"], ["[]", "[]", "{}"], ["null", '["", 1]', "{}"], ["[1,2,3]", "[]", ""]):
        write_kept(tiny / RECORD, lines, key=sight.key)
        assert not knows(tiny)
