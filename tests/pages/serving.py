"""A server of a folder, as plain as a bucket: whole files and parts of them."""

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

NEAR = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""Lets a browser reach this machine, and nothing else."""


@dataclass(slots=True)
class Served:
    """A running server."""

    server: ThreadingHTTPServer
    asked: list[str] = field(default_factory=list)
    """Paths that were asked for, in order."""

    def url(self, key: str) -> str:
        """Give the address of a page."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/{key}"

    def stop(self) -> None:
        """Go away, as a network does."""
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def serve(folder: Path, *, port: int = 0) -> Iterator[Served]:
    """Serve a folder on 127.0.0.1."""

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            served.asked.append(path)
            place = folder / path.lstrip("/")
            if not place.is_file():
                self.send_error(404)
                return
            data = place.read_bytes()
            asked = self.headers.get("Range", "")
            first, _, last = asked.removeprefix("bytes=").partition("-")
            start = int(first) if asked else 0
            end = int(last) if asked and last else len(data) - 1
            self.send_response(206 if asked else 200)
            kind = mimetypes.guess_type(place.name)[0] or "application/octet-stream"
            self.send_header("Content-Type", "text/javascript" if place.suffix == ".js" else kind)
            self.send_header("Content-Length", str(end - start + 1))
            self.send_header("Accept-Ranges", "bytes")
            if asked:
                self.send_header("Content-Range", f"bytes {start}-{end}/{len(data)}")
            self.end_headers()
            self.wfile.write(data[start : end + 1])

        def log_message(self, *told: object) -> None:
            del told  # what was asked is kept above

    server = ThreadingHTTPServer(("127.0.0.1", port), Answers)
    served = Served(server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield served
    finally:
        served.stop()
        thread.join()
