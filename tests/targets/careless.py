"""A server that misbehaves: HTTP on 127.0.0.1 in front of a real S3 server, with chosen faults.

Requests are told apart by what they do in S3 (``step_of``), so that a fault meets just those that
it is about; each is counted by step and key, so that a fault can meet the first ones only. They
stand in faults.py.
"""

import http.client
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Headers = dict[str, str]


@dataclass(slots=True, kw_only=True)
class Request:
    """What a client asks; a fault may change it before the store gets it."""

    step: str
    """See ``step_of``."""
    key: str
    """The path, without its query."""
    method: str
    path: str
    headers: Headers
    body: bytes
    nth: int
    """1 for the first request of this step for this key."""
    over: threading.Event
    """Set when the server ends, so that nothing stalls on."""

    def has_condition(self) -> bool:
        return bool({"if-match", "if-none-match"} & {name.lower() for name in self.headers})


@dataclass(slots=True, kw_only=True)
class Answer:
    """What the store says; a fault may change it before the client gets it."""

    status: int
    headers: Headers
    body: bytes


class Fault:
    """A server without faults; each kind of carelessness overrides what it does."""

    def ask(self, request: Request) -> Answer | None:
        """Give an answer in the place of the store; None hands the request on."""
        del request
        return None

    def answer(self, request: Request, answer: Answer) -> Answer | None:
        """Give what the client gets; None cuts the connection instead."""
        del request
        return answer

    def pour(self, request: Request, body: bytes) -> Iterator[bytes]:
        """Give the body in the pieces in which it goes out; ends early to cut it."""
        del request
        yield body


@dataclass(slots=True)
class Careless:
    """A running server: which store it hides, what it does wrong, what it saw."""

    upstream: str
    address: str = ""
    fault: Fault = field(default_factory=Fault)
    seen: Counter[str] = field(default_factory=Counter)
    """Requests by step."""
    over: threading.Event = field(default_factory=threading.Event)
    """Set at the end, so that nothing stalls on."""
    bytes_per_second: int = 0
    """How fast uploads are read; 0 for as fast as they come."""
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: set[socket.socket] = field(default_factory=set)

    def choose(self, fault: Fault) -> None:
        """Misbehave in another way from now on, and count anew."""
        with self._lock:
            self.fault = fault
            self.seen.clear()
            self._counts.clear()

    def count(self, step: str, key: str) -> int:
        with self._lock:
            self.seen[step] += 1
            self._counts[step, key] += 1
            return self._counts[step, key]

    def cut_all(self) -> int:
        """Drop every connection, as a line that fails does; give how many there were."""
        with self._lock:
            cut = list(self._open)
            for one in cut:
                with suppress(OSError):  # closed in this moment by the client
                    one.shutdown(socket.SHUT_RDWR)
        return len(cut)

    @contextmanager
    def cutting(self, every_s: float) -> Iterator[None]:
        """Drop every connection again and again."""
        done = threading.Event()

        def cut() -> None:
            while not done.wait(every_s):
                self.cut_all()

        thread = threading.Thread(target=cut, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    @contextmanager
    def holding(self, one: socket.socket) -> Iterator[None]:
        with self._lock:
            self._open.add(one)
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(one)


def step_of(method: str, path: str) -> str:
    """Give what a request does: put, part, begin, complete, abort, get, head, list, delete ..."""
    parts = urlsplit(path)
    query = parse_qs(parts.query, keep_blank_values=True)
    if "partNumber" in query:
        return "part"
    if "uploads" in query:
        return "begin" if method == "POST" else "uploads"
    if "uploadId" in query:
        return {"POST": "complete", "DELETE": "abort"}.get(method, "parts")
    if method == "GET" and "/" not in parts.path.strip("/"):
        return "list"
    return method.lower()


class Server(ThreadingHTTPServer):
    """Listens, and knows what it is told to do wrong."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, careless: Careless) -> None:
        super().__init__(("127.0.0.1", 0), Between)
        self.careless = careless

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that went away, which is what the faults are for."""


class Between(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    """Else each answer with a body waits 40 ms for the client's system to confirm its head."""
    server: Server

    def log_message(self, *args: Any) -> None:
        del args

    def handle(self) -> None:
        with self.server.careless.holding(self.connection):
            super().handle()

    def serve(self) -> None:
        careless = self.server.careless
        step, key = step_of(self.command, self.path), urlsplit(self.path).path
        request = Request(
            step=step,
            key=key,
            method=self.command,
            path=self.path,
            headers={n: v for n, v in self.headers.items() if n.lower() not in _OF_THE_LINE},
            body=self._body(careless),
            nth=careless.count(step, key),
            over=careless.over,
        )
        fault = careless.fault
        answer = fault.ask(request)
        if answer is None:
            answer = hand_on(careless.upstream, request)
        told = fault.answer(request, answer)
        if told is None:
            self.close_connection = True
            return
        self._tell(told, fault.pour(request, told.body))

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = serve  # noqa: N815  # http.server's names

    def _body(self, careless: Careless) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(self._chunks())
        left = int(self.headers.get("Content-Length") or 0)
        pieces = []
        while left:
            piece = self.rfile.read(min(left, 1 << 18))
            if not piece:
                raise ConnectionError("the client is gone")
            pieces.append(piece)
            left -= len(piece)
            if careless.bytes_per_second:
                careless.over.wait(len(piece) / careless.bytes_per_second)
        return b"".join(pieces)

    def _chunks(self) -> Iterator[bytes]:
        while length := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(length)
            self.rfile.readline()
        self.rfile.readline()

    def _tell(self, answer: Answer, pieces: Iterator[bytes]) -> None:
        self.send_response(answer.status)
        length = str(len(answer.body))
        for name, value in answer.headers.items():
            if name.lower() == "content-length":
                length = value if self.command == "HEAD" else length
            elif name.lower() not in _OF_THE_LINE:
                self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", length)
        self.end_headers()
        if self.command == "HEAD" or not answer.body:
            return
        sent = 0
        for piece in pieces:
            self.wfile.write(piece)
            sent += len(piece)
        if sent < len(answer.body):
            self.close_connection = True


_OF_THE_LINE = {"connection", "transfer-encoding", "content-length", "expect", "date", "server"}
"""Headers that each of the two connections has of its own."""


def hand_on(upstream: str, request: Request) -> Answer:
    """Ask the real store."""
    parts = urlsplit(upstream)
    link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        link.request(request.method, request.path, body=request.body, headers=request.headers)
        answer = link.getresponse()
        return Answer(status=answer.status, headers=dict(answer.getheaders()), body=answer.read())
    finally:
        link.close()


@contextmanager
def careless_before(upstream: str) -> Iterator[Careless]:
    """Run a server before a store; it does nothing wrong until told."""
    careless = Careless(upstream)
    server = Server(careless)
    careless.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield careless
    finally:
        careless.over.set()
        server.shutdown()
        careless.cut_all()
        server.server_close()
        thread.join()
