"""Lines that break, are slow or stand still, and runs that are killed, before a real server."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from production.targets import Line, ssh
from production.targets.beside import part_name
from programme.digests import digest_bytes
from programme.errors import ProductionError
from tests.targets.bad_line import BadLine
from tests.targets.sftp.sending import FEED, KEY, LONG, MB, RSS, names, opened, refusal, send
from tests.targets.sshd import Sshd

pytestmark = pytest.mark.tools


# More than is on its way at once (32 blocks of 32 kB), so that the server answered something before
# each break, however busy this machine is.
@pytest.mark.parametrize(
    ("seconds", "bytes_"),
    [(None, 1_200_000), pytest.param(1.0, None, marks=pytest.mark.slow)],
    ids=["by bytes", "by time"],
)
def test_on_a_line_that_drops_again_and_again_it_still_finishes(
    sshd: Sshd,
    web: Path,
    tmp_path: Path,
    bad_line: BadLine,
    *,
    seconds: float | None,
    bytes_: int | None,
) -> None:
    target = opened(sshd, web, port=str(bad_line.port))
    bad_line.cut_after_s, bad_line.cut_after_bytes = seconds, bytes_
    bad_line.bytes_per_second = 3 * MB // 2 if seconds else 1 << 40
    assert send(target, tmp_path / "source")
    assert target.verify(KEY, digest_bytes(LONG))
    assert target.swap(FEED, LONG[: MB // 2], media_type=RSS, seen=None)
    target.close()
    assert bad_line.connections >= 3
    assert (web / KEY).read_bytes() == LONG
    assert (web / FEED).read_bytes() == LONG[: MB // 2]
    assert names(web) == {KEY, FEED}
    # Gone on by byte: what was on its way at a break (1 MB, and greetings) is sent twice, never the
    # whole, which would not even come to its end.
    sent_twice = bad_line.connections * (MB + MB // 4)
    assert bad_line.to_server < len(LONG) + MB // 2 + sent_twice


def test_a_later_run_goes_on_behind_what_an_earlier_one_had_sent(
    sshd: Sshd, web: Path, tmp_path: Path, bad_line: BadLine
) -> None:
    bad_line.cut_after_bytes = 2 * MB

    def refuse_more(seconds: float) -> None:
        del seconds
        raise KeyboardInterrupt

    stopped = opened(sshd, web, Line(wait=refuse_more), port=str(bad_line.port))
    with pytest.raises(KeyboardInterrupt):
        send(stopped, tmp_path / "source")
    stopped.close()
    part = web / "m" / part_name(KEY.rpartition("/")[2], digest_bytes(LONG))
    there = part.stat().st_size
    assert MB < there < len(LONG)
    assert names(web) == {f"m/{part.name}"}
    bad_line.cut_after_bytes = None
    before = bad_line.to_server
    second = opened(sshd, web, port=str(bad_line.port))
    assert send(second, tmp_path / "source")
    second.close()
    assert (web / KEY).read_bytes() == LONG
    assert names(web) == {KEY}
    assert bad_line.to_server - before < len(LONG) - there + 100_000


def test_a_part_with_holes_is_found_and_sent_again(
    sshd: Sshd, web: Path, home: Path, tmp_path: Path
) -> None:
    del home
    (web / "m").mkdir()
    part = web / "m" / part_name(KEY.rpartition("/")[2], digest_bytes(LONG))
    part.write_bytes(LONG[:MB] + bytes(MB // 2))  # as after a server's power cut
    target = opened(sshd, web)
    assert send(target, tmp_path / "source")
    target.close()
    assert (web / KEY).read_bytes() == LONG
    assert names(web) == {KEY}


def test_killed_while_it_sends_nothing_half_is_public_and_the_next_run_ends_it(
    sshd: Sshd, web: Path, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "source").write_bytes(LONG)
    program = f"""
import os, pathlib, signal
from production.targets import Line, open_target
from programme.digests import digest_bytes
from programme.network import TargetSettings
total = 0
def tell(sent, received):
    global total
    total += sent
    if total > {MB}:
        os.kill(os.getpid(), signal.SIGKILL)
settings = TargetSettings(name="space", kind="sftp", options={sshd.options(web)!r})
target = open_target(settings, pathlib.Path("unused"), line=Line(tell=tell))
source = pathlib.Path({str(tmp_path / "source")!r})
target.put_new({KEY!r}, source, media_type="x/y", digest=digest_bytes(source.read_bytes()))
"""
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3]), "HOME": str(home)},
        check=False,
    )
    assert run.returncode == -signal.SIGKILL
    assert all(name.endswith(".part") for name in names(web))
    target = opened(sshd, web)
    assert list(target.listing()) == []
    assert send(target, tmp_path / "source")
    target.close()
    assert names(web) == {KEY}


def test_a_line_that_stands_still_is_given_up_and_made_anew(
    sshd: Sshd, web: Path, bad_line: BadLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssh, "STALL_SECONDS", 0.5)
    target = opened(sshd, web, port=str(bad_line.port))
    assert target.read(FEED) is None
    bad_line.is_still = True
    threading.Timer(1.0, lambda: setattr(bad_line, "is_still", False)).start()
    assert target.put(FEED, b"x", media_type=RSS)
    target.close()
    assert bad_line.connections >= 2


def test_a_server_that_is_not_there_is_told_soon(sshd: Sshd, web: Path, home: Path) -> None:
    del home
    pauses: list[float] = []
    told = refusal(opened(sshd, web, Line(wait=pauses.append), port="1"))
    assert "cannot be reached" in told.problem
    assert pauses == [0.5, 1.0]


def test_a_deadline_ends_it_though_the_server_never_comes_back(
    sshd: Sshd, web: Path, bad_line: BadLine
) -> None:
    now = [0.0]

    def wait(seconds: float) -> None:
        now[0] += seconds

    line = Line(seconds=20, clock=lambda: now[0], wait=wait)
    target = opened(sshd, web, line, port=str(bad_line.port))
    assert target.read(FEED) is None
    bad_line.cut_after_bytes = 0
    with pytest.raises(ProductionError, match="time for this transfer"):
        target.put(FEED, b"x", media_type=RSS)
    target.close()
    assert now[0] == pytest.approx(20)
