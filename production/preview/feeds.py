"""Which feeds a published folder holds, and at which address they were published."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from feeds.pages.addresses import MEDIA, PUBLISHER
from programme.languages import canonical, is_known, language
from programme.units import Key

HEAD_BYTES = 128 << 10
"""A feed says who it is before its first item; links to its siblings stand there, too."""

_PAGE = "-p"
"""Before the number in the name of a feed's further pages."""

_ATOM_LINK = "http://www.w3.org/2005/Atom link"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedFeed:
    """One feed of a folder."""

    key: Key
    title: str
    language: str
    """As the feed writes it; empty where it does not."""
    base_url: str
    """Of the place that it was published at, with a final slash; empty where it does not tell."""

    @property
    def spoken(self) -> str:
        """The language's own name, by the exact tag of the key; empty where none is told."""
        folder, _, name = self.key.rpartition("/")
        exact = "" if folder == "station" else canonical(name.removesuffix(".xml"))
        tag = exact if exact and is_known(exact) else canonical(self.language)
        return language(tag).endonym if tag and is_known(tag) else self.language


def served_feeds(root: Path) -> tuple[ServedFeed, ...]:
    """Read the head of every feed below a folder, in the order of their keys.

    Further pages of a paged feed, links, and files that are no feeds are passed over.

    Raises:
        OSError: the disk fails.
    """
    found = (_read(root, key) for key in sorted(_keys(root)))
    return tuple(feed for feed in found if feed is not None)


_KINDS = ("all", "", "topic", "station")
"""Folders of feeds, in the order in which a listener wants them; a series is none of the named."""

"""Has no items: programs that know what it is find it by themselves."""


def by_language(feeds: Iterable[ServedFeed]) -> dict[str, list[ServedFeed]]:
    """Give feeds by the own name of their language: everything in it first, then series."""
    found: dict[str, list[ServedFeed]] = {}
    for feed in sorted(feeds, key=_rank):
        if feed.key != PUBLISHER:
            found.setdefault(feed.spoken or "no language", []).append(feed)
    return found


def _rank(feed: ServedFeed) -> tuple[int, str]:
    folder = feed.key.partition("/")[0]
    return _KINDS.index(folder if folder in _KINDS else ""), feed.key


def _keys(root: Path) -> Iterator[Key]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not (name.startswith(".") or name == MEDIA[:-1])]
        for name in names:
            stem, dot, suffix = name.rpartition(".")
            page = stem.rpartition(_PAGE)[2]
            if dot and suffix == "xml" and not (page != stem and page.isdigit()):
                yield Key((Path(folder) / name).relative_to(root).as_posix())


def _read(root: Path, key: Key) -> ServedFeed | None:
    path = root / key
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        head = _Head(file.read(HEAD_BYTES))
    if "title" not in head.texts:
        return None
    own = head.own_url
    return ServedFeed(
        key=key,
        title=head.texts["title"],
        language=head.texts.get("language", ""),
        base_url=own.removesuffix(key) if own.endswith(f"/{key}") else "",
    )


class _Head:
    """What stands in a channel before its first item; nothing of what is no feed.

    At most 128 kB are read, and expat refuses entities that grow.
    """

    def __init__(self, data: bytes) -> None:
        self.texts: dict[str, str] = {}
        self.own_url = ""
        self._path: list[str] = []
        self._said = ""
        self._open = True
        reader = expat.ParserCreate(namespace_separator=" ")
        reader.buffer_text = True
        reader.StartElementHandler = self._start
        reader.EndElementHandler = self._end
        reader.CharacterDataHandler = self._text
        try:
            reader.Parse(data)
        except expat.ExpatError:
            # cut within a letter or mark, or no XML: what was read until there stands
            self._open = False

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag)
        self._said = ""
        if self._path[:1] != ["rss"] or self._path == ["rss", "channel", "item"]:
            self._open = False
        if self._is_own() and tag == _ATOM_LINK and attributes.get("rel") == "self":
            self.own_url = attributes.get("href", "")

    def _end(self, tag: str) -> None:
        if self._is_own():
            self.texts.setdefault(tag, self._said.strip())
        self._path.pop()

    def _text(self, text: str) -> None:
        self._said += text

    def _is_own(self) -> bool:
        return self._open and len(self._path) == 3 and self._path[1] == "channel"
