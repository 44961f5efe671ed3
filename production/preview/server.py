"""The preview's server: HTTP/1.1 with threads, as a bucket on the public internet would answer.

RFC 9110 and 9112; media types, CORS and what clients need: notes on feeds, sections 7 and 8.
It serves files and takes none. A client that sends its request slowly, or takes the answer
slowly, holds one of MAX_CONNECTIONS for a bounded time; who only waits makes room for who asks.
"""

import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from production.preview.answers import BUSY, Answerer
from production.preview.faults import Faults
from production.preview.files import PreviewFolder
from production.preview.log import Answered

MAX_CONNECTIONS = 96
"""At once; a thread each. One more is answered 503 where nobody only waits."""

REQUEST_S = 15.0
"""How long a request may take to arrive, and a kept connection to ask again."""


@dataclass(slots=True)
class _Connection:
    """One connection that is open."""

    socket: socket.socket
    waiting_since: float | None
    """By the monotonic clock; None while an answer is made."""


class PreviewServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Serves one folder at one address of this computer."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        *,
        open_folder: Callable[[str], PreviewFolder],
        clock: Callable[[], datetime],
        note: Callable[[Answered], None],
        faults: Faults,
    ) -> None:
        """Take the port; nothing is answered before ``start``.

        Args:
            address: IP address and port; port 0 takes a free one.
            open_folder: gives what is served, once the preview's own address is known.
            clock: gives the time, aware.
            note: is told of every answer, from any thread.
            faults: what goes wrong.

        Raises:
            OSError: the port is taken, or the address is none of this computer's.
        """
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self.clock = clock
        self.note = note
        self.faults = faults
        self._open: dict[int, _Connection] = {}
        self._lock = threading.Lock()
        self._threads_done = threading.Condition(self._lock)
        self._loop: threading.Thread | None = None
        super().__init__(address, Answerer)
        host, port = str(self.server_address[0]), self.server_address[1]
        self.url = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
        self.folder = open_folder(self.url)

    # --- Beginning and ending ---------------------------------------------------------------

    def start(self) -> None:
        """Answer from now on, in threads."""
        self._loop = threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True)
        self._loop.start()

    def stop(self) -> None:
        """End every connection, and let the port go."""
        if self._loop is not None:
            self.shutdown()
            self._loop.join()
            self._loop = None
        self.server_close()
        with self._lock:
            for connection in self._open.values():
                _end(connection.socket)
            self._threads_done.wait_for(lambda: not self._open, timeout=3.0)

    # --- Connections ------------------------------------------------------------------------

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Give a connection a thread; where all are taken, end one that only waits."""
        with self._lock:
            full = len(self._open) >= MAX_CONNECTIONS and not self._make_room()
            if not full:
                self._open[id(request)] = _Connection(request, time.monotonic())
        if full:
            _refuse(request)
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401
        """Close a connection and forget it."""
        super().shutdown_request(request)
        with self._lock:
            self._open.pop(id(request), None)
            self._threads_done.notify_all()

    def service_actions(self) -> None:
        """End connections whose request does not come; called several times a second."""
        before = time.monotonic() - REQUEST_S
        with self._lock:
            for connection in self._open.values():
                since = connection.waiting_since
                if since is not None and since < before:
                    _end(connection.socket)

    def mark(self, request: socket.socket, *, waiting: bool) -> None:
        """Note whether a connection waits for a request, or an answer is made."""
        with self._lock:
            connection = self._open.get(id(request))
            if connection is not None:
                connection.waiting_since = time.monotonic() if waiting else None

    def _make_room(self) -> bool:
        """End the connection that has waited longest for a request; False where none waits."""
        waiting = [
            (connection.waiting_since, key)
            for key, connection in self._open.items()
            if connection.waiting_since is not None
        ]
        if not waiting:
            return False
        _end(self._open.pop(min(waiting)[1]).socket)
        return True

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Keep the traceback of a bug; a client that goes away is none."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def _end(connection: socket.socket) -> None:
    """End a connection under its thread, which then closes it."""
    with suppress(OSError):  # it has ended already
        connection.shutdown(socket.SHUT_RDWR)


def _refuse(connection: socket.socket) -> None:
    body = BUSY.encode()
    head = (
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with suppress(OSError):
        connection.settimeout(1.0)
        connection.sendall(head.encode() + body)
