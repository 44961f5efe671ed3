"""A published folder as a preview reads it: safe paths, the right types, what tells states apart.

Only names that publishing itself could have given are looked for (production.targets.base), each
part is opened below the one before it, and no link is followed: no path leads out of the folder,
and nothing hidden or half-written is shown.
"""

import errno
import hashlib
import os
import stat
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote_to_bytes

from production.preview.addresses import Addresses
from production.preview.requests import Validators
from production.preview.types import names_addresses
from production.targets.base import BLOCK_BYTES, check_key
from production.targets.serving import media_type_of
from programme.units import Key

INDEX = "index.html"

MAX_DOCUMENT_BYTES = 16_000_000
"""Of a feed or page, which is held in memory to lead its addresses here; validators stop at five
million."""

_KEPT = 4096
"""How many files' digests are remembered."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# a pipe without a writer would be waited for
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK

_ABSENT = {
    errno.ENOENT,
    errno.ENOTDIR,
    errno.ELOOP,
    errno.EMLINK,  # what BSD says of a link
    errno.EISDIR,
    errno.ENXIO,  # a socket
    errno.ENAMETOOLONG,
    errno.EACCES,
    errno.EPERM,
}


class TooLargeError(Exception):
    """A document is larger than a feed or page can be."""


@dataclass(slots=True, kw_only=True)
class Opened:
    """One file, open, in the state that its validators tell; close it."""

    key: Key
    media_type: str
    validators: Validators
    body: BinaryIO | bytes
    """The file itself, or a document whose addresses were led here."""

    def read(self, start: int, length: int) -> bytes:
        """Give a stretch of the body; less where the file has become shorter."""
        if isinstance(self.body, bytes):
            return self.body[start : start + length]
        return os.pread(self.body.fileno(), length, start)

    def close(self) -> None:
        """Let the file go."""
        if not isinstance(self.body, bytes):
            self.body.close()


class PreviewFolder:
    """Finds what a path names in a published folder; any thread may ask."""

    def __init__(self, root: Path, addresses: Addresses) -> None:
        self.root = root
        self._addresses = addresses
        self._digests = _Digests()

    def find(self, path: str, *, now: datetime) -> Opened | None:
        """Open what a request's path names; None where nothing of that name is published.

        Args:
            path: as sent, percent-encoded, without its query; a folder means its index.html.
            now: aware; no file is younger (RFC 9110, 8.8.2.1).

        Raises:
            TooLargeError: a document of more than MAX_DOCUMENT_BYTES.
            OSError: the disk fails.
        """
        key = key_of(path)
        file = None if key is None else _open_inside(self.root, key)
        if key is None or file is None:
            return None
        try:
            return self._opened(key, file, now)
        except BaseException:
            file.close()
            raise

    def has_page(self, path: str) -> bool:
        """Tell whether a path without its final slash names a folder with a page."""
        key = key_of(path + "/")
        file = None if key is None else _open_inside(self.root, key)
        if file is None:
            return False
        file.close()
        return True

    def _opened(self, key: Key, file: BinaryIO, now: datetime) -> Opened:
        about = os.fstat(file.fileno())
        modified = min(datetime.fromtimestamp(int(about.st_mtime), UTC), now.replace(microsecond=0))
        body: BinaryIO | bytes = file
        if names_addresses(key):
            body = self._document(file, about.st_size)
            file.close()
            digest, length = hashlib.sha256(body).hexdigest(), len(body)
        else:
            digest, length = self._digests.of(file, about), about.st_size
        return Opened(
            key=key,
            media_type=media_type_of(key),
            validators=Validators(etag=f'"{digest}"', modified=modified, length=length),
            body=body,
        )

    def _document(self, file: BinaryIO, length: int) -> bytes:
        if length > MAX_DOCUMENT_BYTES:
            raise TooLargeError
        return self._addresses.rewrite(file.read(length))


def key_of(path: str) -> Key | None:
    """Give the key that a request's path names; None for a path that no object can have.

    Decoded once: what is encoded twice names nothing, nor do ``..``, a backslash, NUL, a hidden
    name or an empty part.
    """
    if not path.startswith("/"):
        return None
    try:
        name = unquote_to_bytes(path).decode("ascii")[1:]
        if not name or name.endswith("/"):
            name += INDEX
        check_key(name)
    except ValueError:  # also what is no ASCII
        return None
    return Key(name)


def _open_inside(root: Path, key: str) -> BinaryIO | None:
    """Open a plain file below a folder, crossing no link; None where there is none."""
    *folders, name = key.split("/")
    try:
        # the folder itself may be reached by a link: the operator named it
        place = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for folder in folders:
                inner = os.open(folder, _FOLDER, dir_fd=place)
                os.close(place)
                place = inner
            handle = os.open(name, _FILE, dir_fd=place)
        finally:
            os.close(place)
    except OSError as error:
        if error.errno in _ABSENT:
            return None
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    return os.fdopen(handle, "rb", buffering=0)


_State = tuple[int, int, int, int, int]


class _Digests:
    """Digests of files in the states that they were met in: a large file is read once for it."""

    def __init__(self) -> None:
        self._known: OrderedDict[_State, str] = OrderedDict()
        self._busy: dict[_State, threading.Lock] = {}
        self._lock = threading.Lock()

    def of(self, file: BinaryIO, about: os.stat_result) -> str:
        """Give the digest of an open file; reads it where its state is new."""
        state = (
            about.st_dev,
            about.st_ino,
            about.st_size,
            about.st_mtime_ns,
            about.st_ctime_ns,
        )
        with self._lock:
            busy = self._busy.setdefault(state, threading.Lock())
        # twenty who ask at once for one large file wait for one reading
        with busy:
            with self._lock:
                known = self._known.get(state)
            if known is None:
                known = _digest(file)
            with self._lock:
                self._known[state] = known
                self._known.move_to_end(state)
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
                self._busy.pop(state, None)
        return known


def _digest(file: BinaryIO) -> str:
    running = hashlib.sha256()
    while block := file.read(BLOCK_BYTES):
        running.update(block)
    return running.hexdigest()
