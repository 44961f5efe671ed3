"""How each published object is served: its media type, how long it is kept, how it is saved.

One table for what is sent to a bucket, for what the preview serves, and for what a check expects
of a public address. What is made in programme/profiles.toml and by production.companions says its
own type; the rest stands here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from feeds.pages.addresses import MEDIA
from production.companions import COMPANIONS
from production.targets.head import HEAD_KEY, LEDGER_FOLDER
from programme.profiles import profiles

IMMUTABLE_CACHE = "public, max-age=86400"
"""A day: bytes never change, but a withdrawn file must not live on in caches."""

DOCUMENT_CACHE = "max-age=300, must-revalidate"
"""Five minutes: feeds, pages and what else is replaced."""

UNKNOWN = "application/octet-stream"

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
_PLAIN_DATA = {"site.json", "episodes.json", HEAD_KEY}
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
    ".jsonl": "application/jsonl",
}

_IMMUTABLE_FOLDERS = (MEDIA, LEDGER_FOLDER, "packs/")
"""Whose objects' names hold the digest of their bytes."""

_TEXTUAL = {"application/rss+xml", "application/x-subrip"}
"""Besides ``text/...``: what readers guess an encoding for."""

_SAVED = {"application/zip"}
"""What a browser saves under its own name and never opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What the public address of an object says of it."""

    media_type: str
    """Content-Type, with UTF-8 where a reader would otherwise guess."""
    cache_control: str
    disposition: str
    """Content-Disposition; empty where a browser shows the object."""


def served(key: str, media_type: str = "") -> Served:
    """Give how an object is served.

    Args:
        key: of the object.
        media_type: as its maker names it; empty to tell it by the key.
    """
    told = with_charset(media_type or media_type_of(key))
    saved = told.partition(";")[0] in _SAVED
    return Served(
        media_type=told,
        cache_control=IMMUTABLE_CACHE if is_immutable(key) else DOCUMENT_CACHE,
        disposition=f'attachment; filename="{key.rpartition("/")[2]}"' if saved else "",
    )


def is_immutable(key: str) -> bool:
    """Tell whether the bytes under a key never change."""
    return key.startswith(_IMMUTABLE_FOLDERS)


def with_charset(media_type: str) -> str:
    """Give a media type that says UTF-8 where a reader would otherwise guess."""
    textual = media_type.startswith("text/") or media_type in _TEXTUAL
    return f"{media_type}; charset=utf-8" if textual and "charset" not in media_type else media_type


def media_type_of(key: str) -> str:
    """Give the media type of an object, by the longest suffix that is known."""
    name = key.rpartition("/")[2]
    dots = (place for place, letter in enumerate(name) if letter == ".")
    suffix = next((name[place:] for place in dots if name[place:] in _types()), "")
    if suffix == ".json" and (key.startswith(MEDIA) or name in _PLAIN_DATA):
        return _DATA
    return _types().get(suffix, UNKNOWN)


@cache
def _types() -> Mapping[str, str]:
    made = {
        spec.suffix: spec.media_type
        for profile in profiles().values()
        for spec in profile.renditions
    }
    beside = {companion.suffix: companion.media_type for companion in COMPANIONS}
    return {**_OTHERS, **DOCUMENTS, **made, **beside}
