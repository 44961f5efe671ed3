"""Requests to one bucket that are tried again while there is hope, and refused in plain words."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from production.targets.base import BLOCK_BYTES, check_key
from production.targets.line import Line
from production.targets.s3_client import Refusal, Unanswered, ask_once, login_page
from production.targets.s3_refusals import ABSENT, meaning, passes
from programme.errors import ExitCode, ProductionError
from programme.units import Digest, Key

PAUSES_S = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Between tries: a line that comes back within 15 seconds, or a server that is busy, is not told
of."""

PAUSES_UNMET_S = (0.25, 1.0)
"""The same while nobody has answered yet: a wrong address is not tried for long."""

MOST_PAUSE_S = 30.0
"""What a server that says when to come back is believed."""

MOST_BYTES = 256 << 20
"""What is longer is not read into memory: no document of ours is."""

ALL: frozenset[str] = frozenset({"*"})
"""Every refusal that does not pass."""

_Taken = TypeVar("_Taken")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An object as its head tells."""

    length_bytes: int | None
    """None where the server does not say."""
    tag: str
    """Its ETag as the server quotes it, without the sign of a weak one."""
    noted: str
    """The digest that we wrote beside it; empty where there is none."""
    is_sealed: bool
    """Encrypted by the server with a key of its own: the tag is no MD5."""

    @property
    def md5(self) -> str:
        """What the tag says of the bytes: an MD5, or one of parts; empty where it says nothing."""
        bare = self.tag.strip('"').lower()
        first = bare.partition("-")[0]
        is_md5 = len(first) == 32 and not set(first) - set("0123456789abcdef")
        return bare if is_md5 and not self.is_sealed else ""


class Store:
    """One bucket, and the prefix in it that is ours."""

    def __init__(self, client: Any, line: Line, *, bucket: str, prefix: str, where: str) -> None:  # noqa: ANN401
        """Take a client; send nothing.

        Args:
            client: of s3_client.
            line: that all requests keep to.
            bucket: its name.
            prefix: without slashes at its ends; empty for the whole bucket.
            where: the target, for messages.
        """
        self.client = client
        self.line = line
        self.bucket = bucket
        self.prefix = prefix
        self.troubles = 0
        """How often a request had to be tried again."""
        self._where = where
        self._is_met = False
        self._has_bucket = False

    def name_of(self, key: str) -> str:
        """Give a key as the bucket names it.

        Raises:
            ValueError: it is none.
        """
        return self.below + "/".join(check_key(key))

    @property
    def below(self) -> str:
        """How the names of our objects begin."""
        return f"{self.prefix}/" if self.prefix else ""

    def address(self, key: str) -> str:
        """Give where an object is, for messages."""
        return "/".join(part for part in (f"s3://{self.bucket}", self.prefix, key) if part)

    def ask(
        self,
        operation: str,
        key: str | None,
        take: Callable[[dict[str, Any]], _Taken],
        *,
        expect: frozenset[str] = frozenset(),
        **fields: Any,  # noqa: ANN401  # boto3's
    ) -> _Taken:
        """Send a request for an object, or for the bucket, until it is answered.

        Args:
            operation: boto3's name of it.
            key: of the object; None for the bucket.
            take: what is wanted from the answer; called again with each try.
            expect: codes of refusals that are raised as they are.
            fields: further ones.

        Raises:
            Refusal: an expected one.
            ProductionError: code TARGET; any other, or no answer.
        """
        asked = (
            {"Bucket": self.bucket} | ({} if key is None else {"Key": self.name_of(key)}) | fields
        )
        pauses = iter(PAUSES_S)
        unmet = iter(PAUSES_UNMET_S)
        while True:
            self.line.left()
            try:
                found = ask_once(self.client, operation, asked, take)
            except Refusal as refusal:
                self._is_met = True
                wait = next(pauses, None) if passes(refusal) else None
                if wait is None or (refusal.code in expect and refusal.status < 500):
                    self._refuse(refusal, operation, key, expect)
                wait = max(wait or 0.0, _wished(refusal))
            except Unanswered as silence:
                self.line.left()
                self._is_met = self._is_met or silence.met
                wait = next(pauses if self._is_met else unmet, None)
                if silence.lasting or wait is None:
                    raise self.failure(key, silence.problem, silence.remedy) from silence
            else:
                self._is_met = self._has_bucket = True
                return found
            self.troubles += 1
            self.line.pause(wait)

    def _refuse(
        self, refusal: Refusal, operation: str, key: str | None, expect: frozenset[str]
    ) -> None:
        """Raise what a refusal means; an answer to HEAD has no body, so that we look closer."""
        if (
            operation == "head_object"
            and key
            and refusal.is_bare
            and not self._is_plainly_absent(refusal)
        ):
            refusal = self._looked_at(refusal, key)
        if expect == ALL or refusal.code in expect:
            raise refusal
        problem, remedy = meaning(refusal)
        raise self.failure(key, problem, remedy) from refusal

    def _is_plainly_absent(self, refusal: Refusal) -> bool:
        return self._has_bucket and refusal.code in ABSENT

    def _looked_at(self, refusal: Refusal, key: str) -> Refusal:
        """Ask in a way that is answered in words why an object's head is refused."""
        asked = {"Bucket": self.bucket, "Key": self.name_of(key), "Range": "bytes=0-0"}
        try:
            ask_once(self.client, "get_object", asked, done)
        except Refusal as told:
            self._has_bucket = self._has_bucket or told.code in ABSENT
            return refusal if passes(told) or told.status == 416 else told
        except Unanswered:
            return refusal
        return refusal

    def failure(self, key: str | None, problem: str, remedy: str) -> ProductionError:
        """Give the error for an object, or for the target where there is no key."""
        where = self.address(key) if key else self._where
        return ProductionError(problem, where=where, remedy=remedy, code=ExitCode.TARGET)

    # --- Reading ---------------------------------------------------------------------------

    def head(self, key: Key) -> Stored | None:
        """Give what is known of an object without reading it; None if there is none."""
        try:
            return self.ask("head_object", key, stored, expect=ABSENT)
        except Refusal:
            return None

    def get(self, key: Key) -> tuple[bytes, Stored] | None:
        """Give an object's bytes; None if there is none.

        Where they are not what was noted beside them they are read again, as an answer may be cut
        on its way; after that they are what stands there.
        """
        found = None
        for pause in (*PAUSES_S[:2], 0.0):
            try:
                found = self.ask("get_object", key, partial(self._whole, key), expect=ABSENT)
            except Refusal:
                return None
            data, told = found
            if not told.noted or told.noted == hashlib.sha256(data).hexdigest():
                break
            self.line.pause(pause)
        return found

    def digest(self, key: Key, expected: Digest) -> str | None:
        """Read an object back and give its digest; None if there is none.

        Bytes that are not those expected are read again once.
        """
        found = None
        for _ in range(2):
            try:
                found = self.ask("get_object", key, _digest, expect=ABSENT)
            except Refusal:
                return None
            if found == expected:
                break
        return found

    def pages(
        self,
        operation: str,
        rows: str,
        marks: Mapping[str, str],
        *,
        key: str | None = None,
        expect: frozenset[str] = frozenset(),
        **fields: Any,  # noqa: ANN401
    ) -> Iterator[dict[str, Any]]:
        """Give the rows of a list that a server hands out in pages.

        Args:
            operation: of boto3.
            rows: the field of the answer that holds them.
            marks: which field of a request takes which of the answer before it.
            key: of the object that is asked for; None for the bucket.
            expect: as for ``ask``.
            fields: further ones.
        """
        going: dict[str, Any] = {}
        while True:
            page = self.ask(operation, key, _list, expect=expect, **fields, **going)
            yield from page.get(rows, ())
            following = {name: page[field] for name, field in marks.items() if page.get(field)}
            if not page.get("IsTruncated") or (expect and not following):
                return
            if not following or following == going:
                raise self.failure(
                    None,
                    "the server's list does not go on, and does not end",
                    "tell the server's operator: it answers list-type=2 as if it did not know it",
                )
            going = following

    def _whole(self, key: Key, answer: dict[str, Any]) -> tuple[bytes, Stored]:
        told = stored(answer)
        data = b""
        if (told.length_bytes or 0) <= MOST_BYTES:
            data = answer["Body"].read(MOST_BYTES + 1)
            rest = answer["Body"].read(1)  # asked for at the end, boto3 checks the length
            data += rest
        if max(told.length_bytes or 0, len(data)) > MOST_BYTES:
            raise ProductionError(
                "this is far longer than anything that Altavoz writes there",
                where=self.address(key),
                remedy="look at what wrote it",
                code=ExitCode.TARGET,
            )
        return data, told


