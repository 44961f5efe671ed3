"""Publishes to S3 and what speaks it. The one home of boto3.

Servers differ (notes on trust, section 3), so that nothing here relies on one answer: a media
object is created with If-None-Match, a feed replaced with If-Match, and when a server refuses,
loses its answer or knows no conditions, the object is read again and compared.

Never sent: access control lists, and credentials from a workspace. Credentials come from the
environment or from a profile of the user's; so does the address of a server, unless it is this
machine's own, because who chooses the server gets the signed requests.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import IO, Any, cast

import boto3
import botocore.config
import botocore.exceptions

from production.targets.base import (
    BLOCK_BYTES,
    Listed,
    check_key,
    check_options,
    damaged_source,
    occupied,
    overtaken,
    unreadable_source,
)
from production.targets.line import Line
from production.targets.servers import check_server, is_loopback
from programme.digests import digest_file
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Digest, Key

ATTEMPTS = 5
"""How often a request is tried in all, with growing pauses."""

CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 20

MEDIA_CACHE = "public, max-age=86400"
"""A day: bytes never change, but a withdrawn file must not live on in caches."""

FEED_CACHE = "max-age=300, must-revalidate"

_CHANGED = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
_ABSENT = {"NoSuchKey", "NotFound", "404"}
_UNKNOWN = {"NotImplemented", "501"}

_REMEDIES = {
    "NoSuchBucket": ("the bucket does not exist", "create it, or correct its name"),
    "AccessDenied": (
        "these credentials may not do this",
        "allow s3:GetObject, PutObject, DeleteObject and ListBucket under the prefix",
    ),
    "403": (
        "these credentials may not do this",
        "allow s3:GetObject, PutObject, DeleteObject and ListBucket under the prefix",
    ),
    "InvalidAccessKeyId": ("the server does not know this access key", "check the profile"),
    "SignatureDoesNotMatch": ("the secret key is wrong", "check the profile"),
    "ExpiredToken": ("the credentials have expired", "sign in again"),
    "RequestTimeTooSkewed": ("this machine's clock is wrong", "set the clock"),
    "PermanentRedirect": ("the bucket is in another region", "write region = ... for the target"),
    "AuthorizationHeaderMalformed": (
        "the bucket is in another region",
        "write region = ... for the target",
    ),
}


class S3Target:
    """A prefix of a bucket as a publishing target.

    Options: ``bucket``; ``prefix``; ``endpoint`` (see above); ``region``; ``profile``;
    ``checksums`` (``when_supported`` or ``when_required``: what boto3 calls
    request_checksum_calculation; some stores refuse its default).
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
        self._line = line
        self._where = f"altavoz.toml: target {settings.name}"
        self.bucket = settings.options["bucket"]
        self.prefix = settings.options.get("prefix", "").strip("/")
        if self.prefix:
            check_key(self.prefix)
        with self._plain(""):
            self._client = _client(settings, self._where)
        self._conditions = True
        """False once the server has said that it knows none."""

    def describe(self) -> str:
        """Give bucket, prefix and server."""
        return f"s3://{self.bucket}/{self.prefix} at {self._client.meta.endpoint_url}"

    def put_new(self, key: Key, source: Path, *, media_type: str, digest: Digest) -> bool:
        """Send a file under a key whose bytes never change; see Target."""
        there = self._same(key, digest)
        if there is None:
            try:
                found = digest_file(source)
            except OSError as error:
                raise unreadable_source(source, error) from error
            if found != digest:
                raise damaged_source(source)
            with source.open("rb") as file:
                if self._create(key, file, media_type=media_type, digest=digest):
                    return True
            there = self._same(key, digest)
        if not there:
            raise occupied(self._address(key))
        return False

    def put(self, key: Key, data: bytes, *, media_type: str) -> bool:
        """Send bytes under a key, replacing what was there at one stroke; see Target."""
        return self._put(key, data, media_type, self._get(key))

    def swap(self, key: Key, data: bytes, *, media_type: str, seen: bytes | None) -> bool:
        """Send bytes in the place of those that were seen; see Target."""
        before = self._get(key)
        there = None if before is None else before[0]
        if there not in {data, seen}:
            raise overtaken(self._address(key))
        return self._put(key, data, media_type, before)

    def _put(
        self, key: Key, data: bytes, media_type: str, before: tuple[bytes, str] | None
    ) -> bool:
        if before is not None and before[0] == data:
            return False
        etag = before[1] if before is not None else ""
        for condition in _conditions_for(etag):
            if self._replace(key, data, media_type, condition):
                return True
            now = self._get(key)
            if now is not None and now[0] == data:
                return True  # our own write, whose answer was lost
            if now is None or now[1] != etag:
                break
        raise overtaken(self._address(key))

    def listing(self) -> Iterator[Listed]:
        """Give everything below the prefix; see Target."""
        below = f"{self.prefix}/" if self.prefix else ""
        with self._plain(""):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=below
            )
            for page in pages:
                for found in page.get("Contents", ()):
                    yield Listed(
                        name=found["Key"].removeprefix(below),
                        length_bytes=int(found["Size"]),
                        tag=found["ETag"],
                        changed_at=found["LastModified"].astimezone(UTC),
                    )

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def read(self, key: Key) -> bytes | None:
        """Give an object's bytes; None if there is none."""
        found = self._get(key)
        return None if found is None else found[0]

    def size(self, key: Key) -> int | None:
        """Give an object's length in bytes; None if there is none."""
        head = self._head(key)
        return None if head is None else int(head["ContentLength"])

    def verify(self, key: Key, digest: Digest) -> bool:
        """Read an object back and tell whether it has this digest; False if there is none."""
        running = hashlib.sha256()
        with self._plain(key):
            answer = self._open(key)
            if answer is None:
                return False
            for block in answer["Body"].iter_chunks(BLOCK_BYTES):
                running.update(block)
        return running.hexdigest() == digest

    def remove(self, key: Key) -> bool:
        """Delete an object; False if there was none."""
        if self._head(key) is None:
            return False
        with self._plain(key):
            self._client.delete_object(**self._named(key))
        return True

    def ask(self, operation: str, **fields: object) -> dict[str, Any]:
        """Send one request of a check, such as ``get_bucket_acl``, for the bucket as it is.

        Gives boto3's answer; where the server refuses, that of its error, with ``Error`` and
        ``ResponseMetadata``.

        Raises:
            ProductionError: the server cannot be reached.
        """
        with self._plain(""):
            try:
                answer = getattr(self._client, operation)(Bucket=self.bucket, **fields)
            except botocore.exceptions.ClientError as error:
                answer = error.response
        return cast("dict[str, Any]", answer)

    def address(self, operation: str, key: str) -> str:
        """Give where a request without credentials would go; ``key`` as the bucket names it."""
        asked = {"Bucket": self.bucket} | ({"Key": key} if key else {})
        with self._plain(""):
            signed = self._client.generate_presigned_url(operation, Params=asked)
        return str(signed).partition("?")[0]

    # --- One request each -----------------------------------------------------------------

    def _named(self, key: Key) -> dict[str, str]:
        name = "/".join(check_key(key))
        return {"Bucket": self.bucket, "Key": f"{self.prefix}/{name}" if self.prefix else name}

    def _address(self, key: str) -> str:
        return "/".join(part for part in (f"s3://{self.bucket}", self.prefix, key) if part)

    def _head(self, key: Key) -> dict[str, Any] | None:
        with self._plain(key):
            try:
                return self._from_store(key, self._client.head_object(**self._named(key)))
            except botocore.exceptions.ClientError as error:
                if _code(error) in _ABSENT:
                    return None
                raise

    def _open(self, key: Key) -> dict[str, Any] | None:
        try:
            return self._from_store(key, self._client.get_object(**self._named(key)))
        except botocore.exceptions.ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise

    def _get(self, key: Key) -> tuple[bytes, str] | None:
        """Give an object's bytes and ETag, as quoted by the server."""
        with self._plain(key):
            answer = self._open(key)
            return None if answer is None else (answer["Body"].read(), answer["ETag"])

    def _same(self, key: Key, digest: Digest) -> bool | None:
        """Tell whether an object has this digest; None if there is none."""
        head = self._head(key)
        if head is None:
            return None
        noted = head["Metadata"].get("sha256")
        # Objects that other programs copied here have no note: they are read.
        return noted == digest if noted else self.verify(key, digest)

    def _create(self, key: Key, file: IO[bytes], *, media_type: str, digest: Digest) -> bool:
        """Send a new object; False if one stands there already."""
        fields: dict[str, Any] = self._named(key) | {
            "Body": file,
            "CacheControl": MEDIA_CACHE,
            "Metadata": {"sha256": digest},
        }
        fields |= _content(key, media_type) | self._checksum(bytes.fromhex(digest))
        return self._send(key, fields, {"IfNoneMatch": "*"})

    def _replace(self, key: Key, data: bytes, media_type: str, condition: dict[str, str]) -> bool:
        """Send an object over the one that was read; False if that one is gone or changed."""
        digest = hashlib.sha256(data)
        fields: dict[str, Any] = self._named(key) | {
            "Body": data,
            "CacheControl": FEED_CACHE,
            "Metadata": {"sha256": digest.hexdigest()},
        }
        fields |= _content(key, media_type) | self._checksum(digest.digest())
        return self._send(key, fields, condition)

    def _send(self, key: Key, fields: dict[str, Any], condition: dict[str, str]) -> bool:
        with self._plain(key):
            try:
                chosen = condition if self._conditions else {}
                self._from_store(key, self._client.put_object(**fields, **chosen))
            except botocore.exceptions.ClientError as error:
                code = _code(error)
                if code in _CHANGED or (code in _ABSENT and "IfMatch" in condition):
                    return False
                if code not in _UNKNOWN or not self._conditions:
                    raise
                self._conditions = False
                _rewind(fields["Body"])
                self._from_store(key, self._client.put_object(**fields))
        return True

    def _from_store(self, key: Key, answer: Any) -> dict[str, Any]:  # noqa: ANN401
        """Take an answer only from a store: a hotel's login page says 200 to everything."""
        if "ETag" not in answer:
            raise self._refused(
                key,
                "something else answers in the place of the store, such as a login page",
                "sign in to this network, or use another one, then publish again",
            )
        return cast("dict[str, Any]", answer)

    def _checksum(self, digest: bytes) -> dict[str, str]:
        """Have the server check what it received, where it can."""
        if self._client.meta.config.request_checksum_calculation != "when_supported":
            return {}
        return {"ChecksumSHA256": base64.b64encode(digest).decode("ascii")}

    @contextmanager
    def _plain(self, key: str) -> Iterator[None]:
        """Turn what a server or boto3 says into what a person can do.

        Raises:
            ProductionError: code TARGET.
        """
        try:
            yield
        except botocore.exceptions.ClientError as error:
            code = _code(error)
            problem, remedy = _REMEDIES.get(
                code, (f"the server refuses: {code}", "look at the bucket, then publish again")
            )
            raise self._refused(key, problem, remedy) from error
        except (
            botocore.exceptions.NoCredentialsError,
            botocore.exceptions.PartialCredentialsError,
            botocore.exceptions.CredentialRetrievalError,
            botocore.exceptions.ProfileNotFound,
        ) as error:
            raise self._refused(
                key,
                f"there are no credentials: {error}",
                "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write profile = ... "
                "with the name of a profile of yours",
            ) from error
        except botocore.exceptions.BotoCoreError as error:
            raise self._refused(
                key,
                f"the server cannot be reached: {error}",
                "check the connection and the endpoint, then publish again",
            ) from error

    def _refused(self, key: str, problem: str, remedy: str) -> ProductionError:
        where = self._address(key) if key else self._where
        return ProductionError(problem, where=where, remedy=remedy, code=ExitCode.TARGET)


