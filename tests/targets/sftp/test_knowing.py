"""Who a server is, and who logs in: tried with a real OpenSSH server and its own programs."""

import getpass
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from production.targets import open_target
from programme.errors import ProductionError
from programme.network import TargetSettings
from tests.targets.places import Place
from tests.targets.probed_places import not_ok, probe
from tests.targets.sftp.sending import FEED, RSS, names, opened, refusal
from tests.targets.sshd import Sshd

pytestmark = pytest.mark.tools


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


def test_a_test_of_a_server_that_nobody_knows_says_it_once_and_nothing_of_buckets(
    sshd: Sshd, web: Path, home: Path
) -> None:
    (home / ".ssh/known_hosts").unlink()
    settings = TargetSettings(name="space", kind="sftp", options=sshd.options(web))
    found = probe(Place(settings=settings, root=web.parent))
    assert not_ok(found) == {"write": "failed", "delete": "skipped"}
    assert "answer yes" in found["write"].remedy
    assert "bucket" not in found["write"].remedy


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
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (
        run.stdout.strip() == "TARGET install Altavoz with its extra ssh: docs/targets.md says how"
    )
