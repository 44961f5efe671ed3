"""Which keys a server is known by: OpenSSH's known_hosts files, as sshd(8) describes them."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

_REVOKED = "@revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKeys:
    """What is known of one server."""

    good: tuple[tuple[str, bytes], ...]
    """Kind and bytes of each of its keys, in the order of the files; empty if it is unknown."""
    revoked: frozenset[bytes]
    """Keys that are not to be trusted any more."""


def known_keys(files: Iterable[Path], name: str) -> KnownKeys:
    """Read what is known of a server; a file that is not there tells nothing.

    Args:
        files: of the user and of the system.
        name: of the server, with its port as ``[name]:port`` where that is not 22.

    Raises:
        OSError: a file cannot be read.
    """
    good: list[tuple[str, bytes]] = []
    revoked: set[bytes] = set()
    for marker, kind, key in _lines_of(files, name):
        if marker == _REVOKED:
            revoked.add(key)
        elif not marker:  # not a certificate authority's, which we cannot check
            good.append((kind, key))
    return KnownKeys(good=tuple(good), revoked=frozenset(revoked))


def _lines_of(files: Iterable[Path], name: str) -> Iterator[tuple[str, str, bytes]]:
    for file in files:
        if not file.is_file():
            continue
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            fields = line.split()
            marker = fields.pop(0) if fields and fields[0].startswith("@") else ""
            if len(fields) < 3 or fields[0].startswith("#") or not _matches(fields[0], name):
                continue
            try:
                yield marker, fields[1], base64.b64decode(fields[2], validate=True)
            except binascii.Error:
                continue  # a damaged line makes nobody known


def _matches(patterns: str, name: str) -> bool:
    """Tell whether a line is about a server; a pattern with ``!`` that matches says no."""
    found = False
    for pattern in patterns.split(","):
        if _is_of(pattern.removeprefix("!"), name):
            if pattern.startswith("!"):
                return False
            found = True
    return found


def _is_of(pattern: str, name: str) -> bool:
    if not pattern.startswith("|1|"):
        # Brackets are of the port, not of a set of letters.
        return fnmatchcase(name.lower(), pattern.lower().replace("[", "[[]"))
    try:
        salt, hashed = (base64.b64decode(part, validate=True) for part in pattern[3:].split("|"))
    except ValueError:
        return False
    return hmac.compare_digest(hmac.digest(salt, name.lower().encode(), hashlib.sha1), hashed)
