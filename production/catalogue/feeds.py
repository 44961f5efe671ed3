"""Which feeds there are: per series, language, topic and public station, each in its language.

A feed is there once something of it was ever published, and stays, also when everything in it has
run out. Where the workspace makes its series no more, it goes on until its last item has run out,
so that what must be corrected or withdrawn still reaches who has it. Only a station that is not
public any more takes its feed with it: its name must not stand there a day longer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from feeds.channel import ChannelKind
from feeds.pages.addresses import HOME, PUBLISHER, language_key, series_key
from production.artwork.wanted import ArtWanted, network_art, series_art
from production.catalogue.late import come_later
from production.catalogue.slots import ItemSlot
from production.catalogue.station_takes import StationTakes, came_at, taken_by
from production.catalogue.words import feed_words, topic_name
from production.releases.history import ReleaseHistory
from programme.languages import language
from programme.network import Network
from programme.series import Series, SeriesKind
from programme.stations import Delivery, Station
from programme.units import Key, LanguageTag
from scripts.workspace import Workspace

FeedPlace = tuple[ChannelKind, str, str]
"""Kind, id and language: what the ledger knows a feed by; the language of a station's feed and of
the publisher's is empty, because it may change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPlan:
    """One feed, before its items are made."""

    kind: ChannelKind
    id: str
    language: LanguageTag
    key: Key
    page: Key
    title: str
    description: str
    category: tuple[str, ...]
    art: ArtWanted
    named: str
    """What people pick it by among feeds of its kind: a title, or a language in its own name."""
    station: Station | None = None
    ended: bool = False
    """Whether the workspace makes nothing for it any more."""
    slots: list[ItemSlot] = field(default_factory=list)

    @property
    def place(self) -> FeedPlace:
        """Kind, id and language."""
        alone = self.kind in {ChannelKind.STATION, ChannelKind.PUBLISHER}
        return self.kind, self.id, "" if alone else self.language

    @property
    def mark(self) -> str:
        """Give what stands behind the guid of an item here; empty where items are at home."""
        match self.kind:
            case ChannelKind.SERIES | ChannelKind.PUBLISHER:
                return ""
            case ChannelKind.LANGUAGE:
                return "#all"
            case ChannelKind.TOPIC | ChannelKind.STATION:
                return f"#{self.kind.value}-{self.id}"


def feed_key(series: str, tag: LanguageTag) -> Key:
    """Name the feed of a series in a language; stable for ever."""
    return Key(f"{series}/{tag.lower()}.xml")


def language_feed_key(tag: LanguageTag) -> Key:
    """Name the feed of everything in a language; stable for ever."""
    return Key(f"all/{tag.lower()}.xml")


def topic_feed_key(topic: str, tag: LanguageTag) -> Key:
    """Name the feed of a topic in a language; stable for ever."""
    return Key(f"topic/{topic}/{tag.lower()}.xml")


def station_feed_key(station: str) -> Key:
    """Name the feed of a public station; stable for ever."""
    return Key(f"station/{station}.xml")


_USUAL = ("News",)
"""The category of a feed that has none of a series'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPlans:
    """Every feed, and every one that must go."""

    shown: tuple[FeedPlan, ...]
    """By kind; then by the network's languages, as altavoz.toml has them; then by id."""
    gone: tuple[FeedPlan, ...]
    """Of stations that are not public any more."""
    new_takes: tuple[StationTakes, ...]
    """Of public stations, where the history does not say what they take today."""


def plan_feeds(
    workspace: Workspace,
    slots: Sequence[ItemSlot],
    known: Mapping[FeedPlace, str],
    *,
    history: ReleaseHistory,
    now: datetime,
) -> FeedPlans:
    """Give every feed with the slots that belong into it.

    Args:
        workspace: as read.
        slots: of every item that ever was, oldest first.
        known: the title of every feed that was there before, by its place; empty where the ledger
            of an older version did not keep it.
        history: says what stations took, and since when.
        now: when they begin to take what they did not before.
    """
    planner = _Planner(workspace, known, history, now)
    for slot in slots:
        planner.take(slot)
    return planner.plans()


