"""Checks a station against what there is to deliver to it.

What its file says by itself was checked when it was read; here it is held against series and
profiles. One series with faults of its own ends the checks of languages: nobody knows its own.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from programme.findings import Findings, Severity
from programme.profiles import Profile
from programme.series import Series, SeriesKind
from programme.stations import Automation, Delivery, Station, StationKind

READS_FEEDS = frozenset({Automation.NONE, Automation.LIBRETIME, Automation.RADIODJ, Automation.VLC})
"""Programs that subscribe to a podcast, and people, who do with any program of theirs; of the
others none takes a feed in (read in their source or documentation, 2024 to 2026)."""

_LOUDSPEAKER_CHAIN = "loudspeaker"
"""The processing chain that makes speech carry over noise; see profiles.toml."""


class _Problem(NamedTuple):
    rule: str
    """Named for the key of the station's file that the finding stands at."""
    severity: Severity
    problem: str
    remedy: str


def check_station(
    station: Station,
    series: Mapping[str, Series],
    profiles: Mapping[str, Profile],
    findings: Findings,
) -> None:
    """Add what is wrong or odd with one station to the findings.

    Args:
        station: as its file describes it.
        series: every series of the workspace that is sound, by id.
        profiles: every profile by id.
        findings: grows.
    """
    taken = [series[name] for name in station.series if name in series]
    for one in (
        *(_languages(station, taken) if len(taken) == len(station.series) else ()),
        *_profile(station, profiles[station.profile]),
        *_format(station, profiles[station.profile]),
        *_delivery(station, taken),
        *(_share(station, taken, profiles["share"]) if station.share else ()),
    ):
        findings.add(
            file=station.file,
            line=station.lines.get(one.rule.partition(".")[2], 0),
            rule=one.rule,
            severity=one.severity,
            problem=one.problem,
            remedy=one.remedy,
        )


def _languages(station: Station, taken: list[Series]) -> Iterator[_Problem]:
    made = {tag for one in taken for tag in one.languages}
    missing = [tag for tag in station.languages if tag not in made]
    if not missing:
        return
    names = ", ".join(missing)
    if len(missing) == len(station.languages):
        yield _Problem(
            "station.languages",
            Severity.ERROR,
            f"none of its series is made in {names}: the station gets nothing at all",
            f"its series are made in {', '.join(sorted(made))}",
        )
    else:
        yield _Problem(
            "station.languages",
            Severity.WARNING,
            f"none of its series is made in {names}: the station gets nothing in it",
            "add the language to a series, or take it out here",
        )


def _profile(station: Station, profile: Profile) -> Iterator[_Problem]:
    loud = profile.chain == _LOUDSPEAKER_CHAIN
    if station.kind is StationKind.RADIO:
        if loud:
            yield _Problem(
                "station.profile",
                Severity.WARNING,
                f"a radio plays profile {profile.id}, which is squeezed for horns",
                "use a profile for broadcast or podcast",
            )
        return
    if not loud:
        yield _Problem(
            "station.profile",
            Severity.WARNING,
            f"a {station.kind.value} plays profile {profile.id}, which is not made for noise",
            "use a profile for loudspeakers, so that words are understood in a crowd",
        )
    if not station.format and not any(one.suffix == ".mp3" for one in profile.renditions):
        yield _Problem(
            "station.profile",
            Severity.WARNING,
            f"profile {profile.id} has no MP3, and many players play nothing else",
            "add an MP3 rendition to the profile, or choose another profile",
        )


def _share(station: Station, taken: list[Series], small: Profile) -> Iterator[_Problem]:
    """Tell of packs that are missing, and of series that may be too long for a small file."""
    if not station.takes_packs:
        yield _Problem(
            "station.share",
            Severity.WARNING,
            f"files to pass on travel in packs, and the delivery is {station.delivery.value}",
            "write delivery: pack or usb, or share: no",
        )
        return
    for series in taken:
        if not 0 < series.max_s <= small.longest_s:
            yield _Problem(
                "station.share",
                Severity.WARNING,
                f"episodes of {series.id} may be too long for small files, so it gets none",
                f"write max_s: {small.longest_s // 60 * 60} or less into {series.file}",
            )


def _format(station: Station, profile: Profile) -> Iterator[_Problem]:
    chosen = next((one for one in profile.renditions if one.id == station.format), None)
    if chosen is None:
        return
    if station.kind is not StationKind.RADIO and chosen.suffix != ".mp3":
        yield _Problem(
            "station.format",
            Severity.WARNING,
            f"a {station.kind.value} is to play {chosen.suffix}, and many players play MP3 alone",
            "leave format out, unless its player was tried with such files",
        )
    if station.automation is Automation.LIBRETIME and chosen.codec == "pcm":
        yield _Problem(
            "station.format",
            Severity.WARNING,
            "LibreTime reads no tags of WAV files: every title would be a file name",
            "leave format out: the MP3 has title, series, language and last day",
        )


def _delivery(station: Station, taken: list[Series]) -> Iterator[_Problem]:
    if station.delivery is not Delivery.FEED:
        return
    if station.kind is not StationKind.RADIO:
        yield _Problem(
            "station.delivery",
            Severity.WARNING,
            f"a {station.kind.value} is to take a feed, which needs a network where it plays",
            "set delivery to pack unless its player really subscribes to feeds",
        )
    if station.automation not in READS_FEEDS:
        yield _Problem(
            "station.delivery",
            Severity.WARNING,
            f"{station.automation.value} reads no feed: somebody would fetch each edition by hand",
            "write delivery: folder, unless somebody does",
        )
    for one in taken:
        if one.kind is SeriesKind.LOOP:
            yield _Problem(
                "station.delivery",
                Severity.ERROR,
                f"{one.id} is a loudspeaker loop, which has no feed",
                "write delivery: pack, or take another series",
            )
        elif one.profile != station.profile:
            yield _Problem(
                "station.profile",
                Severity.WARNING,
                f"the feed of {one.id} carries profile {one.profile}, not {station.profile}",
                f"set profile to {one.profile}, or delivery to pack",
            )
