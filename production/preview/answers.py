"""One connection of a preview: requests in, answers out.

The answers are those of production.preview.requests; here they become bytes on a socket, and
faults are played. A request with a body is answered and its connection ended: what follows on it
cannot be told from a second request.
"""

import time
from contextlib import closing
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

from production.preview.faults import Fault
from production.preview.files import Opened, TooLargeError
from production.preview.log import Answered
from production.preview.requests import Verdict, http_date, judge

if TYPE_CHECKING:
    from production.preview.server import PreviewServer

BLOCK_BYTES = 128 << 10
BLOCK_S = 30.0
"""How long a block may take to be sent: some 4 kB a second at least."""

METHODS = "GET, HEAD, OPTIONS"
_TAKING = {"POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"}
BUSY = "Too many connections. Try again in a moment."

_SHARED = (
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "ETag, Accept-Ranges, Content-Range, Content-Length, Last-Modified",
    ),
    ("X-Content-Type-Options", "nosniff"),
    # Kept copies are asked for anew each time, which costs a 304: what was withdrawn a moment
    # ago must not be shown.
    ("Cache-Control", "no-cache"),
)

_WORDS = {
    404: "Nothing is published at this address.",
    405: "This server only gives; it takes nothing.",
    412: "This file has changed.",
    416: "The file has no such part.",
    500: "The file cannot be read.",
    503: BUSY,
}


class Answerer(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    server: "PreviewServer"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = BLOCK_S

    def handle_one_request(self) -> None:
        """Wait for a request, and answer it."""
        self.server.mark(self.connection, waiting=True)
        super().handle_one_request()

    def do_GET(self) -> None:
        """Give a file, or a part of it."""
        self._answer()

    def do_HEAD(self) -> None:
        """Tell what a GET would give."""
        self._answer()

    def do_OPTIONS(self) -> None:
        """Tell a browser that pages from everywhere may read."""
        self._begin()
        self._head(
            204,
            {
                "Allow": METHODS,
                "Access-Control-Allow-Methods": METHODS,
                "Access-Control-Allow-Headers": "Range, If-Range, If-None-Match, If-Modified-Since",
                "Access-Control-Max-Age": "600",
            },
        )
        self._note(204, 0, 0)

    # --- One answer -------------------------------------------------------------------------

    def _begin(self) -> None:
        self.server.mark(self.connection, waiting=False)
        self.began = time.monotonic()
        headers = self.headers
        has_body = headers.get("Content-Length", "0").strip() != "0"
        if has_body or headers.get("Transfer-Encoding") is not None:
            self.close_connection = True

    def _answer(self) -> None:
        self._begin()
        path = self._path()
        fault = self.server.faults.take(path) or Fault(path=path)
        if fault.pause_s:
            time.sleep(fault.pause_s)
        if fault.status:
            self._words(fault.status)
            return
        try:
            opened = self.server.folder.find(path, now=self.server.clock())
        except (OSError, TooLargeError):
            self._words(500)
            return
        if opened is None:
            self._absent(path)
            return
        with closing(opened):
            self._give(opened, fault)

    def _path(self) -> str:
        """Give the path of the request's target, without its query (RFC 9112, 3.2)."""
        path = self.path.partition("?")[0].partition("#")[0]
        if path.lower().startswith(("http://", "https://")):
            slash = path.find("/", path.index("//") + 2)
            path = path[slash:] if slash > 0 else "/"
        return path

    def _absent(self, path: str) -> None:
        if not path.endswith("/") and self.server.folder.has_page(path):
            self._words(301, {"Location": f"{self.server.url}{path.lstrip('/')}/"})
        else:
            self._words(404)

    def _give(self, opened: Opened, fault: Fault) -> None:
        found = opened.validators
        asked = {name: ", ".join(self.headers.get_all(name, ())) for name in self.headers}
        verdict = judge(
            {name.title(): value for name, value in asked.items()},
            found,
            method=self.command,
            ranges=not fault.no_range,
        )
        headers = {
            "ETag": found.etag,
            "Last-Modified": http_date(found.modified),
            "Accept-Ranges": "none" if fault.no_range else "bytes",
        }
        if verdict.status == HTTPStatus.NOT_MODIFIED:
            self._head(verdict.status, headers)
            self._note(verdict.status, 0, 0)
            return
        if verdict.status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
            if verdict.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                headers["Content-Range"] = f"bytes */{found.length}"
            self._words(verdict.status, headers)
            return
        headers["Content-Type"] = opened.media_type
        headers["Content-Length"] = str(verdict.length)
        if opened.media_type == "application/zip":
            name = opened.key.rpartition("/")[2]
            headers["Content-Disposition"] = f'attachment; filename="{name}"'
        if verdict.status == HTTPStatus.PARTIAL_CONTENT:
            last = verdict.start + verdict.length - 1
            headers["Content-Range"] = f"bytes {verdict.start}-{last}/{found.length}"
        self._head(verdict.status, headers)
        self._body(opened, verdict, fault)

    def _body(self, opened: Opened, verdict: Verdict, fault: Fault) -> None:
        """Send the stretch; whatever is lacking in the end, the connection ends with it."""
        wanted = 0 if self.command == "HEAD" else verdict.length
        end = wanted if fault.cut_after is None else min(wanted, fault.cut_after)
        step = min(BLOCK_BYTES, max(1, fault.bytes_a_second // 10) if fault.bytes_a_second else end)
        sent = 0
        try:
            while sent < end:
                block = opened.read(verdict.start + sent, min(step or 1, end - sent))
                if not block:  # somebody cut the file short
                    break
                self.connection.sendall(block)
                sent += len(block)
                if fault.bytes_a_second:
                    time.sleep(len(block) / fault.bytes_a_second)
        finally:
            if sent < wanted:
                self.close_connection = True
            self._note(verdict.status, wanted, sent)

    def _words(self, status: int, headers: dict[str, str] | None = None) -> None:
        """Answer with a sentence in the file's place."""
        body = (_WORDS.get(status, HTTPStatus(status).phrase) + "\n").encode()
        fields = {
            **(headers or {}),
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": str(len(body)),
        }
        self._head(status, fields)
        if self.command != "HEAD":
            self.wfile.write(body)
        self._note(status, len(body), len(body))

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        for name, value in (("Date", http_date(self.server.clock())), *_SHARED, *headers.items()):
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        elif self.request_version == "HTTP/1.0":
            self.send_header("Connection", "keep-alive")
        self.end_headers()

    # --- What http.server asks for ----------------------------------------------------------

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is no request, or none that this server knows."""
        del message, explain
        if code == HTTPStatus.NOT_IMPLEMENTED and self.command in _TAKING:
            self._begin()
            self.close_connection = True
            self._words(405, {"Allow": METHODS})
            return
        self.close_connection = True
        self.server.mark(self.connection, waiting=False)
        phrase = HTTPStatus(code).phrase.encode("ascii")
        self.wfile.write(
            b"HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" % (code, phrase)
        )

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing: ``note`` is told of every answer."""

    def _note(self, status: int, length: int, sent: int) -> None:
        program = self.headers.get("User-Agent", "").split(" ")[0]
        self.server.note(
            Answered(
                at=self.server.clock(),
                method=self.command,
                path=_plain(self._path()),
                asked_range=_plain(self.headers.get("Range", "")),
                status=status,
                length_bytes=length,
                sent_bytes=sent,
                took_ms=round((time.monotonic() - self.began) * 1000),
                program=_plain(program)[:40],
            )
        )


def _plain(text: str) -> str:
    """Give text that no terminal and no log can stumble over."""
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text)[:500]
