"""A folder under faults: at each step of each write, nothing half is ever visible."""

import errno
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from production.targets import Target, folder
from production.targets.beside import writing_name
from programme import storage
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.units import Key

KEY = Key("feeds/es/camino.xml")
CALLS = ("open", "write", "fsync", "close", "replace", "utime", "mkdir", "unlink")
OURS = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
DAYS_AGO = 1_600_000_000
PROBLEMS = {
    errno.ENOSPC: "full",
    errno.EIO: "error",
    errno.EROFS: "read-only",
    errno.EACCES: "may not write",
}


class FailingDisk:
    """Stands in for ``os`` in the folder target and fails at the Nth operation."""

    def __init__(self, fail_at: int, error: int) -> None:
        self.count = 0
        self.fail_at = fail_at
        self.error = error

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in CALLS:
            return real

        def call(*args: Any, **more: Any) -> Any:
            self.count += 1
            if self.count == self.fail_at:
                if name == "close":
                    real(*args)  # the system frees the number whatever it says
                elif name == "write":
                    real(args[0], bytes(args[1])[:2])  # half of it arrives
                raise OSError(self.error, os.strerror(self.error))
            return real(*args, **more)

        return call


def files(base: Path) -> dict[str, bytes]:
    return {str(p.relative_to(base)): p.read_bytes() for p in base.rglob("*") if p.is_file()}


