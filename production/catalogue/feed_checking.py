"""Checks feeds wherever they are: a file, a folder, a target of the workspace, a local server."""

import os
from collections import Counter, deque
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from feeds.check_document import parse_feed
from feeds.check_opml import check_opml, is_opml
from feeds.feed_facts import FeedFacts, read_facts
from feeds.judging import FeedFile, Judged, is_feed, judge_feeds
from feeds.named_files import named_files
from feeds.pages.addresses import OPML, PUBLISHER
from production.catalogue.feed_shelves import FolderShelf, ServerShelf, TargetShelf, shown_path
from production.targets import open_target
from production.targets.base import Target
from production.targets.folder import FolderTarget
from programme.errors import ExitCode, ProductionError
from programme.units import Key
from scripts.workspace import read_workspace

MOST_BYTES = 64_000_000
"""The most of a document that is read; what is larger is a fault at 5 MB already."""
MOST_FEEDS = 5000
"""Documents that are judged together."""
_MOST_FILES = 100_000
_PASSED_OVER = frozenset({"m", ".git", ".altavoz", "__pycache__"})
"""Folders without feeds; m/ holds sound and what stands beside it."""
_LISTS = (OPML, PUBLISHER)


def check_place(
    place: str | None, *, workspace: Path, now: datetime, today: date, files: bool = True
) -> Judged:
    """Check the feeds of a place, each by itself, against the files it names, and together.

    Args:
        place: a file, a folder, an address on this computer, or the name of a target; None for
            the first target of the workspace.
        workspace: folder of altavoz.toml, where a target is meant.
        now: aware.
        today: the operator's own day.
        files: whether files that feeds name are opened.

    Raises:
        ProductionError: there is no such place, no feed in it, or it cannot be read.
    """
    if place is not None and place.startswith(("http://", "https://")):
        documents, shelf = _served(place)
        return judge_feeds(documents, now=now, shelf=shelf if files else None)
    path = None if place is None else Path(place)
    if path is not None and path.exists():
        return _on_disk(path, now=now, files=files)
    target, base_url = _target(place, workspace, today)
    if isinstance(target, FolderTarget):
        if not target.base.is_dir():
            raise _nothing(target.describe(), "publish first: altavoz publish")
        return _on_disk(target.base, now=now, files=files, base_url=base_url)
    found = _fetched(target, base_url)
    if not found:
        raise _nothing(target.describe(), "publish first: altavoz publish")
    return judge_feeds(found, now=now, shelf=TargetShelf(target, base_url) if files else None)


def _nothing(where: str, remedy: str) -> ProductionError:
    return ProductionError("there is no feed", where=where, remedy=remedy, code=ExitCode.INPUT)


# --- Disk ---------------------------------------------------------------------------------


def _on_disk(path: Path, *, now: datetime, files: bool, base_url: str = "") -> Judged:
    path = path.absolute()
    paths = [path] if path.is_file() else list(_feed_paths(path))
    found = [(one, data) for one in paths if (data := _read(one)) is not None]
    if path.is_dir():
        found = [(one, data) for one, data in found if is_feed(one.name, data)]
    if not found:
        raise _nothing(str(path), "name a folder or a file with a feed")
    root, base = (path, base_url) if base_url else _published_at(path, found)
    documents = [
        FeedFile(
            name=shown_path(one),
            data=data,
            served_at=base + one.relative_to(root).as_posix() if base else "",
        )
        for one, data in found
    ]
    shelf = FolderShelf(root, base) if files and base else None
    if shelf is not None and path.is_file() and not _has_files(shelf, found[0][1]):
        shelf = None  # a feed that was saved by itself
    return judge_feeds(documents, now=now, shelf=shelf)


def _feed_paths(folder: Path) -> Iterator[Path]:
    count = 0
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - _PASSED_OVER)
        for name in sorted(names):
            count += 1
            if count > _MOST_FILES:
                raise ProductionError(
                    f"the folder has more than {_MOST_FILES} files",
                    where=str(folder),
                    remedy="name the folder that is published",
                    code=ExitCode.INPUT,
                )
            if name.endswith((".xml", ".rss", ".json", ".opml")):
                yield Path(at) / name


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES)
    except OSError as error:
        raise ProductionError(
            f"the file cannot be read: {error.strerror}",
            where=str(path),
            remedy="look at the file's rights",
            code=ExitCode.INPUT,
        ) from error


