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
from production.catalogue.catalogue import Catalogue, build_catalogue
from production.catalogue.document_notes import NOTES_SUFFIX, DocumentNotes
from production.catalogue.documents import feed_documents, feed_drafts
from production.catalogue.site import SITE_KEY, SitePage, site_pages
from production.catalogue.site_sending import PagePlan, Put, plan_pages, send_pages
from production.ledger.ledger import Ledger
from production.publish.documents import changed_documents
from production.publish.refusals import KnownGuids
from production.releases.history import ReleaseHistory, history_of, read_history, read_lines
from production.releases.values import News
from production.targets import Target, open_target
from production.targets.standing import NOTES_FOLDER, Standing
from programme.digests import digest_bytes
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
    """Send every feed and every page to the target, a folder, and note them as a publish does."""
    workspace, catalogue, history = _read(folder, ())
    target = _target(workspace)
    standing, notes = _notes(folder, target)
    put = _putting(target, standing)
    for draft in feed_drafts(catalogue):
        data = draft.render()
        notes.note(draft.key, draft.fingerprint, digest_bytes(data))
        put(draft.key, data, draft.media_type)
    _send_pages(target, standing, catalogue, history, put)
    standing.save()
    notes.save()
    return {}


def one_more(folder: Path, releases: int, seed: int) -> Figures:
    """Send what one new episode changes, as a publish finds it out."""
    new = without_topics(make_release(releases + 1, seed=seed, of=releases + 1))
    workspace = _workspace(folder)
    ledger = Ledger(folder)
    lines = read_lines(ledger, "public")
    history = history_of(lines.ahead((new,)))
    catalogue = build_catalogue(workspace, ledger, (), target="public", now=NOW, history=history)
    target = _target(workspace)
    standing, notes = _notes(folder, target)
    known = KnownGuids(lines, (new,))
    changed, _ = changed_documents(
        target, standing, catalogue, known, notes, now=NOW, is_first=False
    )
    pages = 0
    sending = _putting(target, standing)

    def put(key: Key, data: bytes, media_type: str) -> None:
        nonlocal pages
        sending(key, data, media_type)
        pages += key != SITE_KEY

    _send_pages(target, standing, catalogue, history, put)
    for one in changed:
        sending(one.document.key, one.document.data, one.document.media_type)
    standing.save()
    notes.save()
    return {"documents": len(changed), "pages": pages}


def _notes(folder: Path, target: Target) -> tuple[Standing, DocumentNotes]:
    own = folder / ".altavoz" / NOTES_FOLDER
    return Standing(target, own / "public.json"), DocumentNotes(own / f"public{NOTES_SUFFIX}")


def _putting(target: Target, standing: Standing) -> Put:
    def put(key: Key, data: bytes, media_type: str) -> None:
        if not standing.holds(key, data):
            target.put(key, data, media_type=media_type)
            standing.put(key, digest_bytes(data), len(data))

    return put


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


def _workspace(folder: Path) -> Workspace:
    workspace, findings = read_workspace(folder, today=TODAY)
    if workspace is None:
        raise ValueError(f"the workload has faults: {findings}")
    return workspace


def _read(folder: Path, news: tuple[News, ...]) -> tuple[Workspace, Catalogue, ReleaseHistory]:
    workspace = _workspace(folder)
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
    standing: Standing,
    catalogue: Catalogue,
    history: ReleaseHistory,
    put: Put,
) -> None:
    def put_pages(pages: Iterable[PagePlan]) -> None:
        for one in pages:
            put(one.page.key, one.data(), one.page.media_type)

    send_pages(target, plan_pages(target, _pages(catalogue, history), standing), put, put_pages)


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
