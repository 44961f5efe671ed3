"""Which servers may be sent signed requests."""

import ipaddress
from urllib.parse import urlsplit

from programme.errors import ExitCode, ProductionError


def check_server(endpoint: str, where: str) -> None:
    """Refuse the address of a server that credentials must not go to.

    Raises:
        ProductionError: not https, unless on this machine; no host; with credentials or a query
            in it; or link-local, where clouds hand out credentials of their own.
    """
    if not _is_safe(endpoint):
        raise ProductionError(
            f"{endpoint!a} is no safe address of a server",
            where=where,
            remedy="write https:// and the server's name",
            code=ExitCode.TARGET,
        )


def _is_safe(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
    except ValueError:  # "http://["
        return False
    host = parts.hostname or ""
    try:
        link_local = ipaddress.ip_address(host).is_link_local
    except ValueError:
        link_local = False
    if not host or link_local or parts.username or parts.query:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(endpoint))


def is_loopback(endpoint: str) -> bool:
    """Tell whether a well-formed address is this machine's own."""
    host = urlsplit(endpoint).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
