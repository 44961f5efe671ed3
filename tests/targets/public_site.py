"""A public web server of our own before a target, with the faults of real ones and of CDNs.

It serves what stands at the target with the types and rules of production.targets.serving, so
that without faults everything is right; each fault is one switch. And a door before a store that
lets no stranger in, which moto does not have.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from production.targets.serving import served
from tests.targets.careless import Answer, Fault, Request
from tests.targets.faults import error


@dataclass(slots=True)
class PublicSite:
    """What the public reaches: where it stands, what it serves, what it does wrong."""

    read: Callable[[str], bytes | None]
    """Gives what stands under a path without its first slash."""
    write: Callable[[str, bytes], object] | None = None
    """Takes what a stranger sends; None refuses it."""
    address: str = ""
    below: str = ""
    """What paths begin with, such as ``camino/``."""
    faults: frozenset[str] = frozenset()
    headers: dict[str, str] = field(default_factory=dict)
    """In the place of those that are right; empty ones are left out."""
    kept: dict[str, bytes] = field(default_factory=dict)
    """What the cache in front holds, with the fault ``cached``."""
    names: list[str] = field(default_factory=list)
    """What was asked for, for a list with the fault ``lists``."""
    seen: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        """Give the base address that is right."""
        return f"{self.address}/{self.below}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: PublicSite

    def log_message(self, *args: Any) -> None:
        del args

    def do_GET(self) -> None:
        site, path = self.site, urlsplit(self.path).path.lstrip("/")
        site.seen.append(f"{self.command} {self.path}")
        if "redirects" in site.faults and not path.startswith("moved/"):
            self._tell(301, b"", {"Location": f"{site.address}/moved/{path}"})
            return
        path = path.removeprefix("moved/")
        if "circles" in site.faults:
            self._tell(302, b"", {"Location": self.path})
            return
        data = self._found(path)
        if data is None:
            self._missing(path)
            return
        site.names.append(path)
        self._serve(path, data)

    def do_HEAD(self) -> None:
        if "no-head" in self.site.faults:
            self._tell(405, b"", {})
        else:
            self.do_GET()

    def do_OPTIONS(self) -> None:
        if "no-cors" in self.site.faults:
            self._tell(405, b"", {})
            return
        told = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET, HEAD"}
        told["Access-Control-Allow-Headers"] = "Range"
        self._tell(204, b"", told)

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.site.write is None:
            self._tell(405, b"", {})
            return
        self.site.write(urlsplit(self.path).path.lstrip("/"), data)
        self._tell(201, b"", {})

    def _found(self, path: str) -> bytes | None:
        site = self.site
        if not path.startswith(site.below) or path.endswith("/") or "other-bucket" in site.faults:
            return None
        if "cached" in site.faults and path in site.kept:
            return site.kept[path]
        data = site.read(path.removeprefix(site.below))
        if data is not None:
            site.kept[path] = data
        return b"<p>Welcome to this hotel" if "login-page" in site.faults else data

    def _missing(self, path: str) -> None:
        site = self.site
        if path.endswith("/") and "lists" in site.faults:
            self._tell(200, "\n".join(site.names).encode(), {"Content-Type": "text/html"})
        elif "forbids" in site.faults:
            self._tell(403, b"<Error><Code>AccessDenied</Code></Error>", {})
        else:
            self._tell(404, b"not here", {})

    def _serve(self, path: str, data: bytes) -> None:
        site, told = self.site, served(path)
        headers = {
            "Content-Type": told.media_type,
            "Cache-Control": told.cache_control,
            "ETag": f'"{hashlib.sha256(data).hexdigest()[:16]}"',
        }
        if "no-cors" not in site.faults:
            headers["Access-Control-Allow-Origin"] = "*"
        headers = {name: value for name, value in (headers | site.headers).items() if value}
        if self.headers.get("If-None-Match", "-") == headers.get("ETag"):
            self._tell(304, b"", headers)
            return
        asked = self.headers.get("Range", "")
        if not asked or "no-range" in site.faults:
            self._tell(200, data, headers)
            return
        first, last = (int(one) for one in asked.removeprefix("bytes=").split("-"))
        start = first + 1 if "wrong-range" in site.faults else first
        headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
        self._tell(206, data[start : start + last + 1 - first], headers)

    def _tell(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        self.send_header("Date", formatdate(usegmt=True))
        for name, value in headers.items():
            self.send_header(name, value)
        if status not in {204, 304} and "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD" and status not in {204, 304}:
            self.wfile.write(data)


@contextmanager
def public_site(read: Callable[[str], bytes | None], *, below: str = "") -> Iterator[PublicSite]:
    """Run a web server on loopback that does nothing wrong until told."""
    site = PublicSite(read, below=below)
    handler = type("Handler", (_Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True, slots=True, kw_only=True)
class Door(Fault):
    """Refuses who shows no credentials, as real stores do and moto does not."""

    writing: bool = False
    """Lets strangers write."""
    listing: bool = False
    """Lets strangers list."""
    then: Fault = field(default_factory=Fault)
    """What else is wrong, for those who show credentials."""

    def ask(self, request: Request) -> Answer | None:
        known = "authorization" in {name.lower() for name in request.headers}
        if known:
            return self.then.ask(request)
        if request.method == "PUT" and self.writing:
            request.headers["Authorization"] = "AWS4-HMAC-SHA256 Credential=x/y/us-east-1/s3/z"
            return None
        if request.step == "list" and self.listing:
            return None
        return error(403, "AccessDenied")

    def answer(self, request: Request, answer: Answer) -> Answer | None:
        return self.then.answer(request, answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuses(Fault):
    """Answers every step of some with one error."""

    steps: frozenset[str]
    status: int = 403
    code: str = "AccessDenied"

    def ask(self, request: Request) -> Answer | None:
        return error(self.status, self.code) if request.step in self.steps else None
