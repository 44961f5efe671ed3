"""Says what the Altavoz of a process is made of: everything that the bytes of sound depend on.

Workers are asked this before anything of ours is run there, and get it as text: so it imports
nothing but the standard library and runs under every Python. What it gives is compared name by
name (``production.cluster.fitness``), and each name is what a person reads.
"""

import hashlib
import os
import platform
import sys
from importlib import metadata, util
from pathlib import Path

PACKAGES = ("programme", "scripts", "audio", "feeds", "stations", "production")
LIBRARIES = ("altavoz", "av", "lameenc", "numpy", "soxr", "espeakng-loader", "distributed")
FIRST = "_altavoz_began_as"
"""Where a process keeps what it said first."""


def environment() -> dict[str, str]:
    """Give this process's versions by name."""
    found = {
        "Python": ".".join(map(str, sys.version_info[:2])),
        "machine": f"{sys.platform} {platform.machine()}",
    }
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    found["code of Altavoz"] = code_digest()
    return found


def code_digest() -> str:
    """Give 16 hexadecimal digits of all of our modules and tables, as they lie on the disk.

    A version number tells nothing of a checkout.
    """
    running = hashlib.sha256()
    for name in PACKAGES:
        spec = util.find_spec(name)
        places = list(spec.submodule_search_locations or ()) if spec else []
        if not places:
            return "not installed"
        root = Path(places[0])
        for path in sorted(root.rglob("*")):
            within = path.relative_to(root)
            if path.suffix in {".py", ".toml"} and within.parts[0] != "example":
                running.update(f"{name}/{within.as_posix()}\n".encode())
                running.update(path.read_bytes())
    return running.hexdigest()[:16]


def of_worker() -> dict[str, str]:
    """Give a worker's versions, and who it is.

    A package that was installed anew while a worker runs is on its disk and not in its memory:
    such a worker is told by what it said first.
    """
    now = environment()
    first = vars(sys).setdefault(FIRST, now)
    if first != now:
        now["code of Altavoz"] = "installed anew while the worker ran"
    return now | {"host": platform.node(), "process": str(os.getpid())}
