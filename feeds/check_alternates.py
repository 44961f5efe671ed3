"""Other encodings of an item's sound, and its moments: alternateEnclosure, soundbite, integrity."""

from feeds.check_addresses import Addresses
from feeds.check_faults import Element, Faults
from feeds.check_podcast import PodcastTag, check_podcast_tag
from feeds.check_values import is_count
from feeds.podcast_namespace import PODCAST

_SOURCE = f"{{{PODCAST}}}source"
_INTEGRITY = f"{{{PODCAST}}}integrity"


def check_alternate(
    element: Element, tag: PodcastTag, faults: Faults, addresses: Addresses
) -> list[str]:
    """Judge an alternate and what it holds; gives the addresses of its sources."""
    uris = []
    sealed = False
    for child in check_podcast_tag(element, tag, faults, addresses):
        name = child.tag
        if name == _SOURCE:
            uris.append(child.get("uri", ""))
        elif name == _INTEGRITY:
            if sealed:
                said = "podcast:integrity stands here twice"
                faults.append(("feed-element.twice", child, said))
            sealed = True
    if not uris:
        said = "the alternate names no podcast:source"
        faults.append(("feed-podcast.alternate", element, said))
    if not sealed:
        said = "the alternate has no podcast:integrity"
        faults.append(("feed-podcast.unsealed", element, said))
    return uris


def check_default(
    element: Element, enclosure: Element, files: list[tuple[str, Element]], faults: Faults
) -> None:
    """Judge whether the alternate that says that it is the enclosure is it.

    Args:
        element: the alternate.
        enclosure: of the item; None for none.
        files: addresses, with the elements that name them.
        faults: where findings go.
    """
    if enclosure is None:
        return
    length, stated = element.get("length"), enclosure.get("length")
    if enclosure.get("url") not in [address for address, named_by in files if named_by is element]:
        said = "the default alternate is another file than the enclosure"
        faults.append(("feed-podcast.default", element, said))
    elif length and length != stated and is_count(stated or ""):
        said = f"the default alternate has {length} bytes, and the enclosure {stated}"
        faults.append(("feed-podcast.default", element, said))


def check_soundbite(element: Element, duration_s: int, faults: Faults) -> None:
    """Judge whether a soundbite lies in the item's sound; 0 where its length is unknown."""
    try:
        start_s = float(element.get("startTime", ""))
        end_s = start_s + float(element.get("duration", ""))
    except ValueError:
        return  # said by the kind of the attribute
    if duration_s and end_s > duration_s + 1:
        said = f"the soundbite ends at {end_s:g} s, and the sound at {duration_s} s"
        faults.append(("feed-podcast.soundbite", element, said))
