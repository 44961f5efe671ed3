"""The pages' style and program, named by their content, and what keeps episodes on a device."""

from collections.abc import Sequence
from functools import cache
from json.encoder import encode_basestring_ascii as quoted

from feeds.channel import ItemState
from feeds.pages.addresses import media_key
from feeds.pages.entries import Entry
from feeds.pages.episode import version_of
from feeds.pages.filling import page_part
from programme.digests import digest_bytes
from programme.units import Key

_PROGRAM = ("page_start.js", "page_player.js", "page_kept.js")
_START = """
const root = document.documentElement;
dates(root);
copying();
printing();
player(root);
keeping(root);
"""


@cache
def style() -> tuple[Key, bytes]:
    """Give the style sheet and its immutable name."""
    data = page_part("page.css").encode("utf-8")
    return _named(data, ".css"), data


@cache
def script() -> tuple[Key, bytes]:
    """Give the program of the pages and its immutable name."""
    body = "\n".join(page_part(name) for name in _PROGRAM)
    data = f'(function () {{\n"use strict";\n{body}{_START}}}());\n'.encode()
    return _named(data, ".js"), data


@cache
def icon() -> tuple[Key, bytes]:
    """Give the icon and its immutable name; without one, browsers ask for one in vain."""
    data = page_part("icon.svg").encode("utf-8")
    return _named(data, ".svg"), data


def worker() -> bytes:
    """Give what answers for kept episodes when there is no network; its name never changes."""
    return page_part("worker.js").encode("utf-8")


def render_states(entries: Sequence[Entry]) -> bytes:
    """Give what tells a kept copy whether it still holds: version, last day and state of each.

    Args:
        entries: of one series in one language.
    """
    named = {entry.key.rpartition("/")[2].removesuffix(".html"): entry.item for entry in entries}
    # Written row by row: as one value, those of ten thousand episodes take 5 MB.
    data = bytearray(b'{"episodes":{')
    between = ""
    for name in sorted(named):
        item = named[name]
        state = "live" if item.state is ItemState.LIVE else "withdrawn"
        told = f'{quoted(version_of(item))},"{item.expires.isoformat()}","{state}"'
        data += f"{between}{quoted(name)}:[{told}]".encode("ascii")
        between = ","
    data += b"}}\n"
    return bytes(data)


def _named(data: bytes, suffix: str) -> Key:
    return media_key("site", digest_bytes(data), suffix)
