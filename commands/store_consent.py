"""Asks once, at each machine, whether a workspace's own shared store is the team's."""

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.key_places import user_folder
from commands.terminal import talk_wrapped
from commands.workspace import today
from programme.errors import ExitCode, ProductionError

if TYPE_CHECKING:
    from production.shared.consent import Allowed, Consents
    from programme.network import TargetSettings


def own_consents() -> "Consents":
    """Give what this user has allowed on this machine."""
    from production.shared.consent import Consents

    return Consents(user_folder())


def require_consent(root: Path, place: "TargetSettings") -> None:
    """See that a store that altavoz.toml names is allowed here; ask where it is not yet.

    Args:
        root: the workspace.
        place: as its altavoz.toml names it.

    Raises:
        ProductionError: code USAGE; there is nobody to ask, or the answer is no.
    """
    from production.shared.consent import told
    from production.shared.places import absolute

    consents, meant = own_consents(), absolute(place, root)
    if consents.allows(root, place):
        return
    _show(meant, consents.find(root))
    if not sys.stdin.isatty() or not click.confirm("Is this your team's store?", err=True):
        raise ProductionError(
            "nobody has said on this machine that the store that altavoz.toml names is the team's",
            where=told(meant),
            remedy=f"if it is: {allow_command(meant)}; if not, take [store] out of altavoz.toml",
            code=ExitCode.USAGE,
        )
    consents.allow(root, place, today=today())


def allow_named(root: Path, place: "TargetSettings", address: str) -> None:
    """Allow the store that altavoz.toml names, if it is the one that the user means.

    Args:
        root: the workspace.
        place: as its altavoz.toml names it.
        address: of the one that the user means.

    Raises:
        ProductionError: code USAGE; it is another.
    """
    from production.shared.consent import is_same_address, told, told_whole
    from production.shared.places import absolute, parse_place

    said, meant = absolute(parse_place(address, os.environ), Path.cwd()), absolute(place, root)
    if not is_same_address(said, meant):
        raise ProductionError(
            f"altavoz.toml names another store: {told_whole(meant)}",
            where=told(said),
            remedy="look who changed [store] in altavoz.toml, and why",
            code=ExitCode.USAGE,
        )
    own_consents().allow(root, place, today=today())


def allow_command(place: "TargetSettings") -> str:
    """Give the command that allows a store, an absolute place, without a question."""
    from production.shared.consent import told

    return f"altavoz cluster allow {shlex.quote(told(place))}"


def _show(place: "TargetSettings", before: "Allowed | None") -> None:
    """Say where everything would go that is built, and where it went until now."""
    from production.shared.consent import told_whole

    talk_wrapped(
        "altavoz.toml names a shared store: everything that is built here goes to "
        f"{told_whole(place)}, also what is not published yet."
    )
    if before is not None and before.place != place:
        talk_wrapped(
            f"Since {before.since.isoformat()} it was {told_whole(before.place)}: look who changed "
            "altavoz.toml, and why."
        )
