"""Judges a finished feed by what we promise; stricter than validators and directories are.

Reads the bytes as a stranger would and shares nothing with the renderer but the limits. The
rules, with weight, remedy and source, are data in rules.toml.
"""

import tomllib
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from importlib import resources
from typing import Any, TypeAlias

from lxml import etree

from feeds.channel import MAX_DESCRIPTION_BYTES, MAX_VALUE_LETTERS
from feeds.guids import podcast_guid
from feeds.podcast_namespace import ATOM, ITUNES, PODCAST
from feeds.wellformed import is_file_url
from programme.findings import Finding, Severity

MAX_FEED_BYTES = 250_000
MERGED_WITHIN = timedelta(minutes=10)
"""AntennaPod merges items of one title and day whose lengths differ by less."""

NS = {"atom": ATOM, "itunes": ITUNES, "podcast": PODCAST}

_CHANNEL_ONCE = (
    "title", "link", "description", "language", "lastBuildDate", "itunes:author",
    "itunes:explicit", "podcast:guid", "podcast:locked", "podcast:medium", "podcast:license",
)  # fmt: skip
_ITEM_ONCE = ("title", "description", "guid", "pubDate", "itunes:explicit", "podcast:license")
_FLAGS = ("true", "false")

Fault: TypeAlias = "tuple[str, etree._Element, str]"  # noqa: SLF001  # it has no public name
"""Rule, element concerned, and what is wrong."""


def check_feed(
    xml: bytes, *, now: datetime, file: str = "feed", advice: bool = False
) -> tuple[Finding, ...]:
    """Give every rule that a feed breaks, in the order of its lines; empty for none.

    Args:
        xml: the feed as it will be sent.
        now: aware; nothing in the feed may be later.
        file: what to call the feed in the findings.
        advice: also give warnings, of what works but could be better.
    """
    try:
        root = _parse(xml)
    except etree.XMLSyntaxError as error:
        return (_finding(file, "feed-xml", error.lineno or 0, f"no XML: {error.msg}"),)
    faults = list(_faults(root, now))
    found = [_finding(file, rule, _line(at), said) for rule, at, said in faults]
    if len(xml) > MAX_FEED_BYTES:
        found.append(_finding(file, "feed-size", 0, f"the feed has {len(xml)} bytes"))
    wanted = [f for f in found if advice or f.severity is Severity.ERROR]
    return tuple(sorted(wanted, key=lambda f: (f.line, f.rule, f.problem)))


