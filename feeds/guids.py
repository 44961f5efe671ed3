"""The identity of a feed: ``podcast:guid``.

https://podcasting2.org/docs/podcast-namespace/tags/guid: a UUIDv5 in a namespace of its own,
over the feed's public address without scheme and trailing slashes.
"""

import re
import uuid

PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")

_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*://", re.IGNORECASE)


def podcast_guid(feed_url: str) -> str:
    """Give the guid that belongs to a feed's first public address.

    Computed once, then stored: a feed that moves keeps it. Never from a preview's address.
    """
    return str(uuid.uuid5(PODCAST_NAMESPACE, _SCHEME.sub("", feed_url, count=1).rstrip("/")))
