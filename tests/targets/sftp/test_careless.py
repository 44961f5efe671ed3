"""A server that is not OpenSSH's: what it cannot do is said, and what it does wrong is found."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from production.targets import Target
from programme.digests import digest_bytes
from programme.errors import ProductionError
from tests.targets.sftp.careless_sftp import Careless, careless_sftp
from tests.targets.sftp.sending import FEED, KEY, LONG, MB, RSS, names, opened, send
from tests.targets.sshd import Sshd

pytestmark = pytest.mark.tools


@pytest.fixture
def careless(sshd: Sshd, home: Path) -> Iterator[Careless]:
    """Give a careless server that shows the host key of the good one."""
    with careless_sftp(sshd.folder / "host_key") as server:
        known = home / ".ssh/known_hosts"
        known.write_text(f"{known.read_text()}[127.0.0.1]:{server.port} {sshd.host_key}\n")
        yield server


@pytest.fixture
def target(sshd: Sshd, web: Path, careless: Careless) -> Iterator[Target]:
    """Give a target there."""
    made = opened(sshd, web, port=str(careless.port))
    yield made
    made.close()


def test_a_server_that_cannot_replace_at_one_stroke_is_refused_and_the_old_feed_stays(
    target: Target, web: Path
) -> None:
    assert target.put(FEED, b"one", media_type=RSS)
    assert target.swap(KEY, b"new", media_type=RSS, seen=None)
    with pytest.raises(ProductionError, match="at one stroke"):
        target.put(FEED, b"two", media_type=RSS)
    with pytest.raises(ProductionError, match="at one stroke"):
        target.swap(FEED, b"two", media_type=RSS, seen=b"one")
    assert target.read(FEED) == b"one"
    assert names(web) == {FEED, KEY}


def test_a_server_that_gives_little_at_once_is_read_whole(
    target: Target, careless: Careless, tmp_path: Path
) -> None:
    careless.most_read_bytes = 7000
    assert send(target, tmp_path / "source", LONG[:MB])
    assert target.verify(KEY, digest_bytes(LONG[:MB]))
    assert target.read(KEY) == LONG[:MB]


@pytest.mark.parametrize("is_silent", [False, True], ids=["refuses", "says all is well"])
def test_a_full_web_space_is_told_and_nothing_half_is_public(
    target: Target, careless: Careless, web: Path, tmp_path: Path, *, is_silent: bool
) -> None:
    careless.room_bytes, careless.is_silent = 100_000, is_silent
    target.put(FEED, b"one", media_type=RSS)
    with pytest.raises(ProductionError, match="refuses") as caught:
        send(target, tmp_path / "source", LONG[:MB])
    assert "full" in caught.value.remedy
    assert {name for name in names(web) if not name.endswith(".part")} == {FEED}
    careless.room_bytes = 10 * MB
    assert send(target, tmp_path / "source", LONG[:MB])
    assert (web / KEY).read_bytes() == LONG[:MB]
    assert names(web) == {FEED, KEY}
