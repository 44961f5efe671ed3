"""Where a web space is, whose key opens it, and which keys its server is known by.

All that a workspace may say is an address; keys are the user's own: in ``~/.ssh`` or an agent.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from production.targets.base import check_options
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings

PORT = 22

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?\Z")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,63}\Z")
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,99}\Z")
_PATH = re.compile(r"[^\x00-\x1f\\]{1,900}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class SshPlace:
    """A folder on a server, as altavoz.toml names it."""

    where: str
    """The target, for messages about its options."""
    host: str
    """A name, an address, or an alias of the user's ``~/.ssh/config``."""
    port: int | None
    """None for what ``~/.ssh/config`` says, else 22."""
    user: str
    """Empty for what ``~/.ssh/config`` says."""
    path: str
    """Without a slash at its end; one that begins without leads on from the login's folder."""
    identity: Path | None
    """The private key to log in with; None for the agent's keys and the usual files."""

    def address(self, key: str = "") -> str:
        """Give the place of an object in words; never says who logs in."""
        return "/".join(
            part for part in (f"sftp://{self.host}", self.path.lstrip("/"), key) if part
        )


def ssh_place(settings: TargetSettings) -> SshPlace:
    """Take the options of a target of kind sftp.

    Raises:
        ProductionError: one is missing, unknown or of no use.
    """
    check_options(settings, required={"host", "path"}, known={"port", "user", "identity"})
    where = f"altavoz.toml: target {settings.name}"
    options = settings.options
    port = options.get("port", "")
    identity = options.get("identity", "")
    if not _HOST.match(options["host"]):
        raise _refused("host", options["host"], where, "write the server's name")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 1 << 16):
        raise _refused("port", port, where, "write its number, such as 22")
    if options.get("user") and not _USER.match(options["user"]):
        raise _refused("user", options["user"], where, "write the name that logs in")
    if not _PATH.match(options["path"]) or ".." in options["path"].split("/"):
        remedy = "write the folder that the web server shows, such as /var/www/radio"
        raise _refused("path", options["path"], where, remedy)
    if identity and not _FILE.match(identity):
        remedy = "write the name of a private key in your ~/.ssh, such as id_ed25519"
        raise _refused("identity", identity, where, remedy)
    return SshPlace(
        where=where,
        host=options["host"],
        port=int(port) if port else None,
        user=options.get("user", ""),
        path=options["path"].rstrip("/") or "/",
        identity=Path.home() / ".ssh" / identity if identity else None,
    )


def _refused(option: str, value: str, where: str, remedy: str) -> ProductionError:
    return ProductionError(
        f"{value!a} is no {option} of a server" if option != "path" else f"{value!a} is no folder",
        where=where,
        remedy=remedy,
        code=ExitCode.TARGET,
    )
