"""The channel of a feed: what it says of itself, who it belongs to, where it is, in which group."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from feeds.check_addresses import Addresses, is_loopback
from feeds.check_dates import read_date
from feeds.check_document import CONTENT
from feeds.check_elements import ElementTable, channel_table, check_counts, check_simple
from feeds.check_faults import Element, Faults, quoted
from feeds.check_image import check_image
from feeds.check_languages import check_language, is_language
from feeds.check_podcast import check_place, check_podcast_tag, check_unknown, podcast_tags
from feeds.check_text import check_html, check_title, check_value, name_of
from feeds.check_values import is_mail, is_uuid
from feeds.guids import podcast_guid
from feeds.podcast_namespace import ATOM, ITUNES, PODCAST
from programme.categories import categories

_PODCAST_HEAD = f"{{{PODCAST}}}"
_LINK = f"{{{ATOM}}}link"
_CATEGORY = f"{{{ITUNES}}}category"
_OWNER = f"{{{ITUNES}}}owner"
_IMAGE = f"{{{ITUNES}}}image"
_GUID = f"{{{PODCAST}}}guid"
_MEDIUM = f"{{{PODCAST}}}medium"
_HTML = ("description", f"{{{ITUNES}}}summary", f"{{{CONTENT}}}encoded")
_TITLES = ("title", f"{{{ITUNES}}}title", f"{{{ITUNES}}}subtitle")
_RELATIONS = frozenset(
    [
        "self",
        "alternate",
        "related",
        "enclosure",
        "via",
        "hub",
        "first",
        "last",
        "next",
        "previous",
        "prev",
        "next-archive",
        "prev-archive",
        "current",
        "replies",
        "license",
        "search",
        "payment",
    ]
)
_DATES = ("pubDate", "lastBuildDate")


def check_channel(
    channel: Element, faults: Faults, *, now: datetime, addresses: Addresses
) -> dict[str, list[Element]]:
    """Judge a channel without its items; gives its elements by name.

    Args:
        channel: the element.
        faults: where findings go.
        now: aware.
        addresses: what judges them, and knows where the feed was fetched from.
    """
    found: dict[str, list[Element]] = {}
    for child in channel:
        found.setdefault(child.tag, []).append(child)
    medium = _first_text(found, _MEDIUM)
    of_feeds = medium == "publisher" or (medium.endswith("L") and len(medium) > 1)
    table = channel_table(of_feeds=of_feeds)
    for tag, elements in found.items():
        if tag.startswith(_PODCAST_HEAD):
            _podcast(tag, elements, faults, addresses)
        elif tag not in {"item", _LINK}:
            _plain(tag, elements, table, faults)
    for name, label, rule in table.wanted:
        if name not in found:
            faults.append((rule, channel, f"{label} is missing"))
        elif not (found[name][0].text or "").strip():
            faults.append(("feed-element.empty", found[name][0], f"{label} is empty"))
    _dates(found, faults, now)
    _language_and_link(found, faults, addresses)
    _categories(found, channel, faults, required=not of_feeds)
    _owner(found, channel, faults)
    _image(found, channel, faults, addresses, required=not of_feeds)
    own = _links(found, channel, faults, addresses)
    _identity(found, own, faults)
    return found


def _podcast(tag: str, elements: Sequence[Element], faults: Faults, addresses: Addresses) -> None:
    spec = podcast_tags().get(tag)
    for number, element in enumerate(elements):
        if spec is None:
            check_unknown(element, faults)
            continue
        check_place(element, spec, "channel", faults)
        check_podcast_tag(element, spec, faults, addresses)
        if number and spec.once:
            said = f"podcast:{spec.name} stands in the channel twice"
            faults.append(("feed-element.twice", element, said))


def _plain(tag: str, elements: Sequence[Element], table: ElementTable, faults: Faults) -> None:
    for number, element in enumerate(elements):
        if number:
            check_counts(element, tag, table, "channel", faults)
        _check_text(element, tag, faults)
        check_simple(element, tag, (element.text or "").strip(), table, faults)


def _check_text(element: Element, tag: str, faults: Faults) -> None:
    text = element.text
    if not text:
        return
    if tag in _HTML:
        check_html(element, text, faults, bounded=tag != _HTML[2])
    elif len(element) == 0:
        check_value(element, text, faults)
        if tag in _TITLES:
            check_title(element, text, faults)


def _dates(found: Mapping[str, list[Element]], faults: Faults, now: datetime) -> None:
    for name in _DATES:
        for element in found.get(name, ()):
            text = element.text or ""
            if not text.strip():
                continue
            moment, rule, said = read_date(text)
            if rule:
                faults.append((rule, element, f"{name}: {said}"))
            elif moment is not None and moment > now:
                faults.append(("feed-date.future", element, f"{name} {text} lies in the future"))


def _language_and_link(
    found: Mapping[str, list[Element]], faults: Faults, addresses: Addresses
) -> None:
    for element in found.get("language", ()):
        text = (element.text or "").strip()
        if text:
            check_language(element, text, faults)
    for element in found.get("link", ()):
        text = (element.text or "").strip()
        if text:
            addresses.page(element, text, faults)


# --- Category, owner, image ---------------------------------------------------------------


def _categories(
    found: Mapping[str, list[Element]], channel: Element, faults: Faults, *, required: bool
) -> None:
    outer = found.get(_CATEGORY, ())
    if not outer:
        rule = "feed-element.missing" if required else "feed-element.recommended"
        faults.append((rule, channel, "itunes:category is missing"))
    known = categories()
    for element in outer:
        name = element.get("text") or ""
        if name not in known:
            _strange(element, name, known, faults)
            continue
        for inner in element.findall(_CATEGORY):
            if inner.get("text") not in known[name]:
                _strange(inner, inner.get("text") or "", known[name], faults)


def _strange(element: Element, name: str, known: Element, faults: Faults) -> None:
    near = [one for one in sorted(known) if one.lower() == name.strip().lower()]
    said = f"{quoted(name)} is no category of Apple's"
    faults.append(("feed-channel.category", element, f"{said}; write {near[0]}" if near else said))


def _owner(found: Mapping[str, list[Element]], channel: Element, faults: Faults) -> None:
    for owner in found.get(_OWNER, ()):
        mail = owner.find(f"{{{ITUNES}}}email")
        if mail is None or not (mail.text or "").strip():
            said = "itunes:owner has no itunes:email"
            faults.append(("feed-element.recommended", owner, said))
        elif not is_mail(mail.text.strip()):
            said = f"itunes:email {quoted(mail.text)} is no mailbox"
            faults.append(("feed-channel.mail", mail, said))
    if _OWNER not in found:
        faults.append(("feed-element.recommended", channel, "itunes:owner is missing"))


def _image(
    found: Mapping[str, list[Element]],
    channel: Element,
    faults: Faults,
    addresses: Addresses,
    *,
    required: bool,
) -> None:
    for element in found.get(_IMAGE, ()):
        check_image(element, faults, addresses)
    if _IMAGE not in found and required:
        faults.append(("feed-image.missing", channel, "the feed has no itunes:image"))
    for image in found.get("image", ()):
        for name in ("url", "title", "link"):
            element = image.find(name)
            text = "" if element is None else (element.text or "").strip()
            if not text:
                said = f"image has no {name}"
                faults.append(("feed-element.missing", image, said))
            elif name != "title":
                addresses.page(element, text, faults)


# --- Links and identity -------------------------------------------------------------------


def _links(
    found: Mapping[str, list[Element]], channel: Element, faults: Faults, addresses: Addresses
) -> str:
    """Judge the atom links; gives the address whose guid the feed has."""
    by_relation: dict[str, list[Element]] = {}
    for link in found.get(_LINK, ()):
        relation = link.get("rel", "alternate")
        by_relation.setdefault(relation, []).append(link)
        if relation not in _RELATIONS and ":" not in relation:
            said = f"{quoted(relation)} is no relation of a link"
            faults.append(("feed-channel.relation", link, said))
        if not link.get("href"):
            faults.append(("feed-channel.relation", link, f"{name_of(link)} has no href"))
        else:
            addresses.file(link, link.get("href"), faults)
        _hreflang(link, faults)
    own = by_relation.get("self", [])
    if not own:
        faults.append(("feed-element.missing", channel, "atom:link rel=self is missing"))
        return ""
    for link in own[1:]:
        faults.append(("feed-element.twice", link, "atom:link rel=self stands there twice"))
    address = own[0].get("href", "")
    _own_address(own[0], address, faults, addresses.home)
    # The pages of one feed are one podcast: all have the guid of the first.
    first = by_relation.get("first", own)[0].get("href", "")
    return str(first or address)


def _hreflang(link: Element, faults: Faults) -> None:
    tag = link.get("hreflang")
    if tag is not None and not is_language(tag):
        said = f"hreflang {quoted(tag)} is no language tag"
        faults.append(("feed-channel.hreflang", link, said))


def _own_address(link: Element, address: str, faults: Faults, served_at: str) -> None:
    if served_at and address and address != served_at:
        said = f"the feed says that it is at {quoted(address)}, and it is at {quoted(served_at)}"
        faults.append(("feed-channel.self", link, said))
    if address and not address.partition("?")[0].endswith(".xml"):
        said = "the feed's address does not end in .xml"
        faults.append(("feed-channel.suffix", link, said))


def _identity(found: Mapping[str, list[Element]], own: str, faults: Faults) -> None:
    guid = _first_text(found, _GUID)
    if not guid or not is_uuid(guid):
        return  # said by its kind
    element = found[_GUID][0]
    if guid != guid.lower() or guid[14] != "5":
        said = f"{quoted(guid)} is no UUID version 5 in lower case"
        faults.append(("feed-podcast.guid", element, said))
    elif own and not is_loopback(own) and podcast_guid(own) != guid:
        said = "podcast:guid does not come from the feed's present address"
        faults.append(("feed-podcast.moved", element, said))


def _first_text(found: Mapping[str, list[Element]], tag: str) -> str:
    elements = found.get(tag)
    return (elements[0].text or "").strip() if elements else ""
