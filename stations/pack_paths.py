"""Which paths a pack may hold: safe on every system, and the same thing on each.

A name that leads out of its folder, that Windows or FAT refuses or reads as another, or that two
files share once a disk ignores case, is refused, whatever it stands for.
"""

import unicodedata
from collections.abc import Iterable, Iterator

MANIFEST, SIGNATURE, CHECKSUMS = "pack.json", "pack.json.minisig", "SHA256SUMS"
"""What proves a pack, at its root; see ``stations.pack_members``."""

MAX_DEPTH = 8
MAX_PATH = 240
"""Characters; Windows takes 260 with the folder that it lies in."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode's classes of controls, signs that turn the direction, halves of letters."""
_FORBIDDEN = frozenset('"*:<>?\\|')
"""What FAT and Windows refuse; the colon also names drives and hidden streams."""
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{name}{digit}" for name in ("com", "lpt") for digit in "0123456789¹²³"}
)
"""https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file"""


def path_fault(path: str) -> str:
    """Say what is wrong with a path inside a pack, with forward slashes; empty where nothing is."""
    if path.startswith(("/", "\\")) or path[1:2] == ":":
        return "its path begins at the top of a disk"
    parts = path.split("/")
    if len(path) > MAX_PATH or len(parts) > MAX_DEPTH:
        return "its path is too long or too deep"
    return next((fault for part in parts if (fault := _part_fault(part))), "")


def _part_fault(part: str) -> str:
    faults = {
        "its path leads out of the pack": part == "..",
        "its path has an empty part": part in {"", "."},
        "its name has a sign that a FAT stick or Windows refuses": not _FORBIDDEN.isdisjoint(part),
        "its name has a sign that cannot be seen": any(
            unicodedata.category(char) in _UNSEEN for char in part
        ),
        "its name begins or ends as no name may": part.endswith((".", " "))
        or part.startswith((" ", "-")),
        "its name is that of a device on Windows": part.partition(".")[0].rstrip(" ").casefold()
        in _DEVICES,
        # a half of a letter has no bytes of its own
        "its name is too long": len(part.encode("utf-16-le", "surrogatepass")) > 2 * 255,
    }
    return next((words for words, is_so in faults.items() if is_so), "")


def folded(path: str) -> str:
    """Give a path as a disk compares it that ignores case and how letters are composed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def clashes(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give each path that another comes before on some disk, with the other.

    Twice the same, differing only in case or in how letters are composed (folders, too), or a
    file where another has a folder.
    """
    spelled: dict[str, str] = {}
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in paths:
        whole = folded(path)
        if whole in files or whole in folders:
            yield path, files.get(whole) or folders[whole]
            continue
        files[whole] = path
        parts = path.split("/")
        for depth in range(1, len(parts)):
            parent = "/".join(parts[:depth])
            key = folded(parent)
            if key in files or spelled.setdefault(key, parent) != parent:
                yield path, files.get(key) or folders[key]
                break
            folders.setdefault(key, path)
