"""The table [signing] of altavoz.toml: the public keys that packs are signed with."""

import re

from scripts.fields import Fields
from scripts.late_pattern import LatePattern
from scripts.nodes import Text
from scripts.wording import shown

MOST_KEYS = 8
_PUBLIC = LatePattern(r"RW[QRST][A-Za-z0-9+/]{53}\Z")
"""Base64 of the 42 bytes of a public key of minisign, which begin with "Ed"."""
_SECRET = LatePattern(r"RW[QRST][A-Za-z0-9+/=]{150,}\Z")
_SECRET_KEY = LatePattern(r"secret|passw|private", re.IGNORECASE)


def read_signing_keys(top: Fields) -> tuple[str, ...]:
    """Give the public keys, the current one first; empty where the table is not there."""
    table = top.table_at("signing")
    if table is None:
        return ()
    own = top.part(table)
    for name, line in own.table.key_lines.items():
        if _SECRET_KEY.search(name):
            own.known.add(name)
            _refuse_secret(own, line)
    found = own.texts("keys")
    if not found:
        own.lack(
            "keys",
            "missing-key",
            "[signing] names no keys",
            "run altavoz keys new, or delete [signing]",
        )
    keys: dict[str, None] = {}
    for text in found:
        key = text.value.strip()
        if _is_key(own, text) and key in keys:
            own.fault(text.line, "network.signing", "this key is named twice", "name it once")
        keys[key] = None
    if len(keys) > MOST_KEYS:
        problem, remedy = f"more than {MOST_KEYS} keys", "keep the current one and one to stand by"
        own.fault(own.line("keys"), "network.signing", problem, remedy)
    top.close(own)
    return tuple(keys)


def _is_key(own: Fields, text: Text) -> bool:
    written = text.value.strip()
    if _PUBLIC.match(written):
        return True
    if _SECRET.match(written):
        _refuse_secret(own, text.line)
        return False
    own.fault(
        text.line,
        "network.signing",
        f"{shown(written)} is no public key",
        "write the line that begins with RW, of 56 signs, as altavoz keys list shows it",
    )
    return False


def _refuse_secret(own: Fields, line: int) -> None:
    own.fault(
        line,
        "network.secret",
        "a secret key may never stand in a workspace",
        "delete it, and make new keys: altavoz keys rotate; whoever has read it can sign as you",
    )
