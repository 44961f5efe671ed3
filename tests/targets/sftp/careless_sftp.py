"""An SFTP server that is not OpenSSH's: no extensions, short answers, little room."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import paramiko
from paramiko.common import (
    AUTH_SUCCESSFUL,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_SUCCEEDED,
)
from paramiko.sftp import SFTP_FAILURE, SFTP_OK


@dataclass(slots=True, kw_only=True)
class Careless:
    """What a server does wrong; may be changed at any moment."""

    most_read_bytes: int = 1 << 15
    """It gives no more at once, whatever it is asked for."""
    room_bytes: int = 1 << 40
    """What lies behind this place in a file is not written."""
    is_silent: bool = False
    """It says that it was."""
    port: int = 0
    transports: list[paramiko.Transport] = field(default_factory=list)


class _Login(paramiko.ServerInterface):
    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        del username, key
        return AUTH_SUCCESSFUL

    def get_allowed_auths(self, username: str) -> str:
        del username
        return "publickey"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        del chanid
        return OPEN_SUCCEEDED if kind == "session" else OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


class _File(paramiko.SFTPHandle):
    def __init__(self, handle: int, careless: Careless) -> None:
        super().__init__()
        self._handle = handle
        self._careless = careless

    def close(self) -> None:
        os.close(self._handle)

    def read(self, offset: int, length: int) -> bytes | int:
        return os.pread(self._handle, min(length, self._careless.most_read_bytes), offset)

    def write(self, offset: int, data: bytes) -> int:  # type: ignore[override]
        if offset + len(data) <= self._careless.room_bytes:
            os.pwrite(self._handle, data, offset)
        elif not self._careless.is_silent:
            return SFTP_FAILURE
        return SFTP_OK

    def stat(self) -> paramiko.SFTPAttributes:
        return paramiko.SFTPAttributes.from_stat(os.fstat(self._handle))


class _Files(paramiko.SFTPServerInterface):
    """The rest of SFTP version 3, without extensions: paramiko's own answer is "unsupported"."""

    def __init__(self, server: paramiko.ServerInterface, careless: Careless) -> None:
        super().__init__(server)
        self._careless = careless

    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> _File | int:
        del attr
        try:
            return _File(os.open(path, flags, 0o666), self._careless)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        with os.scandir(path) as entries:
            return [paramiko.SFTPAttributes.from_stat(e.stat(), e.name) for e in entries]

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        try:
            return paramiko.SFTPAttributes.from_stat(Path(path).lstat())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    lstat = stat

    def remove(self, path: str) -> int:
        return _said(lambda: Path(path).unlink())

    def rename(self, oldpath: str, newpath: str) -> int:
        if Path(newpath).exists():
            return SFTP_FAILURE
        return _said(lambda: os.rename(oldpath, newpath))  # noqa: PTH104

    def mkdir(self, path: str, attr: paramiko.SFTPAttributes) -> int:
        del attr
        return _said(lambda: Path(path).mkdir())

    def chattr(self, path: str, attr: paramiko.SFTPAttributes) -> int:
        paramiko.SFTPServer.set_file_attr(path, attr)
        return SFTP_OK


def _said(action: Callable[[], object]) -> int:
    try:
        action()
    except OSError as error:
        return paramiko.SFTPServer.convert_errno(error.errno or 0)
    return SFTP_OK


@contextmanager
def careless_sftp(host_key: Path) -> Iterator[Careless]:
    """Run a server that knows this key and lets everybody in."""
    key = paramiko.PKey.from_path(host_key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        careless = Careless(port=listening.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    transport = paramiko.Transport(client)
                    transport.add_server_key(key)
                    transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files, careless)
                    transport.start_server(server=_Login())
                    careless.transports.append(transport)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield careless
        listening.shutdown(socket.SHUT_RDWR)
    for transport in careless.transports:
        transport.close()
    thread.join()
