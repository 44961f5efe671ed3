"""What only shows beside other items: guids, files, titles, order, validity.

Players' own rules: AntennaPod merges two items of one title and day whose lengths differ by
less than ten minutes; LibreTime takes only the first item, and each guid once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from feeds.check_elements import withdrawn_titles
from feeds.check_faults import Element, Faults, quoted
from feeds.check_item import ItemLook

MERGED_WITHIN_S = 600
_ZONES = timedelta(days=1)
"""The last good day ends later somewhere else."""


def check_together(
    items: Sequence[ItemLook], faults: Faults, *, now: datetime, serial: bool
) -> None:
    """Judge the items of one feed beside each other.

    Args:
        items: in the feed's order.
        faults: where findings go.
        now: aware.
        serial: whether the feed asks to be heard from its beginning; its order is free.
    """
    guids: set[str] = set()
    files: dict[str, Element] = {}
    titles: dict[tuple[str, int], list[int]] = {}
    before: datetime | None = None
    for item in items:
        if item.guid:
            if item.guid in guids:
                said = f"the guid {quoted(item.guid)} stands in the feed twice"
                faults.append(("feed-item.guid-twice", item.element, said))
            guids.add(item.guid)
        _files(item, files, faults)
        moment = item.moment
        if moment is not None:
            if before is not None and moment > before and not serial:
                said = "the item is newer than the one before it"
                faults.append(("feed-item.order", item.element, said))
            before = moment
            if item.enclosure is not None:
                _same_title(item, moment, titles, faults)
        if item.valid_until is not None and item.enclosure is not None:
            _expired(item, now, faults)
    _without_notice(items, faults)


def _without_notice(items: Sequence[ItemLook], faults: Faults) -> None:
    """Look for withdrawn items with nothing newer that would tell those who have the sound."""
    titles = withdrawn_titles()
    withdrawn = [item for item in items if item.moment and item.title.startswith(titles)]
    if not withdrawn:
        return
    others = [item.moment for item in items if item.moment and not item.title.startswith(titles)]
    newest = max(others, default=None)
    for item in withdrawn:
        if item.moment is not None and (newest is None or newest < item.moment):
            said = f"nothing newer follows {quoted(item.title)}"
            faults.append(("feed-item.no-notice", item.element, said))


def _files(item: ItemLook, files: dict[str, Element], faults: Faults) -> None:
    for address, element in item.files:
        other = files.setdefault(address, item)
        if other is not item and address:
            said = f"another item has the file {quoted(address)} too"
            faults.append(("feed-enclosure.shared", element, said))


def _same_title(
    item: ItemLook, moment: datetime, titles: dict[tuple[str, int], list[int]], faults: Faults
) -> None:
    others = titles.setdefault((item.title.strip(), moment.toordinal()), [])
    if others and any(abs(item.duration_s - other) < MERGED_WITHIN_S for other in others):
        said = f"two items of this day are called {quoted(item.title)}"
        faults.append(("feed-item.same-title", item.element, said))
    if len(others) < 100:
        others.append(item.duration_s)


def _expired(item: ItemLook, now: datetime, faults: Faults) -> None:
    if item.title.startswith(withdrawn_titles()):
        return
    if item.valid_until is not None and item.valid_until < (now - _ZONES).date():
        said = f"the item was good until {item.valid_until.isoformat()}, and is still live"
        faults.append(("feed-item.expired", item.element, said))
