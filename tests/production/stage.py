"""Runs the real command many times in processes of their own, and imports it once.

A process that was forked here is like one that a shell starts, as far as a kill, a signal or a
disk can tell, but begins within a millisecond.
"""

import hashlib
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.production.running import Done, environment

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PUBLISHER = "Verification desk"
PATIENCE_S = 120


def _serve() -> None:
    """Fork a command for each line that comes in; give its process number, or how it ended."""
    import production.artwork.artwork
    import production.building
    import production.publish.publishing
    import production.releases.work
    import production.reports
    import production.targets.s3
    from scripts.workspace import read_workspace

    production.artwork.artwork.opaque_picture = _plain_picture  # type: ignore[attr-defined]
    for line in sys.stdin:
        asked = json.loads(line)
        if "ended" in asked:
            _, status = os.waitpid(asked["ended"], 0)
            _answer(os.waitstatus_to_exitcode(status))
            continue
        if "read" in asked:  # whatever is read once stays known to those who are forked
            day = datetime.fromisoformat(asked["now"]).date()
            read_workspace(Path(asked["read"]), today=day)
            _answer(0)
            continue
        pid = os.fork()
        if not pid:
            _become(asked)
            return
        os.setpgid(pid, pid)  # here and there: whoever comes first, nobody signals too early
        _answer(pid)


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _plain_picture(svg: str, *, width: int | None = None) -> bytes:
    """Give a white square in the place of a drawing, which would take a second and more."""
    del width
    header = struct.pack(">IIBBBBB", 3000, 3000, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * 375) * 3000)
    label = b"Comment\0" + hashlib.sha256(svg.encode()).hexdigest().encode()
    chunks = ((b"IHDR", header), (b"tEXt", label), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def _become(asked: Mapping[str, Any]) -> None:
    """Be the command: other folder, other words, other ends of the pipes."""
    import commands.workspace

    os.setpgid(0, 0)
    if asked["go"]:
        Path(asked["go"]).read_bytes()  # a pipe: until the other end is closed
    os.chdir(asked["root"])
    os.environ.update(asked["env"])
    for number, name in enumerate((os.devnull, asked["out"], asked["err"])):
        file = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(file, number)
        os.close(file)
    now = datetime.fromisoformat(asked["now"])
    commands.workspace.read_clock = lambda: now
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["altavoz", *asked["arguments"]]
    import cli

    cli.main()


@dataclass(slots=True, kw_only=True)
class Running:
    """A command that was started."""

    stage: "Stage"
    pid: int
    said: Path
    """Its output, and with other suffixes what else belongs to it."""
    _done: Done | None = None

    def go(self) -> None:
        """Let a command begin that was held."""
        self.said.with_suffix(".go").write_bytes(b"")

    def signal(self, number: int) -> None:
        """Send a signal to it and to all that it started."""
        os.killpg(self.pid, number)

    @property
    def has_ended(self) -> bool:
        """Whether its end was waited for."""
        return self._done is not None

    def is_over(self) -> bool:
        """Tell whether it has ended."""
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
        except OSError:
            return True
        return state in {"Z", "X"}

    def end(self, *, within_s: float = PATIENCE_S) -> Done:
        """Wait until it has ended; a command that hangs is killed, and the test fails."""
        if self._done is None:
            last = time.monotonic() + within_s
            while not self.is_over():
                if time.monotonic() > last:
                    self.signal(signal.SIGKILL)
                    code = self.stage.ask({"ended": self.pid})
                    raise AssertionError(f"hung until it was killed: {code} {self._read('.err')}")
                time.sleep(0.002)
            code = self.stage.ask({"ended": self.pid})
            self._done = Done(code=code, out=self._read(".out"), err=self._read(".err"))
        return self._done

    def _read(self, suffix: str) -> str:
        path = self.said.with_suffix(suffix)
        return path.read_text("utf-8", "replace") if path.exists() else ""


@dataclass(slots=True)
class Stage:
    """A process that has imported the command, and starts it as often as it is asked to."""

    server: "subprocess.Popen[str]"
    folder: Path
    begun: list[Running] = field(default_factory=list)

    def ask(self, question: Mapping[str, object]) -> int:
        """Give the number that the server answers."""
        assert self.server.stdin is not None
        assert self.server.stdout is not None
        self.server.stdin.write(json.dumps(question) + "\n")
        self.server.stdin.flush()
        return int(self.server.stdout.readline())

    def warm(self, root: Path, now: datetime = NOON) -> None:
        """Read a workspace, so that its tables need not be read by each command."""
        self.ask({"read": str(root), "now": now.isoformat()})

    def begin(
        self,
        root: Path,
        *arguments: str,
        now: datetime = NOON,
        env: Mapping[str, str] | None = None,
        held: bool = False,
    ) -> Running:
        """Start a command in a workspace; ``held`` does nothing before ``go``."""
        said = self.folder / f"{len(self.begun)}.out"
        if held:
            os.mkfifo(said.with_suffix(".go"))
        question = {
            "root": str(root),
            "arguments": arguments,
            "now": now.isoformat(),
            "env": dict(env or {}),
            "out": str(said),
            "err": str(said.with_suffix(".err")),
            "go": str(said.with_suffix(".go")) if held else "",
        }
        running = Running(stage=self, pid=self.ask(question), said=said)
        self.begun.append(running)
        return running

    def run(self, root: Path, *arguments: str, **more: Any) -> Done:
        """Run a command to its end."""
        return self.begin(root, *arguments, **more).end()


@contextmanager
def staged(env: Mapping[str, str] | None = None, *, before: Sequence[str] = ()) -> Iterator[Stage]:
    """Start the server, with ``before`` as a program that runs it; nothing of it is left."""
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [*before, sys.executable, "-P", "-m", "tests.production.stage"],
            env=environment({"ALTAVOZ_PUBLISHER": PUBLISHER, **(env or {})}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        stage = Stage(server=server, folder=Path(folder))
        try:
            yield stage
        finally:
            for running in stage.begun:
                # Who has ended gave its number back: it may be somebody else's by now.
                if not running.has_ended and not running.is_over():
                    running.signal(signal.SIGKILL)
            assert server.stdin is not None
            assert server.stdout is not None
            server.stdin.close()
            server.wait(timeout=PATIENCE_S)
            server.stdout.close()


if __name__ == "__main__":
    _serve()
