"""Stations held against what there is to deliver: the crafts of words and stations, joined."""

from collections.abc import Iterable

from programme.findings import Findings
from programme.profiles import profiles
from programme.stations import Station
from scripts.workspace import Workspace
from stations.check import check_station


def check_stations(workspace: Workspace, stations: Iterable[Station], findings: Findings) -> None:
    """Report what stations could not get, or should not."""
    for station in stations:
        check_station(station, workspace.series, profiles(), findings)
