"""Addresses of a preview: those of the public place become those of this computer; ids stay.

A guid is a listener's id: a program that subscribed to the preview must know an item again, and
so must the one that tests what a correction does. Nothing between a guid's tags is touched, even
where it looks like an address.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote

_IDS = (
    rb"<(?P<tag>(?:\w+:)?guid)\b[^<>]*>[^<]*</(?P=tag)>",
    rb'"(?:_?guid|id|home_guid|feedGuid|podcast_guid)"\s*:\s*"(?:[^"\\]|\\.)*"',
    rb'\bfeedGuid="[^"]*"',
)

_APP_SCHEMES = ("podcast", "pcast", "itpc", "feed", "antennapod-subscribe", "pktc")


class Addresses:
    """Rewrites documents from their public addresses to those of the preview."""

    def __init__(self, public: Iterable[str], local: str) -> None:
        """Take the addresses of the public place, and the preview's own.

        Args:
            public: each with a final slash; a folder may hold feeds of an earlier address.
            local: ``http://127.0.0.1:8000/``, with its final slash.
        """
        self.local = local
        # the longest first: one may be the beginning of another
        self.public = tuple(sorted(set(public) - {local}, key=lambda base: (-len(base), base)))
        self._forms: dict[bytes, bytes] = {}
        for base in self.public:
            for written in _forms_of(base, local):
                self._forms.setdefault(*written)
        found = b"|".join(re.escape(form) for form in self._forms)
        self._pattern = re.compile(rb"(?P<id>%s)|(?P<base>%s)" % (b"|".join(_IDS), found))

    def rewrite(self, document: bytes) -> bytes:
        """Give a document with its addresses led here; ids stay as they are."""
        if not self._forms:
            return document
        return self._pattern.sub(self._led, document)

    def _led(self, match: re.Match[bytes]) -> bytes:
        return match[0] if match["id"] is not None else self._forms[match["base"]]


def _forms_of(base: str, local: str) -> Iterable[tuple[bytes, bytes]]:
    """Give an address as documents write it.

    Plain; with JSON's slashes; within a query; and with another scheme, as links that open a
    podcast program have it.
    """
    plain, ours = base.rstrip("/") + "/", local
    yield plain.encode(), ours.encode()
    yield plain.replace("/", "\\/").encode(), ours.replace("/", "\\/").encode()
    yield quote(plain, safe="").encode(), quote(ours, safe="").encode()
    rest, our_rest = plain.partition("://")[2], ours.partition("://")[2]
    for scheme in _APP_SCHEMES:
        yield f"{scheme}://{rest}".encode(), f"{scheme}://{our_rest}".encode()
