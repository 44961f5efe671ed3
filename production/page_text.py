"""Pages that people open on a phone or print: templates filled in, every value escaped.

The one home of jinja2 in production. A template lies in production/pages; what is not given is
an error, never an empty place.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache

import jinja2

from programme.tables import package_file


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("production", "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def fill(template: str, values: Mapping[str, object]) -> str:
    """Fill in a template of production/pages.

    Raises:
        jinja2.TemplateNotFound: there is no such template; a mistake of ours.
        jinja2.UndefinedError: a value is missing; a mistake of ours.
    """
    return _environment().get_template(template).render(values)


def page_part(name: str) -> str:
    """Give a file of production/pages as it stands."""
    return package_file("production", "pages", name).read_text(encoding="utf-8")


def page_program(*names: str) -> str:
    """Give the program of a page: its parts in one closed scope."""
    body = "\n".join(page_part(name) for name in names)
    return f'(function () {{\n"use strict";\n{body}\n}}());\n'


def page_data(value: object) -> str:
    """Give JSON that can stand in a page: nothing in it ends the element that holds it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def policy_hash(text: str) -> str:
    """Give what a content security policy calls a style or program by (CSP level 3, 2.3.1)."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
