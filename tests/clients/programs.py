"""Podcast programs as listeners have them, each in a home of its own, driven as a person would."""

import os
import pty
import re
import select
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

SECONDS = 40
"""No run of a program may take longer."""


class Client(Protocol):
    """A podcast program."""

    def subscribe(self, *feeds: str) -> None:
        """Take feeds into the list."""
        ...

    def update(self) -> None:
        """Read the feeds, and download what is new."""
        ...

    def import_opml(self, path: Path) -> None:
        """Take all feeds of a list into the list."""
        ...

    def subscribed(self) -> set[str]:
        """Give the addresses of its feeds."""
        ...

    def files(self) -> list[Path]:
        """Give what it has saved, whole or not, by name."""
        ...


@dataclass(kw_only=True)
class Run:
    """How a program ended."""

    code: int
    said: str


def run(command: Sequence[str | Path], home: Path, **more: str) -> Run:
    """Run a program that needs no terminal, with all that it starts; nothing of it stays."""
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=home,
        env=environment(home, more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=SECONDS)
    finally:
        _end(process.pid)
    return Run(code=process.returncode, said=said.decode(errors="replace"))


def run_in_terminal(
    command: Sequence[str | Path], home: Path, *, until: Callable[[], bool], key: bytes
) -> None:
    """Run a program that wants a terminal; press a key once something is so, and wait."""
    pid, terminal = pty.fork()
    if pid == 0:  # the child: nothing of the tests may run on in it
        try:
            os.chdir(home)
            words = [str(word) for word in command]
            os.execvpe(words[0], words, environment(home, {"TERM": "xterm"}))  # noqa: S606
        finally:
            os._exit(127)
    stop = time.monotonic() + SECONDS
    pressed = 0.0
    try:
        while _drain(terminal):
            # again after a while: podboat does not quit while it is at work
            if time.monotonic() - pressed > 2.0 and until():
                os.write(terminal, key)
                pressed = time.monotonic()
            assert time.monotonic() < stop, f"{command[0]} did not finish"
    finally:
        os.close(terminal)
        _end(pid)
        os.waitpid(pid, 0)


def _drain(terminal: int) -> bool:
    """Take what a program draws; False once it has ended."""
    if not select.select([terminal], [], [], 0.05)[0]:
        return True
    try:
        return bool(os.read(terminal, 1 << 16))
    except OSError:  # what Linux says when the other side is closed
        return False


def _end(session: int) -> None:
    """End whatever a program left running."""
    for process, fields in _processes():
        if int(fields[3]) == session and fields[0] != "Z":
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(process, signal.SIGKILL)


def running_in(home: Path) -> list[int]:
    """Give the processes that still stand in a folder."""
    return [
        process for process, _ in _processes() if _folder_of(process).is_relative_to(home.resolve())
    ]


def _processes() -> Iterator[tuple[int, list[str]]]:
    """Give each process with the fields of its stat from the state on; see proc(5)."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            text = stat.read_text(errors="replace")
            yield int(stat.parent.name), text.rpartition(")")[2].split()


def _folder_of(process: int) -> Path:
    try:
        return Path(f"/proc/{process}/cwd").readlink()
    except OSError:
        return Path("/")


def environment(home: Path, more: Mapping[str, str]) -> dict[str, str]:
    """Give an environment without the tests' own Python, proxies and homes."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", **more}


@dataclass(kw_only=True)
class GPodder:
    """gPodder's command line, gpo; the same core as its window."""

    home: Path

    def gpo(self, *words: str | Path) -> Run:
        done = run(["gpo", *words], self.home, GPODDER_HOME=str(self.home / "gpodder"))
        assert done.code == 0, done.said
        return done

    def subscribe(self, *feeds: str) -> None:
        for feed in feeds:
            self.gpo("subscribe", feed)

    def import_opml(self, path: Path) -> None:
        self.gpo("import", path)

    def subscribed(self) -> set[str]:
        return _addresses(self.gpo("list").said)

    def update(self) -> None:
        self.gpo("update")
        self.gpo("download")

    def guids(self) -> set[str]:
        """Give the ids of all items that it knows, from its own database."""
        return _column(self.home / "gpodder" / "Database", "SELECT guid FROM episode")

    def files(self) -> list[Path]:
        return _sounds(self.home / "gpodder" / "Downloads")


