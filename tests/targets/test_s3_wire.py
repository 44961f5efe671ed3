"""Single requests to servers that are slow, silent or rude: each ends in time, in plain words."""

import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from production.targets import Line, Target, open_target, s3_store, s3_wire
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Key

FEED = Key("feeds/camino.xml")
RSS = "application/rss+xml"
HEAD_OF_ANSWER = b'HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: '
LARGE = b"\x00" * (6 << 20)

pytestmark = pytest.mark.usefixtures("credentials")


@contextmanager
def serving(
    answer: Callable[[socket.socket, threading.Event], object],
    dress: Callable[[socket.socket], socket.socket] = lambda link: link,
) -> Iterator[str]:
    """Take calls on loopback, each answered by a function that may be as rude as it likes."""
    over = threading.Event()
    threads: list[threading.Thread] = []

    def talk(link: socket.socket) -> None:
        # The client goes away whenever it has had enough: that is what is tested.
        with suppress(OSError), dress(link) as dressed:
            answer(dressed, over)

    def listen() -> None:
        with suppress(OSError):
            while not over.is_set():
                link, _ = listener.accept()
                threads.append(threading.Thread(target=talk, args=(link,)))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listening = threading.Thread(target=listen)
        listening.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)
            listening.join()
            for thread in threads:
                thread.join()


def opened(endpoint: str, line: Line) -> Target:
    options = {"bucket": "b", "endpoint": endpoint, "region": "us-east-1"}
    settings = TargetSettings(name="cloud", kind="s3", options=options)
    return open_target(settings, Path("unused"), line=line)


