"""Which published objects are documents whose addresses the preview rewrites."""

from feeds.pages.addresses import MEDIA
from production.targets.serving import DOCUMENTS


def names_addresses(key: str) -> bool:
    """Tell whether an object is a document whose addresses lead to the place it is served at.

    Immutable objects are never touched: their names, and checksums elsewhere, tell their bytes.
    """
    return not key.startswith(MEDIA) and any(key.endswith(suffix) for suffix in DOCUMENTS)
