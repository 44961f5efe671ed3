"""The user's own trust file: which keys sign for which publisher, and the newest packs seen.

It lies beside the keys, in the user's configuration folder, is written whole or not at all, by one
program at a time, and holds its own digest: what a crash or an editor broke is not believed. It
holds nothing secret; who can write it can make any pack genuine here, so it is its owner's alone.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from production.file_lock import locked_for_user
from production.keys.store import rights_fault
from programme.digests import Plain, canonical_json, digest_text
from programme.errors import ProductionError
from programme.storage import storage_errors, write_beside
from programme.units import Digest
from stations.minisign import PublicKey
from stations.trust import Seen, Trust, TrustedKey

TRUST_FILE = "trust.json"

_FORMAT = "altavoz-trust/1"
_MAX_BYTES = 33_554_432
_MOST_WITHDRAWN = 2_000
"""Digests that are remembered of one pack's recall list."""


def read_trust(folder: Path) -> Trust:
    """Read the trust file; empty where there is none yet.

    Raises:
        ProductionError: it is damaged, can be changed by others, or the disk refuses.
    """
    path = folder / TRUST_FILE
    with storage_errors(path):
        if not path.exists():
            return Trust()
        about = path.stat()
        fault = rights_fault(about)
        if fault:
            remedy = "run chmod 600 on it as its owner, and look at it: altavoz keys list"
            raise ProductionError(fault, where=str(path), remedy=remedy)
        if about.st_size > _MAX_BYTES:
            raise _damaged(path)
        data = path.read_bytes()
    try:
        return _parse(data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(path) from error


def change_trust(folder: Path, change: Callable[[Trust], Trust]) -> Trust:
    """Read the trust file, change it and write it, while no other program does; gives the new.

    Raises:
        ProductionError: as ``read_trust``; or another Altavoz holds it for long (BUSY).
    """
    with locked_for_user(folder, TRUST_FILE, "changing what is trusted here"):
        old = read_trust(folder)
        new = change(old)
        if new != old:
            write_beside(folder / TRUST_FILE, _render(new), mode=0o600)
        return new


def with_keys(
    trust: Trust, publisher: str, keys: Sequence[PublicKey], *, today: date, replace: bool
) -> Trust:
    """Trust keys for a publisher; with ``replace``, these alone.

    What was seen of a key stays, so that a key that comes back does not bring old packs back.
    """
    kept = [
        one
        for one in trust.keys
        if one.publisher != publisher or (not replace and one.key not in keys)
    ]
    since = {one.key: one.since for one in trust.keys if one.publisher == publisher}
    new = [TrustedKey(publisher=publisher, key=key, since=since.get(key, today)) for key in keys]
    return Trust(keys=(*kept, *new), seen=trust.seen)


def without_key(trust: Trust, key: PublicKey) -> Trust:
    """Trust a key no more, for nobody; what was seen of it stays."""
    return Trust(keys=tuple(one for one in trust.keys if one.key != key), seen=trust.seen)


def without_serials(trust: Trust, publisher: str, pack: str = "") -> Trust:
    """Forget the newest packs of a publisher, or of one pack id: the reset of trust."""
    kept = tuple(
        one for one in trust.seen if one.publisher != publisher or (pack and one.pack != pack)
    )
    return Trust(keys=trust.keys, seen=kept)


def _damaged(path: Path) -> ProductionError:
    return ProductionError(
        "the file of what is trusted here is damaged, or was edited",
        where=str(path),
        remedy="put it back from a copy; or move it away and trust your publishers again with "
        "altavoz keys trust: until then older packs could pass for new ones",
    )


def _render(trust: Trust) -> bytes:
    body: dict[str, Plain] = {
        "format": _FORMAT,
        "keys": [
            {"publisher": one.publisher, "key": one.key.text, "since": one.since.isoformat()}
            for one in sorted(trust.keys, key=lambda one: (one.publisher, one.since))
        ],
        "seen": [
            {
                "key": one.key.text,
                "publisher": one.publisher,
                "pack": one.pack,
                "serial": one.serial,
                "sha256": one.digest,
                "issued": one.issued.isoformat(),
                "withdrawn": list(one.withdrawn[:_MOST_WITHDRAWN]),
            }
            for one in sorted(trust.seen, key=lambda one: (one.publisher, one.pack, one.key.text))
        ],
    }
    whole = {**body, "digest": digest_text(canonical_json(body))}
    return (json.dumps(whole, indent=1, sort_keys=True) + "\n").encode("ascii")


def _parse(data: bytes) -> Trust:
    whole = json.loads(data.decode("utf-8"))
    told = whole.pop("digest")
    if whole["format"] != _FORMAT or told != digest_text(canonical_json(whole)):
        raise ValueError("the digest in it is another")
    keys = tuple(
        TrustedKey(
            publisher=str(one["publisher"]),
            key=PublicKey.parse(one["key"]),
            since=date.fromisoformat(one["since"]),
        )
        for one in whole["keys"]
    )
    return Trust(keys=keys, seen=tuple(_seen(one) for one in whole["seen"]))


def _seen(one: Mapping[str, Any]) -> Seen:
    return Seen(
        key=PublicKey.parse(one["key"]),
        publisher=str(one["publisher"]),
        pack=str(one["pack"]),
        serial=int(one["serial"]),
        digest=Digest(one["sha256"]),
        issued=date.fromisoformat(one["issued"]),
        withdrawn=tuple(Digest(digest) for digest in one["withdrawn"]),
    )
