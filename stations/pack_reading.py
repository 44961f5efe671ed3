"""Reading a pack from a stranger: a ZIP, a folder or a stick, refused whole for one bad member.

Nothing is unpacked and nothing is written. A ZIP is read by ``stations.zip_entries``, not by a
library that goes on where two readings are possible. In a folder only plain files count: links,
devices and whatever else a file system can hold are refused, since what is checked would not be
what is played. Every length is counted while it is read.
"""

import hashlib
import os
import stat
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from programme.errors import ProductionError
from programme.storage import storage_errors
from programme.units import Digest
from stations.pack_litter import is_apple, is_litter, may_be_apple
from stations.pack_paths import MANIFEST, MAX_DEPTH, clashes, path_fault
from stations.pack_verdicts import PackFault, RefusedPackError, Verdict, truncated, unsafe
from stations.zip_entries import MAX_ENTRIES, STORED, ZipEntry, is_zip, read_entries

_BLOCK = 1 << 18
_MOST_TOLD = 20
"""Unsafe names that are listed; more would tell nothing new."""
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A pipe of this name must not make us wait for ever."""
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class PackFiles(ABC):
    """The files of a pack by path; to be read until ``open_pack`` ends."""

    def __init__(self, lengths: Mapping[str, int]) -> None:
        refuse_paths(lengths)
        litter = {path for path in lengths if self._is_litter(path, lengths[path])}
        kept = [path for path in lengths if path not in litter]
        self._above = _wrapping(kept)
        start = len(self._above)
        self.lengths: Mapping[str, int] = {path[start:]: lengths[path] for path in kept}
        """Bytes of each file, by its path inside the pack."""
        self.litter = tuple(sorted(litter))
        """What computers leave on sticks by themselves."""
        self._digests: dict[str, Digest] = {}

    @abstractmethod
    def blocks(self, path: str) -> Iterator[bytes]:
        """Give a file in blocks, by its whole path.

        Raises:
            RefusedPackError: it is damaged, or not there any more.
        """

    def _is_litter(self, path: str, length: int) -> bool:
        if is_litter(path):
            return True
        return may_be_apple(path, length) and is_apple(next(self.blocks(path), b""))

    def read(self, path: str, *, most: int) -> bytes:
        """Give all of a file of at most so many bytes.

        Raises:
            RefusedPackError: it is larger, damaged, or not there any more.
        """
        if self.lengths[path] > most:
            raise RefusedPackError([unsafe(path, f"this file has more than {most} bytes")])
        return b"".join(self.blocks(self._above + path))

    def copy(self, path: str, out: BinaryIO) -> None:
        """Write a file's bytes to another.

        Raises:
            RefusedPackError: it is damaged, or not there any more.
            OSError: the disk refuses.
        """
        out.writelines(self.blocks(self._above + path))

    def digest(self, path: str) -> Digest:
        """Give the SHA-256 of a file, read once.

        Raises:
            RefusedPackError: it is damaged, or not there any more.
        """
        if path not in self._digests:
            sha = hashlib.sha256()
            for block in self.blocks(self._above + path):
                sha.update(block)
            self._digests[path] = Digest(sha.hexdigest())
        return self._digests[path]


class _ZipFiles(PackFiles):
    def __init__(self, file: BinaryIO, entries: tuple[ZipEntry, ...]) -> None:
        self._file = file
        self._entries = {one.path: one for one in entries}
        if len(self._entries) < len(entries):
            # named twice: which of them, refuse_paths says
            refuse_paths([one.path for one in entries])
        super().__init__({one.path: one.length_bytes for one in entries})

    def blocks(self, path: str) -> Iterator[bytes]:
        entry = self._entries[path]
        left, crc = entry.length_bytes, 0
        for block in self._unpacked(entry):
            left -= len(block)
            crc = zlib.crc32(block, crc)
            if left < 0:
                raise RefusedPackError([unsafe(path, "it unpacks to more than it says: a bomb")])
            yield block
        if left or crc != entry.crc:
            raise RefusedPackError([_damaged(path, "it is damaged inside the ZIP")])

    def _unpacked(self, entry: ZipEntry) -> Iterator[bytes]:
        if entry.method == STORED:
            yield from self._stored(entry)
            return
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for packed in self._stored(entry):
                block = unpacker.decompress(packed, _BLOCK)
                while block:
                    yield block
                    block = unpacker.decompress(unpacker.unconsumed_tail, _BLOCK)
        except zlib.error as error:
            raise RefusedPackError([_damaged(entry.path, "it is damaged inside")]) from error
        if not unpacker.eof or unpacker.unused_data:
            raise RefusedPackError([_damaged(entry.path, "it has not the length that it says")])

    def _stored(self, entry: ZipEntry) -> Iterator[bytes]:
        place = entry.begins
        while place < entry.ends:
            try:
                self._file.seek(place)
                block = self._file.read(min(_BLOCK, entry.ends - place))
            except OSError as error:
                raise RefusedPackError([_vanished(entry.path)]) from error
            if not block:
                raise RefusedPackError([_vanished(entry.path)])
            place += len(block)
            yield block


class _FolderFiles(PackFiles):
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._scanned = dict(_walk(folder))
        super().__init__(self._scanned)

    def blocks(self, path: str) -> Iterator[bytes]:
        left = self._scanned[path]
        try:
            with os.fdopen(os.open(self._folder / path, _OPEN | _NO_LINK), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise RefusedPackError([unsafe(path, "it became a device while it was read")])
                while block := file.read(_BLOCK):
                    left -= len(block)
                    yield block
        except OSError as error:
            raise RefusedPackError([_vanished(path)]) from error
        if left:
            raise RefusedPackError([_damaged(path, "it was changed while it was read")])


@contextmanager
def open_pack(path: Path) -> Iterator[PackFiles]:
    """Open a ZIP, or a folder or stick, as a pack.

    Raises:
        ProductionError: there is nothing of this name, it cannot be read, or it is neither.
        RefusedPackError: something in it is unsafe, or the ZIP is cut off.
    """
    with storage_errors(path):
        is_folder = path.is_dir()
        handle = None if is_folder else os.open(path, _OPEN)
    if handle is None:
        yield _FolderFiles(path)
        return
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or not is_zip(file, about.st_size):
            raise ProductionError(
                "this is neither a ZIP nor a folder with a pack in it",
                where=str(path),
                remedy="name the pack's ZIP, or the folder or stick that it was copied to",
            )
        yield _ZipFiles(file, read_entries(file, about.st_size))


def _walk(folder: Path) -> Iterator[tuple[str, int]]:
    """Give every file's path and bytes.

    Raises:
        RefusedPackError: there is a link, a device, or too much.
        ProductionError: the disk refuses.
    """
    waiting = [(folder, "", 1)]
    count = 0
    while waiting:
        place, above, depth = waiting.pop()
        with storage_errors(place), os.scandir(place) as entries:
            # One more than may be is enough to refuse them.
            inside = sorted(islice(entries, MAX_ENTRIES + 1), key=lambda one: one.name)
        for entry in inside:
            name = f"{above}{entry.name}"
            about = _look(entry, name)
            count += 1
            if count > MAX_ENTRIES or depth > MAX_DEPTH:
                raise RefusedPackError([unsafe(name, "there are too many files, or too deep ones")])
            if stat.S_ISDIR(about.st_mode):
                waiting.append((Path(entry.path), f"{name}/", depth + 1))
            elif stat.S_ISREG(about.st_mode):
                yield name, about.st_size
            else:
                raise RefusedPackError([unsafe(name, "it is a link or a device, not a file")])


def _look(entry: os.DirEntry[str], name: str) -> os.stat_result:
    try:
        return entry.stat(follow_symlinks=False)
    except OSError as error:
        raise RefusedPackError([_vanished(name)]) from error


def refuse_paths(paths: Mapping[str, int] | list[str]) -> None:
    """Refuse paths that no pack may hold.

    Raises:
        RefusedPackError: with each of them, up to a number.
    """
    faults = [unsafe(ascii(path)[1:-1], fault) for path in paths if (fault := path_fault(path))]
    for path, other in clashes(paths):
        problem = f"a stick or Windows takes it for the same as {ascii(other)[1:-1]}"
        faults.append(unsafe(ascii(path)[1:-1], problem))
    if faults:
        raise RefusedPackError(faults[:_MOST_TOLD])


def _wrapping(paths: list[str]) -> str:
    """Give the one folder that all of a pack was put into, with its slash; empty for none.

    Who packs a folder into a ZIP with another program, or copies it on to a stick, often wraps it.
    """
    if MANIFEST in paths:
        return ""
    above = {path.partition("/")[0] + "/" for path in paths}
    return above.pop() if len(above) == 1 and f"{min(above)}{MANIFEST}" in paths else ""


def _vanished(path: str) -> PackFault:
    return truncated(path, "it vanished while it was read: is the stick still in its place?")


def _damaged(path: str, problem: str) -> PackFault:
    return PackFault(
        verdict=Verdict.ALTERED,
        where=path,
        problem=problem,
        remedy="copy or fetch it again, whole; test the stick if it happens twice",
    )
