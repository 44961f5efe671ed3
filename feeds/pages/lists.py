"""Pages that lead to episodes of several series: home, a language, and what was withdrawn."""

from collections.abc import Sequence
from typing import Any

from feeds.channel import FeedChannel, FeedItem
from feeds.labels import labels
from feeds.pages.addresses import HOME, climb, language_key, series_key, withdrawn_key
from feeds.pages.entries import Entry, newest_first, sounds_of, text
from feeds.pages.filling import fill
from feeds.pages.frame import frame, language_step
from feeds.pages.markup import (
    alternates_markup,
    languages_markup,
    line_markup,
    sources_markup,
    time_markup,
)
from feeds.pages.site import Site, link
from feeds.wellformed import check_characters
from programme.units import LanguageTag

LATEST = 8
"""Episodes shown on the page of a language."""

LANGUAGES = 16
"""Languages of which the home page shows the newest episode; it leads to all of them."""


def render_home(site: Site, entries: Sequence[Entry], tag: LanguageTag) -> bytes:
    """Give the home page: every language in its own name, and the newest in each.

    Args:
        site: what all pages share.
        entries: of all series and languages, in any order.
        tag: the language of the page's own few words.
    """
    values = frame(site, HOME, tag, title=site.name, withdrawn=False)
    pages = [(one, language_key(one)) for one in site.languages]
    values["alternates"] = alternates_markup(site.base_url, [("x-default", HOME), *pages])
    values["languages"] = languages_markup(pages, "")
    values["latest"] = "\n".join(
        line_markup(site, entry, "", own_language=True)
        for entry in newest_of_each(entries, site.languages)
    )
    values["opml"] = link(site.opml, site, "") if site.opml else ""
    return fill("home.html", tag, values)


def render_language(
    site: Site, tag: LanguageTag, entries: Sequence[Entry], channels: Sequence[FeedChannel]
) -> bytes:
    """Give the page of a language.

    Args:
        site: what all pages share.
        tag: the language.
        entries: of all series in it, in any order.
        channels: of its series, then of everything in it, then of its topics.
    """
    key = language_key(tag)
    root = climb(key)
    others = [(one, language_key(one)) for one in site.languages if one != tag]
    values = frame(site, key, tag, title=labels(tag).endonym, others=others)
    values["latest"] = _lines(site, latest(entries), root)
    gone = [one for one in entries if one.is_withdrawn]
    values["withdrawn"] = _lines(site, _newest(gone)[:LATEST], root)
    values["programmes"] = [
        {
            "href": root + series_key(channel.id, tag),
            "title": text(channel.title, tag),
            "description": text(channel.description, tag),
        }
        for channel in channels
        if channel.kind == "series"
    ]
    for name, kind in (("everything", "language"), ("topics", "topic")):
        found = [channel for channel in channels if channel.kind == kind]
        values[name] = [_named(site, _feed(site, channel, root)) for channel in found]
    values["feeds"] = [_feed(site, channel, root) for channel in channels]
    return fill("language.html", tag, values)


def render_withdrawn(site: Site, tag: LanguageTag, entries: Sequence[Entry]) -> bytes:
    """Give the page of everything that was withdrawn in a language and is still told of."""
    key = withdrawn_key(tag)
    root = climb(key)
    others = [(one, withdrawn_key(one)) for one in site.languages if one != tag]
    values = frame(
        site,
        key,
        tag,
        title=labels(tag).words["withdrawn_list"],
        way=[language_step(tag, root)],
        others=others,
        withdrawn=False,
    )
    gone = [(entry, item) for entry in entries for item in withdrawn_items(entry)]
    gone.sort(key=lambda pair: (-pair[1].published_at.timestamp(), pair[1].guid))
    values["items"] = [_withdrawn(site, entry, item, root) for entry, item in gone]
    return fill("withdrawn.html", tag, values)


def withdrawn_items(entry: Entry) -> list[FeedItem]:
    """Give everything of an episode that was withdrawn."""
    return [*([entry.item] if entry.is_withdrawn else []), *entry.earlier]


def _lines(site: Site, entries: Sequence[Entry], root: str) -> str:
    return "\n".join(line_markup(site, entry, root) for entry in entries)


def _withdrawn(site: Site, entry: Entry, item: FeedItem, root: str) -> dict[str, Any]:
    tag = entry.tag
    check_characters(item.reason, where=f"page of {item.guid!a}")
    return {
        "href": root + entry.key,
        "title": text(item.title, tag),
        "day": time_markup(site, item.published_at.date(), tag),
        "lapsed": item.is_expired,
        "reason": text(item.reason, tag),
        "instead": link(item.instead_url, site, root) if item.instead_url else "",
        "sounds": sources_markup(site, sounds_of(item), root),
    }


def _feed(site: Site, channel: FeedChannel, root: str) -> dict[str, str]:
    return {
        "title": text(channel.title, channel.language),
        "url": channel.feed_url,
        "href": link(channel.feed_url, site, root),
    }


def _named(site: Site, feed: dict[str, str]) -> dict[str, str]:
    """Give a feed by its topic alone: the network's name stands at the head of the page."""
    topic = feed["title"].removeprefix(site.name).lstrip(" \N{NO-BREAK SPACE}:")
    return feed | {"title": topic or feed["title"]}


def newest_of_each(entries: Sequence[Entry], tags: Sequence[LanguageTag]) -> list[Entry]:
    """Give the newest episode of each language, for the home page."""
    found = [latest([one for one in entries if one.tag == tag])[:1] for tag in tags[:LANGUAGES]]
    return [entry for one in found for entry in one]


def latest(entries: Sequence[Entry]) -> list[Entry]:
    """Give the latest episodes that may be played, as many as a page shows."""
    return _newest([one for one in entries if not one.is_withdrawn])[:LATEST]


def _newest(entries: Sequence[Entry]) -> list[Entry]:
    found = list(entries)
    newest_first(found)
    return found
