"""A publisher's calls while a server misbehaves: right and whole, or said plainly, and in time."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from production.targets import Target
from production.targets.base import OvertakenError
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.units import Key
from tests.targets.careless import Answer, Careless, Fault, Request, careless_before
from tests.targets.faults import (
    FOR_EVER,
    Cuts,
    Drips,
    Drops,
    Flips,
    Garbles,
    HidesAbsence,
    IgnoresConditions,
    KnowsNoConditions,
    LosesAnswers,
    LosesNotes,
    OldLists,
    Portal,
    Redirects,
    Refuses,
    RefusesQuotes,
    ShortPages,
    StaleLists,
    Stalls,
    TagsItsOwnWay,
    Truncates,
    WeakensTags,
    Zips,
)
from tests.targets.places import Place, quick_line

MEDIA, FEED, PAGE, OLD = (
    Key("m/camino-0123456789ab.mp3"),
    Key("feeds/camino-es-419.xml"),
    Key("index.html"),
    Key("m/old-0123456789ab.mp3"),
)
SOUND = bytes(range(256)) * 200
RSS, HTML = "application/rss+xml", "text/html"
PATIENCE_S = 20.0
"""The deadline where publishing passes."""

DEADLINE_S = 1.0
"""The deadline where it does not."""

GRACE_S = 3.0
"""What may pass beyond a deadline on a machine that is busy with other tests; far less than any
wait for a server that says nothing."""

PASSED: dict[str, Callable[[], Fault]] = {
    "none": Fault,
    "conditions ignored": IgnoresConditions,
    "conditions unknown": KnowsNoConditions,
    "If-Match unknown": lambda: KnowsNoConditions(only="if-match"),
    "quotes refused": RefusesQuotes,
    "answers to writes lost": LosesAnswers,
    "three answers lost": lambda: LosesAnswers(first=3),
    "connections dropped": Drops,
    "busy": lambda: Refuses(status=503, code="SlowDown", retry_after="1"),
    "failing": lambda: Refuses(status=500, code="InternalError", first=3),
    "bad gateway": lambda: Refuses(status=502, code="", first=1),
    "asks for patience": lambda: Refuses(status=429, code="TooManyRequests", first=1),
    "request timed out": lambda: Refuses(
        status=400, code="RequestTimeout", first=1, steps=frozenset({"put"})
    ),
    "conflicting": lambda: Refuses(
        status=409, code="ConditionalRequestConflict", first=1, steps=frozenset({"put"})
    ),
    "lists stale": StaleLists,
    "downloads cut": lambda: Cuts(first=3),
    "bits flipped on the way out": lambda: Flips(steps=frozenset({"get"}), first=1),
    "uploads truncated once": lambda: Truncates(first=1),
    "notes lost": LosesNotes,
    "tags of its own": TagsItsOwnWay,
    "weak tags": WeakensTags,
    "bare tags": lambda: TagsItsOwnWay(before="", after=""),
    "short pages": ShortPages,
    "packed": Zips,
}
"""What must not keep anybody from publishing."""

STOPPED: dict[str, Callable[[], Fault]] = {
    "portal": Portal,
    "truncates": Truncates,
    "flips bits on the way in": lambda: Flips(steps=frozenset({"put"})),
    "flips bits on the way out": lambda: Flips(steps=frozenset({"get"})),
    "always failing": lambda: Refuses(status=500, code="InternalError", first=FOR_EVER),
    "always busy": lambda: Refuses(status=503, code="SlowDown", first=FOR_EVER, retry_after="3600"),
    "forbidden": lambda: Refuses(status=403, code="AccessDenied", first=FOR_EVER),
    "full": lambda: Refuses(
        status=507, code="InsufficientStorage", first=FOR_EVER, steps=frozenset({"put"})
    ),
    "always drops": lambda: Drops(first=FOR_EVER),
    "never answers a write": lambda: LosesAnswers(first=FOR_EVER),
    "always cuts": Cuts,
    "stalls": Stalls,
    "stalls at writes": lambda: Stalls(steps=frozenset({"put", "delete"})),
    "drips": Drips,
    "garbles": lambda: Garbles(steps=frozenset({"list", "head"})),
}
"""What nobody can publish through, or not all of it: then it is said."""


OFTEN = {
    "If-Match unknown",
    "quotes refused",
    "answers to writes lost",
    "busy",
    "downloads cut",
    "uploads truncated once",
    "portal",
    "truncates",
    "drips",
    "never answers a write",
}
"""What every run of the tests tries; the others are slow together."""


def each(faults: dict[str, Callable[[], Fault]]) -> list[object]:
    return [pytest.param(name, marks=() if name in OFTEN else pytest.mark.slow) for name in faults]


@dataclass(slots=True)
class Publishing:
    """One run of a publisher's calls, each looked at from beside the careless server."""

    target: Target
    straight: Target
    source: Path
    may_damage: bool
    """Whether the server itself writes other bytes under a key than it was given."""
    problems: list[ProductionError] = field(default_factory=list)

    def run(self) -> None:
        self.put_media()
        self.swap(None, b"<rss>one</rss>")
        self.swap(b"<rss>one</rss>", b"<rss>two, longer</rss>")
        self.call(
            lambda: self.target.put(PAGE, b"<p>page</p>", media_type=HTML),
            lambda: self.straight.read(PAGE) == b"<p>page</p>",
        )
        self.call(lambda: self.read(FEED))
        self.call(lambda: [one.name for one in self.target.listing()])
        self.call(lambda: self.target.remove(OLD), lambda: self.straight.read(OLD) is None)

    def call(self, work: Callable[[], object], right: Callable[[], bool] = lambda: True) -> None:
        """Make a call; where it ends well, what it promised must be so."""
        try:
            work()
        except ProductionError as error:
            self.problems.append(error)
        else:
            assert right()

    def put_media(self) -> None:
        """Publish as production does: what is sent is read back before anything names it."""
        digest = digest_bytes(SOUND)
        self.source.write_bytes(SOUND)

        def put() -> None:
            self.target.put_new(MEDIA, self.source, media_type="audio/mpeg", digest=digest)
            if not self.target.verify(MEDIA, digest):
                raise ProductionError("read back as other bytes", remedy="r", code=ExitCode.TARGET)

        self.call(put, lambda: self.straight.read(MEDIA) == SOUND)
        if not self.may_damage:
            assert self.straight.read(MEDIA) in {None, SOUND}

    def swap(self, seen: bytes | None, data: bytes) -> None:
        before = self.straight.read(FEED)
        self.call(
            lambda: self.target.swap(FEED, data, media_type=RSS, seen=seen),
            lambda: self.straight.read(FEED) == data,
        )
        if not self.may_damage:
            assert self.straight.read(FEED) in {before, data}

    def read(self, key: Key) -> None:
        found = self.target.read(key)
        # Where a server alters what it sends, nobody can know what really stands there.
        assert self.may_damage or found == self.straight.read(key)


