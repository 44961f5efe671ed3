"""Stamps: what the disk says of a file, as one line that changes whenever its bytes do."""

from pathlib import Path


def stamp(path: Path) -> str:
    """Give size, times and inode of a file: what changes whenever its bytes do.

    It holds the change time (ctime), which no ordinary program can set back, so that a file
    replaced by one of the same size and date is seen as well.

    Raises:
        OSError: it cannot be looked at.
    """
    about = path.stat()
    return f"{about.st_size} {about.st_mtime_ns} {about.st_ctime_ns} {about.st_ino}"
