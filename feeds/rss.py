"""Renders a feed: RSS 2.0 with the itunes, podcast and atom namespaces. The one home of feedgen.

feedgen writes the core; ``feeds.podcast_namespace`` writes what it cannot or does wrongly.
Nothing that feedgen is asked for touches the locale or the clock, so feeds may be rendered in
threads, and the same channel gives the same bytes everywhere.

Descriptions are read as HTML by players (RSS 2.0, description), so plain text goes in escaped;
titles are plain text (RSS Advisory Board, best practices profile).
"""

from datetime import UTC, datetime

import feedgen.feed

from feeds.channel import MAX_RENDITION_TITLE, FeedChannel, FeedItem
from feeds.podcast_namespace import ChannelTags, ItemTags
from feeds.wellformed import (
    as_html,
    check_description,
    check_file_url,
    check_page_url,
    check_value,
)
from programme.errors import ProductionError
from programme.languages import language


class _Unwritten(datetime):
    """A date that counts as none, so that feedgen writes nothing and leaves the locale alone.

    feedgen sets lastBuildDate to the clock in its constructor and cannot unset it.
    """

    def __bool__(self) -> bool:
        return False


def render_feed(channel: FeedChannel) -> bytes:
    """Give a feed as XML in UTF-8: newest item first, then by guid.

    Raises:
        ProductionError: a text or an address cannot stand in a feed; names item and field.
        ValueError: a date has no time zone, or a sibling is the channel itself.
        KeyError: the language is not listed in languages.toml.
    """
    _check_channel(channel)
    feed = feedgen.feed.FeedGenerator()
    feed.load_extension("podcast")
    feed.register_extension("altavoz", ChannelTags, ItemTags, atom=False)
    feed.altavoz.channel = channel
    feed.title(channel.title)
    feed.description(as_html(channel.description))
    feed.link(href=channel.feed_url, rel="self", type="application/rss+xml")
    feed.link(href=channel.link)  # the last link becomes the channel's <link>
    feed.language(language(channel.language).feed_tag)
    feed.generator("Altavoz")  # no version: an upgrade must not send every feed again
    feed.lastBuildDate(_Unwritten(1970, 1, 1, tzinfo=UTC))
    feed.podcast.itunes_author(channel.author)
    feed.podcast.itunes_owner(name=channel.author, email=channel.owner_email)
    feed.podcast.itunes_type("episodic")
    names = ("cat", "sub")
    feed.podcast.itunes_category(dict(zip(names, channel.category, strict=False)))
    if channel.image_url:
        feed.image(url=channel.image_url, title=channel.title, link=channel.link)
    for item in sorted(channel.items, key=_newest_first):
        _add_item(feed, item, channel)
    return bytes(feed.rss_str(pretty=True))


def _newest_first(item: FeedItem) -> tuple[float, str]:
    return -item.published_at.timestamp(), item.guid


def _add_item(feed: feedgen.feed.FeedGenerator, item: FeedItem, channel: FeedChannel) -> None:
    entry = feed.add_entry(order="append")
    entry.altavoz.item = item
    entry.altavoz.licence_url = channel.licence_url if item.licence == channel.licence else ""
    entry.title(item.title)
    entry.description(as_html(item.description))
    entry.guid(item.guid, permalink=False)
    entry.link(href=item.link)
    if item.enclosure is not None:
        kind = item.enclosure.media_type.partition(";")[0]
        entry.enclosure(item.enclosure.url, str(item.enclosure.length_bytes), kind)
        entry.podcast.itunes_duration(max(1, (item.duration_ms + 500) // 1000))
    entry.podcast.itunes_episode(item.number)
    entry.podcast.itunes_episode_type("full")


def _check_channel(channel: FeedChannel) -> None:
    where = ascii(channel.feed_url)[1:-1]
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
    if channel.licence_url:
        check_page_url(channel.licence_url, where=f"{where}: licence address")
    if channel.image_url:
        _check_image(channel.image_url, where=f"{where}: image")
    for sibling in channel.siblings:
        place = f"{where}: language {sibling.language}"
        if sibling.feed_url == channel.feed_url:
            raise ValueError(f"{place}: a feed is not its own sibling")
        check_value(sibling.title, where=f"{place}: title")
        check_file_url(sibling.feed_url, where=f"{place}: feed address")
    for item in channel.items:
        _check_item(item, where=f"{where}: item {ascii(item.guid)[1:-1]}")


def _check_image(url: str, *, where: str) -> None:
    check_file_url(url, where=where)
    if not url.lower().endswith((".jpg", ".jpeg", ".png")):
        raise ProductionError(
            "podcast artwork is a JPG or PNG file",
            where=where,
            remedy="give a file whose name ends in .jpg or .png",
        )


def _check_item(item: FeedItem, *, where: str) -> None:
    check_value(item.guid, where=f"{where}: guid")
    check_value(item.title, where=f"{where}: title")
    check_description(item.description, where=f"{where}: description")
    check_value(item.licence, where=f"{where}: licence")
    check_page_url(item.link, where=f"{where}: link")
    if item.number < 1:
        raise ProductionError(
            f"the episode's number is {item.number}",
            where=f"{where}: number",
            remedy="number episodes from 1",
        )
    if item.enclosure is not None:
        _check_file(item.enclosure.url, item.enclosure.length_bytes, where=f"{where}: enclosure")
        check_value(item.enclosure.media_type, where=f"{where}: enclosure type")
    for rendition in item.alternates:
        place = f"{where}: rendition {rendition.title!a}"
        _check_file(rendition.url, rendition.length_bytes, where=place)
        _check_rendition(rendition.title, where=place)
    for transcript in item.transcripts:
        check_file_url(transcript.url, where=f"{where}: transcript")
    if item.chapters_url:
        check_file_url(item.chapters_url, where=f"{where}: chapters")


def _check_file(url: str, length_bytes: int, *, where: str) -> None:
    check_file_url(url, where=where)
    if length_bytes <= 0:
        raise ProductionError("the file is empty", where=where, remedy="build the episode again")


def _check_rendition(title: str, *, where: str) -> None:
    check_value(title, where=f"{where}: title")
    if len(title) > MAX_RENDITION_TITLE:
        raise ProductionError(
            f"the title has {len(title)} characters; players show {MAX_RENDITION_TITLE}",
            where=f"{where}: title",
            remedy="shorten it",
        )