@dataclass(kw_only=True)
class Newsboat:
    """newsboat reads, podboat downloads."""

    home: Path
    feeds: list[str] = field(default_factory=list)

    def subscribe(self, *feeds: str) -> None:
        self.feeds += feeds
        (self.home / "urls").write_text("".join(f"{feed}\n" for feed in self.feeds))
        (self.home / ".newsboat").mkdir(exist_ok=True)
        self.config.write_text(
            f'podcast-auto-enqueue yes\ndownload-path "{self.home}/pods/"\nmax-downloads 1\n'
        )

    @property
    def config(self) -> Path:
        return self.home / "config"

    @property
    def queue(self) -> Path:
        return self.home / ".newsboat" / "queue"

    def newsboat(self, *words: str) -> Run:
        files = ["-C", "config", "-u", "urls", "-c", "cache.db"]
        done = run(["newsboat", *files, *words], self.home)
        assert done.code == 0, done.said
        return done

    def import_opml(self, path: Path) -> None:
        self.subscribe()
        self.newsboat("-i", str(path))

    def subscribed(self) -> set[str]:
        return _addresses((self.home / "urls").read_text())

    def update(self) -> None:
        self.newsboat("-x", "reload")
        if self._waiting():
            done = _Settled([Path(name) for name in self._waiting()])
            run_in_terminal(["podboat", "-a", "-C", self.config], self.home, until=done, key=b"q")

    def guids(self) -> set[str]:
        """Give the ids of all items that it knows, from its own database."""
        return _column(self.home / "cache.db", "SELECT guid FROM rss_item")

    def _waiting(self) -> list[str]:
        """Give the files that podboat has still to fetch, by its own list."""
        lines = self.queue.read_text().splitlines() if self.queue.exists() else []
        named = (re.fullmatch(r'\S+ "(.*)"( missing)?', line) for line in lines)
        return [match[1] for match in named if match]

    def files(self) -> list[Path]:
        return _sounds(self.home / "pods")


class _Settled:
    """Tells when files are whole, or no longer grow; a program in a terminal never says so."""

    def __init__(self, files: list[Path]) -> None:
        self.files = files
        self.sizes: list[int] = []
        self.since = self.began = time.monotonic()

    def __call__(self) -> bool:
        now = time.monotonic()
        parts = [Path(f"{file}.part") for file in self.files]
        sizes = [size for path in (*self.files, *parts) if (size := _size_of(path)) is not None]
        if sizes != self.sizes:
            self.sizes, self.since = sizes, now
        started = len(sizes) >= len(self.files) or now - self.began > 15.0
        return started and now - self.since > 0.7


def _size_of(path: Path) -> int | None:
    """Give the length of a file that a program may take away at any moment."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


@dataclass(kw_only=True)
class Podget:
    """podget, a script around wget."""

    home: Path
    feeds: list[str] = field(default_factory=list)

    def subscribe(self, *feeds: str) -> None:
        self.feeds += feeds
        if not (self.home / "podgetrc").exists():
            made = self.podget("--create-config", "podgetrc")
            assert "Podget configuration file" in (self.home / "podgetrc").read_text(), made.said
        written = (self.home / "podgetrc").read_text()
        changes = {
            "DIR_LIBRARY": str(self.home / "pods"),
            # one try: what is cut stays cut until podget is run again
            "WGET_BASEOPTS": '"-c -nH --tries=1 --timeout=10"',
            "MIN_SPACE": "1000",
        }
        for name, value in changes.items():
            written = re.sub(f"(?m)^{name}=.*$", f"{name}={value}", written)
        (self.home / "podgetrc").write_text(written)
        lines = (f"{feed} No_Category feed{number}\n" for number, feed in enumerate(self.feeds))
        (self.home / "serverlist").write_text("".join(lines))

    def podget(self, *words: str | Path) -> Run:
        return run(["podget", "-d", self.home, *words], self.home)

    def import_opml(self, path: Path) -> None:
        self.subscribe()
        self.podget("-c", "podgetrc", *self._session(), "--import_opml", path)

    def subscribed(self) -> set[str]:
        return _addresses((self.home / "serverlist").read_text())

    def update(self) -> None:
        self.podget("-c", "podgetrc", *self._session(), "-n", "-vv")

    def _session(self) -> tuple[str, Path]:
        session = self.home / "session"
        session.mkdir(exist_ok=True)
        return "--dir_session", session

    def files(self) -> list[Path]:
        return _sounds(self.home / "pods")


def _column(database: Path, query: str) -> set[str]:
    with closing(sqlite3.connect(database)) as kept:
        return {str(row[0]) for row in kept.execute(query)}


def _addresses(text: str) -> set[str]:
    return set(re.findall(r"https?://[^\s\"]+", text))


def _sounds(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and re.search("mp3|ogg|opus", p.name))
