"""Renders the list of all feeds as OPML 2.0 (http://opml.org/spec2.opml), for import into players.

Nested by language and, below it, by what a feed collects; gPodder, newsboat and podget take it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds.channel import FeedChannel
from feeds.channel_checks import check_channel
from feeds.markup import attributes, element
from feeds.podcast_namespace import rfc2822
from feeds.wellformed import check_value

MEDIA_TYPE = "text/x-opml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A group of feeds, or of groups."""

    title: str
    language: str = ""
    """BCP 47, exact; empty where its feeds are of several."""
    inside: "tuple[Outline | FeedChannel, ...]" = ()


def render_opml(
    title: str, outlines: Sequence[Outline | FeedChannel], *, owner_email: str, changed_at: datetime
) -> bytes:
    """Give the list in UTF-8.

    Args:
        title: of the list.
        outlines: in the order in which people see them.
        owner_email: a role's mailbox.
        changed_at: when a feed last came or went, aware.

    Raises:
        ProductionError: a text or an address cannot stand in a list; names feed and field.
    """
    check_value(title, where="feeds.opml: title")
    check_value(owner_email, where="feeds.opml: owner")
    head = [
        element("title", title),
        element("dateModified", rfc2822(changed_at)),
        element("ownerEmail", owner_email),
    ]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "<head>",
        *head,
        "</head>",
        "<body>",
        *(line for outline in outlines for line in _outline(outline)),
        "</body>",
        "</opml>",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _outline(outline: Outline | FeedChannel) -> list[str]:
    if isinstance(outline, FeedChannel):
        check_channel(outline)
        return [
            element(
                "outline",
                "",
                type="rss",
                text=outline.title,
                title=outline.title,
                description=outline.description,
                htmlUrl=outline.link,
                language=outline.language,
                version="RSS2",
                # last: podget takes the last address of a line for the feed (0.9.0, measured)
                xmlUrl=outline.feed_url,
            )
        ]
    check_value(outline.title, where="feeds.opml: group")
    given = {"text": outline.title, "title": outline.title, "language": outline.language}
    return [
        f"<outline{attributes(given)}>",
        *(line for one in outline.inside for line in _outline(one)),
        "</outline>",
    ]
