"""Writing the public keys into altavoz.toml: the one table that a program changes there."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from programme.errors import ProductionError
from programme.storage import storage_errors, write_beside
from stations.minisign import PublicKey

NETWORK_FILE = "altavoz.toml"

_HEADER = re.compile(r"^[ \t]*\[[ \t]*signing[ \t]*\][ \t]*(?:#[^\r\n]*)?(?=\r?$)", re.MULTILINE)
_KEYS = re.compile(
    r"^[ \t]*keys[ \t]*=[ \t]*\[(?:[^\]\"'#]|\"[^\"\n]*\"|#[^\n]*\n)*\]", re.MULTILINE
)
_NEXT = re.compile(r"^[ \t]*\[", re.MULTILINE)


def write_signing_keys(root: Path, keys: Sequence[PublicKey]) -> None:
    """Write the keys into the table [signing], and leave everything else as it is.

    Args:
        root: the workspace's folder.
        keys: the current one first.

    Raises:
        ProductionError: the table is written in a way that cannot be changed safely, or the disk
            refuses; altavoz.toml is as it was.
    """
    path = root / NETWORK_FILE
    with storage_errors(path):
        old = path.read_bytes().decode("utf-8")
    new = with_signing_keys(old, keys)
    if not _differs_in_keys_alone(old, new, keys):
        raise ProductionError(
            "the table [signing] cannot be changed by this program as it is written",
            where=NETWORK_FILE,
            remedy=f"write it yourself: {signing_lines(keys)}",
        )
    write_beside(path, new.encode("utf-8"))


def signing_lines(keys: Sequence[PublicKey]) -> str:
    """Give the table as it stands in altavoz.toml."""
    return f"[signing]\n{_keys_lines(keys)}"


def with_signing_keys(text: str, keys: Sequence[PublicKey]) -> str:
    """Give the text of altavoz.toml with these keys; at its end where it had no such table."""
    break_ = "\r\n" if "\r\n" in text else "\n"
    header = _HEADER.search(text)
    if header is None:
        gap = "" if not text or text.endswith("\n") else break_
        lines = f"{gap}{break_}{signing_lines(keys)}\n"
        return text + lines.replace("\r\n", "\n").replace("\n", break_)
    after = _NEXT.search(text, header.end())
    end = after.start() if after else len(text)
    lines = _keys_lines(keys).replace("\n", break_)
    found = _KEYS.search(text, header.end(), end)
    if found is None:
        # where it has a list written otherwise, the comparison that follows refuses two of them
        return text[: header.end()] + break_ + lines + text[header.end() :]
    return text[: found.start()] + lines + text[found.end() :]


def _keys_lines(keys: Sequence[PublicKey]) -> str:
    listed = "".join(f'  "{key.text}",\n' for key in keys)
    return f"keys = [\n{listed}]"


def _differs_in_keys_alone(old: str, new: str, keys: Sequence[PublicKey]) -> bool:
    try:
        before, after = tomllib.loads(old), tomllib.loads(new)
    except tomllib.TOMLDecodeError:
        return False
    table = before.setdefault("signing", {})
    if not isinstance(table, dict):
        return False
    table["keys"] = [key.text for key in keys]
    return before == after
