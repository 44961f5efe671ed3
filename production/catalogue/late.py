"""Items that come to a feed later than they were published, dated by the day on which they came.

A topic that is added to an episode, or a series that a station begins to take, brings old items
into a feed. LibreTime and AntennaPod pass over what is older than the newest that they know. So
such an item has a date of its own there; and the day of its publication stands behind its title,
which tells how old it is, and parts it from others of its name: a series may call each alike.
"""

from dataclasses import replace
from datetime import datetime

from feeds.paging import Slot
from feeds.text_limits import MAX_VALUE_LETTERS
from production.catalogue.slots import ItemSlot
from programme.wording import shortened
from scripts.spoken import print_date, speaks

_MOST_TITLES = 12
"""How often a title stands in a document, at most: with every file of an item."""


def come_later(slot: ItemSlot, moment: datetime) -> ItemSlot:
    """Give a slot as a feed has it to which its item came at a moment.

    Args:
        slot: as the feed of its series has it.
        moment: aware; not before its publication.
    """
    if moment <= slot.published_at:
        return slot
    day, tag = slot.published_at.date(), slot.language
    mark = f" ({print_date(day, tag) if speaks(tag) else day.isoformat()})"
    weight = _MOST_TITLES * len(mark.encode("utf-8"))
    item = slot.item
    return replace(
        slot,
        published_at=moment,
        item=item and replace(item, published_at=moment, title=marked_title(item.title, mark)),
        slot=Slot(
            first_bytes=slot.slot.first_bytes + weight,
            bytes=slot.slot.bytes + weight if item else 0,
            ahead=slot.slot.ahead,
        ),
        changes=tuple(sorted({moment, *(one for one in slot.changes if one > moment)})),
    )


def marked_title(title: str, mark: str) -> str:
    """Put something behind a title, cut where both would be too long for directories."""
    return shortened(title, MAX_VALUE_LETTERS - len(mark)) + mark
