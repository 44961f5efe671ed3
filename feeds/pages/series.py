"""The pages of a series in a language: its newest episodes, and pages of older ones."""

from collections.abc import Sequence
from functools import cached_property

from feeds.channel import FeedChannel
from feeds.pages.addresses import climb, series_key
from feeds.pages.entries import Entry, text
from feeds.pages.filling import Form
from feeds.pages.frame import frame, language_step
from feeds.pages.markup import alternates_markup, line_markup
from feeds.pages.site import Site
from feeds.pages.subscribing import render_subscribe

PAGE = 25
"""Episodes on a page of a series; its newest page holds up to twice as many, less one."""


def list_pages(count: int) -> int:
    """Give how many full pages of older episodes a series has; the rest is on its own page."""
    return max(0, count // PAGE - 1)


def page_of(entries: Sequence[Entry], number: int) -> Sequence[Entry]:
    """Give the episodes of one page of a series, newest first.

    Args:
        entries: all, newest first.
        number: counted from the oldest, from 1; 0 for the newest.
    """
    count = len(entries)
    if not number:
        return entries[: count - list_pages(count) * PAGE]
    return entries[count - number * PAGE : count - (number - 1) * PAGE]


class SeriesPages:
    """Renders the pages of a series in a language; what they share is made once."""

    def __init__(self, site: Site, channel: FeedChannel, entries: Sequence[Entry]) -> None:
        """Take what stands on them.

        Args:
            site: what all pages share.
            channel: the series.
            entries: all of its episodes, newest first.
        """
        self.site = site
        self.channel = channel
        self.entries = entries
        self._root = climb(series_key(channel.id, channel.language))

    @cached_property
    def _form(self) -> Form:
        """Give a page with all that is the same on every one."""
        site, channel, root = self.site, self.channel, self._root
        tag = channel.language
        others = [(one.language, series_key(channel.id, one.language)) for one in channel.siblings]
        key = series_key(channel.id, tag)
        way = [language_step(tag, root)]
        shared = {
            **frame(site, key, tag, title=channel.title, way=way, others=others),
            "description": text(channel.description, tag),
            "feed_url": channel.feed_url,
            "subscribe": render_subscribe(site, channel, root),
        }
        return Form("series.html", tag, shared)

    def render(self, number: int) -> bytes:
        """Give one page.

        Args:
            number: counted from the oldest, from 1; 0 for the newest.
        """
        channel, root = self.channel, self._root
        tag, last = channel.language, list_pages(len(self.entries))
        key = series_key(channel.id, tag, number)
        siblings = channel.siblings if not number else ()
        told = [(one.language, series_key(channel.id, one.language)) for one in siblings]
        newer = 0 if number == last else number + 1
        older = number - 1 if number else last
        lines = [line_markup(self.site, entry, root) for entry in page_of(self.entries, number)]
        return self._form.fill(
            {
                "address": self.site.base_url + key,
                "alternates": alternates_markup(
                    self.site.base_url, [(tag, key), *told] if told else []
                ),
                "entries": "\n".join(lines),
                "number": bool(number),
                "newer": root + series_key(channel.id, tag, newer) if number else "",
                "older": root + series_key(channel.id, tag, older) if older else "",
            }
        )
