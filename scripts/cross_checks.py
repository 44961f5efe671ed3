"""Checks that need more than one file: shelf life, sources, numbers, recordings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from programme.facts import Contact, Fact
from programme.findings import Findings, Severity
from programme.segments import SegmentKind
from programme.series import Episode
from programme.units import LanguageTag
from scripts.read_episodes import EpisodeFiles
from scripts.read_facts import FactFiles
from scripts.read_segments import SegmentFiles
from scripts.summaries import Summary

if TYPE_CHECKING:
    from programme.stations import Station

FACTUAL = frozenset(
    {
        SegmentKind.ALERT,
        SegmentKind.AWARENESS,
        SegmentKind.MYTH_FACT,
        SegmentKind.PROCEDURE,
        SegmentKind.SERVICE_PROMPT,
    }
)
"""Kinds that nobody may believe without a source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What goes on air at all: faults of the rest weigh less."""

    segments: frozenset[str]
    facts: frozenset[str]


def what_is_used(
    episodes: Iterable[Episode], texts: Iterable[Summary], stations: "Iterable[Station]"
) -> Used:
    """Give the segments in rundowns, and the facts that their texts speak, at any station."""
    segments = {slot.segment for episode in episodes for slot in episode.slots}
    facts = {fact for text in texts if text.segment in segments for fact, _ in text.spoken}
    facts |= {
        override.instead
        for station in stations
        for override in station.overrides
        if override.instead and override.replaces in facts
    }
    return Used(segments=frozenset(segments - {""}), facts=frozenset(facts))


def check_shelf_life(
    segments: SegmentFiles, facts: FactFiles, *, used: Used, today: date, findings: Findings
) -> None:
    """Report what is past its date, as an error where it is used, and what is due for review."""
    for segment in segments.segments.values():
        expires, review_by = segment.expires, segment.review_by
        if expires is not None and expires < today:
            _report_expired(
                segment.file,
                segments.line(segment.id, "expires"),
                f"the segment {segment.id}",
                expires,
                findings,
                is_used=segment.id in used.segments,
            )
        elif review_by is not None and review_by <= today:
            line = segments.line(segment.id, "review_by")
            _report_due(segment.file, line, f"the segment {segment.id}", review_by, findings)
    things: list[Fact | Contact] = [*facts.facts.values(), *facts.contacts.values()]
    for thing in things:
        validity = thing.validity
        if validity.expires < today:
            _report_expired(
                thing.file,
                facts.lines.get((thing.id, "expires"), thing.line),
                thing.id,
                validity.expires,
                findings,
                is_used=thing.id in used.facts,
            )
        elif validity.review_by is not None and validity.review_by <= today:
            line = facts.lines.get((thing.id, "review_by"), thing.line)
            _report_due(thing.file, line, thing.id, validity.review_by, findings)


def _report_expired(
    file: str, line: int, what: str, expires: date, findings: Findings, *, is_used: bool
) -> None:
    findings.add(
        file=file,
        line=line,
        rule="expired",
        severity=Severity.ERROR if is_used else Severity.WARNING,
        problem=f"{what} expired on {expires}"
        + (": what speaks it is left out" if is_used else "; nothing uses it"),
        remedy="check it anew and set its dates, or take it out of the rundowns"
        if is_used
        else "check it anew and set its dates, or delete it",
    )


def _report_due(file: str, line: int, what: str, due: date, findings: Findings) -> None:
    findings.add(
        file=file,
        line=line,
        rule="review-due",
        severity=Severity.WARNING,
        problem=f"{what} was due for review on {due}",
        remedy="check it with its source, then set verified_on or review_by",
    )


def check_sources(
    segments: SegmentFiles, sources: Mapping[str, Summary], *, findings: Findings
) -> None:
    """Report factual segments that name no source and speak no fact that has one."""
    for segment in segments.segments.values():
        text = sources.get(segment.id)
        if segment.kind in FACTUAL and not segment.sources and text and not text.spoken:
            findings.add(
                file=segment.file,
                line=segments.line(segment.id, "sources"),
                rule="segment.sources",
                problem=f"a segment of the kind {segment.kind.value} needs a source",
                remedy="write sources: with title, url and retrieved, or speak a fact by reference",
            )


def check_numbers(episodes: EpisodeFiles, *, findings: Findings) -> None:
    """Report episodes of one series that have the same number, or one title on one day."""
    _check_titles(episodes, findings)
    taken: dict[tuple[str, int], Episode] = {}
    for episode in episodes.episodes:
        first = taken.setdefault((episode.series, episode.number), episode)
        if first is not episode:
            findings.add(
                file=episode.file,
                line=episodes.lines.get((episode.id, "number"), 0),
                rule="episode.number",
                problem=f"{first.file} is number {episode.number} of {episode.series} too",
                remedy="give one of the two another number",
            )


def _check_titles(episodes: EpisodeFiles, findings: Findings) -> None:
    taken: dict[tuple[str, date, LanguageTag, str], Episode] = {}
    for episode in episodes.episodes:
        for tag, title in episode.title.items():
            key = (episode.series, episode.dated, tag, " ".join(title.casefold().split()))
            first = taken.setdefault(key, episode)
            if first is not episode:
                findings.add(
                    file=episode.file,
                    line=episodes.lines.get((episode.id, "title"), 0),
                    rule="episode.title-twice",
                    severity=Severity.WARNING,
                    problem=f"{first.file} has the same title in {tag} and is of the same day",
                    remedy="say in the title what parts the two",
                )
                break


def fits(files: int, sentences: int) -> bool:
    """Tell whether so many files can hold so many sentences: one for all, or one each."""
    return files in {1, sentences}
