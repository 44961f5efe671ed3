"""The program's own tables, TOML that lies in its packages, read at a start without delay.

``tomllib`` is written in Python and takes half a second for a megabyte. So what it made of a file
is kept as JSON in ``__pycache__`` beside that file, where and when Python keeps what it compiled:
whoever can write there can write the program itself. It is taken for as long as the TOML has the
same bytes; what is damaged, or cannot be kept, is made again, and all of it may be deleted. What
takes long to make of such tables is kept there too.
"""

import hashlib
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, TypeAlias

_ENDING = ".kept"

Made: TypeAlias = Any
"""Texts, numbers, lists, and tables whose keys are texts."""


def package_file(package: str, *parts: str) -> Path:
    """Give the place of a file that comes with a package of the program.

    ``importlib.resources`` would find it in a ZIP too, and takes six milliseconds to be imported;
    an installed Altavoz lies in a folder.

    Args:
        package: its name, imported already, such as ``scripts`` or ``audio.voices``.
        parts: the way from its folder; a part may hold slashes.
    """
    return Path(sys.modules[package].__path__[0], *parts)


def read_toml(file: Path) -> dict[str, Any]:
    """Give what a TOML file of the program holds.

    Args:
        file: as ``package_file`` names it; it has texts, numbers, lists and tables only.

    Raises:
        OSError: there is no such file.
        tomllib.TOMLDecodeError: it is not TOML.
    """
    data = file.read_bytes()
    found: dict[str, Any] = read_made(
        file, follows_from=hashlib.blake2b(data).hexdigest(), make=lambda: _parsed(data)
    )
    return found


def read_made(file: Path, *, follows_from: str, make: Callable[[], Made]) -> Made:
    """Give what was made of the program's own tables.

    Args:
        file: as ``package_file`` names it; beside it is kept what was made. It need not be
            there itself.
        follows_from: digest of everything that it is made of.
        make: makes it.
    """
    kept = _place(file)
    found = _read(kept, follows_from)
    if found is None:
        found = make()
        if not sys.dont_write_bytecode:
            _keep(kept, found, follows_from)
    return found


def _parsed(data: bytes) -> dict[str, Any]:
    import tomllib  # only where nothing was kept

    return tomllib.loads(data.decode("utf-8"))


def _place(file: Path) -> Path:
    return Path(cache_from_source(str(file.with_suffix(".py")))).with_suffix(_ENDING)


def _read(kept: Path, digest: str) -> Made:
    """Give what was kept for a digest; None where that is nothing, or damaged."""
    try:
        head, _, body = kept.read_bytes().partition(b"\n")
    except OSError:
        return None
    if head != _head(digest, body):
        return None
    return json.loads(body)


def _keep(kept: Path, found: object, digest: str) -> None:
    """Write what was made; a disk that refuses costs time at the next start, nothing else."""
    body = json.dumps(found, separators=(",", ":")).encode("ascii")
    part = kept.with_name(f"{kept.name}.{os.getpid()}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            file.write(_head(digest, body) + b"\n" + body)
        part.replace(kept)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _head(digest: str, body: bytes) -> bytes:
    return f"{digest} {hashlib.blake2b(body).hexdigest()}".encode("ascii")
