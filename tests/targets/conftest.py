"""Real servers on loopback, one that misbehaves, and fresh places of every kind."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import boto3
import pytest

from production.targets import Target, open_target
from programme.network import TargetSettings
from tests.production.published import Made, made_once, make, send
from tests.strict import ToolFinder
from tests.targets.careless import Careless, careless_before
from tests.targets.places import Place, clear, named_targets, nested
from tests.targets.sshd import Sshd, live_in, running_sshd

KINDS = ("folder", "moto", "swift", "sftp")


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


@pytest.fixture(scope="session")
def swift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of OpenStack Swift's S3 interface, a Python package as well."""
    if sys.platform != "linux":
        pytest.skip("OpenStack Swift needs Linux; moto is asked everywhere")
    program = Path(__file__).with_name("swift_server.py")
    folder = tmp_path_factory.mktemp("swift")
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, str(program), str(folder / "data")], stdout=subprocess.PIPE, stderr=log
        )
    try:
        assert server.stdout is not None
        address = server.stdout.readline().decode().strip()
        assert address, (folder / "log").read_text()
        yield address
    finally:
        server.terminate()
        server.communicate(timeout=10)


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


# --- What was published once, to read back and to clean ---------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Give a small workspace that is built: never change it."""
    return make(made_once(tmp_path_factory))


@pytest.fixture(scope="module")
def sent(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a publish: never change it."""
    root = tmp_path_factory.mktemp("sent")
    send(root, made)
    return root


@pytest.fixture
def root(sent: Path, tmp_path: Path) -> Path:
    """Give a copy of a publish, to damage and to clean."""
    shutil.copytree(sent, tmp_path / "copy")
    return tmp_path / "copy"


# --- One suite over all kinds of place --------------------------------------------------


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of a place on every kind, or on the targets that --target-toml names.

    A module that says EVERY_DAY has the other kinds tried with the slow tests.
    """
    if "place" not in metafunc.fixturenames:
        return
    path = metafunc.config.getoption("--target-toml")
    if path:
        metafunc.parametrize("place", list(named_targets(Path(path))), indirect=True)
        return
    every_day = getattr(metafunc.module, "EVERY_DAY", KINDS)
    marks = {
        kind: [pytest.mark.tools] * (kind == "sftp") + [pytest.mark.slow] * (kind not in every_day)
        for kind in KINDS
    }
    kinds = [pytest.param(kind, marks=marks[kind]) for kind in KINDS]
    metafunc.parametrize("place", kinds, indirect=True)


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Give an empty place of each kind in turn."""
    path = request.config.getoption("--target-toml")
    if not path:
        yield request.getfixturevalue(f"{request.param}_place")
        return
    settings = nested(named_targets(Path(path))[request.param])
    made = Place(settings=settings, root=tmp_path, ours=False)
    yield made
    clear(made)


@pytest.fixture
def target(place: Place) -> Iterator[Target]:
    """Give one target of each kind in turn."""
    opened = place.open()
    yield opened
    opened.close()


@pytest.fixture
def folder_place(tmp_path: Path) -> Place:
    settings = TargetSettings(name="stick", kind="folder", options={"path": "out/public"})
    return Place(settings=settings, root=tmp_path)


@pytest.fixture
def moto_place(moto: str, credentials: None, tmp_path: Path) -> Place:
    del credentials
    return _bucket(moto, tmp_path)


@pytest.fixture
def swift_place(
    swift: str, credentials: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Place:
    del credentials
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test:tester")
    return _bucket(swift, tmp_path)


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """Give a running OpenSSH server."""
    with running_sshd(tmp_path_factory.mktemp("sshd") / "server", ToolFinder()) as server:
        yield server


@pytest.fixture
def sftp_place(sshd: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Give a folder on the server, to whoever lives in its home."""
    live_in(sshd.home, monkeypatch)
    options = sshd.options(tmp_path / "web")
    return Place(settings=TargetSettings(name="cloud", kind="sftp", options=options), root=tmp_path)


@pytest.fixture
def careless(moto: str) -> Iterator[Careless]:
    """Give a server before moto that does nothing wrong until told."""
    with careless_before(moto) as server:
        yield server


@pytest.fixture
def careless_place(moto_place: Place, careless: Careless) -> Place:
    """Give the bucket of ``moto_place`` through the careless server."""
    options = dict(moto_place.settings.options) | {"endpoint": careless.address}
    return replace(moto_place, settings=replace(moto_place.settings, options=options))


@cache
def _client(endpoint: str, user: str) -> Any:
    """Give a client that makes buckets; a client costs a tenth of a second."""
    session = boto3.Session(
        aws_access_key_id=user,
        aws_secret_access_key="testing",  # noqa: S106  # what both servers take in tests
        region_name="us-east-1",
    )
    return session.client("s3", endpoint_url=endpoint)


def _bucket(endpoint: str, root: Path) -> Place:
    bucket = f"bucket-{next(_numbers)}"
    _client(endpoint, os.environ["AWS_ACCESS_KEY_ID"]).create_bucket(Bucket=bucket)
    options = {"bucket": bucket, "endpoint": endpoint, "region": "us-east-1", "prefix": "camino"}
    settings = TargetSettings(name="cloud", kind="s3", options=options)
    return Place(settings=settings, root=root)