def stored(answer: dict[str, Any]) -> Stored:
    """Take an object's head from an answer that only a store gives.

    Raises:
        Unanswered: something else answers.
    """
    if "ETag" not in answer:
        raise login_page()
    length = answer.get("ContentLength")
    sealed = answer.get("SSECustomerAlgorithm") or answer.get("ServerSideEncryption", "AES256")
    return Stored(
        length_bytes=None if length is None else int(length),
        tag=str(answer["ETag"]).removeprefix("W/"),
        noted=str(answer.get("Metadata", {}).get("sha256", "")),
        is_sealed=sealed != "AES256",
    )


def tagged(answer: dict[str, Any]) -> str:
    """Take the ETag of what was sent.

    Raises:
        Unanswered: something else than a store answers.
    """
    return stored(answer).tag


def _list(answer: dict[str, Any]) -> dict[str, Any]:
    if "IsTruncated" not in answer and not {"Name", "Bucket", "KeyCount"} & set(answer):
        raise login_page()
    return answer


def _digest(answer: dict[str, Any]) -> str:
    stored(answer)
    running = hashlib.sha256()
    for block in answer["Body"].iter_chunks(BLOCK_BYTES):
        running.update(block)
    return running.hexdigest()


def done(answer: dict[str, Any]) -> None:
    """Take nothing: that the server has answered is enough."""
    del answer


def _wished(refusal: Refusal) -> float:
    """Give after how many seconds a server wants to be asked again; 0 where it does not say."""
    said = refusal.header("retry-after")
    return min(float(said), MOST_PAUSE_S) if said.isascii() and said.isdigit() else 0.0
