"""A shared store in a bucket, of S3 and what speaks it.

The client, its home of boto3, its care for credentials and its way of looking again at what a
server says it has kept are those of the publishing targets. Never sent: access control lists.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from production.targets.base import BLOCK_BYTES, check_options, is_key
from production.targets.line import Line
from production.targets.s3_client import Refusal, make_client
from production.targets.s3_refusals import ABSENT
from production.targets.s3_store import Store, done, stored
from production.targets.s3_writing import Writer
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.storage import storage_errors
from programme.units import Digest, Key

_MEDIA_TYPE = "application/octet-stream"

WAIT_S = 120.0
"""How long one operation may take, with all its tries, beside the time of its bytes."""

SLOWEST_BYTES_PER_SECOND = 20_000
"""A line that is slower than this makes everything anew sooner than it fetches it."""


class StoreLine(Line):
    """A line on which each operation has an end of its own, in whatever thread it runs."""

    def __init__(self, *, wait_s: float = WAIT_S) -> None:
        super().__init__()
        self._wait_s = wait_s
        self._own = threading.local()
        self._is_stopped = False

    def stop(self) -> None:
        """End all operations at their next block; from any thread."""
        self._is_stopped = True

    @contextmanager
    def operation(self) -> Iterator[None]:
        """Run one operation, which ends in time."""
        self._own.ends = self.now() + self._wait_s
        try:
            yield
        finally:
            self._own.ends = None

    def passed(self, *, sent: int = 0, received: int = 0) -> None:
        """Note bytes that went through: they give the operation their time."""
        ends = getattr(self._own, "ends", None)
        if ends is not None:
            self._own.ends = ends + (sent + received) / SLOWEST_BYTES_PER_SECOND
        super().passed(sent=sent, received=received)

    def left(self) -> float | None:
        """Give the seconds that are left for the operation.

        Raises:
            ProductionError: none are left.
        """
        ends = getattr(self._own, "ends", None)
        if ends is None:
            return None
        left = float(ends - self.now())
        if left <= 0 or self._is_stopped:
            raise ProductionError(
                "the shared store does not answer in time",
                where="the line to the shared store",
                remedy="look whether its server works, then run the command again: what is there "
                "stays there",
                code=ExitCode.TARGET,
            )
        return left


class S3Shelf:
    """A prefix of a bucket that several machines may read and write."""

    def __init__(self, settings: TargetSettings, *, line: StoreLine | None = None) -> None:
        """Find credentials and the server's address; send nothing.

        Args:
            settings: ``bucket``, ``prefix``, ``endpoint``, ``region``, ``profile`` as of targets.
            line: with its own patience.

        Raises:
            ProductionError: the options are wrong, there are no credentials, or the server is not
                one that the user chose.
        """
        check_options(
            settings, required={"bucket"}, known={"prefix", "endpoint", "region", "profile"}
        )
        bucket, prefix = (
            settings.options["bucket"],
            settings.options.get("prefix", "").strip("/"),
        )
        if prefix and not is_key(prefix):
            raise ProductionError(
                f"{prefix!a} is no prefix of a shared store",
                where=f"s3://{bucket}",
                remedy="use ASCII letters, digits, ., _ and - between slashes; no part begins or "
                "ends with a dot",
                code=ExitCode.USAGE,
            )
        self._line = line or StoreLine()
        where = f"the shared store s3://{bucket}/{prefix}".rstrip("/")
        self._store = Store(
            make_client(settings, self._line, where),
            self._line,
            bucket=bucket,
            prefix=prefix,
            where=where,
        )
        self._writer = Writer(self._store, sends_sha256=False)

    def describe(self) -> str:
        """Give bucket, prefix and server."""
        place = "/".join(part for part in (self._store.bucket, self._store.prefix) if part)
        return f"s3://{place} at {self._store.client.meta.endpoint_url}"

    def get(self, key: str, out: Path, *, most_bytes: int) -> bool:
        """Download an object to a file; see Shelf."""
        with self._asking():
            try:
                self._store.ask("get_object", key, partial(_pour, out, most_bytes), expect=ABSENT)
            except Refusal:
                return False
        return True

    def put(self, key: str, source: Path, digest: Digest) -> bool:
        """Upload a file where nothing stands; see Shelf."""
        name = Key(key)
        with self._asking():
            there = self._store.head(name)
            if there is not None and there.noted == digest:
                if there.length_bytes in {None, source.stat().st_size}:
                    return False
            elif there is not None:
                if not key.endswith(digest[2:]):
                    return False  # a record that another machine wrote at the same moment
                # Not what its name says, or without our note: nobody needs it.
                self._store.ask("delete_object", key, done)
                there = None
            self._writer.create(name, source, _MEDIA_TYPE, digest, there)
        return True

    def remove(self, key: str) -> bool:
        """Delete an object; see Shelf."""
        with self._asking():
            if self._store.head(Key(key)) is None:
                return False
            self._store.ask("delete_object", key, done)
        return True

    def close(self) -> None:
        """Let go of connections; what is under way in another thread ends."""
        self._line.stop()
        self._store.client.close()

    def stranger_address(self, key: str) -> str:
        """Give where a stranger would ask for an object, without credentials."""
        asked = {"Bucket": self._store.bucket, "Key": self._store.name_of(key)}
        signed = self._store.client.generate_presigned_url("get_object", Params=asked)
        return str(signed).partition("?")[0]

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Give an operation its time, and words of a store to what was worded for publishing."""
        try:
            with self._line.operation():
                yield
        except ProductionError as error:
            raise ProductionError(
                error.problem,
                where=error.where,
                remedy=error.remedy.replace("publish again", "run the command again").replace(
                    "for the target", "for the store"
                ),
                code=error.code,
            ) from error


def _pour(out: Path, most_bytes: int, answer: dict[str, Any]) -> None:
    """Write a body to a file, from its beginning at each try; nothing of one that is too long."""
    told, body, left = stored(answer), answer["Body"], most_bytes
    with storage_errors(out):
        file = out.open("wb")
    with file:
        if told.length_bytes is not None and told.length_bytes > most_bytes:
            body.close()
            return
        # What the line does while a block is read is no matter of the disk.
        for block in body.iter_chunks(min(BLOCK_BYTES, most_bytes + 1)):
            left -= len(block)
            with storage_errors(out):
                if left < 0:  # a server need not say how much it sends
                    body.close()
                    file.truncate(0)
                    return
                file.write(block)
        with storage_errors(out):
            file.flush()
