"""Pages that people open on a phone or print: templates filled in, every value escaped.

The one home of jinja2 in production. A template lies in production/pages; what is not given is
an error, never an empty place.
"""

from collections.abc import Mapping
from functools import cache

import jinja2


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
