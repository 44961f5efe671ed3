"""What a feed may say and name, refused before anything is written: texts, addresses, figures."""

from functools import cache

from feeds.channel import MAX_RENDITION_TITLE, FeedChannel, FeedItem
from feeds.wellformed import (
    check_description,
    check_file_url,
    check_page_url,
    check_value,
    is_file_url,
    is_page_url,
    is_plain_line,
    is_short_text,
)
from programme.errors import ProductionError


def check_channel(channel: FeedChannel) -> None:
    """Refuse what cannot stand in a feed about itself and about others; items are checked apart.

    Raises:
        ProductionError: names feed and field.
        ValueError: a sibling is the channel itself.
    """
    where = _plain(channel.feed_url)
    check_file_url(channel.feed_url, where=f"{where}: feed address")
    check_page_url(channel.link, where=f"{where}: link")
    for field, text in (
        ("title", channel.title),
        ("author", channel.author),
        ("owner email", channel.owner_email),
        ("licence", channel.licence),
        ("podcast guid", channel.podcast_guid),
        *(("category", name) for name in channel.category),
    ):
        check_value(text, where=f"{where}: {field}")
    check_description(channel.description, where=f"{where}: description")
    if not 1 <= len(channel.category) <= 2:
        raise ProductionError(
            "a feed needs a category, and at most one subcategory",
            where=f"{where}: category",
            remedy='write for example ["News"] or ["Education", "Self-Improvement"]',
        )
    if any('"' in name for name in channel.category):  # feedgen looks for it in a path
        raise ProductionError(
            "a category has a quotation mark in it",
            where=f"{where}: category",
            remedy="write the directories' own English words, such as News",
        )
    if channel.licence_url:
        check_page_url(channel.licence_url, where=f"{where}: licence address")
    if channel.hub_url:
        check_page_url(channel.hub_url, where=f"{where}: hub")
    if channel.image_url:
        check_image(channel.image_url, where=f"{where}: image")
    _check_others(channel, where)


def _check_others(channel: FeedChannel, where: str) -> None:
    for sibling in channel.siblings:
        place = f"{where}: language {sibling.language}"
        if sibling.feed_url == channel.feed_url:
            raise ValueError(f"{place}: a feed is not its own sibling")
        check_value(sibling.title, where=f"{place}: title")
        check_file_url(sibling.feed_url, where=f"{place}: feed address")
    publisher = () if channel.publisher is None else (channel.publisher,)
    for other in (*publisher, *channel.podroll, *channel.members):
        place = f"{where}: feed {_plain(other.feed_url)}"
        check_value(other.title, where=f"{place}: title")
        check_value(other.podcast_guid, where=f"{place}: guid")
        check_file_url(other.feed_url, where=f"{place}: feed address")


def check_item(item: FeedItem, channel: FeedChannel) -> None:
    """Refuse what cannot stand in a feed about one item.

    Raises:
        ProductionError: names feed, item and field.
    """
    if not is_plainly_right(item, channel.guid_mark):
        check_each_field(item, channel)


def is_plainly_right(item: FeedItem, guid_mark: str) -> bool:
    """Tell quickly that ``check_each_field`` has nothing against an item.

    Most of ten thousand are right, and to name each field beforehand takes three times as long.
    An item with what is rare, or in doubt, is looked at field by field.
    """
    named = (*item.topics, *item.countries, item.replaces, item.series, item.episode)
    lines = (item.guid + guid_mark, item.title, item.licence, *filter(None, named))
    addresses = [url for url in (item.chapters_url, item.words_url) if url]
    types = []
    if item.enclosure is not None:
        addresses.append(item.enclosure.url)
        types.append(item.enclosure.media_type)
    for rendition in item.alternates:
        if rendition.length_bytes <= 0 or len(rendition.title) > MAX_RENDITION_TITLE:
            return False
        addresses.append(rendition.url)
        types.append(rendition.media_type)
    for transcript in item.transcripts:
        addresses.append(transcript.url)
        types.append(transcript.media_type)
    return (
        all(map(is_plain_line, lines))
        and all(map(is_plain_line, [one.title for one in item.alternates]))
        and is_short_text(item.description)
        and is_page_url(item.link)
        and all(map(is_file_url, addresses))
        and all(map(_is_type, types))
        and (item.enclosure is None or item.enclosure.length_bytes > 0)
        and item.number >= 1
        and not (item.reason or item.instead_url or item.image_url)
    )


