"""What a station may play, from editions: finished ones, or planned ones whose length is reckoned.

Only what nobody took back becomes an item; what is past its date stays one, so that a plan can
say that it is. One item serves all stations that take the edition.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from production.building import BuiltEdition, Workshop
from production.edition_shelf import EditionShelf
from production.packs.recall import Histories, may_be_packed
from production.records import read_edition
from production.steps import EditionStep, Plan
from programme.editions import Edition, EditionKey, Rendition, version_of
from programme.segments import SegmentKind
from programme.series import Series
from programme.stations import Station
from programme.units import DurationMs, Fingerprint, LanguageTag
from scripts.station_facts import own_editions
from scripts.workspace import Workspace
from stations.airing import AirItem
from stations.clock_filling import reading_ms
from stations.delivery_names import air_stem
from stations.pack_plan import pick_rendition

_SAID_WORDS = 6
"""Words of the beginning and of the end that a presenter is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedItems:
    """What a station could play, and what of it is not made yet."""

    items: tuple[AirItem, ...]
    unbuilt: tuple[EditionKey, ...]
    """Their lengths are reckoned from their words; `altavoz build` makes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundItem:
    """One finished edition that a station takes, with the one file of it."""

    air: AirItem
    built: BuiltEdition
    rendition: Rendition


class AirShelf:
    """Finished editions as stations play them; what many stations take is made once for all.

    It holds for one state of the workspace and its ledger.
    """

    def __init__(
        self, workspace: Workspace, editions: Sequence[BuiltEdition], histories: Histories
    ) -> None:
        """Take what was built.

        Args:
            workspace: as read.
            editions: in their order.
            histories: of every target.
        """
        self._workspace = workspace
        self._editions = EditionShelf(workspace, editions, histories)
        self._found: dict[tuple[int, str], FoundItem] = {}

    def items(self, station: Station) -> Iterator[FoundItem]:
        """Give the finished editions that a station takes and nobody took back, in their order.

        What it says with a fact of its own comes from editions made for it alone. A station that
        plays from the feed hears each series as its feed carries it.
        """
        known = self._workspace.series
        profiles = {
            name: _profile(station, known[name]) for name in station.series if name in known
        }
        for number, built in self._editions.taken(station, profiles):
            yield self._item(number, built, station.format)

    def _item(self, number: int, built: BuiltEdition, wanted: str) -> FoundItem:
        found = self._found.get((number, wanted))
        if found is None:
            rendition = pick_rendition(built.edition.renditions, wanted)
            air = item_of(self._workspace, built.edition, suffix=rendition.suffix)
            found = FoundItem(air=air, built=built, rendition=rendition)
            self._found[number, wanted] = found
        return found


def item_of(workspace: Workspace, edition: Edition, *, suffix: str = ".mp3") -> AirItem:
    """Make an item of a finished edition."""
    said = " ".join(caption.text for caption in edition.captions).split()
    return AirItem(
        series=edition.series,
        episode=edition.episode,
        number=edition.number,
        language=edition.language,
        version=version_of(edition.words_digest),
        title=edition.title,
        artist=workspace.network.name,
        kind=workspace.series[edition.series].kind,
        topics=_topics(workspace, edition.segments),
        urgent=_is_urgent(workspace, edition.segments),
        duration_ms=edition.duration_ms,
        dated=edition.dated,
        expires=edition.expires,
        stem=air_stem(
            edition.series,
            edition.language,
            edition.number,
            edition.dated,
            edition.words_digest,
        ),
        suffix=suffix,
        first_words=" ".join(said[:_SAID_WORDS]),
        last_words=" ".join(said[-_SAID_WORDS:]),
    )


def planned_items(
    workshop: Workshop,
    workspace: Workspace,
    station: Station,
    plan: Plan,
    histories: Histories,
) -> PlannedItems:
    """Make items of what the workspace asks for today, finished or not.

    Args:
        workshop: opened, whose journal knows what is finished.
        workspace: as read.
        station: whose items are wanted.
        plan: of the whole workspace.
        histories: of every target.
    """
    finished: dict[Fingerprint, Edition] = {}
    for step in plan.editions:
        result = workshop.journal.result(step.fingerprint)
        if result is not None:
            finished[step.fingerprint] = read_edition(result.facts["edition"])
    general = {
        finished[step.fingerprint].key: finished[step.fingerprint].words_digest
        for step in plan.editions
        if step.fingerprint in finished and not step.station
    }
    items: list[AirItem] = []
    unbuilt: list[EditionKey] = []
    for step in _steps_of(workspace, station, plan):
        edition = finished.get(step.fingerprint)
        if edition is not None:
            if may_be_packed(histories, edition, general):
                items.append(item_of(workspace, edition))
            continue
        item = _reckoned(workspace, step)
        if histories.last_withdrawn(item.key) is None:
            items.append(item)
            unbuilt.append(item.key)
    return PlannedItems(items=tuple(items), unbuilt=tuple(unbuilt))


def _steps_of(workspace: Workspace, station: Station, plan: Plan) -> Iterator[EditionStep]:
    own = own_editions(workspace, station)
    for step in plan.editions:
        series, language = step.chosen.series, step.chosen.language
        key = (series.id, step.chosen.episode.id, language)
        if step.station != (station.id if key in own else ""):
            continue
        if _takes(station, series, step.profile.id, language):
            yield step


def _takes(station: Station, series: Series, profile: str, language: LanguageTag) -> bool:
    wanted = _profile(station, series)
    return series.id in station.series and language in station.languages and profile == wanted


def _profile(station: Station, series: Series) -> str:
    return station.profile if station.has_own_files else series.profile


def _reckoned(workspace: Workspace, step: EditionStep) -> AirItem:
    """Make an item of an edition that is not made yet; a recording is as long as its words."""
    chosen = step.chosen
    episode, language = chosen.episode, chosen.language
    segments = tuple(dict.fromkeys(one.slot.segment for one in chosen.slots if one.basis))
    length = sum(
        reading_ms(sentence.spoken, language)
        for one in chosen.slots
        if one.basis is not None
        for sentence in one.basis.sentences
    )
    return AirItem(
        series=chosen.series.id,
        episode=episode.id,
        number=episode.number,
        language=language,
        version="",
        title=episode.title.get(language, episode.id),
        artist=workspace.network.name,
        kind=chosen.series.kind,
        topics=_topics(workspace, segments),
        urgent=_is_urgent(workspace, segments),
        duration_ms=DurationMs(max(length, 1000)),
        dated=episode.dated,
        expires=step.expires,
        stem=air_stem(chosen.series.id, language, episode.number, episode.dated, ""),
    )


def _topics(workspace: Workspace, segments: Iterable[str]) -> tuple[str, ...]:
    found = [workspace.segments[name].topics for name in segments if name in workspace.segments]
    return tuple(dict.fromkeys(topic for topics in found for topic in topics))


def _is_urgent(workspace: Workspace, segments: Iterable[str]) -> bool:
    return any(
        workspace.segments[name].kind is SegmentKind.ALERT
        for name in segments
        if name in workspace.segments
    )
