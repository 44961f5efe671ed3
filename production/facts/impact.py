"""Impact: everything that speaks a fact, and everything that was handed out with it.

Told before anything is built, from the workspace, the plan and the ledger; no sound is read.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from production.casting import CastVoice
from production.catalogue.catalogue import feed_key
from production.facts.card import (
    SpokenAt,
    StationOverride,
    find_fact,
    kind_of,
    spoken_at,
    station_overrides,
)
from production.inputs import InputDigests
from production.ledger.ledger import Ledger
from production.packs.made import pack_key, packs_made
from production.planner import plan_workspace
from production.publish.unfit import published_editions
from production.records import plain_row
from production.releases.history import releases_of
from production.releases.values import Release
from production.selection import LeftOut
from production.steps import EditionStep, Plan
from programme.digests import Plain, digest_text
from programme.editions import EditionKey
from programme.facts import Contact, Fact
from programme.series import SeriesKind
from programme.stations import Delivery, Station
from programme.units import Digest, Fingerprint, LanguageTag
from programme.words import TranslationState
from scripts.factbook import short_value
from scripts.station_facts import own_editions
from scripts.take_standing import speaks
from scripts.workspace import Workspace


class Standing(StrEnum):
    """How something that was published stands today."""

    LIVE = "live"
    CORRECTED = "corrected"
    """A later revision took its place."""
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenRecording:
    """A recording in which a person says the fact: no build can change it."""

    segment: str
    language: LanguageTag
    file: str
    """The note of the take, inside the workspace."""
    stale: bool
    """Whether it is of other words already; otherwise it will be, once the fact's words change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenEdition:
    """One edition that speaks the fact, in one profile."""

    series: str
    episode: str
    language: LanguageTag
    profile: str
    station: str
    """Where it is made for one station, with a fact of its own; empty for everybody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenFeed:
    """One feed that carries an edition which speaks the fact."""

    series: str
    language: LanguageTag
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenStation:
    """One station that gets an edition which speaks the fact."""

    id: str
    delivery: Delivery
    languages: tuple[LanguageTag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One revision that was published with the fact in it."""

    target: str
    series: str
    episode: str
    language: LanguageTag
    revision: int
    guid: str
    published_on: date
    expires: date
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedUp:
    """One pack that was made with the fact in it."""

    pack: str
    station: str
    serial: int
    on: date
    valid_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """Everything that a change of one fact reaches."""

    id: str
    kind: str
    value: str
    place: str
    spoken: tuple[SpokenAt, ...]
    recordings: tuple[SpokenRecording, ...]
    takes: tuple[str, ...]
    slots: tuple[str, ...]
    """Labels of the steps that run again when the fact is said otherwise; as ``build --explain``
    names them."""
    editions: tuple[SpokenEdition, ...]
    left_out: tuple[LeftOut, ...]
    """Segments that speak it and are not in their editions today, for another reason."""
    feeds: tuple[SpokenFeed, ...]
    stations: tuple[SpokenStation, ...]
    overrides: tuple[StationOverride, ...]
    published: tuple[Published, ...]
    packs: tuple[PackedUp, ...]
    next: tuple[str, ...]
    """Commands, and what to do by hand, in order."""

    def plain(self) -> dict[str, Plain]:
        """Give it for --json."""
        return plain_row(self)


def fact_impact(workspace: Workspace, name: str, *, today: date) -> Impact:
    """Say what a change of a fact or contact reaches.

    Raises:
        ProductionError: there is no such fact, or the ledger is damaged.
    """
    thing = find_fact(workspace, name)
    plan = plan_workspace(workspace, today=today, digests=_NamesOnly(workspace.root, None))
    editions = tuple(step for step in plan.editions if name in step.facts)
    spoken = tuple(spoken_at(workspace, name))
    recordings = tuple(_recordings(workspace, name))
    stations = tuple(_stations(workspace, editions))
    ledger = Ledger(workspace.root)
    published = tuple(_published(workspace, ledger, name, today))
    overrides = tuple(station_overrides(workspace, name))
    takes, slots = _steps(workspace, editions, name)
    return Impact(
        id=name,
        kind=kind_of(thing),
        value=short_value(thing, workspace.network.source_language),
        place=f"{thing.file}:{thing.line}",
        spoken=spoken,
        recordings=recordings,
        takes=takes,
        slots=slots,
        editions=tuple(
            SpokenEdition(
                series=step.chosen.series.id,
                episode=step.chosen.episode.id,
                language=step.chosen.language,
                profile=step.profile.id,
                station=step.station,
            )
            for step in editions
        ),
        left_out=tuple(_left_out(plan, spoken)),
        feeds=tuple(_feeds(workspace, editions)),
        stations=stations,
        overrides=overrides,
        published=published,
        packs=tuple(_packs(workspace.root, ledger, name)),
        next=tuple(_next(thing, spoken or editions, recordings, stations, published)),
    )


class _NamesOnly(InputDigests):
    """Stands in for digests where nothing is made: no sound and no recording is read."""

    def of(self, path: Path) -> Digest:
        return digest_text(str(path))


def _ids_of(workspace: Workspace, step: EditionStep, name: str) -> frozenset[str]:
    """Give the ids under which the scripts of an edition refer to a fact."""
    overrides = workspace.stations[step.station].overrides if step.station else ()
    ids = {one.replaces for one in overrides if one.instead == name}
    hidden = any(one.replaces == name for one in overrides)
    return frozenset(ids if hidden else ids | {name})


