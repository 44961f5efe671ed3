"""Feeds beside each other: guids over all of them, other languages, publisher, pages.

A link between two feeds counts only in both directions
(https://podcasting2.org/docs/podcast-namespace/tags/publisher); pages are those of RFC 5005,
section 3; LibreTime takes a guid once for all podcasts of an installation.
"""

from collections.abc import Callable, Iterator, Sequence

from feeds.check_faults import Fault, Faults, findings, quoted
from feeds.check_languages import primary
from feeds.feed_facts import FeedFacts, RemoteLink
from programme.findings import Finding
from programme.languages import is_known, language

_MOST_PAGES = 10_000

Say = Callable[[FeedFacts, Fault], None]
"""Notes a fault of a feed."""


def check_family(
    feeds: Sequence[FeedFacts], *, is_missing: Callable[[str], bool] = lambda _: False
) -> list[Finding]:
    """Judge feeds beside each other.

    Args:
        feeds: as read; pages of a feed among them.
        is_missing: whether a feed should be at an address and is not.
    """
    known = {feed.address: feed for feed in feeds if feed.address}
    found: dict[int, Faults] = {number: [] for number in range(len(feeds))}
    numbers = {id(feed): number for number, feed in enumerate(feeds)}

    def say(feed: FeedFacts, fault: Fault) -> None:
        found[numbers[id(feed)]].append(fault)

    _guids(feeds, say)
    for feed in feeds:
        for link in feed.remote:
            _remote(feed, link, known, is_missing, say)
        _languages(feed, known, is_missing, say)
        _pages(feed, known, is_missing, say)
    return [
        one
        for number, feed in enumerate(feeds)
        for one in findings(found[number], file=feed.file, data=feed.data)
    ]


def _guids(feeds: Sequence[FeedFacts], say: Say) -> None:
    owners: dict[str, FeedFacts] = {}
    items: dict[str, FeedFacts] = {}
    for feed in feeds:
        if feed.guid:
            first = owners.setdefault(feed.guid, feed)
            if first.podcast != feed.podcast:
                said = f"{first.file} has the podcast:guid {quoted(feed.guid)} too"
                say(feed, ("feed-family.guid-shared", feed.guid_element, said))
        for guid, _, element in feed.items:
            other = items.setdefault(guid, feed) if guid else feed
            if other is feed:
                continue
            if other.podcast == feed.podcast:
                said = f"the item {quoted(guid)} stands on {other.file} too"
                say(feed, ("feed-paging.item-twice", element, said))
            else:
                said = f"the guid {quoted(guid)} stands in {other.file} too"
                say(feed, ("feed-family.item-guid", element, said))


def _remote(
    feed: FeedFacts,
    link: RemoteLink,
    known: dict[str, FeedFacts],
    is_missing: Callable[[str], bool],
    say: Say,
) -> None:
    other = known.get(link.address)
    if other is None:
        if link.address and is_missing(link.address):
            said = f"the feed {quoted(link.address)} is not there"
            say(feed, ("feed-file.missing", link.element, said))
        return
    if link.guid != other.guid:
        said = f"{other.file} has the podcast:guid {quoted(other.guid)}, not {quoted(link.guid)}"
        say(feed, ("feed-family.guid", link.element, said))
    if link.parent == "publisher" and other.medium != "publisher":
        said = f"{other.file} is no feed of a publisher"
        say(feed, ("feed-family.one-way", link.element, said))
        return
    back = _answer(feed, link)
    named = (one.address for one in other.remote if one.parent == back)
    if back and feed.address not in named:
        said = f"{other.file} does not name this feed"
        say(feed, ("feed-family.one-way", link.element, said))


def _answer(feed: FeedFacts, link: RemoteLink) -> str:
    """Give where the other feed must name this one; empty where it need not."""
    if link.parent == "publisher":
        return "channel"
    return "publisher" if link.parent == "channel" and feed.medium == "publisher" else ""


def _languages(
    feed: FeedFacts, known: dict[str, FeedFacts], is_missing: Callable[[str], bool], say: Say
) -> None:
    for link in feed.languages:
        other = known.get(link.address)
        if other is None:
            if is_missing(link.address):
                said = f"the feed {quoted(link.address)} is not there"
                say(feed, ("feed-file.missing", link.element, said))
            continue
        if other.language and primary(other.language) not in _forms(link.language):
            said = f"{other.file} is in {quoted(other.language)}, not in {quoted(link.language)}"
            say(feed, ("feed-family.language", link.element, said))
        if all(one.address != feed.podcast for one in other.languages):
            said = f"{other.file} does not name this feed among its languages"
            say(feed, ("feed-family.one-way", link.element, said))


def _forms(tag: str) -> set[str]:
    """Give what a feed in this language may write: the language, or what validators know of it."""
    forms = {primary(tag)}
    if is_known(tag):
        forms.add(primary(language(tag).feed_tag))
    return forms


# --- Pages ----------------------------------------------------------------------------------


def _pages(
    feed: FeedFacts, known: dict[str, FeedFacts], is_missing: Callable[[str], bool], say: Say
) -> None:
    for relation, address in feed.pages.items():
        element = feed.page_elements[relation]
        other = known.get(address)
        if other is not None:
            for rule, said in _beside(feed, other, relation):
                say(feed, (rule, element, said))
        elif is_missing(address):
            said = f"the page {quoted(address)} ({relation}) is not there"
            say(feed, ("feed-paging.link", element, said))
    if "next" in feed.pages and feed.podcast == feed.address:
        _walk(feed, known, say)


def _beside(feed: FeedFacts, other: FeedFacts, relation: str) -> Iterator[tuple[str, str]]:
    """Give the rules that two pages break together, and what is wrong."""
    if other.guid != feed.guid:
        yield "feed-paging.guid", f"{other.file} has another podcast:guid"
    back = {"next": "prev", "prev": "next"}.get(relation)
    if back is not None and other.pages.get(back) != feed.address:
        yield "feed-paging.chain", f"{other.file} does not give this page as its {back}"
    for end in ("first", "last"):
        if relation == "next" and other.pages.get(end) != feed.pages.get(end):
            yield "feed-paging.chain", f"{other.file} gives another {end} page"


def _walk(feed: FeedFacts, known: dict[str, FeedFacts], say: Say) -> None:
    """Follow the pages from the first as a player does."""
    seen = {feed.address}
    page = feed
    for _ in range(_MOST_PAGES):
        address = page.pages.get("next")
        if not address:
            return
        if address in seen:
            said = f"{quoted(address)} was passed already"
            say(page, ("feed-paging.loop", page.page_elements["next"], said))
            return
        seen.add(address)
        following = known.get(address)
        if following is None:
            return
        page = following
