"""Fills in the templates of the pages; every value is escaped. The one home of jinja2 in feeds.

What is not given is an error, never an empty place.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources

import jinja2

from programme.digests import digest_text


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("feeds", "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def fill(template: str, values: Mapping[str, object]) -> bytes:
    """Fill in a template of feeds/pages, as UTF-8.

    Raises:
        jinja2.TemplateNotFound: there is no such template; a mistake of ours.
        jinja2.UndefinedError: a value is missing; a mistake of ours.
    """
    return _environment().get_template(template).render(values).encode("utf-8")


def page_part(name: str) -> str:
    """Give a file of feeds/pages as it stands."""
    return resources.files("feeds").joinpath("pages", name).read_text(encoding="utf-8")


@cache
def templates_digest() -> str:
    """Give a digest of all templates: a page is rendered again when one of them changes."""
    folder = resources.files("feeds").joinpath("pages")
    names = sorted(part.name for part in folder.iterdir() if part.name.endswith(".html"))
    return digest_text("\n".join(page_part(name) for name in names))
