"""What every answer says: types, lengths, who may read it; and what is no request."""

import http.client
import json
import socket

import pytest
import requests

from production.companions import COMPANIONS
from production.preview.log import RequestLog
from production.targets.serving import media_type_of
from programme.errors import ExitCode, ProductionError
from programme.profiles import profiles
from tests.preview.conftest import SOUND, Served
from tests.preview.lines import ask, read_reply


@pytest.mark.parametrize(
    ("key", "media_type"),
    [
        # notes on feeds, section 7, by hand
        ("corta/en.xml", "application/rss+xml; charset=utf-8"),
        ("publisher.xml", "application/rss+xml; charset=utf-8"),
        ("corta/en.json", "application/feed+json"),
        ("feeds.opml", "text/x-opml; charset=utf-8"),
        ("index.html", "text/html; charset=utf-8"),
        ("corta/en/corta-1.html", "text/html; charset=utf-8"),
        ("m/x-0123456789ab.mp3", "audio/mpeg"),
        ("m/x-0123456789ab.opus", "audio/ogg; codecs=opus"),
        ("m/x-0123456789ab.vtt", "text/vtt; charset=utf-8"),
        ("m/x-0123456789ab.srt", "application/x-subrip; charset=utf-8"),
        ("m/x-0123456789ab.html", "text/html; charset=utf-8"),
        ("m/x-0123456789ab.chapters.json", "application/json+chapters"),
        ("m/x-0123456789ab.words.json", "application/json"),
        ("m/x-0123456789ab.zip", "application/zip"),
        ("m/x-0123456789ab.png", "image/png"),
        ("m/x-0123456789ab.css", "text/css; charset=utf-8"),
        ("sw.js", "text/javascript; charset=utf-8"),
        ("site.json", "application/json"),
        ("corta/en/episodes.json", "application/json"),
        ("m/x.unheard-of", "application/octet-stream"),
    ],
)
def test_a_key_tells_its_media_type(key: str, media_type: str) -> None:
    assert media_type_of(key) == media_type


def test_what_is_made_is_served_as_what_it_was_made_as() -> None:
    made = {
        spec.suffix: spec.media_type
        for profile in profiles().values()
        for spec in profile.renditions
    } | {companion.suffix: companion.media_type for companion in COMPANIONS}
    assert {suffix: media_type_of(f"m/x-1{suffix}") for suffix in made} == made


def test_pages_from_everywhere_may_read(served: Served) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        answer = requests.request(method, served.url + "m/water-1.mp3", timeout=10)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        exposed = answer.headers["Access-Control-Expose-Headers"]
        assert {"ETag", "Accept-Ranges", "Content-Range", "Content-Length"} <= set(
            exposed.split(", ")
        )
    asked = {"Origin": "https://x.example", "Access-Control-Request-Headers": "range"}
    answer = requests.options(served.url, headers=asked, timeout=10)
    assert answer.status_code == 204
    assert "Range" in answer.headers["Access-Control-Allow-Headers"]
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]


def test_a_head_is_a_get_without_its_body(served: Served) -> None:
    for path in ("", "corta/en.xml", "m/water-1.mp3", "m/empty.txt", "nothing", "en"):
        head = requests.head(served.url + path, timeout=10)
        get = requests.get(served.url + path, timeout=10, allow_redirects=False)
        assert head.status_code == get.status_code, path
        assert head.content == b""
        assert dict(head.headers) == dict(get.headers)
        assert int(get.headers["Content-Length"]) == len(get.content)


def test_one_connection_answers_many_requests(served: Served) -> None:
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    line.connect()
    first = line.sock
    for _ in range(50):
        line.request("GET", "/m/water-1.mp3", headers={"Range": "bytes=5-9"})
        assert line.getresponse().read() == SOUND[5:10]
        line.request("GET", "/nothing")
        assert line.getresponse().read().startswith(b"Nothing")
    assert line.sock is first
    line.close()


def test_requests_that_come_all_at_once_are_answered_in_order(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as line:
        line.sendall(b"GET /en/ HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
        data = b""
        while data.count(b"<title>English</title>") < 3:
            data += line.recv(65536)
    assert data.count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"])
def test_nothing_is_taken(served: Served, method: str) -> None:
    answer = ask(served.port, f"{method} /x HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc".encode())
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.headers["connection"] == "close"


def test_a_body_cannot_pass_as_a_second_request(served: Served) -> None:
    hidden = b"GET /m/water-1.mp3 HTTP/1.1\r\nHost: x\r\n\r\n"
    for header in (b"Content-Length: %d" % len(hidden), b"Transfer-Encoding: chunked"):
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as line:
            line.sendall(b"GET /en/ HTTP/1.1\r\nHost: x\r\n" + header + b"\r\n\r\n" + hidden)
            assert read_reply(line).status == 200
            try:
                rest = line.recv(65536)
            except ConnectionResetError:
                rest = b""
            assert rest == b""


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"BREW / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"\r\n\r\n\r\n",
    ],
)
def test_what_is_no_request_ends_the_connection(served: Served, request_bytes: bytes) -> None:
    try:
        status = ask(served.port, request_bytes).status
    except ConnectionResetError:
        status = 0
    assert status == 0 or 400 <= status <= 505
    assert requests.get(served.url, timeout=10).status_code == 200


def test_the_log_says_what_was_asked_and_never_by_whom(served: Served) -> None:
    requests.get(
        served.url + "m/water-1.mp3?listener=7",
        headers={"Range": "bytes=0-9", "User-Agent": "AntennaPod/3.4 (Pixel 8 of Ana)"},
        timeout=10,
    )
    path = served.folder.parent / "log.jsonl"
    log = RequestLog(path, published=served.folder)
    log.note(served.last())
    log.close()
    line = path.read_text()
    assert json.loads(line) == {
        "at": "2026-11-23T12:00:00.000+00:00",
        "method": "GET",
        "path": "/m/water-1.mp3",
        "range": "bytes=0-9",
        "status": 206,
        "length_bytes": 10,
        "sent_bytes": 10,
        "took_ms": json.loads(line)["took_ms"],
    }
    assert served.last().line().endswith("AntennaPod/3.4")


def test_nothing_in_a_request_reaches_the_terminal_as_it_is(served: Served) -> None:
    ask(served.port, b"GET /\x1b[2Jx HTTP/1.1\r\nUser-Agent: \x1b]0;owned\x07\r\n\r\n")
    assert served.last().line().isprintable()


def test_a_log_in_the_published_folder_is_refused(served: Served) -> None:
    with pytest.raises(ProductionError, match="published") as caught:
        RequestLog(served.folder / "m" / "log.jsonl", published=served.folder)
    assert caught.value.code is ExitCode.INPUT