def _client(settings: TargetSettings, where: str) -> Any:  # noqa: ANN401  # boto3 makes the class at run time
    options = settings.options
    session = boto3.Session(profile_name=options.get("profile"), region_name=options.get("region"))
    asked = options.get("endpoint", "")
    if asked:
        check_server(asked, where)
    # Amazon takes boto3's checksums; others may not, and then every upload fails.
    checksums = options.get("checksums", "when_required" if asked else "when_supported")
    if checksums not in {"when_required", "when_supported"}:
        raise ProductionError(
            f"checksums cannot be {checksums!a}",
            where=where,
            remedy="write when_required or when_supported",
            code=ExitCode.TARGET,
        )
    config = botocore.config.Config(
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        request_checksum_calculation=cast("Any", checksums),
        response_checksum_validation=cast("Any", checksums),
        s3={"addressing_style": "path" if asked else "auto"},
    )
    own = asked if asked and is_loopback(asked) else None
    client = session.client("s3", config=config, endpoint_url=own)
    chosen = client.meta.endpoint_url
    check_server(chosen, where)
    if asked and chosen.rstrip("/") != asked.rstrip("/"):
        raise ProductionError(
            f"the workspace names the server {asked}, and you have not chosen it",
            where=where,
            remedy="if you trust it with your credentials, set AWS_ENDPOINT_URL_S3 to this "
            "address or write endpoint_url into your profile",
            code=ExitCode.TARGET,
        )
    if session.get_credentials() is None:
        raise botocore.exceptions.NoCredentialsError
    return client


def _conditions_for(etag: str) -> list[dict[str, str]]:
    """Give the conditions to try: some servers take an ETag only without its quotes."""
    if not etag:
        return [{"IfNoneMatch": "*"}]
    return [{"IfMatch": etag}, {"IfMatch": etag.strip('"')}]


def _content(key: str, media_type: str) -> dict[str, str]:
    """Give the headers that tell a browser what it gets."""
    fields = {"ContentType": with_charset(media_type)}
    if media_type == "application/zip":
        fields["ContentDisposition"] = f'attachment; filename="{key.rpartition("/")[2]}"'
    return fields


def with_charset(media_type: str) -> str:
    """Give a media type that says UTF-8 where a reader would otherwise guess."""
    textual = media_type.startswith("text/") or media_type in {
        "application/rss+xml",
        "application/x-subrip",
    }
    return f"{media_type}; charset=utf-8" if textual and "charset" not in media_type else media_type


def _code(error: botocore.exceptions.ClientError) -> str:
    """Give the server's word for what is wrong; the status where it gave none."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = str(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
    return status if status in {"501", "412", "409"} else code or status


def _rewind(body: IO[bytes] | bytes) -> None:
    if not isinstance(body, bytes):
        body.seek(0)
