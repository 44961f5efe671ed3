"""Language tags of a feed: as the W3C's validator knows them, and as BCP 47 writes them.

``<language>`` is held by validators to ISO 639-1 and 639-2; every other place takes any tag of
BCP 47 (RFC 5646), which says more of many languages that people on the move speak.
"""

import re
from functools import cache

from feeds.check_faults import Element, Faults, quoted
from programme.tables import package_file, read_toml

_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*"
    r"(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?\Z",
    re.IGNORECASE | re.ASCII,
)


def is_language(tag: str) -> bool:
    """Tell whether a tag is well formed (RFC 5646 section 2.1), whatever it names."""
    return bool(_TAG.match(tag))


def primary(tag: str) -> str:
    """Give the language of a tag without script, region and variants."""
    return tag.partition("-")[0].lower()


def is_listed(tag: str) -> bool:
    """Tell whether the W3C's validator takes it in ``<language>``."""
    return primary(tag) in _listed()


def check_language(element: Element, tag: str, faults: Faults) -> None:
    """Judge a channel's ``<language>``."""
    if not is_language(tag):
        said = f"{quoted(tag)} is no language tag such as es, es-419 or ht"
        faults.append(("feed-channel.language", element, said))
    elif not is_listed(tag):
        if len(primary(tag)) == 2:
            said = f"{quoted(tag)} begins with no code of ISO 639-1"
            faults.append(("feed-channel.language", element, said))
        else:
            said = f"{quoted(tag)} is a language that validators do not list"
            faults.append(("feed-channel.language-unlisted", element, said))


@cache
def _listed() -> frozenset[str]:
    tables = read_toml(package_file("feeds", "w3c_languages.toml"))
    return frozenset(f"{tables['two_letters']} {tables['three_letters']}".split())
