"""Checks a station's file against what there is to deliver."""

from collections.abc import Mapping

from programme.findings import Findings
from programme.profiles import Profile
from programme.series import Series
from programme.stations import Station


def check_station(
    station: Station,
    series: Mapping[str, Series],
    profiles: Mapping[str, Profile],
    findings: Findings,
) -> None:
    """Add what is wrong or odd with one station to the findings."""
    raise NotImplementedError(station, series, profiles, findings)
