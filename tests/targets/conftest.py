"""A real S3 server (moto) on loopback, and targets of both kinds over the same suite."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from production.targets import Target, open_target
from programme.network import TargetSettings


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a running moto server, a Python package of the test requirements."""
    beside = Path(sys.executable).parent / "moto_server"
    program = str(beside) if beside.exists() else shutil.which("moto_server")
    if program is None:
        pytest.fail("moto_server is not installed; install requirements/test.txt")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("moto") / "log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [program, "-H", "127.0.0.1", "-p", str(port)], stdout=out, stderr=out
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, server, log)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=10)


def _wait(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/moto-api/data.json", timeout=5):  # noqa: S310
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    pytest.fail(f"moto did not start: {log.read_text()}")


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Give credentials that only a test server takes, and shut out the user's own."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


_numbers = count(1)


@pytest.fixture
def make_s3(moto: str, credentials: None) -> Callable[..., Target]:
    """Make a bucket and give a target in it."""
    del credentials

    def make(**options: str) -> Target:
        bucket = f"bucket-{next(_numbers)}"
        request = urllib.request.Request(f"{moto}/{bucket}", method="PUT")  # noqa: S310
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310  # moto checks no signature
            pass
        chosen = {"bucket": bucket, "endpoint": moto, "region": "us-east-1", "prefix": "camino"}
        settings = TargetSettings(name="cloud", kind="s3", options=chosen | options)
        return open_target(settings, Path("unused"))

    return make


@pytest.fixture
def make_folder(tmp_path: Path) -> Callable[[], Target]:
    """Give a target in an empty folder."""

    def make() -> Target:
        settings = TargetSettings(name="stick", kind="folder", options={"path": "out/public"})
        return open_target(settings, tmp_path)

    return make


@pytest.fixture(params=["folder", "s3"])
def target(request: pytest.FixtureRequest) -> Target:
    """Give one target of each kind in turn."""
    make = request.getfixturevalue(f"make_{request.param}")
    made: Target = make()
    return made
