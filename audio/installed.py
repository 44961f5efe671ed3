"""What is installed beside us, found by its folders' names: a build asks for a few versions.

``importlib.metadata`` knows every way in which something can be installed, and loads a parser of
mail for it, which takes longer than all that is asked. So what lies in the usual way is read here,
and whatever is unusual (an egg, a ZIP, two of one name) is left to it.
"""

import os
import re
import sys
from functools import cache

_USUAL = ".dist-info"
_UNUSUAL = (".egg-info", ".egg", ".egg-link")
_VERSION = re.compile(rb"^Version:[ \t]*([!-~]+)[ \t]*\r?\n", re.MULTILINE)
_HEAD = 2_000
"""Bytes of METADATA that are looked at: the version is its third line."""


class _UnusualError(Exception):
    """Something is not installed in the usual way."""


def installed_version(package: str) -> str:
    """Give the version of a distribution as ``importlib.metadata.version`` gives it.

    Raises:
        importlib.metadata.PackageNotFoundError: it is not installed.
    """
    try:
        return _version(package)
    except _UnusualError:
        from importlib import metadata

        return metadata.version(package)


def is_declared(group: str) -> bool:
    """Tell whether anything that is installed may have entry points of a group; False is sure."""
    wanted = group.encode("utf-8")
    try:
        return any(
            wanted in _read(f"{place or '.'}/{folder}/entry_points.txt")
            for place in sys.path
            for folder in _folders(place)
        )
    except _UnusualError:
        return True


def _version(package: str) -> str:
    wanted = _plain(package)
    for place in sys.path:
        found = [one for one in _folders(place) if _plain(one.partition("-")[0]) == wanted]
        if len(found) == 1:
            return _told(_read(f"{place or '.'}/{found[0]}/METADATA", _HEAD))
        if found:
            break
    raise _UnusualError


def _told(about: bytes) -> str:
    """Give the version that METADATA tells, which stands among its first lines."""
    head = re.split(rb"\r?\n\r?\n", about, maxsplit=1)[0]
    version = _VERSION.search(head)
    if version is None:
        raise _UnusualError
    return version[1].decode("ascii")


def _read(path: str, most: int = -1) -> bytes:
    """Read a file, or so many bytes of it; nothing where there is none."""
    try:
        with open(path, "rb") as file:
            return file.read(most)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise _UnusualError from error


def _folders(place: str) -> list[str]:
    """Give the folders of what is installed at a place of Python's path.

    Raises:
        _UnusualError: something is there in another way, too.
    """
    try:
        with os.scandir(place or ".") as entries:
            names = [one.name for one in entries]
    except FileNotFoundError:
        return []
    except OSError as error:  # a ZIP
        raise _UnusualError from error
    if place.endswith(_UNUSUAL) or any(name.endswith(_UNUSUAL) for name in names):
        raise _UnusualError
    return [name for name in names if name.endswith(_USUAL)]


@cache
def _plain(name: str) -> str:
    """Give a name as names are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
