"""Large files in parts, so that a broken line costs one part and not the file.

What has arrived is asked of the server itself, and so a run that was killed, or another process,
goes on where the first one ended: a key names its bytes, so that every upload under way to a key
is one of the same file, and a part whose ETag is the MD5 of ours is not sent again.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from production.targets.base import unreadable_source
from production.targets.s3_client import Refusal, login_page
from production.targets.s3_conditions import Condition, Conditions
from production.targets.s3_refusals import CHANGED, UNKNOWN
from production.targets.s3_store import ALL, Store, done, tagged
from programme.units import Key

SINGLE_BYTES = 8 << 20
"""What is no longer than this goes in one piece, on a line that holds."""

PART_BYTES = 8 << 20
SMALL_PART_BYTES = 5 << 20
"""The least that servers take, but for the last part; for slow and broken lines."""

MOST_PARTS = 10_000
"""The most that servers take."""

_MIB = 1 << 20
_ANEW = frozenset({"InvalidPart", "InvalidPartOrder", "EntityTooSmall"})
_Have = Mapping[int, tuple[int, str]]
"""Parts that have arrived: by number, length and ETag."""

_GONE = frozenset({"NoSuchUpload", "404"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """An upload that was begun and not finished, whoever began it."""

    name: str
    """As the bucket names the object."""
    upload: str
    """The server's id of it."""
    began_at: datetime | None
    """By the server's clock; None where it does not say."""


def in_parts(store: Store, length_bytes: int) -> bool:
    """Tell whether a file goes in parts."""
    slow = store.line.is_slow or store.troubles > 0
    return length_bytes > (SMALL_PART_BYTES if slow else SINGLE_BYTES)


def unfinished(store: Store, key: str = "") -> list[Unfinished]:
    """Give the uploads under way to a key, or to everything below the prefix; the newest first.

    None where the server does not tell, or does not let us ask.
    """
    name = store.name_of(key) if key else store.below
    marks = {"KeyMarker": "NextKeyMarker", "UploadIdMarker": "NextUploadIdMarker"}
    try:
        rows = list(
            store.pages("list_multipart_uploads", "Uploads", marks, expect=ALL, Prefix=name)
        )
    except Refusal:
        return []
    found = [
        Unfinished(name=row["Key"], upload=row["UploadId"], began_at=row.get("Initiated"))
        for row in rows
        if row["Key"].startswith(name) and (not key or row["Key"] == name)
    ]
    return sorted(found, key=_age, reverse=True)


def abandon(store: Store, one: Unfinished) -> None:
    """Have a server forget the parts of an upload; it may have done so already."""
    try:
        store.ask(
            "abort_multipart_upload", None, done, expect=ALL, Key=one.name, UploadId=one.upload
        )
    except Refusal:
        return


