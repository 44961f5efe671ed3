"""Sends the pages that changed, and takes away those that no longer exist.

Before the first page goes, ``site.json`` forgets what will be sent: a publish that is broken off,
and content that then returns to what it was, must not leave a page that nobody knows to be wrong.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from feeds.pages.addresses import MEDIA
from production.site import (
    SITE_KEY,
    SITE_TYPE,
    SentPage,
    SitePage,
    changed_pages,
    parse_site,
    render_site,
    sent_page,
)
from production.targets.base import Target
from programme.units import Key

Put = Callable[[Key, bytes, str], None]
"""Sends bytes of a media type under a key, and reports it."""


def pages_to_send(target: Target, pages: Iterable[SitePage]) -> list[SitePage]:
    """Give the pages that differ from what the target has; nothing is rendered or sent."""
    return changed_pages(parse_site(target.read(SITE_KEY)), pages)


def send_pages(target: Target, pages: Iterable[SitePage], put: Put) -> list[Key]:
    """Send every page that changed, and remove pages that are no more.

    Args:
        target: where they go.
        pages: all that there are to be.
        put: sends one.

    Returns:
        The keys of pages that were removed.

    Raises:
        ProductionError: the target refuses; what was sent is there, and the next publish goes on.
    """
    told = target.read(SITE_KEY)
    old = parse_site(told)
    keys: set[Key] = set()
    changed = changed_pages(old, _noting(pages, keys))  # those that stay as they are go at once
    gone = [key for key in old if key not in keys and not key.startswith(MEDIA)]
    kept = dict(_unchanged(old, changed, gone))
    if told is not None and len(kept) < len(old):
        put(SITE_KEY, render_site(kept), SITE_TYPE)
    for page in changed:
        data = page.render()
        put(page.key, data, page.media_type)
        kept[page.key] = sent_page(page, data)
    removed = [key for key in gone if target.remove(key)]
    if changed or told is None:
        put(SITE_KEY, render_site(kept), SITE_TYPE)
    return removed


def _noting(pages: Iterable[SitePage], keys: set[Key]) -> Iterator[SitePage]:
    for page in pages:
        keys.add(page.key)
        yield page


def _unchanged(
    old: Mapping[Key, SentPage], changed: Iterable[SitePage], gone: Iterable[Key]
) -> Iterator[tuple[Key, SentPage]]:
    left = {page.key for page in changed} | set(gone)
    return ((key, page) for key, page in old.items() if key not in left)
