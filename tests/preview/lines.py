"""HTTP by hand: bytes to a port, and what comes back."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer, read until the server closed or nothing more came."""

    status: int
    """0 where nothing was answered."""
    headers: Mapping[str, str]
    """By names in small letters."""
    body: bytes


def ask(port: int, request: bytes, *, timeout_s: float = 10.0) -> Reply:
    """Send bytes as they are and read one answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout_s) as line:
        line.sendall(request)
        return read_reply(line)


def read_reply(line: socket.socket) -> Reply:
    """Read an answer: its head, and as much body as the head tells, or until the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        block = line.recv(65536)
        if not block:
            return Reply(status=0, headers={}, body=data)
        data += block
    head, _, body = data.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (row.partition(":") for row in rest)
    }
    length = int(headers.get("content-length", "0"))
    while len(body) < length:
        block = line.recv(65536)
        if not block:
            break
        body += block
    return Reply(status=int(first.split()[1]), headers=headers, body=body)
