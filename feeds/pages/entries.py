"""Editions as lines of a page: what a listener sees of one before opening it."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from feeds.channel import AlternateRendition, FeedChannel, FeedEnclosure, FeedItem, ItemState
from feeds.direction import isolate_numbers
from feeds.pages.addresses import episode_key
from feeds.wellformed import check_characters, check_file_url, is_file_url
from programme.languages import language
from programme.making import maker
from programme.units import Key, LanguageTag, Url
from programme.wording import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One episode in one language, as it stands now."""

    key: Key
    """Of its page."""
    tag: LanguageTag
    series_title: str
    item: FeedItem
    """What holds now: the latest revision, or that it was withdrawn."""
    earlier: tuple[FeedItem, ...] = ()
    """Withdrawn ones before it, newest first."""
    notice: FeedItem | None = None
    """Tells of the withdrawal."""

    @property
    def is_withdrawn(self) -> bool:
        """Whether there is nothing to be played but a notice."""
        return self.item.state is ItemState.WITHDRAWN


_make_entry = maker(Entry)


def entries_of(channel: FeedChannel) -> list[Entry]:
    """Give the episodes of a series in a language, newest first.

    Args:
        channel: of a series; items that say neither episode nor state are passed over, because
            no page is theirs.
    """
    found: dict[str, tuple[FeedItem, ...]] = {}
    for item in channel.items:
        if item.episode:
            found[item.episode] = (*found.get(item.episode, ()), item)
    entries = []
    while found:  # what is an entry is not kept twice
        episode, items = found.popitem()
        entries.append(_entry(channel, episode, items))
    newest_first(entries)
    return entries


def newest_first(entries: list[Entry]) -> None:
    """Put episodes in the order of pages; what went out at once by its number, highest first."""
    # From the last of three criteria to the first: equal ones stay as they are.
    entries.sort(key=attrgetter("key"))
    entries.sort(key=attrgetter("item.number"), reverse=True)
    entries.sort(key=attrgetter("item.published_at"), reverse=True)


def _entry(channel: FeedChannel, episode: str, items: Sequence[FeedItem]) -> Entry:
    if len(items) > 1:
        items = sorted(items, key=lambda item: (-item.published_at.timestamp(), item.guid))
    live = [item for item in items if item.state is ItemState.LIVE]
    gone = [item for item in items if item.state is ItemState.WITHDRAWN]
    notices = [item for item in items if item.state is ItemState.NOTICE]
    item = (*live, *gone, *notices)[0]
    return _make_entry(
        key=episode_key(channel.id, channel.language, episode),
        tag=channel.language,
        series_title=channel.title,
        item=item,
        earlier=tuple(one for one in gone if one is not item),
        notice=next((one for one in notices if not live), None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """One file to play or to take along."""

    url: Url
    media_type: str
    title: str
    """What it is picked by, in the language of the item: ``Low data (Opus)``, ``MP3 64 kbit/s``."""
    said: str
    """Size and length, such as ``4.8 MB 10:12``."""
    length_bytes: int


_sound = maker(Sound)


def sounds_of(item: FeedItem) -> list[Sound]:
    """Give an item's files, each once, the smallest first: data costs the listener money."""
    titles = {one.url: one.title for one in item.alternates}
    found: dict[str, FeedEnclosure | AlternateRendition] = {one.url: one for one in item.alternates}
    if item.enclosure is not None:
        found[item.enclosure.url] = item.enclosure
    length = clock((item.duration_ms + 500) // 1000)
    return [
        _sound(
            url=file.url,
            media_type=file.media_type,
            title=titles.get(file.url) or _kind(file.url),
            said=f"{size(file.length_bytes)} {length}",
            length_bytes=file.length_bytes,
        )
        for file in sorted(found.values(), key=lambda file: (file.length_bytes, file.url))
    ]


def check_item(item: FeedItem) -> None:
    """Refuse what no page can hold.

    Raises:
        ProductionError: names the item and what is wrong with it.
    """
    where = f"page of {item.guid!a}"
    check_characters(f"{item.title}{item.description}{item.reason}", where=where)
    sound = [item.enclosure.url] if item.enclosure else []
    beside = [one.url for one in item.alternates] + [one.url for one in item.transcripts]
    urls = sound + beside
    if not all(map(is_file_url, urls)):
        for url in urls:
            check_file_url(url, where=where)


def text(said: str, tag: LanguageTag) -> str:
    """Give text whose numbers keep their order, in the direction of its language."""
    return isolate_numbers(said, rtl=language(tag).rtl)


def paragraphs(said: str, tag: LanguageTag) -> list[str]:
    """Give the paragraphs of a plain text."""
    return [text(part.strip(), tag) for part in said.split("\n") if part.strip()]


def size(length_bytes: int) -> str:
    """Give a file's size as people read it: ``480 kB``, ``4.8 MB``."""
    if length_bytes < 1_000_000:
        return f"{max(1, round(length_bytes / 1000))} kB"
    return f"{length_bytes / 1_000_000:.1f} MB"


def _kind(url: str) -> str:
    return url.rpartition(".")[2].upper()
