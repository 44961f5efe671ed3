"""Where this user's keys and trust lie, and how a password is asked: for every command."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from programme.errors import ProductionError

if TYPE_CHECKING:
    from stations.minisign import PublicKey

key_option = click.option(
    "--key",
    "named",
    multiple=True,
    metavar="RW...",
    help="Believe this key, too, this once; may be given again.",
)


def user_folder() -> Path:
    """Give the folder of this user's keys and trust; the one place that reads ALTAVOZ_KEYS."""
    from production.keys.store import keys_folder

    return keys_folder(os.environ, system=sys.platform, home=Path.home())


def ask_password(what: str) -> str:
    """Ask for the password of a key that has one."""
    return str(click.prompt(f"Password of {what}", hide_input=True, err=True))


def new_password(*, none: bool) -> str | None:
    """Ask twice for a password for new keys; None where none is wanted."""
    if none:
        return None
    question = "New password for the secret keys"
    return str(click.prompt(question, hide_input=True, confirmation_prompt=True, err=True))


def believed_keys(named: tuple[str, ...]) -> "tuple[PublicKey, ...]":
    """Give the keys of ``key_option``.

    Raises:
        ProductionError: one is no key.
    """
    from stations.minisign import PublicKey, SignatureError

    try:
        return tuple(PublicKey.parse(text) for text in named)
    except SignatureError as error:
        raise ProductionError(
            error.problem, where="--key", remedy="give the line that begins with RW"
        ) from error
