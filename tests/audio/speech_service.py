"""A speech service on loopback that is asked and answers as Google Translate is by gTTS."""

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import av
import numpy as np

RATE = 24_000


def headerless_mp3(seconds: float, hz: float = 300.0) -> bytes:
    """Give a tone as MP3 without an Info header, as the service does, with quiet around it."""
    at = np.arange(round(seconds * RATE)) / RATE
    quiet = np.zeros(RATE // 4)
    sound = np.concatenate((quiet, 0.4 * np.sin(2 * np.pi * hz * at), quiet))
    file = BytesIO()
    options = {"write_xing": "0", "id3v2_version": "0"}
    with av.open(file, "w", format="mp3", options=options) as out:
        stream = out.add_stream("libmp3lame", rate=RATE, layout="mono")
        pcm = (sound * 32_767).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(pcm, format="s16p", layout="mono")
        frame.sample_rate = RATE
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()


@dataclass
class Service:
    """What was asked, and what is to be answered before it goes well."""

    address: str = ""
    asked: list[list[Any]] = field(default_factory=list)
    """text, language, slow and a null of each request."""
    headers: list[dict[str, str]] = field(default_factory=list)
    faults: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    """Status, headers and body of answers that come first."""

    def answer(self, text: str) -> bytes:
        """Give a sound whose length and pitch depend on the text."""
        sound = headerless_mp3(0.06 * len(text), 200.0 + sum(text.encode()) % 200)
        inner = json.dumps([base64.b64encode(sound).decode()], separators=(",", ":"))
        rows = [["wrb.fr", "jQ1olc", inner, None, None, None, "generic"], ["di", 41]]
        line = json.dumps(rows, separators=(",", ":"))
        return f')]}}\'\n\n{len(line)}\n{line}\n25\n[["e",4,null,null,146]]\n'.encode()


@contextmanager
def speech_service(certificate: Path | None = None) -> Iterator[Service]:
    """Run the service; with a file of certificate and key, over TLS."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            request = json.loads(parse_qs(body)["f.req"][0])
            name, parameters, _none, kind = request[0][0]
            assert (name, kind) == ("jQ1olc", "generic")
            service.asked.append(json.loads(parameters))
            service.headers.append(dict(self.headers))
            status, headers, answer = (
                service.faults.pop(0)
                if service.faults
                else (200, {}, service.answer(service.asked[-1][0]))
            )
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    service.address = f"{scheme}://localhost:{server.server_port}/speak"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
