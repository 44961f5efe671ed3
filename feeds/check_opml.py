"""OPML 2.0 (http://opml.org/spec2.opml): the list that players import."""

from collections.abc import Callable

from feeds.check_addresses import Addresses
from feeds.check_dates import read_date
from feeds.check_document import parse_feed
from feeds.check_faults import Element, Faults, quoted
from feeds.check_languages import is_language


def is_opml(data: bytes) -> bool:
    """Tell whether a file says that it is OPML."""
    return b"<opml" in data[:2000]


def check_opml(
    data: bytes,
    faults: Faults,
    *,
    served_at: str = "",
    is_missing: Callable[[str], bool] = lambda _: False,
) -> list[str]:
    """Judge a list of feeds; gives the addresses that it names, in order.

    Args:
        data: the file.
        faults: where findings go.
        served_at: where it was fetched; empty where nobody knows.
        is_missing: whether a feed should be at an address and is not.
    """
    root = parse_feed(data, faults)
    if root is None:
        return []
    if root.tag != "opml" or root.get("version") != "2.0":
        said = f"this is {quoted(str(root.tag))} {quoted(root.get('version') or '')}, not opml 2.0"
        faults.append(("feed-opml.syntax", root, said))
        return []
    _shape(root, faults)
    named: dict[str, None] = {}
    addresses = Addresses(served_at)
    for outline in root.iter("outline"):
        _outline(outline, named, addresses, faults)
        address = outline.get("xmlUrl") or ""
        if address and is_missing(address):
            said = f"the feed {quoted(address)} is not there"
            faults.append(("feed-opml.feed", outline, said))
    return list(named)


def _shape(root: Element, faults: Faults) -> None:
    for name in ("head", "body"):
        if len(root.findall(name)) != 1:
            faults.append(("feed-opml.syntax", root, f"{name} stands there 0 or several times"))
    if root.find("body/outline") is None:
        faults.append(("feed-opml.syntax", root, "the list names nothing"))
    for element in root.iterfind("head/*"):
        if element.tag in {"dateCreated", "dateModified"}:
            _, rule, said = read_date((element.text or "").strip())
            if rule:
                faults.append((rule, element, f"{element.tag}: {said}"))


def _outline(
    outline: Element, named: dict[str, None], addresses: Addresses, faults: Faults
) -> None:
    if not (outline.get("text") or "").strip():
        faults.append(("feed-opml.outline", outline, "the outline has no text"))
    tag = outline.get("language")
    if tag and not is_language(tag):
        said = f"language {quoted(tag)} is no language tag"
        faults.append(("feed-opml.outline", outline, said))
    address = outline.get("xmlUrl") or ""
    if outline.get("type") == "rss" and not address:
        faults.append(("feed-opml.outline", outline, "the outline of type rss has no xmlUrl"))
    if not address:
        return
    if outline.get("type") != "rss":
        faults.append(("feed-opml.outline", outline, 'the outline of a feed has no type="rss"'))
    addresses.file(outline, address, faults)
    page = outline.get("htmlUrl")
    if page:
        addresses.page(outline, page, faults)
    if address in named:
        said = f"the feed {quoted(address)} stands there twice"
        faults.append(("feed-opml.feed", outline, said))
    named[address] = None
