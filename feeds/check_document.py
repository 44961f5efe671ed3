"""The document: bytes, XML and namespaces, before anything in it is judged. Bounded.

XML 1.0 (https://www.w3.org/TR/xml/). Nothing outside of the bytes is ever loaded, no entity is
resolved, and what is too large or too full is named and not read.
"""

import re

from lxml import etree

from feeds.check_faults import Element, Faults
from feeds.podcast_namespace import ATOM, DCTERMS, ITUNES, PODCAST

MAX_FEED_BYTES = 250_000
"""What a phone on a poor line should have to load; a larger feed is paged."""
REFUSED_BYTES = 5_000_000
"""The W3C's validator stops here, and so do directories."""
READ_BYTES = 20_000_000
"""Beyond this nothing is looked at."""
READ_ELEMENTS = 600_000
"""Tags in a document, reckoned by its angle brackets; each takes some hundred bytes of memory."""

CONTENT = "http://purl.org/rss/1.0/modules/content/"
PODCAST_ALIAS = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"

_PREFIXES = {
    "itunes": ITUNES,
    "podcast": PODCAST,
    "atom": ATOM,
    "content": CONTENT,
    "dcterms": DCTERMS,
}
_CONTROLS = (
    re.compile(rb"\xc2[\x80-\x84\x86-\x9f]"),
    re.compile(rb"\xef(?:\xb7[\x90-\xaf]|\xbf[\xbe\xbf])"),
    re.compile(rb"\x7f"),
)
"""What XML allows and no text needs, as UTF-8. Each begins with one byte, quick to find."""
_ANY_REFERENCE = re.compile(rb"&[#]")
_REFERENCE = re.compile(
    rb"&#(?:x0{0,9}(?:7[fF]|8[0-46-9a-fA-F]|9[0-9a-fA-F])|0{0,9}(?:12[7-9]|13[0-24-9]|14\d|15\d));"
)


def parse_feed(data: bytes, faults: Faults) -> Element:
    """Give the root of a feed; None where there is nothing to judge, which ``faults`` then says."""
    if len(data) > REFUSED_BYTES:
        faults.append(("feed-xml.too-big", 0, f"the feed has {len(data)} bytes"))
    elif len(data) > MAX_FEED_BYTES:
        faults.append(("feed-xml.size", 0, f"the feed has {len(data)} bytes"))
    if len(data) > READ_BYTES or data.count(b"<") > 2 * READ_ELEMENTS:
        faults.append(("feed-xml.malformed", 0, "too large or too full to be looked through"))
        return None
    root = _parse(data, faults)
    if root is None:
        return None
    if not _is_plain(root, faults):
        return None
    _characters(data, faults)
    return _known_namespaces(root, data, faults)


def _parse(data: bytes, faults: Faults) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        said = " ".join(ascii(error.msg or "it is empty")[1:-1].split())[:200]
        faults.append(("feed-xml.malformed", error.lineno or 0, f"this is no XML: {said}"))
    except (ValueError, LookupError) as error:
        faults.append(("feed-xml.malformed", 1, f"this is no XML: {error}"))
    return None


def _is_plain(root: Element, faults: Faults) -> bool:
    """Judge document type and encoding; False where entities may stand for anything."""
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        faults.append(("feed-xml.doctype", 1, "the feed has a document type"))
        return info.internalDTD is None or not any(info.internalDTD.iterentities())
    encoding = (info.encoding or "UTF-8").upper()
    if encoding not in {"UTF-8", "UTF8"}:
        faults.append(("feed-xml.encoding", 1, f"the feed is written in {encoding}, not in UTF-8"))
    return True


def _characters(data: bytes, faults: Faults) -> None:
    found = next((hit for one in _CONTROLS if (hit := one.search(data))), None)
    if found is None and _ANY_REFERENCE.search(data):
        found = _REFERENCE.search(data)
    if found is not None:
        line = data.count(b"\n", 0, found.start()) + 1
        text = found.group().decode("utf-8", "replace")
        what = text if text.startswith("&") else f"U+{ord(text[0]):04X}"
        faults.append(("feed-xml.control", line, f"the control character {what} stands here"))


def _known_namespaces(root: Element, data: bytes, faults: Faults) -> Element:
    """Judge what the usual prefixes stand for; read old names of namespaces as the right ones."""
    changed = data
    for prefix, address in root.nsmap.items():
        right = _PREFIXES.get(prefix or "")
        if right is None or address == right:
            continue
        said = f"xmlns:{prefix} is {ascii(address)[:120]}, not {right}"
        faults.append(("feed-xml.namespace", root, said))
        same = address == PODCAST_ALIAS or address.lower() == right.lower()
        if same and address.isascii():
            changed = changed.replace(address.encode("ascii"), right.encode("ascii"))
    return root if changed is data else _parse(changed, [])
