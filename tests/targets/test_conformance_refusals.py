"""Who may not publish at a server that checks signatures (OpenStack Swift) is told why."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import botocore.auth
import pytest

from production.targets import Target
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.units import Key
from tests.targets.places import Place

pytestmark = pytest.mark.slow

MEDIA = Key("m/camino-0123456789ab.mp3")
FEED = Key("feeds/camino-es-419.xml")

CALLS: dict[str, Callable[[Target, Path], object]] = {
    "put_new": lambda target, source: target.put_new(
        MEDIA, source, media_type="audio/mpeg", digest=digest_bytes(b"sound")
    ),
    "put": lambda target, _: target.put(FEED, b"<rss/>", media_type="application/rss+xml"),
    "swap": lambda target, _: target.swap(
        FEED, b"<rss/>", media_type="application/rss+xml", seen=None
    ),
    "read": lambda target, _: target.read(FEED),
    "size": lambda target, _: target.size(FEED),
    "verify": lambda target, _: target.verify(FEED, digest_bytes(b"")),
    "listing": lambda target, _: list(target.listing()),
    "remove": lambda target, _: target.remove(FEED),
}


def refused(place: Place, tmp_path: Path, said: str) -> None:
    """Hold that every call is refused with these words, and a remedy, at once."""
    (tmp_path / "source").write_bytes(b"sound")
    target = place.open()
    for call in CALLS.values():
        with pytest.raises(ProductionError, match=said) as caught:
            call(target, tmp_path / "source")
        assert caught.value.code is ExitCode.TARGET
        assert caught.value.remedy
        assert "testing" not in str(caught.value)
        assert "hunter2" not in str(caught.value)
    target.close()


def nothing_stands(place: Place) -> bool:
    target = place.open()
    try:
        return not list(target.listing())
    finally:
        target.close()


def test_a_wrong_secret_is_said(
    swift_place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as other:
        other.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
        refused(swift_place, tmp_path, "secret key is wrong")
    assert nothing_stands(swift_place)


def test_an_unknown_key_is_said(
    swift_place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as other:
        other.setenv("AWS_ACCESS_KEY_ID", "test:nobody")
        refused(swift_place, tmp_path, "access key|secret key|credentials")
    assert nothing_stands(swift_place)


def test_a_bucket_that_is_not_there_is_said(swift_place: Place, tmp_path: Path) -> None:
    options = dict(swift_place.settings.options) | {"bucket": "not-there"}
    settings = replace(swift_place.settings, options=options)
    refused(replace(swift_place, settings=settings), tmp_path, "bucket does not exist")


def test_a_clock_that_is_wrong_is_said(
    swift_place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = datetime.now(UTC) - timedelta(hours=5)  # noqa: TID251  # a server compares it with its own
    with monkeypatch.context() as other:
        other.setattr(botocore.auth, "get_current_datetime", lambda: late.replace(tzinfo=None))
        refused(swift_place, tmp_path, "clock")
    assert nothing_stands(swift_place)
