"""What the tests of publishing over SSH send, and what they look at."""

import os
from pathlib import Path

import pytest

from production.targets import Line, Target, open_target
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Key
from tests.targets.places import quick_line
from tests.targets.sshd import Sshd

KEY = Key("m/camino-1-es-419-0123456789ab.mp3")
FEED = Key("feeds/camino-es-419.xml")
MB = 1 << 20
LONG = os.urandom(3 * MB)
RSS = "application/rss+xml"


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