@dataclass(frozen=True, slots=True, kw_only=True)
class InParts:
    """A file that goes to a bucket in parts."""

    store: Store
    key: Key
    source: Path
    length_bytes: int
    fields: Mapping[str, Any]
    """Of the object: its type, cache rules and what is noted beside it."""
    conditions: Conditions
    """What is known of the server."""

    def send(self, condition: Condition) -> str | None:
        """Send the file; what an earlier try has sent is not sent again.

        Gives the object's ETag; None if the condition does not hold, or if the upload was finished
        or ended by somebody else: the caller looks at the object.

        Args:
            condition: for the moment in which the object appears.

        Raises:
            ProductionError: the server does not take it.
        """
        going = unfinished(self.store, self.key)
        for _ in range(2):
            upload, size, have = self._chosen(going)
            mine = Unfinished(name=self.store.name_of(self.key), upload=upload, began_at=None)
            try:
                tag = self._complete(upload, self._send_missing(upload, size, have), condition)
            except Refusal as refusal:
                if refusal.code not in _ANEW:
                    return None
                for one in (mine, *going):
                    abandon(self.store, one)
                going = []
            else:
                # What is left of runs that were killed; whoever else sends this file finds it.
                for one in going:
                    if one.upload != upload:
                        abandon(self.store, one)
                return tag
        return None

    def _chosen(self, going: list[Unfinished]) -> tuple[str, int, _Have]:
        """Give the upload to go on with, how long its parts are, and those that it has."""
        marks = {"PartNumberMarker": "NextPartNumberMarker"}
        for one in going:
            try:
                rows = list(
                    self.store.pages(
                        "list_parts",
                        "Parts",
                        marks,
                        key=self.key,
                        expect=ALL,
                        UploadId=one.upload,
                    )
                )
            except Refusal:
                continue  # finished or ended meanwhile, or the server does not tell
            have = {
                int(row["PartNumber"]): (int(row["Size"]), str(row["ETag"]).strip('"').lower())
                for row in rows
            }
            size = _size_of(have, self.length_bytes)
            if size is not None:
                return one.upload, size, have
        upload = self.store.ask("create_multipart_upload", self.key, _upload_id, **self.fields)
        return upload, part_bytes(self.store, self.length_bytes), {}

    def _send_missing(self, upload: str, size: int, have: _Have) -> list[dict[str, Any]]:
        """Send the parts that are not there; give all of them as they are finished with."""
        parts = []
        for begin in range(0, self.length_bytes, size):
            number = begin // size + 1
            data = _slice(self.source, begin, min(size, self.length_bytes - begin))
            md5 = hashlib.md5(data, usedforsecurity=False)
            if have.get(number) == (len(data), md5.hexdigest()):
                tag = f'"{md5.hexdigest()}"'
            else:
                tag = self.store.ask(
                    "upload_part",
                    self.key,
                    tagged,
                    expect=_GONE,
                    UploadId=upload,
                    PartNumber=number,
                    Body=data,
                    ContentMD5=base64.b64encode(md5.digest()).decode("ascii"),
                )
            parts.append({"PartNumber": number, "ETag": tag})
        return parts

    def _complete(self, upload: str, parts: list[dict[str, Any]], condition: Condition) -> str:
        expect = CHANGED | _GONE | _ANEW
        asked = {"UploadId": upload, "MultipartUpload": {"Parts": parts}}
        try:
            return self.store.ask(
                "complete_multipart_upload",
                self.key,
                tagged,
                expect=expect | (UNKNOWN if condition else frozenset()),
                **asked,
                **condition,
            )
        except Refusal as refusal:
            if refusal.code not in UNKNOWN:
                raise
        tag = self.store.ask("complete_multipart_upload", self.key, tagged, expect=expect, **asked)
        self.conditions.is_unknown(condition)
        return tag


def _size_of(have: _Have, length_bytes: int) -> int | None:
    """Give how long the parts of an upload are; None where it is none of ours to go on with."""
    if not have:
        return None
    size = max(length for length, _ in have.values())
    count = -(-length_bytes // size) if size else 0
    if size < SMALL_PART_BYTES or count > MOST_PARTS or max(have) > count:
        return None
    return size


def part_bytes(store: Store, length_bytes: int) -> int:
    """Give how long the parts of a new upload are."""
    size = SMALL_PART_BYTES if store.line.is_slow or store.troubles > 0 else PART_BYTES
    least = -(-length_bytes // MOST_PARTS)
    return max(size, -(-least // _MIB) * _MIB)


def _slice(source: Path, begin: int, count: int) -> bytes:
    try:
        with source.open("rb") as file:
            file.seek(begin)
            return file.read(count)
    except OSError as error:
        raise unreadable_source(source, error) from error


def _upload_id(answer: dict[str, Any]) -> str:
    if not answer.get("UploadId"):
        raise login_page()
    return str(answer["UploadId"])


def _age(one: Unfinished) -> float:
    return 0.0 if one.began_at is None else one.began_at.timestamp()
