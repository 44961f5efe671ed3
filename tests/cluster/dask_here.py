"""A real scheduler and real workers of Dask, as processes on 127.0.0.1, to be broken."""

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.production.running import ROOT, TINY
from tests.production.small import FILES

START_S = 120
"""A machine that runs other tests beside these takes its time."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(slots=True, kw_only=True)
class Dask:
    """A scheduler and its workers."""

    folder: Path
    """For logs and what workers keep."""
    address: str = ""
    scheduler: "subprocess.Popen[bytes] | None" = None
    workers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)
    port: int = 0
    tls: Mapping[str, str] = field(default_factory=dict)
    """Environment that names certificates; empty for plain tcp."""
    count: int = 0

    def begin_scheduler(self) -> None:
        """Begin a scheduler, at the port of the one before; wait until it takes calls."""
        self.port = self.port or free_port()
        kind = "tls" if self.tls else "tcp"
        self.address = f"{kind}://127.0.0.1:{self.port}"
        self.scheduler = self._begin(
            "scheduler", "dask_scheduler", "--host", self.address, "--no-dashboard"
        )
        ends = time.monotonic() + START_S
        while time.monotonic() < ends:
            assert self.scheduler.poll() is None, self.log("scheduler")
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError(self.log("scheduler"))

    def begin_worker(
        self,
        *,
        env: Mapping[str, str] | None = None,
        most_file_bytes: int = 0,
        wait: bool = False,
        threads: int = 1,
        known_as: str = "",
    ) -> "subprocess.Popen[bytes]":
        """Begin a worker without a nanny.

        Args:
            env: changes of its environment.
            most_file_bytes: no file of it may be longer; 0 for no limit.
            wait: until it has said that it is there.
            threads: how many calls it says that it takes at once.
            known_as: the address that it tells the scheduler, where it is not its own.
        """

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_file_bytes, most_file_bytes))

        self.count += 1
        name = f"worker-{self.count}"
        made = self._begin(
            name,
            "dask_worker",
            self.address,
            "--nthreads",
            str(threads),
            "--no-nanny",
            "--no-dashboard",
            "--local-directory",
            str(self.folder / name),
            *(("--listen-address", "tcp://127.0.0.1:0") if known_as else ()),
            *(("--contact-address", known_as) if known_as else ()),
            env=env,
            before=limit if most_file_bytes else None,
        )
        self.workers.append(made)
        if wait:
            self.await_worker(made, name)
        return made

    def await_worker(self, made: "subprocess.Popen[bytes]", name: str) -> None:
        """Wait until a worker's log says that it is there."""
        ends = time.monotonic() + START_S
        while "Registered to" not in self.log(name):
            assert made.poll() is None, self.log(name)
            assert time.monotonic() < ends, self.log(name)
            time.sleep(0.1)

    def _begin(
        self,
        name: str,
        module: str,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        before: Callable[[], None] | None = None,
    ) -> "subprocess.Popen[bytes]":
        changes = {
            "PYTHONPATH": str(ROOT),
            "ALTAVOZ_WORKER_FOLDER": str(self.folder),
            # Quick to see that somebody has gone.
            "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s",
            **self.tls,
            **(env or {}),
        }
        log = subprocess.PIPE if before else (self.folder / f"{name}.log").open("ab")
        try:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", f"distributed.cli.{module}", *arguments],
                cwd=self.folder,
                env={**os.environ, **changes},
                stdout=subprocess.DEVNULL,
                # A file that may not grow would break its log before anything else.
                stderr=subprocess.DEVNULL if before else log,
                preexec_fn=before,  # noqa: PLW1509 - no threads are running here yet
            )
        finally:
            if not isinstance(log, int):
                log.close()

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def kill(self, one: "subprocess.Popen[bytes]") -> None:
        """Kill a process with no time to say anything."""
        one.kill()
        one.wait(timeout=30)
        if one in self.workers:
            self.workers.remove(one)

    def end(self) -> None:
        for one in (*self.workers, self.scheduler):
            if one is not None and one.poll() is None:
                one.kill()
                one.wait(timeout=30)


@contextmanager
def dask(
    folder: Path, *, workers: int = 2, tls: Mapping[str, str] | None = None, wait: bool = False
) -> Iterator[Dask]:
    """Run a scheduler with some workers; ``wait`` until they are there."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Dask(folder=folder, tls=tls or {})
    try:
        made.begin_scheduler()
        begun = [made.begin_worker() for _ in range(workers)]
        for number, worker in enumerate(begun if wait else (), start=1):
            made.await_worker(worker, f"worker-{number}")
        yield made
    finally:
        made.end()


def other_version(folder: Path, name: str, version: str) -> dict[str, str]:
    """Give the environment in which a library says that it is of another version."""
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8"
    )
    return {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}


def certificates(folder: Path) -> dict[str, str]:
    """Make a CA and one certificate by the openssl commands of docs/cluster.md.

    Gives the environment that names them for every role.
    """
    folder.mkdir()
    text = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
    script = text.split("<!-- certificates -->")[1].split("```sh\n")[1].split("```")[0]
    subprocess.run(["sh", "-eu", "-c", script], cwd=folder, check=True, capture_output=True)
    return {
        "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "true",
        "DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(folder / "ca.pem"),
        **{
            f"DASK_DISTRIBUTED__COMM__TLS__{role}__{what}": str(folder / f"cluster.{end}")
            for role in ("CLIENT", "SCHEDULER", "WORKER")
            for what, end in (("CERT", "pem"), ("KEY", "key"))
        },
    }


def settings_of(environment: Mapping[str, str]) -> dict[str, str]:
    """Give variables as Dask reads them into its settings at its start."""
    return {
        name.removeprefix("DASK_").lower().replace("__", ".").replace("_", "-"): value
        for name, value in environment.items()
    }


_WHO = ("La madre", "El padre", "La vecina", "El maestro", "La radio", "El pueblo")
_WHAT = ("lleva agua", "espera aquí", "camina despacio", "pide ayuda", "mira el mapa")


def many_slots(count: int) -> dict[str, str | None]:
    """Give changes to the tiny workspace: one episode of so many slots, a sentence in each."""
    changes: dict[str, str | None] = dict(TINY)
    for number in range(count):
        name = f"scripts/s{number}"
        words = f"{_WHO[number % len(_WHO)]} {_WHAT[number // len(_WHO)]}"
        changes[f"{name}/segment.yml"] = FILES["scripts/agua/segment.yml"]
        changes[f"{name}/es-419.md"] = f"# Aviso\n\n{words}.\n"
    rundown = "\n".join(f"  - segment: s{number}" for number in range(count))
    changes["episodes/corta-1.yml"] = f"""
series: corta
number: 1
dated: "2026-11-22"
title: {{es-419: "Avisos"}}
rundown:
{rundown}
"""
    return changes
