"""What both cleanings share: how long what nothing needs stays, and the question before them."""

import re
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import click

from commands.terminal import talk
from programme.wording import counted

_SPAN = re.compile(r"(\d{1,5})(d|h)?\Z", re.ASCII)

F = TypeVar("F", bound=Callable[..., Any])


class _Span(click.ParamType):
    name = "days"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        if isinstance(value, timedelta):
            return value
        match = _SPAN.match(value)
        if match is None:
            self.fail(f"{value!a} is no span: write 30d for thirty days, or 12h", param, ctx)
        number = int(match[1])
        return timedelta(hours=number) if match[2] == "h" else timedelta(days=number)


def grace_option(command: F) -> F:
    """Add --grace."""
    return click.option(
        "--grace",
        type=_Span(),
        default="30d",
        show_default=True,
        metavar="DAYS",
        help="How long what nothing needs any more stays: 30d, 12h, 0d.",
    )(command)


def yes_option(command: F) -> F:
    """Add --yes."""
    return click.option("--yes", is_flag=True, help="Remove without asking.")(command)


def agreed(count: int, *, yes: bool) -> bool:
    """Ask whether to remove things that were just listed.

    Gives False where there is nobody to ask, and says what to do.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        talk("Nothing was removed: there is nobody to ask. To remove all of this, add --yes.")
        return False
    return click.confirm(f"Remove {counted(count, 'object')}?", err=True)
