"""Records of the shared store: what a step gave, bound to its fingerprint, and authenticated.

A record is one line of canonical JSON and one line with its HMAC-SHA256 (RFC 2104, FIPS 198-1)
under a key of the team's. Whoever may write to the shelf and has no key can neither make a record
nor alter one, nor put one in another's place: the fingerprint is part of what is authenticated.
"""

import hashlib
import hmac
import json
import platform
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from production.journal import Result
from programme.digests import canonical_json
from programme.errors import ExitCode, ProductionError
from programme.units import Digest, Fingerprint

_VERSION = 2
"""Part of a record's name, so that versions of Altavoz that write others never meet them."""
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_KEY_TEXT = re.compile(r"[0-9a-f]{64}\Z")
_NAME = re.compile(r"[^a-z0-9_]+")
VARIABLE = "ALTAVOZ_STORE_KEY"
"""Holds the key, for machines without a home such as a CI runner's; read by the commands."""
KEY_FILE = "store.key"
"""In the user's folder for keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a step gave, as other machines are told of it."""

    result: Result
    lengths: Mapping[Digest, int]
    """Bytes of each object that it names: who may write to the shelf has no say in how much is
    fetched under a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKey:
    """The secret that a team's machines share; its text shows nothing of it."""

    secret: bytes
    """32 bytes."""

    def __repr__(self) -> str:
        """Name it without showing it: this may stand in a traceback."""
        return f"RecordKey({self.id})"

    @property
    def id(self) -> str:
        """A name that tells keys apart and says nothing of them; 16 hexadecimal digits."""
        told = hmac.new(self.secret, b"altavoz store key id", hashlib.sha256)
        return told.hexdigest()[:16]

    def seal(self, text: str) -> str:
        """Give the HMAC-SHA256 of text, hexadecimal."""
        return hmac.new(self.secret, text.encode("utf-8"), hashlib.sha256).hexdigest()


def parse_key(text: str, where: str) -> RecordKey:
    """Read a key as ``altavoz cluster key`` writes it.

    Raises:
        ProductionError: it is none; the text is not told again.
    """
    if not _KEY_TEXT.match(text.strip()):
        raise ProductionError(
            "this is no key of a shared store",
            where=where,
            remedy="a key is 64 hexadecimal digits: make one with altavoz cluster key, and bring "
            "it to the other machines as you would a password",
            code=ExitCode.USAGE,
        )
    return RecordKey(secret=bytes.fromhex(text.strip()))


def machine_kind() -> str:
    """Name the kind of machine whose codecs give the same bytes, such as ``linux-x86_64``."""
    return _NAME.sub("-", f"{sys.platform}-{platform.machine()}".lower())


def record_name(key: RecordKey, fingerprint: Fingerprint) -> str:
    """Give the key on the shelf under which a record stands.

    Records of another key, of another kind of machine, or of another version, are never met.
    """
    return f"records/{key.id}/{fingerprint[:2]}/{fingerprint[2:]}.{machine_kind()}.{_VERSION}"


def render_record(key: RecordKey, fingerprint: Fingerprint, record: Record) -> bytes:
    """Write down what a step gave."""
    line = canonical_json(
        {
            "version": _VERSION,
            "fingerprint": fingerprint,
            "machine": machine_kind(),
            "outputs": dict(record.result.outputs),
            "lengths": {str(digest): length for digest, length in record.lengths.items()},
            "facts": dict(record.result.facts),
        }
    )
    return f"{line}\n{key.seal(line)}\n".encode()


def parse_record(data: bytes, key: RecordKey, fingerprint: Fingerprint) -> Record | None:
    """Read a record; None where it is not what a holder of the key wrote of this very step."""
    try:
        line, seal, end = data.decode("utf-8").split("\n")
    except ValueError:  # not UTF-8, or not two lines
        return None
    if end or not hmac.compare_digest(seal.encode(), key.seal(line).encode()):
        return None
    told: Any = json.loads(line)
    # The version first: what else stands in a record of another one is not known.
    if told["version"] != _VERSION:
        return None
    if (told["fingerprint"], told["machine"]) != (fingerprint, machine_kind()):
        return None
    outputs = {name: Digest(digest) for name, digest in told["outputs"].items()}
    lengths = {Digest(digest): int(length) for digest, length in told["lengths"].items()}
    if set(lengths) != set(outputs.values()) or not all(map(_DIGEST.match, lengths)):
        return None
    return Record(result=Result(outputs=outputs, facts=told["facts"]), lengths=lengths)
