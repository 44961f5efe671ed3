"""A hub of our own on loopback is told as hubs in use expect it; one that fails is only told of."""

import http.server
import socket
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from production.targets import websub
from production.targets.websub import tell_hub

FEEDS = ["https://radio.example.org/corta/en.xml", "https://radio.example.org/corta/es-419.xml"]

Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


class Hub:
    """What a hub was told."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.forms: list[tuple[str, str, str]] = []
        """Path, media type and body of each request."""


@contextmanager
def hub(answer: Answer) -> Iterator[Hub]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode("ascii")
            told.forms.append((self.path, self.headers["Content-Type"], body))
            answer(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told = Hub(f"http://127.0.0.1:{server.server_address[1]}/hub")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


def status(code: int, **headers: str) -> Answer:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()

    return answer


def test_each_feed_is_told_in_a_form_of_its_own() -> None:
    with hub(status(204)) as told:
        report = tell_hub(told.address, FEEDS)
    assert report.told == tuple(FEEDS)
    assert report.failed == ()
    assert [(path, kind) for path, kind, _ in told.forms] == [
        ("/hub", "application/x-www-form-urlencoded")
    ] * 2
    assert [urllib.parse.parse_qs(body) for _, _, body in told.forms] == [
        {"hub.mode": ["publish"], "hub.url": [feed]} for feed in FEEDS
    ]


@pytest.mark.parametrize("code", [400, 404, 429, 500, 503])
def test_a_hub_that_refuses_is_told_of_and_asked_for_the_others(code: int) -> None:
    with hub(status(code)) as told:
        report = tell_hub(told.address, FEEDS)
    assert len(told.forms) == 2
    assert report.told == ()
    assert report.failed == tuple((feed, f"the hub answers {code}") for feed in FEEDS)


def test_a_hub_that_sends_us_elsewhere_is_not_followed() -> None:
    with hub(status(204)) as other, hub(status(302, Location=other.address)) as told:
        report = tell_hub(told.address, FEEDS[:1])
    assert other.forms == []
    assert report.failed == ((FEEDS[0], "the hub answers 302"),)


def test_a_hub_that_is_not_there_is_asked_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    report = tell_hub(address, FEEDS)
    assert [feed for feed, _ in report.failed] == FEEDS
    assert "cannot be reached" in report.failed[0][1]


def test_a_hub_that_answers_nonsense_is_told_of() -> None:
    def nonsense(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"\0" * 100)

    with hub(nonsense) as told:
        report = tell_hub(told.address, FEEDS[:1])
    assert report.told == ()
    assert len(report.failed) == 1


def test_a_hub_that_stalls_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websub, "TIMEOUT_S", 0.2)
    stop = threading.Event()

    def stall(_: object) -> None:
        stop.wait(10)

    with hub(stall) as told:
        report = tell_hub(told.address, FEEDS)
        stop.set()
    assert len(told.forms) == 1
    assert [feed for feed, _ in report.failed] == FEEDS


def test_all_feeds_together_have_an_end() -> None:
    ticks = iter(range(0, 1000, 15))
    with hub(status(204)) as told:
        report = tell_hub(told.address, FEEDS * 10, clock=lambda: float(next(ticks)))
    assert len(report.told) < 20
    assert len(report.told) + len(report.failed) == 20
    assert "20 s" in report.failed[-1][1]
