"""What stands in a web space, and servers that allow less."""

import getpass
import os
import platform
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from production.targets import Line
from production.targets.beside import LOCK
from programme.errors import ProductionError
from programme.units import Key
from tests.targets.racing import at_once
from tests.targets.sftp.sending import FEED, KEY, RSS, names, opened, refusal, send
from tests.targets.sshd import Sshd, live_in, running_sshd

pytestmark = pytest.mark.tools


def test_nothing_at_the_target_names_the_user_or_the_machine(
    sshd: Sshd, web: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del home
    monkeypatch.setattr(platform, "node", lambda: "a-very-personal-laptop")
    seen: list[str] = []

    def tell(sent: int, received: int) -> None:
        del sent, received
        seen.extend(map(str, web.rglob("*")))
        seen.extend(path.read_text("latin-1") for path in web.rglob(LOCK))

    target = opened(sshd, web, Line(tell=tell))
    send(target, tmp_path / "source")
    target.swap(FEED, b"one", media_type=RSS, seen=None)
    target.swap(FEED, b"two", media_type=RSS, seen=b"one")
    target.close()
    assert any(name.endswith(".part") for name in seen)
    assert any(name.endswith(".tmp") for name in seen)
    told = "\n".join(seen).replace(str(web), "")
    assert "a-very-personal-laptop" not in told
    assert getpass.getuser() not in told
    assert getpass.getuser() not in target.describe().replace(str(web).lstrip("/"), "")
    assert names(web) == {KEY, FEED}


def test_an_edition_within_the_same_second_has_a_later_time_and_the_web_servers_rights(
    sshd: Sshd, web: Path, home: Path
) -> None:
    del home
    target = opened(sshd, web)
    times = []
    for data in (b"one", b"two", b"six"):
        target.put(FEED, data, media_type=RSS)
        times.append(int((web / FEED).stat().st_mtime))
    tags = {one.tag for one in target.listing()}
    target.close()
    assert times[0] < times[1] < times[2]
    assert tags == {f"3 {times[2]}"}
    assert stat.S_IMODE((web / FEED).stat().st_mode) & 0o444 == 0o444


def test_the_list_shows_foreign_files_by_name_and_leaves_out_what_is_unfinished(
    sshd: Sshd, web: Path, home: Path
) -> None:
    del home
    (web / "a").mkdir()
    for name in ("a/b", "a-b", "a.html", ".htaccess", LOCK, ".x.0123456789abcdef.part"):
        (web / name).write_bytes(b"x")
    (web / "link").symlink_to("/etc")
    Path(os.fsdecode(os.fsencode(web) + b"/caf\xe9.txt")).write_bytes(b"x")
    target = opened(sshd, web)
    listed = [one.name for one in target.listing()]
    target.close()
    assert listed == [".htaccess", "a-b", "a.html", "a/b", "caf\\xe9.txt", "link"]


@pytest.mark.parametrize("at", ["feeds", "feeds/camino-es-419.xml"])
def test_a_link_out_of_the_folder_is_never_followed(
    sshd: Sshd, web: Path, home: Path, tmp_path: Path, at: str
) -> None:
    del home
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "camino-es-419.xml").write_bytes(b"precious")
    way = web / at
    way.parent.mkdir(exist_ok=True)
    way.symlink_to(outside if at == "feeds" else outside / "camino-es-419.xml")
    target = opened(sshd, web)
    for call in (
        lambda: target.read(FEED),
        lambda: target.put(FEED, b"x", media_type=RSS),
        lambda: target.remove(FEED),
    ):
        with pytest.raises(ProductionError, match="link"):
            call()
    target.close()
    assert (outside / "camino-es-419.xml").read_bytes() == b"precious"


def test_a_folder_that_is_not_there_is_made_and_its_parents_are_not(
    sshd: Sshd, web: Path, home: Path
) -> None:
    del home
    target = opened(sshd, web / "radio")
    assert list(target.listing()) == []
    target.put(FEED, b"x", media_type=RSS)
    target.close()
    assert names(web) == {f"radio/{FEED}"}
    assert "not there" in refusal(opened(sshd, web / "raido/public")).problem


def test_a_server_that_gives_one_channel_serves_several_threads(
    tmp_path: Path, web: Path, tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_sshd(tmp_path / "one", tool, more="MaxSessions 1") as server:
        live_in(server.home, monkeypatch)
        target = opened(server, web)
        keys = [Key(f"feeds/{number}.xml") for number in range(5)]
        works = [lambda key=key: target.put(key, b"x" * 5000, media_type=RSS) for key in keys]
        assert all(at_once(works))
        target.close()
    assert names(web) == set(keys)


def test_a_server_that_only_lets_read_is_said_plainly(
    tmp_path: Path, web: Path, tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_sshd(tmp_path / "one", tool, sftp="internal-sftp -R") as server:
        live_in(server.home, monkeypatch)
        assert "does not let you write" in refusal(opened(server, web)).problem


def test_a_server_without_sftp_is_said_plainly(
    tmp_path: Path, web: Path, tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_sshd(tmp_path / "one", tool, sftp="/bin/false") as server:
        live_in(server.home, monkeypatch)
        assert "SFTP" in refusal(opened(server, web)).problem
