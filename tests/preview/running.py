"""Runs `altavoz serve` in a process of its own."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.production.running import environment

COMMAND = (sys.executable, "-P", "-c", "import cli; cli.main()", "serve")


@dataclass(slots=True, kw_only=True)
class Server:
    """The command while it runs, and how it ended."""

    process: subprocess.Popen[bytes]
    report: dict[str, Any]
    err: str = ""

    @property
    def url(self) -> str:
        return str(self.report["address"])


@contextmanager
def serving(*arguments: str | Path, cwd: Path | None = None) -> Iterator[Server]:
    """Serve until the block ends; then press Ctrl-C."""
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments), "--json"],
        cwd=cwd,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    said = b""
    while not said.endswith(b"\n}\n"):
        line = process.stdout.readline()
        assert line, process.communicate()[1].decode()
        said += line
    server = Server(process=process, report=json.loads(said))
    try:
        yield server
        process.send_signal(signal.SIGINT)
        server.err = process.communicate(timeout=20)[1].decode()
    finally:
        process.kill()
        process.wait()


def refused(*arguments: str | Path, cwd: Path) -> tuple[int, str]:
    """Give the exit code and words of a command that does not come to serve."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == b""
    return done.returncode, done.stderr.decode()
