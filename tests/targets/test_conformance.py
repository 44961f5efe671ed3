"""What every target promises, tried on a folder and on a real S3 server."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from production.targets import Target, open_target
from production.targets.base import OvertakenError, check_key
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Digest, Key
from tests.targets.places import Place

MEDIA = Key("m/camino-1-es-419-0123456789ab.mp3")
FEED = Key("feeds/camino-es-419.xml")
RSS = "application/rss+xml"


def publish(target: Target, path: Path, data: bytes, key: Key = MEDIA) -> bool:
    path.write_bytes(data)
    return target.put_new(key, path, media_type="audio/mpeg", digest=digest_bytes(data))


def test_nothing_is_there_at_first(target: Target) -> None:
    assert target.read(FEED) is None
    assert target.size(FEED) is None
    assert not target.verify(FEED, digest_bytes(b""))
    assert not target.remove(FEED)


def test_a_file_is_sent_once_and_read_back(target: Target, tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000
    assert publish(target, tmp_path / "a", data)
    assert target.read(MEDIA) == data
    assert target.size(MEDIA) == len(data)
    assert target.verify(MEDIA, digest_bytes(data))
    assert not target.verify(MEDIA, digest_bytes(b"other"))
    assert not publish(target, tmp_path / "a", data)


def test_an_empty_file_is_a_file(target: Target, tmp_path: Path) -> None:
    assert publish(target, tmp_path / "a", b"")
    assert target.size(MEDIA) == 0
    assert target.read(MEDIA) == b""


def test_other_bytes_under_an_immutable_key_are_refused_and_kept(
    target: Target, tmp_path: Path
) -> None:
    publish(target, tmp_path / "a", b"first")
    with pytest.raises(ProductionError, match="never change") as caught:
        publish(target, tmp_path / "b", b"other")
    assert caught.value.code is ExitCode.TARGET
    assert target.read(MEDIA) == b"first"


def test_bytes_that_another_program_put_there_are_compared_by_reading(
    target: Target, tmp_path: Path
) -> None:
    # put() writes no more than any copy program would
    target.put(MEDIA, b"same", media_type="audio/mpeg")
    assert not publish(target, tmp_path / "a", b"same")
    with pytest.raises(ProductionError):
        publish(target, tmp_path / "b", b"other")


def test_a_damaged_source_is_never_published(target: Target, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"what is on the disk")
    with pytest.raises(ProductionError, match="damaged") as caught:
        target.put_new(
            MEDIA, tmp_path / "a", media_type="audio/mpeg", digest=digest_bytes(b"what was built")
        )
    assert caught.value.code is ExitCode.STORAGE
    assert target.read(MEDIA) is None


def test_a_missing_source_is_said_plainly(target: Target, tmp_path: Path) -> None:
    with pytest.raises(ProductionError, match="cannot be read") as caught:
        target.put_new(MEDIA, tmp_path / "no", media_type="audio/mpeg", digest=digest_bytes(b""))
    assert caught.value.code is ExitCode.STORAGE
    assert str(tmp_path / "no") in caught.value.where
    assert target.read(MEDIA) is None


def test_a_feed_is_replaced_whole_and_never_sent_again_unchanged(target: Target) -> None:
    assert target.put(FEED, b"one", media_type=RSS)
    assert not target.put(FEED, b"one", media_type=RSS)
    assert target.put(FEED, b"two, longer", media_type=RSS)
    assert target.read(FEED) == b"two, longer"
    assert target.put(FEED, b"3", media_type=RSS)
    assert target.read(FEED) == b"3"


def test_a_removed_object_is_gone_and_may_come_back(target: Target, tmp_path: Path) -> None:
    publish(target, tmp_path / "a", b"x")
    assert target.remove(MEDIA)
    assert not target.remove(MEDIA)
    assert target.read(MEDIA) is None
    assert publish(target, tmp_path / "a", b"x")


def test_a_second_opening_finds_what_the_first_published(
    place: Place, target: Target, tmp_path: Path
) -> None:
    publish(target, tmp_path / "a", b"x")
    assert target.describe()
    assert target.name == place.settings.name
    again = place.open()
    assert again.verify(MEDIA, Digest(digest_bytes(b"x")))
    again.close()


BAD_KEYS = [
    "", "/", "a/", "/a", "a//b", "../a", "a/../b", "./a", ".hidden", "a/.b.1.tmp", "a.", "a b",
    "ñ", "a\\b", "a\x00b", "a\nb", "C:/x", "a?b", "a%2e", "x" * 201, "/".join(["x" * 100] * 10),
]  # fmt: skip


def test_a_key_that_could_escape_or_hide_is_refused_everywhere(
    target: Target, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(b"x")
    digest = digest_bytes(b"x")
    calls: list[Callable[[Key], object]] = [
        target.read,
        target.size,
        target.remove,
        lambda key: target.verify(key, digest),
        lambda key: target.put(key, b"x", media_type="text/plain"),
        lambda key: target.put_new(key, tmp_path / "a", media_type="text/plain", digest=digest),
    ]
    for bad in BAD_KEYS:
        for call in calls:
            with pytest.raises(ValueError, match="no key"):
                call(Key(bad))


@given(st.text(max_size=40) | st.text("./-_aZ09", max_size=20))
@example("a/..")
def test_an_accepted_key_stays_in_its_folder(key: str) -> None:
    try:
        parts = check_key(key)
    except ValueError:
        return
    assert "/".join(parts) == key
    assert key.isascii()
    assert Path("/root", *parts).relative_to("/root").parts == parts
    assert not any(part.startswith(".") or part.endswith(".") for part in parts)


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        ("ftp", {}, "kind"),
        ("folder", {}, "path"),
        ("folder", {"path": "x", "pth": "y"}, "pth"),
        ("s3", {}, "bucket"),
        ("s3", {"bucket": "b", "secret_access_key": "hunter2"}, "secret"),
        ("s3", {"bucket": "b", "checksums": "never"}, "checksums"),
    ],
)
@pytest.mark.usefixtures("credentials")
def test_a_wrong_target_is_refused_with_what_to_write(
    kind: str, options: dict[str, str], said: str, tmp_path: Path
) -> None:
    settings = TargetSettings(name="mine", kind=kind, options=options)
    with pytest.raises(ProductionError) as caught:
        open_target(settings, tmp_path)
    assert said in caught.value.problem
    assert caught.value.where == "altavoz.toml: target mine"
    assert caught.value.remedy
    assert "hunter2" not in str(caught.value)


def test_a_feed_is_swapped_only_for_what_was_seen(target: Target) -> None:
    assert target.swap(FEED, b"one", media_type=RSS, seen=None)
    assert not target.swap(FEED, b"one", media_type=RSS, seen=None)
    assert target.swap(FEED, b"two", media_type=RSS, seen=b"one")
    for seen in (None, b"one"):
        with pytest.raises(OvertakenError, match="somebody else") as caught:
            target.swap(FEED, b"three", media_type=RSS, seen=seen)
        assert caught.value.code is ExitCode.TARGET
    assert target.read(FEED) == b"two"


def test_the_list_holds_everything_and_a_tag_that_changes_with_the_bytes(
    target: Target, tmp_path: Path
) -> None:
    assert list(target.listing()) == []
    publish(target, tmp_path / "a", b"sound")
    target.put(FEED, b"one", media_type=RSS)
    first = {one.name: one for one in target.listing()}
    assert {name: one.length_bytes for name, one in first.items()} == {MEDIA: 5, FEED: 3}
    target.put(FEED, b"two", media_type=RSS)
    second = {one.name: one for one in target.listing()}
    assert second[MEDIA] == first[MEDIA]
    assert second[FEED].tag != first[FEED].tag
