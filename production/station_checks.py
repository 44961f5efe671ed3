"""Every station held against what there is to deliver: the crafts of words and stations, joined."""

from programme.findings import Findings
from programme.profiles import profiles
from scripts.workspace import Workspace
from stations.check import check_station


def check_stations(workspace: Workspace, findings: Findings, *, only: str = "") -> None:
    """Report what stations could not get, or should not; of one alone where its id is given."""
    for name, station in workspace.stations.items():
        if only in {"", name}:
            check_station(station, workspace.series, profiles(), findings)
