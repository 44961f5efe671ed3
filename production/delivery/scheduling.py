"""Planning a station's days one after the other, each knowing what the days before left to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from production.airplay.kept_plans import days_before
from production.airplay.store import plays_by_day
from production.stations.known import known_station
from programme.editions import EditionKey
from programme.errors import ExitCode, ProductionError
from programme.schedules import Schedule
from programme.stations import Station
from scripts.workspace import Workspace
from stations.airing import AirItem
from stations.clock_filling import plan_day
from stations.day_plan import DayPlan
from stations.play_history import REMEMBERED_DAYS, DaySummary, keep_day, remember, summary_of

MOST_DAYS = 31
"""Days that are planned at once at most: nothing that is spoken holds for longer."""


def has_schedule(station: Station) -> bool:
    """Tell whether a station's file says anything to plan by."""
    return bool(station.schedule.rotation or station.schedule.clocks)


def scheduled_station(workspace: Workspace, name: str) -> Station:
    """Give a station that has a schedule.

    Raises:
        ProductionError: there is no such station, or its file says nothing to plan by.
    """
    station = known_station(workspace, name)
    if not has_schedule(station):
        raise ProductionError(
            f"{name} plans its day by itself: its file says nothing of rotation or clocks",
            where=station.file,
            remedy="write rotation: there, with plays_per_day for each series of spots",
            code=ExitCode.USAGE,
        )
    return station


def plan_days(
    root: Path,
    station: Station,
    items: Sequence[AirItem],
    first: date,
    days: int,
) -> tuple[DayPlan, ...]:
    """Plan days in a row.

    Args:
        root: of the workspace, whose kept plans and played logs of earlier days are read; nothing
            is written.
        station: with a schedule.
        items: what it may be given; see ``production.delivery.air_items``.
        first: the first day.
        days: how many, 1 to MOST_DAYS.

    Raises:
        ProductionError: a kept plan or a played log is damaged.
    """
    return _plan_days(station, items, first, days, _earlier(root, station, first))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Earlier:
    """What of a station's days before the plan of the next depends on."""

    kept: list[DaySummary]
    played: Mapping[date, Mapping[EditionKey, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    """Plans, and what besides items, languages and days decided them."""

    schedule: Schedule
    earlier: _Earlier
    plans: tuple[DayPlan, ...]


class SharedPlans:
    """Plans the days of many stations; stations that have all in common are planned once.

    What the days before left to a station is read for each, so that whatever was delivered or
    played since counts.
    """

    def __init__(self, root: Path) -> None:
        """Take the root of the workspace."""
        self._root = root
        self._known: dict[tuple[object, ...], list[_Planned]] = {}

    def of(
        self, station: Station, items: Sequence[AirItem], first: date, days: int
    ) -> tuple[DayPlan, ...]:
        """Plan days in a row, as ``plan_days`` does.

        Raises:
            ProductionError: a kept plan or a played log is damaged.
        """
        earlier = _earlier(self._root, station, first)
        alike = self._known.setdefault((station.languages, tuple(items), first, days), [])
        for one in alike:
            if one.schedule == station.schedule and one.earlier == earlier:
                return tuple(replace(plan, station=station.id) for plan in one.plans)
        plans = _plan_days(station, items, first, days, earlier)
        alike.append(_Planned(schedule=station.schedule, earlier=earlier, plans=plans))
        return plans


def _earlier(root: Path, station: Station, first: date) -> _Earlier:
    since = first - timedelta(days=REMEMBERED_DAYS)
    return _Earlier(
        kept=days_before(root, station.id, first),
        played=plays_by_day(root, station.id, first=since),
    )


def _plan_days(
    station: Station, items: Sequence[AirItem], first: date, days: int, earlier: _Earlier
) -> tuple[DayPlan, ...]:
    """Plan days of which only the schedule and the languages of a station decide."""
    known, plans = list(earlier.kept), list[DayPlan]()
    for number in range(days):
        day = first + timedelta(days=number)
        plan = plan_day(station, items, day, history=remember(known, day, played=earlier.played))
        plans.append(plan)
        known.append(summary_of(keep_day(plan)))
    return tuple(plans)
