"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), alone and beside its RSS."""

import json
import re
from collections.abc import Mapping
from typing import Any

from feeds.check_addresses import Addresses
from feeds.check_faults import Faults, quoted
from feeds.check_languages import is_language
from feeds.check_text import what_runs
from feeds.check_values import is_media_type
from feeds.feed_facts import FeedFacts
from feeds.text_lines import TextLines

MOST_BYTES = 20_000_000
_VERSIONS = ("https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1")
_MOMENT = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
    r"(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)\Z",
    re.ASCII,
)
"""RFC 3339, which the specification asks for."""
_TEXTS = ("title", "home_page_url", "feed_url", "description", "next_url", "icon", "language")


def is_json_feed(data: bytes) -> bool:
    """Tell whether a file says that it is a JSON Feed."""
    return b"jsonfeed.org/version/" in data[:2000]


def check_json_feed(data: bytes, faults: Faults, *, served_at: str = "") -> dict[str, Any] | None:
    """Judge a JSON Feed by itself; gives it as a value, None where it is none.

    Args:
        data: the file.
        faults: where findings go; lines are numbers.
        served_at: where it was fetched; empty where nobody knows.
    """
    if len(data) > MOST_BYTES:
        faults.append(("feed-json.syntax", 0, f"the feed has {len(data)} bytes"))
        return None
    try:
        text = data.decode("utf-8")
        page = json.loads(text)
    except (ValueError, RecursionError) as error:
        faults.append(("feed-json.syntax", getattr(error, "lineno", 1), "this is no JSON in UTF-8"))
        return None
    if not isinstance(page, dict):
        faults.append(("feed-json.syntax", 1, "the feed is no object"))
        return None
    lines = _Lines(text)
    addresses = Addresses(served_at)
    _top(page, lines, addresses, faults, served_at)
    items = page.get("items")
    if not isinstance(items, list):
        faults.append(("feed-json.missing", 1, "items is no list"))
        return page
    ids: set[str] = set()
    for number, item in enumerate(items):
        _item(item, lines.of_item(number), ids, addresses, faults)
    return page


class _Lines:
    """Tells on which line a field or an item is written."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = TextLines(text)
        self._ids = [match.start() for match in re.finditer(r'"id"\s*:', text)]

    def of(self, name: str) -> int:
        at = self._text.find(f'"{name}"')
        return self._lines.of(at) if at >= 0 else 1

    def of_item(self, number: int) -> int:
        if number >= len(self._ids):
            return 1
        return self._lines.of(self._ids[number])


def _top(
    page: Mapping[str, Any], lines: _Lines, addresses: Addresses, faults: Faults, served_at: str
) -> None:
    if page.get("version") not in _VERSIONS:
        said = f"the version is {quoted(str(page.get('version')))}, not {_VERSIONS[1]}"
        faults.append(("feed-json.value", lines.of("version"), said))
    if not isinstance(page.get("title"), str) or not page["title"].strip():
        faults.append(("feed-json.missing", 1, "the feed has no title"))
    for name in _TEXTS:
        value = page.get(name)
        if value is not None and not isinstance(value, str):
            faults.append(("feed-json.value", lines.of(name), f"{name} is no text"))
        elif value is not None and (name.endswith("_url") or name == "icon"):
            addresses.page(lines.of(name), value, faults)
    tag = page.get("language")
    if isinstance(tag, str) and not is_language(tag):
        said = f"language {quoted(tag)} is no language tag"
        faults.append(("feed-json.value", lines.of("language"), said))
    own = page.get("feed_url")
    if served_at and isinstance(own, str) and own != served_at:
        said = f"the feed says that it is at {quoted(own)}, and it is at {quoted(served_at)}"
        faults.append(("feed-channel.self", lines.of("feed_url"), said))


def _item(item: object, line: int, ids: set[str], addresses: Addresses, faults: Faults) -> None:
    if not isinstance(item, dict):
        faults.append(("feed-json.value", line, "an item is no object"))
        return
    own = item.get("id")
    if not isinstance(own, str) or not own:
        faults.append(("feed-json.missing", line, "an item has no id"))
    elif own in ids:
        faults.append(("feed-item.guid-twice", line, f"the id {quoted(own)} stands there twice"))
    else:
        ids.add(own)
    _content(item, line, faults)
    for name in ("date_published", "date_modified"):
        moment = item.get(name)
        if moment is not None and not (isinstance(moment, str) and _MOMENT.match(moment)):
            said = f"{name} {quoted(str(moment))} is no moment of RFC 3339"
            faults.append(("feed-json.value", line, said))
    if isinstance(item.get("url"), str):
        addresses.page(line, item["url"], faults)
    _attachments(item.get("attachments", []), line, addresses, faults)


def _attachments(rows: object, line: int, addresses: Addresses, faults: Faults) -> None:
    if not isinstance(rows, list):
        faults.append(("feed-json.value", line, "attachments is no list"))
        return
    for one in rows:
        _attachment(one, line, addresses, faults)


def _content(item: Mapping[str, Any], line: int, faults: Faults) -> None:
    texts = [item.get(name) for name in ("content_html", "content_text")]
    if not any(isinstance(text, str) and text.strip() for text in texts):
        faults.append(("feed-json.missing", line, "an item has no content_html or content_text"))
    running = what_runs(texts[0]) if isinstance(texts[0], str) else ""
    if running:
        said = f"content_html holds markup that runs: {quoted(running)}"
        faults.append(("feed-text.script", line, said))


def _attachment(one: Any, line: int, addresses: Addresses, faults: Faults) -> None:  # noqa: ANN401
    if not isinstance(one, dict):
        faults.append(("feed-json.value", line, "an attachment is no object"))
        return
    url, kind = one.get("url"), one.get("mime_type")
    if not isinstance(url, str) or not url:
        faults.append(("feed-json.missing", line, "an attachment has no url"))
    else:
        addresses.sound(line, url, faults)
    if not isinstance(kind, str) or not is_media_type(kind):
        faults.append(("feed-json.missing", line, "an attachment has no mime_type"))
    for name in ("size_in_bytes", "duration_in_seconds"):
        value = one.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e12:
            said = f"{name} is {quoted(str(value))}, no number above 0"
            faults.append(("feed-json.value", line, said))


def check_twin(page: Mapping[str, Any], rss: FeedFacts, faults: Faults) -> None:
    """Judge whether a JSON Feed and the RSS beside it say the same of the same items.

    Args:
        page: the JSON Feed as ``check_json_feed`` gives it.
        rss: the feed of the same name.
        faults: where findings go; lines are numbers.
    """
    items = [one for one in page.get("items", []) if isinstance(one, dict)]
    json_titles = {str(one.get("id")): str(one.get("title", "")) for one in items}
    rss_titles = {guid: title for guid, title, _ in rss.items if guid}
    for guid in rss_titles.keys() - json_titles.keys():
        faults.append(("feed-json.twin", 0, f"the item {quoted(guid)} of {rss.file} is not here"))
    for guid in json_titles.keys() - rss_titles.keys():
        faults.append(("feed-json.twin", 0, f"the item {quoted(guid)} is not in {rss.file}"))
    for guid in sorted(rss_titles.keys() & json_titles.keys()):
        if json_titles[guid].strip() != rss_titles[guid]:
            said = f"the item {quoted(guid)} has another title in {rss.file}"
            faults.append(("feed-json.twin", 0, said))
