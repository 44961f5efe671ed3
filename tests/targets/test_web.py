"""One bounded request to the public: nothing followed blindly, nothing without an end."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from production.targets.line import Line
from production.targets.web import MOST_HOPS, fetch, follow
from programme.errors import ExitCode, ProductionError


@contextmanager
def saying(*answers: bytes, hold: Callable[[socket.socket], None] | None = None) -> Iterator[str]:
    """Answer each connection with these bytes, whatever is asked; gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for answer in answers:
                with server.accept()[0] as link:
                    link.recv(65536)
                    link.sendall(answer)
                    if hold is not None:
                        hold(link)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join(timeout=5)


def head(status: str, *lines: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode()


def test_status_headers_and_body_come_back_whatever_they_are() -> None:
    answers = head("200 OK", "X-A: 1", "x-a: 2", "Content-Length: 5") + b"hello"
    with saying(answers) as url:
        answer = fetch(url, line=Line())
    assert (answer.status, answer.body, answer.is_whole) == (200, b"hello", True)
    assert answer.header("X-A") == "1, 2"
    for status in ("404 Not Found", "500 Oops", "304 Not Modified"):
        with saying(head(status, "Content-Length: 0")) as url:
            assert fetch(url, line=Line()).status == int(status[:3])


def test_a_body_without_an_end_is_read_to_the_limit_alone() -> None:
    data = head("200 OK") + b"x" * 100_000
    with saying(data) as url:
        answer = fetch(url, line=Line(), limit_bytes=1000)
    assert (len(answer.body), answer.is_whole) == (1000, False)


def test_a_server_that_drips_ends_at_the_deadline() -> None:
    stop = threading.Event()

    def drip(link: socket.socket) -> None:
        while not stop.wait(0.05):
            try:
                link.sendall(b"x")
            except OSError:
                return

    begun = monotonic()
    with saying(head("200 OK", "Content-Length: 1000000"), hold=drip) as url:
        with pytest.raises(ProductionError, match="time for this transfer"):
            fetch(url, line=Line(seconds=0.4))
        stop.set()
    assert monotonic() - begun < 3


def test_a_server_that_says_nothing_ends_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(ProductionError, match="in time"):
            fetch(url, line=Line(seconds=0.3))


@pytest.mark.parametrize(
    "garbage",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"",
        b"\0" * 70_000,
        head("200 OK", *["A: b"] * 200),
        head("999999 X"),
        head("200 OK", "Transfer-Encoding: chunked") + b"zz\r\n",
    ],
)
def test_what_is_no_web_server_is_told_in_words(garbage: bytes) -> None:
    with saying(garbage) as url, pytest.raises(ProductionError) as caught:
        fetch(url, line=Line(seconds=5))
    assert caught.value.code is ExitCode.TARGET
    assert len(caught.value.problem) < 250
    assert caught.value.remedy


def test_redirects_are_told_and_never_go_on_for_ever() -> None:
    with saying(head("302 Found", "Location: /b", "Content-Length: 0")) as url:
        assert fetch(url, line=Line()).header("Location") == "/b"
    end = head("200 OK", "Content-Length: 2") + b"ok"
    with saying(head("301 Moved", "Location: b", "Content-Length: 0"), end) as url:
        answer = follow(url, line=Line())
    assert (answer.body, answer.hops, answer.url) == (b"ok", (f"{url}b",), f"{url}b")
    on = [head("302 Found", f"Location: /{n}", "Content-Length: 0") for n in range(MOST_HOPS + 1)]
    with saying(*on) as url, pytest.raises(ProductionError, match="again and again"):
        follow(url, line=Line())


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://169.254.169.254/", "data:text/plain,x"]
)
def test_a_redirect_to_where_nothing_public_is_is_refused(to: str) -> None:
    answer = head("302 Found", f"Location: {to}", "Content-Length: 0")
    with saying(answer) as url, pytest.raises(ProductionError, match="no public address"):
        follow(url, line=Line())


@given(st.text(max_size=40) | st.text(":/?#[]@.%0-9ahtps", max_size=20))
@example("http://[::1")
@example("http://a:99999/")
@example("http://user:secret@127.0.0.1/")
@example("file:///etc/passwd")
@example("http://0.0.0.0/")
@example("//127.0.0.1/")
def test_what_is_no_address_is_refused_in_words_and_asked_nothing(text: str) -> None:
    if text.startswith(("http", "HTTP")) and text not in _REFUSED:
        return  # might be a name that somebody has
    with pytest.raises(ProductionError) as caught:
        fetch(text, line=Line(seconds=1))
    assert caught.value.code is ExitCode.TARGET


_REFUSED = {
    "http://[::1",
    "http://a:99999/",
    "http://user:secret@127.0.0.1/",
    "http://0.0.0.0/",
}
