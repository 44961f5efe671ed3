"""Formats: in which profiles an edition is made, with which files, and which of them go where."""

from collections.abc import Collection, Mapping

from production.selection import ChosenEdition
from programme.editions import EditionKey
from programme.profiles import Profile, profiles
from programme.series import Series
from scripts.workspace import Workspace


def profiles_for(
    workspace: Workspace, chosen: ChosenEdition, own: Mapping[str, Collection[EditionKey]]
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
    for station in workspace.stations.values():
        takes = (
            station.has_own_files
            and series.id in station.series
            and tag in station.languages
            and (series.id, chosen.episode.id, tag) not in own[station.id]
        )
        if takes:
            asked.setdefault(station.profile, set()).add(station.format)
    return tuple(profiles()[name].made_for(formats) for name, formats in asked.items())


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
