"""What Altavoz put into a station's folder: its own files, so that no other is ever touched.

It lies in the folder itself, because the folder is moved, copied and shared without us. It is
written before the first file changes, with old and new, and again at the end: a run that was
killed leaves nothing that the next does not know.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from programme.digests import Plain, canonical_json
from programme.editions import EditionKey
from programme.errors import ProductionError
from programme.languages import is_known
from programme.notices import NoticeKind
from programme.storage import storage_errors, write_beside
from programme.units import Digest, LanguageTag
from stations.deliveries import Removed
from stations.json_bounds import is_too_much
from stations.pack_paths import path_fault

STATE_FILE = ".altavoz-delivery.json"

_FORMAT = "altavoz-delivery-state/1"
_LARGEST = 64_000_000
"""Bytes; 100,000 files take a third of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """One file that Altavoz put there, or is about to."""

    digest: Digest
    edition: EditionKey | None = None
    """None for lists and papers."""
    words: Digest | None = None
    """None with it."""
    title: str = ""
    expires: date = date.max
    there: bool = True
    """False while it is being put there: its absence then does not mean that a program took it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneEdition:
    """One that was removed, and the words that it said."""

    removed: Removed
    words: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryState:
    """All that is known of a folder."""

    owner: str
    """Of whom it is the folder: a fingerprint; empty for a new one."""
    files: Mapping[str, OwnFile] = field(default_factory=dict)
    """By path from the root of the folder, with forward slashes."""
    gone: tuple[GoneEdition, ...] = ()


def read_state(root: Path) -> DeliveryState:
    """Read a folder's state; an empty one where Altavoz never wrote there.

    Raises:
        ProductionError: it cannot be read, or is damaged: then nobody knows whose files these are.
    """
    path = root / STATE_FILE
    with storage_errors(path):
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise _damaged(path, "is no file")
        if not path.exists():
            return DeliveryState(owner="")
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    try:
        return _parse(data)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _damaged(path, f"is damaged ({error})") from error


def write_state(root: Path, state: DeliveryState) -> None:
    """Write it down, whole or not at all; a state that is there already is not touched.

    Raises:
        ProductionError: the disk refuses.
    """
    path = root / STATE_FILE
    data = _render(state)
    with storage_errors(path):
        same = path.is_file() and path.read_bytes() == data
    if not same:
        write_beside(path, data)


def _render(state: DeliveryState) -> bytes:
    files: dict[str, Plain] = {}
    for path, own in state.files.items():
        row: dict[str, Plain] = {"sha256": own.digest}
        if own.edition is not None:
            row["edition"] = list(own.edition)
            row["words"], row["title"] = own.words, own.title
            row["expires"] = own.expires.isoformat()
        if not own.there:
            row["there"] = False
        files[path] = row
    gone: list[Plain] = [
        {
            "edition": [one.removed.series, one.removed.episode, one.removed.language],
            "words": one.words,
            "title": one.removed.title,
            "kind": one.removed.kind.value,
            "reason": one.removed.reason,
            "since": one.removed.since.isoformat(),
            "files": list(one.removed.files),
        }
        for one in state.gone
    ]
    told: dict[str, Plain] = {
        "format": _FORMAT,
        "owner": state.owner,
        "files": files,
        "gone": gone,
    }
    return (canonical_json(told) + "\n").encode("utf-8")


def _parse(data: bytes) -> DeliveryState:
    if len(data) > _LARGEST or is_too_much(data):
        raise ValueError("too large")
    value = json.loads(data)
    if value["format"] != _FORMAT:
        raise ValueError("of another version")
    return DeliveryState(
        owner=str(value["owner"]),
        files={_safe(path): _own(row) for path, row in value["files"].items()},
        gone=tuple(_gone(row) for row in value["gone"]),
    )


def _own(row: Mapping[str, Any]) -> OwnFile:
    there = bool(row.get("there", True))
    digest = Digest(str(row["sha256"]))
    if "edition" not in row:
        return OwnFile(digest=digest, there=there)
    return OwnFile(
        digest=digest,
        edition=_key(row["edition"]),
        words=Digest(str(row["words"])),
        title=_text(row["title"]),
        expires=date.fromisoformat(row["expires"]),
        there=there,
    )


def _gone(row: Mapping[str, Any]) -> GoneEdition:
    series, episode, language = _key(row["edition"])
    removed = Removed(
        series=series,
        episode=episode,
        language=language,
        title=_text(row["title"]),
        kind=NoticeKind(row["kind"]),
        reason=_text(row["reason"]),
        since=date.fromisoformat(row["since"]),
        files=tuple(_text(one) for one in row["files"]),
    )
    return GoneEdition(removed=removed, words=Digest(str(row["words"])))


def _key(row: Any) -> EditionKey:  # noqa: ANN401 - JSON
    series, episode, tag = map(_text, row)
    if not is_known(tag):
        raise ValueError(f"{tag[:80]!a} is no language")
    return (series, episode, LanguageTag(tag))


def _safe(path: str) -> str:
    """Refuse a path that leads out of the folder: whoever wrote to the share could name any."""
    if path_fault(path):
        raise ValueError(f"it names {path[:80]!a}")
    return path


def _text(value: Any) -> str:  # noqa: ANN401 - JSON
    """Give a text that can be written: half of a letter has no bytes."""
    text = str(value)
    text.encode("utf-8")
    return text


def _damaged(path: Path, problem: str) -> ProductionError:
    return ProductionError(
        f"the list of what Altavoz put into this folder {problem}",
        where=str(path),
        remedy="deliver into a new empty folder, and let the station use that",
    )
