"""Planning a station's days one after the other, each knowing what the days before left to it."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from production.airplay_store import plays_by_day
from production.kept_plans import days_before
from programme.errors import ExitCode, ProductionError
from programme.stations import Station
from scripts.workspace import Workspace
from stations.airing import AirItem
from stations.clock_filling import plan_day
from stations.day_plan import DayPlan
from stations.play_history import REMEMBERED_DAYS, keep_day, remember, summary_of

MOST_DAYS = 31
"""Days that are planned at once at most: nothing that is spoken holds for longer."""


def has_schedule(station: Station) -> bool:
    """Tell whether a station's file says anything to plan by."""
    return bool(station.schedule.rotation or station.schedule.clocks)


def known_station(workspace: Workspace, name: str) -> Station:
    """Give a station by its id.

    Raises:
        ProductionError: there is no such station.
    """
    station = workspace.stations.get(name)
    if station is None:
        known = ", ".join(sorted(workspace.stations)) or "none"
        raise ProductionError(
            f"there is no station {name}",
            where="stations/",
            remedy=f"name one of: {known}",
            code=ExitCode.USAGE,
        )
    return station


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
        items: what it may be given; see ``production.air_items``.
        first: the first day.
        days: how many, 1 to MOST_DAYS.

    Raises:
        ProductionError: a kept plan or a played log is damaged.
    """
    known = days_before(root, station.id, first)
    played = plays_by_day(root, station.id, first=first - timedelta(days=REMEMBERED_DAYS))
    plans: list[DayPlan] = []
    for number in range(days):
        day = first + timedelta(days=number)
        plan = plan_day(station, items, day, history=remember(known, day, played=played))
        plans.append(plan)
        known.append(summary_of(keep_day(plan)))
    return tuple(plans)
