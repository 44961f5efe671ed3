"""Connections over SSH: made when they are needed, and again when they break.

One connection is shared by all threads, with a channel for each. It is made again with growing
pauses for as long as something gets through in between. The server must be known to the user;
who logs in is shown by a key of the user's own.
"""

import contextlib
import errno
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import paramiko
from paramiko.pkey import UnknownKeyType
from paramiko.sftp import SFTPError
from paramiko.ssh_exception import IncompatiblePeer

from production.targets.line import Line
from production.targets.ssh_files import Files
from production.targets.ssh_known import known_keys
from production.targets.ssh_place import PORT, SshPlace
from programme.errors import ExitCode, ProductionError

CONNECT_SECONDS = 15.0
STALL_SECONDS = 30.0
"""Nothing comes back for so long: the connection is dead."""

PAUSES_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0)
"""Before connecting again; a block that gets through begins anew."""

FIRST_PAUSES = 2
"""A first connection that fails is told soon: it may be the address."""

_DROPS = (paramiko.SSHException, SFTPError, EOFError, ConnectionError, TimeoutError)
_KNOWN_FILES = "~/.ssh/known_hosts ~/.ssh/known_hosts2"
_SYSTEM_FILE = "/etc/ssh/ssh_known_hosts"
_KEY_FILES = ("id_ed25519", "id_ecdsa", "id_rsa")

_T = TypeVar("_T")

# Without a handler Python prints what paramiko logs, tracebacks and all.
logging.getLogger("paramiko").addHandler(logging.NullHandler())


class _DroppedError(Exception):
    """The connection broke, or could not be made."""


@dataclass(slots=True, kw_only=True)
class _Link:
    """One connection, with the channels that nobody uses at the moment."""

    transport: paramiko.Transport
    idle: list[Files] = field(default_factory=list)
    used: int = 0
    most: int = 1 << 30
    """Channels that the server lets us have."""


