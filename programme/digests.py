"""Digests of bytes, fingerprints of plans; never one for the other.

Fingerprints are SHA-256 over canonical JSON: sorted keys, no spaces, UTF-8, no NaN.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from json.encoder import encode_basestring
from pathlib import Path

from programme.units import Digest, Fingerprint

Plain = str | int | float | bool | None | Sequence["Plain"] | Mapping[str, "Plain"]
"""What canonical JSON can hold."""

# One encoder for all: json.dumps makes a new one at each call with settings of its own.
_CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)


def digest_bytes(data: bytes) -> Digest:
    """Give the SHA-256 of bytes."""
    return Digest(hashlib.sha256(data).hexdigest())


def digest_text(text: str) -> Digest:
    """Give the SHA-256 of text as UTF-8."""
    return digest_bytes(text.encode("utf-8"))


def digest_file(path: Path) -> Digest:
    """Give the SHA-256 of a file, read in blocks.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return Digest(hashlib.file_digest(file, "sha256").hexdigest())


def canonical_json(value: Plain) -> str:
    """Write a value so that equal values give equal text."""
    return _CANONICAL.encode(value)


def canonical_texts(texts: Iterable[str]) -> str:
    """Give the canonical JSON of a list of texts, in half the time: every script has one."""
    return f"[{','.join(map(encode_basestring, texts))}]"


def fingerprint(value: Plain) -> Fingerprint:
    """Give the SHA-256 of a plan's canonical JSON."""
    return Fingerprint(hashlib.sha256(canonical_json(value).encode("utf-8")).hexdigest())