def operations_of(action: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> int:
    disk = FailingDisk(0, 0)
    with monkeypatch.context() as patch:
        patch.setattr(folder, "os", disk)
        patch.setattr(storage, "os", disk)
        action()
    return disk.count


@pytest.mark.parametrize("error", list(PROBLEMS))
@pytest.mark.parametrize("before", [b"", b"the old feed"])
def test_a_disk_that_fails_at_any_step_shows_the_old_bytes_or_the_new_and_nothing_else(
    make_folder: Callable[[], Target],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: int,
    before: bytes,
) -> None:
    base = tmp_path / "out/public"
    steps = operations_of(lambda: write(make_folder(), b"counted"), monkeypatch)
    assert steps >= 8  # open, write, fsync, close, replace, and the folder's open, fsync, close
    failed = 0
    for step in range(1, steps + 8):
        fresh(base, before)
        target = make_folder()
        with monkeypatch.context() as patch:
            disk = FailingDisk(step, error)
            patch.setattr(folder, "os", disk)
            patch.setattr(storage, "os", disk)
            told = error_of(partial(write, target, b"the new feed"))
        if told is not None:
            failed += 1
            assert told.code is ExitCode.STORAGE
            assert PROBLEMS[error] in told.problem
            assert told.remedy
        found = files(base)
        expected = {"feeds/es/camino.xml": before} if before else {}
        assert found in (expected, {"feeds/es/camino.xml": b"the new feed"})
        write(make_folder(), b"the new feed")  # the rerun converges
        assert files(base) == {"feeds/es/camino.xml": b"the new feed"}
    assert failed >= 6


def error_of(action: Callable[[], object]) -> ProductionError | None:
    try:
        action()
    except ProductionError as error:
        return error
    return None


def fresh(base: Path, before: bytes) -> None:
    for path in sorted(base.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    if before:
        (base / "feeds/es").mkdir(parents=True, exist_ok=True)
        (base / KEY).write_bytes(before)


def write(target: Target, data: bytes) -> None:
    target.put(KEY, data, media_type="application/rss+xml")


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_during_a_copy_leaves_no_part_of_the_media_file(
    make_folder: Callable[[], Target], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    data = os.urandom(3 << 20)
    source = tmp_path / "source"
    source.write_bytes(data)
    base = tmp_path / "out/public"

    def send() -> None:
        make_folder().put_new(KEY, source, media_type="audio/mpeg", digest=digest_bytes(data))

    steps = operations_of(send, monkeypatch)
    for step in range(1, steps + 1):
        fresh(base, b"")
        with monkeypatch.context() as patch:
            disk = FailingDisk(step, error)
            patch.setattr(folder, "os", disk)
            patch.setattr(storage, "os", disk)
            told = error_of(send)
        assert told is None or told.code is ExitCode.STORAGE
        assert files(base) in ({}, {"feeds/es/camino.xml": data})


def test_ctrl_c_during_a_write_leaves_nothing_behind(
    make_folder: Callable[[], Target], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    (tmp_path / "out/public/feeds/es").mkdir(parents=True)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write(make_folder(), b"x")
    assert files(tmp_path / "out") == {}


KILLED = """
import os, pathlib, signal, sys
from production.targets import folder, open_target
from programme import storage
from programme.network import TargetSettings

class Deadly:
    left = int(sys.argv[2])
    def __getattr__(self, name):
        real = getattr(os, name)
        if name not in ("open", "write", "fsync", "close", "replace", "mkdir"):
            return real
        def call(*args, **more):
            Deadly.left -= 1
            if Deadly.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **more)
        return call

folder.os = storage.os = Deadly()
settings = TargetSettings(name="t", kind="folder", options={"path": "out/public"})
target = open_target(settings, pathlib.Path(sys.argv[1]))
target.put("feeds/es/camino.xml", b"the new feed", media_type="application/rss+xml")
"""


def test_killed_at_any_step_a_reader_sees_the_old_or_the_new_and_the_rerun_clears_up(
    make_folder: Callable[[], Target], tmp_path: Path
) -> None:
    base = tmp_path / "out/public"
    seen = []
    finished = False
    for step in range(1, 20):
        fresh(base, b"the old feed")
        run = subprocess.run(
            [sys.executable, "-c", KILLED, str(tmp_path), str(step)],
            env=OURS,
            check=False,
        )
        seen.append((base / KEY).read_bytes())
        write(make_folder(), b"the new feed")
        if seen[-1] == b"the old feed":  # else the rerun has nothing to do
            assert files(base) == {"feeds/es/camino.xml": b"the new feed"}
        finished = run.returncode == 0
        if finished:
            break
    assert finished
    assert seen == sorted(seen, reverse=True)  # old until the rename, new from then on
    assert seen.count(b"the old feed") >= 4
    assert seen.count(b"the new feed") >= 2


def test_a_real_limit_on_file_size_is_said_plainly_and_leaves_nothing(tmp_path: Path) -> None:
    # The kernel refuses here, not a stand-in: EFBIG beyond RLIMIT_FSIZE.
    program = (
        "import pathlib, resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "from production.targets import open_target\n"
        "from programme.errors import ProductionError\n"
        "from programme.network import TargetSettings\n"
        "settings = TargetSettings(name='t', kind='folder', options={'path': 'out'})\n"
        "target = open_target(settings, pathlib.Path(sys.argv[1]))\n"
        "try: target.put('a.bin', bytes(300_000), media_type='x/y')\n"
        "except ProductionError as error: print(error.code.name, error.problem)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env=OURS,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "STORAGE the file is larger than this disk takes"
    assert files(tmp_path / "out") == {}
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 100_000


def test_a_file_in_the_place_of_a_folder_is_said_plainly(
    make_folder: Callable[[], Target], tmp_path: Path
) -> None:
    (tmp_path / "out/public").mkdir(parents=True)
    (tmp_path / "out/public/feeds").write_bytes(b"not a folder")
    with pytest.raises(ProductionError, match="a file stands where a folder"):
        write(make_folder(), b"x")


def test_a_folder_in_the_place_of_a_file_is_said_plainly(
    make_folder: Callable[[], Target], tmp_path: Path
) -> None:
    (tmp_path / "out/public" / KEY).mkdir(parents=True)
    with pytest.raises(ProductionError, match="a folder stands where a file"):
        write(make_folder(), b"x")


@pytest.fixture(params=["feeds", "feeds/es", "feeds/es/camino.xml"])
def link(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Put a link out of the target's folder in the way; what it points at must stay."""
    outside = tmp_path / "outside"
    way = tmp_path / "out/public" / request.param
    way.parent.mkdir(parents=True)
    if request.param.endswith(".xml"):
        outside.write_bytes(b"precious")
        victim = outside
    else:
        victim = outside / Path(KEY).relative_to(request.param)
        victim.parent.mkdir(parents=True)
        victim.write_bytes(b"precious")
    way.symlink_to(outside)
    yield victim
    assert victim.read_bytes() == b"precious"


@pytest.mark.usefixtures("link")
def test_a_link_out_of_the_folder_is_never_followed(
    make_folder: Callable[[], Target], tmp_path: Path
) -> None:
    target = make_folder()
    (tmp_path / "source").write_bytes(b"x")
    for call in (
        lambda: target.read(KEY),
        lambda: target.size(KEY),
        lambda: target.remove(KEY),
        lambda: target.verify(KEY, digest_bytes(b"precious")),
        lambda: write(target, b"x"),
        lambda: target.put_new(
            KEY, tmp_path / "source", media_type="x/y", digest=digest_bytes(b"x")
        ),
    ):
        with pytest.raises(ProductionError, match="link") as caught:
            call()
        assert caught.value.code is ExitCode.TARGET


WRITES = """
from production.targets.beside import writing_name
print(writing_name("other.xml"))
"""


def test_what_a_killed_run_left_is_swept_and_what_may_live_is_not(
    make_folder: Callable[[], Target], tmp_path: Path
) -> None:
    place = tmp_path / "out/public/feeds/es"
    place.mkdir(parents=True)
    gone = subprocess.run(
        [sys.executable, "-c", WRITES], capture_output=True, check=True, text=True, env=OURS
    )
    dead = gone.stdout.strip()
    own = writing_name("x")
    alive = own.replace(f"-{os.getpid()}-", f"-{os.getppid()}-")
    # Of another machine that shares the folder, the same number of a process says nothing.
    other = dead.replace(f".{dead.split('.')[-2].split('-')[0]}-", ".00ffee-")
    assert other != dead
    swept = {dead, other.replace("other", "old"), ".old.mp3.0123456789abcdef.part"}
    kept = {own, alive, other, ".new.mp3.0123456789abcdef.part", ".keep.tmp"}
    for name in swept | kept:
        (place / name).write_bytes(b"half")
    for name in (*sorted(swept - {dead}), ".keep.tmp"):
        os.utime(place / name, (DAYS_AGO, DAYS_AGO))
    write(make_folder(), b"x")
    assert {path.name for path in place.iterdir()} == kept | {"camino.xml"}


def test_published_files_are_readable_by_the_web_server_and_independent_of_the_store(
    make_folder: Callable[[], Target], tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"sound")
    source.chmod(0o600)
    old = os.umask(0o022)
    try:
        make_folder().put_new(KEY, source, media_type="x/y", digest=digest_bytes(b"sound"))
    finally:
        os.umask(old)
    published = tmp_path / "out/public" / KEY
    assert stat.S_IMODE(published.stat().st_mode) == 0o644
    published.write_bytes(b"edited in place")
    assert source.read_bytes() == b"sound"


def test_opening_a_target_touches_nothing(
    make_folder: Callable[[], Target], tmp_path: Path
) -> None:
    target = make_folder()
    assert target.read(KEY) is None
    assert not (tmp_path / "out").exists()
    assert str(tmp_path) in target.describe()
