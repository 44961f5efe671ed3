"""Pieces of pages that repeat by the thousand, written by hand: a template takes ten times as long.

Every value is escaped here. What comes back is markup, and stands in templates as ``|safe``.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from feeds.channel import FeedItem
from feeds.labels import labels
from feeds.pages.addresses import climb
from feeds.pages.entries import Entry, Sound, text
from feeds.pages.filling import escape, said
from feeds.pages.site import Site, link
from programme.editions import Chapter
from programme.facts import Source
from programme.units import Key, LanguageTag
from programme.wording import clock


class Step(NamedTuple):
    """One step of the way from home to a page."""

    href: str
    name: str
    tag: LanguageTag | None = None
    """Of a name in another language than the page's; None for none."""


def way_markup(steps: Iterable[Step]) -> str:
    """Give the way from home as lines of a list."""
    return "\n".join(
        f'<li><a href="{escape(one.href)}"{_language(one.tag)}>'
        f"<bdi>{escape(one.name)}</bdi></a></li>"
        for one in steps
    )


def languages_markup(pages: Iterable[tuple[LanguageTag, Key]], root: str) -> str:
    """Give links to the same in other languages, each in its own name, as lines of a list."""
    return "\n".join(
        f'<li><a href="{root}{key}" hreflang="{tag}"{_language(tag)}>'
        f"{escape(labels(tag).endonym)}</a></li>"
        for tag, key in pages
    )


def alternates_markup(base_url: str, pages: Iterable[tuple[str, Key]]) -> str:
    """Tell search engines of the same in other languages, by whole addresses."""
    return "\n".join(
        f'<link rel="alternate" hreflang="{tag}" href="{escape(base_url)}{key}">'
        for tag, key in pages
    )


def line_markup(site: Site, entry: Entry, root: str, *, own_language: bool = False) -> str:
    """Give an episode as one line of a list.

    Args:
        site: what all pages share.
        entry: the episode.
        root: the way from the page to the target's root.
        own_language: whether the page is in another language, and does not name the series.
    """
    item, tag = entry.item, entry.tag
    own = labels(tag)
    around = f"<bdi>{escape(text(entry.series_title, tag))}</bdi> · " if own_language else ""
    published = time_markup(site, item.published_at.date(), tag)
    length = "" if entry.is_withdrawn else f" · {_ltr(clock(seconds(item)))}"
    until = (
        ""
        if entry.is_withdrawn
        else (
            f'<p class="until">{said(own, "valid")} {time_markup(site, item.expires, tag)} '
            f'<strong class="late" hidden>{said(own, "expired")}</strong></p>\n'
        )
    )
    return (
        f'<li class="line{" gone" if entry.is_withdrawn else ""}"'
        f' data-until="{item.expires.isoformat()}"{_language(tag) if own_language else ""}>\n'
        f'<a href="{root}{entry.key}"><bdi>{escape(text(item.title, tag))}</bdi></a>\n'
        f'<p class="quiet">{around}{published}{length}</p>\n{until}</li>'
    )


def time_markup(site: Site, day: date, tag: LanguageTag) -> str:
    """Give a day in words of a language."""
    return _time(site.print_date, day, tag)


@lru_cache(maxsize=4096)
def _time(print_date: Callable[[date, LanguageTag], str], day: date, tag: LanguageTag) -> str:
    return f'<time datetime="{day.isoformat()}">{escape(text(print_date(day, tag), tag))}</time>'


def chapters_markup(chapters: Iterable[Chapter], file: str, tag: LanguageTag) -> str:
    """Give chapters as links that play from there, also where no script runs (media fragments)."""
    file = escape(file)
    return "\n".join(
        f'<li><a href="{file}#t={one.start_ms / 1000:g}">'
        f"{_ltr(clock(one.start_ms // 1000))} <bdi>{escape(text(one.title, tag))}</bdi></a></li>"
        for one in chapters
    )


def sources_markup(site: Site, sounds: Iterable[Sound], root: str) -> str:
    """Give the files of a player, in the order in which it tries them."""
    return "\n".join(
        f'<source src="{escape(link(one.url, site, root))}" type="{escape(one.media_type)}">'
        for one in sounds
    )


def files_markup(site: Site, entry: Entry, sounds: Sequence[Sound], pages: Sequence[str]) -> str:
    """Give everything that can be taken along, as lines of a list.

    Args:
        site: what all pages share.
        entry: the episode; one transcript of each kind that people read is shown.
        sounds: what can be heard.
        pages: types that a browser shows; the others are downloads.
    """
    own, root = labels(entry.tag), climb(entry.key)
    download, transcript = said(own, "download"), said(own, "transcript")
    # JSON is for programs; nobody reads it.
    shown = [one for one in entry.item.transcripts if not one.url.endswith(".json")]
    found = {one.url.rpartition(".")[2].upper(): one for one in shown}
    rows = [
        f'<li><a href="{escape(link(one.url, site, root))}" download>'
        f"{download}: <bdi>{escape(text(one.title, entry.tag))}</bdi> "
        f"{_ltr(one.said)}</a></li>"
        for one in sounds
    ]
    rows += [
        f'<li><a href="{escape(link(one.url, site, root))}"'
        f"{'' if one.media_type.partition(';')[0] in pages else ' download'}>"
        f"{transcript} {_ltr(kind)}</a></li>"
        for kind, one in found.items()
    ]
    return "\n".join(rows)


def paragraphs_markup(said: Iterable[str]) -> str:
    """Give paragraphs of plain text."""
    return "\n".join([f"<p>{escape(one)}</p>" for one in said])


def cited_markup(sources: Iterable[Source], tag: LanguageTag) -> str:
    """Give what a message is taken from, as lines of a list; paper shows addresses in full."""
    rows = []
    for one in sources:
        row, url = f"<bdi>{escape(text(one.title, tag))}</bdi>", escape(one.url)
        if url:
            row = (
                f'<a href="{url}" rel="noreferrer">{row}</a> '
                f'<span class="paper"><bdi dir="ltr">{url}</bdi></span>'
            )
        rows.append(f"<li>{row}</li>")
    return "\n".join(rows)


def paper_markup(addresses: Iterable[str]) -> str:
    """Give addresses that only paper shows."""
    return "\n".join(f'<p class="paper">{_ltr(address)}</p>' for address in addresses)


def seconds(item: FeedItem) -> int:
    """Give how long an item is, in whole seconds."""
    return (item.duration_ms + 500) // 1000


def _ltr(shown: str) -> str:
    return f'<bdi dir="ltr">{escape(shown)}</bdi>'


def _language(tag: LanguageTag | None) -> str:
    return f' lang="{tag}" dir="{labels(tag).direction}"' if tag else ""