class _Planner:
    def __init__(
        self,
        workspace: Workspace,
        known: Mapping[FeedPlace, str],
        history: ReleaseHistory,
        now: datetime,
    ) -> None:
        self.workspace = workspace
        self.network: Network = workspace.network
        self.known = known
        self.found: dict[FeedPlace, FeedPlan] = {}
        self.stations = [
            station
            for _, station in sorted(workspace.stations.items())
            if is_open(station) or (ChannelKind.STATION, station.id, "") in known
        ]
        self.told = history.takes
        self.takes = {one.id: self._taken(one, history, now) for one in self.stations}
        self.places: dict[str, tuple[FeedPlace, ...]] = {}
        """By guid, the feeds of topics and stations that an item is in."""

    def take(self, slot: ItemSlot) -> None:
        series = self.workspace.series.get(slot.series)
        tag = slot.language
        if series is None or tag not in series.languages or series.kind is SeriesKind.LOOP:
            place = (ChannelKind.SERIES, slot.series, tag)
            if place in self.known:  # else it never had a feed
                self._at(place, partial(self._ended, place, tag)).slots.append(slot)
                self._collect(slot, ())
            return
        self._at(
            (ChannelKind.SERIES, series.id, tag), partial(self._series, series, tag)
        ).slots.append(slot)
        self._collect(slot, series.category)

    def plans(self) -> FeedPlans:
        kinds, tags = list(ChannelKind), self.network.languages

        def order(plan: FeedPlan) -> tuple[int, int, str]:
            known = plan.language in tags
            place = tags.index(plan.language) if known else len(tags)
            return kinds.index(plan.kind), place, plan.id

        found = sorted(self.found.values(), key=order)
        for plan in found:
            # What came later than it was published stands among what came with it.
            plan.slots.sort(key=lambda slot: (slot.published_at, slot.guid))
        shown = [plan for plan in found if plan.station is None or is_open(plan.station)]
        lines = [self.takes[plan.station.id][-1] for plan in shown if plan.station]
        return FeedPlans(
            shown=tuple(shown),
            gone=tuple(plan for plan in found if plan.station and not is_open(plan.station)),
            new_takes=tuple(one for one in lines if one not in self.told.get(one.station, ())),
        )

    def _taken(
        self, station: Station, history: ReleaseHistory, now: datetime
    ) -> tuple[StationTakes, ...]:
        """Give what a station took, and what it takes today; of a private one, only the former."""
        taken = taken_by(station, self.workspace)
        told = history.takes.get(station.id, ())
        if told and (told[-1].taken == taken or not is_open(station)):
            return told
        line = StationTakes(target=history.target, station=station.id, at=now, taken=taken)
        return (*told, line)

    def _collect(self, slot: ItemSlot, category: tuple[str, ...]) -> None:
        """Put an item into the feeds that collect from several series.

        It never leaves those of its topics and stations before its day: listeners there must
        learn of what becomes of it, so that a correction and a notice follow what they are of.
        """
        tag = slot.language
        self._at(
            (ChannelKind.LANGUAGE, "", tag), partial(self._language, category, tag)
        ).slots.append(slot)
        # Where what it follows is, there is a feed already.
        came = dict.fromkeys(self.places.get(slot.follows, ()), slot.published_at)
        for topic, moment in slot.since.items():
            place: FeedPlace = (ChannelKind.TOPIC, topic, tag)
            self._at(place, partial(self._topic, topic, category, tag))
            came.setdefault(place, moment)
        for one in self.stations:
            since = came_at(self.takes[one.id], (slot.series, tag), slot.published_at)
            if since is not None:
                place = (ChannelKind.STATION, one.id, "")
                self._at(place, partial(self._station, one, category))
                came.setdefault(place, since)
        if came:
            self.places[slot.guid] = tuple(came)
        for place, moment in came.items():
            self.found[place].slots.append(come_later(slot, moment))

    def _at(self, place: FeedPlace, make: Callable[[], FeedPlan]) -> FeedPlan:
        plan = self.found.get(place)
        if plan is None:
            plan = self.found[place] = make()
        return plan

    def _words(self, name: str, tag: LanguageTag, *, topic: str = "", station: str = "") -> str:
        return feed_words(
            name,
            tag,
            self.network.source_language,
            network=self.network.name,
            topic=topic,
            station=station,
        )

    def _series(self, series: Series, tag: LanguageTag) -> FeedPlan:
        return FeedPlan(
            kind=ChannelKind.SERIES,
            id=series.id,
            language=tag,
            key=feed_key(series.id, tag),
            page=series_key(series.id, tag),
            title=series.title[tag],
            description=series.description[tag],
            category=series.category,
            art=series_art(self.network, series, tag),
            named=series.title[tag],
        )

    def _ended(self, place: FeedPlace, tag: LanguageTag) -> FeedPlan:
        kind, series, _ = place
        title = self.known[place] or self.network.name
        return FeedPlan(
            kind=kind,
            id=series,
            language=tag,
            key=feed_key(series, tag),
            page=language_key(tag),
            title=title,
            description=self._words("ended_description", tag),
            category=_USUAL,
            art=network_art(self.network, tag),
            named=title,
            ended=True,
        )

    def _language(self, category: tuple[str, ...], tag: LanguageTag) -> FeedPlan:
        title = self._words("language_title", tag)
        return FeedPlan(
            kind=ChannelKind.LANGUAGE,
            id="",
            language=tag,
            key=language_feed_key(tag),
            page=language_key(tag),
            title=title,
            description=self._words("language_description", tag),
            category=category or _USUAL,
            art=network_art(self.network, tag),
            named=title,
        )

    def _topic(self, topic: str, category: tuple[str, ...], tag: LanguageTag) -> FeedPlan:
        name = topic_name(topic, tag, self.network.source_language)
        title = self._words("topic_title", tag, topic=name)
        return FeedPlan(
            kind=ChannelKind.TOPIC,
            id=topic,
            language=tag,
            key=topic_feed_key(topic, tag),
            page=language_key(tag),
            title=title,
            description=self._words("topic_description", tag, topic=name),
            category=category or _USUAL,
            art=network_art(self.network, tag),
            named=title,
        )

    def _station(self, station: Station, category: tuple[str, ...]) -> FeedPlan:
        tag = station.languages[0]
        title = self._words("station_title", tag, station=station.name)
        return FeedPlan(
            kind=ChannelKind.STATION,
            id=station.id,
            language=tag,
            key=station_feed_key(station.id),
            page=language_key(tag),
            title=title,
            description=self._words("station_description", tag, station=station.name),
            category=category or _USUAL,
            art=network_art(self.network, tag),
            named=title,
            station=station,
        )


def publisher_plan(network: Network, plans: Sequence[FeedPlan]) -> FeedPlan:
    """Give the network's feed of feeds; there must be one feed at least."""
    tag = network.source_language
    return FeedPlan(
        kind=ChannelKind.PUBLISHER,
        id="",
        language=tag,
        key=PUBLISHER,
        page=HOME,
        title=network.name,
        description=feed_words("publisher_description", tag, tag, network=network.name),
        category=plans[0].category,
        art=network_art(network),
        named=network.name,
    )


def is_open(station: Station) -> bool:
    """Tell whether a station may have a feed that everybody sees."""
    return station.publish_identity and station.delivery is Delivery.FEED


def own_name(tag: LanguageTag) -> str:
    """Give a language in its own name."""
    return language(tag).endonym
