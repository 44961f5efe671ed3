"""A real browser under the tests' hands: Chromium without a window, driven through a pipe.

The Chrome DevTools Protocol as it comes over --remote-debugging-pipe: JSON, ended by a NUL, in
on descriptor 3 and out on descriptor 4. No library and no port is needed.
"""

import json
import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--mute-audio",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


class Browser:
    """One page of a browser."""

    def __init__(self, process: "subprocess.Popen[bytes]", write: int, read: int) -> None:
        self.process, self._write, self._read = process, write, read
        self._count = 0
        self._rest = b""
        self.events: list[dict[str, Any]] = []
        targets = self.ask("Target.getTargets", session="")["targetInfos"]
        page = next(one["targetId"] for one in targets if one["type"] == "page")
        attached = self.ask(
            "Target.attachToTarget", {"targetId": page, "flatten": True}, session=""
        )
        self._session = str(attached["sessionId"])
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")

    _session = ""

    def ask(
        self, method: str, values: dict[str, Any] | None = None, *, session: str | None = None
    ) -> dict[str, Any]:
        """Send one command and give its answer."""
        self._count += 1
        number = self._count
        message: dict[str, Any] = {"id": number, "method": method, "params": values or {}}
        used = self._session if session is None else session
        if used:
            message["sessionId"] = used
        os.write(self._write, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 40
        while True:
            got = self._message(deadline)
            if got.get("id") == number:
                assert "error" not in got, f"{method}: {got['error']}"
                answer: dict[str, Any] = got["result"]
                return answer
            self.events.append(got)

    def _message(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._read], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, "the browser does not answer"
            more = os.read(self._read, 1 << 20)
            assert more, "the browser has gone"
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message

    def open(self, path: Path) -> None:
        """Open a local file, and wait until it stands."""
        self.ask("Page.navigate", {"url": path.as_uri()})
        self.wait("document.readyState === 'complete'")

    def run(self, script: str, *, gesture: bool = False) -> Any:
        """Give the value of an expression in the page; a promise is waited for."""
        answer = self.ask(
            "Runtime.evaluate",
            {
                "expression": script,
                "returnByValue": True,
                "awaitPromise": True,
                "userGesture": gesture,
            },
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, script: str, *, seconds: float = 20) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + seconds
        while not self.run(f"Boolean({script})"):
            assert time.monotonic() < deadline, f"never: {script}"
            time.sleep(0.05)

    def click(self, selector: str) -> None:
        """Click the middle of an element, as a finger does."""
        box = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            " e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
            " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.ask(
                "Input.dispatchMouseEvent",
                {"type": kind, "x": box[0], "y": box[1], "button": "left", "clickCount": 1},
            )

    def press(self, key: str, code: int) -> None:
        """Press and let go one key."""
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.ask(
                "Input.dispatchKeyEvent",
                {"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, **text},
            )

    def text(self, selector: str) -> str:
        """Give what an element says."""
        return str(self.run(f"document.querySelector({json.dumps(selector)}).textContent"))

    def size(self, width: int, height: int, *, dark: bool = False) -> None:
        """Give the page the size of a phone, and its colours."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True},
        )
        scheme = "dark" if dark else "light"
        self.ask(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
        )

    def nodes(self) -> list[tuple[str, str]]:
        """Give role and name of everything that a screen reader is told of."""
        tree = self.ask("Accessibility.getFullAXTree")["nodes"]
        return [
            (node["role"]["value"], node.get("name", {}).get("value", ""))
            for node in tree
            if not node.get("ignored")
        ]

    def complaints(self) -> list[str]:
        """Give every error that the page logged and every request that it made but for itself."""
        self.run("0")
        found = []
        for event in self.events:
            method, values = event.get("method"), event.get("params", {})
            if method == "Log.entryAdded" and values["entry"]["level"] in {"error", "warning"}:
                found.append(values["entry"]["text"])
            elif method == "Runtime.exceptionThrown":
                found.append(str(values["exceptionDetails"]))
            elif method == "Network.requestWillBeSent":
                url = values["request"]["url"]
                if not url.startswith(("file:", "blob:", "data:")):
                    found.append(url)
        return found


@contextmanager
def browser(program: str, profile: Path, *options: str) -> Iterator[Browser]:
    """Run a browser on an empty profile, or on one that an earlier run left."""
    to_browser, write = os.pipe()
    read, from_browser = os.pipe()
    script = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
    process = subprocess.Popen(
        [
            # bash, as dash knows no descriptors of two digits
            *("bash", "-c", script, "bash", program, *QUIET, "--remote-debugging-pipe"),
            *(f"--user-data-dir={profile}", *options, "about:blank"),
        ],
        pass_fds=(to_browser, from_browser),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_browser)
    os.close(from_browser)
    try:
        page = Browser(process, write, read)
        yield page
        page.ask("Browser.close", session="")
    finally:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(write)
        os.close(read)
