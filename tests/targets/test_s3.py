"""S3 as servers really behave: a proxy before a real server misbehaves in one way at a time."""

import http.client
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest

from production.targets import Line, Target, open_target, s3, s3_store
from production.targets.serving import with_charset
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Key

MEDIA = Key("m/camino-0123456789ab.mp3")
FEED = Key("feeds/camino.xml")
RSS = "application/rss+xml"


def raw(moto: str) -> Any:
    return boto3.client("s3", endpoint_url=moto, region_name="us-east-1")


def bucket_of(target: Target) -> str:
    assert isinstance(target, s3.S3Target)
    return target.bucket


def impatient(**more: Any) -> Line:
    """Give a line that does not wait before it tries again."""
    return Line(wait=lambda _: None, **more)


def send(target: Target, tmp_path: Path, data: bytes = b"sound", key: Key = MEDIA) -> bool:
    (tmp_path / "source").write_bytes(data)
    return target.put_new(
        key, tmp_path / "source", media_type="audio/mpeg", digest=digest_bytes(data)
    )


# --- What is sent -----------------------------------------------------------------------


def test_objects_say_what_they_are_and_how_long_to_keep_them(
    make_s3: Callable[..., Target], moto: str, tmp_path: Path
) -> None:
    target = make_s3()
    send(target, tmp_path)
    target.put(FEED, b"<rss/>", media_type=RSS)
    bucket = bucket_of(target)
    media = raw(moto).head_object(Bucket=bucket, Key=f"camino/{MEDIA}")
    feed = raw(moto).head_object(Bucket=bucket, Key=f"camino/{FEED}")
    assert media["ContentType"] == "audio/mpeg"
    assert media["CacheControl"] == "public, max-age=86400"
    assert media["Metadata"] == {"sha256": digest_bytes(b"sound")}
    assert feed["ContentType"] == "application/rss+xml; charset=utf-8"
    assert feed["CacheControl"] == "max-age=300, must-revalidate"


@pytest.mark.parametrize(
    ("media_type", "sent"),
    [
        ("text/vtt", "text/vtt; charset=utf-8"),
        ("text/html; charset=utf-8", "text/html; charset=utf-8"),
        ("application/x-subrip", "application/x-subrip; charset=utf-8"),
        ("application/json+chapters", "application/json+chapters"),
        ("audio/ogg; codecs=opus", "audio/ogg; codecs=opus"),
    ],
)
def test_text_is_served_as_utf_8(media_type: str, sent: str) -> None:
    assert with_charset(media_type) == sent


def test_a_pack_is_saved_under_its_own_name(
    make_s3: Callable[..., Target], moto: str, tmp_path: Path
) -> None:
    target = make_s3(prefix="")
    (tmp_path / "source").write_bytes(b"zip")
    key = Key("packs/radio-0123456789ab.zip")
    target.put_new(
        key, tmp_path / "source", media_type="application/zip", digest=digest_bytes(b"zip")
    )
    head = raw(moto).head_object(Bucket=bucket_of(target), Key=key)
    assert head["ContentDisposition"] == 'attachment; filename="radio-0123456789ab.zip"'


def test_no_access_list_is_ever_sent_and_nothing_outside_the_prefix_is_touched(
    make_s3: Callable[..., Target], tmp_path: Path
) -> None:
    target = make_s3()
    assert isinstance(target, s3.S3Target)
    seen = []

    def spy(request: Any, **_: Any) -> None:
        names = [name.lower() for name in request.headers]
        assert not [name for name in names if "acl" in name or "grant" in name]
        assert "acl" not in request.url
        seen.append(urlsplit(request.url).path)

    target._store.client.meta.events.register("before-send.s3.*", spy)
    send(target, tmp_path)
    target.put(FEED, b"one", media_type=RSS)
    target.put(FEED, b"two", media_type=RSS)
    target.verify(MEDIA, digest_bytes(b"sound"))
    target.remove(MEDIA)
    assert len(seen) >= 8
    assert all(path.startswith(f"/{target.bucket}/camino/") for path in seen)


