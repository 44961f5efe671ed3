"""What is known of a target without reading it, and when it is not believed."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from production.targets import Target
from production.targets.base import Listed
from production.targets.standing import Standing
from programme.digests import digest_bytes
from programme.units import Key

FEED, PAGE = Key("corta/en.xml"), Key("corta/en.html")
XML = "application/rss+xml"


def put(standing: Standing, target: Target, key: Key, data: bytes) -> None:
    target.put(key, data, media_type=XML)
    standing.put(key, digest_bytes(data), len(data))


def test_what_was_sent_is_known_without_reading_it_until_it_changes(
    target: Target, tmp_path: Path
) -> None:
    notes = tmp_path / "notes" / "cloud.json"
    first = Standing(target, notes)
    put(first, target, FEED, b"one")
    first.save()
    second = Standing(target, notes)
    assert second.digest(FEED) == digest_bytes(b"one")
    assert second.holds(FEED, b"one")
    assert not second.holds(FEED, b"two")
    target.put(FEED, b"two", media_type=XML)  # by somebody else
    third = Standing(target, notes)
    assert third.digest(FEED) is None
    assert third.was_altered(FEED)
    assert not third.holds(FEED, b"one")


def test_what_was_taken_away_is_not_known_any_more(target: Target, tmp_path: Path) -> None:
    notes = tmp_path / "cloud.json"
    first = Standing(target, notes)
    put(first, target, FEED, b"one")
    put(first, target, PAGE, b"page")
    first.save()
    second = Standing(target, notes)
    target.remove(FEED)
    second.removed(FEED)
    second.save()
    third = Standing(target, notes)
    assert third.size(FEED) is None
    assert not third.was_noted(FEED)
    assert third.digest(PAGE) == digest_bytes(b"page")


def test_nothing_new_writes_nothing(target: Target, tmp_path: Path) -> None:
    notes = tmp_path / "cloud.json"
    first = Standing(target, notes)
    put(first, target, FEED, b"one")
    first.save()
    before = notes.stat().st_mtime_ns
    second = Standing(target, notes)
    second.learn(FEED, digest_bytes(b"one"), 3)
    second.save()
    assert notes.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:0],
        lambda data: data[:-20],
        lambda data: b"\xff" + data,
        lambda data: data.replace(b"[", b"{"),
        lambda data: data.replace(b'"format":1', b'"format":2'),
        lambda data: data.replace(b'"place":"', b'"place":"elsewhere '),
        lambda data: data.splitlines()[0] + b"\n[1,2,3,4]\n",
        lambda data: b"[" * 100_000 + data,
    ],
)
def test_damaged_notes_are_as_none(
    make_folder: Callable[[], Target], tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    target, notes = make_folder(), tmp_path / "stick.json"
    first = Standing(target, notes)
    put(first, target, FEED, b"one")
    first.save()
    notes.write_bytes(damage(notes.read_bytes()))
    second = Standing(target, notes)
    assert second.digest(FEED) is None
    assert not second.was_noted(FEED)


class Stale:
    """A real folder whose list is older than what stands there, as some stores give."""

    def __init__(self, real: Target) -> None:
        self._real = real
        self.frozen: list[Listed] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def listing(self) -> Iterator[Listed]:
        return iter(list(self._real.listing()) if self.frozen is None else self.frozen)


def test_an_old_list_does_not_make_new_bytes_of_an_old_tag(
    make_folder: Callable[[], Target], tmp_path: Path
) -> None:
    target: Any = Stale(make_folder())
    notes = tmp_path / "stick.json"
    first = Standing(target, notes)
    put(first, target, FEED, b"one")
    first.save()
    target.frozen = list(target.listing())
    second = Standing(target, notes)
    put(second, target, FEED, b"two")
    second.save()  # and the list still shows the object that was there before
    assert Standing(target, notes).digest(FEED) is None


class Listing:
    """A place whose list is given."""

    def __init__(self, *listed: Listed) -> None:
        self._listed = listed

    def describe(self) -> str:
        return "s3://bucket"

    def listing(self) -> Iterator[Listed]:
        return iter(self._listed)


def test_a_tag_that_is_the_md5_of_our_bytes_needs_no_reading(tmp_path: Path) -> None:
    def at(data: bytes, tag: str) -> Any:
        moment = datetime(2026, 11, 22, tzinfo=UTC)
        return Listing(Listed(name=FEED, length_bytes=len(data), tag=tag, changed_at=moment))

    md5 = hashlib.md5(b"one", usedforsecurity=False).hexdigest()
    assert Standing(at(b"one", f'"{md5}"'), tmp_path / "n").holds(FEED, b"one")
    assert not Standing(at(b"one", f'"{md5}"'), tmp_path / "n").holds(FEED, b"two")
    assert not Standing(at(b"one", f'"{md5}-1"'), tmp_path / "n").holds(FEED, b"one")
    # A server that took all and kept half.
    assert not Standing(at(b"o", f'"{md5}"'), tmp_path / "n").holds(FEED, b"one")
    assert not Standing(at(b"one", ""), tmp_path / "n").holds(FEED, b"one")
