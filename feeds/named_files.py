"""Which files a feed names, and what it says of each."""

from collections.abc import Iterator
from dataclasses import dataclass

from feeds.check_enclosure import read_duration
from feeds.check_faults import Element
from feeds.podcast_namespace import ITUNES, PODCAST

_NAMES = {"podcast": PODCAST, "itunes": ITUNES}


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFile:
    """A file as a feed speaks of it."""

    role: str
    """``enclosure``, ``alternate``, ``trailer``, ``transcript``, ``chapters`` or ``image``."""
    address: str
    element: Element
    """That names it."""
    media_type: str = ""
    length: str = ""
    """In bytes, as the feed writes it; empty where it does not."""
    duration_s: int = 0
    """Of the item; 0 where the feed does not say."""
    integrity: str = ""


def named_files(channel: Element) -> Iterator[NamedFile]:
    """Give every file that a channel and its items name by an address."""
    for image in channel.findall("itunes:image", _NAMES):
        yield NamedFile(role="image", address=image.get("href", ""), element=image)
    for trailer in channel.findall("podcast:trailer", _NAMES):
        yield NamedFile(
            role="trailer",
            address=trailer.get("url", ""),
            element=trailer,
            media_type=trailer.get("type", ""),
            length=trailer.get("length", ""),
        )
    for item in channel.findall("item"):
        yield from _of_item(item)


def _of_item(item: Element) -> Iterator[NamedFile]:
    duration_s = read_duration((item.findtext("itunes:duration", "", _NAMES) or "").strip())
    for enclosure in item.findall("enclosure"):
        yield NamedFile(
            role="enclosure",
            address=enclosure.get("url", ""),
            element=enclosure,
            media_type=enclosure.get("type", ""),
            length=enclosure.get("length", ""),
            duration_s=duration_s,
        )
    for image in item.findall("itunes:image", _NAMES):
        yield NamedFile(role="image", address=image.get("href", ""), element=image)
    for alternate in item.findall("podcast:alternateEnclosure", _NAMES):
        yield from _of_alternate(alternate, duration_s)
    for role in ("transcript", "chapters"):
        for link in item.findall(f"podcast:{role}", _NAMES):
            yield NamedFile(
                role=role,
                address=link.get("url", ""),
                element=link,
                media_type=link.get("type", ""),
                duration_s=duration_s,
            )


def _of_alternate(alternate: Element, duration_s: int) -> Iterator[NamedFile]:
    integrity = alternate.find("podcast:integrity[@type='sri']", _NAMES)
    for source in alternate.findall("podcast:source", _NAMES):
        yield NamedFile(
            role="alternate",
            address=source.get("uri", ""),
            element=source,
            media_type=source.get("contentType") or alternate.get("type", ""),
            length=alternate.get("length", ""),
            duration_s=duration_s,
            integrity="" if integrity is None else integrity.get("value", ""),
        )
