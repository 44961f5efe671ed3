"""Whether listeners of a station can dial what they hear.

Free numbers and short codes end at a border, and some reach another office beyond it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from programme.facts import Contact
from programme.findings import Findings, Severity
from programme.segments import Segment
from programme.series import Episode
from programme.units import LanguageTag
from scripts.summaries import Summary

if TYPE_CHECKING:
    from programme.stations import Station

_MOST_NAMED = 3
"""Segments that one message names."""


class _Spoken(NamedTuple):
    segment: str
    file: str
    line: int


def check_reach(
    stations: "Iterable[Station]",
    episodes: Collection[Episode],
    *,
    segments: Mapping[str, Segment],
    contacts: Mapping[str, Contact],
    summaries: Mapping[tuple[str, LanguageTag], Summary],
    findings: Findings,
) -> None:
    """Warn at each station of numbers in its series that cannot be dialled from its country.

    A segment that says in its metadata for which countries it is, where its number works, is left
    alone: it speaks to people there. A station that overrides the contact is judged by its own.
    """
    somewhere = [station for station in stations if station.country]
    if not somewhere:
        return
    spoken = _spoken_in_series(episodes, segments, summaries, contacts)
    for station in somewhere:
        own = {one.replaces: one.value for one in station.overrides}
        places: dict[str, list[_Spoken]] = {}
        for series in station.series:
            for name, found in spoken.get(series, {}).items():
                places.setdefault(name, []).extend(found)
        for name, found in sorted(places.items()):
            value = own.get(name, contacts[name])
            if isinstance(value, Contact) and _fails(value, station.country):
                _report(station, value, sorted(set(found)), findings)


def _spoken_in_series(
    episodes: Iterable[Episode],
    segments: Mapping[str, Segment],
    summaries: Mapping[tuple[str, LanguageTag], Summary],
    contacts: Mapping[str, Contact],
) -> dict[str, dict[str, list[_Spoken]]]:
    """Give by series and contact where it is said; each segment once, in its first language."""
    of_segment: dict[str, dict[str, _Spoken]] = {}
    for (segment, _), summary in summaries.items():
        lines = of_segment.setdefault(segment, {})
        for name, line in summary.spoken:
            if name in contacts and not _is_for(segments.get(segment), contacts[name]):
                lines.setdefault(name, _Spoken(segment, summary.file, line))
    spoken: dict[str, dict[str, list[_Spoken]]] = {}
    for episode in episodes:
        of_series = spoken.setdefault(episode.series, {})
        for segment in {slot.segment for slot in episode.slots}:
            for name, place in of_segment.get(segment, {}).items():
                of_series.setdefault(name, []).append(place)
    return spoken


def _fails(contact: Contact, country: str) -> bool:
    # Where nobody wrote from where it can be dialled, the contact's own file is warned of.
    reach = contact.reachable_from
    return bool(contact.phones) and bool(reach) and country not in reach


def _is_for(segment: Segment | None, contact: Contact) -> bool:
    """Tell whether a segment says that it is for people where the number works.

    None stands for metadata with faults: they are told first.
    """
    if segment is None:
        return True
    return bool(segment.countries) and frozenset(segment.countries).issubset(contact.reachable_from)


def _report(
    station: "Station", contact: Contact, places: Sequence[_Spoken], findings: Findings
) -> None:
    named = ", ".join(f"{one.segment} ({one.file}:{one.line})" for one in places[:_MOST_NAMED])
    more = len(places) - _MOST_NAMED
    findings.add(
        file=station.file,
        line=0,
        rule="station.reachable",
        severity=Severity.WARNING,
        problem=f"{contact.id} can be dialled from {', '.join(contact.reachable_from)} only, not "
        f"from {station.country}: said in {named}" + (f" and {more} more" if more > 0 else ""),
        remedy="give this station a contact of its own place under overrides:, or write countries: "
        "in the segment and say in its words for which country the number is",
    )
