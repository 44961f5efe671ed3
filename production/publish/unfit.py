"""What may not go to a target: expired, withdrawn and demo facts, and segments past their date.

All of them at once, with who answers for each and what speaks it, so that one round of telephone
calls puts everything right. Looked at before anything is built, and again before anything is sent.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from production.consent_notes import read_covered
from production.publish.doors import Door
from production.releases.values import Release
from production.selection import thing_of, why_past
from production.steps import EditionStep
from programme.editions import Edition
from programme.errors import ExitCode, ProductionError
from programme.facts import FactStatus
from programme.units import LanguageTag
from scripts.station_facts import spoken_in
from scripts.workspace import Workspace

SHOWN = 6
"""How many episodes a line names before it counts the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One edition, and what it speaks."""

    series: str
    episode: str
    language: LanguageTag
    segments: tuple[str, ...]
    facts: tuple[str, ...]
    consents: tuple[str, ...] = ()
    """Under which it was published, as far as private/ knows."""
    published: bool = False
    """It stands at the target, cannot be made today, and would stay there as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """One fact, contact or segment that may not go to a target."""

    id: str
    place: str
    """``file:line``."""
    why: str
    owner: str | None
    """Empty where nobody is named; None for segments, which have none."""
    demo: bool
    spoken: list[Spoken] = field(default_factory=list)

    def line(self) -> str:
        """Say it in one line."""
        told = [f"{self.id} ({self.place}) {self.why}"]
        if self.owner is not None:
            told.append(f"owner: {self.owner or 'nobody is named'}")
        new = [one for one in self.spoken if not one.published]
        old = [one for one in self.spoken if one.published]
        if new:
            told.append(f"spoken in {_editions(new)}")
        if old:
            told.append(f"published, and not made anew without it now: {_editions(old)}")
        return "; ".join(told)


def planned_editions(workspace: Workspace, steps: Iterable[EditionStep]) -> list[Spoken]:
    """Give what a publish of planned editions would bring to listeners' feeds."""
    return [
        Spoken(
            series=step.chosen.series.id,
            episode=step.chosen.episode.id,
            language=step.chosen.language,
            segments=tuple(item.slot.segment for item in step.chosen.slots if item.basis),
            facts=step.facts,
        )
        for step in steps
        if step.profile.id == workspace.series[step.chosen.series.id].profile and not step.station
    ]


def spoken_by(editions: Iterable[Edition]) -> list[Spoken]:
    """Give what finished editions speak, wherever they would go."""
    return [
        Spoken(
            series=one.series,
            episode=one.episode,
            language=one.language,
            segments=one.segments,
            facts=one.facts,
        )
        for one in editions
    ]


def published_editions(workspace: Workspace, stale: Iterable[Release]) -> list[Spoken]:
    """Give what stands at a target and stays as it is, because it cannot be made today."""
    found = []
    covered = read_covered(workspace.root).releases
    for release in stale:
        segments, facts = release.segments, release.facts
        if not segments:
            segments, facts = _by_todays_rundown(workspace, release)
        found.append(
            Spoken(
                series=release.series,
                episode=release.episode,
                language=release.language,
                segments=segments,
                facts=facts,
                consents=covered.get((release.target, release.guid), ()),
                published=True,
            )
        )
    return found


def _by_todays_rundown(
    workspace: Workspace, release: Release
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give what an edition speaks whose ledger line is too old to say."""
    for episode in workspace.episodes:
        if (episode.series, episode.id) == (release.series, release.episode):
            segments = dict.fromkeys(slot.segment for slot in episode.slots if slot.segment)
            return tuple(segments), tuple(sorted(spoken_in(workspace, episode, release.language)))
    return (), ()


def find_unfit(
    workspace: Workspace, editions: Iterable[Spoken], door: Door, today: date
) -> list[Unfit]:
    """Give everything in the editions that may not go to the target, by id."""
    found: dict[tuple[str, str], Unfit] = {}
    for edition in editions:
        for unfit in (
            *_facts(workspace, edition, door, today),
            *_past(workspace, edition, today),
        ):
            kept = found.setdefault((unfit.id, unfit.place), unfit)
            kept.spoken.append(edition)
    return [found[key] for key in sorted(found)]


def _facts(workspace: Workspace, edition: Spoken, door: Door, today: date) -> Iterator[Unfit]:
    for fact in edition.facts:
        thing = door.own.get(fact)
        if thing is None:
            if fact not in workspace.factbook.facts and fact not in workspace.factbook.contacts:
                continue  # of an old release, and nobody keeps it any more: nothing is known of it
            thing = thing_of(workspace, fact)
        is_demo = thing.validity.status is FactStatus.DEMO
        why = why_past(thing.validity, today)
        if not why and is_demo and not door.demo:
            why = "is a demo fact"
        if why:
            yield Unfit(
                id=fact,
                place=f"{thing.file}:{thing.line}",
                why=why,
                owner=thing.validity.owner,
                demo=is_demo,
            )


def _past(workspace: Workspace, edition: Spoken, today: date) -> Iterator[Unfit]:
    for name in edition.segments:
        segment = workspace.segments.get(name)
        if segment is not None and segment.expires is not None and segment.expires < today:
            yield Unfit(
                id=name,
                place=segment.file,
                why=f"is a segment that expired on {segment.expires}",
                owner=None,
                demo=False,
            )


def refuse_unfit(workspace: Workspace, editions: Sequence[Spoken], door: Door, today: date) -> None:
    """Stop where anything may not go to the target, and name all of it.

    Raises:
        ProductionError: code EXPIRED.
    """
    unfit = find_unfit(workspace, editions, door, today)
    if not unfit:
        return
    remedy = (
        "verify each with its source and set its dates and status, or take its segments out of the "
        f"rundowns; then {door.again}"
    )
    if any(one.demo for one in unfit) and not door.demo:
        remedy += f"; {door.rehearse}"
    raise ProductionError(
        "may not be published there:" + "".join(f"\n  {one.line()}" for one in unfit),
        where=door.where,
        remedy=remedy,
        code=ExitCode.EXPIRED,
    )


def _editions(editions: Sequence[Spoken]) -> str:
    """Name editions by episode, with their languages."""
    grouped: dict[tuple[str, str], dict[str, None]] = {}
    for one in editions:
        grouped.setdefault((one.series, one.episode), {})[one.language] = None
    named = [
        f"{series} {episode} ({', '.join(tags)})" for (series, episode), tags in grouped.items()
    ]
    more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
    return ", ".join(named[:SHOWN]) + more