def _published_at(path: Path, found: list[tuple[Path, bytes]]) -> tuple[Path, str]:
    """Give the folder and the address at which it is published, as most feeds in it say.

    Feeds name their own address; what it ends in is their path. Both are empty words where
    none does, as for a feed that was saved under another name.
    """
    votes: Counter[tuple[Path, str]] = Counter()
    for one, data in found[:200]:
        facts = _facts(data, "")
        if facts is None or not facts.address:
            continue
        address = facts.address.partition("?")[0]
        for folder in [*one.parents][: 6 if path.is_file() else None]:
            inner = one.relative_to(folder).as_posix()
            if address.endswith(f"/{inner}"):
                votes[folder, address.removesuffix(inner)] += 1
            if folder == path:
                break
    if not votes:
        return path if path.is_dir() else path.parent, ""
    best = max(votes.values())
    # of several that fit alike, the outermost: its files are those of all the others
    return min(
        (one for one, count in votes.items() if count == best), key=lambda one: len(one[0].parts)
    )


def _has_files(shelf: FolderShelf, data: bytes) -> bool:
    """Tell whether any file that a feed names is at hand."""
    root = parse_feed(data, [])
    channel = None if root is None else root.find("channel")
    named = () if channel is None else named_files(channel)
    return any(shelf.holds(one.address) and shelf.find(one.address) for one in named)


def _facts(data: bytes, served_at: str) -> FeedFacts | None:
    root = parse_feed(data, [])
    return None if root is None else read_facts(root, file="", data=b"", served_at=served_at)


# --- Target -------------------------------------------------------------------------------


def _target(name: str | None, folder: Path, today: date) -> tuple[Target, str]:
    if not (folder / "altavoz.toml").is_file():
        raise ProductionError(
            f"there is no file, folder or target {name}" if name else "no feed was named",
            where=str(folder.resolve()),
            remedy="name a file, a folder or an address, or stand in a workspace",
            code=ExitCode.USAGE,
        )
    workspace, _ = read_workspace(folder.resolve(), today=today)
    targets = {} if workspace is None else workspace.network.targets
    settings = targets.get(name) if name else next(iter(targets.values()), None)
    if workspace is None or settings is None:
        raise ProductionError(
            f"there is no file, folder or target {name}" if name else "there is no target",
            where="altavoz.toml",
            remedy=f"known targets: {', '.join(targets) or 'none'}",
            code=ExitCode.USAGE,
        )
    return open_target(settings, workspace.root), workspace.network.base_url


def _fetched(target: Target, base_url: str) -> list[FeedFile]:
    """Give the feeds of a target that cannot be listed, beginning with the lists of them."""

    def fetch(address: str) -> bytes | None:
        if not address.startswith(base_url):
            return None
        try:
            return target.read(Key(address.removeprefix(base_url)))
        except ValueError:
            return None  # no key that a target can have

    return list(_followed([base_url + name for name in _LISTS], fetch, name=str))


# --- Server -------------------------------------------------------------------------------


def _served(address: str) -> tuple[list[FeedFile], ServerShelf]:
    try:
        parts = urlsplit(address)
        shelf = ServerShelf(address)
    except ValueError as error:
        raise ProductionError(
            f"this is no web address: {error}",
            where=address,
            remedy="write it as altavoz serve shows it, such as http://127.0.0.1:8000/",
            code=ExitCode.USAGE,
        ) from error
    path = parts.path.lstrip("/")
    first = shelf.fetch(shelf.origin + path, MOST_BYTES) if path else None
    if path and first is None:
        raise _nothing(address, "look at the address")
    if first is not None and (facts := _facts(first, "")) is not None:
        own = facts.address
        if own.endswith(f"/{path}") and not own.startswith(shelf.origin):
            shelf.public = own.removesuffix(path)

    def fetch(wanted: str) -> bytes | None:
        return shelf.fetch(wanted, MOST_BYTES) if shelf.holds(wanted) else None

    begin = [shelf.public + path] if path else [shelf.origin + name for name in _LISTS]
    documents = list(_followed(begin, fetch, name=shelf.name))
    if not documents:
        raise _nothing(address, "name the feed's own address")
    return documents, shelf


def _followed(
    begin: list[str], fetch: Callable[[str], bytes | None], *, name: Callable[[str], str]
) -> Iterator[FeedFile]:
    """Give documents, those that they name, and the JSON Feeds beside them."""
    waiting, seen = deque(begin), set(begin)
    while waiting and len(seen) <= MOST_FEEDS:
        address = waiting.popleft()
        data = fetch(address)
        if data is None:
            continue
        yield FeedFile(name=name(address), data=data, served_at=address)
        for other in _named(data, address):
            if other not in seen:
                seen.add(other)
                waiting.append(other)


def _named(data: bytes, address: str) -> list[str]:
    """Give the feeds that a document names."""
    if is_opml(data):
        return check_opml(data, [])
    facts = _facts(data, address)
    if facts is None:
        return []
    named = [*facts.pages.values(), *(one.address for one in facts.languages)]
    named += [one.address for one in facts.remote if one.address]
    if address.endswith(".xml") and facts.medium != "publisher":
        named.append(address.removesuffix(".xml") + ".json")
    return named
