"""An item as RSS and as JSON, written once for all the feeds that hold it.

An item of several feeds differs in its guid, and in little else. Feeds are written in the order of
time, so that few items need to be kept until the last feed that holds them is written.
"""

import json
from typing import Any

from feeds.channel import FeedChannel, FeedItem
from feeds.channel_checks import check_item, item_place
from feeds.json_items import item_details, item_fields, whole_seconds
from feeds.markup import element
from feeds.podcast_namespace import item_tags, rfc2822
from feeds.wellformed import as_html, check_value
from programme.languages import language
from programme.units import LanguageTag

KEPT = 1000
"""How many items are kept by default; about 10 kB each."""

_Key = tuple[str, str, str, str]


class ItemTexts:
    """Writes items, and keeps what the next feed may need again."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._rss: dict[_Key, str] = {}
        self._json: dict[_Key, str] = {}

    def rss(self, item: FeedItem, channel: FeedChannel) -> str:
        """Give an item of a feed as markup.

        Raises:
            ProductionError: a text or an address cannot stand in a feed; names item and field.
        """
        key = _key(item, channel)
        rest = self._rss.get(key)
        if rest is None:
            rest = self._keep(self._rss, key, _rss_rest(item, channel))
        _check_guids(item, channel)
        guid = element("guid", item.guid, isPermaLink="false")
        return f"<item>\n{guid}\n{rest}</item>\n"

    def json(self, item: FeedItem, channel: FeedChannel) -> str:
        """Give an item of a feed as a JSON object.

        Raises:
            ProductionError: as ``rss``.
        """
        key = _key(item, channel)
        rest = self._json.get(key)
        if rest is None:
            rest = self._keep(self._json, key, _json_rest(item, channel))
        _check_guids(item, channel)
        own = {"home_id": item.home_guid, "replaces": item.replaces}
        said = _inside({name: value for name, value in own.items() if value})
        return f'{{"id":{_compact(item.guid)},"_altavoz":{{{said}{"," * bool(said)}{rest}}}'

    def _keep(self, kept: dict[_Key, str], key: _Key, text: str) -> str:
        if len(kept) >= self._kept:
            del kept[next(iter(kept))]  # what was written longest ago
        kept[key] = text
        return text


def _key(item: FeedItem, channel: FeedChannel) -> _Key:
    """Tell items apart by all in which one may differ between feeds."""
    sound = "" if item.enclosure is None else item.enclosure.url
    return item.home_guid or item.guid, item.title, sound, _licence_url(item, channel)


def _licence_url(item: FeedItem, channel: FeedChannel) -> str:
    return channel.licence_url if item.licence == channel.licence else ""


def _check_guids(item: FeedItem, channel: FeedChannel) -> None:
    check_value(item.guid, where=f"{item_place(item, channel)}: guid")
    for text in (item.home_guid, item.replaces):
        if text:
            check_value(text, where=f"{item_place(item, channel)}: guid")


def _rss_rest(item: FeedItem, channel: FeedChannel) -> str:
    check_item(item, channel)
    tag = LanguageTag(item.language or channel.language)
    lines = [
        element("title", item.title),
        element("link", item.link),
        element("description", as_html(item.description)),
    ]
    if item.enclosure is not None:
        lines.append(
            element(
                "enclosure",
                "",
                url=item.enclosure.url,
                length=str(item.enclosure.length_bytes),
                type=item.enclosure.media_type.partition(";")[0],
            )
        )
        lines.append(element("itunes:duration", str(whole_seconds(item))))
    lines += [
        element("pubDate", rfc2822(item.published_at)),
        element("dc:language", language(tag).feed_tag),
        element("itunes:episode", str(item.number)),
        element("itunes:episodeType", "full"),
        *item_tags(item, tag, _licence_url(item, channel)),
    ]
    return "\n".join(lines) + "\n"


def _json_rest(item: FeedItem, channel: FeedChannel) -> str:
    check_item(item, channel)
    return f"{_inside(item_details(item))}}},{_inside(item_fields(item, channel))}"


def _compact(value: Any) -> str:  # noqa: ANN401  # whatever JSON holds
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _inside(fields: dict[str, Any]) -> str:
    """Give the members of an object without its brackets."""
    return _compact(fields)[1:-1]
