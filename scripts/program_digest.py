"""The digest of the program itself: what was found by other rules does not hold for these."""

import hashlib
import os
import sys
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import programme
import scripts

_ENDINGS = frozenset({".py", ".toml", ".json", ".txt", ".csv"})


@cache
def program_digest() -> str:
    """Give the digest of every source and table that findings follow from; empty if unknown.

    Files are read whole: a time or a version number would miss what an author changes. Of
    Python and the outside libraries their versions are enough, and of PyYAML whether it was built
    with libyaml, of which this is asked without loading it.
    """
    digest = hashlib.sha256()
    digest.update(repr([sys.version, unicodedata.unidata_version, _yaml(), _libraries()]).encode())
    files = [
        path
        for package in (programme, scripts)
        for folder in package.__path__
        for path in sorted(Path(folder).rglob("*"))
        if path.suffix in _ENDINGS and path.is_file()
    ]
    for path in files:
        data = path.read_bytes()
        digest.update(f"{path.parent.name}/{path.name}/{len(data)}/".encode())
        digest.update(data)
    return digest.hexdigest() if files else ""


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
