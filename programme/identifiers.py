"""Ids of segments, series, episodes, stations and facts: validated once, safe everywhere.

An id becomes a file name, a URL part, an S3 key and a FAT name, so it is lower-case ASCII
letters, digits, ``-`` and ``_``; it starts and ends with a letter or digit, is at most
64 characters, and is none of the names that Windows reserves.
"""

import re

_ID = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?\Z")
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul"]
    + [f"com{n}" for n in range(1, 10)]
    + [f"lpt{n}" for n in range(1, 10)]
)

ID_RULE = "use lower-case letters a-z, digits, - and _, at most 64, no dots or slashes"
"""The rule in words, for messages."""


def is_id(text: str) -> bool:
    """Tell whether the text may be an id."""
    return bool(_ID.match(text)) and text not in _RESERVED
