"""Folders that are shared, foreign, not connected, full, or on a stick that knows little."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from production.targets import Line, Target, folder_lock, open_target
from production.targets.base import OvertakenError
from production.targets.beside import LOCK
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Key

FEED = Key("feeds/camino-es-419.xml")
MEDIA = Key("m/camino-1-es-419-0123456789ab.mp3")
RSS = "application/rss+xml"


def opened(root: Path, path: str | Path, line: Line | None = None, **options: str) -> Target:
    settings = TargetSettings(name="stick", kind="folder", options={"path": str(path)} | options)
    return open_target(settings, root, line=line)


def files(base: Path) -> dict[str, bytes]:
    return {str(p.relative_to(base)): p.read_bytes() for p in base.rglob("*") if p.is_file()}


def send(target: Target, source: Path, data: bytes) -> bool:
    source.write_bytes(data)
    return target.put_new(MEDIA, source, media_type="audio/mpeg", digest=digest_bytes(data))


# --- One writer at a time ---------------------------------------------------------------


def test_a_swap_leaves_no_lock_behind(tmp_path: Path) -> None:
    target = opened(tmp_path, "public")
    target.swap(FEED, b"one", media_type=RSS, seen=None)
    with pytest.raises(OvertakenError):
        target.swap(FEED, b"two", media_type=RSS, seen=None)
    assert files(tmp_path) == {f"public/{FEED}": b"one"}


HOLD = """
import fcntl, os, sys
handle = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(handle, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run another program that holds the lock of ``public``."""
    (tmp_path / "public").mkdir()
    program = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path / "public" / LOCK],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == b"held\n"
    yield program
    program.kill()
    program.communicate(timeout=10)


def test_a_lock_that_another_program_holds_is_waited_for_and_then_told(
    tmp_path: Path, holder: "subprocess.Popen[bytes]"
) -> None:
    del holder
    pauses: list[float] = []
    target = opened(tmp_path, "public", Line(wait=pauses.append))
    with pytest.raises(ProductionError, match="others have been writing") as caught:
        target.swap(FEED, b"one", media_type=RSS, seen=None)
    assert LOCK in caught.value.where
    assert sum(pauses) == pytest.approx(folder_lock.LOCK_SECONDS, rel=0.01)
    assert target.read(FEED) is None


def test_the_lock_of_a_program_that_was_killed_is_free(
    tmp_path: Path, holder: "subprocess.Popen[bytes]"
) -> None:
    pauses = 0

    def wait(seconds: float) -> None:
        nonlocal pauses
        assert seconds > 0
        pauses += 1
        holder.send_signal(signal.SIGKILL)
        holder.wait(timeout=10)

    target = opened(tmp_path, "public", Line(wait=wait))
    assert target.swap(FEED, b"one", media_type=RSS, seen=None)
    assert pauses == 1
    assert files(tmp_path / "public") == {FEED: b"one"}


# --- Whose folder it is -----------------------------------------------------------------


def test_a_path_out_of_the_workspace_must_have_a_folder_above_it(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    target = opened(workspace, tmp_path / "media/STICK/altavoz")
    for call in (
        lambda: target.read(FEED),
        lambda: list(target.listing()),
        lambda: target.put(FEED, b"x", media_type=RSS),
    ):
        with pytest.raises(ProductionError, match="not connected") as caught:
            call()
        assert caught.value.code is ExitCode.STORAGE
    assert files(tmp_path) == {}
    (tmp_path / "media/STICK").mkdir(parents=True)
    assert target.put(FEED, b"x", media_type=RSS)


def test_a_disk_that_should_be_mounted_and_is_not_is_never_replaced_by_a_folder(
    tmp_path: Path,
) -> None:
    (tmp_path / "mnt/altavoz").mkdir(parents=True)
    target = opened(tmp_path, "mnt/altavoz", mount=str(tmp_path / "mnt"))
    with pytest.raises(ProductionError, match="not connected"):
        target.put(FEED, b"x", media_type=RSS)
    assert files(tmp_path) == {}
    assert opened(tmp_path, "mnt/altavoz", mount="/proc").put(FEED, b"x", media_type=RSS)


def test_the_list_is_in_the_order_of_whole_names_and_shows_what_others_put_there(
    tmp_path: Path,
) -> None:
    base = tmp_path / "public"
    (base / "a").mkdir(parents=True)
    (base / "empty").mkdir()
    for name in ("a/b", "a-b", "a.html", ".htaccess", LOCK, ".x.0123456789abcdef.part"):
        (base / name).write_bytes(b"x")
    (base / "link").symlink_to("/etc")
    Path(os.fsdecode(os.fsencode(base) + b"/caf\xe9.txt")).write_bytes(b"x")
    broken = base / "broken-clock"
    broken.write_bytes(b"xy")
    os.utime(broken, ns=(0, -(1 << 62)))
    listed = {one.name: one for one in opened(tmp_path, "public").listing()}
    names = [".htaccess", "a-b", "a.html", "a/b", "broken-clock", "caf\\xe9.txt", "link"]
    assert list(listed) == names
    assert listed["broken-clock"].length_bytes == 2


def test_a_folder_that_nobody_may_read_is_listed_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # lost+found stands in the root of many disks, and is root's alone
    base = tmp_path / "public"
    (base / "lost+found").mkdir(parents=True)
    (base / "index.html").write_bytes(b"x")
    real = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "lost+found":
            raise PermissionError(errno.EACCES, "no")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    names = [one.name for one in opened(tmp_path, "public").listing()]
    assert names == ["index.html", "lost+found"]


def test_an_edition_within_the_same_second_has_a_later_time(tmp_path: Path) -> None:
    target = opened(tmp_path, "public")
    path = tmp_path / "public" / FEED
    times = []
    for data in (b"one", b"two", b"six"):
        target.put(FEED, data, media_type=RSS)
        times.append(int(path.stat().st_mtime))
    assert times[0] < times[1] < times[2]
    os.utime(path, (4_000_000_000, 4_000_000_000))  # by a clock that was wrong
    target.put(FEED, b"now", media_type=RSS)
    assert path.stat().st_mtime > 4_000_000_000


def test_a_file_of_another_length_is_told_without_reading_it(tmp_path: Path) -> None:
    target = opened(tmp_path, "public")
    send(target, tmp_path / "source", b"sound")
    received = 0

    def tell(sent: int, got: int) -> None:
        nonlocal received
        del sent
        received += got

    watched = opened(tmp_path, "public", Line(tell=tell))
    with pytest.raises(ProductionError, match="never change"):
        send(watched, tmp_path / "source", b"longer sound")
    assert received == 0
    assert not send(watched, tmp_path / "source", b"sound")
    assert received == 5


def test_a_copy_that_is_stopped_while_a_cap_makes_it_wait_leaves_no_part(tmp_path: Path) -> None:
    target = opened(tmp_path, "public", Line(bytes_per_second=1 << 20, wait=_stop))
    with pytest.raises(KeyboardInterrupt):
        send(target, tmp_path / "source", bytes(3 << 20))
    assert files(tmp_path / "public") == {}


def _stop(seconds: float) -> None:
    raise KeyboardInterrupt(seconds)


def test_a_lock_of_another_user_does_not_stop_the_folder(tmp_path: Path) -> None:
    target = opened(tmp_path, "public")
    old = os.umask(0)
    try:
        target.swap(FEED, b"x", media_type=RSS, seen=None)
    finally:
        os.umask(old)
    mode = stat.S_IMODE((tmp_path / "public" / FEED).stat().st_mode)
    assert mode == 0o666


def test_who_was_quicker_keeps_his_file_and_the_other_leaves_nothing(
    tmp_path: Path,
) -> None:
    def tell(sent: int, received: int) -> None:
        del received
        if sent:
            (tmp_path / "public" / MEDIA).write_bytes(b"other")

    slow = opened(tmp_path, "public", Line(tell=tell))
    with pytest.raises(ProductionError, match="never change"):
        send(slow, tmp_path / "source", b"sound")
    assert files(tmp_path / "public") == {MEDIA: b"other"}


# --- A stick ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Stick:
    """A stick, and the program that keeps it mounted."""

    folder: Path
    mounted: "subprocess.Popen[bytes]"

    def used(self, root: Path) -> Target:
        """Give a target in a folder of the stick, with a feed there."""
        target = opened(root, self.folder / "altavoz")
        target.put(FEED, b"one", media_type=RSS)
        return target


@pytest.fixture
def stick(tmp_path: Path, tool: Callable[[str], str]) -> Iterator[Stick]:
    """Mount a FAT stick of 2 MB: no links, no rights, no case, times in steps of two seconds."""
    image, folder = tmp_path / "usb.img", tmp_path / "STICK"
    folder.mkdir()
    subprocess.run([tool("mkfs.vfat"), "-C", image, "2048"], check=True, capture_output=True)
    mounted = subprocess.Popen(
        [tool("fusefat"), "-f", "-o", "rw+", image, folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            if os.path.ismount(folder):
                break
            time.sleep(0.05)
        else:
            pytest.skip("this system lets nobody mount through FUSE")
        yield Stick(folder=folder, mounted=mounted)
    finally:
        subprocess.run([tool("fusermount"), "-u", folder], check=False, capture_output=True)
        mounted.wait(timeout=10)


@pytest.mark.slow
@pytest.mark.tools
def test_a_fat_stick_takes_everything_that_a_target_promises(stick: Stick, tmp_path: Path) -> None:
    folder = stick.folder
    target = opened(tmp_path, folder / "altavoz", mount=str(folder))
    data = os.urandom(300_000)
    assert send(target, tmp_path / "source", data)
    assert target.verify(MEDIA, digest_bytes(data))
    assert not send(target, tmp_path / "source", data)
    assert target.swap(FEED, b"one", media_type=RSS, seen=None)
    first = {one.name: one.tag for one in target.listing()}
    assert target.swap(FEED, b"two", media_type=RSS, seen=b"one")
    second = {one.name: one.tag for one in target.listing()}
    assert set(first) == set(second) == {MEDIA, FEED}
    assert first[MEDIA] == second[MEDIA]
    assert first[FEED] != second[FEED]
    assert files(folder) == {f"altavoz/{MEDIA}": data, f"altavoz/{FEED}": b"two"}


@pytest.mark.slow
@pytest.mark.tools
def test_a_full_stick_is_told_keeps_what_was_there_and_is_left_clean(
    stick: Stick, tmp_path: Path
) -> None:
    target = stick.used(tmp_path)
    with pytest.raises(ProductionError, match="full") as caught:
        send(target, tmp_path / "source", bytes(3 << 20))
    assert caught.value.code is ExitCode.STORAGE
    assert files(stick.folder) == {f"altavoz/{FEED}": b"one"}
    assert send(target, tmp_path / "source", bytes(1 << 20))


@pytest.mark.slow
@pytest.mark.tools
def test_a_stick_that_is_pulled_out_is_told(stick: Stick, tmp_path: Path) -> None:
    target = stick.used(tmp_path)
    stick.mounted.kill()
    stick.mounted.wait(timeout=10)
    for call in (
        lambda: target.put(FEED, b"two", media_type=RSS),
        lambda: target.read(FEED),
        lambda: list(target.listing()),
        lambda: send(target, tmp_path / "source", b"x"),
    ):
        with pytest.raises(ProductionError, match="not there any more") as caught:
            call()
        assert caught.value.code is ExitCode.STORAGE
