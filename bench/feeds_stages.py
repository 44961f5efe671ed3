"""What a process does that ``bench/feeds.py`` measures: one stage, named on its command line.

Run as ``python -m bench.feeds_stages STAGE FOLDER RELEASES SEED``; it prints its figures as JSON.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import process_time

import feedgen.feed

from bench.feeds_workload import NOW, TODAY, make_release, without_topics
from feeds.validate import check_feed
from production.catalogue import Catalogue, build_catalogue
from production.catalogue_documents import FEED_TYPE, feed_documents
from production.ledger import Ledger
from production.release_history import ReleaseHistory, read_history
from production.release_values import News
from production.site import SITE_KEY, SitePage, site_pages
from production.site_sending import PagePlan, plan_pages, send_pages
from production.targets import Target, open_target
from programme.units import Key
from scripts.workspace import Workspace, read_workspace

Figures = dict[str, float]


def rebuild(folder: Path) -> Figures:
    """Render every feed and every page, and keep none."""
    begun = process_time()
    _, catalogue, history = _read(folder, ())
    read = process_time()
    sizes = [len(document.data) for document in feed_documents(catalogue)]
    fed = process_time()
    pages = [len(page.render()) for page in _pages(catalogue, history)]
    return {
        "documents": len(sizes),
        "documents_bytes": sum(sizes),
        "largest_bytes": max(sizes),
        "pages": len(pages),
        "pages_bytes": sum(pages),
        "read_s": read - begun,
        "documents_s": fed - read,
        "pages_s": process_time() - fed,
    }


def feeds_alone(folder: Path) -> Figures:
    """Render every feed, and keep none."""
    _, catalogue, _ = _read(folder, ())
    sizes = [len(document.data) for document in feed_documents(catalogue)]
    return {
        "documents": len(sizes),
        "documents_bytes": sum(sizes),
        "largest_bytes": max(sizes),
    }


def send(folder: Path) -> Figures:
    """Send every feed and every page to the target, a folder."""
    workspace, catalogue, history = _read(folder, ())
    target = _target(workspace)
    for document in feed_documents(catalogue):
        target.put(document.key, document.data, media_type=document.media_type)

    def put(key: Key, data: bytes, media_type: str) -> None:
        target.put(key, data, media_type=media_type)

    _send_pages(target, catalogue, history, put)
    return {}


def one_more(folder: Path, releases: int, seed: int) -> Figures:
    """Send what one new episode changes: feeds by their bytes, pages by their fingerprints."""
    new = without_topics(make_release(releases + 1, seed=seed, of=releases + 1))
    workspace, catalogue, history = _read(folder, (new,))
    target = _target(workspace)
    documents = 0
    for document in feed_documents(catalogue):
        if target.read(document.key) == document.data:
            continue
        documents += 1
        if document.media_type == FEED_TYPE and check_feed(document.data, now=NOW):
            raise ValueError(f"{document.key} breaks a rule of feeds")
        target.put(document.key, document.data, media_type=document.media_type)
    pages = 0

    def put(key: Key, data: bytes, media_type: str) -> None:
        nonlocal pages
        pages += target.put(key, data, media_type=media_type) and key != SITE_KEY

    _send_pages(target, catalogue, history, put)
    return {"documents": documents, "pages": pages}


def floor(releases: int, seed: int) -> Figures:
    """Let feedgen alone write each item once, into one RSS."""
    feed = feedgen.feed.FeedGenerator()
    feed.load_extension("podcast")
    feed.title("Avisos")
    feed.link(href="https://radio.example.org/")
    feed.description("Mensajes cortos.")
    for place in range(1, releases + 1):
        release = make_release(place, seed=seed, of=releases)
        main = release.media[0]
        entry = feed.add_entry(order="append")
        entry.title(release.title)
        entry.description(release.description)
        entry.guid(release.guid, permalink=False)
        entry.pubDate(release.published_at)
        url = "https://radio.example.org/" + main.key
        entry.enclosure(url, str(main.length_bytes), main.media_type)
        entry.podcast.itunes_duration(release.duration_ms // 1000)
    return {"documents_bytes": len(feed.rss_str(pretty=True))}


def releases_alone(releases: int, seed: int) -> Figures:
    """Make the floor's releases, which is not its work."""
    return {
        "documents_bytes": sum(
            len(make_release(place, seed=seed, of=releases).title)
            for place in range(1, releases + 1)
        )
    }


def _read(folder: Path, news: tuple[News, ...]) -> tuple[Workspace, Catalogue, ReleaseHistory]:
    workspace, findings = read_workspace(folder, today=TODAY)
    if workspace is None:
        raise ValueError(f"the workload has faults: {findings}")
    ledger = Ledger(folder)
    history = read_history(ledger, "public", news)
    catalogue = build_catalogue(workspace, ledger, news, target="public", now=NOW, history=history)
    return workspace, catalogue, history


def _pages(catalogue: Catalogue, history: ReleaseHistory) -> Iterator[SitePage]:
    return site_pages(catalogue, history, today=TODAY, words=_no_words)


def _no_words(_key: Key) -> bytes:
    """Give no transcript: what there is to read is measured with the sound, not here."""
    return b""


def _target(workspace: Workspace) -> Target:
    return open_target(workspace.network.targets["public"], workspace.root)


def _send_pages(
    target: Target,
    catalogue: Catalogue,
    history: ReleaseHistory,
    put: Callable[[Key, bytes, str], None],
) -> None:
    def put_pages(pages: Iterable[PagePlan]) -> None:
        for one in pages:
            put(one.page.key, one.data(), one.page.media_type)

    send_pages(target, plan_pages(target, _pages(catalogue, history)), put, put_pages)


def main() -> None:
    """Do one stage."""
    stage, folder, releases, seed = sys.argv[1:]
    place, number, begin = Path(folder), int(releases), int(seed)
    stages: dict[str, Callable[[], Figures]] = {
        "imports": dict,
        "rebuild": lambda: rebuild(place),
        "feeds": lambda: feeds_alone(place),
        "send": lambda: send(place),
        "one-more": lambda: one_more(place, number, begin),
        "floor": lambda: floor(number, begin),
        "releases": lambda: releases_alone(number, begin),
    }
    print(json.dumps(stages[stage]()))


if __name__ == "__main__":
    main()
