"""How to subscribe: the feed's address, words for the usual programs, a code for a phone."""

from functools import lru_cache

from feeds.channel import FeedChannel
from feeds.pages.addresses import series_key
from feeds.pages.filling import fill
from feeds.pages.site import Site, link
from feeds.qr_code import QrCode, qr_code


def render_subscribe(site: Site, channel: FeedChannel, root: str) -> str:
    """Give how to subscribe to a series, as markup: its address, and a code that opens its page.

    The code leads to the page and not to the feed: a telephone's camera opens it in a browser,
    which shows a feed as XML or not at all.

    Args:
        site: what all pages share.
        channel: the series.
        root: the way from the page to the target's root.
    """
    page = site.base_url + series_key(channel.id, channel.language)
    code = _code(page)
    values = {
        "href": link(channel.feed_url, site, root),
        "url": channel.feed_url,
        "page": page,
        "strokes": code.strokes,
        "modules": code.modules,
    }
    return fill("subscribe.html", channel.language, values).decode("utf-8")


@lru_cache(maxsize=8)
def _code(page: str) -> QrCode:
    """Give the code of a page, once for all pages of a series: it costs as much as fifty pages."""
    return qr_code(page)
