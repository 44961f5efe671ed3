"""Fills in the templates of the pages; every value is escaped. The one home of jinja2 in feeds.

What is not given is an error, never an empty place. The pages' own words stand in a template as
``{{ say("download") }}``, and as ``{{ words.download }}`` within an attribute: they are put in
when it is read, once for each language, because ten thousand pages share them.
"""

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib import resources

import jinja2

from feeds.labels import Labels, labels
from programme.digests import digest_text
from programme.units import LanguageTag

_SAY = re.compile(r"""\{\{ say\("(\w+)"\) \}\}""")
_WORD = re.compile(r"\{\{ words\.(\w+) \}\}")
_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})


def fill(template: str, tag: LanguageTag, values: Mapping[str, object]) -> bytes:
    """Fill in a template of feeds/pages, as UTF-8.

    Args:
        template: its file name.
        tag: the language of the page's own words.
        values: everything else that stands in it.

    Raises:
        jinja2.TemplateNotFound: there is no such template; a mistake of ours.
        jinja2.UndefinedError: a value is missing; a mistake of ours.
        KeyError: there is no such word; a mistake of ours.
    """
    return _environment(tag).get_template(template).render(values).encode("utf-8")


def page_part(name: str) -> str:
    """Give a file of feeds/pages as it stands."""
    return resources.files("feeds").joinpath("pages", name).read_text(encoding="utf-8")


@cache
def templates_digest() -> str:
    """Give a digest of all templates: a page is rendered again when one of them changes."""
    folder = resources.files("feeds").joinpath("pages")
    names = sorted(part.name for part in folder.iterdir() if part.name.endswith(".html"))
    return digest_text("\n".join(page_part(name) for name in names))


def said(own: Labels, name: str) -> str:
    """Give one of the pages' own words as markup; English ones are marked as English."""
    word = escape(own.words[name])
    return f'<span lang="en" dir="ltr">{word}</span>' if own.foreign else word


@cache
def _environment(tag: LanguageTag) -> jinja2.Environment:
    own = labels(tag)

    def load(name: str) -> str:
        source = page_part(name)
        source = _SAY.sub(lambda found: said(own, found[1]).translate(_BRACES), source)
        return _WORD.sub(lambda found: escape(own.words[found[1]]).translate(_BRACES), source)

    return jinja2.Environment(
        loader=jinja2.FunctionLoader(load),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
