"""The page of one episode in one language: to hear, to read, to take along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from feeds.channel import FeedChannel, FeedItem
from feeds.pages.addresses import climb, episode_key, list_key, series_key
from feeds.pages.entries import Entry, check_item, paragraphs, sounds_of, text
from feeds.pages.filling import Form, fill
from feeds.pages.frame import frame, language_step
from feeds.pages.markup import (
    Step,
    alternates_markup,
    chapters_markup,
    cited_markup,
    files_markup,
    languages_markup,
    paper_markup,
    paragraphs_markup,
    seconds,
    sources_markup,
    time_markup,
)
from feeds.pages.site import Site, link
from feeds.pages.subscribing import render_subscribe
from feeds.pages.words import transcript_markup
from feeds.transcript_json import parse_json
from feeds.wellformed import check_page_url
from programme.units import Key, LanguageTag
from programme.wording import clock

MAX_BYTES = 40_000
"""Of a page. A transcript that would make it longer gets a page of its own."""

_PAGES = ("text/html", "text/plain")
"""Transcripts that a browser shows, best first."""
_EMPTY = (
    *("reason", "instead", "length", "sounds", "files", "paper", "lead", "details"),
    *("chapters", "sources", "feed_url", "subscribe", "apart", "transcript"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedEpisode:
    """An episode that no feed holds any more: past its date, or withdrawn long ago."""

    series: str
    series_title: str
    episode: str
    language: LanguageTag
    title: str
    expires: date
    published: date
    withdrawn: bool


def version_of(item: FeedItem) -> str:
    """Give what changes whenever a listener's copy of the sound is not the right one any more."""
    return _file_name(item.enclosure.url) if item.enclosure else item.guid


class EpisodePages:
    """Renders the pages of a series' episodes in one language; what they share is made once."""

    def __init__(self, site: Site, channel: FeedChannel) -> None:
        self.site = site
        self.channel = channel

    @cached_property
    def _form(self) -> Form:
        """Give the page with all that is the same for every episode."""
        site, channel, tag = self.site, self.channel, self.channel.language
        key = episode_key(channel.id, tag, "any")
        root = climb(key)
        series = text(channel.title, tag)
        page = root + series_key(channel.id, tag)
        way = [language_step(tag, root), Step(page, series)]
        shared = {
            **frame(site, key, tag, title="", way=way),
            "series": series,
            "series_page": page,
            "list": list_key(channel.id, tag),
            "feed_url": channel.feed_url,
            "subscribe": render_subscribe(site, channel, root),
            "ended": False,
        }
        return Form("episode.html", tag, shared)

    def render(
        self, entry: Entry, *, others: Sequence[tuple[LanguageTag, Key]], words: bytes
    ) -> bytes:
        """Give the page of an episode.

        Args:
            entry: how it stands.
            others: the same episode in other languages, with the keys of their pages.
            words: transcript in JSON; empty for none.

        Raises:
            ProductionError: a text or an address cannot stand in a page; names the item.
        """
        item, tag = entry.item, entry.tag
        check_item(item)
        told = [(tag, entry.key), *others] if others else []
        root = climb(entry.key)
        values = {
            **self._status(entry, root),
            **self._content(entry, words, root),
            "others": languages_markup(others, root),
            "alternates": alternates_markup(self.site.base_url, told),
        }
        page = self._form.fill(values)
        if len(page) > MAX_BYTES and values["transcript"]:
            apart = self._apart(item, root)
            page = self._form.fill(values | {"apart": apart}) if apart else page
        return page

    def _status(self, entry: Entry, root: str) -> dict[str, str | bool]:
        """Give what it is called, and whether it holds."""
        item, tag = entry.item, entry.tag
        instead = item.instead_url
        own = instead == self.site.base_url + entry.key
        return {
            "key": entry.key,
            "address": self.site.base_url + entry.key,
            "title": text(item.title, tag),
            "version": version_of(item),
            "day": time_markup(self.site, item.published_at.date(), tag),
            "until": item.expires.isoformat(),
            "said_until": time_markup(self.site, item.expires, tag),
            "withdrawn": entry.is_withdrawn,
            "lapsed": entry.is_withdrawn and item.is_expired,
            "corrected": bool(entry.earlier),
            "reason": text(item.reason, tag),
            "instead": "" if own else link(instead, self.site, root),
        }

    def _content(self, entry: Entry, words: bytes, root: str) -> dict[str, str | bool]:
        """Give what is heard and read."""
        item, tag, site = entry.item, entry.tag, self.site
        said = _lead(entry)
        playable = item if not entry.is_withdrawn or item.enclosure else entry.notice or item
        sounds = sounds_of(playable)
        transcript = ""
        if words and not entry.is_withdrawn:
            spoken = parse_json(words, where=item.words_url)
            transcript = transcript_markup(spoken, item.chapters, tag)
        file = link(item.enclosure.url, site, root) if item.enclosure else ""
        return {
            "length": clock(seconds(playable)) if sounds else "",
            "sounds": sources_markup(site, sounds, root),
            "files": files_markup(site, entry, sounds, _PAGES),
            "paper": paper_markup([sound.url for sound in sounds]),
            "machine": item.synthetic_voice,
            "lead": paragraphs_markup(said[:1]),
            "details": paragraphs_markup(said[1:]),
            "chapters": chapters_markup(item.chapters, file, tag) if file else "",
            "sources": _sources(item, tag),
            "apart": "",
            "transcript": transcript,
        }

    def _apart(self, item: FeedItem, root: str) -> str:
        """Give the transcript that a browser shows best; empty for none."""
        found = {one.media_type.partition(";")[0]: one.url for one in item.transcripts}
        url = next((found[kind] for kind in _PAGES if kind in found), "")
        return link(url, self.site, root) if url else ""


def render_ended(site: Site, ended: EndedEpisode) -> bytes:
    """Give the page of an episode that has left the feeds: only that it is not to be used."""
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
        tag,
        values
        | {
            "key": key,
            "version": "",
            "until": ended.expires.isoformat(),
            "said_until": time_markup(site, ended.expires, tag),
            "list": list_key(ended.series, tag),
            "series": text(ended.series_title, tag),
            "series_page": root + series_key(ended.series, tag),
            "day": time_markup(site, ended.published, tag),
            "ended": not ended.withdrawn,
            "withdrawn": ended.withdrawn,
            "lapsed": False,
            "corrected": False,
            **dict.fromkeys(_EMPTY, ""),
            "machine": False,
        },
    )


def _lead(entry: Entry) -> list[str]:
    """Give the description, without the reason where that stands at the head of the page."""
    said = paragraphs(entry.item.description, entry.tag)
    reason = text(entry.item.reason, entry.tag)
    if not reason or not (entry.is_withdrawn or entry.earlier):
        return said
    return [one for one in said if not one.endswith(reason)]


def _sources(item: FeedItem, tag: LanguageTag) -> str:
    for source in item.sources:
        if source.url:
            check_page_url(source.url, where=f"page of {item.guid!a}: source")
    return cited_markup(item.sources, tag)


def _file_name(url: str) -> str:
    return url.rpartition("/")[2]
