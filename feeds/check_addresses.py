"""Addresses of a feed: complete, in ASCII, over https, reachable, and nobody counting listeners."""

import re
from urllib.parse import SplitResult, urlsplit

from feeds.check_faults import Element, Faults, quoted

_FOLDER = re.compile(r"https://[A-Za-z0-9.\-]+(?::[0-9]+)?/(?:[A-Za-z0-9._~\-]+/)*\Z")
_FILE_NAME = re.compile(r"[A-Za-z0-9._~\-]*\Z")
_PAGE_NAME = re.compile(r"[A-Za-z0-9._~\-#?&=%+,;:@!$'()*]*\Z")
_LOCAL = re.compile(
    r"(?:localhost|127\.[\d.]+|0\.0\.0\.0|10\.[\d.]+|192\.168\.[\d.]+|169\.254\.[\d.]+"
    r"|172\.(?:1[6-9]|2\d|3[01])\.[\d.]+|[^.]+|[0-9a-f:]*:[0-9a-f:.]*"
    r"|.*\.(?:local|localhost|internal|lan|home|test))\Z",
    re.IGNORECASE,
)
_LOOPBACK = ("http://127.0.0.1:", "http://127.0.0.1/", "http://localhost:", "http://localhost/")
_COUNTING = re.compile(
    r"https?://(?:[^/]*\.)?(?:podtrac\.com|blubrry\.com|chrt\.fm|chartable\.com|pdst\.fm|op3\.dev"
    r"|podsights\.com|podcorn\.com|mgln\.ai|pscrb\.fm|podderapp\.com|claritaspod\.com|podscribe\.com"
    r"|arttrk\.com|byspotify\.com|gum\.fm|swap\.fm|backtracks\.fm|clrtpod\.com|podkite\.com"
    r"|vpixl\.com|veritonicmetrics\.com|tracking\.[^/]+)/",
    re.IGNORECASE,
)
_ALLOWED = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*\Z")
_MOST_FOLDERS = 1000


def is_loopback(address: str) -> bool:
    """Tell whether only this machine can fetch it."""
    return address.startswith(_LOOPBACK)


class Addresses:
    """Judges the addresses of one feed; a folder that is sound is looked at once."""

    def __init__(self, home: str = "") -> None:
        """Take the address that the feed was fetched from: a preview's own host is in its place."""
        self.home = home
        self._host = urlsplit(home).netloc if is_loopback(home) else ""
        self._sound: set[str] = set()

    def file(self, element: Element, address: str, faults: Faults) -> None:
        """Judge where a file, a feed or a picture is."""
        at = address.rfind("/") + 1
        if address[:at] not in self._sound or not _FILE_NAME.match(address, at):
            self._closely(element, address, at, faults, query=True)

    def sound(self, element: Element, address: str, faults: Faults) -> None:
        """Judge where an episode is: nobody may count those who fetch it."""
        at = address.rfind("/") + 1
        if address[:at] in self._sound and _FILE_NAME.match(address, at):
            return
        self._closely(element, address, at, faults, query=True)
        if _COUNTING.match(address):
            said = f"{quoted(address)} leads over a service that counts listeners"
            faults.append(("feed-address.tracking", element, said))

    def page(self, element: Element, address: str, faults: Faults) -> None:
        """Judge where a page is; it may have a query and a fragment."""
        at = address.rfind("/") + 1
        if address[:at] not in self._sound or not _PAGE_NAME.match(address, at):
            self._closely(element, address, at, faults, query=False)

    def _closely(
        self, element: Element, address: str, at: int, faults: Faults, *, query: bool
    ) -> None:
        before = len(faults)
        self._judge(element, address, faults)
        if query and ("?" in address or "#" in address) and address.isascii():
            said = f"{quoted(address)} has a query or fragment"
            faults.append(("feed-address.query", element, said))
        good = len(faults) == before and len(self._sound) < _MOST_FOLDERS
        folder = address[:at]
        if good and _FOLDER.match(folder) and not _COUNTING.match(folder):
            self._sound.add(folder)

    def _judge(self, element: Element, address: str, faults: Faults) -> None:
        if not address.isascii() or any(char <= " " or char in '<>"{}|\\^`' for char in address):
            said = f"{quoted(address)} has spaces, signs or letters beyond ASCII"
            faults.append(("feed-address.ascii", element, said))
            return
        parts = split_address(address)
        if parts is None:
            said = f"{quoted(address)} is no complete web address"
            faults.append(("feed-address.form", element, said))
            return
        if parts.username is not None:
            said = f"{quoted(parts.hostname or '')} is asked with a name or password, public now"
            faults.append(("feed-address.form", element, said))
        if self._host and self._host == parts.netloc:
            return
        if _LOCAL.match(parts.hostname or ""):
            said = f"{quoted(parts.hostname or '')} is a machine that only its neighbours reach"
            faults.append(("feed-address.local", element, said))
        if parts.scheme == "http":
            said = f"{quoted(address)} is not served over https"
            faults.append(("feed-address.https", element, said))


def split_address(address: str) -> SplitResult | None:
    """Give the parts of a complete web address; None for anything else."""
    try:
        parts = urlsplit(address)
        known = parts.port is None or parts.port > 0
    except ValueError:
        return None
    good = known and parts.scheme in {"http", "https"} and bool(parts.hostname)
    return parts if good and _ALLOWED.match(address) else None
