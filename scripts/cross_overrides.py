"""Checks of what stations say in the place of the workspace's facts."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from programme.facts import FactStatus
from programme.findings import Finding, Findings, Severity
from programme.units import LanguageTag
from scripts.factbook import short_value

if TYPE_CHECKING:
    from programme.stations import Override, Station
    from scripts.station_facts import StationTexts
    from scripts.workspace import Workspace


def check_overrides(workspace: "Workspace", findings: Findings, *, today: date) -> None:
    """Report overrides that nobody hears, that cannot be said, or that are past their date.

    Every other one is an info, so that whoever looks sees what is said where, and why.
    """
    for station in workspace.stations.values():
        if station.overrides and not station.has_own_files:
            _report_feed(station, findings)
            continue
        heard = _heard(workspace, station)
        for override in station.overrides:
            _check_heard(workspace, station, override, findings, heard=override.replaces in heard)
            _check_dates(station, override, today, findings, heard=override.replaces in heard)
        if heard:
            _check_words(workspace, station, findings)


def _heard(workspace: "Workspace", station: "Station") -> frozenset[str]:
    """Give the overridden ids that the station's own editions speak."""
    from scripts.station_facts import own_editions  # brings every rule; few stations need it

    keys = own_editions(workspace, station)
    segments = {
        (slot.segment, tag)
        for episode in workspace.episodes
        for series, name, tag in keys
        if (episode.series, episode.id) == (series, name)
        for slot in episode.slots
        if slot.segment
    }
    return frozenset(
        fact
        for key in segments
        if (summary := workspace.summaries.get(key)) is not None
        for fact in summary.facts
    )


def _report_feed(station: "Station", findings: Findings) -> None:
    findings.add(
        file=station.file,
        line=station.overrides[0].line,
        rule="station.override-feed",
        problem=f"{station.id} takes a feed, which says the same to everybody",
        remedy="write delivery: pack, or delete the overrides",
    )


def _check_heard(
    workspace: "Workspace",
    station: "Station",
    override: "Override",
    findings: Findings,
    *,
    heard: bool,
) -> None:
    book = workspace.factbook
    original = book.facts.get(override.replaces) or book.contacts.get(override.replaces)
    if original is None:
        return
    tag = workspace.network.source_language
    said = f"{short_value(override.value, tag)} in the place of {short_value(original, tag)}"
    whose = f"{override.instead}, " if override.instead else ""
    findings.add(
        file=station.file,
        line=override.line,
        rule="station.override" if heard else "station.override-unused",
        severity=Severity.INFO if heard else Severity.WARNING,
        problem=f"{station.id} hears {whose}{said}: {override.reason}"
        if heard
        else f"nothing that {station.id} takes speaks {override.replaces}",
        remedy="see where with: altavoz facts show " + override.replaces
        if heard
        else "delete the override, or give the station the series that speaks it",
    )


def _check_dates(
    station: "Station", override: "Override", today: date, findings: Findings, *, heard: bool
) -> None:
    """Report the station's own values; what another fact says is reported where it stands."""
    if override.instead:
        return
    validity = override.value.validity
    if validity.status is FactStatus.WITHDRAWN or validity.expires < today:
        gone = validity.status is FactStatus.WITHDRAWN
        why = "was withdrawn" if gone else f"expired on {validity.expires}"
        findings.add(
            file=station.file,
            line=override.line,
            rule="expired",
            severity=Severity.ERROR if heard else Severity.WARNING,
            problem=f"what {station.id} says in the place of {override.replaces} {why}"
            + (": what speaks it is left out there" if heard else ""),
            remedy="check it anew and set its dates, or delete the override",
        )
    elif validity.review_by is not None and validity.review_by <= today:
        findings.add(
            file=station.file,
            line=override.line,
            rule="review-due",
            severity=Severity.WARNING,
            problem=f"what {station.id} says in the place of {override.replaces} was due for "
            f"review on {validity.review_by}",
            remedy="check it with its source, then set verified_on or review_by",
        )


def _check_words(workspace: "Workspace", station: "Station", findings: Findings) -> None:
    """Report texts that cannot be said with the station's own facts."""
    from scripts.station_facts import StationTexts, own_editions, station_view

    texts = station_view(workspace, station).translations
    if not isinstance(texts, StationTexts):
        return
    lines = {override.replaces: override.line for override in station.overrides}
    keys = {
        (slot.segment, tag): None
        for series, name, tag in sorted(own_editions(workspace, station))
        for episode in workspace.episodes
        if (episode.series, episode.id) == (series, name)
        for slot in episode.slots
        if slot.segment
    }
    for key in keys:
        summary = workspace.summaries.get(key)
        spoken = [fact for fact in (summary.facts if summary else ()) if fact in lines]
        for fault in _new_faults(workspace, texts, key) if spoken else ():
            findings.add(
                file=station.file,
                line=lines[spoken[0]],
                rule="station.override-words",
                severity=fault.severity,
                problem=f"said with the facts of {station.id}, {fault.place}: {fault.problem}",
                remedy=fault.remedy,
            )


def _new_faults(
    workspace: "Workspace", texts: "StationTexts", key: tuple[str, LanguageTag]
) -> Iterator[Finding]:
    """Give what is wrong with a text at this station only, such as whom it sends to a consulate."""
    from scripts.rules import check_script
    from scripts.station_facts import StationTexts

    segment = workspace.segments.get(key[0])
    if segment is None:
        return
    general = StationTexts(workspace, workspace.factbook, frozenset())
    told: list[Findings] = []
    for reader in (general, texts):
        findings = Findings()
        script = reader.read(key, findings)
        if script is not None:
            check_script(
                script,
                segment,
                book=reader.book,
                style=workspace.style,
                findings=findings,
                is_source=key[1] == workspace.network.source_language,
            )
        told.append(findings)
    known = {(one.rule, one.line) for one in told[0]}
    for one in told[1]:
        if one.severity is not Severity.INFO and (one.rule, one.line) not in known:
            yield one
