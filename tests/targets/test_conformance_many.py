"""Several publishers and threads at one place, of every kind."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from production.targets import Target
from production.targets.base import OvertakenError
from programme.digests import digest_bytes
from programme.units import Key
from tests.targets.judging import told_of_conditions
from tests.targets.places import Place
from tests.targets.racing import at_once, claimed, race

EVERY_DAY = ("folder", "moto")
FEED = Key("feeds/camino-es-419.xml")
RSS = "application/rss+xml"


@pytest.mark.parametrize("before", [None, b"the feed so far"], ids=["new", "there"])
def test_of_six_publishers_at_the_same_moment_one_is_told_that_it_won(
    place: Place, target: Target, before: bytes | None
) -> None:
    if before is not None:
        target.put(FEED, before, media_type=RSS)
    winners = race(place, FEED, before)
    assert target.read(FEED) in winners
    if len(winners) > 1:
        # Then the server knows no such condition, and `targets test` says so.
        assert before is not None or "ignored" in told_of_conditions(place)
        assert told_of_conditions(place)


def test_of_six_publishers_at_the_same_moment_one_keeps_the_place(
    place: Place,
) -> None:
    holders = claimed(place)
    assert len(holders) <= 1
    if not holders:  # all were told of each other
        assert told_of_conditions(place)


@pytest.mark.slow
def test_what_six_publishers_add_at_the_same_time_is_all_there(place: Place) -> None:
    if told_of_conditions(place):
        return  # replaces without looking, and `targets test` says so: only claims help there

    def add(letter: str) -> None:
        target = place.open()
        while True:
            there = target.read(FEED)
            try:
                data = (there or b"") + letter.encode()
                target.swap(FEED, data, media_type=RSS, seen=there)
            except OvertakenError:
                continue
            target.close()
            return

    at_once([lambda letter=letter: add(letter) for letter in "abcdef"])  # type: ignore[misc]
    there = place.open().read(FEED)
    assert there is not None
    assert sorted(there.decode()) == list("abcdef")


@pytest.mark.slow
def test_who_reads_while_a_feed_is_replaced_meets_one_of_its_versions_whole(
    place: Place, target: Target
) -> None:
    versions = [b"%d " % number * (3000 + 500 * number) for number in range(8)]
    target.put(FEED, versions[0], media_type=RSS)
    done = threading.Event()

    def read() -> set[bytes]:
        reader, met = place.open(), set()
        while not done.is_set():
            met.add(reader.read(FEED) or b"nothing")
        reader.close()
        return met

    with ThreadPoolExecutor(1) as pool:
        met = pool.submit(read)
        for before, version in pairwise(versions):
            target.swap(FEED, version, media_type=RSS, seen=before)
        done.set()
        assert met.result() <= set(versions)
    assert target.read(FEED) == versions[-1]


def test_one_target_is_used_by_several_threads(target: Target, tmp_path: Path) -> None:
    files = {Key(f"m/x-{number}.mp3"): bytes([number]) * 70_000 for number in range(6)}
    for key, data in files.items():
        (tmp_path / key.rpartition("/")[2]).write_bytes(data)

    def publish(key: Key) -> bool:
        data, source = files[key], tmp_path / key.rpartition("/")[2]
        sent = target.put_new(key, source, media_type="audio/mpeg", digest=digest_bytes(data))
        assert target.verify(key, digest_bytes(data))
        assert target.size(key) == len(data)
        return sent

    assert all(at_once([lambda key=key: publish(key) for key in files]))  # type: ignore[misc]
    assert {one.name: one.length_bytes for one in target.listing()} == {
        key: len(data) for key, data in files.items()
    }


def test_the_same_file_from_several_threads_stands_there_once_and_whole(
    place: Place, target: Target, tmp_path: Path
) -> None:
    data, key = b"sound" * 20_000, Key("m/same.mp3")
    (tmp_path / "a").write_bytes(data)
    targets = [place.open() for _ in range(4)]

    def publish(one: Target) -> bool:
        return one.put_new(key, tmp_path / "a", media_type="audio/mpeg", digest=digest_bytes(data))

    at_once([lambda one=one: publish(one) for one in targets])  # type: ignore[misc]
    assert target.read(key) == data
    assert [one.name for one in target.listing()] == [key]
    for one in targets:
        one.close()
