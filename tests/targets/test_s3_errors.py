"""What a person is told: each refusal with what it means and what to do, nothing secret in it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from production.targets import Line, Target, open_target
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Key
from tests.targets.careless import Answer, Careless, Fault, Request
from tests.targets.faults import FOR_EVER, Refuses
from tests.targets.places import Place, quick_line

MEDIA = Key("m/camino-0123456789ab.mp3")
FEED = Key("feeds/camino.xml")
RSS = "application/rss+xml"


class Says(Fault):
    """Refuses everything with one answer."""

    def __init__(self, status: int, body: str, **headers: str) -> None:
        self.told = Answer(
            status=status,
            headers={"Content-Type": "application/xml"} | headers,
            body=f"<Error>{body}</Error>".encode(),
        )

    def ask(self, request: Request) -> Answer:
        del request
        return replace(self.told)


def said(call: Callable[[], object]) -> ProductionError:
    with pytest.raises(ProductionError) as caught:
        call()
    assert caught.value.code is ExitCode.TARGET
    told = str(caught.value)
    assert caught.value.remedy
    assert told.isprintable()
    assert "testing" not in told
    return caught.value


def calls(target: Target, tmp_path: Path) -> list[Callable[[], object]]:
    source = tmp_path / "source"
    source.write_bytes(b"sound")
    digest = digest_bytes(b"sound")
    return [
        lambda: target.read(FEED),
        lambda: target.size(FEED),
        lambda: target.verify(MEDIA, digest),
        lambda: target.put(FEED, b"x", media_type=RSS),
        lambda: target.swap(FEED, b"x", media_type=RSS, seen=None),
        lambda: target.put_new(MEDIA, source, media_type="audio/mpeg", digest=digest),
        lambda: target.remove(FEED),
        lambda: list(target.listing()),
    ]


@pytest.mark.parametrize(
    ("status", "code", "problem", "remedy"),
    [
        (403, "AccessDenied", "does not let these credentials", "s3:PutObject"),
        (403, "InvalidAccessKeyId", "does not know this access key", "AWS_ACCESS_KEY_ID"),
        (403, "SignatureDoesNotMatch", "secret key is wrong", "AWS_SECRET_ACCESS_KEY"),
        (400, "ExpiredToken", "have expired", "sign in again"),
        (400, "InvalidToken", "session token", "AWS_SESSION_TOKEN"),
        (403, "RequestTimeTooSkewed", "clock is wrong", "set the clock"),
        (404, "NoSuchBucket", "bucket does not exist", "create it"),
        (400, "InvalidBucketName", "no bucket's name", "bucket = ..."),
        (301, "PermanentRedirect", "another region, or is not yours", "eu-west-3"),
        (400, "AuthorizationHeaderMalformed", "another region", "eu-west-3"),
        (403, "AllAccessDisabled", "has closed", "account"),
        (507, "InsufficientStorage", "full", "make room"),
        (418, "ImATeapot", "the server refuses: ImATeapot", "look at the bucket"),
        (403, "\u202eEvil" + "l" * 99, "the server refuses: \\u202eEvil", "look at the bucket"),
    ],
)
def test_each_refusal_says_what_it_means_and_what_to_do(
    careless_place: Place,
    careless: Careless,
    tmp_path: Path,
    *,
    status: int,
    code: str,
    problem: str,
    remedy: str,
) -> None:
    region = {"x-amz-bucket-region": "eu-west-3"} if "Redirect" in code else {}
    careless.choose(Says(status, f"<Code>{code}</Code><Region>eu-west-3</Region>", **region))
    for call in calls(careless_place.open(), tmp_path):
        told = said(call)
        assert problem in told.problem
        assert remedy in told.remedy
        assert len(str(told)) < 500


def test_a_wrong_clock_is_told_with_the_servers(careless_place: Place, careless: Careless) -> None:
    code = "<Code>RequestTimeTooSkewed</Code><ServerTime>2026-11-23T10:00:00Z</ServerTime>"
    careless.choose(Says(403, code))
    assert "2026-11-23T10:00:00Z" in said(lambda: careless_place.open().read(FEED)).problem


def test_where_a_head_is_refused_without_a_word_the_word_is_asked_for(
    careless_place: Place, moto_place: Place, careless: Careless
) -> None:
    moto_place.open().put(FEED, b"x", media_type=RSS)
    careless.choose(
        Refuses(status=403, code="SignatureDoesNotMatch", first=FOR_EVER, steps=frozenset({"head"}))
    )
    # GET is answered: all that is left is what the status says.
    assert "does not let" in said(lambda: careless_place.open().size(FEED)).problem
    careless.choose(Refuses(status=403, code="SignatureDoesNotMatch", first=FOR_EVER))
    assert "secret key is wrong" in said(lambda: careless_place.open().size(FEED)).problem
    assert careless.seen == {"head": 1, "get": 1}


def test_a_missing_bucket_is_never_taken_for_an_empty_one(moto_place: Place, moto: str) -> None:
    bucket = moto_place.settings.options["bucket"]
    boto3.client("s3", endpoint_url=moto, region_name="us-east-1").delete_bucket(Bucket=bucket)
    for call in (
        lambda: moto_place.open().size(FEED),
        lambda: moto_place.open().read(FEED),
        lambda: list(moto_place.open().listing()),
        lambda: moto_place.open().put(FEED, b"x", media_type=RSS),
        lambda: moto_place.open().remove(FEED),
    ):
        told = said(call)
        assert "bucket does not exist" in told.problem
        assert bucket in told.where or "target" in told.where


def test_nothing_is_sent_where_something_is_wrong(
    careless_place: Place, moto_place: Place, careless: Careless, tmp_path: Path
) -> None:
    for code in ("AccessDenied", "ExpiredToken", "NoSuchBucket"):
        careless.choose(Says(403, f"<Code>{code}</Code>"))
        for call in calls(careless_place.open(), tmp_path):
            said(call)
        assert not {"put", "part", "begin", "delete"} & set(careless.seen)
    assert not list(moto_place.open().listing())


@pytest.mark.parametrize(
    ("status", "code"),
    [(500, "InternalError"), (503, "SlowDown"), (502, ""), (504, ""), (429, ""), (408, "")],
)
def test_passing_trouble_is_tried_again_with_growing_pauses_and_then_said(
    careless_place: Place, careless: Careless, status: int, code: str
) -> None:
    pauses: list[float] = []
    careless.choose(Refuses(status=status, code=code, first=FOR_EVER))
    target = careless_place.open(Line(wait=pauses.append))
    told = said(lambda: target.read(FEED))
    assert "in trouble or busy" in told.problem
    assert "later" in told.remedy
    assert careless.seen == {"get": 7}
    assert pauses == sorted(pauses)
    assert 10 < sum(pauses) < 20
    careless.choose(Refuses(status=status, code=code, first=6))
    assert target.read(FEED) is None


def test_a_server_that_says_when_to_come_back_is_believed_within_reason(
    careless_place: Place, careless: Careless
) -> None:
    pauses: list[float] = []
    target = careless_place.open(Line(wait=pauses.append))
    for said_, waited in (("7", 7.0), ("3600", 30.0), ("Fri, 01 Jan 2027 00:00:00 GMT", 0.25)):
        pauses.clear()
        careless.choose(Refuses(status=503, code="SlowDown", first=1, retry_after=said_))
        assert target.read(FEED) is None
        assert pauses == [waited]


@pytest.mark.usefixtures("credentials")
def test_an_address_where_nobody_listens_is_not_tried_for_long() -> None:
    pauses: list[float] = []
    options = {"bucket": "b", "endpoint": "http://127.0.0.1:9", "region": "us-east-1"}
    settings = TargetSettings(name="cloud", kind="s3", options=options)
    target = open_target(settings, Path("unused"), line=Line(wait=pauses.append))
    told = said(lambda: target.read(FEED))
    assert "cannot be reached" in told.problem
    assert "http://127.0.0.1:9" in told.problem
    assert "endpoint" in told.remedy
    assert told.where == f"s3://b/{FEED}"
    assert sum(pauses) < 2


@pytest.mark.usefixtures("credentials")
def test_a_proxy_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    options = {"bucket": "b", "endpoint": "http://127.0.0.1:10", "region": "us-east-1"}
    settings = TargetSettings(name="cloud", kind="s3", options=options)
    target = open_target(settings, Path("unused"), line=quick_line())
    told = said(lambda: target.read(FEED))
    assert "the proxy cannot be reached" in told.problem
    assert "HTTP_PROXY" in told.remedy
