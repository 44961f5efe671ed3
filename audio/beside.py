"""Writing a file whole or not at all: beside, flush, fsync, rename."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from programme.storage import storage_error


@contextmanager
def beside(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the given name only when it is complete on disk.

    On any failure the half-written file is removed and what had the name before stays.

    Raises:
        ProductionError: the folder is missing, the disk is full or refuses; code STORAGE.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise storage_error(error, path) from error
    finally:
        part.unlink(missing_ok=True)
