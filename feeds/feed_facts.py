"""What a feed says of other feeds, and what others may say of it: for judging several together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from feeds.check_faults import Element
from feeds.podcast_namespace import ATOM, PODCAST

_NAMES = {"atom": ATOM, "podcast": PODCAST}
_PAGING = frozenset({"first", "last", "next", "prev", "previous"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteLink:
    """A feed that another names."""

    parent: str
    """``podroll``, ``publisher`` or ``channel``."""
    guid: str
    address: str
    """Empty where only the guid is given."""
    element: Element


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageLink:
    """The same in another language."""

    address: str
    language: str
    element: Element


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFacts:
    """What one document says."""

    file: str
    """What findings call it."""
    data: bytes
    root: Element
    address: str
    """Its own; where it is served, else what it says itself."""
    title: str
    guid: str
    guid_element: Element
    medium: str
    language: str
    pages: Mapping[str, str]
    """Addresses of other pages, by relation; ``previous`` as ``prev``."""
    page_elements: Mapping[str, Element]
    languages: tuple[LanguageLink, ...]
    remote: tuple[RemoteLink, ...]
    items: tuple[tuple[str, str, Element], ...] = field(default=())
    """Guid, title and element of each."""

    @property
    def podcast(self) -> str:
        """What its pages share: the address of the first page, or its own."""
        return self.pages.get("first") or self.address


def read_facts(root: Element, *, file: str, data: bytes, served_at: str) -> FeedFacts | None:
    """Give what a parsed feed says; None where it has no channel."""
    channel = root.find("channel") if root.tag == "rss" else None
    if channel is None:
        return None
    links = channel.findall("atom:link", _NAMES)
    own = next((one.get("href", "") for one in links if one.get("rel") == "self"), "")
    paging = {
        one.get("rel", "").replace("previous", "prev"): one
        for one in links
        if one.get("rel") in _PAGING
    }
    guid = channel.find("podcast:guid", _NAMES)
    return FeedFacts(
        file=file,
        data=data,
        root=root,
        address=served_at or own,
        title=(channel.findtext("title") or "").strip(),
        guid="" if guid is None else (guid.text or "").strip(),
        guid_element=channel if guid is None else guid,
        medium=(channel.findtext("podcast:medium", "podcast", _NAMES) or "podcast").strip(),
        language=(channel.findtext("language") or "").strip(),
        pages={relation: one.get("href", "") for relation, one in paging.items()},
        page_elements=paging,
        languages=tuple(
            LanguageLink(address=one.get("href", ""), language=one.get("hreflang", ""), element=one)
            for one in links
            if one.get("rel") == "alternate"
            and one.get("hreflang")
            and one.get("type") in {None, "application/rss+xml"}
        ),
        remote=tuple(_remote(channel)),
        items=tuple(
            (
                (item.findtext("guid") or "").strip(),
                (item.findtext("title") or "").strip(),
                item,
            )
            for item in channel.findall("item")
        ),
    )


def _remote(channel: Element) -> list[RemoteLink]:
    paths = {
        "channel": "podcast:remoteItem",
        "podroll": "podcast:podroll/podcast:remoteItem",
        "publisher": "podcast:publisher/podcast:remoteItem",
    }
    return [
        RemoteLink(
            parent=parent,
            guid=one.get("feedGuid", ""),
            address=one.get("feedUrl", ""),
            element=one,
        )
        for parent, path in paths.items()
        for one in channel.findall(path, _NAMES)
    ]
