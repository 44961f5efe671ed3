"""Pages of a pack filled in from templates; every value is escaped. Stations' one home of jinja2.

What is not given is an error, never an empty place. A page's style and program stand within it,
and its content security policy allows these alone, by their hashes.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from programme.kept_code import kept_code
from programme.tables import package_file
from stations import plain_text
from stations.plain_text import one_line, parts

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def fill(template: str, values: Mapping[str, object]) -> str:
    """Fill in a template of stations/pages.

    Args:
        template: its file name.
        values: everything that stands in it.

    Raises:
        jinja2.TemplateNotFound: there is no such template; a mistake of ours.
        jinja2.UndefinedError: a value is missing; a mistake of ours.
    """
    return _environment().get_template(template).render(values)


def page_part(name: str) -> str:
    """Give a file of stations/pages as it stands."""
    return package_file("stations", "pages", name).read_text(encoding="utf-8")


@cache
def style_hash(template: str) -> str:
    """Give the hash under which the style within a template may apply (CSP level 2, 4.2.5)."""
    style = _STYLE.search(page_part(template))
    if style is None:
        raise ValueError(f"{template} has no style")
    return policy_hash(style[1])


def policy_hash(text: str) -> str:
    """Give the hash of a style or program as a content security policy names it.

    Browsers hash what they read: CRLF as LF (HTML, 13.2.3.5).
    """
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


class _Loader(FunctionLoader):
    """Takes templates as they were compiled before, for as long as nothing of them changes."""

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - as jinja2 calls it
    ) -> Template:
        """Give a template by its file's name."""
        source = page_part(name)
        code = kept_code(
            package_file("stations", "pages", name),
            follows_from=f"{source}\0{_compiled_by()}".encode(),
            make=lambda: environment.compile(source, name, None),
        )
        return environment.template_class.from_code(environment, code, globals or {})


@cache
def _compiled_by() -> str:
    """Give what else decides what templates are compiled to: jinja2, its options, our filters."""
    ours = [Path(str(file)).read_text(encoding="utf-8") for file in (__file__, plain_text.__file__)]
    return "\0".join([jinja2.__version__, *ours])


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=_Loader(page_part),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["parts"] = parts
    environment.filters["line"] = one_line
    return environment
