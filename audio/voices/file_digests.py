"""Digests of a voice's files: each is read once for as long as it stays as it is."""

from functools import cache
from pathlib import Path

from programme.digests import digest_file
from programme.units import Digest


def stamp(path: Path) -> tuple[int, int]:
    """Give a file's length in bytes and when it was changed, in ns: another stamp, another file."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def known_digest(path: Path) -> Digest:
    """Give a file's digest."""
    return _digest(path, *stamp(path))


@cache
def _digest(path: Path, length_bytes: int, changed_ns: int) -> Digest:
    del length_bytes, changed_ns
    return digest_file(path)
