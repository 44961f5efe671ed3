"""What is sent to an S3 server, what it costs, and what is made of what it keeps."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest

from production.targets import Target, s3, s3_multipart, s3_store
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.units import Key
from tests.targets.careless import Answer, Careless, Fault, Request
from tests.targets.faults import Flips, Portal, Truncates
from tests.targets.places import Place

MEDIA = Key("m/camino-0123456789ab.mp3")
FEED = Key("feeds/camino.xml")
RSS = "application/rss+xml"


def raw(moto: str) -> Any:
    return boto3.client("s3", endpoint_url=moto, region_name="us-east-1")


def as_s3(target: Target) -> s3.S3Target:
    assert isinstance(target, s3.S3Target)
    return target


def send(target: Target, tmp_path: Path, data: bytes = b"sound", key: Key = MEDIA) -> bool:
    (tmp_path / "source").write_bytes(data)
    return target.put_new(
        key, tmp_path / "source", media_type="audio/mpeg", digest=digest_bytes(data)
    )


def test_objects_say_what_they_are_and_how_long_to_keep_them(
    make_s3: Callable[..., Target], moto: str, tmp_path: Path
) -> None:
    target = make_s3()
    send(target, tmp_path)
    target.put(FEED, b"<rss/>", media_type=RSS)
    bucket = as_s3(target).bucket
    media = raw(moto).head_object(Bucket=bucket, Key=f"camino/{MEDIA}")
    feed = raw(moto).head_object(Bucket=bucket, Key=f"camino/{FEED}")
    assert media["ContentType"] == "audio/mpeg"
    assert media["CacheControl"] == "public, max-age=86400"
    assert media["Metadata"] == {"sha256": digest_bytes(b"sound")}
    assert feed["ContentType"] == "application/rss+xml; charset=utf-8"
    assert feed["CacheControl"] == "max-age=300, must-revalidate"
    assert feed["Metadata"] == {"sha256": digest_bytes(b"<rss/>")}


def test_a_pack_is_saved_under_its_own_name(
    make_s3: Callable[..., Target], moto: str, tmp_path: Path
) -> None:
    target = make_s3(prefix="")
    (tmp_path / "source").write_bytes(b"zip")
    key = Key("packs/radio-0123456789ab.zip")
    target.put_new(
        key, tmp_path / "source", media_type="application/zip", digest=digest_bytes(b"zip")
    )
    head = raw(moto).head_object(Bucket=as_s3(target).bucket, Key=key)
    assert head["ContentDisposition"] == 'attachment; filename="radio-0123456789ab.zip"'


@pytest.mark.parametrize("checksums", ["when_supported", "when_required"])
def test_no_access_list_is_ever_sent_and_nothing_outside_the_prefix_is_touched(
    make_s3: Callable[..., Target],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    checksums: str,
) -> None:
    target = as_s3(make_s3(checksums=checksums))
    monkeypatch.setattr(s3_multipart, "SINGLE_BYTES", 3)  # so that media goes in parts
    seen = []

    def spy(request: Any, **_: Any) -> None:
        names = [name.lower() for name in request.headers]
        assert not [name for name in names if "acl" in name or "grant" in name]
        parts = urlsplit(request.url)
        assert "acl" not in parts.query
        assert b"Grant" not in (request.body if isinstance(request.body, bytes) else b"")
        seen.append((request.method, parts.path, parts.query))

    target._store.client.meta.events.register("before-send.s3.*", spy)
    send(target, tmp_path)
    target.put(FEED, b"one", media_type=RSS)
    target.swap(FEED, b"two", media_type=RSS, seen=b"one")
    target.verify(MEDIA, digest_bytes(b"sound"))
    assert len(list(target.listing())) == 2
    target.remove(MEDIA)
    methods = Counter(method for method, _, _ in seen)
    assert methods == {"HEAD": 6, "GET": 6, "PUT": 3, "POST": 2, "DELETE": 1}
    inside = [path for _, path, _ in seen if path.startswith(f"/{target.bucket}/camino/")]
    lists = [query for _, path, query in seen if path == f"/{target.bucket}"]
    assert len(inside) + len(lists) == len(seen)
    assert all("prefix=camino%2F" in query for query in lists)


def test_what_stands_there_already_costs_one_question(
    careless_place: Place, careless: Careless, tmp_path: Path
) -> None:
    target = careless_place.open()
    send(target, tmp_path)
    target.put(FEED, b"one", media_type=RSS)
    careless.choose(Fault())
    assert not send(target, tmp_path)
    assert careless.seen == {"head": 1}
    careless.choose(Fault())
    assert not target.put(FEED, b"one", media_type=RSS)
    assert not target.swap(FEED, b"one", media_type=RSS, seen=None)
    assert careless.seen == {"get": 2}


def test_what_is_sent_is_looked_at_once_more(
    careless_place: Place, careless: Careless, tmp_path: Path
) -> None:
    target = careless_place.open()
    target.put(FEED, b"one", media_type=RSS)
    careless.choose(Fault())
    send(target, tmp_path)
    assert careless.seen == {"head": 2, "put": 1}
    careless.choose(Fault())
    target.put(FEED, b"two", media_type=RSS)
    assert careless.seen == {"get": 1, "put": 1, "head": 1}


# --- Servers that keep something else -------------------------------------------------------


def test_an_upload_that_a_server_cuts_is_found_and_taken_away(
    careless_place: Place, moto_place: Place, careless: Careless, tmp_path: Path
) -> None:
    target, straight = careless_place.open(), moto_place.open()
    careless.choose(Truncates())
    with pytest.raises(ProductionError, match="keeps other bytes") as caught:
        send(target, tmp_path, b"a whole programme")
    assert caught.value.code is ExitCode.TARGET
    assert straight.size(MEDIA) is None
    careless.choose(Fault())
    assert send(target, tmp_path, b"a whole programme")
    assert straight.read(MEDIA) == b"a whole programme"


def test_a_feed_that_a_server_cuts_is_put_back_as_it_was(
    careless_place: Place, moto_place: Place, careless: Careless
) -> None:
    target, straight = careless_place.open(), moto_place.open()
    straight.put(FEED, b"one", media_type=RSS)

    class CutsLong(Truncates):
        def ask(self, request: Request) -> None:
            if len(request.body) > 5:
                super().ask(request)

    careless.choose(CutsLong())
    with pytest.raises(ProductionError, match="keeps other bytes"):
        target.put(FEED, b"a longer feed", media_type=RSS)
    assert straight.read(FEED) == b"one"
    with pytest.raises(ProductionError, match="keeps other bytes"):
        target.put(Key("feeds/new.xml"), b"a longer feed", media_type=RSS)
    assert straight.read(Key("feeds/new.xml")) is None


def test_what_an_earlier_run_left_cut_is_sent_again(
    careless_place: Place, moto_place: Place, moto: str, tmp_path: Path
) -> None:
    options = moto_place.settings.options
    raw(moto).put_object(
        Bucket=options["bucket"],
        Key=f"camino/{MEDIA}",
        Body=b"sou",
        Metadata={"sha256": digest_bytes(b"sound")},
    )
    assert send(careless_place.open(), tmp_path)
    assert moto_place.open().read(MEDIA) == b"sound"


@pytest.mark.parametrize("noted", [{}, {"sha256": "0" * 64}], ids=["unmarked", "another's"])
def test_what_somebody_else_put_there_is_never_replaced_or_removed(
    careless_place: Place,
    moto_place: Place,
    careless: Careless,
    tmp_path: Path,
    noted: dict[str, str],
) -> None:
    options = moto_place.settings.options
    raw(options["endpoint"]).put_object(
        Bucket=options["bucket"],
        Key=f"camino/{MEDIA}",
        Body=b"other",
        Metadata=noted,
    )
    with pytest.raises(ProductionError, match="never change"):
        send(careless_place.open(), tmp_path)
    assert moto_place.open().read(MEDIA) == b"other"
    assert set(careless.seen) <= {"head", "get"}


def test_what_another_puts_over_ours_on_a_careless_server_is_not_removed(
    careless_place: Place, moto_place: Place, careless: Careless, tmp_path: Path
) -> None:
    options = moto_place.settings.options
    theirs = {"sha256": digest_bytes(b"other")}

    class Late(Fault):
        def answer(self, request: Request, answer: Answer) -> Answer:
            if request.step == "put":
                raw(options["endpoint"]).put_object(
                    Bucket=options["bucket"], Key=f"camino/{MEDIA}", Body=b"other", Metadata=theirs
                )
            return answer

    careless.choose(Late())
    with pytest.raises(ProductionError, match="never change"):
        send(careless_place.open(), tmp_path)
    assert moto_place.open().read(MEDIA) == b"other"


def test_what_reads_back_wrong_is_taken_away_by_the_run_that_sent_it(
    careless_place: Place, moto_place: Place, moto: str, tmp_path: Path
) -> None:
    sender, watcher = careless_place.open(), careless_place.open()
    digest = digest_bytes(b"sound")
    send(sender, tmp_path)
    raw(moto).put_object(
        Bucket=moto_place.settings.options["bucket"], Key=f"camino/{MEDIA}", Body=b"wrong"
    )
    assert not watcher.verify(MEDIA, digest)
    assert moto_place.open().read(MEDIA) == b"wrong", "who did not send it does not remove it"
    assert not sender.verify(MEDIA, digest)
    assert moto_place.open().read(MEDIA) is None


def test_bits_that_flip_on_the_way_out_are_read_again(
    careless_place: Place, careless: Careless, tmp_path: Path
) -> None:
    target = careless_place.open()
    send(target, tmp_path)
    target.put(FEED, b"one", media_type=RSS)
    careless.choose(Flips(steps=frozenset({"get"}), first=1))
    assert target.read(FEED) == b"one"
    assert target.verify(MEDIA, digest_bytes(b"sound"))
    assert careless.seen == {"get": 4}


def test_a_server_that_keeps_no_notes_is_read_where_its_tags_say_nothing(
    careless_place: Place, careless: Careless, tmp_path: Path
) -> None:
    class Forgets(Fault):
        def answer(self, request: Request, answer: Answer) -> Answer:
            del request
            answer.headers = {
                name: '"opaque"' if name.lower() == "etag" else value
                for name, value in answer.headers.items()
                if not name.lower().startswith("x-amz-meta")
            }
            return answer

    target = careless_place.open()
    careless.choose(Forgets())
    assert send(target, tmp_path)
    assert not send(target, tmp_path)
    with pytest.raises(ProductionError, match="never change"):
        send(target, tmp_path, b"other")
    assert target.put(FEED, b"one", media_type=RSS)


def test_a_server_that_says_deleted_and_keeps_it_is_told_of(
    careless_place: Place, moto_place: Place, careless: Careless, tmp_path: Path
) -> None:
    class Keeps(Fault):
        def ask(self, request: Request) -> Answer | None:
            if request.step != "delete":
                return None
            return Answer(status=204, headers={}, body=b"")

    send(moto_place.open(), tmp_path)
    careless.choose(Keeps())
    with pytest.raises(ProductionError, match="still stands there") as caught:
        careless_place.open().remove(MEDIA)
    assert "retention" in caught.value.remedy


def test_a_list_comes_in_pages_and_holds_only_what_is_below_the_prefix(
    careless_place: Place, moto_place: Place, moto: str, careless: Careless
) -> None:
    target = careless_place.open()
    bucket = moto_place.settings.options["bucket"]
    names = {f"m/{number}" for number in range(5)}
    for name in (*(f"camino/{name}" for name in names), "camino-2/x", "y"):
        raw(moto).put_object(Bucket=bucket, Key=name, Body=b"x")

    class Small(Fault):
        def ask(self, request: Request) -> None:
            if request.step == "list":  # pages of two, and a prefix that is not understood
                path = request.path.replace("prefix=camino%2F", "prefix=")
                request.path = f"{path}&max-keys=2"

    careless.choose(Small())
    assert {one.name for one in target.listing()} == names
    assert careless.seen == {"list": 4}


def test_a_list_that_never_ends_is_not_followed_for_ever(
    careless_place: Place, careless: Careless
) -> None:
    class Circles(Fault):
        def ask(self, request: Request) -> Answer:
            page = b"""<ListBucketResult><Name>b</Name><IsTruncated>true</IsTruncated>
            <NextContinuationToken>again</NextContinuationToken></ListBucketResult>"""
            del request
            return Answer(status=200, headers={"Content-Type": "application/xml"}, body=page)

    careless.choose(Circles())
    with pytest.raises(ProductionError, match="does not end"):
        list(careless_place.open().listing())


def test_a_captive_portal_is_not_taken_for_the_store(
    careless_place: Place, moto_place: Place, careless: Careless, tmp_path: Path
) -> None:
    target = careless_place.open()
    careless.choose(Portal())
    digest = digest_bytes(b"hello")
    calls: list[Callable[[], object]] = [
        lambda: send(target, tmp_path),
        lambda: target.verify(MEDIA, digest),
        lambda: target.put(FEED, b"x", media_type=RSS),
        lambda: target.swap(FEED, b"x", media_type=RSS, seen=None),
        lambda: list(target.listing()),
        lambda: target.remove(MEDIA),
        lambda: target.size(MEDIA),
    ]
    for call in calls:
        with pytest.raises(ProductionError, match="login page"):
            call()
    assert not list(moto_place.open().listing())


def test_a_document_far_longer_than_ours_is_not_read_into_memory(
    moto_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = moto_place.open()
    target.put(FEED, b"x" * 11, media_type=RSS)
    monkeypatch.setattr(s3_store, "MOST_BYTES", 11)
    assert target.read(FEED) == b"x" * 11
    monkeypatch.setattr(s3_store, "MOST_BYTES", 10)
    with pytest.raises(ProductionError, match="far longer") as caught:
        target.read(FEED)
    assert FEED in caught.value.where
