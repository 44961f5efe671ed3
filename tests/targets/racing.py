"""Six publishers at one place in the same moment."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from production.targets.base import OvertakenError
from production.targets.claims import Hold, Publisher, look_at_place
from programme.errors import ProductionError
from programme.units import Key
from tests.targets.places import Place

SIX = range(6)
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)

T = TypeVar("T")


def at_once(works: Sequence[Callable[[], T]]) -> list[T]:
    """Run works in threads that begin together."""
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def race(place: Place, key: Key, seen: bytes | None) -> list[bytes]:
    """Let each put bytes of its own in the place of what all have seen; give what won."""
    targets = [place.open() for _ in SIX]

    def publish(number: int) -> bytes | None:
        data = b"of publisher %d" % number
        try:
            assert targets[number].swap(key, data, media_type="application/rss+xml", seen=seen)
        except OvertakenError:
            return None
        return data

    told = at_once([lambda number=number: publish(number) for number in SIX])  # type: ignore[misc]
    for target in targets:
        target.close()
    return [data for data in told if data is not None]


def claimed(place: Place) -> list[str]:
    """Let each claim the place; give who holds it once all have had their say.

    Whoever does not is told who does, at once or when it looks again, which it does before each
    step that replaces anything.
    """
    targets = [place.open() for _ in SIX]
    places = [look_at_place(one, "camino") for one in targets]

    def claim(number: int) -> Hold | None:
        publisher = Publisher(by=f"office {number}", run=f"{number:08x}00000000")
        try:
            return Hold(targets[number], places[number], publisher, NOW)
        except ProductionError:
            return None

    holds = at_once([lambda number=number: claim(number) for number in SIX])  # type: ignore[misc]
    standing = look_at_place(targets[0], "camino").claim
    assert standing is not None
    kept = []
    for number, hold in enumerate(holds):
        if hold is None:
            continue
        if standing.by == f"office {number}":
            hold.check()
            kept.append(standing.by)
        else:  # a server that ignores conditions let both write
            with pytest.raises(ProductionError, match=standing.by):
                hold.check()
    for one in targets:
        one.close()
    return kept
