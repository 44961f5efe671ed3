"""Which media type each published object is served with, told from its key.

A bucket keeps the type that an object was sent with; a folder keeps none. What is made in
programme/profiles.toml and by production.companions says its own type; the rest stands here.
"""

from collections.abc import Mapping
from functools import cache

from feeds.pages.addresses import MEDIA
from production.companions import COMPANIONS
from programme.profiles import profiles

DOCUMENTS: Mapping[str, str] = {
    ".xml": "application/rss+xml; charset=utf-8",
    ".json": "application/feed+json",
    ".opml": "text/x-opml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
"""What may name addresses of the place that it is published at."""

_DATA = "application/json"
_PLAIN_DATA = {"site.json", "episodes.json"}
"""JSON that is no feed, at keys that stay: what pages and the next publish read."""

_OTHERS: Mapping[str, str] = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".ico": "image/vnd.microsoft.icon",
    ".woff2": "font/woff2",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
}

UNKNOWN = "application/octet-stream"


@cache
def _types() -> Mapping[str, str]:
    made = {
        spec.suffix: spec.media_type
        for profile in profiles().values()
        for spec in profile.renditions
    }
    beside = {companion.suffix: companion.media_type for companion in COMPANIONS}
    return {**_OTHERS, **DOCUMENTS, **made, **beside}


def media_type_of(key: str) -> str:
    """Give the media type of an object, by the longest suffix that is known."""
    name = key.rpartition("/")[2]
    dots = (place for place, letter in enumerate(name) if letter == ".")
    suffix = next((name[place:] for place in dots if name[place:] in _types()), "")
    if suffix == ".json" and (key.startswith(MEDIA) or name in _PLAIN_DATA):
        return _DATA
    return _types().get(suffix, UNKNOWN)


def names_addresses(key: str) -> bool:
    """Tell whether an object is a document whose addresses lead to the place it is served at.

    Immutable objects are never touched: their names, and checksums elsewhere, tell their bytes.
    """
    return not key.startswith(MEDIA) and any(key.endswith(suffix) for suffix in DOCUMENTS)