def request(link: socket.socket) -> bytes:
    """Read a request's head, and what came with it."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = link.recv(65536)
        if not more:
            raise ConnectionError("the client is gone")
        data += more
    return data


def dripping(link: socket.socket, over: threading.Event, head: bytes = b"") -> None:
    """Answer a byte at a time, for ever."""
    request(link)
    link.sendall(head)
    while not over.wait(0.01):
        link.sendall(b"A")


def dripping_body(link: socket.socket, over: threading.Event) -> None:
    dripping(link, over, HEAD_OF_ANSWER + b"1000000\r\n\r\n")


def dripping_error(link: socket.socket, over: threading.Event) -> None:
    dripping(link, over, b"HTTP/1.1 403 Forbidden\r\nContent-Length: 1000000\r\n\r\n")


def silent(link: socket.socket, over: threading.Event) -> None:
    request(link)
    over.wait(30)


def deaf(link: socket.socket, over: threading.Event) -> None:
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    over.wait(30)


def promising(link: socket.socket, over: threading.Event) -> None:
    """Ask for the body and go away in the middle of a word."""
    del over
    request(link)
    link.sendall(b"HTTP/1.1 100 Continue\r\n")


RUDE = [dripping, dripping_body, dripping_error, silent]


def said(action: Callable[[], object]) -> tuple[ProductionError, float]:
    began = time.monotonic()
    with pytest.raises(ProductionError) as caught:
        action()
    assert caught.value.code is ExitCode.TARGET
    return caught.value, time.monotonic() - began


@pytest.mark.parametrize("answer", RUDE)
def test_no_answer_outlives_the_deadline_of_the_line(answer: Any) -> None:
    with serving(answer) as address:
        target = opened(f"http://{address}", Line(seconds=0.3))
        error, took = said(lambda: target.read(FEED))
    assert "time for this transfer is over" in error.problem
    assert took < 0.8


@pytest.mark.parametrize("answer", RUDE)
def test_an_answer_that_never_ends_is_given_up_without_any_deadline(
    answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_wire, "REQUEST_S", 0.2)
    monkeypatch.setattr(s3_wire, "SLOWEST_BYTES_PER_SECOND", 100_000)
    monkeypatch.setattr(s3_store, "PAUSES_S", (0.0,))
    with serving(answer) as address:
        target = opened(f"http://{address}", Line())
        error, took = said(lambda: target.read(FEED))
    assert "stopped answering" in error.problem
    assert took < 1.5


def test_a_line_that_is_stopped_by_hand_ends_a_wait_for_a_silent_server() -> None:
    line = Line()
    with serving(silent) as address:
        target = opened(f"http://{address}", line)
        stopping = threading.Timer(0.2, line.stop)
        stopping.start()
        error, took = said(lambda: target.read(FEED))
        stopping.join()
    assert "time for this transfer is over" in error.problem
    assert took < 1


def test_a_server_that_takes_no_bytes_is_given_up_at_the_deadline() -> None:
    with serving(deaf) as address:
        target = opened(f"http://{address}", Line(seconds=0.4))
        # Not put(), which reads first.
        error, took = said(lambda: target.ask("put_object", Key="x", Body=LARGE))  # type: ignore[attr-defined]
    assert "time for this transfer is over" in error.problem
    assert took < 1.8  # botocore waits a second for the server to ask for the body


def test_a_server_that_leaves_after_asking_for_the_body_keeps_nobody_waiting() -> None:
    with serving(promising) as address:
        target = opened(f"http://{address}", Line(seconds=5))
        error, took = said(lambda: target.ask("put_object", Key="x", Body=LARGE))  # type: ignore[attr-defined]
    assert "broke off" in error.problem
    assert took < 2


def test_a_slow_line_that_moves_is_no_drip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_wire, "REQUEST_S", 0.1)
    monkeypatch.setattr(s3_wire, "SLOWEST_BYTES_PER_SECOND", 10_000)
    body = b"x" * 12_000

    def slow(link: socket.socket, over: threading.Event) -> None:
        request(link)
        link.sendall(HEAD_OF_ANSWER + b"%d\r\n\r\n" % len(body))
        for begin in range(0, len(body), 1000):
            over.wait(0.04)  # 25 kB/s, for half a second
            link.sendall(body[begin : begin + 1000])

    with serving(slow) as address:
        assert opened(f"http://{address}", Line(seconds=10)).read(FEED) == body


def test_a_server_that_refuses_early_is_understood_and_not_sent_the_rest() -> None:
    told = b"<Error><Code>AccessDenied</Code></Error>"
    sent: list[int] = []

    def refusing(link: socket.socket, over: threading.Event) -> None:
        request(link)
        link.sendall(
            b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
            % (len(told), told)
        )
        over.wait(1)

    with serving(refusing) as address:
        line = Line(seconds=5, tell=lambda out, _: sent.append(out))
        answer = opened(f"http://{address}", line).ask("put_object", Key="x", Body=LARGE)  # type: ignore[attr-defined]
    assert answer["Error"]["Code"] == "AccessDenied"
    assert sum(sent) < 10_000


def test_both_directions_are_capped_and_told(
    make_s3: Callable[..., Target],
) -> None:
    told = [0, 0]
    waits: list[float] = []

    def tell(sent: int, received: int) -> None:
        told[0] += sent
        told[1] += received

    straight = make_s3()
    options = {
        "bucket": straight.bucket,  # type: ignore[attr-defined]
        "endpoint": straight.describe().partition(" at ")[2],
        "region": "us-east-1",
    }
    settings = TargetSettings(name="cloud", kind="s3", options=options)
    clock = [0.0]

    def wait(seconds: float) -> None:
        waits.append(seconds)
        clock[0] += seconds

    line = Line(bytes_per_second=40_000, tell=tell, clock=lambda: clock[0], wait=wait)
    target = open_target(settings, Path("unused"), line=line)
    data = bytes(range(256)) * 400  # 102,400 bytes
    target.put(FEED, data, media_type=RSS)
    target.read(FEED)
    assert len(data) <= told[0] < len(data) * 1.1
    assert len(data) <= told[1] < len(data) * 1.1
    assert sum(waits) == pytest.approx(sum(told) / 40_000, rel=0.01)
    assert max(waits) < 0.2


# --- Encrypted lines ------------------------------------------------------------------------


def certificate(folder: Path, *, days: int) -> ssl.SSLContext:
    """Make a certificate for localhost that is valid for some days from 2020 on, and trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begins = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def dressing(context: ssl.SSLContext) -> Callable[[socket.socket], socket.socket]:
    return lambda link: context.wrap_socket(link, server_side=True)


def test_an_encrypted_line_is_paced_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = certificate(tmp_path, days=36_500)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "cert.pem"))

    def whole(link: socket.socket, over: threading.Event) -> None:
        del over
        request(link)
        link.sendall(HEAD_OF_ANSWER + b"5\r\n\r\nhello")

    with serving(whole, dressing(context)) as address:
        port = address.partition(":")[2]
        assert opened(f"https://localhost:{port}", Line(seconds=5)).read(FEED) == b"hello"
    with serving(dripping, dressing(context)) as address:
        port = address.partition(":")[2]
        target = opened(f"https://localhost:{port}", Line(seconds=0.4))
        error, took = said(lambda: target.read(FEED))
    assert "time for this transfer is over" in error.problem
    assert took < 1


@pytest.mark.parametrize(
    ("days", "trusted", "problem"),
    [(30, True, "clock"), (36_500, False, "not valid for this address")],
    ids=["expired", "a stranger's"],
)
def test_a_certificate_that_is_not_the_stores_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, days: int, trusted: bool, problem: str
) -> None:
    context = certificate(tmp_path, days=days)
    if trusted:
        monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "cert.pem"))
    with serving(silent, dressing(context)) as address:
        port = address.partition(":")[2]
        target = opened(f"https://localhost:{port}", Line())
        error, took = said(lambda: target.read(FEED))
    assert problem in error.problem
    assert "clock" in error.remedy
    assert took < 1
