"""Files at the other end of an SSH connection: SFTP version 3, and OpenSSH's extensions.

Blocks are sent and asked for ahead, 32 at a time: one at a time would be 100 kB/s on a line whose
answers take 300 ms.

https://datatracker.ietf.org/doc/html/draft-ietf-secsh-filexfer-02; OpenSSH's PROTOCOL, section 4.
"""

# paramiko's public face asks and waits, one by one; only within itself it asks ahead.
# ruff: noqa: SLF001

import errno
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import paramiko
from paramiko.sftp import (
    CMD_CLOSE,
    CMD_EXTENDED,
    CMD_FSTAT,
    CMD_LSTAT,
    CMD_OPEN,
    CMD_OPENDIR,
    CMD_READ,
    CMD_READDIR,
    CMD_WRITE,
    SFTP_FLAG_CREATE,
    SFTP_FLAG_EXCL,
    SFTP_FLAG_READ,
    SFTP_FLAG_TRUNC,
    SFTP_FLAG_WRITE,
    int64,
)
from paramiko.sftp_attr import SFTPAttributes

from production.targets.line import Line

BLOCK_BYTES = 1 << 15
"""The most that every server takes at once (section 3 of the SFTP draft)."""

AHEAD = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a server tells of a file."""

    length_bytes: int
    seconds: int
    """When its bytes changed, since 1970, by the server's clock."""
    mode: int

    @property
    def is_file(self) -> bool:
        """Neither a folder nor a link."""
        return stat.S_ISREG(self.mode)

    @property
    def is_folder(self) -> bool:
        """A folder itself, not a link to one."""
        return stat.S_ISDIR(self.mode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file that was opened for reading, with its first block asked for."""

    handle: bytes
    told: Told
    """Of the very file that was opened."""
    start_bytes: int
    number: int
    """Of the request for the block that begins there."""


class Files:
    """Files at the other end of one channel; used by one thread at a time.

    Every method raises OSError where the server refuses; ENOENT and EACCES as such, others with
    the server's words and no number.
    """

    def __init__(self, client: paramiko.SFTPClient, line: Line, went: Callable[[], None]) -> None:
        """Take an open channel; ``went`` is called for each block that got through."""
        self.client = client
        self._sftp: Any = client
        self._line = line
        self._went = went

    def look(self, path: str) -> Told | None:
        """Look at a file without following a link; None if there is none."""
        return self.looks(path)[0]

    def looks(self, *paths: str) -> list[Told | None]:
        """Look at several files in the time of one."""
        asked = [self._sftp._async_request(type(None), CMD_LSTAT, path) for path in paths]
        found: list[Told | None] = []
        refused: OSError | None = None
        for number in asked:
            try:
                found.append(_told_in(self._sftp._read_response(number)[1]))
            except FileNotFoundError:
                found.append(None)
            except PermissionError as error:
                refused = error
        if refused is not None:
            raise refused
        return found

    def is_folder(self, path: str) -> bool:
        """Tell whether a folder is there, or a link to one."""
        try:
            return _told(self.client.stat(path)).is_folder
        except FileNotFoundError:
            return False

    def entries(self, folder: str) -> list[tuple[str, Told]]:
        """Give what is in a folder; a name that is no UTF-8 is shown by its bytes."""
        _, message = self._sftp._request(CMD_OPENDIR, folder)
        handle = message.get_binary()
        asked: deque[int] = deque()
        found = []
        is_over = False
        while asked or not is_over:
            while len(asked) < AHEAD and not is_over:
                asked.append(self._sftp._async_request(type(None), CMD_READDIR, handle))
            try:
                _, message = self._sftp._read_response(asked.popleft())
            except EOFError:
                is_over = True
                continue
            for _ in range(message.get_int()):
                name = message.get_binary().decode("utf-8", "backslashreplace")
                message.get_binary()
                found.append((name, _told_in(message)))
        self._close(handle)
        return [(name, told) for name, told in found if name not in {".", ".."}]

    def make_folder(self, path: str) -> None:
        """Make a folder, unless it is there."""
        try:
            self.client.mkdir(path)
        except OSError:
            told = self.look(path)
            if told is None or not told.is_folder:
                raise

    def remove(self, path: str) -> bool:
        """Delete a file; False if there was none."""
        try:
            self.client.remove(path)
        except FileNotFoundError:
            return False
        return True

    def take_name(self, path: str, name: str) -> bool:
        """Rename a file to a name that nothing has; False if something has it."""
        try:
            self.client.rename(path, name)
        except FileNotFoundError:
            raise
        except OSError:
            if self.look(name) is None:
                raise
            return False
        return True

    def replace(self, path: str, name: str) -> None:
        """Rename a file over another at one stroke."""
        self.client.posix_rename(path, name)

    def set_time(self, path: str, seconds: int) -> None:
        """Give a file a time."""
        self.client.utime(path, (seconds, seconds))

    def create(self, path: str, data: bytes) -> bool:
        """Write a small file under a name that nothing has; False if something has it."""
        flags = SFTP_FLAG_WRITE | SFTP_FLAG_CREATE | SFTP_FLAG_EXCL
        try:
            handle = self._open(path, flags)
        except FileNotFoundError:
            raise
        except OSError:
            if self.look(path) is not None:
                return False
            handle = self._open(path, flags)  # its owner took it away between the two requests
        self._sftp._request(CMD_WRITE, handle, int64(0), data)
        self._close(handle)
        return True

    def write(
        self,
        path: str,
        blocks: Iterable[bytes],
        *,
        start_bytes: int,
        create: bool,
        empty: bool = False,
    ) -> None:
        """Write on from a place in a file, and have the server's disk keep it.

        Args:
            path: of the file.
            blocks: what follows, none longer than ``BLOCK_BYTES``.
            start_bytes: where the first goes.
            create: make the file, if it is not there.
            empty: empty it first, if it is there.
        """
        flags = SFTP_FLAG_WRITE | SFTP_FLAG_CREATE * create | SFTP_FLAG_TRUNC * empty
        handle = self._open(path, flags)
        asked: deque[int] = deque()
        place = start_bytes
        for block in blocks:
            if len(asked) >= AHEAD:
                self._answer(asked.popleft())
            number = self._sftp._async_request(type(None), CMD_WRITE, handle, int64(place), block)
            asked.append(number)
            place += len(block)
            self._line.passed(sent=len(block))
        kept = self._sftp._async_request(type(None), CMD_EXTENDED, "fsync@openssh.com", handle)
        looked = self._sftp._async_request(type(None), CMD_FSTAT, handle)
        while asked:
            self._answer(asked.popleft())
        try:
            self._sftp._read_response(kept)
        except OSError as error:
            if not is_unsupported(error):
                raise
        _, message = self._sftp._read_response(looked)
        self._close(handle)
        length_bytes = _told_in(message).length_bytes
        if length_bytes < place:
            raise OSError(f"it kept {length_bytes} of {place} bytes")

    def opened(self, path: str, *, start_bytes: int = 0) -> Opened:
        """Open a file for reading, look at it and ask for a block, in the time of two requests."""
        handle = self._open(path, SFTP_FLAG_READ)
        looked = self._sftp._async_request(type(None), CMD_FSTAT, handle)
        number = self._ask(handle, start_bytes, BLOCK_BYTES)
        _, message = self._sftp._read_response(looked)
        return Opened(handle=handle, told=_told_in(message), start_bytes=start_bytes, number=number)

    def read(self, file: Opened, *, start_bytes: int, end_bytes: int) -> Iterator[bytes]:
        """Give an open file's bytes from one place to another, or to its end; then close it."""
        size, place, ahead = BLOCK_BYTES, start_bytes, start_bytes
        asked: deque[tuple[int, int]] = deque()
        if file.start_bytes == start_bytes < end_bytes:
            wanted = min(size, end_bytes - start_bytes)
            asked.append((file.number, wanted))
            ahead += wanted
        else:
            self._block(file.number)
        while place < end_bytes:
            while len(asked) < AHEAD and ahead < end_bytes:
                wanted = min(size, end_bytes - ahead)
                asked.append((self._ask(file.handle, ahead, wanted), wanted))
                ahead += wanted
            number, wanted = asked.popleft()
            block = self._block(number)[:wanted]
            if not block:
                break
            place += len(block)
            if len(block) < wanted:  # a server that gives less at once: ask for no more than that
                self._forget(asked)
                ahead, size = place, min(size, len(block))
            self._line.passed(received=len(block))
            yield block
        self._forget(asked)
        self._close(file.handle)

    def small(self, path: str) -> bytes | None:
        """Give the bytes of a file that is no longer than a block; None if there is none."""
        try:
            file = self.opened(path)
        except FileNotFoundError:
            return None
        return b"".join(self.read(file, start_bytes=0, end_bytes=file.told.length_bytes))

    def _ask(self, handle: bytes, start_bytes: int, length_bytes: int) -> int:
        number: int = self._sftp._async_request(
            type(None), CMD_READ, handle, int64(start_bytes), length_bytes
        )
        return number

    def _forget(self, asked: deque[tuple[int, int]]) -> None:
        """Take the answers that nobody waits for any more."""
        for number, _ in asked:
            self._block(number)
        asked.clear()

    def _open(self, path: str, flags: int) -> bytes:
        _, message = self._sftp._request(CMD_OPEN, path, flags, SFTPAttributes())
        handle: bytes = message.get_binary()
        return handle

    def _close(self, handle: bytes) -> None:
        """Close a file; nobody waits for the answer."""
        self._sftp._async_request(type(None), CMD_CLOSE, handle)

    def _answer(self, number: int) -> Any:  # noqa: ANN401  # paramiko's Message
        _, message = self._sftp._read_response(number)
        self._went()
        return message

    def _block(self, number: int) -> bytes:
        """Give the bytes that were asked for; none at the end of the file."""
        try:
            data: bytes = self._answer(number).get_binary()
        except EOFError:
            return b""
        return data

    def is_closed(self) -> bool:
        """Tell whether the channel is at its end."""
        channel = self.client.get_channel()
        return channel is None or channel.closed


def is_unsupported(error: OSError) -> bool:
    """Tell whether a server does not know an extension, or lets nobody use it."""
    return error.errno == errno.EACCES or (error.errno is None and "support" in str(error).lower())


def _told_in(message: Any) -> Told:  # noqa: ANN401  # paramiko's Message
    attributes: Any = SFTPAttributes
    return _told(attributes._from_msg(message))


def _told(found: SFTPAttributes) -> Told:
    return Told(
        length_bytes=found.st_size or 0, seconds=found.st_mtime or 0, mode=found.st_mode or 0
    )