def _steps(
    workspace: Workspace, editions: Sequence[EditionStep], fact: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the labels of the takes and slots in which a voice says the fact, each step once."""
    takes: dict[Fingerprint, str] = {}
    slots: dict[Fingerprint, str] = {}
    for edition in editions:
        ids = _ids_of(workspace, edition, fact)
        for item, slot in zip(edition.chosen.slots, edition.slots, strict=True):
            basis = item.basis
            if basis is None or not isinstance(item.speaker, CastVoice):
                continue
            if ids.isdisjoint(basis.facts):
                continue
            slots.setdefault(slot.fingerprint, slot.label)
            for line in slot.lines:
                if any(ids & set(basis.sentences[index].facts) for index in line.sentences):
                    takes.setdefault(line.take.fingerprint, line.take.label)
    return tuple(takes.values()), tuple(slots.values())


def _recordings(workspace: Workspace, fact: str) -> Iterator[SpokenRecording]:
    source = workspace.network.source_language
    for (segment, tag), take in workspace.recordings.items():
        text = workspace.summaries.get((segment, tag))
        if text is not None and text.state is TranslationState.MISSING:
            # Nobody writes this language here: the recording was made from the source text.
            text = workspace.summaries.get((segment, source))
        if text is not None and fact in text.facts:
            yield SpokenRecording(
                segment=segment,
                language=tag,
                file=take.file,
                stale=not speaks(take, text, workspace.translations),
            )


def _left_out(plan: Plan, spoken: Sequence[SpokenAt]) -> Iterator[LeftOut]:
    speaking = {(at.segment, at.language) for at in spoken}
    for item in plan.left_out:
        if (item.segment, item.language) in speaking:
            yield item


def _feeds(workspace: Workspace, editions: Sequence[EditionStep]) -> Iterator[SpokenFeed]:
    found: dict[tuple[str, LanguageTag], None] = {}
    for step in editions:
        series = step.chosen.series
        if step.station:
            continue
        if step.profile.id == series.profile and series.kind is not SeriesKind.LOOP:
            found[series.id, step.chosen.language] = None
    for series_id, tag in found:
        url = workspace.network.base_url + feed_key(series_id, tag)
        yield SpokenFeed(series=series_id, language=tag, url=url)


def _stations(workspace: Workspace, editions: Sequence[EditionStep]) -> Iterator[SpokenStation]:
    for station in workspace.stations.values():
        own = own_editions(workspace, station)
        tags = {step.chosen.language for step in editions if _hears(own, station, step)}
        if tags:
            yield SpokenStation(
                id=station.id,
                delivery=station.delivery,
                languages=tuple(tag for tag in station.languages if tag in tags),
            )


def _hears(own: Collection[EditionKey], station: Station, step: EditionStep) -> bool:
    """Tell whether a station gets an edition: from its feed, or in a pack in its own profile."""
    series = step.chosen.series
    if step.station:
        return step.station == station.id
    if series.id not in station.series or step.chosen.language not in station.languages:
        return False
    if not station.has_own_files:
        return step.profile.id == series.profile
    key = (series.id, step.chosen.episode.id, step.chosen.language)
    return step.profile.id == station.profile and key not in own


def _published(workspace: Workspace, ledger: Ledger, fact: str, today: date) -> Iterator[Published]:
    targets = dict.fromkeys(str(e.facts["target"]) for e in ledger.events("released"))
    for target in targets:
        for revisions in releases_of(ledger, target).values():
            for release in revisions:
                (known,) = published_editions(workspace, [release])
                if fact in known.facts:
                    yield Published(
                        target=target,
                        series=release.series,
                        episode=release.episode,
                        language=release.language,
                        revision=release.revision,
                        guid=release.guid,
                        published_on=release.published_at.date(),
                        expires=release.expires,
                        standing=_standing(release, revisions[-1], today),
                    )


def _standing(release: Release, last: Release, today: date) -> Standing:
    if release.revision < last.revision:
        return Standing.CORRECTED
    return Standing.EXPIRED if release.expires < today else Standing.LIVE


def _packs(root: Path, ledger: Ledger, fact: str) -> Iterator[PackedUp]:
    """Give the packs of public stations, and of private ones where private/ is at hand."""
    for event in packs_made(root, ledger):
        if fact in event.facts.get("facts", ()):
            pack, serial = pack_key(event)
            yield PackedUp(
                pack=pack,
                station=str(event.facts["station"]),
                serial=serial,
                on=date.fromisoformat(event.facts["on"]),
                valid_until=date.fromisoformat(event.facts["valid_until"]),
            )


def _next(
    thing: Fact | Contact,
    spoken: Sequence[object],
    recordings: Sequence[SpokenRecording],
    stations: Sequence[SpokenStation],
    published: Sequence[Published],
) -> Iterator[str]:
    yield f"change it in {thing.file}:{thing.line}, with verified_on and its source"
    yield "altavoz check"
    if not spoken:
        return
    for take in recordings:
        yield f"altavoz takes kit --lang {take.language} --segment {take.segment}"
    yield "altavoz build --explain --dry-run"
    yield "altavoz build"
    live = dict.fromkeys(one.target for one in published if one.standing is Standing.LIVE)
    for target in live:
        yield f"altavoz release correct --fact {thing.id} --target {target}"
    packs = [
        station.id for station in stations if station.delivery in {Delivery.PACK, Delivery.USB}
    ]
    if packs:
        yield f"altavoz pack {' '.join(packs)}"
