"""Judges feeds with all that is at hand: each document, the files it names, and all together.

``feeds.validate`` judges one document by its bytes alone, which is what a publish needs. Here a
folder, a target or a server is held against itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from feeds.check_document import parse_feed
from feeds.check_family import check_family
from feeds.check_faults import Faults, findings
from feeds.check_files import FileJudge, Shelf
from feeds.check_json_feed import check_json_feed, check_twin, is_json_feed
from feeds.check_opml import check_opml, is_opml
from feeds.feed_facts import FeedFacts, read_facts
from feeds.named_files import named_files
from feeds.validate import judge_tree
from programme.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFile:
    """A document of feeds as it was fetched: RSS, JSON Feed or OPML."""

    name: str
    """What findings call it: a path or an address."""
    data: bytes
    served_at: str = ""
    """Its public address; empty where nobody knows."""


@dataclass(slots=True)
class Judged:
    """What came of it."""

    findings: list[Finding] = field(default_factory=list)
    feeds: int = 0
    """Documents that were judged."""
    items: int = 0
    files: int = 0
    """Files that feeds name and that were opened."""


def is_feed(name: str, data: bytes) -> bool:
    """Tell whether a file is one of those that are judged here, by its name and first bytes."""
    head = data[:4000]
    if name.endswith(".json"):
        return is_json_feed(head)
    if name.endswith((".opml", ".xml", ".rss", ".atom")):
        return is_opml(head) or b"<rss" in head or b"<feed" in head or b"<channel" in head
    return False


def judge_feeds(documents: Sequence[FeedFile], *, now: datetime, shelf: Shelf | None) -> Judged:
    """Judge documents, the files they name, and all beside each other.

    Args:
        documents: in the order in which they are to be told.
        now: aware.
        shelf: where the files are; None opens none.
    """
    judged = Judged(feeds=len(documents))
    files = None if shelf is None else FileJudge(shelf)
    feeds: list[FeedFacts] = []
    pages: dict[str, dict[str, Any]] = {}
    addresses = {one.served_at for one in documents if one.served_at}

    def is_missing(address: str) -> bool:
        held = shelf is not None and address not in addresses and shelf.holds(address)
        return held and shelf is not None and shelf.find(address) is None

    for document in documents:
        faults: Faults = []
        if is_json_feed(document.data) and not document.data.lstrip().startswith(b"<"):
            page = check_json_feed(document.data, faults, served_at=document.served_at)
            if page is not None:
                pages[document.name] = page
        elif is_opml(document.data):
            check_opml(document.data, faults, served_at=document.served_at, is_missing=is_missing)
        else:
            facts, inside = _rss(document, faults, now, files)
            judged.findings += inside
            if facts is not None:
                feeds.append(facts)
                judged.items += len(facts.items)
        judged.findings += findings(faults, file=document.name, data=document.data)
    judged.findings += check_family(feeds, is_missing=is_missing)
    judged.findings += _twins(pages, feeds)
    judged.files = 0 if files is None else files.count
    return judged


def _rss(
    document: FeedFile, faults: Faults, now: datetime, files: FileJudge | None
) -> tuple[FeedFacts | None, list[Finding]]:
    root = parse_feed(document.data, faults)
    if root is None:
        return None, []
    judge_tree(root, faults, now=now, served_at=document.served_at)
    facts = read_facts(root, file=document.name, data=document.data, served_at=document.served_at)
    inside: list[Finding] = []
    if facts is not None and files is not None:
        for named in named_files(root.find("channel")):
            inside += files.check(named, faults)
    return facts, inside


def _twins(pages: Mapping[str, dict[str, Any]], feeds: Iterable[FeedFacts]) -> list[Finding]:
    """Judge each JSON Feed beside the RSS of its name."""
    by_name = {feed.file.removesuffix(".xml"): feed for feed in feeds}
    found: list[Finding] = []
    for name, page in pages.items():
        twin = by_name.get(name.removesuffix(".json"))
        if twin is not None:
            faults: Faults = []
            check_twin(page, twin, faults)
            found += findings(faults, file=name)
    return found
