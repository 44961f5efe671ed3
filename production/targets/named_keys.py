"""Which objects of a target a document names: by whole addresses, and in pages by relative ones.

Made for documents that we wrote ourselves: attributes are quoted, and an address stands alone
between quotes or tags. What a text merely mentions is not taken for a promise.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from production.targets.base import is_key

_LINK = re.compile(rb"(?:href|src|poster)\s*=\s*\"([^\"<>]*)\"")
_MEDIA_NAME = re.compile(rb"[A-Za-z0-9_-]+-[0-9a-f]{12}(?:\.[a-z0-9]+)+")
_GUID = re.compile(rb"<guid[^>]*>([^<]*)</guid>|\"id\":\s*\"([^\"]*)\"")


def keys_named(name: str, data: bytes, base_url: str) -> set[str]:
    """Give the keys of all objects that a document names.

    Args:
        name: its own key.
        data: its bytes.
        base_url: public address of the target's root, with a final slash.
    """
    return set(_keys(name, data, base_url))


def _keys(name: str, data: bytes, base_url: str) -> Iterator[str]:
    root = re.escape(base_url.encode())
    for found in re.findall(rb"[\"'>]\s*" + root + rb"([^\s\"'<>\\]*)", data):
        yield from _key(found.decode("utf-8", "replace"))
    if not name.endswith(".html"):
        return
    # Any root will do, as long as nothing else begins with it.
    here = f"https://target.invalid/{name}"
    for found in _LINK.findall(data):
        address = urljoin(here, unescape(found.decode("utf-8", "replace")))
        rest = address.removeprefix("https://target.invalid/")
        if rest != address:
            yield from _key(rest)


def _key(address: str) -> Iterator[str]:
    """Give the key that an address below the root is of; nothing for the root itself."""
    try:
        path = unquote(urlsplit(unescape(address)).path)
    except ValueError:  # brackets in the place of a host
        return
    if is_key(path):
        yield path


def media_names(data: bytes) -> set[str]:
    """Give everything in a text that looks like the name of an object of ours, wherever it is.

    For cleaning: what is mentioned anywhere stays.
    """
    return {found.decode("ascii") for found in _MEDIA_NAME.findall(data)}


def guids_in(data: bytes) -> set[str]:
    """Give the guids of the items of a feed, RSS or JSON.

    Feeds that collect from several put a sign of their own behind an item's guid: it is left out.
    """
    found = (rss or json for rss, json in _GUID.findall(data))
    return {one.decode("utf-8", "replace").partition("#")[0] for one in found}
