"""What a publish would change in feeds: item by item in words, and as a unified diff."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import unescape

from feeds.channel import FeedChannel, FeedItem, ItemState
from feeds.paging import page_url
from programme.digests import Plain
from programme.units import Key

_GUID = re.compile(rb"<guid[^>]*>([^<]*)</guid>")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """What happens to one item of a feed."""

    guid: str
    title: str
    """As it will be; of an item that leaves, as it was, or its guid."""
    what: str
    """In words: ``new``, ``withdrawn, with a spoken notice``, ``other sound``..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDiff:
    """One document that would change."""

    key: Key
    is_new: bool
    items: tuple[ItemChange, ...]
    unified: str
    """Unified diff of the bytes at the target and those that would be sent."""

    def plain(self) -> dict[str, Plain]:
        """Give it for --json."""
        items: list[Plain] = [dict(asdict(item)) for item in self.items]
        return {"key": self.key, "new": self.is_new, "items": items, "unified": self.unified}


Documents = Mapping[Key, tuple[FeedChannel, Sequence[FeedItem]]]
"""Which feed stands under a key, and its items in that document."""


def documents_of(channels: Iterable[FeedChannel], base_url: str) -> Documents:
    """Give the feed and the items of every document in RSS."""
    found: dict[Key, tuple[FeedChannel, Sequence[FeedItem]]] = {}
    for channel in channels:
        older = {item.guid for page in channel.pages for item in page.items}
        head = [item for item in channel.items if item.guid not in older]
        found[Key(channel.feed_url.removeprefix(base_url))] = channel, head
        for page in channel.pages:
            url = page_url(channel.feed_url, page.number)
            found[Key(url.removeprefix(base_url))] = channel, page.items
    return found


def diff_feed(
    key: Key, there: bytes | None, data: bytes, before: Documents, after: Documents
) -> FeedDiff:
    """Give what would change in one document.

    Args:
        key: its name.
        there: bytes at the target; None where there is nothing.
        data: bytes that would be sent.
        before: feeds as the ledger tells them today.
        after: feeds as they will be.
    """
    items: Iterable[ItemChange] = ()
    if key in after:
        was = before.get(key)
        items = _items(was[0] if was else None, *after[key], there)
    return FeedDiff(
        key=key,
        is_new=there is None,
        items=tuple(items),
        unified=_unified(key, there or b"", data),
    )


def diff_lines(diff: FeedDiff, *, full: bool) -> Iterator[str]:
    """Say one document's changes in lines."""
    yield f"{diff.key}{' (new)' if diff.is_new else ''}"
    for item in diff.items:
        yield f"  {item.what}: {item.title}"
    if not diff.items:
        yield "  follows"
    if full:
        yield from diff.unified.splitlines()


def _items(
    before: FeedChannel | None,
    after: FeedChannel,
    shown: Sequence[FeedItem],
    there: bytes | None,
) -> Iterator[ItemChange]:
    mark = after.guid_mark
    was = {item.guid + mark: item for item in (before.items if before else ())}
    known = {unescape(found.decode("utf-8", "replace")) for found in _GUID.findall(there or b"")}
    for item in sorted(shown, key=lambda one: one.published_at, reverse=True):
        guid = item.guid + mark
        # What the ledger knows and the feed lacks was interrupted: it is new to listeners.
        what = _what(was.get(guid) if guid in known else None, item)
        if what:
            yield ItemChange(guid=guid, title=item.title, what=what)
    stays = {item.guid + mark for item in after.items}
    for guid in sorted(known - {item.guid + mark for item in shown}):
        left = was.get(guid)
        yield ItemChange(
            guid=guid,
            title=left.title if left else guid,
            what="moves to another page" if guid in stays else "leaves the feed",
        )


def _what(old: FeedItem | None, new: FeedItem) -> str:
    spoken = "with a spoken notice" if new.enclosure else "without sound"
    if old is None:
        return {
            ItemState.LIVE: "new",
            ItemState.WITHDRAWN: f"withdrawn, {spoken}",
            ItemState.NOTICE: f"new notice, {spoken}",
        }[new.state]
    if new.state is not old.state:
        return f"{new.state.value}, {spoken}"
    changed = []
    if old.title != new.title:
        changed.append(f"other title (was: {old.title})")
    if old.enclosure != new.enclosure:
        changed.append("other sound" if new.state is ItemState.LIVE else spoken)
    if old.description != new.description:
        changed.append("other description")
    if not changed and old != new:
        changed.append("other details")
    return ", ".join(changed)


def _unified(key: Key, old: bytes, new: bytes) -> str:
    lines = difflib.unified_diff(
        old.decode("utf-8", "replace").splitlines(),
        new.decode("utf-8", "replace").splitlines(),
        fromfile=f"at the target/{key}",
        tofile=f"to be sent/{key}",
        lineterm="",
    )
    return "\n".join(lines)
