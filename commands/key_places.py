"""Where this user's keys and trust lie, and how a password is asked: for every command."""

import os
import sys
from pathlib import Path

import click


def user_folder() -> Path:
    """Give the folder of this user's keys and trust; the one place that reads ALTAVOZ_KEYS."""
    from production.key_store import keys_folder

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
