"""One bounded request to a public address, as a stranger's program would send it: no credentials.

Nothing here is followed blindly: a redirect is an answer that the caller looks at, a body is read
to a limit, and a server that drips ends at the deadline of the ``Line``.
https://www.rfc-editor.org/rfc/rfc9110
"""

import http.client
import ipaddress
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from production.targets.line import Line
from programme.errors import ExitCode, ProductionError
from programme.wording import shortened

TIMEOUT_S = 15
"""For the connection, and for each answer of a server that has begun one."""

MOST_BYTES = 1 << 20
"""What is longer is nothing that a check asked for."""

MOST_HOPS = 5
"""Redirects in a row; podcast programs follow three to twenty."""

AGENT = "Altavoz (checks of a publishing target)"
_BLOCK = 1 << 16
_SHOWN = 120
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAnswer:
    """What a server said."""

    url: str
    """That was asked last."""
    status: int
    headers: Mapping[str, str]
    """By name in small letters; of a header given twice the values, joined by commas."""
    body: bytes
    """Up to the limit."""
    is_whole: bool
    """False where the body went on behind the limit."""
    hops: tuple[str, ...] = ()
    """Addresses that the asked one was redirected to, in order."""

    def header(self, name: str) -> str:
        """Give a header's value; empty where there is none."""
        return self.headers.get(name.lower(), "")


def fetch(
    url: str,
    *,
    line: Line,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    data: bytes | None = None,
    limit_bytes: int = MOST_BYTES,
) -> WebAnswer:
    """Send one request and give the answer, whatever its status; redirects are not followed.

    Args:
        url: http or https, with a host that is not link-local: clouds answer there with secrets.
        line: carries the deadline of the whole check.
        method: of HTTP.
        headers: besides User-Agent.
        data: a body; None for none.
        limit_bytes: the most of the answer's body that is read.

    Raises:
        ProductionError: code TARGET; the address is none, or nothing answers there in HTTP.
    """
    _refuse_unsafe(url)
    wait = line.left()
    request = urllib.request.Request(  # noqa: S310 - http and https only, see above
        url, data=data, headers={"User-Agent": AGENT, **(headers or {})}, method=method
    )
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=min(TIMEOUT_S, wait or TIMEOUT_S)) as answer:
            return _read(url, answer, line, limit_bytes)
    except urllib.error.HTTPError as error:
        with error:
            try:
                return _read(url, error, line, limit_bytes)
            except (OSError, http.client.HTTPException) as broken:
                raise _unreachable(url, broken) from broken
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _unreachable(url, error) from error


def follow(
    url: str, *, line: Line, method: str = "GET", limit_bytes: int = MOST_BYTES
) -> WebAnswer:
    """Fetch as ``fetch`` does, and go where redirects lead; the answer tells the way.

    Raises:
        ProductionError: as ``fetch``; or the redirects go in a circle.
    """
    hops: list[str] = []
    at = url
    while True:
        answer = fetch(at, line=line, method=method, limit_bytes=limit_bytes)
        to = answer.header("Location")
        if answer.status not in _REDIRECTS or not to:
            return WebAnswer(
                url=at,
                status=answer.status,
                headers=answer.headers,
                body=answer.body,
                is_whole=answer.is_whole,
                hops=tuple(hops),
            )
        at = urljoin(at, to)
        if len(hops) == MOST_HOPS or at in {url, *hops}:
            raise ProductionError(
                "this address is redirected again and again",
                where=shortened(url, _SHOWN),
                remedy=f"take the redirect to {shortened(at, _SHOWN)!a} out of the web server",
                code=ExitCode.TARGET,
            )
        hops.append(at)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **more: object) -> None:
        """Take no redirect: then it comes back as an answer."""
        del args, more


def _refuse_unsafe(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in {"http", "https"} or not host or parts.username or _is_inner(host):
        raise ProductionError(
            f"{shortened(url, _SHOWN)!a} is no public address",
            where="the public address",
            remedy="write https://, the server's name, and the folder: https://radio.example.org/",
            code=ExitCode.TARGET,
        )


def _is_inner(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_link_local or address.is_multicast or address.is_unspecified


def _read(url: str, answer: Any, line: Line, limit_bytes: int) -> WebAnswer:  # noqa: ANN401
    headers: dict[str, str] = {}
    for name, value in answer.headers.items():
        known = headers.get(name.lower())
        headers[name.lower()] = value if known is None else f"{known}, {value}"
    body = bytearray()
    while len(body) <= limit_bytes:
        block = answer.read1(min(_BLOCK, limit_bytes + 1 - len(body)))
        if not block:
            break
        body += block
        line.passed(received=len(block))
    return WebAnswer(
        url=url,
        status=int(answer.status),
        headers=headers,
        body=bytes(body[:limit_bytes]),
        is_whole=len(body) <= limit_bytes,
    )


def _unreachable(url: str, error: Exception) -> ProductionError:
    """Say in words why nothing answered."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        problem = "the server's certificate is not valid for this address"
        remedy = "renew the certificate, or have it name this host"
    elif isinstance(reason, ssl.SSLError):
        problem = "the server does not speak https here"
        remedy = "set up https on it; most players take nothing else"
    elif isinstance(reason, TimeoutError):
        problem = "the server does not answer in time"
        remedy = "look at the connection and the server"
    elif isinstance(reason, ConnectionRefusedError):
        problem, remedy = "no web server answers at this address", "start it, or correct base_url"
    elif isinstance(reason, OSError) and not isinstance(reason, http.client.HTTPException):
        problem = f"this address cannot be reached: {reason}"
        remedy = "correct base_url, or look at the connection and the name's entry in the DNS"
    else:
        problem = f"what answers is no web server: {shortened(str(reason), _SHOWN)!a}"
        remedy = "correct base_url, or look at the server"
    return ProductionError(
        problem, where=shortened(url, _SHOWN), remedy=remedy, code=ExitCode.TARGET
    )
