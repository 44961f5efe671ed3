"""The ways in which a server misbehaves, each met in the field or documented for some store.

A fault meets the first requests of its steps for each key, or all of them.
"""

import gzip
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.targets.careless import Answer, Fault, Request

WRITES = frozenset({"put", "part", "begin", "complete", "delete"})
ALL = WRITES | {"get", "head", "list", "abort", "uploads", "parts"}
FOR_EVER = 1_000_000


def error(status: int, code: str, **headers: str) -> Answer:
    """Give an answer as S3 words its errors."""
    return Answer(
        status=status,
        headers={"Content-Type": "application/xml"} | headers,
        body=f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode(),
    )


def unconditional(request: Request) -> None:
    request.headers = {
        name: value
        for name, value in request.headers.items()
        if name.lower() not in {"if-match", "if-none-match"}
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoresConditions(Fault):
    """Takes every write as if it had no condition."""

    steps: frozenset[str] = WRITES

    def ask(self, request: Request) -> None:
        if request.step in self.steps:
            unconditional(request)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowsNoConditions(Fault):
    """Answers 501 to writes with a condition."""

    only: str = ""
    """The one condition that it does not know; empty for both."""
    steps: frozenset[str] = frozenset({"put", "complete"})

    def ask(self, request: Request) -> Answer | None:
        names = {name.lower() for name in request.headers}
        unknown = self.only in names if self.only else request.has_condition()
        if request.step in self.steps and unknown:
            return error(501, "NotImplemented")
        return None


class RefusesQuotes(Fault):
    """Answers 412 to the rightly quoted ETag and takes it without its quotes."""

    def ask(self, request: Request) -> Answer | None:
        for name, value in request.headers.items():
            if name.lower() == "if-match" and value.startswith('"'):
                return error(412, "PreconditionFailed")
            if name.lower() == "if-match":
                request.headers[name] = f'"{value}"'
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class LosesAnswers(Fault):
    """Does what it was asked and drops the connection instead of saying so."""

    steps: frozenset[str] = WRITES
    first: int = 1

    def answer(self, request: Request, answer: Answer) -> Answer | None:
        lost = request.step in self.steps and request.nth <= self.first
        return None if lost else answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuses(Fault):
    """Answers with an error, without doing anything."""

    status: int
    code: str
    steps: frozenset[str] = ALL
    first: int = 2
    retry_after: str = ""

    def ask(self, request: Request) -> Answer | None:
        if request.step not in self.steps or request.nth > self.first:
            return None
        more = {"Retry-After": self.retry_after} if self.retry_after else {}
        return error(self.status, self.code, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drops(Fault):
    """Drops the connection without doing anything."""

    steps: frozenset[str] = ALL
    first: int = 1

    def ask(self, request: Request) -> Answer | None:
        return Answer(status=0, headers={}, body=b"") if self._hit(request) else None

    def answer(self, request: Request, answer: Answer) -> Answer | None:
        return None if self._hit(request) else answer

    def _hit(self, request: Request) -> bool:
        return request.step in self.steps and request.nth <= self.first


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncates(Fault):
    """Keeps half of an upload, and says that all is well."""

    steps: frozenset[str] = frozenset({"put", "part"})
    first: int = FOR_EVER

    def ask(self, request: Request) -> None:
        if request.step in self.steps and request.nth <= self.first:
            request.body = request.body[: len(request.body) // 2]
            for name in list(request.headers):
                if name.lower() in {"content-md5", "x-amz-content-sha256"}:
                    del request.headers[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips(Fault):
    """Changes one bit on the way in (steps of writing) or on the way out (get)."""

    steps: frozenset[str]
    first: int = FOR_EVER

    def ask(self, request: Request) -> None:
        if request.step in self.steps - {"get"} and request.nth <= self.first:
            request.body = _flipped(request.body)

    def answer(self, request: Request, answer: Answer) -> Answer:
        hit = request.step == "get" and "get" in self.steps and request.nth <= self.first
        if hit and answer.status in {200, 206}:
            answer.body = _flipped(answer.body)
        return answer


def _flipped(body: bytes) -> bytes:
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :] if body else body


@dataclass(slots=True)
class StaleLists(Fault):
    """Shows each list as it was when it was first asked for."""

    kept: dict[str, Answer] = field(default_factory=dict)

    def ask(self, request: Request) -> Answer | None:
        return self.kept.get(request.path) if request.step == "list" else None

    def answer(self, request: Request, answer: Answer) -> Answer:
        if request.step == "list":
            self.kept.setdefault(request.path, answer)
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Stalls(Fault):
    """Takes a request and says nothing, until the client or the test gives up."""

    steps: frozenset[str] = ALL
    first: int = FOR_EVER

    def ask(self, request: Request) -> Answer | None:
        if request.step in self.steps and request.nth <= self.first:
            request.over.wait(60)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drips(Fault):
    """Sends a byte now and then, so that no pause is long and the answer never ends."""

    pause_s: float = 0.05

    def pour(self, request: Request, body: bytes) -> Iterator[bytes]:
        for place in range(len(body)):
            if request.over.wait(self.pause_s):
                return
            yield body[place : place + 1]


@dataclass(slots=True, kw_only=True)
class Cuts(Fault):
    """Ends downloads in their middle: the first of them, in all, or every one."""

    first: int = FOR_EVER
    done: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def pour(self, request: Request, body: bytes) -> Iterator[bytes]:
        del request
        with self.lock:
            self.done += 1
            cut = self.done <= self.first
        yield body[: len(body) // 2] if cut else body


class Portal(Fault):
    """Says hello to everything, as the login page of a hotel's network does."""

    def ask(self, request: Request) -> Answer:
        del request
        return Answer(status=200, headers={"Content-Type": "text/html"}, body=b"hello")


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirects(Fault):
    """Sends everybody elsewhere, where signed requests must not go."""

    to: str

    def ask(self, request: Request) -> Answer:
        return Answer(status=307, headers={"Location": self.to + request.path}, body=b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class FailsInside(Fault):
    """Says 200 and then, in the answer's body, that it failed, as S3 does for long work."""

    first: int = 1

    def ask(self, request: Request) -> Answer | None:
        if request.step != "complete" or request.nth > self.first:
            return None
        told = error(200, "InternalError")
        told.body = b'<?xml version="1.0" encoding="UTF-8"?>\n\n' + told.body
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Garbles(Fault):
    """Answers 200 with something that is no answer of a store."""

    steps: frozenset[str] = frozenset({"list", "begin", "complete", "uploads", "parts"})

    def ask(self, request: Request) -> Answer | None:
        if request.step not in self.steps:
            return None
        return Answer(
            status=200,
            headers={"Content-Type": "application/xml", "ETag": '"x"'},
            body=b"<ListBucketResult><Contents><Key>\xff</wrong>",
        )


# --- Odd, and allowed ------------------------------------------------------------------------


class LosesNotes(Fault):
    """Keeps none of the metadata that it was given."""

    def answer(self, request: Request, answer: Answer) -> Answer:
        del request
        answer.headers = {
            name: value
            for name, value in answer.headers.items()
            if not name.lower().startswith("x-amz-meta-")
        }
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsItsOwnWay(Fault):
    """Gives ETags that are no MD5 of anything: as it encrypts, or counts versions."""

    before: str = '"'
    after: str = '-of-its-own"'

    def ask(self, request: Request) -> None:
        for name, value in request.headers.items():
            if name.lower() in {"if-match", "if-none-match"} and value != "*":
                is_ours = value.startswith(self.before) and value.endswith(self.after)
                bare = value.removeprefix(self.before).removesuffix(self.after)
                request.headers[name] = f'"{bare}"' if is_ours else '"none"'
        request.body = request.body.replace(b"-of-its-own", b"")

    def answer(self, request: Request, answer: Answer) -> Answer:
        del request
        for name, value in answer.headers.items():
            if name.lower() == "etag":
                answer.headers[name] = f"{self.before}{value.strip(_QUOTE)}{self.after}"
        return answer


_QUOTE = '"'


class WeakensTags(Fault):
    """Marks ETags as weak on their way, as a cache before a store does that packs answers."""

    def answer(self, request: Request, answer: Answer) -> Answer:
        del request
        for name, value in answer.headers.items():
            if name.lower() == "etag":
                answer.headers[name] = f"W/{value}"
        return answer


class ShortPages(Fault):
    """Gives its lists two names at a time."""

    def ask(self, request: Request) -> None:
        if request.step == "list":
            request.path += "&max-keys=2"


class OldLists(ShortPages):
    """Knows the first form of lists only, and gives two names at a time."""

    def ask(self, request: Request) -> None:
        request.path = request.path.replace("list-type=2&", "").replace("list-type=2", "")
        super().ask(request)


class HidesAbsence(Fault):
    """Answers 403 where nothing stands, as Amazon does to those who may not list."""

    def answer(self, request: Request, answer: Answer) -> Answer:
        if answer.status == 404 and request.step in {"get", "head"}:
            told = error(403, "AccessDenied")
            return told if request.step == "get" else Answer(status=403, headers={}, body=b"")
        return answer


class Zips(Fault):
    """Packs what it sends, as caches before a store do to whoever takes it."""

    def answer(self, request: Request, answer: Answer) -> Answer:
        accepts = {n.lower(): v for n, v in request.headers.items()}.get("accept-encoding", "")
        if request.step == "get" and answer.status == 200 and "gzip" in accepts:
            answer.body = gzip.compress(answer.body)
            answer.headers["Content-Encoding"] = "gzip"
        return answer
