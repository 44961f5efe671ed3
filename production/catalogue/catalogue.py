"""The catalogue: every feed as a value, from what the ledger says is published."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from feeds.channel import (
    ChannelKind,
    FeedChannel,
    FeedItem,
    FeedPage,
    RemoteFeed,
    Sibling,
)
from feeds.documents import json_url
from feeds.guids import podcast_guid
from feeds.paging import full_pages, page_numbers, page_url
from production.artwork.wanted import GivenPictures, Pictures
from production.catalogue.feeds import (
    FeedPlace,
    FeedPlan,
    FeedPlans,
    feed_key,
    own_name,
    plan_feeds,
    publisher_plan,
    station_feed_key,
)
from production.catalogue.item_digests import ItemDigests
from production.catalogue.items import ItemMaker, for_station
from production.catalogue.late import marked_title
from production.catalogue.slots import ItemSlot, SlotMaker
from production.catalogue.station_takes import StationTakes
from production.ledger.ledger import Ledger
from production.releases.history import ReleaseHistory, read_history
from production.releases.values import News
from programme.collecting import no_collecting
from programme.digests import Plain
from programme.network import Network
from programme.units import Key, LanguageTag, Url
from scripts.workspace import Workspace

__all__ = ["FEED", "Catalogue", "FeedIdentity", "build_catalogue", "feed_key"]

FEED = "feed"
"""Name of the ledger's lines about feeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedIdentity:
    """What the ledger keeps of a feed: its guid, whatever its address becomes."""

    kind: ChannelKind
    id: str
    """Of the series, topic or station; empty for the kinds that need none."""
    language: str
    """Empty for feeds of several languages."""
    url: Url
    guid: str
    title: str
    """As it was first called: kept for the day on which the workspace has its series no more."""

    def plain(self) -> dict[str, Plain]:
        """Write it down for the ledger; a series' feed as older versions did."""
        if self.kind is ChannelKind.SERIES:
            own: dict[str, Plain] = {"series": self.id}
        else:
            own = {"kind": self.kind.value, "id": self.id}
        return {
            **own,
            "language": self.language,
            "url": self.url,
            "guid": self.guid,
            "title": self.title,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything that can be subscribed to, as it will be."""

    network: Network
    channels: tuple[FeedChannel, ...]
    """Of all kinds but the publisher's: by kind, then by the network's languages, then by id."""
    publisher: FeedChannel | None
    """The feed of feeds; None while there is no feed."""
    new_feeds: tuple[FeedIdentity, ...]
    """Feeds of which the ledger does not know yet; written there before they are sent."""
    new_takes: tuple[StationTakes, ...] = ()
    """What public stations take from now on, where the ledger says otherwise; written there too."""
    gone: tuple[Key, ...] = ()
    """Documents that must not stand at the target any more: feeds of stations that were public."""
    digests: ItemDigests = field(default_factory=ItemDigests, compare=False, repr=False)
    """Of the items in it."""


def build_catalogue(
    workspace: Workspace,
    ledger: Ledger,
    news: Sequence[News],
    *,
    target: str,
    now: datetime,
    today: date | None = None,
    pictures: Pictures | None = None,
    history: ReleaseHistory | None = None,
) -> Catalogue:
    """Give every feed as it will be once ``news`` is published too.

    Args:
        workspace: as read; gives titles, languages and addresses.
        ledger: what was published before.
        news: what is about to be written into it.
        target: the name of the target; each has a history of its own.
        now: aware; nothing in a feed is dated later.
        today: items past their date on this day leave the feed; None takes the day of ``now``.
        pictures: gives each feed's artwork; None for what producers gave, and no other.
        history: of the target with ``news``, where somebody read it already; None reads it.
    """
    with no_collecting():
        history = history or read_history(ledger, target, news)
        items = ItemMaker(workspace.network, workspace.segments)
        maker = SlotMaker(items, now=now, today=today or now.date())
        slots = sorted(maker.slots(history), key=lambda slot: (slot.published_at, slot.guid))
        known = _known_feeds(ledger)
        titles = {place: title for place, (_, title) in known.items()}
        plans = plan_feeds(workspace, slots, titles, history=history, now=now)
        chosen = pictures or GivenPictures(workspace.root)
        return _Builder(workspace.network, known, plans, chosen).catalogue()


class _Builder:
    def __init__(
        self,
        network: Network,
        known: Mapping[FeedPlace, tuple[str, str]],
        plans: FeedPlans,
        pictures: Pictures,
    ) -> None:
        self.network = network
        self.pictures = pictures
        self.known = known
        self.plans = plans.shown
        self.hidden = plans.gone
        self.new_takes = plans.new_takes
        self.publisher = publisher_plan(network, self.plans) if self.plans else None
        self.born: dict[FeedPlace, datetime] = {
            plan.place: min(slot.published_at for slot in plan.slots) for plan in self.plans
        }
        self.relations = _Relations(self.plans)

    def catalogue(self) -> Catalogue:
        every = [*self.plans, *([self.publisher] if self.publisher else [])]
        return Catalogue(
            network=self.network,
            channels=tuple(self._channel(plan) for plan in self.plans),
            publisher=self._publisher(self.publisher) if self.publisher else None,
            new_feeds=tuple(
                FeedIdentity(
                    kind=plan.kind,
                    id=plan.id,
                    language=plan.place[2],
                    url=self.url(plan.key),
                    guid=self.guid(plan),
                    title=plan.title,
                )
                for plan in every
                if plan.place not in self.known
            ),
            new_takes=self.new_takes,
            gone=tuple(sorted(self._gone())),
        )

    def url(self, key: str) -> Url:
        return Url(self.network.base_url + key)

    def guid(self, plan: FeedPlan) -> str:
        """Give a feed's guid: of its first publication, whatever its address is today."""
        guid, _ = self.known.get(plan.place, ("", ""))
        return guid or podcast_guid(self.url(plan.key))

    def _gone(self) -> set[Key]:
        """Give every document of a station that is not public any more, or not there at all."""
        found: set[Key] = set()
        for plan in self.hidden:
            pages = full_pages([slot.slot for slot in plan.slots])
            found |= _documents(plan.key, {0, *pages})
        there = {plan.place for plan in (*self.plans, *self.hidden)}
        for kind, name, _ in self.known:
            if kind is ChannelKind.STATION and (kind, name, "") not in there:
                found |= _documents(station_feed_key(name), {0})
        return found

    def _channel(self, plan: FeedPlan) -> FeedChannel:
        slots = [slot.slot for slot in plan.slots]
        full = full_pages(slots)
        numbers = page_numbers(slots, full)
        items = [_item(slot, plan) for slot in plan.slots]
        head = [
            moment
            for slot, number in zip(plan.slots, numbers, strict=True)
            if not number or slot.was_ahead
            for moment in slot.changes
        ]
        return replace(
            self._base(plan),
            siblings=tuple(
                Sibling(
                    language=other.language,
                    title=own_name(other.language),
                    feed_url=self.url(other.key),
                    podcast_guid=self.guid(other),
                )
                for other in self.relations.siblings(plan)
            ),
            podroll=tuple(self._remote(other) for other in self.relations.podroll(plan)),
            publisher=self._remote(self.publisher, "publisher") if self.publisher else None,
            synthetic_voice=any(item.synthetic_voice for item in items if item),
            changed_at=max(head, default=self.born[plan.place]),
            items=tuple(item for item in items if item),
            pages=_pages(plan.slots, full, zip(items, numbers, strict=True)),
            guid_mark=plan.mark,
        )

    def _publisher(self, plan: FeedPlan) -> FeedChannel:
        return replace(
            self._base(plan),
            # Changes when a feed comes, not with every item of one.
            changed_at=max(self.born.values()),
            members=tuple(self._remote(other) for other in self.plans),
        )

    def _base(self, plan: FeedPlan) -> FeedChannel:
        art = self.pictures.key(plan.art)
        return FeedChannel(
            feed_url=self.url(plan.key),
            podcast_guid=self.guid(plan),
            title=plan.title,
            description=plan.description,
            link=self.url(plan.page),
            language=plan.language,
            author=self.network.name,
            owner_email=self.network.role_address,
            category=plan.category,
            image_url=self.url(art) if art else "",
            licence=self.network.licence,
            licence_url=self.network.licence_url,
            siblings=(),
            synthetic_voice=False,
            changed_at=datetime(1970, 1, 1, tzinfo=UTC),
            items=(),
            kind=plan.kind,
            id=plan.id,
            hub_url=self.network.websub,
            ended=plan.ended,
        )

    def _remote(self, plan: FeedPlan, medium: str = "podcast") -> RemoteFeed:
        return RemoteFeed(
            podcast_guid=self.guid(plan),
            feed_url=self.url(plan.key),
            title=plan.named,
            medium=medium,
        )


def _documents(key: Key, numbers: Iterable[int]) -> set[Key]:
    names = {page_url(Url(key), number) for number in numbers}
    return {Key(name) for name in (*names, *(json_url(name) for name in names))}


def _known_feeds(ledger: Ledger) -> dict[FeedPlace, tuple[str, str]]:
    """Give guid and title of every feed that was ever published; of its first publication."""
    found: dict[FeedPlace, tuple[str, str]] = {}
    # One line each, or of two branches one each: the same is chosen in whatever order they are.
    for facts in sorted((event.facts for event in ledger.events(FEED)), key=_names):
        kind = ChannelKind(facts.get("kind", ChannelKind.SERIES))
        place = (kind, facts.get("id", facts.get("series", "")), facts["language"])
        found.setdefault(place, (facts["guid"], facts.get("title", "")))
    return found


def _names(facts: Mapping[str, Any]) -> tuple[str, str]:
    return str(facts["guid"]), str(facts.get("title", ""))


class _Relations:
    """Which feeds a feed tells of."""

    def __init__(self, plans: Sequence[FeedPlan]) -> None:
        self._languages: dict[tuple[ChannelKind, str], list[FeedPlan]] = {}
        self._kinds: dict[tuple[ChannelKind, str], list[FeedPlan]] = {}
        for plan in plans:
            self._languages.setdefault((plan.kind, plan.id), []).append(plan)
            self._kinds.setdefault((plan.kind, plan.language), []).append(plan)

    def siblings(self, plan: FeedPlan) -> list[FeedPlan]:
        """Give the same feed in every other language."""
        return [one for one in self._languages[plan.kind, plan.id] if one is not plan]

    def podroll(self, plan: FeedPlan) -> list[FeedPlan]:
        """Give the other feeds in its language that its listeners may want."""
        wanted = {
            ChannelKind.SERIES: (ChannelKind.LANGUAGE, ChannelKind.SERIES),
            ChannelKind.LANGUAGE: (ChannelKind.SERIES,),
            ChannelKind.TOPIC: (ChannelKind.LANGUAGE, ChannelKind.TOPIC),
        }.get(plan.kind, (ChannelKind.LANGUAGE,))
        found = (one for kind in wanted for one in self._kinds.get((kind, plan.language), ()))
        return [one for one in found if one is not plan]


def _item(slot: ItemSlot, plan: FeedPlan) -> FeedItem | None:
    """Give an item as a feed has it; None where it is not there any more."""
    item = slot.item
    if item is None or plan.station is None:
        return item
    enclosure = for_station(item, plan.station)
    # Names are often the same in two languages, and AntennaPod drops the second of such items.
    is_own = slot.language == plan.language
    mark = "" if is_own else f" ({_own_name(slot.language, plan.station.languages)})"
    return replace(item, enclosure=enclosure, title=marked_title(item.title, mark))


def _own_name(tag: LanguageTag, among: Iterable[LanguageTag]) -> str:
    """Give a language in its own name, with its tag where another one calls itself the same."""
    name = own_name(tag)
    is_shared = any(other != tag and own_name(other) == name for other in among)
    return f"{name}, {tag}" if is_shared else name


def _pages(
    slots: Iterable[ItemSlot],
    full: Iterable[int],
    placed: Iterable[tuple[FeedItem | None, int]],
) -> tuple[FeedPage, ...]:
    """Give the pages on which something is left."""
    items: dict[int, list[FeedItem]] = {}
    for item, number in placed:
        if item is not None and number:
            items.setdefault(number, []).append(item)
    changes: dict[int, datetime] = {}
    for slot, number in zip(slots, full, strict=True):
        if number in items and slot.changes:
            changes[number] = max(slot.changes[-1], changes.get(number, slot.changes[-1]))
    return tuple(
        FeedPage(number=number, changed_at=changes[number], items=tuple(items[number]))
        for number in sorted(items)
    )