def _parse(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(xml, parser)


def _faults(root: etree._Element, now: datetime) -> Iterator[Fault]:
    if _has_doctype(root):
        yield "feed-xml", root, "the feed has a document type"
        return
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        yield "feed-rss", root, "this is no RSS 2.0 feed with one channel"
        return
    [channel] = channels
    for check in (_channel, _identity, _category_and_owner, _artwork):
        yield from check(channel)
    items = channel.findall("item")
    for part in [channel, *items]:
        yield from _values(part)
        yield from _dates(part, now)
    for item in items:
        for judge in _ITEM_CHECKS:
            yield from judge(item)
    yield from _together(items)


# --- The channel -----------------------------------------------------------------------


def _channel(channel: etree._Element) -> Iterator[Fault]:
    yield from _once(channel, _CHANNEL_ONCE)
    if _text(channel, "itunes:explicit") not in _FLAGS:
        yield "feed-value", channel, "itunes:explicit is neither true nor false"
    if _text(channel, "podcast:locked") not in {"yes", "no"}:
        yield "feed-value", channel, "podcast:locked is neither yes nor no"
    links = channel.findall("atom:link[@rel='self']", NS)
    if len(links) != 1:
        yield "feed-required", channel, "atom:link rel=self is there 0 or several times"
    for link in channel.findall("atom:link", NS):
        yield from _address(link, link.get("href", ""))
    for link in links:
        if not link.get("href", "").endswith(".xml"):
            yield "feed-suffix", link, "the feed's address does not end in .xml"


def _identity(channel: etree._Element) -> Iterator[Fault]:
    guid = _text(channel, "podcast:guid")
    try:
        version = uuid.UUID(guid).version
    except ValueError:
        version = None
    if version != 5 or guid != guid.lower():
        yield "feed-podcast-guid", channel, f"{guid!a} is no UUID version 5 in lower case"
        return
    own = channel.find("atom:link[@rel='self']", NS)
    if own is not None and podcast_guid(own.get("href", "")) != guid:
        yield "feed-moved", channel, "podcast:guid does not come from the feed's present address"


def _category_and_owner(channel: etree._Element) -> Iterator[Fault]:
    category = channel.find("itunes:category", NS)
    if category is None or not category.get("text"):
        yield "feed-required", channel, "itunes:category is missing"
    if "@" not in _text(channel, "itunes:owner/itunes:email"):
        yield "feed-required", channel, "itunes:owner has no itunes:email"


def _artwork(channel: etree._Element) -> Iterator[Fault]:
    image = channel.find("itunes:image", NS)
    if image is None:
        yield "feed-artwork", channel, "the feed has no artwork"
        return
    address = image.get("href", "")
    yield from _address(image, address)
    if not address.lower().endswith((".jpg", ".jpeg", ".png")):
        yield "feed-value", image, "artwork is a JPG or PNG file"


# --- An item --------------------------------------------------------------------------------


def _item(item: etree._Element) -> Iterator[Fault]:
    yield from _once(item, _ITEM_ONCE)
    if _text(item, "itunes:explicit") not in _FLAGS:
        yield "feed-value", item, "itunes:explicit is neither true nor false"
    guid = item.find("guid")
    if guid is not None and guid.get("isPermaLink") != "false":
        yield "feed-guid", guid, "the guid passes for an address"


def _enclosure(item: etree._Element) -> Iterator[Fault]:
    enclosures = item.findall("enclosure")
    if len(enclosures) > 1:
        yield "feed-enclosure", item, "the item has several enclosures"
    for enclosure in enclosures:
        yield from _address(enclosure, enclosure.get("url", ""))
        length = enclosure.get("length", "")
        if not (length.isascii() and length.isdigit() and int(length) > 0):
            yield "feed-enclosure", enclosure, f"{length!a} is no length in bytes"
        if not enclosure.get("type", "").startswith("audio/"):
            yield "feed-enclosure", enclosure, f"{enclosure.get('type')!a} is no type of sound"
        duration = _text(item, "itunes:duration")
        if not (duration.isascii() and duration.isdigit() and int(duration) > 0):
            yield "feed-value", item, f"itunes:duration {duration!a} is no count of seconds"
        if item.find("podcast:transcript", NS) is None:
            yield "feed-transcript", item, "the item has no transcript"


def _beside(item: etree._Element) -> Iterator[Fault]:
    for link in [
        *item.findall("podcast:transcript", NS),
        *item.findall("podcast:chapters", NS),
    ]:
        yield from _address(link, link.get("url", ""))
        if not link.get("type"):
            yield "feed-value", link, "the link has no type"
    for rendition in item.findall("podcast:alternateEnclosure", NS):
        sources = rendition.findall("podcast:source", NS)
        integrity = rendition.find("podcast:integrity[@type='sri']", NS)
        if not rendition.get("type") or not sources or integrity is None:
            yield "feed-alternate", rendition, "the alternate lacks type, source or integrity"
        for source in sources:
            yield from _address(source, source.get("uri", ""))


_ITEM_CHECKS: tuple[Callable[[etree._Element], Iterator[Fault]], ...] = (
    _item,
    _enclosure,
    _beside,
)


def _together(items: list[etree._Element]) -> Iterator[Fault]:
    """Judge what only shows beside the other items."""
    guids: set[str] = set()
    files: set[str] = set()
    titles: dict[tuple[str, str], list[int]] = {}
    before: datetime | None = None
    for item in items:
        guid = _text(item, "guid")
        if guid in guids:
            yield "feed-guid", item, f"the guid {guid!a} stands in the feed twice"
        guids.add(guid)
        own = _files(item)
        for file in sorted(own & files):
            yield "feed-shared-file", item, f"another item has the file {file!a} too"
        files |= own
        moment = _moment(_text(item, "pubDate"))
        if moment is None:
            continue
        if before is not None and moment > before:
            yield "feed-order", item, "the item is newer than the one before it"
        before = moment
        if item.find("enclosure") is not None:
            yield from _same_title(item, moment, titles)


def _same_title(
    item: etree._Element, moment: datetime, titles: dict[tuple[str, str], list[int]]
) -> Iterator[Fault]:
    title, duration = _text(item, "title"), _text(item, "itunes:duration")
    length_s = int(duration) if duration.isascii() and duration.isdigit() else 0
    others = titles.setdefault((title, moment.date().isoformat()), [])
    if any(abs(length_s - other) < MERGED_WITHIN.total_seconds() for other in others):
        yield "feed-same-title", item, f"two items of this day are called {title!r}"
    others.append(length_s)


# --- Every part -----------------------------------------------------------------------------


def _values(part: etree._Element) -> Iterator[Fault]:
    for element in part:
        if element.tag == "item":
            continue
        text = element.text or ""
        if element.tag == "description":
            if len(text.encode("utf-8")) > MAX_DESCRIPTION_BYTES:
                yield "feed-length", element, f"description has {len(text.encode())} bytes"
        elif len(text.strip()) > MAX_VALUE_LETTERS:
            yield "feed-length", element, f"{_name(element)} has {len(text)} characters"
        if text.strip() and len(element) == 0 and text != text.strip():
            yield "feed-value", element, f"{_name(element)} has spaces around it"


def _dates(part: etree._Element, now: datetime) -> Iterator[Fault]:
    for name in ("pubDate", "lastBuildDate"):
        for element in part.findall(name):
            moment = _moment(element.text or "")
            if moment is None:
                yield "feed-date", element, f"{name} {element.text!a} is no date with a zone"
            elif moment > now:
                yield "feed-future", element, f"{name} {element.text} lies in the future"


def _once(part: etree._Element, names: tuple[str, ...]) -> Iterator[Fault]:
    for name in names:
        found = part.findall(name, NS)
        if len(found) != 1 or not (found[0].text or "").strip():
            said = "is missing or empty" if len(found) < 2 else f"stands {len(found)} times"
            yield "feed-required", part, f"{name} {said}"


def _address(element: etree._Element, address: str) -> Iterator[Fault]:
    if not is_file_url(address):
        yield "feed-address", element, f"{address!a} is no address that every player can fetch"
    elif not address.startswith("https://"):
        yield "feed-https", element, f"{address} is not served over https"


def _files(item: etree._Element) -> set[str]:
    enclosures = {enclosure.get("url", "") for enclosure in item.findall("enclosure")}
    sources = item.findall("podcast:alternateEnclosure/podcast:source", NS)
    return enclosures | {source.get("uri", "") for source in sources}


def _text(part: etree._Element, path: str) -> str:
    return (part.findtext(path, "", NS) or "").strip()


def _name(element: etree._Element) -> str:
    return f"{element.prefix}:" * bool(element.prefix) + etree.QName(element).localname


def _line(element: Any) -> int:  # noqa: ANN401  # lxml's stubs do not know sourceline
    return int(element.sourceline or 0)


def _has_doctype(root: Any) -> bool:  # noqa: ANN401  # lxml's stubs do not know doctype
    return bool(root.getroottree().docinfo.doctype)


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


# --- The rules as data -------------------------------------------------------------------


@cache
def _rules() -> dict[str, dict[str, str]]:
    text = resources.files("feeds").joinpath("rules.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _finding(file: str, rule: str, line: int, problem: str) -> Finding:
    known = _rules()[rule]
    return Finding(
        file=file,
        line=line,
        rule=rule,
        severity=Severity(known["severity"]),
        problem=problem,
        remedy=known["remedy"],
    )
