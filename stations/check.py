"""Checks a station's file against what there is to deliver."""

import difflib
from collections.abc import Iterable, Iterator, Mapping

from programme.findings import Findings, Severity
from programme.profiles import Profile
from programme.series import Series, SeriesKind
from programme.stations import Delivery, Station, StationKind

_LOUDSPEAKER_CHAIN = "loudspeaker"
"""The processing chain that makes speech carry over noise; see profiles.toml."""

Problem = tuple[str, Severity, str, str]
"""Rule, severity, problem, remedy."""


def check_station(
    station: Station,
    series: Mapping[str, Series],
    profiles: Mapping[str, Profile],
    findings: Findings,
) -> None:
    """Add what is wrong or odd with one station to the findings.

    Args:
        station: as its file describes it.
        series: every series of the workspace by id.
        profiles: every profile by id.
        findings: grows.
    """
    for rule, severity, problem, remedy in (
        *_series(station, series),
        *_languages(station, series),
        *_profile(station, profiles),
        *_delivery(station, series),
    ):
        findings.add(
            file=station.file,
            line=0,
            rule=f"station.{rule}",
            severity=severity,
            problem=problem,
            remedy=remedy,
        )


def _series(station: Station, series: Mapping[str, Series]) -> Iterator[Problem]:
    if not station.series:
        yield "no-series", Severity.ERROR, "the station takes no series", _choose(series)
    for one in sorted(set(station.series) - set(series)):
        remedy = _choose(series, one)
        yield "unknown-series", Severity.ERROR, f"there is no series {one}", remedy
    for one in _twice(station.series):
        yield "series-twice", Severity.ERROR, f"series {one} is named twice", "name it once"


def _languages(station: Station, series: Mapping[str, Series]) -> Iterator[Problem]:
    if not station.languages:
        remedy = "name its languages, the most needed first"
        yield "no-language", Severity.ERROR, "the station has no language", remedy
    for tag in _twice(station.languages):
        yield "language-twice", Severity.ERROR, f"language {tag} is named twice", "name it once"
    taken = [series[one] for one in station.series if one in series]
    made = {tag for one in taken for tag in one.languages}
    if not taken:
        return
    missing = [tag for tag in station.languages if tag not in made]
    if missing and len(missing) == len(station.languages):
        yield (
            "nothing-to-hear",
            Severity.ERROR,
            f"none of its series is made in {', '.join(missing)}",
            f"its series are made in {', '.join(sorted(made))}",
        )
        return
    for tag in missing:
        yield (
            "language-not-made",
            Severity.WARNING,
            f"none of its series is made in {tag}: the station gets nothing in it",
            f"add {tag} to one of its series, or take it from the station",
        )


def _profile(station: Station, profiles: Mapping[str, Profile]) -> Iterator[Problem]:
    profile = profiles.get(station.profile)
    if profile is None:
        remedy = _choose(profiles, station.profile)
        yield "unknown-profile", Severity.ERROR, f"there is no profile {station.profile}", remedy
        return
    loud = profile.chain == _LOUDSPEAKER_CHAIN
    radio = station.kind is StationKind.RADIO
    if not radio and not loud:
        yield (
            "profile-not-loud",
            Severity.WARNING,
            f"a {station.kind.value} plays profile {profile.id}, which is not made for noise",
            "use a profile for loudspeakers, so that words are understood in a crowd",
        )
    if radio and loud:
        yield (
            "profile-loud",
            Severity.WARNING,
            f"a radio plays profile {profile.id}, which is squeezed for horns",
            "use a profile for broadcast or podcast",
        )
    if not radio and not any(one.suffix == ".mp3" for one in profile.renditions):
        yield (
            "no-mp3",
            Severity.WARNING,
            f"profile {profile.id} has no MP3, and many players play nothing else",
            "add an MP3 rendition to the profile, or choose another profile",
        )


def _delivery(station: Station, series: Mapping[str, Series]) -> Iterator[Problem]:
    if station.delivery is not Delivery.FEED:
        return
    if station.kind is not StationKind.RADIO:
        yield (
            "feed-at-loudspeaker",
            Severity.WARNING,
            f"a {station.kind.value} is to take a feed, which needs a network where it plays",
            "set delivery to pack unless its player really subscribes to feeds",
        )
    for one in (series[name] for name in station.series if name in series):
        if one.kind is SeriesKind.LOOP:
            yield (
                "feed-of-loop",
                Severity.ERROR,
                f"series {one.id} is a loop and has no feed",
                "set delivery to pack, or take the series from the station",
            )
        elif one.profile != station.profile:
            yield (
                "feed-profile",
                Severity.WARNING,
                f"the feed of {one.id} carries profile {one.profile}, not {station.profile}",
                f"set profile to {one.profile}, or delivery to pack",
            )


def _twice(names: tuple[str, ...]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _choose(known: Iterable[str], given: str = "") -> str:
    names = sorted(known)
    near = difflib.get_close_matches(given, names, n=1)
    if near:
        return f"did you mean {near[0]}?"
    return f"choose from: {', '.join(names)}" if names else "add one to the workspace first"
