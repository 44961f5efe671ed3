"""The home of Dask's distributed: a connection to a scheduler, in plain words and with ends.

What is sent is ``eval`` with a text, and bytes: so the scheduler, which unpacks what passes it,
needs no Altavoz, and a worker of another Python or another Altavoz can be asked what it is before
anything of ours is run there. Work goes to one worker by its address; which one, is decided here
(``production.cluster.crew``), and not by the scheduler, so that a worker that is not fit gets none.

Keys and certificates are those of Dask's own settings on this machine (``docs/cluster.md``).
https://distributed.dask.org/en/latest/tls.html
"""

import asyncio
import ipaddress
import logging
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import distributed

from programme.errors import ExitCode, ProductionError

CONNECT_S = 10
"""How long a scheduler may take to answer the first call."""

HELLO_S = 8
"""How long a worker may take to say what it is."""

ANSWER_S = 30
"""How long a scheduler or a worker may take to say what is there, or to hand over an answer."""

LOST = (
    OSError,
    TimeoutError,
    CancelledError,
    asyncio.CancelledError,
    distributed.client.FutureCancelledError,
    distributed.client.ClosedClientError,
)
"""What a call to a scheduler or worker that has gone may raise; asked again, or given up, by us."""

DIED = (*LOST, distributed.scheduler.KilledWorker)
"""What an errand raises whose worker died, beside what the line says."""


def check_address(address: str, *, insecure: bool) -> None:
    """Refuse an address over which words of ours would travel for everybody to read.

    Whoever can talk to a scheduler without a certificate can also run any program on all workers.

    Args:
        address: such as ``tls://scheduler.example.org:8786``.
        insecure: the user knows what plain tcp:// to another machine means.

    Raises:
        ProductionError: code USAGE; it is no address, plain tcp:// to another machine, or tls://
            with ``insecure``, so that nobody knows which of the two is meant.
    """
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in {"tls", "tcp"} and bool(parts.hostname) and bool(parts.port)
    except ValueError:
        is_whole = False
    if not is_whole:
        raise ProductionError(
            f"{address!a} is no address of a scheduler",
            where="--cluster",
            remedy="write it as the scheduler shows it, such as tls://scheduler:8786",
            code=ExitCode.USAGE,
        )
    if is_encrypted(address) and insecure:
        raise ProductionError(
            "--insecure lets words travel without encryption, and this address asks for it",
            where=address,
            remedy="leave --insecure out; it is for tcp:// to another machine",
            code=ExitCode.USAGE,
        )
    if is_open(address) and not insecure:
        raise ProductionError(
            "without encryption anybody on the way reads the words, and whoever reaches the "
            "scheduler runs programs on all of its workers",
            where=address,
            remedy="set up certificates, see docs/cluster.md, and use tls://; on a network that "
            "nobody else reaches, say --insecure",
            code=ExitCode.USAGE,
        )


def is_encrypted(address: str) -> bool:
    """Tell whether an address asks for TLS."""
    return address.startswith("tls://")


