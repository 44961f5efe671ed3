"""An item as RSS and as JSON, written once for all the feeds that hold it.

An item of several feeds differs in its guid, and in little else. Feeds are written in the order of
time, so that few items need to be kept until the last feed that holds them is written.
"""

import json
from dataclasses import dataclass
from json.encoder import encode_basestring as quoted
from typing import Any

from feeds.channel import FeedChannel, FeedItem
from feeds.channel_checks import check_item
from feeds.json_items import item_details, item_fields, whole_seconds
from feeds.markup import element, escape, quote
from feeds.podcast_namespace import item_tags, rfc2822
from feeds.wellformed import as_html
from programme.languages import language
from programme.units import LanguageTag

KEPT = 400
"""How many items are kept by default; about 8 kB each. One that is needed later is written anew."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

_Key = tuple[str, str, str, str]


@dataclass(slots=True)
class _Written:
    """What was written of one item; empty for what nobody asked for yet."""

    rss: bytes = b""
    json: bytes = b""


class ItemTexts:
    """Writes items, and keeps what the next feed may need again."""

    def __init__(self, kept: int = KEPT) -> None:
        self._most = kept
        self._kept: dict[_Key, _Written] = {}

    def rss(self, item: FeedItem, channel: FeedChannel) -> bytes:
        """Give an item of a feed as markup in UTF-8.

        Raises:
            ProductionError: a text or an address cannot stand in a feed; names item and field.
        """
        written = self._written(item, channel)
        if not written.rss:
            written.rss = _rss_rest(item, channel).encode("utf-8")
        guid = escape(item.guid + channel.guid_mark).encode("utf-8")
        return b'<item>\n<guid isPermaLink="false">%b</guid>\n%b</item>\n' % (guid, written.rss)

    def json(self, item: FeedItem, channel: FeedChannel) -> bytes:
        """Give an item of a feed as a JSON object in UTF-8.

        Raises:
            ProductionError: as ``rss``.
        """
        written = self._written(item, channel)
        if not written.json:
            written.json = _json_rest(item, channel).encode("utf-8")
        mark = channel.guid_mark
        home = f'"home_id":{quoted(item.guid)},' if mark else ""
        replaces = f'"replaces":{quoted(item.replaces + mark)},' if item.replaces else ""
        own = f'{{"id":{quoted(item.guid + mark)},"_altavoz":{{{home}{replaces}'
        return b"%b%b}" % (own.encode("utf-8"), written.json)

    def _written(self, item: FeedItem, channel: FeedChannel) -> _Written:
        key = _key(item, channel)
        found = self._kept.get(key)
        if found is None:
            check_item(item, channel)
            if len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]  # what came longest ago
            found = self._kept[key] = _Written()
        return found


def _key(item: FeedItem, channel: FeedChannel) -> _Key:
    """Tell items apart by all in which one may differ between feeds."""
    sound = "" if item.enclosure is None else item.enclosure.url
    return item.guid, item.title, sound, _licence_url(item, channel)


def _licence_url(item: FeedItem, channel: FeedChannel) -> str:
    return channel.licence_url if item.licence == channel.licence else ""


def _rss_rest(item: FeedItem, channel: FeedChannel) -> str:
    tag = LanguageTag(item.language or channel.language)
    lines = [
        element("title", item.title),
        element("link", item.link),
        element("description", as_html(item.description.strip())),
    ]
    if item.enclosure is not None:
        sound = item.enclosure
        url, kind = quote(sound.url), quote(sound.media_type.partition(";")[0])
        lines += [
            f'<enclosure url="{url}" length="{sound.length_bytes}" type="{kind}"/>',
            f"<itunes:duration>{whole_seconds(item)}</itunes:duration>",
        ]
    lines += [
        f"<pubDate>{rfc2822(item.published_at)}</pubDate>",
        element("dc:language", language(tag).feed_tag),
        f"<itunes:episode>{item.number}</itunes:episode>",
        "<itunes:episodeType>full</itunes:episodeType>",
        *item_tags(item, tag, _licence_url(item, channel)),
    ]
    return "\n".join(lines) + "\n"


def _json_rest(item: FeedItem, channel: FeedChannel) -> str:
    return f"{item_details(item)}}},{item_fields(item, channel)}"


def compact(value: Any) -> str:  # noqa: ANN401  # whatever JSON holds
    """Give a value as JSON without spaces, letters of every script as they are."""
    return _ENCODER.encode(value)
