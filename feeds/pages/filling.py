"""Fills in the templates of the pages; every value is escaped. The one home of jinja2 in feeds.

What is not given is an error, never an empty place. The pages' own words stand in a template as
``{{ say("download") }}``, and as ``{{ words.download }}`` within an attribute: they are put in
when it is read, once for each language, because ten thousand pages share them. For the same reason
a ``Form`` fills in once what the pages of a series have in common.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from feeds.labels import Labels, labels
from programme.digests import digest_text
from programme.kept_code import kept_code
from programme.tables import package_file
from programme.units import LanguageTag

_SAY = re.compile(r"""\{\{ say\("(\w+)"\) \}\}""")
_WORD = re.compile(r"\{\{ words\.(\w+) \}\}")
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"})
_BLANK = re.compile("\0(&lt;|<)(\\w+)\0")
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


def escape(said: str) -> str:
    """Give text as markup, also within quotes: as templates do, and three times as fast."""
    # Looking first is faster than replacing: most texts have nothing of it.
    if "&" in said or "<" in said or ">" in said or '"' in said or "'" in said:
        return said.translate(_ESCAPED)
    return said


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What stands around the blanks of a template while the same of them are empty."""

    parts: list[bytes]
    """In UTF-8: what stands before the first blank; a place for it; what follows it; and so on."""
    blanks: tuple[tuple[str, bool], ...]
    """Each blank once: its name, and whether it is escaped."""
    places: tuple[int, ...]
    """Which of them stands in each place."""


class Form:
    """A template with blanks: what thousands of pages share is filled in once.

    Of a blank, the template may ask whether it is empty, and set it in, escaped or as ``|safe``;
    nothing else. So the same blanks being empty, all that stands between them is the same, and is
    kept: a page takes a tenth of the time.
    """

    def __init__(self, template: str, tag: LanguageTag, shared: Mapping[str, object]) -> None:
        """Take what all pages share.

        Args:
            template: its file name.
            tag: the language of the page's own words.
            shared: every value that is no blank.
        """
        self._template = template
        self._tag = tag
        self._shared = shared
        self._shapes: dict[frozenset[str], _Shape] = {}

    def fill(self, blanks: Mapping[str, str | bool]) -> bytes:
        """Give one page, as UTF-8; the bytes that ``fill`` gives, and raises what it raises.

        Args:
            blanks: the same names for every page; True and False are only asked for.
        """
        filled = frozenset([name for name, value in blanks.items() if value])
        shape = self._shapes.get(filled)
        if shape is None:
            shape = self._shapes[filled] = self._shape(blanks)
        # Bytes are joined: as text, a page with one letter beyond Latin takes twice the memory,
        # and is written as UTF-8 letter by letter.
        written = [
            (escape(str(blanks[name])) if is_text else str(blanks[name])).encode("utf-8")
            for name, is_text in shape.blanks
        ]
        page = shape.parts.copy()
        page[1::2] = [written[place] for place in shape.places]
        return b"".join(page)

    def _shape(self, blanks: Mapping[str, str | bool]) -> _Shape:
        """Find the blanks in a page; the template itself says which of them are escaped.

        It escapes a mark's ``<``, or leaves it as it is.
        """
        marks = {name: f"\0<{name}\0" if value else "" for name, value in blanks.items()}
        page = fill(self._template, self._tag, {**self._shared, **marks}).decode("utf-8")
        parts = _BLANK.split(page)
        found = [(n, mark == "&lt;") for n, mark in zip(parts[2::3], parts[1::3], strict=True)]
        each = tuple(dict.fromkeys(found))
        between = [b""] * (2 * len(found) + 1)
        between[::2] = [part.encode("utf-8") for part in parts[::3]]
        return _Shape(parts=between, blanks=each, places=tuple(map(each.index, found)))


def page_part(name: str) -> str:
    """Give a file of feeds/pages as it stands."""
    return package_file("feeds", "pages", name).read_text(encoding="utf-8")


@cache
def templates_digest() -> str:
    """Give a digest of all that makes pages: each is rendered again when any of it changes."""
    folder = package_file("feeds", "pages")
    names = sorted(part.name for part in folder.iterdir() if part.name.endswith((".html", ".py")))
    return digest_text("\n".join(page_part(name) for name in names))


def said(own: Labels, name: str) -> str:
    """Give one of the pages' own words as markup; English ones are marked as English."""
    word = escape(own.words[name])
    return f'<span lang="en" dir="ltr">{word}</span>' if own.foreign else word


class _Loader(jinja2.FunctionLoader):
    """Takes templates as they were compiled before, for as long as nothing of them changes."""

    def __init__(self, source_of: Callable[[str], str], tag: LanguageTag) -> None:
        super().__init__(source_of)
        self._source_of = source_of
        self._tag = tag

    def load(
        self,
        environment: jinja2.Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - as jinja2 calls it
    ) -> jinja2.Template:
        """Give a template by its file's name, with the words of the language in it."""
        source = self._source_of(name)
        code = kept_code(
            package_file("feeds", "pages", f"{Path(name).stem}-{self._tag}.html"),
            follows_from=f"{source}\0{_compiled_by()}".encode(),
            make=lambda: environment.compile(source, name, None),
        )
        return environment.template_class.from_code(environment, code, globals or {})


@cache
def _compiled_by() -> str:
    """Give what else decides what templates are compiled to: jinja2 and its options."""
    return f"{jinja2.__version__}\0{Path(__file__).read_text(encoding='utf-8')}"


@cache
def _environment(tag: LanguageTag) -> jinja2.Environment:
    own = labels(tag)

    def load(name: str) -> str:
        source = page_part(name)
        source = _SAY.sub(lambda found: said(own, found[1]).translate(_BRACES), source)
        return _WORD.sub(lambda found: escape(own.words[found[1]]).translate(_BRACES), source)

    return jinja2.Environment(
        loader=_Loader(load, tag),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