def publish(
    place: Place,
    through: Place,
    careless: Careless,
    fault: Fault,
    tmp_path: Path,
    *,
    seconds: float = DEADLINE_S,
) -> Publishing:
    """Publish through a fault, under a deadline that is kept."""
    straight = place.open()
    straight.put(OLD, b"old", media_type="audio/mpeg")
    careless.choose(fault)
    began = time.monotonic()
    run = Publishing(
        target=through.open(quick_line(seconds=seconds)),
        straight=straight,
        source=tmp_path / "source",
        may_damage=isinstance(fault, Truncates | Flips),
    )
    run.run()
    assert time.monotonic() - began < seconds + GRACE_S
    assert all(error.remedy and error.code is ExitCode.TARGET for error in run.problems)
    return run


@pytest.mark.parametrize("name", each(PASSED))
def test_publishing_passes_what_a_server_does_wrong_for_a_while(
    moto_place: Place, careless_place: Place, careless: Careless, tmp_path: Path, name: str
) -> None:
    run = publish(
        moto_place, careless_place, careless, PASSED[name](), tmp_path, seconds=PATIENCE_S
    )
    assert not run.problems
    assert run.straight.read(FEED) == b"<rss>two, longer</rss>"
    assert run.straight.read(OLD) is None


@pytest.mark.parametrize("name", each(STOPPED))
def test_what_nobody_can_publish_through_is_said_in_time_and_harms_nothing(
    moto_place: Place, careless_place: Place, careless: Careless, tmp_path: Path, name: str
) -> None:
    run = publish(moto_place, careless_place, careless, STOPPED[name](), tmp_path)
    assert run.problems
    careless.choose(Fault())
    # Once the server behaves the same calls go through, over whatever was left.
    again = Publishing(
        target=careless_place.open(quick_line()),
        straight=run.straight,
        source=tmp_path / "source",
        may_damage=False,
    )
    if run.may_damage:
        for key in (MEDIA, FEED, PAGE):
            again.straight.remove(key)
    again.straight.remove(FEED)
    again.run()
    assert not again.problems


