"""Slots of items in their feeds: each keeps its own for ever.

So pages of older items stay as they are when one of them runs out or is withdrawn.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType

from feeds.channel import FeedItem
from feeds.paging import Slot
from production.catalogue.items import ItemMaker
from production.releases.history import ReleaseHistory, Standing, last_day_of
from production.releases.values import Notice, Release
from programme.making import maker
from programme.units import LanguageTag


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSlot:
    """The place of one item in its feeds, whether it still is there or not."""

    guid: str
    published_at: datetime
    series: str
    language: LanguageTag
    item: FeedItem | None
    """As its series' feed has it; None where it is there no more."""
    slot: Slot
    was_ahead: bool
    """Whether it ever had to stand in the feed's own document."""
    changes: tuple[datetime, ...]
    """When it came, changed or left, none later than now."""
    since: Mapping[str, datetime]
    """Every topic that was ever told of it, and when it came to the topic's feed."""
    follows: str = ""
    """Guid of the item that it corrects or tells of: it goes where that is; empty for none."""


_item_slot, _slot = maker(ItemSlot), maker(Slot)


def item_weight(
    title: str, description: str, *, files: int, url_letters: int, countries: int
) -> int:
    """Give about how many bytes an item takes in RSS or JSON, whichever is more; never fewer.

    Args:
        title: of the item.
        description: plain text, escaped twice in RSS (as HTML and as XML).
        files: how many objects it names.
        url_letters: of the address of one of them.
        countries: how many it is about.
    """
    return (
        1150
        + _bytes(title) * (files + 1)
        + _bytes(description)
        + files * 215
        + (files + 4) * url_letters
        + countries * 130
    )


def _bytes(text: str) -> int:
    escaped = 8 * text.count("&") + 7 * (text.count("<") + text.count(">"))
    quoted = text.count('"') + text.count("\\") + text.count("\n")
    return len(text.encode("utf-8")) + escaped + quoted


class SlotMaker:
    """Makes the slots of one network at one moment."""

    def __init__(self, items: ItemMaker, *, now: datetime, today: date) -> None:
        """Take what slots follow from besides the history.

        Args:
            items: makes what stands in a slot.
            now: aware; no change is later.
            today: items past their last day on this day are left out.
        """
        self.items = items
        self.now = now
        self.today = today

    def slots(self, history: ReleaseHistory) -> Iterator[ItemSlot]:
        """Give every item that ever was, in no order."""
        for revisions in history.editions.values():
            before: Standing | None = None
            for standing in revisions:
                yield self._edition(standing, before, history)
                before = standing
        for notice in history.notices:
            told = (one.release for one in history.editions.get(notice.edition, ()))
            titles = [one.title for one in told if one.revision == notice.revision]
            yield self._notice(notice, titles[0] if titles else notice.title)

    def _edition(
        self, standing: Standing, before: Standing | None, history: ReleaseHistory
    ) -> ItemSlot:
        release, withdrawal = standing.release, standing.withdrawal
        shown = self.today <= standing.last_day
        corrects = standing.corrects and before is not None
        beside = corrects and before is not None and self.today <= before.last_day
        item: FeedItem | None = None
        if shown and withdrawal is None:
            item = self.items.live(standing, before if beside else None)
        elif shown and withdrawal is not None:
            item = self.items.withdrawn(standing, withdrawal, self.today)
        moments = [release.published_at, release.changed_at]
        if withdrawal is not None:
            moments.append(withdrawal.at)
        if corrects and before is not None:
            moments.append(_end_of(before.last_day))
        return self._slot(
            release.guid,
            release,
            item,
            ahead=withdrawal is not None or beside,
            was_ahead=withdrawal is not None or corrects,
            moments=[*moments, _end_of(standing.last_day)],
            first_bytes=self._first_bytes(history.firsts.get(release.guid, release)),
            changed=release.guid in history.firsts,
            since=history.topics.get(release.guid, {}),
            follows=before.release.guid if corrects and before is not None else "",
        )

    def _first_bytes(self, release: Release) -> int:
        """Give what an edition weighed when it came; no later line of the ledger moves it."""
        letters = max((len(thing.key) for thing in release.media), default=0)
        return item_weight(
            release.title,
            release.description,
            files=len(release.media),
            url_letters=len(self.items.network.base_url) + letters,
            countries=len(release.countries),
        )

    def _notice(self, notice: Notice, about: str) -> ItemSlot:
        last_day = last_day_of(notice)
        item = self.items.told(notice, about) if self.today <= last_day else None
        return self._slot(
            notice.guid,
            notice,
            item,
            ahead=True,
            was_ahead=True,
            moments=[notice.published_at, _end_of(last_day)],
            follows=notice.about,
        )

    def _slot(
        self,
        guid: str,
        value: Release | Notice,
        item: FeedItem | None,
        *,
        ahead: bool,
        was_ahead: bool,
        moments: Sequence[datetime],
        first_bytes: int = 0,
        changed: bool = False,
        since: Mapping[str, datetime] | None = None,
        follows: str = "",
    ) -> ItemSlot:
        weight = first_bytes if item is not None and not was_ahead else 0
        if item is not None and (was_ahead or changed or not first_bytes):
            files = len(item.alternates) + len(item.transcripts) + bool(item.chapters_url)
            url = item.enclosure.url if item.enclosure else item.link
            weight = item_weight(
                item.title,
                f"{item.description}{item.reason}{''.join(item.topics)}",
                files=files,
                url_letters=len(url),
                countries=len(item.countries),
            )
        return _item_slot(
            guid=guid,
            published_at=value.published_at,
            series=value.series,
            language=value.language,
            item=item,
            slot=_slot(
                first_bytes=first_bytes or weight,
                bytes=weight,
                ahead=ahead and item is not None,
            ),
            was_ahead=was_ahead,
            changes=tuple(sorted({m for m in moments if m <= self.now})),
            since=since or self._since(value),
            follows=follows,
        )

    def _since(self, value: Release | Notice) -> Mapping[str, datetime]:
        topics = self.items.topics(value)
        return dict.fromkeys(topics, value.published_at) if topics else _NEVER


_NEVER: Mapping[str, datetime] = MappingProxyType({})


@lru_cache(maxsize=4096)
def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC) + timedelta(days=1)
