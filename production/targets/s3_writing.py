"""Writing to a bucket and making sure of it: what a server answers is looked at again.

A server may refuse, lose its answer, keep less than it was sent, know no conditions or ignore
them; what stands there afterwards is compared by length, by the note that we leave beside each
object and by the server's own checksum, and read where these leave doubt.
"""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from production.targets.base import (
    BLOCK_BYTES,
    damaged_source,
    occupied,
    overtaken,
    unreadable_source,
)
from production.targets.s3_client import Refusal
from production.targets.s3_conditions import Condition, Conditions
from production.targets.s3_multipart import InParts, in_parts
from production.targets.s3_refusals import ABSENT, CHANGED, UNKNOWN
from production.targets.s3_store import Store, Stored, done, tagged
from production.targets.serving import served
from programme.errors import ProductionError
from programme.units import Digest, Key

SETTLING_S = (0.1, 0.4, 1.5)
"""How long a server may show what was there before a write that it has answered."""

TRIES = 3
"""How often something is sent to a server that keeps other bytes than it was sent."""

_UNKEPT = "the server keeps other bytes than it was sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What is to stand under a key, and how it is known again."""

    length_bytes: int
    digest: Digest
    md5: str
    """Of all bytes, hexadecimal."""


class Writer:
    """What writes to one bucket; from any thread."""

    def __init__(self, store: Store, *, sends_sha256: bool) -> None:
        """Take a bucket.

        Args:
            store: the bucket.
            sends_sha256: have the server compare a SHA-256, and not an MD5.
        """
        self._store = store
        self._sends_sha256 = sends_sha256
        self._conditions = Conditions()
        self._sent: dict[Key, Digest] = {}

    def has_sent(self, key: Key, digest: Digest) -> bool:
        """Tell whether this run has sent a file with this digest under a key."""
        return self._sent.get(key) == digest

    def take_back(self, key: Key) -> None:
        """Remove what this run has sent and the server has not kept."""
        self._store.ask("delete_object", key, done)
        self._sent.pop(key, None)

    # --- Files whose bytes never change -----------------------------------------------------

    def create(
        self, key: Key, source: Path, media_type: str, digest: Digest, there: Stored | None
    ) -> None:
        """Send a file under a key where nothing stands, or a damaged copy of ours.

        What the server then shows is compared; what came out wrong is sent again, and taken away
        if it stays wrong.

        Raises:
            ProductionError: see Target.put_new; or the server does not keep what it is sent.
        """
        ours = measured(source, digest)
        for turn in range(TRIES):
            if there is not None and there.noted != digest:
                raise occupied(self._store.address(key))
            forms = self._conditions.replacing(there.tag if there else "")
            condition = forms[turn % len(forms)]
            tag = self._send_file(key, source, media_type, ours, condition)
            kept, now = self._settled(key, ours, there.tag if there else "")
            if tag is not None or kept:
                self._sent[key] = digest
            if kept:
                return
            if now is not None and now.noted != digest and _is_tag(now, tag):
                # Ours by its tag, and noted as nothing, on a server that keeps no notes, or as
                # another file, whose upload to this key was begun and gone on with.
                self.take_back(key)
                now = None
            there = now
        if there is not None and there.noted == digest:
            self.take_back(key)
        raise self._store.failure(
            key,
            _UNKEPT,
            "what it kept is taken away again; ask its operator, then publish again",
        )

    def _send_file(
        self, key: Key, source: Path, media_type: str, ours: Ours, condition: Condition
    ) -> str | None:
        """Give the ETag; None if the condition does not hold, or an upload ended elsewhere."""
        fields = _described(key, media_type, ours)
        if not in_parts(self._store, ours.length_bytes):
            return self._send(key, _bytes_of(source), fields | self._checksum(ours), condition)
        pieces = InParts(
            store=self._store,
            key=key,
            source=source,
            length_bytes=ours.length_bytes,
            fields=fields,
            conditions=self._conditions,
        )
        return pieces.send(condition)

    # --- Documents that are replaced --------------------------------------------------------

    def replace(
        self, key: Key, data: bytes, media_type: str, before: tuple[bytes, Stored] | None
    ) -> None:
        """Send bytes over those that were read, and over no others.

        Raises:
            ProductionError: see Target.swap; or the server does not keep what it is sent.
        """
        first = tag = before[1].tag if before is not None else ""
        for pause in (*SETTLING_S, 0.0):
            for condition in self._conditions.replacing(tag):
                now = self._replaced(key, data, media_type, tag, condition)
                if now is None:
                    self._conditions.passed(condition)
                    return
                if now != tag:
                    tag = now
                    break
            self._store.line.pause(pause)
        if tag == first:
            raise overtaken(self._store.address(key))
        raise self._put_back(key, tag, before, media_type)

    def _replaced(
        self, key: Key, data: bytes, media_type: str, tag: str, condition: Condition
    ) -> str | None:
        """Try to replace what has a tag; give None when done, else the tag of what stands there.

        Another tag is that of our own bytes, cut by the server, to be sent again over the piece.
        """
        ours = measured_bytes(data)
        fields = _described(key, media_type, ours) | self._checksum(ours)
        written = self._send(key, data, fields, condition)
        if written is not None:
            kept, now = self._settled(key, ours, tag)
            if kept:
                return None
            if now is not None and (now.noted == ours.digest or _is_tag(now, written)):
                return now.tag
            raise overtaken(self._store.address(key))
        found = self._store.get(key)
        if found is not None and found[0] == data:
            return None  # our own write, whose answer was lost
        if (found[1].tag if found is not None else "") != tag:
            raise overtaken(self._store.address(key))
        return tag  # untouched: the other form of the condition, or again later

    def _put_back(
        self, key: Key, tag: str, before: tuple[bytes, Stored] | None, media_type: str
    ) -> ProductionError:
        """Put back what stood there before a server cut our bytes; give the error."""
        if before is None:
            self._store.ask("delete_object", key, done)
        else:
            old = measured_bytes(before[0])
            self._send(key, before[0], _described(key, media_type, old), {"IfMatch": tag})
        return self._store.failure(
            key, _UNKEPT, "ask its operator, then publish again; what stood there was put back"
        )

    # --- One object -------------------------------------------------------------------------

    def _send(
        self, key: Key, data: bytes, fields: dict[str, Any], condition: Condition
    ) -> str | None:
        """Send an object and give its ETag; None if the condition does not hold."""
        expect = CHANGED | UNKNOWN | ABSENT if condition else frozenset[str]()
        asked = {"Body": data} | fields
        try:
            return self._store.ask("put_object", key, tagged, expect=expect, **asked, **condition)
        except Refusal as refusal:
            if refusal.code not in UNKNOWN:
                return None
        tag = self._store.ask("put_object", key, tagged, **asked)
        self._conditions.is_unknown(condition)
        return tag

    def _settled(self, key: Key, ours: Ours, before: str) -> tuple[bool, Stored | None]:
        """Look at what was written, until the server no longer shows what was there before.

        Gives whether it is ours, whole; and what stands there.
        """
        now = None
        for pause in (*SETTLING_S, 0.0):
            now = self._store.head(key)
            if now is not None and now.tag != before:
                break
            self._store.line.pause(pause)
        return now is not None and self._holds(key, now, ours), now

    def _holds(self, key: Key, now: Stored, ours: Ours) -> bool:
        """Tell whether an object is ours, whole; it is read only where its head leaves doubt."""
        if now.length_bytes not in {None, ours.length_bytes}:
            return False
        if now.noted and now.noted != ours.digest:
            return False
        if now.md5 == ours.md5:
            return True
        if now.noted and (not now.md5 or "-" in now.md5):
            return True  # a tag of parts, or one that says nothing
        return self._store.digest(key, ours.digest) == ours.digest

    def _checksum(self, ours: Ours) -> dict[str, str]:
        """Have the server check what it received."""
        if self._sends_sha256:
            return {"ChecksumSHA256": _base64(ours.digest)}
        return {"ContentMD5": _base64(ours.md5)}