def is_here(address: str) -> bool:
    """Tell whether a scheduler is on this very machine, so that nothing travels."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_open(address: str) -> bool:
    """Tell whether words would travel to a scheduler for everybody on the way to read."""
    return not is_encrypted(address) and not is_here(address)


def line_faults(scheduler: str, worker: str) -> tuple[str, ...]:
    """Say why the words must not go on from a scheduler to a worker; empty where they may.

    A scheduler on this very machine is taken with plain tcp:// because nothing travels. A worker
    elsewhere that found its way to it would get the words, also protected ones, in the open.

    Args:
        scheduler: its address, as ``check_address`` took it.
        worker: the address that it gave the scheduler.
    """
    if is_encrypted(scheduler) or not is_here(scheduler) or is_here(worker):
        return ()
    fault = (
        "it is not known by an address of this very machine (127.0.0.1), and words would go to "
        "it without encryption; use tls://, see docs/cluster.md"
    )
    return (fault,)


class Cluster:
    """One connection to a scheduler; from any thread."""

    def __init__(self, address: str) -> None:
        """Connect.

        Raises:
            ProductionError: code TARGET; nobody answers there, or certificates do not fit.
        """
        # Its own log tells of every worker that comes and goes; what matters is told by us.
        for name in ("distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        # What differs is told by name, and for each worker.
        warnings.simplefilter("ignore", distributed.versions.VersionMismatchWarning)
        self.address = address
        security = distributed.Security(require_encryption=is_encrypted(address))
        if is_encrypted(address):
            _check_files(security, address)
        try:
            self._client = distributed.Client(
                address,
                security=security,
                timeout=CONNECT_S,
                set_as_default=False,
                direct_to_workers=False,
            )
        except (OSError, ImportError, ValueError, TypeError) as error:
            raise unreachable(address, error) from error

    def close(self) -> None:
        """Let go of the scheduler; what still runs there for us is forgotten."""
        with suppress(*LOST), _closed_is_lost():
            self._client.close(timeout=5)

    def threads(self) -> dict[str, int]:
        """Give how many calls each worker takes at once, by address.

        Raises:
            LOST: the scheduler has gone.
        """
        with _closed_is_lost():
            found = self._client.nthreads(callback_timeout=ANSWER_S)
        return {str(address): int(count) for address, count in found.items()}

    def ask_workers(self, text: str, addresses: Iterable[str]) -> dict[str, Any]:
        """Evaluate a text on workers, at once, beside their work; give each answer or error.

        One that does not answer in time has one of LOST for an answer.

        Raises:
            LOST: the scheduler has gone.
        """

        async def ask(address: str) -> Any:  # noqa: ANN401 - what the text gives
            asked = self._client._run(  # noqa: SLF001 - run() gives no end to one of several
                eval, text, workers=[address], on_error="return"
            )
            try:
                return (await asyncio.wait_for(asked, HELLO_S)).get(address)
            except (OSError, TimeoutError) as error:
                return error

        async def ask_all() -> dict[str, Any]:
            names = list(addresses)
            return dict(zip(names, await asyncio.gather(*map(ask, names)), strict=True))

        with _closed_is_lost():
            found: dict[str, Any] = self._client.sync(ask_all, callback_timeout=ANSWER_S)
        return found

    def ask_scheduler(self, text: str) -> Any:  # noqa: ANN401 - what the text gives
        """Evaluate a text on the scheduler.

        Raises:
            LOST: the scheduler has gone.
        """
        with _closed_is_lost():
            return self._client.sync(
                self._client._run_on_scheduler,  # noqa: SLF001 - as above
                eval,
                text,
                callback_timeout=ANSWER_S,
            )

    def begin(
        self,
        number: int,
        text: str,
        values: Mapping[str, Any],
        *,
        worker: str,
        tell: Callable[[], None],
    ) -> "Errand":
        """Have one worker, and no other, evaluate a text with values.

        Args:
            number: never used before on this line.
            text: an expression.
            values: by the names that it uses; plain values.
            worker: its address.
            tell: is called, from another thread, when it has ended in whatever way.

        Raises:
            LOST: the scheduler has gone.
        """
        future = self._submit(str(number), text, values, worker)
        future.add_done_callback(lambda _: tell())
        return Errand(future)

    def ask_and_wait(
        self, text: str, values: Mapping[str, Any], *, worker: str, seconds: float
    ) -> Any:  # noqa: ANN401 - what the text gives
        """Have one worker evaluate a text, and wait for what it gives.

        Raises:
            LOST: it does not come in time.
            Exception: that was raised there.
        """
        future = self._submit(f"asked-{worker}", text, values, worker)
        try:
            with _closed_is_lost():
                return future.result(timeout=seconds)
        finally:
            Errand(future).forget()

    def _submit(self, name: str, text: str, values: Mapping[str, Any], worker: str) -> Any:  # noqa: ANN401
        """Send a text to one worker; ``name`` is used once on this line."""
        return self._client.submit(
            eval,
            text,
            dict(values),
            # Two builds at one scheduler must never meet under one key.
            key=f"altavoz-{self._client.id}-{name}",
            workers=[worker],
            allow_other_workers=False,
            pure=False,
            # What is raised there is a bug or a worker that is not as ours: the scheduler would
            # only hide it by trying again, and who tries what again is decided by the crew.
            retries=0,
        )


class Errand:
    """What one worker was asked for."""

    def __init__(self, future: Any) -> None:  # noqa: ANN401 - Dask's classes are not typed
        self._future = future

    @property
    def has_ended(self) -> bool:
        """Whether it is over, in whatever way."""
        return bool(self._future.done())

    def answer(self) -> Any:  # noqa: ANN401 - what the text gave
        """Give what the worker answered; waits for it to be handed over.

        Raises:
            DIED: the worker or the scheduler has gone.
            Exception: that was raised there.
        """
        if self._future.cancelled():  # Dask would ask a line for it that it is just closing
            raise ConnectionError("the line to the scheduler was closed meanwhile")
        with _closed_is_lost():
            return self._future.result(timeout=ANSWER_S)

    def forget(self) -> None:
        """Want nothing of it any more; waits for nobody, whatever has gone."""
        self._future.release()


@contextmanager
def _closed_is_lost() -> Iterator[None]:
    """Take a line that Dask has closed by itself for what it is."""
    try:
        yield
    except RuntimeError as error:
        if "loop is closed" not in str(error).lower():
            raise
        raise ConnectionError("the line to the scheduler is closed") from error
    except UnboundLocalError as error:
        # What ``sync`` of Dask 2026.8 waits for was cancelled with the line: it has nothing to
        # return, and tries. What was raised behind it, at a worker too, has its frames behind it.
        *_, (last, _) = traceback.walk_tb(error.__traceback__)
        if last.f_code is not distributed.utils.sync.__code__:
            raise
        raise ConnectionError("the line to the scheduler was closed meanwhile") from error


def unreachable(address: str, error: BaseException | None = None) -> ProductionError:
    """Give the error for a scheduler that does not answer."""
    said = " ".join(str(error).split())[:200] if error is not None else ""
    is_refused = "certificate" in said.lower() or "ssl" in said.lower()
    return ProductionError(
        "the scheduler does not take our certificate, or we do not take its"
        if is_refused
        else "the scheduler cannot be reached",
        where=address,
        remedy="compare the certificates: both must be signed by the CA that the other names"
        if is_refused
        else "look whether it runs (dask scheduler) and whether this machine reaches its port; "
        "what was made is kept: run the command again, or without --cluster",
        code=ExitCode.TARGET,
    )


def _check_files(security: Any, address: str) -> None:  # noqa: ANN401
    """Refuse to begin without a certificate: Dask's own words for that name no remedy."""
    for name, setting in (
        ("tls_ca_file", "CA_FILE"),
        ("tls_client_cert", "CLIENT__CERT"),
    ):
        if not getattr(security, name):
            raise ProductionError(
                "this machine has no certificate for the cluster",
                where=address,
                remedy=f"set DASK_DISTRIBUTED__COMM__TLS__{setting} and its neighbours to your "
                "files, see docs/cluster.md",
                code=ExitCode.USAGE,
            )
