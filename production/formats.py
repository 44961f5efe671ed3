"""Formats: in which profiles an edition is made, with which files, and which of them go where."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from programme.editions import EditionKey
from programme.profiles import Profile, profiles
from programme.series import Series
from programme.stations import Station
from scripts.workspace import Workspace

if TYPE_CHECKING:
    from production.selection import ChosenEdition

SHARE_PROFILE, SHARE_FORMAT = "share", "voice"
"""What a station that passes messages on from phone to phone gets besides its own sound."""


def profiles_for(
    workspace: Workspace, chosen: "ChosenEdition", own: Mapping[str, Collection[EditionKey]]
) -> tuple[Profile, ...]:
    """Give the series' own profile first, then what it asks for besides, then what packs take.

    A station that has the edition with a fact of its own does not take everybody's. What is made
    on demand is made where the series or one of these stations names it.

    Args:
        workspace: as read.
        chosen: the edition.
        own: by station, the editions that it has for itself.
    """
    series, tag = chosen.series, chosen.language
    asked = _asked_by(series)
    shared = False
    for station in workspace.stations.values():
        takes = (
            station.has_own_files
            and series.id in station.series
            and tag in station.languages
            and (series.id, chosen.episode.id, tag) not in own[station.id]
        )
        if takes:
            asked.setdefault(station.profile, set()).add(station.format)
            shared = shared or has_small_files(station, series)
    made = [profiles()[name].made_for(formats) for name, formats in asked.items()]
    if shared and SHARE_PROFILE not in asked:
        made.append(_small())
    return tuple(made)


def own_profiles(station: Station, series: Series) -> tuple[Profile, ...]:
    """Give the profiles of an edition in which a station says a fact of its own."""
    own = profiles()[station.profile].made_for([station.format])
    if has_small_files(station, series) and station.profile != SHARE_PROFILE:
        return own, _small()
    return (own,)


def has_small_files(station: Station, series: Series) -> bool:
    """Tell whether a station gets small files of a series: it asks, and each episode fits."""
    return station.share and 0 < series.max_s <= _small().longest_s


def _small() -> Profile:
    """Give the profile of the small files, with that one file alone."""
    profile = profiles()[SHARE_PROFILE]
    return replace(
        profile, renditions=tuple(one for one in profile.renditions if one.id == SHARE_FORMAT)
    )


def placed_formats(series: Series, profile: str) -> frozenset[str]:
    """Give the ids of those files of a profile that go into the build folder.

    That is what the series asks for; what only packs hold stays out of it.
    """
    asked = _asked_by(series)
    if profile not in asked:
        return frozenset()
    return frozenset(spec.id for spec in profiles()[profile].made_for(asked[profile]).renditions)


def feed_formats(profile: str) -> frozenset[str]:
    """Give the ids of those files of a profile that a feed may carry."""
    return frozenset(spec.id for spec in profiles()[profile].renditions if spec.feed)


def _asked_by(series: Series) -> dict[str, set[str]]:
    """Give the formats that a series names, by profile; its own profile comes first."""
    asked: dict[str, set[str]] = {series.profile: set()}
    for output in series.also:
        asked.setdefault(output.profile, set()).add(output.format)
    return asked
