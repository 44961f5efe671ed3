"""Where the files of feeds are found when feeds are checked: a folder, a target, a local server.

Nothing outside of this computer is ever asked but the target that the operator names.
"""

import http.client
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from production.targets.base import Target
from programme.errors import ExitCode, ProductionError
from programme.units import Key

WHOLE_BYTES = 64_000_000
"""The most of a file that is fetched whole, where a server knows no ranges."""
_PATIENCE_S = 20
_BLOCK_BYTES = 1 << 16
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(slots=True, kw_only=True)
class LocalFile:
    """A file on a disk."""

    path: Path
    size_bytes: int
    media_type: str = ""
    has_ranges: bool = True

    def read(self, start: int, length: int) -> bytes:
        """Give the bytes from a place on; see FoundFile."""
        with self.path.open("rb") as file:
            file.seek(start)
            return file.read(length)


@dataclass(slots=True, kw_only=True)
class HeldFile:
    """A file that was fetched whole."""

    data: bytes
    media_type: str = ""
    has_ranges: bool = True

    @property
    def size_bytes(self) -> int:
        """Its length."""
        return len(self.data)

    def read(self, start: int, length: int) -> bytes:
        """Give the bytes from a place on; see FoundFile."""
        return self.data[start : start + length]


class FolderShelf:
    """A folder that is published at an address."""

    def __init__(self, folder: Path, base_url: str) -> None:
        """Take the folder and its address, which ends in a slash; empty where nobody knows."""
        self._folder = folder.resolve()
        self._base = base_url

    def holds(self, address: str) -> bool:
        """Tell whether the address is in the folder; see Shelf."""
        return bool(self._base) and address.startswith(self._base)

    def find(self, address: str) -> LocalFile | None:
        """Give the file; None also for what leads out of the folder; see Shelf."""
        path = self._path(address)
        if path is None or not path.is_file():
            return None
        return LocalFile(path=path, size_bytes=path.stat().st_size)

    def name(self, address: str) -> str:
        """Give the file's path; see Shelf."""
        return shown_path(self._path(address) or self._folder)

    def _path(self, address: str) -> Path | None:
        rest = unquote(urlsplit(address.removeprefix(self._base)).path)
        try:
            path = (self._folder / rest).resolve()
        except (OSError, ValueError):
            return None
        return path if path.is_relative_to(self._folder) else None


class TargetShelf:
    """A target that is no folder: what stands there is fetched whole."""

    def __init__(self, target: Target, base_url: str) -> None:
        """Take the target and its public address, which ends in a slash."""
        self._target = target
        self._base = base_url

    def holds(self, address: str) -> bool:
        """Tell whether the address is of the target; see Shelf."""
        return address.startswith(self._base)

    def find(self, address: str) -> HeldFile | None:
        """Give the object; see Shelf."""
        try:
            data = self._target.read(Key(unquote(address.removeprefix(self._base))))
        except ValueError:
            return None  # no key that a target can have
        return None if data is None else HeldFile(data=data)

    def name(self, address: str) -> str:
        """Give the address; see Shelf."""
        return address


@dataclass(slots=True, kw_only=True)
class ServedFile:
    """A file behind a local server, fetched in ranges where the server knows them."""

    shelf: "ServerShelf"
    path: str
    size_bytes: int
    media_type: str
    has_ranges: bool
    _whole: bytes | None = field(default=None)

    def read(self, start: int, length: int) -> bytes:
        """Give the bytes from a place on; see FoundFile."""
        if start >= self.size_bytes:
            return b""
        if self.has_ranges:
            last = min(start + length, self.size_bytes) - 1
            status, _, data = self.shelf.ask(
                "GET", self.path, most=length, fields={"Range": f"bytes={start}-{last}"}
            )
            return data if status == http.client.PARTIAL_CONTENT else b""
        if self._whole is None:
            self._whole = self.shelf.ask("GET", self.path, most=WHOLE_BYTES)[2]
        return self._whole[start : start + length]


def _read(answer: http.client.HTTPResponse, most: int) -> bytes:
    """Give at most so many bytes; a server that gives one now and then is not waited for."""
    data, end = bytearray(), time.monotonic() + _PATIENCE_S
    while len(data) < most and (block := answer.read1(min(_BLOCK_BYTES, most - len(data)))):
        data += block
        if time.monotonic() > end:
            raise TimeoutError(f"no whole answer came in {_PATIENCE_S} seconds")
    return bytes(data)


class ServerShelf:
    """A server on this computer, such as ``altavoz serve``."""

    def __init__(self, origin: str) -> None:
        """Take the server's address without a path.

        Raises:
            ProductionError: it is not on this computer.
        """
        parts = urlsplit(origin)
        if parts.scheme != "http" or parts.hostname not in _LOOPBACK:
            raise ProductionError(
                "only a server on this computer is asked",
                where=origin,
                remedy="save the feed and check the file, or serve it with: altavoz serve",
                code=ExitCode.USAGE,
            )
        self.origin = f"http://{parts.netloc}/"
        self.public = self.origin
        """Address under which the feeds know themselves; the server's own, if it rewrites them."""
        self._host, self._port = parts.hostname or "", parts.port or 80

    def holds(self, address: str) -> bool:
        """Tell whether the address is behind the server; see Shelf."""
        return address.startswith((self.origin, self.public))

    def find(self, address: str) -> ServedFile | None:
        """Ask for a file's head, and whether ranges work; see Shelf."""
        path = self._path(address)
        status, fields, _ = self.ask("HEAD", path, most=0)
        if status != http.client.OK:
            return None
        length = fields.get("Content-Length", "")
        status, _, _ = self.ask("GET", path, most=2, fields={"Range": "bytes=0-1"})
        return ServedFile(
            shelf=self,
            path=path,
            size_bytes=int(length) if length.isdigit() else 0,
            media_type=fields.get("Content-Type", ""),
            has_ranges=status == http.client.PARTIAL_CONTENT,
        )

    def name(self, address: str) -> str:
        """Give the address behind the server; see Shelf."""
        return self.origin + self._path(address).lstrip("/")

    def fetch(self, address: str, most: int) -> bytes | None:
        """Give a document; None where there is none."""
        status, _, data = self.ask("GET", self._path(address), most=most)
        return data if status == http.client.OK else None

    def _path(self, address: str) -> str:
        base = self.origin if address.startswith(self.origin) else self.public
        rest = urlsplit(f"/{address.removeprefix(base)}")
        return quote(rest.path, safe="/%") + (
            f"?{quote(rest.query, safe='=&%')}" if rest.query else ""
        )

    def ask(
        self, method: str, path: str, *, most: int, fields: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Give status, fields and at most so many bytes of an answer.

        Raises:
            ProductionError: nobody answers.
        """
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_PATIENCE_S)
        try:
            connection.request(method, path, headers=fields or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, _read(answer, most)
        except (OSError, http.client.HTTPException) as error:
            raise ProductionError(
                f"the server does not answer: {error}",
                where=f"{self.origin}{path.lstrip('/')}",
                remedy="start it, for example with: altavoz serve",
                code=ExitCode.TARGET,
            ) from error
        finally:
            connection.close()


def shown_path(path: Path) -> str:
    """Give a path as a person beside it would write it."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
