"""Large files at every kind of place: in parts, broken off, gone on with."""

import threading
from pathlib import Path

import pytest

from production.targets import Line, Target
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.units import Key
from tests.targets.places import Place

pytestmark = pytest.mark.slow

MB = 1 << 20
KEY = Key("m/long-0123456789ab.mp3")
LONG = bytes(range(251)) * (18 * MB // 251)
"""More than two of the largest parts, and no two parts alike."""


def publish(target: Target, source: Path, data: bytes, key: Key = KEY) -> bool:
    source.write_bytes(data)
    return target.put_new(key, source, media_type="audio/mpeg", digest=digest_bytes(data))


def stopping(after_bytes: int) -> tuple[Line, list[int]]:
    """Give a line that ends once so much was sent, and the list of what was sent."""
    sent: list[int] = []
    lines: list[Line] = []

    def tell(more: int, received: int) -> None:
        del received
        sent.append(more)
        if sum(sent) >= after_bytes:
            lines[0].stop()

    lines.append(Line(tell=tell))
    return lines[0], sent


def test_a_large_file_is_sent_once_and_comes_back_whole(target: Target, tmp_path: Path) -> None:
    assert publish(target, tmp_path / "a", LONG)
    assert target.size(KEY) == len(LONG)
    assert target.verify(KEY, digest_bytes(LONG))
    assert not publish(target, tmp_path / "a", LONG)
    assert [one.length_bytes for one in target.listing()] == [len(LONG)]
    with pytest.raises(ProductionError, match="never change"):
        publish(target, tmp_path / "b", LONG[::-1])
    assert target.verify(KEY, digest_bytes(LONG))


def test_a_large_file_that_is_broken_off_is_not_there_and_the_next_run_ends_it(
    place: Place, tmp_path: Path
) -> None:
    line, _ = stopping(13 * MB)
    first = place.open(line)
    with pytest.raises(ProductionError, match="time") as caught:
        publish(first, tmp_path / "a", LONG)
    assert caught.value.code is ExitCode.TARGET
    watching = place.open()
    assert watching.read(KEY) is None
    assert KEY not in {one.name for one in watching.listing()}
    second, sent = stopping(1000 * MB)
    again = place.open(second)
    assert publish(again, tmp_path / "a", LONG)
    assert watching.verify(KEY, digest_bytes(LONG))
    assert [one.name for one in watching.listing()] == [KEY]
    if place.ours and place.settings.kind != "folder":  # some stores tell nobody what has arrived
        assert sum(sent) < len(LONG), "what had arrived was sent again"


def test_what_is_left_of_another_file_under_the_same_key_is_never_mixed_in(
    place: Place, tmp_path: Path
) -> None:
    line, _ = stopping(13 * MB)
    with pytest.raises(ProductionError, match="time"):
        publish(place.open(line), tmp_path / "a", LONG)
    other = LONG[: 9 * MB] + LONG[9 * MB : 18 * MB][::-1]
    target = place.open()
    assert publish(target, tmp_path / "b", other)
    assert target.verify(KEY, digest_bytes(other))


def test_two_publishers_of_the_same_large_file_end_with_it_whole(
    place: Place, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(LONG)
    problems: list[ProductionError] = []

    def send() -> None:
        target = place.open()
        try:
            target.put_new(KEY, tmp_path / "a", media_type="audio/mpeg", digest=digest_bytes(LONG))
        except ProductionError as error:
            problems.append(error)

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    target = place.open()
    assert target.verify(KEY, digest_bytes(LONG))
    assert [one.name for one in target.listing()] == [KEY]
