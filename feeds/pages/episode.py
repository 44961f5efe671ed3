"""The page of one episode in one language: to hear, to read, to take along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from feeds.channel import FeedChannel, FeedItem
from feeds.pages.addresses import climb, episode_key, list_key, series_key
from feeds.pages.entries import Entry, Sound, check_item, paragraphs, sounds_of, text
from feeds.pages.filling import fill
from feeds.pages.frame import Site, frame, language_step, link, step
from feeds.pages.words import transcript_markup
from feeds.qr_code import qr_code
from feeds.transcript_json import parse_json
from feeds.wellformed import check_page_url
from programme.units import Key, LanguageTag
from programme.wording import clock

MAX_BYTES = 40_000
"""Of a page. A transcript that would make it longer gets a page of its own."""

_PAGES = ("text/html", "text/plain")
"""Transcripts that a browser shows, best first."""
_LISTS = ("sounds", "transcripts", "lead", "details", "chapters", "sources")


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedEpisode:
    """An episode past its date, which no feed holds any more."""

    series: str
    series_title: str
    episode: str
    language: LanguageTag
    title: str
    expires: date
    published: date


def feed_values(site: Site, channel: FeedChannel) -> dict[str, Any]:
    """Give how to subscribe to a series: its address, and a code that opens its page."""
    page = site.base_url + series_key(channel.id, channel.language)
    code = qr_code(page)
    return {"url": channel.feed_url, "page": page, "code": code.path, "modules": code.modules}


def version_of(item: FeedItem) -> str:
    """Give what changes whenever a listener's copy of the sound is not the right one any more."""
    return _file_name(item.enclosure.url) if item.enclosure else item.guid


def render_episode(
    site: Site,
    channel: FeedChannel,
    entry: Entry,
    *,
    feed: Mapping[str, Any],
    others: Sequence[tuple[LanguageTag, Key]],
    words: bytes,
) -> bytes:
    """Give the page of an episode.

    Args:
        site: what all pages share.
        channel: its series.
        entry: how it stands.
        feed: from ``feed_values``.
        others: the same episode in other languages, with the keys of their pages.
        words: transcript in JSON; empty for none.

    Raises:
        ProductionError: a text or an address cannot stand in a page; names the item.
    """
    item, tag = entry.item, entry.tag
    check_item(item)
    root = climb(entry.key)
    said = paragraphs(item.description, tag)
    playable = item if not entry.is_withdrawn or item.enclosure else entry.notice or item
    sounds = sounds_of(playable)
    values = _outline(site, channel, entry, others) | {
        "version": version_of(item),
        "until": item.expires.isoformat(),
        "said_until": text(site.print_date(item.expires, tag), tag),
        "list": list_key(channel.id, tag),
        "withdrawn": entry.is_withdrawn,
        "corrected": bool(entry.earlier),
        "ended": False,
        "reason": text(item.reason, tag),
        "instead": _instead(site, entry, root),
        "length": clock((item.duration_ms + 500) // 1000) if sounds else "",
        "sounds": [_sound(site, sound, root) for sound in sounds],
        "transcripts": _transcripts(site, item, root),
        "machine": item.synthetic_voice,
        "lead": said[:1],
        "details": said[1:],
        "chapters": _chapters(site, entry, root, sounds),
        "sources": _sources(item, tag),
        "feed": {**feed, "href": link(channel.feed_url, site, root)},
        "apart": "",
        "transcript": "",
    }
    if words and not entry.is_withdrawn:
        spoken = parse_json(words, where=item.words_url)
        values["transcript"] = transcript_markup(spoken, item.chapters, tag)
    page = fill("episode.html", values)
    if len(page) > MAX_BYTES and values["transcript"]:
        shown = [t.url for kind in _PAGES for t in item.transcripts if t.media_type == kind]
        if shown:
            page = fill("episode.html", values | {"apart": link(shown[0], site, root)})
    return page


def render_ended(site: Site, ended: EndedEpisode) -> bytes:
    """Give the page of an episode that is past its date: only that it is not to be used."""
    key = episode_key(ended.series, ended.language, ended.episode)
    root = climb(key)
    tag = ended.language
    values = frame(
        site,
        key,
        tag,
        title=ended.title,
        way=[language_step(tag, root)],
    )
    return fill(
        "episode.html",
        values
        | {
            "key": key,
            "version": "",
            "until": ended.expires.isoformat(),
            "said_until": text(site.print_date(ended.expires, tag), tag),
            "list": list_key(ended.series, tag),
            "series": text(ended.series_title, tag),
            "series_page": root + series_key(ended.series, tag),
            "day": ended.published.isoformat(),
            "said_day": text(site.print_date(ended.published, tag), tag),
            "ended": True,
            "withdrawn": False,
            "corrected": False,
            "feed": None,
            **dict.fromkeys(("reason", "instead", "length", "transcript", "apart"), ""),
            **dict.fromkeys(
                ("sounds", "transcripts", "lead", "details", "chapters", "sources"), ()
            ),
            "machine": False,
        },
    )


def _outline(
    site: Site,
    channel: FeedChannel,
    entry: Entry,
    others: Sequence[tuple[LanguageTag, Key]],
) -> dict[str, Any]:
    """Give what stands around the content."""
    item, tag = entry.item, entry.tag
    root = climb(entry.key)
    series_page = root + series_key(channel.id, tag)
    series = text(channel.title, tag)
    values = frame(
        site,
        entry.key,
        tag,
        title=item.title,
        way=[language_step(tag, root), step(series_page, series)],
        others=others,
    )
    day = item.published_at.date()
    return values | {
        "key": entry.key,
        "series": series,
        "series_page": series_page,
        "day": day.isoformat(),
        "said_day": text(site.print_date(day, tag), tag),
    }


def _instead(site: Site, entry: Entry, root: str) -> str:
    """Give the page of what took its place; none where that is this very page."""
    url = entry.item.instead_url
    return "" if not url or url == site.base_url + entry.key else link(url, site, root)


def _sound(site: Site, sound: Sound, root: str) -> dict[str, str]:
    return {
        "href": link(sound.url, site, root),
        "url": sound.url,
        "type": sound.media_type,
        "said": sound.said,
    }


def _transcripts(site: Site, item: FeedItem, root: str) -> list[dict[str, Any]]:
    """Give the transcripts as files, one of each kind."""
    found = {_file_name(one.url).rpartition(".")[2].upper(): one for one in item.transcripts}
    return [
        {
            "href": link(one.url, site, root),
            "kind": kind,
            "download": one.media_type not in _PAGES,
        }
        for kind, one in found.items()
    ]


def _chapters(site: Site, entry: Entry, root: str, sounds: Sequence[Sound]) -> list[dict[str, str]]:
    """Give each chapter with a link that plays from there, also where no script runs."""
    if not sounds:
        return []
    file = link(sounds[-1].url, site, root)
    return [
        {
            "href": f"{file}#t={one.start_ms / 1000:g}",
            "at": clock(one.start_ms // 1000),
            "title": text(one.title, entry.tag),
        }
        for one in entry.item.chapters
    ]


def _sources(item: FeedItem, tag: LanguageTag) -> list[dict[str, str]]:
    for source in item.sources:
        if source.url:
            check_page_url(source.url, where=f"page of {item.guid!a}: source")
    return [{"title": text(one.title, tag), "url": one.url} for one in item.sources]


def _file_name(url: str) -> str:
    return url.rpartition("/")[2]
