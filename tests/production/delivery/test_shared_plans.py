"""Stations that have all in common are planned once; whatever sets one apart is planned anew.

Judged by ``plan_days``, which plans each station by itself.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from production.airplay.kept_plans import keep_plans
from production.delivery.scheduling import SharedPlans, plan_days
from programme.schedules import MinuteOfDay, Schedule, TimeSpan
from programme.stations import Automation, Station, StationKind
from programme.units import DurationMs
from stations.airing import AirItem
from stations.day_plan import DayPlan
from tests.production.airplay.test_airplay import DAY, as_played, item, radio

ITEMS = tuple(item(number, tag) for number in (1, 2, 3) for tag in ("es-419", "ht", "ar"))
NIGHT = TimeSpan(MinuteOfDay(22 * 60), MinuteOfDay(12 * 60))

Change = Callable[[Station, tuple[AirItem, ...]], tuple[Station, tuple[AirItem, ...]]]

CHANGES: dict[str, Change] = {
    "quiet hours": lambda one, items: (with_schedule(one, quiet=(NIGHT,)), items),
    "how often": lambda one, items: (
        with_schedule(one, rotation=(replace(one.schedule.rotation[0], plays_per_day=5),)),
        items,
    ),
    "order of languages": lambda one, items: (
        replace(one, languages=tuple(reversed(one.languages))),
        items,
    ),
    "one spot fewer": lambda one, items: (one, items[1:]),
    "a spot in other words": lambda one, items: (
        one,
        (replace(items[0], version="f" * 16, stem="corta_es-419_001_vf"), *items[1:]),
    ),
    "a longer spot": lambda one, items: (
        one,
        (replace(items[0], duration_ms=DurationMs(90_000)), *items[1:]),
    ),
}


def with_schedule(one: Station, **changes: object) -> Station:
    schedule: Schedule = replace(one.schedule, **changes)  # type: ignore[arg-type]
    return replace(one, schedule=schedule)


def without_names(plans: tuple[DayPlan, ...]) -> list[DayPlan]:
    return [replace(one, station="") for one in plans]


def test_what_does_not_decide_a_plan_shares_it_under_the_name_of_each(tmp_path: Path) -> None:
    shared = SharedPlans(tmp_path)
    first = shared.of(radio(), ITEMS, DAY, 7)
    other = replace(
        radio(name="other"),
        name="Radio dos",
        kind=StationKind.TRANSIT,
        automation=Automation.MPD,
        publish_identity=True,
        file="stations/other.yml",
    )
    again = shared.of(other, list(ITEMS), DAY, 7)
    assert again == plan_days(tmp_path, other, ITEMS, DAY, 7)
    assert {one.station for one in again} == {"other"}
    assert all(one.plays is two.plays for one, two in zip(first, again, strict=True))
    assert all(one.plays for one in first)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_sets_a_station_apart_is_planned_anew(change: Change, tmp_path: Path) -> None:
    shared = SharedPlans(tmp_path)
    first = shared.of(radio(), ITEMS, DAY, 2)
    other, items = change(radio(name="other"), ITEMS)
    found = shared.of(other, items, DAY, 2)
    assert found == plan_days(tmp_path, other, items, DAY, 2)
    assert without_names(found) != without_names(first)
    # And the first is still known as it was.
    assert shared.of(radio(), ITEMS, DAY, 2) == first


@pytest.mark.parametrize(("later", "days"), [(1, 2), (0, 3)])
def test_other_days_are_planned_anew(later: int, days: int, tmp_path: Path) -> None:
    shared = SharedPlans(tmp_path)
    shared.of(radio(), ITEMS, DAY, 2)
    first = DAY + timedelta(days=later)
    found = shared.of(radio(), ITEMS, first, days)
    assert found == plan_days(tmp_path, radio(), ITEMS, first, days)
    assert [one.day for one in found] == [first + timedelta(days=n) for n in range(days)]


def test_a_plan_that_was_kept_since_counts(tmp_path: Path) -> None:
    shared = SharedPlans(tmp_path)
    tomorrow = DAY + timedelta(days=1)
    before = shared.of(radio(), ITEMS, tomorrow, 2)
    # A day of one minute: most spots came short, and are owed their plays.
    short = with_schedule(radio(), quiet=(TimeSpan(MinuteOfDay(361), MinuteOfDay(360)),))
    keep_plans(tmp_path, plan_days(tmp_path, short, ITEMS, DAY, 1))
    after = shared.of(radio(), ITEMS, tomorrow, 2)
    assert after == plan_days(tmp_path, radio(), ITEMS, tomorrow, 2)
    assert after != before
    # A station of which nothing is kept is planned as before.
    assert without_names(shared.of(radio(name="other"), ITEMS, tomorrow, 2)) == without_names(
        before
    )


def test_a_played_log_that_came_since_counts(tmp_path: Path) -> None:
    shared = SharedPlans(tmp_path)
    tomorrow = DAY + timedelta(days=1)
    keep_plans(tmp_path, plan_days(tmp_path, radio(), ITEMS, DAY, 1))
    before = shared.of(radio(), ITEMS, tomorrow, 2)
    # Of all that was planned, one spot alone was played: the others are owed their plays.
    as_played(tmp_path, (f"{DAY}T06:00:00", "corta-1", "es-419"))
    after = shared.of(radio(), ITEMS, tomorrow, 2)
    assert after == plan_days(tmp_path, radio(), ITEMS, tomorrow, 2)
    assert after != before
