"""What all pages of a target share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from feeds.wellformed import check_characters, check_page_url
from programme.units import Key, LanguageTag


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Who publishes, where, in which languages, and what the pages look like."""

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
    icon: Key
    print_date: Callable[[date, LanguageTag], str] = field(repr=False)
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
