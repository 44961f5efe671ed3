"""One program at a time: who waits and how long, with which rights, and what it loads."""

import fcntl
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from production.file_lock import locked, locked_for_user
from programme.errors import ExitCode, ProductionError


def hold(path: Path) -> int:
    """Hold a lock as another process would: of its own open file."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def test_who_finds_it_held_is_told_what_the_other_does_and_where(tmp_path: Path) -> None:
    handle = hold(tmp_path / "lock")
    began = time.perf_counter()
    with (
        pytest.raises(ProductionError) as caught,
        locked(tmp_path / "lock", "counting", where=tmp_path / "sums"),
    ):
        pytest.fail("two work at once")
    assert time.perf_counter() - began < 1
    told = (caught.value.problem, caught.value.where, caught.value.code)
    assert told == ("another Altavoz is counting", str(tmp_path / "sums"), ExitCode.BUSY)
    os.close(handle)
    with locked(tmp_path / "lock", "counting", where=tmp_path):
        assert (tmp_path / "lock").exists()


def test_who_waits_gets_it_when_the_other_has_finished(tmp_path: Path) -> None:
    handle = hold(tmp_path / "trust.json.lock")
    other = threading.Timer(0.3, os.close, [handle])
    other.start()
    began = time.perf_counter()
    with locked_for_user(tmp_path, "trust.json", "changing what is trusted here"):
        assert time.perf_counter() - began >= 0.25
    other.join()


def test_it_is_free_after_a_failure(tmp_path: Path) -> None:
    for _ in range(2):
        with (
            pytest.raises(ZeroDivisionError),
            locked(tmp_path / "lock", "counting", where=tmp_path),
        ):
            raise ZeroDivisionError


def test_what_is_the_users_is_nobody_elses(tmp_path: Path) -> None:
    folder = tmp_path / "a/user"
    before = os.umask(0o002)
    try:
        with (
            locked_for_user(folder, "trust.json", "changing what is trusted here"),
            locked(tmp_path / "lock", "working", where=tmp_path),
        ):
            rights = [
                path.stat().st_mode & 0o777
                for path in (folder, folder / "trust.json.lock", tmp_path / "lock")
            ]
    finally:
        os.umask(before)
    assert rights == [0o700, 0o600, 0o664]


def test_a_disk_that_refuses_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    with (
        pytest.raises(ProductionError) as caught,
        locked(tmp_path / "lock", "counting", where=tmp_path),
    ):
        pytest.fail("a folder is no lock")
    assert caught.value.code == ExitCode.STORAGE


def test_who_takes_no_lock_loads_no_library_for_it() -> None:
    program = "import sys, production.building, production.packs.trust; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    loaded = done.stdout.decode().split()
    assert "production.file_lock" in loaded
    assert "filelock" not in loaded
