"""What every page has around its content: who, in which language, the way back, addresses."""

from collections.abc import Sequence
from typing import Any

from feeds.labels import labels
from feeds.pages.addresses import HOME, climb, language_key, withdrawn_key
from feeds.pages.entries import text
from feeds.pages.markup import Step, alternates_markup, languages_markup, way_markup
from feeds.pages.site import Site
from programme.units import Key, LanguageTag


def frame(
    site: Site,
    key: Key,
    tag: LanguageTag,
    *,
    title: str,
    way: Sequence[Step] = (),
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
    # Search engines want the page itself among the others.
    told = [(tag, key), *others] if others else []
    return {
        "lang": tag,
        "dir": labels(tag).direction,
        "root": root,
        "title": text(title, tag),
        "network": site.name,
        "address": site.base_url + key,
        "style": site.style,
        "script": site.script,
        "icon": site.icon,
        "website": site.website,
        "licence": site.licence,
        "licence_url": site.licence_url,
        "way": way_markup([Step(root + HOME, site.name), *way]),
        "others": languages_markup(others, root),
        "alternates": alternates_markup(site.base_url, told),
        "withdrawn_page": root + withdrawn_key(tag) if withdrawn else "",
    }


def language_step(tag: LanguageTag, root: str) -> Step:
    """Give the step that leads to the page of a language."""
    return Step(root + language_key(tag), labels(tag).endonym, tag)
