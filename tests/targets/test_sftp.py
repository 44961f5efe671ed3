"""Publishing over SSH to a real OpenSSH server: who it is, who we are, lines that break, locks."""

import getpass
import os
import platform
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from production.targets import Line, Target, open_target, ssh
from production.targets.base import OvertakenError
from production.targets.beside import LOCK, part_name, writer
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Key
from tests.targets.bad_line import BadLine, bad_line_before
from tests.targets.places import Place, quick_line
from tests.targets.racing import at_once
from tests.targets.sshd import Sshd, live_in, running_sshd

pytestmark = pytest.mark.tools

KEY = Key("m/camino-1-es-419-0123456789ab.mp3")
FEED = Key("feeds/camino-es-419.xml")
MB = 1 << 20
LONG = os.urandom(3 * MB)
RSS = "application/rss+xml"


@pytest.fixture
def home(sshd: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home whose files a test may change."""
    mine = tmp_path / "home"
    (mine / ".ssh").mkdir(parents=True, mode=0o700)
    for name in ("known_hosts", "id_ed25519", "id_ed25519.pub"):
        path = mine / ".ssh" / name
        path.write_bytes((sshd.home / ".ssh" / name).read_bytes())
        path.chmod(0o600)
    live_in(mine, monkeypatch)
    return mine


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """Give the folder that is published to."""
    folder = tmp_path / "web"
    folder.mkdir()
    return folder


@pytest.fixture
def bad_line(sshd: Sshd, home: Path) -> Iterator[BadLine]:
    """Give a line before the server, known as the server is."""
    with bad_line_before(sshd.port) as line:
        known = home / ".ssh/known_hosts"
        known.write_text(f"{known.read_text()}[127.0.0.1]:{line.port} {sshd.host_key}\n")
        yield line


def opened(sshd: Sshd, web: Path, line: Line | None = None, **options: str) -> Target:
    settings = TargetSettings(name="space", kind="sftp", options=sshd.options(web) | options)
    return open_target(settings, Path("unused"), line=line or quick_line())


def send(target: Target, source: Path, data: bytes = LONG) -> bool:
    source.write_bytes(data)
    return target.put_new(KEY, source, media_type="audio/mpeg", digest=digest_bytes(data))


def refusal(target: Target) -> ProductionError:
    with pytest.raises(ProductionError) as caught:
        target.put(FEED, b"never sent", media_type=RSS)
    target.close()
    assert caught.value.code is ExitCode.TARGET
    assert caught.value.remedy
    return caught.value


def names(web: Path) -> set[str]:
    return {path.relative_to(web).as_posix() for path in web.rglob("*") if path.is_file()}


# --- Who the server is ------------------------------------------------------------------


def test_a_server_that_nobody_knows_is_refused_with_its_fingerprint(
    sshd: Sshd, web: Path, home: Path, tool: Callable[[str], str]
) -> None:
    (home / ".ssh/known_hosts").write_text("other.example ssh-ed25519 AAAA\n")
    told = refusal(opened(sshd, web))
    shown = subprocess.run(
        [tool("ssh-keygen"), "-lf", sshd.folder / "host_key.pub"], capture_output=True, check=True
    )
    fingerprint = shown.stdout.decode().split()[1]
    assert fingerprint.startswith("SHA256:")
    assert f"ssh-ed25519 {fingerprint}" in told.problem
    assert f"sftp -P {sshd.port} " in told.remedy
    assert names(web) == set()


def test_a_server_with_another_key_than_before_is_refused(
    sshd: Sshd, web: Path, home: Path
) -> None:
    other = (home / ".ssh/id_ed25519.pub").read_text().rsplit(" ", 1)[0]
    (home / ".ssh/known_hosts").write_text(f"[127.0.0.1]:{sshd.port} {other}\n")
    told = refusal(opened(sshd, web))
    assert "another key than before" in told.problem
    assert "ssh-keygen -R" in told.remedy
    assert names(web) == set()


def test_a_revoked_key_is_refused_though_another_line_names_it(
    sshd: Sshd, web: Path, home: Path
) -> None:
    with (home / ".ssh/known_hosts").open("a") as file:
        file.write(f"@revoked * {sshd.host_key}\n")
    assert "revoked" in refusal(opened(sshd, web)).problem
    assert names(web) == set()


def test_names_that_openssh_has_hashed_are_found(
    sshd: Sshd, web: Path, home: Path, tool: Callable[[str], str]
) -> None:
    known = home / ".ssh/known_hosts"
    subprocess.run([tool("ssh-keygen"), "-q", "-H", "-f", known], check=True, capture_output=True)
    assert "127.0.0.1" not in known.read_text()
    target = opened(sshd, web)
    assert target.put(FEED, b"x", media_type=RSS)
    target.close()


# --- Who we are -------------------------------------------------------------------------


def test_a_login_without_a_key_that_opens_is_refused_with_what_to_do(
    sshd: Sshd, web: Path, home: Path, tool: Callable[[str], str]
) -> None:
    key = home / ".ssh/id_ed25519"
    key.unlink()
    assert "no key" in refusal(opened(sshd, web)).problem
    generate = [tool("ssh-keygen"), "-q", "-t", "ed25519", "-f", str(key)]
    subprocess.run([*generate, "-N", ""], check=True)
    assert "none of your 1 keys" in refusal(opened(sshd, web)).problem
    key.unlink()
    subprocess.run([*generate, "-N", "a passphrase"], check=True)
    assert "ssh-add" in refusal(opened(sshd, web)).remedy


def test_a_key_of_the_agent_opens(
    sshd: Sshd,
    web: Path,
    home: Path,
    tool: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key, socket = home / ".ssh/id_ed25519", home / "agent"
    agent = subprocess.Popen(
        [tool("ssh-agent"), "-D", "-a", socket], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        for _ in range(100):
            if socket.exists():
                break
            time.sleep(0.02)
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        subprocess.run([tool("ssh-add"), "-q", key], check=True)
        key.unlink()
        target = opened(sshd, web)
        assert target.put(FEED, b"x", media_type=RSS)
        target.close()
    finally:
        agent.terminate()
        agent.communicate(timeout=5)


def test_the_users_own_ssh_config_names_host_port_user_and_key(
    sshd: Sshd, web: Path, home: Path
) -> None:
    (home / ".ssh/id_ed25519").rename(home / ".ssh/radio")
    (home / ".ssh/config").write_text(
        f"Host radio\n HostName 127.0.0.1\n Port {sshd.port}\n User {getpass.getuser()}\n"
        " IdentityFile ~/.ssh/radio\n"
    )
    settings = TargetSettings(
        name="space", kind="sftp", options={"host": "radio", "path": str(web)}
    )
    target = open_target(settings, Path("unused"))
    assert target.put(FEED, b"x", media_type=RSS)
    target.close()
    assert names(web) == {FEED}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "host"),
        ({"host": "h"}, "path"),
        ({"host": "h", "path": "/w", "password": "hunter2"}, "secret"),
        ({"host": "h", "path": "/w", "identity": "/etc/key"}, "identity"),
        ({"host": "-oProxyCommand=x", "path": "/w"}, "host"),
        ({"host": "h", "path": "/w/../x"}, "folder"),
        ({"host": "h", "path": "/w", "port": "0"}, "port"),
        ({"host": "h", "path": "/w", "user": "a b"}, "user"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_connected(
    options: dict[str, str], said: str
) -> None:
    settings = TargetSettings(name="space", kind="sftp", options=options)
    with pytest.raises(ProductionError) as caught:
        open_target(settings, Path("unused"))
    assert said in caught.value.problem
    assert caught.value.where == "altavoz.toml: target space"
    assert "hunter2" not in str(caught.value)


def test_without_the_extra_it_is_said_what_to_install(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys\n"
        "sys.modules['paramiko'] = None\n"
        "from production.targets import open_target\n"
        "from programme.errors import ProductionError\n"
        "from programme.network import TargetSettings\n"
        "settings = TargetSettings(name='t', kind='sftp', options={'host': 'h', 'path': '/w'})\n"
        "try: open_target(settings, pathlib.Path('.'))\n"
        "except ProductionError as error: print(error.code.name, error.remedy)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "TARGET install Altavoz with its extra ssh"


# --- What the public and the owner of the web space see ----------------------------------


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


# --- Lines that break -------------------------------------------------------------------


def test_on_a_line_that_drops_again_and_again_it_still_finishes(
    sshd: Sshd, web: Path, tmp_path: Path, bad_line: BadLine
) -> None:
    target = opened(sshd, web, port=str(bad_line.port))
    bad_line.cut_after_s, bad_line.bytes_per_second = 0.5, 3 * MB
    assert send(target, tmp_path / "source")
    assert target.verify(KEY, digest_bytes(LONG))
    assert target.swap(FEED, LONG[: MB // 2], media_type=RSS, seen=None)
    target.close()
    assert bad_line.connections >= 4
    assert (web / KEY).read_bytes() == LONG
    assert (web / FEED).read_bytes() == LONG[: MB // 2]
    assert names(web) == {KEY, FEED}
    # Gone on by byte: what was on its way is sent twice, never the whole.
    assert bad_line.to_server < 2 * len(LONG)


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
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(home)},
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
    target = opened(sshd, web, Line(seconds=0.8, wait=time.sleep), port=str(bad_line.port))
    target.read(FEED)
    bad_line.cut_after_bytes = 0
    with pytest.raises(ProductionError, match="time for this transfer"):
        target.put(FEED, b"x", media_type=RSS)
    target.close()


# --- Servers that allow less ------------------------------------------------------------


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


# --- One writer at a time ---------------------------------------------------------------


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
