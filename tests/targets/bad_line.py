"""A line that is slow, breaks off and stands still: TCP on 127.0.0.1 before a real server."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_BLOCK = 16_384


@dataclass(slots=True, kw_only=True)
class BadLine:
    """A running proxy; what it does may be changed at any moment."""

    upstream: int
    """The server's port."""
    port: int = 0
    bytes_per_second: int = 1 << 40
    cut_after_s: float | None = None
    """Every connection ends so long after it began; None for never."""
    cut_after_bytes: int | None = None
    """Every connection ends after so many to the server; None for never."""
    is_still: bool = False
    """Takes everything and hands nothing on."""
    connections: int = 0
    to_server: int = 0
    """Bytes that were handed on, of all connections."""
    over: threading.Event = field(default_factory=threading.Event)

    def carry(self, client: socket.socket) -> None:
        """Serve one connection to its end."""
        begun, passed = time.monotonic(), 0
        with client, socket.create_connection(("127.0.0.1", self.upstream)) as server:
            back = threading.Thread(target=self._back, args=(server, client), daemon=True)
            back.start()
            with contextlib.suppress(OSError):
                while block := client.recv(_BLOCK):
                    while self.is_still and not self.over.wait(0.01):
                        pass
                    if self._is_cut(begun, passed) or self.over.is_set():
                        break
                    server.sendall(block)
                    passed += len(block)
                    self.to_server += len(block)
                    time.sleep(len(block) / self.bytes_per_second)
            for one in (client, server):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            back.join()

    def _is_cut(self, begun: float, passed: int) -> bool:
        old = self.cut_after_s is not None and time.monotonic() - begun > self.cut_after_s
        return old or (self.cut_after_bytes is not None and passed >= self.cut_after_bytes)

    def _back(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while block := server.recv(_BLOCK):
                while self.is_still and not self.over.wait(0.01):
                    pass
                client.sendall(block)
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)


@contextmanager
def bad_line_before(upstream: int) -> Iterator[BadLine]:
    """Run a line that does nothing bad until told."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        line = BadLine(upstream=upstream, port=listening.getsockname()[1])

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    line.connections += 1
                    threading.Thread(target=line.carry, args=(client,), daemon=True).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield line
        line.over.set()
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()
