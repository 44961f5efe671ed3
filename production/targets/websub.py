"""Telling a WebSub hub which feeds changed, so that it tells those who subscribed there.

https://www.w3.org/TR/websub/#publishing: how a publisher tells a hub is between the two; hubs in
use take a form with ``hub.mode=publish`` and the feed's address. A hub is a service of somebody
else: what it answers is looked at and never obeyed, and the feeds are out already, so that a hub
that fails is told of and nothing else.
"""

import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from production.targets.servers import is_loopback

TIMEOUT_S = 5.0
TOTAL_S = 20.0
"""How long all feeds together may take; those that are left are told of as not announced."""

_AGENT = "Altavoz"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubReport:
    """What became of telling a hub."""

    hub: str
    told: tuple[str, ...] = ()
    """Addresses of feeds that the hub has taken."""
    failed: tuple[tuple[str, str], ...] = ()
    """Addresses that it has not, each with why."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A form that is sent on arrives empty: a hub that moved is to be named anew."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow nothing."""
        return


def tell_hub(
    hub: str, feeds: Iterable[str], *, clock: Callable[[], float] = time.monotonic
) -> HubReport:
    """Tell a hub of each feed that changed; never raises for what the hub or the line does.

    Args:
        hub: its address; https, or this machine's own.
        feeds: public addresses.
        clock: seconds that never go back.
    """
    told: list[str] = []
    failed: list[tuple[str, str]] = []
    ends = clock() + TOTAL_S
    down = ""
    for feed in feeds:
        if clock() >= ends:
            down = down or f"not told: the others took more than {TOTAL_S:.0f} s"
        # One who does not answer at all is not asked for each of a hundred feeds.
        why = down
        if not why:
            why, is_gone = _publish(hub, feed)
            down = why if is_gone else ""
        if why:
            failed.append((feed, why))
        else:
            told.append(feed)
    return HubReport(hub=hub, told=tuple(told), failed=tuple(failed))


def _publish(hub: str, feed: str) -> tuple[str, bool]:
    """Give why it failed, empty where the hub took it; and whether the hub is not there at all."""
    form = urllib.parse.urlencode({"hub.mode": "publish", "hub.url": feed}).encode("ascii")
    request = urllib.request.Request(hub, data=form, headers={"User-Agent": _AGENT})  # noqa: S310 - read_network lets https and loopback through
    handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
    if is_loopback(hub):
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=TIMEOUT_S):
            return "", False
    except urllib.error.HTTPError as error:
        error.close()
        return f"the hub answers {error.code}", False
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        return f"the hub cannot be reached: {reason}", True
