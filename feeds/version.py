"""What writes the documents of feeds, as one digest: whatever changes them changes it."""

import platform
from functools import cache

from programme.digests import digest_text
from programme.tables import package_file
from programme.units import Digest

_LIBRARIES = ("feedgen", "lxml")
_ENDINGS = (".py", ".toml")


@cache
def feeds_version() -> Digest:
    """Give a digest of the programs and tables of ``feeds`` and ``programme``, and of libraries."""
    told = [platform.python_version(), *map(_library, _LIBRARIES)]
    for package in ("feeds", "programme"):
        folder = package_file(package)
        for file in sorted(one for one in folder.iterdir() if one.name.endswith(_ENDINGS)):
            told += [f"{package}/{file.name}", file.read_text(encoding="utf-8")]
    return digest_text("\0".join(told))


def _library(name: str) -> str:
    from importlib.metadata import version  # with all that it loads, only where it is asked for

    return version(name)
