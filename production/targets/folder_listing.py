"""What stands in a folder, in the order of whole names, whoever put it there."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from production.targets.base import Listed
from production.targets.beside import is_unfinished

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def listed_below(folder: Path, above: str = "") -> Iterator[Listed]:
    """Give the files of a folder and of those in it; links, and folders that may not be read, too.

    What vanishes meanwhile is left out, and what is still being written.

    Args:
        folder: to look in.
        above: what the names begin with; empty for the first folder, or ends in a slash.

    Raises:
        OSError: the first folder may not be read, or the disk fails.
    """
    try:
        with os.scandir(folder) as entries:
            # By their bytes, and a folder by its name with a slash: the order of an S3 list.
            found = sorted(entries, key=_place_of)
    except (FileNotFoundError, NotADirectoryError):
        if above:
            return
        raise
    except PermissionError:
        if not above:
            raise
        yield _listed(above.rstrip("/"), folder.lstat())  # such as lost+found
        return
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from listed_below(Path(entry.path), f"{above}{_text(entry.name)}/")
        elif not is_unfinished(entry.name) and (told := _told(entry)) is not None:
            yield _listed(above + _text(entry.name), told)


def _told(entry: "os.DirEntry[str]") -> os.stat_result | None:
    try:
        return entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None


def _place_of(entry: "os.DirEntry[str]") -> bytes:
    return os.fsencode(entry.name) + b"/" * entry.is_dir(follow_symlinks=False)


def _text(name: str) -> str:
    """Give a name that can be printed and kept; what is no UTF-8 is shown by its bytes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _listed(name: str, told: os.stat_result) -> Listed:
    # The times of a file's content and of its entry: a copy that keeps the first moves the second.
    tag = f"{told.st_size} {told.st_mtime_ns} {told.st_ctime_ns} {told.st_ino}"
    return Listed(
        name=name, length_bytes=told.st_size, tag=tag, changed_at=moment_of(told.st_mtime_ns)
    )


def moment_of(nanoseconds: int) -> datetime:
    """Give a file's time; 1970 for one that no calendar holds, as broken disks have them."""
    try:
        return EPOCH + timedelta(microseconds=nanoseconds // 1000)
    except OverflowError:
        return EPOCH
