"""A bad line: a proxy on loopback that cuts, stalls or dies, as field networks do."""

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_BLOCK = 16_384
_TURN_S = 0.02


@dataclass(slots=True)
class BadLine:
    """What the line does to each connection; may be changed while it is used."""

    server: str
    """Host and port that it leads to."""
    cut_after_bytes: int | None = None
    """A connection is reset once it has carried as many, both ways together."""
    cut_after_s: float | None = None
    """A connection is reset when it is so old."""
    stalls: bool = False
    """Takes connections and carries nothing."""
    is_dead: bool = False
    """Resets each connection at once."""
    bytes_per_s: int | None = None
    """Each connection drips."""
    cuts_each: int = 1
    """Which connections are cut: with 1 all, with 3 each third."""
    cuts: int = 0
    connections: int = 0
    port: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def carry(self, listening: socket.socket) -> None:
        """Take connections until it is over."""
        listening.settimeout(_TURN_S)
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                near, _ = listening.accept()
                self.connections += 1
                cut = self.connections % self.cuts_each == 0
                threading.Thread(target=self._one, args=(near,), kwargs={"cut": cut}).start()

    def end(self) -> None:
        self._over.set()

    def _one(self, near: socket.socket, *, cut: bool) -> None:
        if self.is_dead:
            self._reset(near)
            return
        host, _, port = self.server.partition(":")
        # A side that went away is what the other side learns of next.
        gone = contextlib.suppress(ConnectionError)
        with socket.create_connection((host, int(port))) as far, near, gone:
            self._between(near, far, cut=cut)

    def _between(self, near: socket.socket, far: socket.socket, *, cut: bool) -> None:
        began, carried = time.monotonic(), 0
        ways = selectors.DefaultSelector()
        ways.register(near, selectors.EVENT_READ, far)
        ways.register(far, selectors.EVENT_READ, near)
        while not self._over.is_set():
            ready = [] if self.stalls else ways.select(_TURN_S)
            if self.stalls:
                time.sleep(_TURN_S)
            for key, _ in ready:
                source, sink = key.fileobj, key.data
                assert isinstance(source, socket.socket)
                room = _BLOCK
                if cut and self.cut_after_bytes is not None:
                    room = min(room, max(1, self.cut_after_bytes - carried))
                if self.bytes_per_s is not None:
                    room = max(1, min(room, int(self.bytes_per_s * _TURN_S)))
                    time.sleep(room / self.bytes_per_s)
                data = source.recv(room)
                if not data:
                    return
                sink.sendall(data)
                carried += len(data)
            old = self.cut_after_s is not None and time.monotonic() - began > self.cut_after_s
            full = self.cut_after_bytes is not None and carried >= self.cut_after_bytes
            if cut and (old or full):
                self.cuts += 1
                self._reset(near)
                return

    @staticmethod
    def _reset(near: socket.socket) -> None:
        """Close with a reset, as a line that is gone does, not with a good-bye."""
        near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        near.close()


@contextmanager
def bad_line(server: str, **said: float | bool | None) -> Iterator[BadLine]:
    """Lead to a server (``http://host:port``) over a line that may be broken."""
    line = BadLine(server=server.partition("//")[2].rstrip("/"))
    for name, value in said.items():
        setattr(line, name, value)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        line.port = listening.getsockname()[1]
        carrying = threading.Thread(target=line.carry, args=(listening,))
        carrying.start()
        try:
            yield line
        finally:
            line.end()
            carrying.join()
