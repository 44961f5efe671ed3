"""Commands that are imported when they are asked for: each costs start-up time."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LaterGroup(click.Group):
    """A group that knows its commands by where they are defined."""

    def __init__(
        self,
        *args: Any,
        later: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Make a group.

        Args:
            args: as ``click.Group`` takes them.
            later: by the command's name, the module and the name in it, as ``module:name``.
            kwargs: as ``click.Group`` takes them.
        """
        super().__init__(*args, **kwargs)
        self._later = dict(later or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of all commands, imported or not."""
        return sorted({*super().list_commands(ctx), *self._later})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give a command, imported now if it was not; None where there is none of that name."""
        if cmd_name in self._later and cmd_name not in self.commands:
            module, _, name = self._later[cmd_name].partition(":")
            self.add_command(getattr(import_module(module), name), cmd_name)
        return super().get_command(ctx, cmd_name)
