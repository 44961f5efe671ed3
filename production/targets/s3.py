"""Publishes to S3 and what speaks it.

Servers differ (notes on trust, section 3), so that nothing here relies on one answer: a media
object is created with If-None-Match, a feed replaced with If-Match, and when a server refuses,
loses its answer, keeps less than it was sent or knows no conditions, the object is looked at
again and compared.

Never sent: access control lists, and credentials from a workspace; see s3_client.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from production.targets.base import Listed, check_key, check_options, overtaken
from production.targets.line import Line
from production.targets.s3_client import Refusal, Unanswered, ask_once, make_client
from production.targets.s3_multipart import Unfinished, abandon, unfinished
from production.targets.s3_store import Store, Stored, done
from production.targets.s3_writing import SETTLING_S, Writer
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Digest, Key

_EARLY = datetime(1970, 1, 1, tzinfo=UTC)
"""For a list that gives no times."""


class S3Target:
    """A prefix of a bucket as a publishing target.

    Options: ``bucket``; ``prefix``; ``endpoint`` (see s3_client); ``region``; ``profile``;
    ``checksums``: ``when_supported`` has the server compare a SHA-256 that is sent along, which
    Amazon does; ``when_required``, the default elsewhere, an MD5, which every store knows.
    """

    def __init__(self, settings: TargetSettings, *, line: Line) -> None:
        """Find credentials and the server's address; send nothing.

        Raises:
            ProductionError: the options are wrong, there are no credentials, or the server is
                not one that the user chose.
        """
        check_options(
            settings,
            required={"bucket"},
            known={"prefix", "endpoint", "region", "profile", "checksums"},
        )
        self.name = settings.name
        self.bucket = settings.options["bucket"]
        self.prefix = settings.options.get("prefix", "").strip("/")
        if self.prefix:
            check_key(self.prefix)
        where = f"altavoz.toml: target {settings.name}"
        sends_sha256 = _sends_sha256(settings, where)
        self._store = Store(
            make_client(settings, line, where),
            line,
            bucket=self.bucket,
            prefix=self.prefix,
            where=where,
        )
        self._writer = Writer(self._store, sends_sha256=sends_sha256)

    def describe(self) -> str:
        """Give bucket, prefix and server."""
        return f"s3://{self.bucket}/{self.prefix} at {self._store.client.meta.endpoint_url}"

    # --- Files whose bytes never change -----------------------------------------------------

    def put_new(self, key: Key, source: Path, *, media_type: str, digest: Digest) -> bool:
        """Send a file under a key whose bytes never change; see Target.

        Large files go in parts, and go on where an earlier run was stopped.
        """
        there = self._store.head(key)
        if there is not None and self._is_same(key, there, digest, _length(source)):
            return False
        self._writer.create(key, source, media_type, digest, there)
        return True

    def _is_same(self, key: Key, there: Stored, digest: Digest, length_bytes: int | None) -> bool:
        """Tell whether what stands there is what we would send."""
        if length_bytes is not None and there.length_bytes not in {None, length_bytes}:
            return False
        if there.noted:
            return there.noted == digest
        # Objects that other programs copied here have no note: they are read.
        return self._store.digest(key, digest) == digest

    # --- Documents that are replaced --------------------------------------------------------

    def put(self, key: Key, data: bytes, *, media_type: str) -> bool:
        """Send bytes under a key, replacing what was there at one stroke; see Target."""
        return self._replace(key, data, media_type, self._store.get(key))

    def swap(self, key: Key, data: bytes, *, media_type: str, seen: bytes | None) -> bool:
        """Send bytes in the place of those that were seen; see Target."""
        before = self._store.get(key)
        there = None if before is None else before[0]
        if there not in {data, seen}:
            raise overtaken(self._store.address(key))
        return self._replace(key, data, media_type, before)

    def _replace(
        self, key: Key, data: bytes, media_type: str, before: tuple[bytes, Stored] | None
    ) -> bool:
        if before is not None and before[0] == data:
            return False
        self._writer.replace(key, data, media_type, before)
        return True

    # --- Reading, listing, removing ---------------------------------------------------------

    def listing(self) -> Iterator[Listed]:
        """Give everything below the prefix; see Target."""
        below = self._store.below
        marks = {"ContinuationToken": "NextContinuationToken"}
        for row in self._store.pages("list_objects_v2", "Contents", marks, Prefix=below):
            if not row["Key"].startswith(below):
                continue  # some servers do not know prefixes
            changed = row.get("LastModified")
            yield Listed(
                name=row["Key"].removeprefix(below),
                length_bytes=int(row.get("Size", 0)),
                tag=str(row.get("ETag", "")).removeprefix("W/"),
                changed_at=_EARLY if changed is None else changed.astimezone(UTC),
            )

    def close(self) -> None:
        """Let go of connections."""
        self._store.client.close()

    def read(self, key: Key) -> bytes | None:
        """Give an object's bytes; None if there is none."""
        found = self._store.get(key)
        return None if found is None else found[0]

    def size(self, key: Key) -> int | None:
        """Give an object's length in bytes; None if there is none."""
        there = self._store.head(key)
        return None if there is None else there.length_bytes

    def verify(self, key: Key, digest: Digest) -> bool:
        """Read an object back and tell whether it has this digest; False if there is none.

        What this run has sent itself and reads back wrong is taken away, so that nobody meets it
        and the next run sends it again.
        """
        found = self._store.digest(key, digest)
        if found is not None and found != digest and self._writer.has_sent(key, digest):
            self._writer.take_back(key)
        return found == digest

    def remove(self, key: Key) -> bool:
        """Delete an object; False if there was none."""
        if self._store.head(key) is None:
            return False
        for pause in (*SETTLING_S, 0.0):
            self._store.ask("delete_object", key, done)
            if self._store.head(key) is None:
                return True
            self._store.line.pause(pause)
        raise self._store.failure(
            key,
            "the server was asked to delete this object, and it still stands there",
            "look for a retention or object lock on the bucket, and delete the object by hand",
        )

    def unfinished(self, before: datetime) -> list[Unfinished]:
        """Give uploads in parts below the prefix that were begun before, and never finished.

        They are no objects, nobody can read them, and they cost room until they are abandoned.
        """
        found = unfinished(self._store)
        return [one for one in found if one.began_at is not None and one.began_at < before]

    def abandon(self, one: Unfinished) -> None:
        """Have the server forget an unfinished upload."""
        abandon(self._store, one)

    # --- For checks ---------------------------------------------------------------------------

    def ask(self, operation: str, **fields: object) -> dict[str, Any]:
        """Send one request of a check, such as ``get_bucket_acl``, for the bucket as it is.

        Gives boto3's answer; where the server refuses, that of its error, with ``Error`` and
        ``ResponseMetadata``.

        Raises:
            ProductionError: the server cannot be reached.
        """
        try:
            asked = {"Bucket": self.bucket} | fields
            return ask_once(self._store.client, operation, asked, dict)
        except Refusal as refusal:
            return cast("dict[str, Any]", refusal.response)
        except Unanswered as silence:
            raise self._store.failure("", silence.problem, silence.remedy) from silence

    def address(self, operation: str, key: str) -> str:
        """Give where a request without credentials would go; ``key`` as the bucket names it."""
        asked = {"Bucket": self.bucket} | ({"Key": key} if key else {})
        signed = self._store.client.generate_presigned_url(operation, Params=asked)
        return str(signed).partition("?")[0]


def _sends_sha256(settings: TargetSettings, where: str) -> bool:
    """Tell whether SHA-256 is sent along.

    Raises:
        ProductionError: the option says something else.
    """
    asked = settings.options.get("endpoint", "")
    chosen = settings.options.get("checksums", "when_required" if asked else "when_supported")
    if chosen not in {"when_required", "when_supported"}:
        raise ProductionError(
            f"checksums cannot be {chosen!a}",
            where=where,
            remedy="write when_required or when_supported",
            code=ExitCode.TARGET,
        )
    return chosen == "when_supported"


def _length(source: Path) -> int | None:
    """Give a file's length; None if it cannot be told, which matters only if it must be sent."""
    try:
        return source.stat().st_size
    except OSError:
        return None