def test_signed_requests_follow_nobody_elsewhere(
    moto_place: Place, careless_place: Place, careless: Careless, moto: str, tmp_path: Path
) -> None:
    with careless_before(moto) as elsewhere:
        fault = Redirects(to=elsewhere.address)
        run = publish(moto_place, careless_place, careless, fault, tmp_path)
        assert len(run.problems) == 7
        assert not elsewhere.seen


@pytest.mark.parametrize("before", [None, b"the feed so far"], ids=["new", "there"])
@pytest.mark.parametrize(
    "name",
    [
        "quotes refused",
        pytest.param("none", marks=pytest.mark.slow),
        pytest.param("answers to writes lost", marks=pytest.mark.slow),
        pytest.param("failing", marks=pytest.mark.slow),
    ],
)
def test_what_another_wrote_since_it_was_read_is_never_overwritten(
    moto_place: Place, careless_place: Place, careless: Careless, name: str, before: bytes | None
) -> None:
    straight = moto_place.open()
    if before is not None:
        straight.put(FEED, before, media_type=RSS)
    careless.choose(
        Meanwhile(PASSED[name](), lambda: straight.put(FEED, b"theirs", media_type=RSS))
    )
    with pytest.raises(OvertakenError):
        careless_place.open(quick_line()).swap(FEED, b"ours", media_type=RSS, seen=before)
    assert straight.read(FEED) == b"theirs"


@pytest.mark.slow
def test_a_list_in_many_pages_is_whole_or_refused(
    moto_place: Place, careless_place: Place, careless: Careless
) -> None:
    names = sorted(f"p/{number}.html" for number in range(7))
    straight = moto_place.open()
    for name in names:
        straight.put(Key(name), name.encode(), media_type=HTML)
    for fault in (ShortPages(), OldLists()):
        careless.choose(fault)
        target = careless_place.open(quick_line(seconds=PATIENCE_S))
        try:
            found = [one.name for one in target.listing()]
        except ProductionError as error:
            found = names
            assert "list" in error.problem  # noqa: PT017  # or all is there
        assert found == names


@pytest.mark.slow
def test_who_may_not_list_is_told_so_where_nothing_stands(
    careless_place: Place, careless: Careless
) -> None:
    careless.choose(HidesAbsence())
    target = careless_place.open(quick_line(seconds=PATIENCE_S))
    with pytest.raises(ProductionError, match="credentials") as caught:
        target.read(FEED)
    assert "ListBucket" in caught.value.remedy


class Meanwhile(Fault):
    """Lets somebody else write just before the first write arrives, and then has a fault."""

    def __init__(self, fault: Fault, write: Callable[[], object]) -> None:
        self.fault = fault
        self.writes = [write]
        self.pour = fault.pour  # type: ignore[method-assign]
        self.answer = fault.answer  # type: ignore[method-assign]

    def ask(self, request: Request) -> Answer | None:
        if request.step == "put" and self.writes:
            self.writes.pop()()
        return self.fault.ask(request)
