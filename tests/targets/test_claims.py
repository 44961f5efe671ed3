"""One publisher at a time, whoever is late, was stopped, or meets a server without conditions."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from production.targets import Target
from production.targets.claims import (
    CLAIM_HOLDS,
    SIGN_OF_LIFE,
    Hold,
    Publisher,
    look_at_place,
    refuse_claimed,
)
from production.targets.head import HEAD_KEY, parse_head
from programme.errors import ExitCode, ProductionError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OFFICE = Publisher(by="Tapachula office", run="aaaaaaaa00000001")
RADIO = Publisher(by="Radio Progreso", run="bbbbbbbb00000001")
MINUTE = timedelta(minutes=1)


def look(target: Target, who: Publisher, now: datetime, *, take_over: bool = False) -> str:
    place = look_at_place(target, "camino")
    return refuse_claimed(target, place, who, now, take_over=take_over)


def test_who_comes_second_is_told_who_publishes_since_when_and_what_to_do(
    target: Target,
) -> None:
    assert look(target, OFFICE, NOON) == ""
    Hold(target, look_at_place(target, "camino"), OFFICE, NOON)
    with pytest.raises(ProductionError) as caught:
        look(target, RADIO, NOON + 59 * MINUTE)
    error = caught.value
    assert error.code is ExitCode.TARGET
    assert error.problem == "Tapachula office publishes here since 2026-11-22 12:00 UTC"
    assert "2026-11-22 13:00 UTC" in error.remedy
    assert "--take-over" in error.remedy


def test_a_stopped_run_is_gone_on_with_at_once_by_its_workspace_and_after_an_hour_by_others(
    target: Target,
) -> None:
    Hold(target, look_at_place(target, "camino"), OFFICE, NOON)
    again = Publisher(by="another label", run="aaaaaaaa99999999")
    assert "was stopped" in look(target, again, NOON + MINUTE)
    assert "taking over from Tapachula office" in look(target, RADIO, NOON + CLAIM_HOLDS)
    assert "taking over from Tapachula office" in look(target, RADIO, NOON, take_over=True)


def test_one_label_at_two_machines_is_not_one_workspace(target: Target) -> None:
    Hold(target, look_at_place(target, "camino"), OFFICE, NOON)
    other = Publisher(by=OFFICE.by, run="cccccccc00000001")
    with pytest.raises(ProductionError, match="publishes here"):
        look(target, other, NOON + MINUTE)


def test_who_looked_before_somebody_published_does_not_get_the_place(target: Target) -> None:
    early = look_at_place(target, "camino")
    hold = Hold(target, look_at_place(target, "camino"), OFFICE, NOON)
    with pytest.raises(ProductionError, match="Tapachula office publishes here"):
        Hold(target, early, RADIO, NOON)
    assert hold.finish((), NOON) == 1
    with pytest.raises(ProductionError, match="Tapachula office published here at the same mom"):
        Hold(target, early, RADIO, NOON)
    assert Hold(target, look_at_place(target, "camino"), RADIO, NOON).finish((), NOON) == 2


def test_who_was_taken_over_from_stops_before_it_replaces_anything(target: Target) -> None:
    hold = Hold(target, look_at_place(target, "camino"), OFFICE, NOON)
    hold.check()
    other = Hold(target, look_at_place(target, "camino"), RADIO, NOON)
    for step in (hold.check, lambda: hold.finish((), NOON), lambda: hold.name_parts(())):
        with pytest.raises(ProductionError, match="Radio Progreso publishes here"):
            step()
    other.check()
    assert other.finish((), NOON) == 1


def test_a_long_run_says_that_it_goes_on_and_is_not_taken_over_from(target: Target) -> None:
    clock = [1000.0]
    hold = Hold(target, look_at_place(target, "camino"), OFFICE, NOON, clock=lambda: clock[0])
    assert not hold.is_due()
    for _ in range(8):  # two hours
        clock[0] += SIGN_OF_LIFE.total_seconds()
        assert hold.is_due()
        hold.check()
        assert not hold.is_due()
    later = NOON + timedelta(hours=2)
    with pytest.raises(ProductionError) as caught:
        look(target, RADIO, later + 30 * MINUTE)
    assert "since 2026-11-22 12:00 UTC" in caught.value.problem
    assert "2026-11-22 15:00 UTC" in caught.value.remedy


def test_another_networks_place_is_refused_and_says_whose_it_is(target: Target) -> None:
    Hold(target, look_at_place(target, "camino"), OFFICE, NOON).finish((), NOON)
    with pytest.raises(ProductionError, match="belongs to the network camino") as caught:
        look_at_place(target, "other")
    assert caught.value.code is ExitCode.TARGET


class Careless:
    """A real folder behind a server that writes whatever it is told to, as some stores do."""

    def __init__(self, real: Target) -> None:
        self._real = real
        self.before_write: Callable[[], object] = bool

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def swap(self, key: Any, data: bytes, *, media_type: str, seen: bytes | None) -> bool:
        del seen
        first, self.before_write = self.before_write, bool
        first()
        return self._real.put(key, data, media_type=media_type)


def test_where_conditions_are_ignored_only_the_last_of_two_goes_on(
    make_folder: Callable[[], Target],
) -> None:
    target: Any = Careless(make_folder())
    early = look_at_place(target, "camino")
    first = Hold(target, early, OFFICE, NOON)
    second = Hold(target, early, RADIO, NOON)  # the server took both
    with pytest.raises(ProductionError, match="Radio Progreso publishes here"):
        first.check()
    second.check()
    second.finish((), NOON)
    head = parse_head(target.read(HEAD_KEY), where="")
    assert head is not None
    assert (head.serial, head.claim) == (1, None)


def test_where_an_answer_comes_after_somebody_elses_write_it_is_seen(
    make_folder: Callable[[], Target],
) -> None:
    target: Any = Careless(make_folder())
    place = look_at_place(target, "camino")
    write = target._real.put

    def late(key: Any, data: bytes, *, media_type: str) -> bool:
        done: bool = write(key, data, media_type=media_type)
        target._real.put = write
        Hold(target, place, RADIO, NOON)  # between our write and our reading it back
        return done

    target._real.put = late
    with pytest.raises(ProductionError, match="Radio Progreso publishes here"):
        Hold(target, place, OFFICE, NOON)