def check_each_field(item: FeedItem, channel: FeedChannel) -> None:
    """Refuse what ``check_item`` refuses, looking at every field by its name."""
    where = item_place(item, channel)
    check_value(item.guid + channel.guid_mark, where=f"{where}: guid")
    if item.replaces:
        check_value(item.replaces, where=f"{where}: guid of what it replaces")
    check_value(item.title, where=f"{where}: title")
    check_description(item.description, where=f"{where}: description")
    check_value(item.licence, where=f"{where}: licence")
    check_page_url(item.link, where=f"{where}: link")
    if item.instead_url:
        check_page_url(item.instead_url, where=f"{where}: page of what took its place")
    if item.reason:
        check_description(item.reason, where=f"{where}: reason")
    if item.number < 1:
        raise ProductionError(
            f"the episode's number is {item.number}",
            where=f"{where}: number",
            remedy="number episodes from 1",
        )
    for name in (*item.topics, *item.countries, item.series, item.episode):
        if name:
            check_value(name, where=f"{where}: topics, countries, series and episode")
    if item.image_url:
        check_image(item.image_url, where=f"{where}: image")
    _check_files(item, where)


def _check_files(item: FeedItem, where: str) -> None:
    if item.enclosure is not None:
        check_file(item.enclosure.url, item.enclosure.length_bytes, where=f"{where}: enclosure")
        _check_type(item.enclosure.media_type, f"{where}: enclosure type")
    for rendition in item.alternates:
        place = f"{where}: rendition {rendition.title!a}"
        check_file(rendition.url, rendition.length_bytes, where=place)
        _check_type(rendition.media_type, f"{place}: type")
        check_rendition(rendition.title, where=place)
    for transcript in item.transcripts:
        check_file_url(transcript.url, where=f"{where}: transcript")
        _check_type(transcript.media_type, f"{where}: transcript type")
    if item.chapters_url:
        check_file_url(item.chapters_url, where=f"{where}: chapters")
    if item.words_url:
        check_file_url(item.words_url, where=f"{where}: words")


def item_place(item: FeedItem, channel: FeedChannel) -> str:
    """Say where an item stands, for a message."""
    return f"{_plain(channel.feed_url)}: item {_plain(item.guid)}"


def check_image(url: str, *, where: str) -> None:
    """Refuse the address of an image that directories do not take.

    Raises:
        ProductionError: it is no address, or not of a JPG or PNG.
    """
    check_file_url(url, where=where)
    if not url.lower().endswith((".jpg", ".jpeg", ".png")):
        raise ProductionError(
            "podcast artwork is a JPG or PNG file",
            where=where,
            remedy="give a file whose name ends in .jpg or .png",
        )


def check_file(url: str, length_bytes: int, *, where: str) -> None:
    """Refuse a file that no player can fetch, or that is empty.

    Raises:
        ProductionError: says which.
    """
    check_file_url(url, where=where)
    if length_bytes <= 0:
        raise ProductionError("the file is empty", where=where, remedy="build the episode again")


def check_rendition(title: str, *, where: str) -> None:
    """Refuse the title of a rendition that players cut.

    Raises:
        ProductionError: it is empty, no plain line, or too long.
    """
    check_value(title, where=f"{where}: title")
    if len(title) > MAX_RENDITION_TITLE:
        raise ProductionError(
            f"the title has {len(title)} characters; players show {MAX_RENDITION_TITLE}",
            where=f"{where}: title",
            remedy="shorten it",
        )


@cache
def _is_type(media_type: str) -> bool:
    return media_type.isascii() and media_type.isprintable() and "/" in media_type


def _check_type(media_type: str, where: str) -> None:
    if not _is_type(media_type):
        raise ProductionError(
            f"{media_type!a} is no type of a file",
            where=where,
            remedy="give one such as audio/mpeg",
        )


def _plain(text: str) -> str:
    return ascii(text)[1:-1]
