"""One media file on its way to a server, in as many pieces as the line allows.

Its part lies beside its place, named for its digest. After a break the rest is sent; what an
earlier run had left there is read back first, because a server that lost power may have kept holes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from production.targets.base import damaged_source, unreadable_source
from production.targets.ssh_files import BLOCK_BYTES, Files
from programme.digests import digest_file
from programme.units import Digest


@dataclass(slots=True, kw_only=True)
class Upload:
    """A media file on its way, and how far it has come."""

    source: Path
    length_bytes: int
    part: str
    path: str
    found_bytes: int | None = None
    """What an earlier run had sent; None before we looked."""
    compared_bytes: int = 0
    """How much of that was read back, and is right."""
    is_named: bool = False
    """We asked for its name to be given, whatever the answer was."""

    def go_on(self, files: Files) -> bool:
        """Send what the part lacks, and give it its name; False if something has the name."""
        told, named = files.looks(self.part, self.path)
        if told is None and named is not None:
            return self.is_named  # it was named, and the answer lost
        try:
            return self._send(files, None if told is None else told.length_bytes)
        except FileNotFoundError:
            # Somebody who sends the same bytes was quicker, and named the part.
            if files.look(self.path) is None:
                raise
            return False

    def _send(self, files: Files, start_bytes: int | None) -> bool:
        if self.found_bytes is None:
            self.found_bytes = start_bytes or 0
        if start_bytes is None or start_bytes < self.length_bytes:
            files.write(
                self.part,
                _blocks_from(self.source, start_bytes or 0),
                start_bytes=start_bytes or 0,
                create=start_bytes is None,
            )
        if (start_bytes or 0) > self.length_bytes or not self._is_prefix(files):
            files.remove(self.part)
            self.found_bytes = self.compared_bytes = 0
            return self.go_on(files)
        self.is_named = True
        if files.take_name(self.part, self.path):
            return True
        files.remove(self.part)
        return False

    def _is_prefix(self, files: Files) -> bool:
        """Read back what an earlier run left: a server that lost power may have kept holes."""
        found = min(self.found_bytes or 0, self.length_bytes)
        if self.compared_bytes >= found:
            return True
        part = files.opened(self.part, start_bytes=self.compared_bytes)
        blocks = files.read(part, start_bytes=self.compared_bytes, end_bytes=found)
        with _opened(self.source) as source:
            source.seek(self.compared_bytes)
            for block in blocks:
                if source.read(len(block)) != block:
                    return False
                self.compared_bytes += len(block)
        return self.compared_bytes == found


def check_source(source: Path, digest: Digest) -> int:
    """Give the length of a file, after seeing that it is what was built."""
    try:
        found, length_bytes = digest_file(source), source.stat().st_size
    except OSError as error:
        raise unreadable_source(source, error) from error
    if found != digest:
        raise damaged_source(source)
    return length_bytes


@contextmanager
def _opened(source: Path) -> Iterator[BinaryIO]:
    try:
        file = source.open("rb")
    except OSError as error:
        raise unreadable_source(source, error) from error
    with file:
        yield file


def _blocks_from(source: Path, start_bytes: int) -> Iterator[bytes]:
    with _opened(source) as file:
        file.seek(start_bytes)
        try:
            while block := file.read(BLOCK_BYTES):
                yield block
        except OSError as error:
            raise unreadable_source(source, error) from error