def _is_tag(now: Stored, tag: str | None) -> bool:
    """Tell whether an object has the ETag that a write of ours was answered with."""
    return tag is not None and now.tag.strip('"') == tag.strip('"')


def _described(key: Key, media_type: str, ours: Ours) -> dict[str, Any]:
    """Give what is said of an object beside its bytes."""
    how = served(key, media_type)
    fields: dict[str, Any] = {
        "ContentType": how.media_type,
        "CacheControl": how.cache_control,
        "Metadata": {"sha256": ours.digest},
    }
    return fields | ({"ContentDisposition": how.disposition} if how.disposition else {})


def measured(source: Path, digest: Digest) -> Ours:
    """Read a file that is to be sent.

    Raises:
        ProductionError: code STORAGE; it cannot be read, or is not what was built.
    """
    sha256, md5, length = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    try:
        with source.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                sha256.update(block)
                md5.update(block)
                length += len(block)
    except OSError as error:
        raise unreadable_source(source, error) from error
    if sha256.hexdigest() != digest:
        raise damaged_source(source)
    return Ours(length_bytes=length, digest=digest, md5=md5.hexdigest())


def measured_bytes(data: bytes) -> Ours:
    """Give how bytes are known again."""
    return Ours(
        length_bytes=len(data),
        digest=Digest(hashlib.sha256(data).hexdigest()),
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
    )


def _bytes_of(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError as error:
        raise unreadable_source(source, error) from error


def _base64(hexadecimal: str) -> str:
    return base64.b64encode(bytes.fromhex(hexadecimal)).decode("ascii")
