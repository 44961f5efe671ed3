"""The trusted comment of a pack's signature: what ``minisign -V`` alone shows of ``pack.json``."""

from collections.abc import Mapping
from typing import Any

from programme.digests import canonical_json, digest_text

_RECALL_DIGITS = 16


def trusted_comment(about: Mapping[str, Any]) -> str:
    """Give the comment that belongs to the content of a ``pack.json``.

    ``pack=camino_norte serial=42 issued=2026-11-22 valid-until=2026-12-06 recalls=1:0f…``; days in
    UTC, and the recall list by its length and the first 16 digits of its digest.

    Args:
        about: what ``pack.json`` says; ``pack``, ``serial``, ``issued``, ``valid_until`` and
            ``retracts`` are read.

    Raises:
        KeyError: one of them is missing.
    """
    retracts = about["retracts"]
    recalled = digest_text(canonical_json(retracts))[:_RECALL_DIGITS]
    return (
        f"pack={about['pack']} serial={about['serial']} issued={about['issued']} "
        f"valid-until={about['valid_until']} recalls={len(retracts)}:{recalled}"
    )
