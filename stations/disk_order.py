"""In what order a disk lists a pack's folders and files: cheap players play them in that order.

A FAT disk lists a folder as its entries were written, not by name.
"""

import os
from collections.abc import Iterable
from pathlib import Path


def order_faults(root: Path, paths: Iterable[str]) -> list[str]:
    """Give the folders that list some files, or the folders of these, in another order than meant.

    Args:
        root: of the pack on the disk.
        paths: of files within folders, in the order that is meant, with forward slashes. What
            else lies there counts for nothing; a file that is missing is a fault of its folder.

    Returns:
        ``""`` first where ``root`` itself lists the folders wrongly, then folders as they are
        meant to follow.

    Raises:
        OSError: a folder is missing, or the disk refuses.
    """
    meant: dict[str, dict[str, None]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        meant.setdefault(folder, {})[name] = None
    tops = dict.fromkeys(folder.partition("/")[0] for folder in meant)
    found = [folder for folder, names in meant.items() if not _lists(root / folder, names)]
    return found if _lists(root, tops) else ["", *found]


def _lists(folder: Path, names: dict[str, None]) -> bool:
    """Tell whether a folder gives some names in their order."""
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries if entry.name in names] == list(names)