# --- A misbehaving server -----------------------------------------------------------------


@dataclass
class Proxy:
    """What the server between is told to do, and what it saw."""

    upstream: str
    address: str = ""
    mode: str = ""
    puts: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    meanwhile: Callable[[], object] | None = None


Headers = dict[str, str]
Answer = tuple[int, Headers, bytes]
STATE: dict[int, Proxy] = {}
"""By the port of the proxy."""


class Between(BaseHTTPRequestHandler):
    """Hands requests to the real server, and misbehaves as its Proxy says."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        del args

    def handle_request(self) -> None:
        state = STATE[self.server.server_address[1]]  # type: ignore[index]
        state.seen[self.command] += 1
        headers = dict(self.headers.items())
        body = self.rfile.read(int(headers.get("Content-Length") or 0))
        if self.command == "PUT":
            state.puts += 1
            if state.meanwhile is not None:
                then, state.meanwhile = state.meanwhile, None
                then()
        answer = own_answer(state, self.command, headers)
        if answer is None:
            body = altered(state, self.command, headers, body)
            answer = handed_on(state.upstream, self.command, self.path, headers, body)
            if state.mode == "loses answers" and self.command == "PUT" and state.puts == 1:
                self.close_connection = True
                return
        self.send(*answer)

    def send(self, status: int, headers: Headers, body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in {"content-length", "connection", "transfer-encoding"}:
                self.send_header(name, value)
        length = headers.get("Content-Length", "0") if self.command == "HEAD" else len(body)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_PUT = do_HEAD = do_DELETE = handle_request  # noqa: N815  # http.server's names


def own_answer(state: Proxy, command: str, headers: Headers) -> Answer | None:
    """Give what the proxy says in the place of the server; None to hand the request on."""
    if state.mode == "portal":
        return 200, {"Content-Type": "text/html"}, b"hello"
    if command != "PUT":
        return None
    if state.mode == "no conditions" and {"If-Match", "If-None-Match"} & set(headers):
        return 501, {}, b"<Error><Code>NotImplemented</Code></Error>"
    if state.mode == "refuses quotes" and headers.get("If-Match", "").startswith('"'):
        return 412, {}, b"<Error><Code>PreconditionFailed</Code></Error>"
    if state.mode == "busy" and state.puts == 1:
        return 503, {}, b"<Error><Code>SlowDown</Code></Error>"
    return None


def altered(state: Proxy, command: str, headers: Headers, body: bytes) -> bytes:
    """Change the request as a careless server would have read it."""
    if state.mode == "ignores conditions":
        headers.pop("If-Match", None)
        headers.pop("If-None-Match", None)
    if state.mode == "truncates" and command == "PUT":
        body = body[: len(body) // 2]
        headers["Content-Length"] = str(len(body))
    return body


def handed_on(upstream: str, command: str, path: str, headers: Headers, body: bytes) -> Answer:
    parts = urlsplit(upstream)
    link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        link.request(command, path, body=body, headers=headers)
        answer = link.getresponse()
        content = answer.read()
        return answer.status, dict(answer.getheaders()), content
    finally:
        link.close()


@pytest.fixture
def proxy(moto: str) -> Iterator[Proxy]:
    """Give a proxy before the real server that does nothing odd until told."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Between)
    server.daemon_threads = True
    port = server.server_address[1]
    STATE[port] = Proxy(upstream=moto, address=f"http://127.0.0.1:{port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield STATE[port]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def through(make_s3: Callable[..., Target], proxy: Proxy) -> tuple[Target, Target]:
    """Give the same bucket twice: through the proxy, and straight."""
    straight = make_s3()
    settings = TargetSettings(
        name="cloud",
        kind="s3",
        options={
            "bucket": bucket_of(straight),
            "prefix": "camino",
            "endpoint": proxy.address,
            "region": "us-east-1",
        },
    )
    return open_target(settings, Path("unused"), line=impatient()), straight


GOOD_ENOUGH = ["", "no conditions", "ignores conditions", "refuses quotes", "loses answers", "busy"]


@pytest.mark.parametrize("mode", GOOD_ENOUGH)
def test_publishing_works_on_servers_that_differ(
    through: tuple[Target, Target], proxy: Proxy, tmp_path: Path, mode: str
) -> None:
    target, straight = through
    proxy.mode = mode
    send(target, tmp_path)
    assert straight.read(MEDIA) == b"sound"
    assert not send(target, tmp_path)
    proxy.puts = 0
    target.put(FEED, b"one", media_type=RSS)
    assert straight.read(FEED) == b"one"
    proxy.puts = 0
    assert target.put(FEED, b"two", media_type=RSS)
    assert straight.read(FEED) == b"two"
    assert not target.put(FEED, b"two", media_type=RSS)
    with pytest.raises(ProductionError, match="never change"):
        send(target, tmp_path, b"other")
    assert straight.read(MEDIA) == b"sound"


def test_an_upload_that_a_server_cuts_is_found_and_taken_away(
    through: tuple[Target, Target], proxy: Proxy, tmp_path: Path
) -> None:
    target, straight = through
    proxy.mode = "truncates"
    with pytest.raises(ProductionError, match="keeps other bytes") as caught:
        send(target, tmp_path, b"a whole programme")
    assert caught.value.code is ExitCode.TARGET
    assert straight.size(MEDIA) is None
    proxy.mode = ""
    assert send(target, tmp_path, b"a whole programme")
    assert straight.read(MEDIA) == b"a whole programme"


@pytest.mark.parametrize("before", [b"", b"the feed so far"])
def test_a_feed_that_somebody_else_publishes_meanwhile_is_never_overwritten(
    through: tuple[Target, Target], proxy: Proxy, before: bytes
) -> None:
    target, straight = through
    if before:
        straight.put(FEED, before, media_type=RSS)
    proxy.meanwhile = lambda: straight.put(FEED, b"theirs", media_type=RSS)
    with pytest.raises(ProductionError, match="same moment") as caught:
        target.put(FEED, b"ours", media_type=RSS)
    assert caught.value.code is ExitCode.TARGET
    assert straight.read(FEED) == b"theirs"


def test_an_unchanged_feed_is_not_sent(through: tuple[Target, Target], proxy: Proxy) -> None:
    target, _ = through
    target.put(FEED, b"one", media_type=RSS)
    proxy.seen.clear()
    assert not target.put(FEED, b"one", media_type=RSS)
    assert proxy.seen == {"GET": 1}


def test_a_captive_portal_is_not_taken_for_the_store(
    through: tuple[Target, Target], proxy: Proxy, tmp_path: Path
) -> None:
    target, straight = through
    proxy.mode = "portal"
    with pytest.raises(ProductionError, match="login page"):
        send(target, tmp_path)
    with pytest.raises(ProductionError, match="login page"):
        target.verify(MEDIA, digest_bytes(b"hello"))
    with pytest.raises(ProductionError, match="login page"):
        target.put(FEED, b"x", media_type=RSS)
    assert straight.read(FEED) is None


# --- Where credentials go -------------------------------------------------------------------


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


def test_a_bucket_that_does_not_exist_is_said_plainly(
    make_s3: Callable[..., Target], moto: str, tmp_path: Path
) -> None:
    target = make_s3()
    raw(moto).delete_bucket(Bucket=bucket_of(target))
    with pytest.raises(ProductionError, match="bucket does not exist") as caught:
        send(target, tmp_path)
    assert caught.value.code is ExitCode.TARGET
    assert bucket_of(target) in caught.value.where


@pytest.mark.usefixtures("credentials")
def test_a_server_that_is_not_there_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_store, "PAUSES_UNMET_S", ())
    target = opened(endpoint="http://127.0.0.1:9", region="us-east-1")
    with pytest.raises(ProductionError, match="cannot be reached") as caught:
        target.read(FEED)
    assert caught.value.where == f"s3://b/{FEED}"
    assert "testing" not in str(caught.value)
