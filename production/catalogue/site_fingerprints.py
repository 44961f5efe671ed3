"""Fingerprints of pages: of all that stands in one, without rendering it."""

from hashlib import sha256

from feeds.pages.entries import Entry
from production.catalogue.item_digests import ItemDigests
from programme.digests import digest_text
from programme.units import Fingerprint, Key


class Fingerprints:
    """Tells pages of one target apart; what an episode shows is read once for all its pages."""

    def __init__(self, shared: str, items: ItemDigests) -> None:
        """Take what all pages show and what makes them, and what gives digests of items."""
        self._shared = digest_text(shared)
        self._items = items
        self._entries: dict[Key, bytes] = {}

    def page(self, key: Key, *shown: object) -> Fingerprint:
        """Give the fingerprint of a page that shows values of any kind."""
        return Fingerprint(digest_text(f"{self._shared} {key} {shown!r}"))

    def has_entry(self, key: Key) -> bool:
        """Tell whether a page shows the episode whose page has this key."""
        return key in self._entries

    def entry(self, entry: Entry) -> bytes:
        """Give what stands for an episode among the values that a page shows: 32 bytes."""
        found = self._entries.get(entry.key)
        if found is None:
            notice = () if entry.notice is None else (entry.notice,)
            told = repr((entry.tag, entry.series_title, len(entry.earlier))).encode()
            told += b"".join(map(self._items.last_of, (entry.item, *entry.earlier, *notice)))
            found = self._entries[entry.key] = sha256(told).digest()
        return found
