"""One writer at a time in a web space, and what stopped runs left there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from production.targets import Line
from production.targets.base import OvertakenError
from production.targets.beside import LOCK, writer
from programme.units import Key
from tests.targets.places import Place, quick_line
from tests.targets.sftp.sending import FEED, RSS, names, opened, send
from tests.targets.sshd import Sshd

pytestmark = pytest.mark.tools


def test_the_lock_of_a_run_that_was_killed_here_is_taken_away_at_once(
    sshd: Sshd, web: Path, home: Path
) -> None:
    del home
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
        capture_output=True, check=True, text=True)  # fmt: skip
    host, _, thread = writer().split("-")
    (web / LOCK).write_text(f"{host}-{gone.stdout.strip()}-{thread}")
    pauses: list[float] = []
    target = opened(sshd, web, Line(wait=pauses.append))
    assert target.swap(FEED, b"x", media_type=RSS, seen=None)
    target.close()
    assert pauses == []
    assert names(web) == {FEED}


def test_a_lock_of_another_machine_is_respected_for_a_minute_and_then_broken(
    sshd: Sshd, web: Path, home: Path
) -> None:
    del home
    (web / LOCK).write_text("00ffee-1-1")
    pauses: list[float] = []

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 30:
            (web / LOCK).write_text("00ffee-2-1")  # somebody else had his turn in between

    target = opened(sshd, web, Line(wait=wait))
    assert target.swap(FEED, b"x", media_type=RSS, seen=None)
    target.close()
    assert 85 <= sum(pauses) <= 95
    assert names(web) == {FEED}


def test_who_lost_his_lock_while_he_was_away_replaces_nothing(
    sshd: Sshd, web: Path, home: Path
) -> None:
    del home
    target = opened(sshd, web, quick_line())
    target.put(FEED, b"one", media_type=RSS)
    reads = 0

    def tell(sent: int, received: int) -> None:
        nonlocal reads
        del sent
        reads += bool(received)
        if (web / LOCK).exists() and (web / LOCK).read_text() == writer():
            (web / LOCK).write_text("00ffee-1-1")

    slow = opened(sshd, web, Line(tell=tell))
    with pytest.raises(OvertakenError):
        slow.swap(FEED, b"two", media_type=RSS, seen=b"one")
    slow.close()
    assert target.read(FEED) == b"one"
    target.close()
    assert (web / LOCK).read_text() == "00ffee-1-1"
    assert reads
    assert names(web) == {FEED, LOCK}


def test_what_stopped_runs_left_is_swept_when_something_is_sent(
    sftp_place: Place, tmp_path: Path
) -> None:
    web = Path(sftp_place.settings.options["path"])
    web.mkdir()
    old, new = web / ".a.mp3.0123456789abcdef.part", web / ".b.mp3.0123456789abcdef.part"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (1_600_000_000, 1_600_000_000))
    target = sftp_place.open()
    target.put(Key("index.html"), b"x", media_type="text/html")
    assert len(list(target.listing())) == 1
    assert old.exists()
    send(target, tmp_path / "source")
    target.close()
    assert not old.exists()
    assert new.exists()
