"""A real OpenSSH server on loopback, with a login, a host key and a folder of its own."""

import getpass
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

CONFIG = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100
LogLevel ERROR
Subsystem sftp {sftp}
{more}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sshd:
    """A running server, and the home of somebody who may log in."""

    port: int
    folder: Path
    """Its keys; and ``home``, with ``.ssh``."""

    @property
    def home(self) -> Path:
        """Of the user: a key in ``.ssh`` that opens, and a server that is known."""
        return self.folder / "home"

    @property
    def host_key(self) -> str:
        """Kind and bytes of the server's public key, as in its file."""
        return " ".join((self.folder / "host_key.pub").read_text().split()[:2])

    def options(self, path: Path, *, port: int | None = None) -> dict[str, str]:
        """Give what altavoz.toml says of a folder there."""
        return {
            "host": "127.0.0.1",
            "port": str(port or self.port),
            "user": getpass.getuser(),
            "path": str(path),
        }

    def know(self, port: int) -> None:
        """Make the server known at a further port, such as that of a proxy."""
        with (self.home / ".ssh/known_hosts").open("a") as file:
            file.write(f"[127.0.0.1]:{port} {self.host_key}\n")


@contextmanager
def running_sshd(
    folder: Path,
    tool: Callable[[str], str],
    *,
    sftp: str = "internal-sftp",
    more: str = "",
) -> Iterator[Sshd]:
    """Run a server until the end of the block.

    Args:
        folder: an empty one for its files.
        tool: finds programs.
        sftp: what speaks SFTP, with its options.
        more: further lines of its configuration.
    """
    program = tool("sshd")
    home = folder / "home"
    (home / ".ssh").mkdir(parents=True, mode=0o700)
    for path in (folder / "host_key", home / ".ssh/id_ed25519"):
        subprocess.run(
            [tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", path],
            check=True,
        )
    (folder / "authorized_keys").write_bytes((home / ".ssh/id_ed25519.pub").read_bytes())
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True, mode=0o755)  # sshd wants it, and boots make it
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = folder / "sshd_config"
    config.write_text(CONFIG.format(port=port, folder=folder, sftp=sftp, more=more))
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([program, "-D", "-e", "-f", config], stdout=log, stderr=log)
    try:
        _wait(port, server, folder / "log")
        made = Sshd(port=port, folder=folder)
        made.know(port)
        yield made
    finally:
        server.terminate()
        server.wait(timeout=10)


def _wait(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(200):
        assert server.poll() is None, log.read_text()
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
                assert line.recv(4) == b"SSH-"
                return
        except ConnectionError:
            time.sleep(0.05)
    pytest.fail(f"sshd did not start: {log.read_text()}")


def live_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test have the keys of this home, and no agent's."""
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
