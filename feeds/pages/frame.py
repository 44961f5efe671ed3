"""What every page has around its content: who, in which language, the way back, addresses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from feeds.labels import Labels, labels
from feeds.pages.addresses import HOME, climb, language_key, withdrawn_key
from feeds.pages.entries import text
from feeds.wellformed import check_characters, check_page_url
from programme.units import Key, LanguageTag


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What all pages of a target share."""

    name: str
    """Of the network, as listeners know it."""
    base_url: str
    """Public address of the folder that the pages stand in, with a final slash."""
    website: str
    """Of the network; empty for none."""
    licence: str
    licence_url: str
    """Empty where the slug says it all."""
    languages: tuple[LanguageTag, ...]
    """Those that have pages, in the network's order."""
    opml: str
    """Address of the list of all feeds; empty for none."""
    style: Key
    script: Key
    print_date: Callable[[date, LanguageTag], str]
    """Writes a date as readers of a language expect it."""


def check_site(site: Site) -> None:
    """Refuse what no page can hold.

    Raises:
        ProductionError: a character or an address cannot stand in a page; says which.
    """
    check_characters(site.name, where="pages: name of the network")
    check_characters(site.licence, where="pages: licence")
    for name, address in (("website", site.website), ("licence address", site.licence_url)):
        if address:
            check_page_url(address, where=f"pages: {name}")


def link(url: str, site: Site, root: str) -> str:
    """Give an address as a link from a page: relative where it is below the site's."""
    return root + url.removeprefix(site.base_url) if url.startswith(site.base_url) else url


def language_values(tag: LanguageTag) -> dict[str, Any]:
    """Give what a template needs to write in a language."""
    own = labels(tag)
    return {
        "lang": own.tag,
        "dir": own.direction,
        "words": own.words,
        "foreign": own.foreign,
    }


def step(href: str, name: str, own: Labels | None = None) -> dict[str, str]:
    """Give one step of the way from home; ``own`` where its name is in its own language."""
    return {
        "href": href,
        "name": name,
        "tag": own.tag if own else "",
        "dir": own.direction if own else "",
    }


def frame(
    site: Site,
    key: Key,
    tag: LanguageTag,
    *,
    title: str,
    way: Sequence[dict[str, str]] = (),
    others: Sequence[tuple[LanguageTag, Key]] = (),
    withdrawn: bool = True,
) -> dict[str, Any]:
    """Give the values of the layout.

    Args:
        site: what all pages share.
        key: of the page.
        tag: the page's language.
        title: of the page; its heading.
        way: further steps from home.
        others: the same page in other languages.
        withdrawn: whether to lead to the language's withdrawn messages.
    """
    root = climb(key)
    return {
        **language_values(tag),
        "root": root,
        "title": text(title, tag),
        "network": site.name,
        "address": site.base_url + key,
        "style": site.style,
        "script": site.script,
        "website": site.website,
        "licence": site.licence,
        "licence_url": site.licence_url,
        "way": [step(root + HOME, site.name), *way],
        "others": [
            {
                "tag": other,
                "href": root + other_key,
                "endonym": labels(other).endonym,
                "dir": labels(other).direction,
            }
            for other, other_key in others
        ],
        "alternates": _alternates(site, key, tag, others),
        "withdrawn_page": root + withdrawn_key(tag) if withdrawn else "",
    }


def language_step(tag: LanguageTag, root: str) -> dict[str, str]:
    """Give the step that leads to the page of a language."""
    own = labels(tag)
    return step(root + language_key(tag), own.endonym, own)


def _alternates(
    site: Site, key: Key, tag: LanguageTag, others: Sequence[tuple[LanguageTag, Key]]
) -> list[dict[str, str]]:
    """Give whole addresses, the page's own among them, as search engines ask for."""
    if not others:
        return []
    return [{"tag": one, "url": site.base_url + at} for one, at in ((tag, key), *others)]
