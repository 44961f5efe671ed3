"""The digest of the program itself: what was found by other rules does not hold for these."""

import hashlib
import os
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path

import programme
import scripts

_ENDINGS = (".py", ".toml", ".json", ".txt", ".csv")
_BLOCK_BYTES = 65_536
"""Most files are read at one stroke."""


@cache
def program_digest() -> str:
    """Give the digest of every source and table that findings follow from; empty if unknown.

    Files are read whole: a time or a version number would miss what an author changes. Of
    Python and the outside libraries their versions are enough, and of PyYAML whether it was built
    with libyaml, of which this is asked without loading it.
    """
    digest = hashlib.sha256()
    digest.update(repr([sys.version, unicodedata.unidata_version, _yaml(), _libraries()]).encode())
    count = 0
    for package in (programme, scripts):
        for folder in filter(os.path.isdir, package.__path__):  # it may be in a ZIP
            for name, path in _files(folder, package.__name__):
                data = _bytes_of(path)
                digest.update(f"{name}/{len(data)}/".encode())
                digest.update(data)
                count += 1
    return digest.hexdigest() if count else ""


def _files(folder: str, name: str) -> Iterator[tuple[str, str]]:
    """Give every source and table below a folder: its name in the program, and where it lies.

    Without a Path for each of them, which would take longer than reading what is in them.
    """
    with os.scandir(folder) as entries:
        found = sorted(entries, key=attrgetter("name"))
    for one in found:
        if one.is_dir(follow_symlinks=False):
            if one.name != "__pycache__":
                yield from _files(one.path, f"{name}/{one.name}")
        elif one.name.endswith(_ENDINGS) and one.is_file():
            yield f"{name}/{one.name}", one.path


def _bytes_of(path: str) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return b"".join(iter(lambda: os.read(handle, _BLOCK_BYTES), b""))
    finally:
        os.close(handle)


def _libraries() -> list[str]:
    """Give the name and version of everything that is installed beside Python."""
    found: list[str] = []
    for place in sys.path:
        try:
            names = os.listdir(place)  # noqa: PTH208 - names only
        except OSError:  # a ZIP, or not there
            continue
        found += [name for name in names if name.endswith((".dist-info", ".egg-info"))]
    return sorted(found)


def _yaml() -> list[tuple[str, int, int]]:
    """Give the compiled parts of PyYAML, with their size and date; none where it has none."""
    spec = find_spec("yaml")
    places = spec.submodule_search_locations if spec else None
    return [
        (entry.name, entry.stat().st_size, entry.stat().st_mtime_ns)
        for place in places or ()
        for entry in sorted(Path(place).glob("_yaml*"))
    ]
