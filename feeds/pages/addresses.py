"""Where each page and object stands: keys below the target's root, and links between pages.

Links name ``index.html`` and climb with ``../``, so that they hold in a bucket, which serves no
folder, and on a USB stick. Pages of a list are counted from the oldest: a full one never changes.
"""

from programme.units import Digest, Key, LanguageTag

HOME = Key("index.html")
WORKER = Key("sw.js")
OPML = Key("feeds.opml")
"""The list of all feeds."""

PUBLISHER = Key("publisher.xml")
"""The feed of all feeds."""

MEDIA = "m/"
"""How keys of objects begin that never change: players take a known address for a known file."""


def media_key(slug: str, digest: Digest, suffix: str) -> Key:
    """Name an object by what it is and by its bytes, so that none ever gets other bytes.

    Args:
        slug: what it is, in ASCII letters, digits, - and _.
        digest: of its bytes.
        suffix: how the name ends, with the dot.
    """
    return Key(f"{MEDIA}{slug}-{digest[:12]}{suffix}")


def language_key(tag: LanguageTag) -> Key:
    """Name the page of a language; stable for ever."""
    return Key(f"{tag.lower()}/index.html")


def withdrawn_key(tag: LanguageTag) -> Key:
    """Name the page of everything that was withdrawn in a language; stable for ever."""
    return Key(f"{tag.lower()}/withdrawn.html")


def series_key(series: str, tag: LanguageTag, page: int = 0) -> Key:
    """Name the page of a series in a language; stable for ever.

    Args:
        series: its id.
        tag: the language.
        page: of the list of its episodes, counted from the oldest, from 1; 0 for the newest.
    """
    end = f"-p{page:04}" if page else ""
    return Key(f"{series}/{tag.lower()}{end}.html")


def episode_key(series: str, tag: LanguageTag, episode: str) -> Key:
    """Name the page of an episode in a language; the same for all its revisions."""
    return Key(f"{series}/{tag.lower()}/{episode}.html")


def list_key(series: str, tag: LanguageTag) -> Key:
    """Name what tells kept pages which episodes of a series still hold."""
    return Key(f"{series}/{tag.lower()}/episodes.json")


def climb(key: Key) -> str:
    """Give the way from a page to the target's root: empty, ``../`` or ``../../``."""
    return "../" * key.count("/")
