"""Whose credentials go where: never from a workspace, and to no server that it alone names."""

from pathlib import Path

import pytest

from production.targets import Target, open_target
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Key


def opened(**options: str) -> Target:
    settings = TargetSettings(name="mine", kind="s3", options={"bucket": "b"} | options)
    return open_target(settings, Path("unused"))


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize(
    "endpoint",
    [
        "http://s3.example.net",
        "https://169.254.169.254",
        "ftp://s3.example.net",
        "https://user:word@s3.example.net",
        "https://s3.example.net/?x=1",
        "s3.example.net",
        "http://[",
    ],
)
def test_an_unsafe_server_is_refused(endpoint: str) -> None:
    with pytest.raises(ProductionError, match="no safe address") as caught:
        opened(endpoint=endpoint)
    assert caught.value.code is ExitCode.TARGET


@pytest.mark.usefixtures("credentials")
def test_a_workspace_alone_cannot_choose_where_signed_requests_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ProductionError, match="you have not chosen it") as caught:
        opened(endpoint="https://s3.example.net")
    assert "AWS_ENDPOINT_URL_S3" in caught.value.remedy
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://s3.example.net")
    assert "https://s3.example.net" in opened(endpoint="https://s3.example.net/").describe()
    with pytest.raises(ProductionError, match="you have not chosen it"):
        opened(endpoint="https://elsewhere.example.net")


@pytest.mark.usefixtures("credentials")
def test_without_credentials_the_message_says_where_to_put_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(ProductionError, match="no credentials") as caught:
        opened()
    assert "AWS_ACCESS_KEY_ID" in caught.value.remedy
    with pytest.raises(ProductionError, match="no credentials"):
        opened(profile="nobody")


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"bucket": "not a bucket"}, "bucket"),
        ({"region": "no such region"}, "region"),
        ({"profile": "nobody"}, "profile"),
    ],
)
def test_settings_that_no_server_takes_are_said_before_anything_is_sent(
    options: dict[str, str], named: str
) -> None:
    chosen = {"endpoint": "http://127.0.0.1:9", "region": "us-east-1"} | options
    with pytest.raises(ProductionError) as caught:
        opened(**chosen).read(Key("index.html"))
    assert named in caught.value.problem + caught.value.remedy
    assert caught.value.code is ExitCode.TARGET
    assert "cannot be reached" not in caught.value.problem


@pytest.mark.usefixtures("credentials")
def test_what_opens_a_target_sends_nothing() -> None:
    target = opened(endpoint="http://127.0.0.1:9", region="us-east-1")
    assert target.describe() == "s3://b/ at http://127.0.0.1:9"
    target.close()
