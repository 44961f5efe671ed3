"""A home whose files a test may change, a folder to publish to, a line that breaks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.targets.bad_line import BadLine, bad_line_before
from tests.targets.sshd import Sshd, live_in


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
