"""Connections to an S3 server that keep to a line: paced, capped, and ended in time.

botocore bounds each single wait on a socket and nothing else, so that a server which drips a byte
now and then holds a request for ever, and a block that leaves slowly is taken for a dead server.
Here every block goes out and comes in under the line's cap and deadline, and a request ends when
its bytes take longer than they would on the slowest line that is of use.
"""

import io
import math
import selectors
import socket
import ssl
from functools import partial
from typing import Any

import botocore.awsrequest

from production.targets.line import Line

REQUEST_S = 60.0
"""How long a request may take beside the time of its bytes."""

SLOWEST_BYTES_PER_SECOND = 1000
"""What is slower than this on the average, beyond ``REQUEST_S``, is no line but a drip."""

STALL_S = 20.0
"""How long no byte may move before the connection is given up."""

ANSWER_S = 60.0
"""How long the answer may take to begin: what was handed to the system leaves a slow line first,
and some servers copy a whole file together before they say a word."""

LOOK_UP_S = 0.25
"""How soon a wait for a silent server notices that somebody stopped all transfers."""

SEND_BUFFER_BYTES = 128 << 10
"""What the system may hold back. More would be told as sent long before it is, and take longer
to leave than a server takes to answer."""


class Pace:
    """The time that one request may take."""

    def __init__(self, line: Line) -> None:
        """Begin now."""
        self._line = line
        self._ends = line.now() + REQUEST_S
        self.block_bytes = line.block_bytes

    def wait_s(self, at_most: float) -> float:
        """Give how long the next block may take.

        Raises:
            TimeoutError: the request drips.
            ProductionError: the time for all transfers is over.
        """
        left = self._ends - self._line.now()
        if left <= 0:
            raise TimeoutError("the server drips")
        over = self._line.left()
        return min(at_most, left) if over is None else min(at_most, left, over)

    def await_bytes(self, link: socket.socket, at_most: float) -> None:
        """Wait for a server's next bytes, and look up now and then whether there is time left.

        Raises:
            TimeoutError: none came, or the request drips.
            ProductionError: the time for all transfers is over, or somebody has stopped them.
        """
        left = self.wait_s(at_most)
        link.settimeout(left)
        if isinstance(link, ssl.SSLSocket) and link.pending():
            return
        with selectors.DefaultSelector() as ready:
            ready.register(link, selectors.EVENT_READ)
            for _ in range(math.ceil(left / LOOK_UP_S)):
                if ready.select(min(LOOK_UP_S, left)):
                    return
                self.wait_s(at_most)
        raise TimeoutError("the server is silent")

    def passed(self, *, sent: int = 0, received: int = 0) -> None:
        """Note bytes that went through; the line may wait here, at no cost to the request."""
        before = self._line.now()
        self._line.passed(sent=sent, received=received)
        waited = self._line.now() - before
        self._ends += waited + (sent + received) / SLOWEST_BYTES_PER_SECOND


class _PacedBytes(io.RawIOBase):
    """What a server sends, block by block."""

    def __init__(self, raw: io.RawIOBase, link: socket.socket, pace: Pace) -> None:
        self._raw = raw
        self._link = link
        self._pace = pace
        self._patience = ANSWER_S

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401  # what io hands over
        self._pace.await_bytes(self._link, self._patience)
        count = self._raw.readinto(memoryview(buffer)[: self._pace.block_bytes])
        self._patience = STALL_S
        if count:
            self._pace.passed(received=count)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _PacedAnswer(botocore.awsrequest.AWSHTTPResponse):
    """An answer whose head and body are read under a pace."""

    def __init__(
        self,
        sock: socket.socket,
        *args: Any,  # noqa: ANN401  # as http.client
        pace: Pace,
        status_tuple: tuple[str, int, str] | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(sock, *args, status_tuple=status_tuple, **kwargs)
        self.fp = io.BufferedReader(_PacedBytes(self.fp.detach(), sock, pace))


class _Paced:
    """What is put before botocore's own kinds of connection."""

    line: Line
    sock: socket.socket | None
    response_class: Any
    _response_received: bool
    """Of botocore: a server has answered instead of asking for the body."""
    _pace: Pace | None = None

    def connect(self) -> None:
        self.line.left()
        super().connect()  # type: ignore[misc]  # of the connection that this stands before
        if self.sock is not None:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)

    def request(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # as botocore
        self._pace = pace = Pace(self.line)
        # Not every botocore clears what the request before has set.
        self.response_class = botocore.awsrequest.AWSHTTPResponse
        done = super().request(*args, **kwargs)  # type: ignore[misc]
        # A server that refuses before it has seen the body: its first line has been read.
        told = getattr(self.response_class, "keywords", {}).get("status_tuple")
        self.response_class = partial(_PacedAnswer, pace=pace, status_tuple=told)
        return done

    def _consume_headers(self, stream: io.RawIOBase) -> None:
        """Read what follows "100 Continue": botocore's own goes round for ever at an end."""
        while (row := stream.readline()) not in {b"\r\n", b"\n"}:
            if not row:
                raise ConnectionResetError("the answer ends after 100 Continue")

    def send(self, data: bytes) -> None:
        """Send bytes: botocore hands over a request's head, and bodies that are whole."""
        if self._response_received:
            return  # the server has refused before it has seen the body
        if self.sock is None:
            self.connect()
        pace = self._pace or Pace(self.line)
        rest = memoryview(data)
        while rest:
            block, rest = rest[: pace.block_bytes], rest[pace.block_bytes :]
            if self.sock is not None:
                self.sock.settimeout(pace.wait_s(STALL_S))
            super().send(block)  # type: ignore[misc]
            pace.passed(sent=len(block))


def bind(client: Any, line: Line) -> None:  # noqa: ANN401  # boto3 makes the class at run time
    """Have a client's connections keep to a line; before its first request."""
    kinds = {
        "http": (
            botocore.awsrequest.AWSHTTPConnectionPool,
            botocore.awsrequest.AWSHTTPConnection,
        ),
        "https": (
            botocore.awsrequest.AWSHTTPSConnectionPool,
            botocore.awsrequest.AWSHTTPSConnection,
        ),
    }
    # The one place where botocore lets kinds of connections be chosen; its pools and those of
    # proxies share this table. A test with a dripping server fails if it moves.
    table = client._endpoint.http_session._pool_classes_by_scheme  # noqa: SLF001
    for scheme, (pool, connection) in kinds.items():
        paced = type(connection.__name__, (_Paced, connection), {"line": line})
        table[scheme] = type(pool.__name__, (pool,), {"ConnectionCls": paced})
