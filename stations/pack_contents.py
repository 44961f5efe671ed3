"""What the ``pack.json`` of a stranger says, read strictly; nothing of it is believed here."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from programme.digests import canonical_json
from programme.units import Digest
from stations.json_bounds import is_too_much
from stations.manifest import FORMAT, trusted_comment
from stations.minisign import PublicKey, SignatureError
from stations.pack_paths import clashes, path_fault

MAX_MANIFEST_BYTES = 16_777_216
_MAX_SERIAL = 2**53 - 1
"""The largest whole number that every reader of JSON reads alike."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,200}\Z")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_FORMAT = re.compile(r"altavoz-pack/[0-9]{1,4}\Z")


class ContentsError(ValueError):
    """A pack.json that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """One file as pack.json lists it."""

    length_bytes: int
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What pack.json says of the pack."""

    pack: str
    serial: int
    issued: date
    valid_until: date
    publisher: str
    """Its id."""
    publisher_name: str
    contact: str
    languages: tuple[str, ...]
    demo: bool
    keys: tuple[PublicKey, ...]
    """Those that it calls its publisher's; a person decides whether to believe it."""
    comment: str
    """What the trusted comment of its signature has to say."""
    recalls: tuple[str, ...]
    """Titles that it calls back."""
    withdrawn: tuple[Digest, ...]
    """Digests of the sound that it calls back, where they are known."""
    recalled_paths: frozenset[str]
    """Where earlier packs held that sound, and this one holds nothing."""
    files: Mapping[str, ListedFile]
    """By path, in order."""


def parse_contents(data: bytes) -> Contents:
    """Read pack.json.

    Raises:
        ContentsError: it is no pack.json that this program knows.
    """
    about = _parse_json(data)
    kind = _text(about, "format")
    if kind != FORMAT:
        if _FORMAT.match(kind):
            raise ContentsError(f"it is of another version ({kind}) than this program knows")
        raise ContentsError("it is no list of a pack's files")
    publisher = _table(about, "publisher")
    retracts = [_table({"": one}, "") for one in _list(about, "retracts")]
    recalled = [_table({"": file}, "") for one in retracts for file in _list(one, "files")]
    return Contents(
        pack=_matching(about, "pack", _NAME),
        serial=_number(about, "serial", least=1),
        issued=_day(about, "issued"),
        valid_until=_day(about, "valid_until"),
        publisher=_matching(publisher, "id", _NAME),
        publisher_name=_text(publisher, "name"),
        contact=_text(publisher, "contact"),
        languages=tuple(_text({"": one}, "") for one in _list(about, "languages")),
        demo=about.get("demo") is True,
        keys=_keys(publisher.get("keys", [])),
        comment=trusted_comment(about),
        recalls=tuple(_text(one, "title") for one in retracts),
        withdrawn=tuple(Digest(one["sha256"]) for one in recalled if _is_digest(one.get("sha256"))),
        recalled_paths=frozenset(
            one["path"]
            for one in recalled
            if isinstance(one.get("path"), str) and one["path"] and one.get("replaced") is False
        ),
        files=_files(_list(about, "files")),
    )


def _parse_json(data: bytes) -> Mapping[str, Any]:
    if is_too_much(data):
        raise ContentsError("it says far more than a pack can hold")
    try:
        about = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
        # halves of letters and numbers without end have no canonical form, and no digest
        canonical_json(about).encode("utf-8")
    except ContentsError:
        raise
    except (ValueError, RecursionError) as error:
        raise ContentsError("it is damaged, or no JSON") from error
    if not isinstance(about, dict):
        raise ContentsError("it is no list of a pack's files")
    return about


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key given twice: readers differ in which of the two they take."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ContentsError("it says something twice")
    return found


def _no_number(name: str) -> NoReturn:
    raise ContentsError(f"it has {name} for a number")


def _files(listed: list[Any]) -> Mapping[str, ListedFile]:
    files: dict[str, ListedFile] = {}
    paths: list[str] = []
    for one in listed:
        entry = _table({"": one}, "")
        path = _text(entry, "path")
        if path_fault(path):
            raise ContentsError(f"it lists a file of which {path_fault(path)}")
        paths.append(path)
        files[path] = ListedFile(
            length_bytes=_number(entry, "bytes", least=0),
            digest=Digest(_matching(entry, "sha256", _DIGEST)),
        )
    if next(clashes(paths), None):
        raise ContentsError("it lists two files of one name")
    return files


def _keys(listed: object) -> tuple[PublicKey, ...]:
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise ContentsError("its keys are no list")
    try:
        return tuple(PublicKey.parse(one) for one in listed)
    except SignatureError as error:
        raise ContentsError(f"of its keys, {error.problem}") from error


def _table(about: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = about.get(key)
    if not isinstance(found, dict):
        raise ContentsError(f"{key or 'an entry'} is missing or no table")
    return found


def _list(about: Mapping[str, Any], key: str) -> list[Any]:
    found = about.get(key)
    if not isinstance(found, list):
        raise ContentsError(f"{key} is missing or no list")
    return found


def _text(about: Mapping[str, Any], key: str) -> str:
    found = about.get(key)
    if not isinstance(found, str):
        raise ContentsError(f"{key or 'an entry'} is missing or no text")
    return found


def _matching(about: Mapping[str, Any], key: str, form: re.Pattern[str]) -> str:
    found = _text(about, key)
    if not form.match(found):
        raise ContentsError(f"{key} has not its form")
    return found


def _number(about: Mapping[str, Any], key: str, *, least: int) -> int:
    found = about.get(key)
    # a bool is an int to Python, and 1.0 is not the same text as 1
    if type(found) is not int or not least <= found <= _MAX_SERIAL:
        raise ContentsError(f"{key} is missing or no whole number")
    return found


def _day(about: Mapping[str, Any], key: str) -> date:
    found = _matching(about, key, _DAY)
    try:
        return date.fromisoformat(found)
    except ValueError as error:
        raise ContentsError(f"{key} is no day") from error


def _is_digest(found: object) -> bool:
    return isinstance(found, str) and bool(_DIGEST.match(found))
