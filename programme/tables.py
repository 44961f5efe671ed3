"""The program's own tables, TOML that lies in its packages, read at a start without delay.

``tomllib`` is written in Python and takes half a second for a megabyte. So what it made of a file
is kept as JSON in ``__pycache__`` beside that file, where and when Python keeps what it compiled:
whoever can write there can write the program itself. It is taken for as long as the TOML has the
same bytes; what is damaged, or cannot be kept, is made again, and all of it may be deleted.
"""

import hashlib
import json
import os
import sys
from contextlib import suppress
from importlib.resources.abc import Traversable
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

_ENDING = ".kept"


def read_toml(file: Traversable) -> dict[str, Any]:
    """Give what a TOML file of the program holds.

    Args:
        file: as ``importlib.resources`` names it; it has texts, numbers, lists and tables only.

    Raises:
        OSError: there is no such file.
        tomllib.TOMLDecodeError: it is not TOML.
    """
    data = file.read_bytes()
    kept = _place(file) if isinstance(file, Path) else None
    digest = hashlib.blake2b(data).hexdigest()
    found = None if kept is None else _read(kept, digest)
    if found is None:
        import tomllib  # only where nothing was kept

        found = tomllib.loads(data.decode("utf-8"))
        if kept is not None and not sys.dont_write_bytecode:
            _keep(kept, found, digest)
    return found


def _place(file: Path) -> Path:
    return Path(cache_from_source(str(file.with_suffix(".py")))).with_suffix(_ENDING)


def _read(kept: Path, digest: str) -> dict[str, Any] | None:
    """Give what was kept for these bytes; None where that is nothing, or damaged."""
    try:
        head, _, body = kept.read_bytes().partition(b"\n")
    except OSError:
        return None
    if head != _head(digest, body):
        return None
    found: dict[str, Any] = json.loads(body)
    return found


def _keep(kept: Path, found: dict[str, Any], digest: str) -> None:
    """Write what was read; a disk that refuses costs time at the next start, nothing else."""
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
