"""Writing a file of sound whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from programme.storage import opened_beside, storage_errors


@contextmanager
def beside(path: Path, *, flush: bool = True) -> Iterator[BinaryIO]:
    """Open a file that takes the given name only when it is complete on disk.

    On any failure the half-written file is removed and what had the name before stays. Parts of a
    slot are not flushed: four files a slot waited for the disk 8 ms each, and the store's readers
    notice what a power cut tore.

    Raises:
        ProductionError: the folder is missing, the disk is full or refuses; code STORAGE.
    """
    with storage_errors(path), opened_beside(path, flush=flush) as file:
        yield file