class Ssh:
    """A server that is connected to when it is needed, from any thread."""

    def __init__(self, place: SshPlace, line: Line) -> None:
        """Take a place; connect to nothing yet."""
        self._place = place
        self._line = line
        self._link: _Link | None = None
        self._free = threading.Condition()
        self._went = 0
        self._was_there = False

    def run(self, action: Callable[[Files], _T]) -> _T:
        """Do something at the server; again from its beginning when the connection breaks.

        Args:
            action: looks itself how far an earlier try of it came.

        Raises:
            ProductionError: code TARGET; the server cannot be reached, is not known or refuses.
        """
        tries = 0
        while True:
            went = self._went
            try:
                return self._once(action)
            except _DroppedError as dropped:
                tries = 1 if self._went != went else tries + 1
                pauses = PAUSES_SECONDS if self._was_there else PAUSES_SECONDS[:FIRST_PAUSES]
                if tries > len(pauses):
                    raise self._refused(
                        f"the server cannot be reached: {dropped}",
                        "check the connection and the target's host and port, then run the "
                        "command again: it goes on from where it was",
                    ) from dropped
                self._line.pause(pauses[tries - 1])

    def try_once(self, action: Callable[[Files], object]) -> None:
        """Do something that may be left undone: what nobody takes away now is swept later."""
        with contextlib.suppress(_DroppedError, ProductionError):
            self._once(action)

    def close(self) -> None:
        """Let go of the connection."""
        with self._free:
            link, self._link = self._link, None
        if link is not None:
            link.transport.close()

    def _once(self, action: Callable[[Files], _T]) -> _T:
        link, files = self._take()
        is_whole = False
        try:
            found = action(files)
            is_whole = True
        except OSError as error:
            if isinstance(error, _DROPS) or not link.transport.is_active() or files.is_closed():
                raise _DroppedError(str(error)) from error
            is_whole = True
            raise self._told(error) from error
        except _DROPS as error:
            raise _DroppedError(str(error)) from error
        finally:
            self._give_back(link, files, is_whole=is_whole)
        return found

    def _did(self) -> None:
        self._went += 1

    def _take(self) -> tuple[_Link, Files]:
        """Give a channel that nobody else uses; wait where the server lets us have no more."""
        with self._free:
            while True:
                link = self._link
                if link is None or not link.transport.is_active():
                    link = self._link = _Link(transport=self._connected())
                if link.idle:
                    return link, link.idle.pop()
                files = self._one_more(link) if link.used < link.most else None
                if files is not None:
                    return link, files
                self._free.wait(1.0)
                self._line.left()

    def _one_more(self, link: _Link) -> Files | None:
        """Open a further channel; None if the server lets us have no more at once."""
        try:
            files = Files(self._channel(link), self._line, self._did)
        except paramiko.ChannelException as error:
            if not link.used:
                raise self._refused(
                    "the server lets you log in, and opens no channel for files",
                    "have SFTP switched on in the web host's console",
                ) from error
            link.most = link.used
            return None
        except (*_DROPS, OSError) as error:
            link.transport.close()
            raise _DroppedError(str(error)) from error
        link.used += 1
        return files

    def _give_back(self, link: _Link, files: Files, *, is_whole: bool) -> None:
        with self._free:
            if is_whole and not files.is_closed():
                link.idle.append(files)
            else:
                link.used -= 1
                link.transport.close()
            self._free.notify()

    # --- One connection -------------------------------------------------------------------

    def _channel(self, link: _Link) -> paramiko.SFTPClient:
        """Open one more channel for files.

        Raises:
            paramiko.ChannelException: the server gives no more.
        """
        channel = link.transport.open_session(timeout=CONNECT_SECONDS)
        channel.settimeout(STALL_SECONDS)
        try:
            channel.invoke_subsystem("sftp")
            return paramiko.SFTPClient(channel)
        except (paramiko.SSHException, SFTPError, EOFError) as error:
            channel.close()
            link.transport.join(0.5)  # what breaks ends soon
            if not link.transport.is_alive():
                raise
            raise self._refused(
                "this server lets you log in, and gives no files over SSH (SFTP)",
                "have SFTP switched on in the web host's console",
            ) from error

    def _connected(self) -> paramiko.Transport:
        """Connect, see that it is the server we know, and log in."""
        login = self._login()
        try:
            line = socket.create_connection((login.host, login.port), timeout=CONNECT_SECONDS)
        except OSError as error:
            raise _DroppedError(error.strerror or str(error)) from error
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux: what nobody acknowledges is no line
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(STALL_SECONDS * 1000))
        transport = paramiko.Transport(line)
        is_open = False
        try:
            self._greet(transport, login)
            self._log_in(transport, login)
            is_open = True
        except IncompatiblePeer as error:
            raise self._refused(
                f"the server speaks only what is not safe any more: {error}",
                "ask the web host to bring its SSH server up to date",
            ) from error
        except (*_DROPS, OSError) as error:
            raise _DroppedError(str(error) or "it broke off") from error
        finally:
            if not is_open:
                transport.close()
                line.close()  # one that never began is not closed by its transport
        transport.set_keepalive(int(CONNECT_SECONDS))
        self._was_there = True
        return transport

    def _greet(self, transport: paramiko.Transport, login: "_Login") -> None:
        """Begin, and see that it is the server that the user knows."""
        known = known_keys(login.known_files, login.known_as)
        options = transport.get_security_options()
        wanted = [name for kind, _ in known.good for name in _signatures(kind)]
        options.key_types = sorted(
            options.key_types,
            key=lambda kind: wanted.index(kind) if kind in wanted else len(wanted),
        )
        transport.use_compression()  # lists of files shrink to a tenth, and slow lines are long
        transport.banner_timeout = transport.auth_timeout = CONNECT_SECONDS
        transport.start_client(timeout=CONNECT_SECONDS)
        key = transport.get_remote_server_key()
        seen = f"{key.get_name()} {key.fingerprint}"
        if key.asbytes() in known.revoked:
            raise self._refused(
                f"the server shows a key that was revoked: {seen}",
                "send nothing there; ask the web host what happened",
            )
        if not known.good:
            raise self._refused(
                f"this server is not known here; the key that it shows is {seen}",
                f"compare this with what your web host says; if it is the same, run: "
                f"{login.command} and answer yes; then publish again",
            )
        if (key.get_name(), key.asbytes()) not in known.good:
            raise self._refused(
                f"the server shows another key than before, {seen}: it may be a false one",
                f"send nothing there; ask your web host whether they changed it; if they did, "
                f"run: ssh-keygen -R '{login.known_as}' and then {login.command}",
            )

    def _log_in(self, transport: paramiko.Transport, login: "_Login") -> None:
        tried = 0
        for key in self._keys(login):
            tried += 1
            try:
                more = transport.auth_publickey(login.user, key)
            except paramiko.BadAuthenticationType as error:
                raise self._refused(
                    f"the server takes no keys, only: {', '.join(error.allowed_types)}",
                    "have logging in with a key switched on in the web host's console",
                ) from error
            except paramiko.AuthenticationException:
                if not transport.is_active():
                    raise
                continue
            if more:
                raise self._refused(
                    f"the server asks for more than a key: {', '.join(more)}",
                    "have a login made that needs a key alone",
                )
            return
        raise self._refused(
            f"the server takes none of your {tried} keys" if tried else "you have no key to log in",
            "put the line of your public key (a .pub file in ~/.ssh) into the web host's console; "
            "a key with a passphrase is unlocked with: ssh-add",
        )

    def _keys(self, login: "_Login") -> Iterator[paramiko.PKey]:
        """Give the user's keys: the named one, the agent's, the usual files."""
        yield from filter(None, map(self._key_in, login.identities))
        agent = paramiko.Agent()
        try:
            yield from agent.get_keys()
        finally:
            agent.close()
        if not login.identities:
            usual = (Path.home() / ".ssh" / name for name in _KEY_FILES)
            yield from filter(None, map(self._key_in, filter(Path.is_file, usual)))

    def _key_in(self, path: Path) -> paramiko.PKey | None:
        """Read a private key; None if it needs a passphrase: an agent may have it unlocked."""
        try:
            return paramiko.PKey.from_path(path)
        except TypeError:
            return None
        except (OSError, ValueError, paramiko.SSHException, UnknownKeyType) as error:
            raise self._refused(
                f"the key {path.name} cannot be used: {error}",
                "write identity = the name of a private key in your ~/.ssh",
            ) from error

    def _login(self) -> "_Login":
        """Give what altavoz.toml and the user's own ~/.ssh/config say together."""
        place, config = self._place, Path.home() / ".ssh" / "config"
        told: dict[str, object] = {}
        try:
            if config.is_file():
                told = dict(paramiko.SSHConfig.from_path(str(config)).lookup(place.host))
        except (paramiko.SSHException, OSError, ImportError, ValueError) as error:
            raise self._refused(
                f"your ~/.ssh/config cannot be read: {error}", "correct it: ssh -G shows how"
            ) from error
        if "proxycommand" in told or "proxyjump" in told:
            raise self._refused(
                "your ~/.ssh/config leads to this server through another one",
                "mount the folder with sshfs and use a target of kind folder",
            )
        host = str(told.get("hostname", place.host))
        port = place.port or int(str(told.get("port", PORT)))
        user = place.user or str(told.get("user", ""))
        if not user:
            raise self._refused(
                "nobody knows who is to log in", 'write user = "..." below the target\'s heading'
            )
        found = told.get("identityfile")
        own = [Path(str(one)).expanduser() for one in found] if isinstance(found, list) else []
        known_files = str(told.get("userknownhostsfile", _KNOWN_FILES)).split()
        return _Login(
            host=host,
            port=port,
            user=user,
            known_as=str(told.get("hostkeyalias", host if port == PORT else f"[{host}]:{port}")),
            known_files=tuple(Path(one).expanduser() for one in (*known_files, _SYSTEM_FILE)),
            identities=(place.identity,) if place.identity else tuple(own),
            command=f"sftp -P {port} {user}@{host}",
        )

    def _told(self, error: OSError) -> ProductionError:
        """Word what the server refuses."""
        if error.errno == errno.EACCES:
            return self._refused(
                "the server does not let you write or read there",
                "have the folder given to the login, or correct path in altavoz.toml",
            )
        if error.errno == errno.ENOENT:
            return self._refused(
                "the folder is not there", "make it in the web space, or correct path"
            )
        return self._refused(
            f"the server refuses: {error}",
            "look whether the web space or its quota is full, then run the command again",
        )

    def _refused(self, problem: str, remedy: str) -> ProductionError:
        return ProductionError(
            problem, where=self._place.address(), remedy=remedy, code=ExitCode.TARGET
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Login:
    """How to reach the server, and as whom."""

    host: str
    port: int
    user: str
    known_as: str
    known_files: tuple[Path, ...]
    identities: tuple[Path, ...]
    command: str
    """With which a person meets the server for the first time."""


def _signatures(kind: str) -> tuple[str, ...]:
    """Give the signatures that a kind of key makes (RFC 8332)."""
    return ("rsa-sha2-512", "rsa-sha2-256") if kind == "ssh-rsa" else (kind,)
